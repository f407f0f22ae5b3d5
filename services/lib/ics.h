/*
 * ics.h: holiday calendars: iCalendar files (RFC 5545), or plain lines of a date and a name.
 *
 * Of an iCalendar file the VEVENTs are read, and each local date that an event touches is a
 * day off, whatever the hour: a holiday calendar holds days off and nothing else.
 * Understood are DTSTART as DATE or DATE-TIME, DTEND or DURATION, SUMMARY, RRULE (recur.h),
 * RDATE, EXDATE, RECURRENCE-ID and STATUS; a cancelled event is left out. A date without a
 * time, a floating time and a time with TZID mean the date as it is written, wherever it is
 * read ("1 January in Sydney" is 1 January in Perth); a time in UTC means the date that it
 * has in the reader's zone.
 *
 * The other form, for lists kept by hand: lines of `YYYY-MM-DD name`; blank lines and lines
 * that begin with # do not matter.
 *
 * An event or a line that is not understood is left out and listed, with its line number:
 * who imports shows the list to a person before anything is kept (CLK-1, "ICS
 * import with preview"). Nothing in a file can make the reader fail otherwise or run long.
 */
#ifndef ICS_H
#define ICS_H

#include <stdbool.h>
#include <stddef.h>

struct holidays;
struct zone;

enum {
	ICS_SIZE_MAX = 1 << 20, /* bytes of a file */
	ICS_EVENTS_MAX = 10000,
	ICS_LINES_MAX = 100000, /* lines that are not blank */
};

/*
 * Reads LEN bytes of TEXT, of either form (a file that begins with BEGIN: is iCalendar), into
 * LIST, which was started (holidays.h) and is finished then. ZONE is the reader's, that of the issuer
 * whose calendar it becomes. An empty file has no holidays. False: the list is not whole, and the
 * last problem says why: the file is too large, holds too much, or the arena is full.
 */
bool ics_read(struct holidays *list, const char *text, size_t len, const struct zone *zone);

#endif
