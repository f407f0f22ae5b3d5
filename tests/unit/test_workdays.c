/* Business days (CLK-1): each row is a fact that a person can check on a wall calendar. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "instant.h"
#include "workdays.h"

enum { SAT_SUN = 1 << 6 | 1 << 0, FRI_SAT = 1 << 5 | 1 << 6, ONLY_MONDAY = 0x7f & ~(1 << 1) };

static int32_t
day(const char *text)
{
	int32_t date = 0;

	assert_true(date_parse(text, &date));
	return date;
}

static void
counts_business_days(void **state)
{
	const int32_t juneteenth[] = {day("2025-06-19")}; /* a Thursday */
	const int32_t on_saturday[] = {day("2025-06-21")};
	const int32_t easter[] = {day("2026-04-03"), day("2026-04-06")}; /* Good Friday, Easter Monday */
	const struct {
		const char *what;
		struct workdays week;
		const char *from;
		int count;
		const char *due;
	} rows[] = {
		{"14 days from a Wednesday", {SAT_SUN, NULL, 0}, "2025-06-18", 14, "2025-07-08"},
		{"the same with Juneteenth off", {SAT_SUN, juneteenth, 1}, "2025-06-18", 14, "2025-07-09"},
		{"a holiday on a Saturday counts once", {SAT_SUN, on_saturday, 1}, "2025-06-18", 14,
			"2025-07-08"},
		{"from Sunday to Monday", {SAT_SUN, NULL, 0}, "2025-06-15", 1, "2025-06-16"},
		{"from Friday to Monday", {SAT_SUN, NULL, 0}, "2025-06-20", 1, "2025-06-23"},
		{"from Thursday, weekend on Friday", {FRI_SAT, NULL, 0}, "2025-06-19", 1, "2025-06-22"},
		{"over a long weekend", {SAT_SUN, easter, 2}, "2026-04-02", 1, "2026-04-07"},
		{"from a holiday, which does not roll forward first", {SAT_SUN, easter, 2}, "2026-04-03", 2,
			"2026-04-08"},
		{"no weekend at all", {0, NULL, 0}, "2025-06-18", 14, "2025-07-02"},
		{"one business day a week", {ONLY_MONDAY, NULL, 0}, "2025-06-16", 2, "2025-06-30"},
		{"over 29 February", {SAT_SUN, NULL, 0}, "2024-02-28", 2, "2024-03-01"},
		{"no days at all", {SAT_SUN, NULL, 0}, "2025-06-15", 0, "2025-06-15"},
		{"before 1970", {SAT_SUN, NULL, 0}, "1969-12-27", 1, "1969-12-29"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int32_t due = workdays_after(&rows[i].week, day(rows[i].from), rows[i].count);
		char text[DATE_SIZE];

		date_format(due, text);
		if (due != day(rows[i].due))
			fail_msg("%s: got %s", rows[i].what, text);
	}
}

static void
tells_business_days_from_others(void **state)
{
	const int32_t holidays[] = {day("2026-12-25"), day("2027-01-01")};
	const struct workdays week = {SAT_SUN, holidays, 2};

	(void)state;
	assert_true(workdays_has(&week, day("2026-12-24")));
	assert_false(workdays_has(&week, day("2026-12-25")));
	assert_false(workdays_has(&week, day("2026-12-26")));
	assert_int_equal(workdays_holiday(&week, day("2027-01-01")), 1);
	assert_int_equal(workdays_holiday(&week, day("2026-12-26")), 2); /* none */
}

static void
the_days_between_are_the_days_counted(void **state)
{
	int32_t holidays[20];

	(void)state;
	for (int i = 0; i < 20; i++)
		holidays[i] = 20000 + 9 * i; /* on every weekday, weekends too */
	for (unsigned weekend = 0; weekend < WEEKEND_ALL; weekend += 5) {
		const struct workdays week = {(uint8_t)weekend, holidays, 20};

		for (int32_t from = 19990; from < 20040; from++) {
			int n = 0;

			for (int32_t to = from; to < from + 120; to++) {
				n += to > from && workdays_has(&week, to);
				assert_int_equal(workdays_between(&week, from, to), n);
			}
			assert_int_equal(workdays_between(&week, from, workdays_after(&week, from, 14)), 14);
			assert_int_equal(workdays_between(&week, from, from - 30), 0);
		}
	}
}

static void
a_weekend_is_read_by_its_names(void **state)
{
	static const struct {
		const char *text;
		int weekend; /* -1: refused */
	} rows[] = {
		{"sat,sun", SAT_SUN},
		{"sun,sat", SAT_SUN},
		{"fri,sat", FRI_SAT},
		{"Fri,SAT", FRI_SAT},
		{"none", 0},
		{"sun", 1},
		{"sat,sat", 1 << 6},
		{"tue,wed,thu,fri,sat,sun", ONLY_MONDAY},
		{"", -1},
		{"sat,", -1},
		{",sat", -1},
		{"sat sun", -1},
		{"saturday", -1},
		{"sa", -1},
		{"none,sat", -1},
		{"sat, sun", -1},
		{"mon,tue,wed,thu,fri,sat,sun", -1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t weekend = 0xff;
		int got = weekend_parse(rows[i].text, &weekend) ? weekend : -1;

		if (got != rows[i].weekend || (got < 0 && weekend != 0xff))
			fail_msg("'%s': got %d", rows[i].text, got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_business_days),
		cmocka_unit_test(tells_business_days_from_others),
		cmocka_unit_test(the_days_between_are_the_days_counted),
		cmocka_unit_test(a_weekend_is_read_by_its_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
