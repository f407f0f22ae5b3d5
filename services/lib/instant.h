/*
 * instant.h: instants and dates, as numbers and as text.
 *
 * An instant is microseconds since 1970-01-01T00:00:00Z, leap seconds not
 * counted (as PostgreSQL and POSIX count). A date is whole days since
 * 1970-01-01 in the Gregorian calendar, whatever the zone. Both reach from year
 * 0001 to year 9999: what RFC 3339 can write.
 */
#ifndef INSTANT_H
#define INSTANT_H

#include <stdbool.h>
#include <stdint.h>

enum {
	DATE_MIN = -719162, /* 0001-01-01 */
	DATE_MAX = 2932896, /* 9999-12-31 */
	DATE_SIZE = sizeof("2026-11-24"),
	DATE_WORDS_SIZE = 40, /* "Wednesday 30 September 2026" */
	INSTANT_SIZE = sizeof("2026-11-24T17:00:00.123456Z"),
	INSTANT_SECOND = 1000000, /* microseconds */
	DAY_SECONDS = 86400,
};
enum {
	INSTANT_MIN = (int64_t)DATE_MIN * DAY_SECONDS * INSTANT_SECOND,
	INSTANT_MAX = ((int64_t)DATE_MAX + 1) * DAY_SECONDS * INSTANT_SECOND - 1,
};

/* Sets *DATE to DAY of MONTH (1..12) of YEAR; false, and no change, when there is no such date. */
bool date_make(int year, int month, int day, int32_t *date);

/* Splits DATE, DATE_MIN..DATE_MAX, into its year, month 1..12 and day 1..31. */
void date_split(int32_t date, int *year, int *month, int *day);

/* Returns the weekday of DATE: 0 is Sunday ... 6 is Saturday. */
int date_weekday(int32_t date);

/* Reads "2026-11-24" and nothing else (RFC 3339 full-date); false, and no change, otherwise. */
bool date_parse(const char *text, int32_t *date);

/* Writes DATE, DATE_MIN..DATE_MAX, as "2026-11-24" with its NUL. */
void date_format(int32_t date, char out[static DATE_SIZE]);

/* Writes DATE as people are told it: "Monday 12 October 2026". */
void date_words(int32_t date, char out[static DATE_WORDS_SIZE]);

/*
 * Reads an RFC 3339 date-time: "2026-11-24T17:00:00Z", with any offset up to
 * 23:59 and any number of digits after the point, of which those past the sixth
 * are cut off. T and Z may be lower case. The leap second 23:59:60Z at the end of a
 * month is read as the microsecond before midnight, so that it stays on its date.
 * False, and no change, when TEXT is anything else, names a date or a time of
 * day that does not exist, or lies outside INSTANT_MIN..INSTANT_MAX.
 */
bool instant_parse(const char *text, int64_t *at);

/*
 * Writes AT, INSTANT_MIN..INSTANT_MAX, as RFC 3339 in UTC with its NUL. A
 * fraction is written only when there is one: three digits, or six.
 */
void instant_format(int64_t at, char out[static INSTANT_SIZE]);

#endif
