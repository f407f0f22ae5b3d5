/*
 * recur.h: days that come again: recurrence rules of iCalendar (RFC 5545, 3.3.10).
 *
 * Only days matter here: times of day, and the zones they are in, are the
 * caller's. Understood are FREQ DAILY, WEEKLY, MONTHLY and YEARLY with INTERVAL,
 * COUNT, UNTIL, WKST, BYMONTH, BYMONTHDAY, BYYEARDAY, BYDAY and BYSETPOS. Whatever else
 * a rule says makes it refused as a whole: a holiday on the wrong day is worse than a
 * holiday that a person is asked about.
 */
#ifndef RECUR_H
#define RECUR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ics_text.h"

enum { RECUR_LIST_MAX = 64, RECUR_NUMBER_MAX = 9999 };
enum recur_freq { RECUR_DAILY, RECUR_WEEKLY, RECUR_MONTHLY, RECUR_YEARLY };

struct recur_list {
	int n;
	int16_t v[RECUR_LIST_MAX];
};

struct recur {
	enum recur_freq freq;
	int interval; /* 1..RECUR_NUMBER_MAX */
	int count;    /* 1..RECUR_NUMBER_MAX; 0: no end by count */
	bool has_until;
	struct ics_time until;                                      /* inclusive */
	int week_start;                                             /* 0 Sunday ... 6 Saturday */
	struct recur_list months, month_days, year_days, positions; /* -1 is the last one */
	struct recur_list weekdays;                                 /* 0 Sunday ... 6 Saturday */
	int16_t nth[RECUR_LIST_MAX]; /* beside weekdays: which one of the month or year, 0: each */
};

/*
 * Reads the value of an RRULE. Returns NULL, or why it is refused: one sentence,
 * constant. Spaces inside are fine (they are seen in the wild).
 */
const char *recur_parse(struct recur *rule, const char *text);

/* What the search for days may still cost: days looked at, over all rules of a file. */
struct recur_budget {
	int64_t days;
};

/*
 * Writes the days of RULE that begins on START (DATE_MIN..DATE_MAX), of those the ones in
 * FIRST..LAST, to DAYS: ascending, at most MAX. START itself always is the first
 * (RFC 5545, 3.8.5.3); *is_odd tells that the rule alone would not have named
 * it. UNTIL is not looked at: the caller, who knows times and zones, lowers LAST. The
 * rule's gaps in its own place (no day from DTSTART) are filled as RFC 5545 says.
 * Returns how many there are; MAX + 1: more than MAX; 0 and a negative budget: it is used up.
 */
size_t recur_days(const struct recur *rule, int32_t start, int32_t first, int32_t last, int32_t *days,
    size_t max, struct recur_budget *budget, bool *is_odd);

#endif
