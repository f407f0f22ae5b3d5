#include "ics.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "arena.h"
#include "holidays.h"
#include "ics_event.h"
#include "ics_text.h"
#include "instant.h"
#include "recur.h"

enum {
	BUDGET = 20000000, /* days that all rules of a file may look at: part of a second */
	WORD_MAX = 256,    /* bytes of a parameter or a UID that are looked at */
};

struct reading {
	struct ics_events events;
	struct ics_event *event; /* the one that is open */
	int depth;               /* of components inside it, alarms mostly */
	bool is_out_of_memory;
};

/* The open event is left out, because of LINE. */
static void
refuse_event(struct reading *r, const struct ics_line *line, const char *why)
{
	holidays_problem(r->events.list, line->number, why);
	r->event->is_bad = true;
}

/* Is VALUE the WORD, in any case, with or without spaces about it? */
static bool
is_word(const char *value, const char *word)
{
	size_t len = strlen(word);

	value += strspn(value, " \t");
	return strncasecmp(value, word, len) == 0 && value[len + strspn(value + len, " \t")] == '\0';
}

/* Reads one date or time as the parameters of LINE ask for it. */
static bool
read_time(const struct ics_line *line, const char *s, size_t len, struct ics_time *time)
{
	char word[WORD_MAX];

	if (!ics_time_parse(s, len, time))
		return false;
	if (ics_param(line, "VALUE", word, sizeof(word)) &&
	    ((strcasecmp(word, "DATE") == 0 && time->form != ICS_DATE) ||
		(strcasecmp(word, "DATE-TIME") == 0 && time->form == ICS_DATE)))
		return false;
	if (time->form == ICS_LOCAL && ics_param(line, "TZID", word, sizeof(word)) &&
	    (strcasecmp(word, "UTC") == 0 || strcasecmp(word, "Etc/UTC") == 0 ||
		strcasecmp(word, "GMT") == 0))
		time->form = ICS_UTC;
	return true;
}

static void
read_start(struct reading *r, const struct ics_line *line)
{
	struct ics_event *event = r->event;
	char zone[WORD_MAX];

	if (event->has_start)
		refuse_event(r, line, "the event has a second DTSTART");
	else if (!read_time(line, line->value, strlen(line->value), &event->start))
		refuse_event(r, line, "DTSTART is not a date or time");
	event->has_start = true;
	if (!ics_param(line, "TZID", zone, sizeof(zone)))
		return;
	/* A slash before the name says that it is known to all; so are the names of the zones here. */
	const char *name = zone[0] == '/' ? zone + 1 : zone;
	event->tzid = arena_dup(r->events.arena, name, strlen(name));
	r->is_out_of_memory |= event->tzid == NULL;
}

static void
read_end(struct reading *r, const struct ics_line *line)
{
	if (r->event->has_end)
		refuse_event(r, line, "the event has a second DTEND");
	else if (!read_time(line, line->value, strlen(line->value), &r->event->end))
		refuse_event(r, line, "DTEND is not a date or time");
	r->event->has_end = true;
}

static void
read_length(struct reading *r, const struct ics_line *line)
{
	if (r->event->has_length)
		refuse_event(r, line, "the event has a second DURATION");
	else if (!ics_duration_parse(line->value, strlen(line->value), &r->event->length))
		refuse_event(r, line, "DURATION is not one of 0 to 366 days");
	r->event->has_length = true;
}

static void
read_name(struct reading *r, const struct ics_line *line)
{
	if (r->event->name != NULL) /* another language, mostly */
		return;
	r->event->name = ics_name(r->events.arena, line->value);
	r->is_out_of_memory |= r->event->name == NULL;
}

static void
read_uid(struct reading *r, const struct ics_line *line)
{
	r->event->uid = arena_dup(r->events.arena, line->value, strnlen(line->value, WORD_MAX));
	r->is_out_of_memory |= r->event->uid == NULL;
}

static void
read_rule(struct reading *r, const struct ics_line *line)
{
	struct recur *rule;
	const char *why;

	if (r->event->rule != NULL) {
		refuse_event(r, line, "the event has a second RRULE");
		return;
	}
	rule = arena_alloc(r->events.arena, sizeof(*rule));
	if (rule == NULL) {
		r->is_out_of_memory = true;
		return;
	}
	why = recur_parse(rule, line->value);
	if (why != NULL)
		refuse_event(r, line, why);
	r->event->rule = rule;
}

static void
read_old_rule(struct reading *r, const struct ics_line *line)
{
	refuse_event(r, line, "the event has an EXRULE, which is not understood");
}

