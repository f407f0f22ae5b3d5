#include "workdays.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "instant.h"

uint8_t
weekend_bit(int32_t day)
{
	return (uint8_t)(1 << date_weekday(day));
}

int
weekday_named(const char *name, size_t len)
{
	static const char names[7][4] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

	for (int i = 0; i < 7; i++)
		if (len == 3 && strncasecmp(name, names[i], 3) == 0)
			return i;
	return -1;
}

bool
weekend_parse(const char *text, uint8_t *weekend)
{
	unsigned mask = 0;

	if (strcasecmp(text, "none") == 0) {
		*weekend = 0;
		return true;
	}
	for (;; text++) {
		size_t len = strcspn(text, ",");
		int weekday = weekday_named(text, len);

		if (weekday < 0)
			return false;
		mask |= 1U << weekday;
		text += len;
		if (*text == '\0')
			break;
	}
	if (mask == WEEKEND_ALL)
		return false;
	*weekend = (uint8_t)mask;
	return true;
}

/* Returns the index of the first holiday on or after DAY. */
static size_t
holiday_from(const struct workdays *week, int32_t day)
{
	size_t low = 0, high = week->n_holidays;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (week->holidays[middle] < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t
workdays_holiday(const struct workdays *week, int32_t day)
{
	size_t i = holiday_from(week, day);

	return i < week->n_holidays && week->holidays[i] == day ? i : week->n_holidays;
}

bool
workdays_has(const struct workdays *week, int32_t day)
{
	return !(week->weekend & weekend_bit(day)) && workdays_holiday(week, day) == week->n_holidays;
}

int32_t
workdays_after(const struct workdays *week, int32_t day, int count)
{
	assert(count >= 0 && count <= WORKDAYS_MAX);
	assert((week->weekend & WEEKEND_ALL) != WEEKEND_ALL);
	while (count > 0)
		count -= workdays_has(week, ++day);
	return day;
}

int32_t
workdays_between(const struct workdays *week, int32_t from, int32_t to)
{
	if (to <= from)
		return 0;
	int32_t weeks = (to - from) / 7, days = 0;

	for (uint8_t bit = 1; bit & WEEKEND_ALL; bit = (uint8_t)(bit << 1))
		days += week->weekend & bit ? 0 : weeks;
	for (int32_t day = from + weeks * 7 + 1; day <= to; day++)
		days += !(week->weekend & weekend_bit(day));
	for (size_t i = holiday_from(week, from + 1); i < week->n_holidays && week->holidays[i] <= to; i++)
		days -= !(week->weekend & weekend_bit(week->holidays[i]));
	return days;
}
