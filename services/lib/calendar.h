/*
 * calendar.h: the business calendar of an issuer and the clock of a review (CLK-1, N-2).
 *
 * The day of submission, in the issuer's time zone, does not count. Business day k is the
 * k-th following local date that is neither a weekend day nor a holiday; a date that never
 * occurs in the zone does not count. A review is due at the end of its last business day: the
 * first instant of the next date that occurs, exclusive. One function gives the due
 * instant and the list of days with reasons, so that every page, mail and ticket tells the same.
 *
 * Errors are told in *why: one sentence, lower case, constant, fit to be shown.
 */
#ifndef CALENDAR_H
#define CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "workdays.h"

struct arena;
struct holiday;

enum { CALENDAR_SPAN_MAX = 20000 }; /* days (54 years) between an instant and a due date */

struct calendar {
	const char *zone; /* IANA name (zone.h) */
	struct workdays week;
	const char *const *names; /* names[i] is what week.holidays[i] is called */
};

/* One day of the list that explains a due date. */
struct calendar_day {
	int32_t day; /* local date (instant.h) */
	bool counts;
	const char *reason; /* "business day", "weekend", a holiday's name, no such date */
};

struct due {
	int64_t at;                      /* end of the last business day, exclusive (instant.h) */
	int32_t day;                     /* the last business day, local date */
	const struct calendar_day *days; /* each date after submission, to the last business day */
	size_t n_days;
};

/* How far an instant is from a due date, in business days. */
struct calendar_distance {
	bool is_late; /* the due day is over */
	int days;     /* left, 0 on the due day; or late, 0 until a business day begins */
};

/*
 * Makes a calendar in ARENA: of ZONE, the WEEKEND mask (workdays.h) and N HOLIDAYS in any order;
 * of doubles the first name is kept. ZONE and the names are borrowed. False: the zone is
 * unknown, the weekend takes all seven days, there are more than HOLIDAYS_MAX
 * (holidays.h), or the arena is full.
 */
bool calendar_make(struct arena *arena, struct calendar *calendar, const char *zone, uint8_t weekend,
    const struct holiday *holidays, size_t n, const char **why);

/*
 * Computes when a review of COUNT business days (1..WORKDAYS_MAX) is due that was
 * submitted AT. The list lives in ARENA; names in it are the calendar's. False: COUNT or AT is
 * out of range (dates up to year 9999), the zone is unknown, or the arena is full; *due is unchanged then.
 */
bool calendar_due(struct arena *arena, const struct calendar *calendar, int64_t at, int count,
    struct due *due, const char **why);

/*
 * Tells how far the instant AT is from the end of the local day DUE_DAY. Left are the business
 * days after AT's own local date up to DUE_DAY, which always counts: the promise
 * stands even if the calendar has changed. Late are the business days after DUE_DAY up to
 * AT's date. So at the moment of submission N are left ("day 0 of N"), on its k-th business
 * day N - k ("day k of N"), on the due day 0; the first business day after it is 1
 * late. False: more than CALENDAR_SPAN_MAX days lie between, or the zone is unknown.
 */
bool calendar_days_between(const struct calendar *calendar, int64_t at, int32_t due_day,
    struct calendar_distance *distance, const char **why);

/*
 * Sets *AT to the start of the stage that is STAGE business days after DUE_DAY, within WORKDAYS_MAX
 * either way: the first instant of that local day. -2: "due in 2 business days" begins; 0:
 * the due day begins; 1: the review is overdue by a first business day. At *AT
 * calendar_days_between() tells just that number, and a microsecond earlier another.
 * False: as above, or STAGE is 0 and DUE_DAY does not occur.
 */
bool calendar_stage_at(
    const struct calendar *calendar, int32_t due_day, int stage, int64_t *at, const char **why);

#endif
