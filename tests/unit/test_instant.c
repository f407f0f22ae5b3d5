/* Instants and dates as text: what RFC 3339 says, and what it does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "instant.h"

static void
a_date_is_a_number_and_a_text(void **state)
{
	static const struct {
		const char *text;
		int32_t date;
		int weekday;
	} rows[] = {
		{"1970-01-01", 0, 4},
		{"1969-12-31", -1, 3},
		{"2000-02-29", 11016, 2},
		{"2026-11-24", 20781, 2},
		{"0001-01-01", DATE_MIN, 1},
		{"9999-12-31", DATE_MAX, 5},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[DATE_SIZE];
		int32_t date;

		assert_true(date_parse(rows[i].text, &date));
		assert_int_equal(date, rows[i].date);
		assert_int_equal(date_weekday(date), rows[i].weekday);
		date_format(date, text);
		assert_string_equal(text, rows[i].text);
	}
}

static void
every_date_survives_the_way_there_and_back(void **state)
{
	(void)state;
	for (int32_t date = DATE_MIN; date <= DATE_MAX; date++) {
		int year, month, day;
		int32_t again;

		date_split(date, &year, &month, &day);
		if (!date_make(year, month, day, &again) || again != date)
			fail_msg("day %d is %d-%d-%d", date, year, month, day);
	}
}

static void
a_date_has_words(void **state)
{
	char words[DATE_WORDS_SIZE];
	int32_t date;

	(void)state;
	assert_true(date_parse("2026-09-30", &date));
	date_words(date, words);
	assert_string_equal(words, "Wednesday 30 September 2026");
	assert_true(date_parse("0001-01-07", &date));
	date_words(date, words);
	assert_string_equal(words, "Sunday 7 January 1");
	date_words(DATE_MAX, words);
	assert_string_equal(words, "Friday 31 December 9999");
}

static void
what_is_no_date_is_refused(void **state)
{
	static const char *const rows[] = {
		"",
		"2026",
		"2026-11-24 ",
		" 2026-11-24",
		"2026-1-24",
		"2026-11-4",
		"26-11-24",
		"2026/11/24",
		"20261124",
		"2026-13-01",
		"2026-00-10",
		"2026-02-29",
		"1900-02-29",
		"2026-04-31",
		"2026-01-00",
		"0000-01-01",
		"2026-11-2x",
		"+026-11-24",
		"2026-11-24T00:00:00Z",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int32_t date = 7;

		if (date_parse(rows[i], &date) || date != 7)
			fail_msg("'%s' was read", rows[i]);
	}
}

static void
an_instant_is_read_whatever_its_offset(void **state)
{
	static const struct {
		const char *text, *utc;
	} rows[] = {
		{"2026-11-24T17:00:00Z", "2026-11-24T17:00:00Z"},
		{"2026-11-24t17:00:00z", "2026-11-24T17:00:00Z"},
		{"2026-11-24T17:00:00+00:00", "2026-11-24T17:00:00Z"},
		{"2026-11-24T17:00:00-00:00", "2026-11-24T17:00:00Z"},
		{"2026-11-24T12:00:00-05:00", "2026-11-24T17:00:00Z"},
		{"2026-11-25T02:45:00+09:45", "2026-11-24T17:00:00Z"},
		{"2026-11-24T17:00:00.5Z", "2026-11-24T17:00:00.500Z"},
		{"2026-11-24T17:00:00.000Z", "2026-11-24T17:00:00Z"},
		{"2026-11-24T17:00:00.000001Z", "2026-11-24T17:00:00.000001Z"},
		{"2026-11-24T17:00:00.1234567899Z", "2026-11-24T17:00:00.123456Z"},
		{"1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"},
		{"2016-12-31T23:59:60Z", "2016-12-31T23:59:59.999999Z"},
		{"2017-01-01T08:59:60.5+09:00", "2016-12-31T23:59:59.999999Z"},
		{"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
		{"9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[INSTANT_SIZE];
		int64_t at;

		if (!instant_parse(rows[i].text, &at))
			fail_msg("'%s' was refused", rows[i].text);
		instant_format(at, text);
		assert_string_equal(text, rows[i].utc);
	}
}

static void
an_instant_counts_microseconds(void **state)
{
	int64_t at;

	(void)state;
	assert_true(instant_parse("1970-01-01T00:00:01.5Z", &at));
	assert_int_equal(at, 1500000);
	assert_true(instant_parse("1969-12-31T23:59:59.75Z", &at));
	assert_int_equal(at, -250000);
	assert_true(instant_parse("2026-11-24T17:00:00Z", &at));
	assert_true(at == 1795539600 * INT64_C(1000000));
}

static void
what_is_no_instant_is_refused(void **state)
{
	static const char *const rows[] = {
		"",
		"now",
		"2026-11-24",
		"2026-11-24T17:00:00",
		"2026-11-24T17:00Z",
		"2026-11-24 17:00:00Z",
		"2026-11-24T17:00:00Zx",
		"2026-11-24T17:00:00.Z",
		"2026-11-24T24:00:00Z",
		"2026-11-24T17:60:00Z",
		"2026-11-24T17:00:61Z",
		"2026-11-24T17:00:60Z",
		"2026-11-24T23:59:60Z",
		"2026-11-24T17:00:00+24:00",
		"2026-11-24T17:00:00+05:60",
		"2026-11-24T17:00:00+0500",
		"2026-11-24T17:00:00+05",
		"2026-02-30T17:00:00Z",
		"2026-11-24T7:00:00Z",
		"0001-01-01T00:00:00+00:01",
		"9999-12-31T23:59:59-00:01",
		"2026-11-24T",
		"2026-11-24T17:00:00,5Z",
		"2026-11-24T-7:00:00Z",
		"9999-12-31T23:59:60Z",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t at = 7;

		if (instant_parse(rows[i], &at) || at != 7)
			fail_msg("'%s' was read", rows[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_date_is_a_number_and_a_text),
		cmocka_unit_test(every_date_survives_the_way_there_and_back),
		cmocka_unit_test(a_date_has_words),
		cmocka_unit_test(what_is_no_date_is_refused),
		cmocka_unit_test(an_instant_is_read_whatever_its_offset),
		cmocka_unit_test(an_instant_counts_microseconds),
		cmocka_unit_test(what_is_no_instant_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