static void
read_status(struct reading *r, const struct ics_line *line)
{
	r->event->is_cancelled = strncasecmp(line->value, "CANCELLED", sizeof("CANCELLED") - 1) == 0;
}

static void
read_override(struct reading *r, const struct ics_line *line)
{
	char range[WORD_MAX];

	if (!read_time(line, line->value, strlen(line->value), &r->event->instead_of))
		refuse_event(r, line, "RECURRENCE-ID is not a date or time");
	else if (ics_param(line, "RANGE", range, sizeof(range)))
		refuse_event(r, line, "RECURRENCE-ID has a RANGE, which is not understood");
	r->event->is_override = true;
}

/* Reads "start/end" or "start/duration" (RFC 5545, 3.3.9), or one date or time alone. */
static bool
read_period(const struct ics_line *line, const char *s, size_t len, struct ics_extra *extra)
{
	const char *slash = memchr(s, '/', len);
	struct ics_time end;

	extra->seconds = -1;
	if (slash == NULL)
		return read_time(line, s, len, &extra->time);
	if (!read_time(line, s, (size_t)(slash - s), &extra->time))
		return false;
	s += len;
	len = (size_t)(s - ++slash);
	if (ics_duration_parse(slash, len, &extra->seconds))
		return true;
	if (!read_time(line, slash, len, &end) || end.form != extra->time.form)
		return false;
	extra->seconds = ((int64_t)end.day - extra->time.day) * DAY_SECONDS + end.second - extra->time.second;
	return extra->seconds >= 0 && extra->seconds <= (int64_t)ICS_SPAN_MAX * DAY_SECONDS;
}

/* Reads the dates of an RDATE or EXDATE in front of *LIST; an empty one names none. */
static void
read_dates(struct reading *r, const struct ics_line *line, struct ics_extra **list)
{
	if (is_word(line->value, ""))
		return;
	for (const char *s = line->value;; s++) {
		size_t len = strcspn(s, ",");
		struct ics_extra *extra = arena_alloc(r->events.arena, sizeof(*extra));

		if (extra == NULL) {
			r->is_out_of_memory = true;
			return;
		}
		if (!read_period(line, s, len, extra)) {
			refuse_event(
			    r, line, "RDATE or EXDATE holds something else than dates, times and periods");
			return;
		}
		extra->next = *list;
		*list = extra;
		s += len;
		if (*s == '\0')
			return;
	}
}

static void
read_more(struct reading *r, const struct ics_line *line)
{
	read_dates(r, line, &r->event->more);
}

static void
read_without(struct reading *r, const struct ics_line *line)
{
	read_dates(r, line, &r->event->without);
}

static void
read_property(struct reading *r, const struct ics_line *line)
{
	static const struct {
		const char *name;
		void (*read)(struct reading *r, const struct ics_line *line);
	} properties[] = {
		{"DTSTART", read_start},
		{"DTEND", read_end},
		{"DURATION", read_length},
		{"SUMMARY", read_name},
		{"UID", read_uid},
		{"RRULE", read_rule},
		{"EXRULE", read_old_rule},
		{"STATUS", read_status},
		{"RECURRENCE-ID", read_override},
		{"RDATE", read_more},
		{"EXDATE", read_without},
	};

	if (line->is_long) {
		refuse_event(r, line, "the line is longer than 65536 bytes");
		return;
	}
	if (line->name == NULL) { /* a description broken into lines, mostly: the day is known */
		holidays_problem(r->events.list, line->number, "a line of the event is not a property");
		return;
	}
	for (size_t i = 0; i < sizeof(properties) / sizeof(properties[0]); i++)
		if (strcasecmp(line->name, properties[i].name) == 0)
			properties[i].read(r, line);
}

/* The open event is over, at its END or without one. */
static void
close_event(struct reading *r, const struct ics_line *line)
{
	struct ics_event *event = r->event;
	const char *why = NULL;

	if (!event->is_bad) {
		if (!event->has_start)
			why = "the event has no DTSTART";
		else if (event->is_override && event->uid == NULL)
			why = "the event has a RECURRENCE-ID without a UID";
		else if (event->is_override && event->rule != NULL)
			why = "the event has both RECURRENCE-ID and RRULE";
		else
			why = ics_event_measure(&r->events, event);
	}
	if (why != NULL)
		refuse_event(r, &(struct ics_line){.number = event->line}, why);
	if (event->name == NULL)
		event->name = ics_name(r->events.arena, "");
	if (line == NULL || line->name == NULL || strcasecmp(line->name, "END") != 0)
		refuse_event(r, &(struct ics_line){.number = event->line}, "the event has no END");
	event->next = r->events.newest;
	r->events.newest = event;
	r->events.n++;
	r->event = NULL;
	r->depth = 0;
}

