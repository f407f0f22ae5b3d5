/*
 * ics_event.h: one event of a holiday calendar, and the days that it takes (RFC 5545, 3.6.1 and 3.8.5).
 */
#ifndef ICS_EVENT_H
#define ICS_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ics_text.h"
#include "recur.h"

struct arena;
struct holidays;
struct zone;

/* A date of RDATE or EXDATE. */
struct ics_extra {
	struct ics_extra *next;
	struct ics_time time;
	int64_t seconds; /* of an RDATE with a period; -1: as long as the event */
};

struct ics_event {
	struct ics_event *next;
	int line;    /* of its BEGIN */
	bool is_bad; /* a problem is listed; it takes no days */
	bool is_cancelled, has_start, has_end, has_length;
	bool is_override; /* tells one instance of another event anew */
	struct ics_time start, end, instead_of;
	int64_t length;           /* seconds */
	const struct recur *rule; /* NULL: it does not come again */
	struct ics_extra *more, *without;
	const char *name, *uid, *tzid; /* NULL: not said */
};

/* The events of one file, and what their days cost. */
struct ics_events {
	struct holidays *list; /* gets the days, and the problems */
	struct arena *arena;
	const struct zone *zone; /* the reader's */
	struct ics_event *newest;
	size_t n;
	struct recur_budget budget;
	const char *last_tzid;  /* the zone asked for last, kept open: most files know one */
	struct zone *last_zone; /* NULL: not known here */
};

/* Sets EVENT's length from DTSTART, DTEND and DURATION. Returns NULL, or why it cannot: a constant. */
const char *ics_event_measure(struct ics_events *events, struct ics_event *event);

/*
 * Adds the days of all events to the list: not those of a cancelled or bad one, nor the instances that
 * another event tells anew. False: the arena is full, or the budget is used up; of this a problem tells.
 */
bool ics_events_days(struct ics_events *events);

/* Gives back what the events hold beside the arena. */
void ics_events_close(struct ics_events *events);

#endif
