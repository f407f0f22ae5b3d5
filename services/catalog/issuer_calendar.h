/*
 * issuer_calendar.h: the calendar of an issuer as it is kept (CLK-1): weekend
 * in the order of the week, holidays by date, each once, so that equal
 * calendars are equal.
 */
#ifndef ISSUER_CALENDAR_H
#define ISSUER_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>

#include "common.pb-c.h"
#include "holidays.h"

struct arena;

enum {
	ISSUER_HOLIDAYS_MAX = 2000, /* as in common.proto */
	ISSUER_ICS_PAST = 366,      /* days: a file is read from here before today ... */
	ISSUER_ICS_AHEAD = 3653,    /* ... to here after it, ten years */
};

/*
 * Sets the weekend of CALENDAR from N names ("sat", any case, in any order,
 * doubles do no harm), Monday first. False, and no change: *BAD is the index
 * of a word that is no weekday; N when all seven are named, or the arena is full.
 */
bool issuer_weekend(
    struct arena *arena, Vouch__IssuerCalendar *calendar, char *const *names, size_t n, size_t *bad);

/* Sets the holidays of CALENDAR from a finished list. False: the arena is full. */
bool issuer_holidays(struct arena *arena, Vouch__IssuerCalendar *calendar, const struct holidays *list);

#endif
