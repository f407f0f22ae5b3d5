/*
 * promise.h: until when a submission is decided, and why (CLK-1, N-2).
 *
 * The promise is made once, when work is handed in, and kept with the days that
 * it was counted by: no later change of the calendar moves it.
 */
#ifndef PROMISE_H
#define PROMISE_H

#include <stdbool.h>
#include <stdint.h>

#include "calendar.h"
#include "common.pb-c.h"
#include "instant.h"

struct arena;

enum {
	PROMISE_DAYS = 14,    /* business days, from the first to the decision */
	PROMISE_SAME_S = 600, /* no promise is the same for longer: the data of time zones may be replaced */
};

struct promise {
	int64_t from, until; /* it is the same for all work that is handed in meanwhile; UNTIL is exclusive */
	int64_t due_at;      /* end of the last business day, exclusive */
	char due_date[DATE_SIZE];
	char *time_zone;
	int32_t calendar_version;
	Vouch__ClockDay **days; /* the day after submission to the due date, with reasons */
	size_t n_days;
	char *days_json; /* the same as they are stored (promise_write()); NULL: not written yet */
};

/*
 * Makes the promise for work that is handed in at the instant AT, in ARENA; names are borrowed
 * from CALENDAR. False, and one sentence in *WHY: no such zone, a week without business days,
 * or ARENA is full.
 */
bool promise_make(struct arena *arena, const Vouch__IssuerCalendar *calendar, int64_t at, struct promise *out,
    const char **why);

/* Writes PROMISE's days as they are stored, into ARENA. False: no memory. */
bool promise_write(struct arena *arena, struct promise *promise);

#endif
