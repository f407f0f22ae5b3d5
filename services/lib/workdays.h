/*
 * workdays.h: business days of one issuer (CLK-1).
 *
 * A day is a number: whole days since 1970-01-01 in the issuer's time zone
 * (instant.h). So nothing here knows of clocks, zones or daylight saving; who
 * turns an instant into a day is zone.h, who brings the two together calendar.h.
 */
#ifndef WORKDAYS_H
#define WORKDAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct workdays {
	uint8_t weekend;         /* bit 0 is Sunday ... bit 6 Saturday; not all seven */
	const int32_t *holidays; /* ascending, without doubles; borrowed */
	size_t n_holidays;
};

enum {
	WORKDAYS_MAX = 1000, /* business days in one count */
	WEEKEND_ALL = 0x7f,
};

/* Returns the weekend bit of DAY: 1 << 0 for a Sunday ... 1 << 6 for a Saturday. */
uint8_t weekend_bit(int32_t day);

/* Returns the number of the weekday that LEN bytes of NAME call ("sun" 0 ... "sat" 6, any case); -1: none. */
int weekday_named(const char *name, size_t len);

/*
 * Reads names of weekdays with commas between ("sat,sun"; mon, tue, wed, thu,
 * fri, sat, sun in any case) or "none". False, and no change, for anything else
 * and for all seven: a week without a business day has no due dates.
 */
bool weekend_parse(const char *text, uint8_t *weekend);

/* Returns the index of DAY among the holidays, n_holidays when it is none. */
size_t workdays_holiday(const struct workdays *week, int32_t day);

/* Is DAY a business day: neither of the weekend nor a holiday? */
bool workdays_has(const struct workdays *week, int32_t day);

/*
 * Returns the COUNTth business day after DAY, 0 <= COUNT <= WORKDAYS_MAX. DAY
 * itself never counts; COUNT 0 gives DAY. (CLK-1: the review period is 14
 * business days.) Walks day by day: at most 7 * COUNT + n_holidays steps.
 */
int32_t workdays_after(const struct workdays *week, int32_t day, int count);

/*
 * Returns how many business days lie in FROM < day <= TO, 0 when TO is not
 * after FROM: workdays_between(week, d, workdays_after(week, d, n)) is n. Takes
 * constant time for the weeks and one step for each holiday between.
 */
int32_t workdays_between(const struct workdays *week, int32_t from, int32_t to);

#endif
