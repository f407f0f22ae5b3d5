/*
 * stage.h: the stages of a review clock: when somebody is told that a review is
 * nearly due, due, or late (product facts 3.2, CLK-3, CLK-4, P9).
 *
 *	due_5, due_2		5 and 2 business days before the due day: its first instant
 *	due_0			the due day begins
 *	overdue_1		the due day is over: the promised instant itself
 *	overdue_2, 3, 5		the first, second, fourth business day after the due day is over
 *	overdue_10, 15, ...	and so on, every five business days, up to overdue_1000
 *
 * A stage never comes early. It says on which business day of delay the review
 * is: overdue_3 comes when two whole business days have passed since the due day.
 */
#ifndef STAGE_H
#define STAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "calendar.h"

enum { STAGE_SIZE = sizeof("overdue_1000") };

struct stage {
	char name[STAGE_SIZE];
	int64_t at;     /* microseconds since 1970 */
	int left, late; /* business days, as the stage's name has them; one of them is 0 */
};

/* What the promise says, in the calendar whose zone is the review's. */
struct stage_promise {
	struct calendar calendar;
	int64_t due_at;  /* end of the due day, exclusive */
	int32_t due_day; /* local date (instant.h) */
};

/*
 * Finds the stage that comes after LAST ("" or NULL: the first). False: LAST is
 * the last one or is no stage (*why is NULL then), or the calendar cannot tell,
 * with the reason in *why.
 */
bool stage_next(const struct stage_promise *promise, const char *last, struct stage *next, const char **why);

/* Fills *STAGE for the stage called NAME. False as above. */
bool stage_named(
    const struct stage_promise *promise, const char *name, struct stage *stage, const char **why);

/*
 * Is a stage called NAME out of date at NOW, because NEXT, the one after it, has come
 * too? Then it is passed over: a reminder that the work is due in five days
 * helps nobody two days before, nor after it. What is overdue is never passed
 * over: each level is told once (P9).
 */
bool stage_is_stale(const char *name, const struct stage *next, int64_t now);

#endif
