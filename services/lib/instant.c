#include "instant.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { ERA_YEARS = 400, ERA_DAYS = 146097, EPOCH = 719468 }; /* EPOCH: days from 0000-03-01 to 1970-01-01 */

static bool
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int
month_days(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

bool
date_make(int year, int month, int day, int32_t *date)
{
	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > month_days(year, month))
		return false;
	/* Years that begin in March have their leap day at the end, so months need no table. */
	int y = month > 2 ? year : year - 1;
	int era_year = y % ERA_YEARS;
	int year_day = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	*date = y / ERA_YEARS * ERA_DAYS + era_year * 365 + era_year / 4 - era_year / 100 + year_day - EPOCH;
	return true;
}

void
date_split(int32_t date, int *year, int *month, int *day)
{
	assert(date >= DATE_MIN && date <= DATE_MAX);
	int n = date + EPOCH;
	int era_day = n % ERA_DAYS;
	int era_year = (era_day - era_day / 1460 + era_day / 36524 - era_day / (ERA_DAYS - 1)) / 365;
	int year_day = era_day - (era_year * 365 + era_year / 4 - era_year / 100);
	int march_month = (5 * year_day + 2) / 153;

	*day = year_day - (153 * march_month + 2) / 5 + 1;
	*month = march_month < 10 ? march_month + 3 : march_month - 9;
	*year = n / ERA_DAYS * ERA_YEARS + era_year + (*month <= 2);
}

int
date_weekday(int32_t date)
{
	return (int)((date % 7 + 7 + 4) % 7); /* day 0 was a Thursday */
}

/* Reads exactly N digits at *P and goes past them. */
static bool
take_digits(const char **p, int n, int *value)
{
	*value = 0;
	for (int i = 0; i < n; i++, (*p)++) {
		if (**p < '0' || **p > '9')
			return false;
		*value = *value * 10 + (**p - '0');
	}
	return true;
}

static bool
take_date(const char **p, int32_t *date)
{
	int year, month, day;

	return take_digits(p, 4, &year) && *(*p)++ == '-' && take_digits(p, 2, &month) && *(*p)++ == '-' &&
	    take_digits(p, 2, &day) && date_make(year, month, day, date);
}

bool
date_parse(const char *text, int32_t *date)
{
	int32_t d;

	if (strnlen(text, DATE_SIZE) != DATE_SIZE - 1 || !take_date(&text, &d))
		return false;
	*date = d;
	return true;
}

void
date_format(int32_t date, char out[static DATE_SIZE])
{
	int year, month, day;

	date_split(date, &year, &month, &day);
	assert(year >= 1 && year <= 9999);
	out[0] = (char)('0' + year / 1000);
	out[1] = (char)('0' + year / 100 % 10);
	out[2] = (char)('0' + year / 10 % 10);
	out[3] = (char)('0' + year % 10);
	out[4] = out[7] = '-';
	out[5] = (char)('0' + month / 10);
	out[6] = (char)('0' + month % 10);
	out[8] = (char)('0' + day / 10);
	out[9] = (char)('0' + day % 10);
	out[10] = '\0';
}

void
date_words(int32_t date, char out[static DATE_WORDS_SIZE])
{
	static const char *const days[] = {
		"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
	static const char *const months[] = {"January", "February", "March", "April", "May", "June", "July",
		"August", "September", "October", "November", "December"};
	int year, month, day;

	date_split(date, &year, &month, &day);
	snprintf(out, DATE_WORDS_SIZE, "%s %d %s %d", days[date_weekday(date)], day, months[month - 1], year);
}

/* Reads ".123" or nothing. */
static bool
take_fraction(const char **p, int *us)
{
	int digits = 0;

	*us = 0;
	if (**p != '.')
		return true;
	for ((*p)++; **p >= '0' && **p <= '9'; (*p)++)
		if (digits < 6) {
			*us = *us * 10 + (**p - '0');
			digits++;
		}
	if (digits == 0)
		return false;
	for (; digits < 6; digits++)
		*us *= 10;
	return true;
}

/* Reads "Z" or "+05:30" as seconds east of UTC. */
static bool
take_offset(const char **p, int *offset)
{
	int hours, minutes, sign;

	*offset = 0;
	if (**p == 'Z' || **p == 'z') {
		(*p)++;
		return true;
	}
	if (**p != '+' && **p != '-')
		return false;
	sign = *(*p)++ == '-' ? -1 : 1;
	if (!take_digits(p, 2, &hours) || *(*p)++ != ':' || !take_digits(p, 2, &minutes))
		return false;
	*offset = sign * (hours * 3600 + minutes * 60);
	return hours <= 23 && minutes <= 59;
}

/* Is AT, an end of a minute, the end of a UTC month? Only there are leap seconds (RFC 3339, 5.7). */
static bool
ends_month(int64_t at)
{
	int year, month, day;

	if (at % ((int64_t)DAY_SECONDS * INSTANT_SECOND) != 0 || at <= INSTANT_MIN || at > INSTANT_MAX)
		return false;
	date_split((int32_t)(at / INSTANT_SECOND / DAY_SECONDS), &year, &month, &day);
	return day == 1;
}

bool
instant_parse(const char *text, int64_t *at)
{
	int32_t date;
	int hour, minute, second, us, offset;

	if (strnlen(text, DATE_SIZE) < DATE_SIZE || !take_date(&text, &date) ||
	    (*text != 'T' && *text != 't'))
		return false;
	text++;
	if (!take_digits(&text, 2, &hour) || *text++ != ':' || !take_digits(&text, 2, &minute) ||
	    *text++ != ':' || !take_digits(&text, 2, &second))
		return false;
	if (!take_fraction(&text, &us) || !take_offset(&text, &offset) || *text != '\0')
		return false;
	if (hour > 23 || minute > 59 || second > 60)
		return false;

	int clock = hour * 3600 + minute * 60 + second - offset;
	int64_t sum = ((int64_t)date * DAY_SECONDS + clock) * INSTANT_SECOND;
	if (second == 60) {
		if (!ends_month(sum))
			return false;
		sum -= 1;
	} else {
		sum += us;
	}
	if (sum < INSTANT_MIN || sum > INSTANT_MAX)
		return false;
	*at = sum;
	return true;
}

void
instant_format(int64_t at, char out[static INSTANT_SIZE])
{
	assert(at >= INSTANT_MIN && at <= INSTANT_MAX);
	int64_t seconds = (at - INSTANT_MIN) / INSTANT_SECOND; /* from year 1 on: never negative */
	int us = (int)((at - INSTANT_MIN) % INSTANT_SECOND);
	int clock = (int)(seconds % DAY_SECONDS);
	char *p = out + DATE_SIZE - 1;
	size_t room = INSTANT_SIZE - (DATE_SIZE - 1);

	date_format((int32_t)(seconds / DAY_SECONDS + DATE_MIN), out);
	int n = snprintf(p, room, "T%02d:%02d:%02d", clock / 3600, clock / 60 % 60, clock % 60);
	p += n;
	room -= (size_t)n;
	if (us == 0)
		snprintf(p, room, "Z");
	else if (us % 1000 == 0)
		snprintf(p, room, ".%03dZ", us / 1000);
	else
		snprintf(p, room, ".%06dZ", us);
}
