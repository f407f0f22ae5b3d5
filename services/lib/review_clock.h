/*
 * review_clock.h: the review clock as everybody sees it (CLK-2, N-2): one
 * function gives the same words and days to page, mail, ticket and API.
 */
#ifndef REVIEW_CLOCK_H
#define REVIEW_CLOCK_H

#include "calendar.h"
#include "call.h"
#include "common.pb-c.h"

/* What is stored with a submission when it is accepted, never computed again. */
struct review_promise {
	int64_t started_at, due_at;		/* microseconds since 1970 */
	const char *due_date, *time_zone;	/* the last business day, issuer's zone */
	Vouch__ClockDay **days;			/* first to last, with reasons */
	size_t n_days;
	const struct calendar *calendar;	/* for days late; NULL: Saturdays and Sundays do not count */
};

/*
 * The clock at NOW. ENDED_AT: when it was decided or withdrawn, 0 while it
 * runs; CANCELLED: it was withdrawn. In the call's arena; NULL when that is
 * full.
 */
Vouch__ReviewClock *review_clock(struct call *call, const struct review_promise *promise, int64_t now,
    int64_t ended_at, bool cancelled);

#endif