static void
open_event(struct reading *r, const struct ics_line *line)
{
	if (r->event != NULL)
		close_event(r, line);
	r->event = arena_alloc(r->events.arena, sizeof(*r->event));
	if (r->event == NULL)
		r->is_out_of_memory = true;
	else
		r->event->line = line->number;
}

static void
read_line(struct reading *r, const struct ics_line *line)
{
	bool begins = line->name != NULL && strcasecmp(line->name, "BEGIN") == 0;
	bool ends = line->name != NULL && strcasecmp(line->name, "END") == 0;
	bool is_event = (begins || ends) && is_word(line->value, "VEVENT");

	if (begins && is_event)
		open_event(r, line);
	else if (r->event == NULL && ends && is_event)
		holidays_problem(r->events.list, line->number, "an event ends here that has not begun");
	else if (r->event == NULL)
		return;
	else if (ends && is_event)
		close_event(r, line);
	else if (begins)
		r->depth++;
	else if (ends && r->depth > 0)
		r->depth--;
	else if (r->depth == 0)
		read_property(r, line);
}

static bool
read_events(struct reading *r, struct ics_reader *reader)
{
	struct holidays *list = r->events.list;
	struct ics_line line;

	for (int n = 0; ics_next(reader, &line); n++) {
		if (n == ICS_LINES_MAX || r->events.n > ICS_EVENTS_MAX) {
			holidays_problem(
			    list, line.number, "the file has more than 100000 lines or 10000 events");
			return false;
		}
		read_line(r, &line);
		if (r->is_out_of_memory)
			return false;
	}
	if (r->event != NULL)
		close_event(r, NULL);
	return ics_events_days(&r->events);
}

/* Reads one line of `YYYY-MM-DD name`. False: the arena is full. */
static bool
read_date_line(struct holidays *list, int number, const char *s, size_t len)
{
	char date[DATE_SIZE] = "";
	const char *name;
	int32_t day;

	while (len > 0 && (*s == ' ' || *s == '\t')) {
		s++;
		len--;
	}
	if (len == 0 || *s == '#')
		return true;
	if (len >= DATE_SIZE - 1)
		memcpy(date, s, DATE_SIZE - 1);
	if (!date_parse(date, &day) ||
	    (len >= DATE_SIZE && s[DATE_SIZE - 1] != ' ' && s[DATE_SIZE - 1] != '\t')) {
		holidays_problem(list, number, "the line does not begin with a date like 2026-12-25");
		return true;
	}
	name = holidays_name(list->arena, s + DATE_SIZE - 1, len - (DATE_SIZE - 1));
	if (name != NULL)
		holidays_add(list, day, name);
	return name != NULL;
}

static bool
read_date_lines(struct holidays *list, const char *text, size_t len)
{
	const char *end = text + len;

	for (int number = 1; text < end; number++) {
		const char *stop = text;

		while (stop < end && *stop != '\n' && *stop != '\r')
			stop++;
		if (number > ICS_LINES_MAX) {
			holidays_problem(list, number, "the file has more than 100000 lines");
			return false;
		}
		if (!read_date_line(list, number, text, (size_t)(stop - text)))
			return false;
		if (end - stop > 1 && stop[0] == '\r' && stop[1] == '\n')
			stop++;
		text = stop + 1;
	}
	return true;
}

/* Does the first line that is not blank say BEGIN? */
static bool
is_calendar(struct ics_reader reader)
{
	struct ics_line line;

	return ics_next(&reader, &line) && line.name != NULL && strcasecmp(line.name, "BEGIN") == 0;
}

bool
ics_read(struct holidays *list, const char *text, size_t len, const struct zone *zone)
{
	struct reading r = {.events = {.list = list, .arena = list->arena, .zone = zone, .budget = {BUDGET}}};
	struct ics_reader reader;
	bool ok;

	if (len > ICS_SIZE_MAX) {
		holidays_problem(list, 0, "the file is larger than 1 MiB");
		return false;
	}
	ok = ics_open(&reader, list->arena, text, len);
	if (ok && is_calendar(reader))
		ok = read_events(&r, &reader);
	else if (ok)
		ok = read_date_lines(list, reader.at, (size_t)(reader.end - reader.at));
	ics_events_close(&r.events);
	ok = holidays_finish(list) && ok;
	if (!ok && (list->n_problems == 0 || r.is_out_of_memory))
		holidays_problem(list, 0, "the file needs more memory than it may take");
	return ok && !list->is_full;
}
