/*
 * ics_text.h: the words of iCalendar: content lines, parameters, values (RFC 5545, 3.1 to 3.3).
 *
 * Reads what calendars in the wild hold, too: lines ended by LF or CR alone, blank
 * lines before a continuation, spaces about names, a byte order mark, 8-bit rubbish.
 */
#ifndef ICS_TEXT_H
#define ICS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum {
	ICS_LINE_MAX = 64 << 10, /* bytes of one line, unfolded */
	ICS_SPAN_MAX = 366,      /* days of one event */
};

/* One content line. The strings live until the next ics_next(). */
struct ics_line {
	int number;                 /* where it begins, from 1 */
	bool is_long;               /* was cut at ICS_LINE_MAX */
	const char *name;           /* NULL when this is no content line */
	const char *params, *value; /* as written: ";TZID=...;X=..." or "", never NULL with a name */
};

struct ics_reader {
	const char *at, *end;
	int number; /* of the line that AT is in */
	char *line; /* ICS_LINE_MAX + 1 bytes */
};

/* A date, a local time of some zone, or a time in UTC. */
enum ics_form { ICS_DATE, ICS_LOCAL, ICS_UTC };
struct ics_time {
	enum ics_form form;
	int32_t day; /* as written (instant.h) */
	int second;  /* of the day, 0 for a date */
};

/* Begins to read LEN bytes of TEXT, borrowed. False: ARENA is full. */
bool ics_open(struct ics_reader *reader, struct arena *arena, const char *text, size_t len);

/* Reads the next line that is not blank; false at the end. */
bool ics_next(struct ics_reader *reader, struct ics_line *line);

/* Copies the value of the parameter NAME without its quotes, cut to SIZE; false: LINE has none. */
bool ics_param(const struct ics_line *line, const char *name, char *out, size_t size);

/* Reads LEN bytes: 20261124, 20261124T170000 or 20261124T170000Z, spaces about it or not. False: neither. */
bool ics_time_parse(const char *s, size_t len, struct ics_time *time);

/* Reads a duration (P1W, P2DT3H, PT15M) of 0 to ICS_SPAN_MAX days, in seconds. False: not such a value. */
bool ics_duration_parse(const char *s, size_t len, int64_t *seconds);

/* Returns a TEXT value with its escapes undone, as a name (holidays.h). NULL: ARENA is full. */
const char *ics_name(struct arena *arena, const char *value);

#endif
