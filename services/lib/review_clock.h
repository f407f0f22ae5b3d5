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
	int64_t started_at, due_at;       /* microseconds since 1970; due_at is exclusive */
	const char *due_date, *time_zone; /* the last business day, issuer's zone */
	Vouch__ClockDay **days;           /* first to last, with reasons; their numbers are not read */
	size_t n_days;
	/* For days late, behind the list. NULL: the weekend is what the list calls so, no holidays. */
	const struct calendar *calendar;
};

/*
 * The clock at NOW, business time. ENDED_AT: when it was decided or withdrawn,
 * 0 while it runs; CANCELLED: it was withdrawn. What is told is then how things were
 * at that instant.
 *
 * business_day: how many counted days have begun by the local date, 0 on the
 * day of submission; business_days_left: the others. overdue: the clock runs
 * and the last business day is over. business_days_late: of a review that is
 * overdue or was decided late, the business days since, 0 until the next one begins.
 * days: a copy in which those that count are numbered from 1.
 *
 * In the call's arena, with strings of PROMISE; NULL when that is full.
 */
Vouch__ReviewClock *review_clock(
    struct call *call, const struct review_promise *promise, int64_t now, int64_t ended_at, bool cancelled);

#endif
