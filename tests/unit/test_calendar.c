/* The review clock (CLK-1, N-2): due dates to check on a wall calendar, and the days that explain them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "arena.h"
#include "calendar.h"
#include "holidays.h"
#include "instant.h"

enum { SAT_SUN = 1 << 6 | 1 << 0, FRI_SAT = 1 << 5 | 1 << 6 };

static struct arena arena;

static int32_t
day(const char *text)
{
	int32_t date = 0;

	assert_true(date_parse(text, &date));
	return date;
}

static int64_t
instant(const char *text)
{
	int64_t at = 0;

	assert_true(instant_parse(text, &at));
	return at;
}

/* A calendar with holidays written as "2026-11-26 Thanksgiving"; the last one is NULL. */
static struct calendar
calendar_of(const char *zone, uint8_t weekend, const char *const *lines)
{
	struct holiday *holidays = arena_alloc(&arena, 100 * sizeof(*holidays));
	struct calendar calendar;
	const char *why;
	size_t n = 0;

	for (; lines != NULL && lines[n] != NULL; n++) {
		char date[DATE_SIZE] = "";

		memcpy(date, lines[n], DATE_SIZE - 1);
		holidays[n] = (struct holiday){.day = day(date), .name = lines[n] + DATE_SIZE};
	}
	if (!calendar_make(&arena, &calendar, zone, weekend, holidays, n, &why))
		fail_msg("%s", why);
	return calendar;
}

static int
end(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

static const char *const us[] = {
	"2026-11-11 Veterans Day",
	"2026-11-26 Thanksgiving Day",
	"2026-12-25 Christmas Day",
	"2027-01-01 New Year's Day",
	"2026-07-04 Independence Day",
	NULL,
};

static void
a_review_is_due_at_the_end_of_its_last_business_day(void **state)
{
	static const char *const apia[] = {"2012-01-02 New Year (observed)", NULL};
	static const struct {
		const char *what, *zone;
		uint8_t weekend;
		const char *const *holidays;
		const char *submitted;
		int days;
		const char *due_day, *due_at;
	} rows[] = {
		{"over Thanksgiving", "America/New_York", SAT_SUN, us, "2026-11-24T17:00:00Z", 14,
			"2026-12-15", "2026-12-16T05:00:00Z"},
		{"the UTC date is not the local date", "America/New_York", SAT_SUN, NULL,
			"2026-11-25T02:00:00Z", 1, "2026-11-25", "2026-11-26T05:00:00Z"},
		{"the last microsecond of a day", "America/New_York", SAT_SUN, NULL,
			"2026-11-25T04:59:59.999999Z", 1, "2026-11-25", "2026-11-26T05:00:00Z"},
		{"the first instant of a day", "America/New_York", SAT_SUN, NULL, "2026-11-25T05:00:00Z", 1,
			"2026-11-26", "2026-11-27T05:00:00Z"},
		{"on a Saturday, counted from Monday", "America/New_York", SAT_SUN, NULL,
			"2026-11-28T17:00:00Z", 1, "2026-11-30", "2026-12-01T05:00:00Z"},
		{"on a holiday, counted from the next day", "America/New_York", SAT_SUN, us,
			"2026-11-26T17:00:00Z", 1, "2026-11-27", "2026-11-28T05:00:00Z"},
		{"a holiday on a Saturday counts once", "America/New_York", SAT_SUN, us,
			"2026-07-02T17:00:00Z", 2, "2026-07-06", "2026-07-07T04:00:00Z"},
		{"the last day has 25 hours", "America/New_York", 0, NULL, "2026-10-31T17:00:00Z", 1,
			"2026-11-01", "2026-11-02T05:00:00Z"},
		{"the last day has 23 hours", "America/New_York", 0, NULL, "2026-03-07T17:00:00Z", 1,
			"2026-03-08", "2026-03-09T04:00:00Z"},
		{"the next day begins at 01:00", "America/Santiago", SAT_SUN, NULL, "2026-09-03T15:00:00Z", 1,
			"2026-09-04", "2026-09-05T04:00:00Z"},
		{"the last day ends where midnight does not exist", "America/Santiago", 0, NULL,
			"2026-09-04T15:00:00Z", 1, "2026-09-05", "2026-09-06T04:00:00Z"},
		{"a weekend on Friday and Saturday", "Asia/Riyadh", FRI_SAT, NULL, "2026-11-26T05:00:00Z", 1,
			"2026-11-29", "2026-11-29T21:00:00Z"},
		{"a date that never was does not count", "Pacific/Apia", SAT_SUN, apia,
			"2011-12-29T20:00:00Z", 2, "2012-01-04", "2012-01-04T10:00:00Z"},
		{"the last day is before a date that never was", "Pacific/Apia", SAT_SUN, NULL,
			"2011-12-28T20:00:00Z", 1, "2011-12-29", "2011-12-30T10:00:00Z"},
		{"before 1970", "UTC", SAT_SUN, NULL, "1969-12-26T12:00:00Z", 1, "1969-12-29",
			"1969-12-30T00:00:00Z"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct calendar calendar = calendar_of(rows[i].zone, rows[i].weekend, rows[i].holidays);
		char date[DATE_SIZE], at[INSTANT_SIZE];
		const char *why;
		struct due due;

		if (!calendar_due(&arena, &calendar, instant(rows[i].submitted), rows[i].days, &due, &why))
			fail_msg("%s: %s", rows[i].what, why);
		date_format(due.day, date);
		instant_format(due.at, at);
		if (strcmp(date, rows[i].due_day) != 0 || strcmp(at, rows[i].due_at) != 0)
			fail_msg("%s: got %s, %s", rows[i].what, date, at);
	}
}

static void
every_day_has_its_reason(void **state)
{
	static const struct {
		const char *date;
		bool counts;
		const char *reason;
	} rows[] = {
		{"2011-12-29", true, "business day"},
		{"2011-12-30", false, "this date does not occur in the time zone"},
		{"2011-12-31", false, "weekend"},
		{"2012-01-01", false, "weekend"},
		{"2012-01-02", false, "New Year (observed)"},
		{"2012-01-03", true, "business day"},
	};
	static const char *const holidays[] = {"2012-01-02 New Year (observed)", "2012-01-01 New Year", NULL};
	struct calendar calendar = calendar_of("Pacific/Apia", SAT_SUN, holidays);
	const char *why;
	struct due due;

	(void)state;
	assert_true(calendar_due(&arena, &calendar, instant("2011-12-28T20:00:00Z"), 2, &due, &why));
	assert_int_equal(due.n_days, sizeof(rows) / sizeof(rows[0]));
	for (size_t i = 0; i < due.n_days; i++) {
		assert_int_equal(due.days[i].day, day(rows[i].date));
		assert_int_equal(due.days[i].counts, rows[i].counts);
		assert_string_equal(due.days[i].reason, rows[i].reason);
	}
}

/* N-2: who counts the list again comes to the due date. */
static void
the_list_of_days_counts_up_to_the_due_date(void **state)
{
	static const char *const zones[] = {
		"America/New_York", "Asia/Tokyo", "Pacific/Apia", "America/Santiago"};

	(void)state;
	for (int i = 0; i < 800; i++) {
		struct calendar calendar = calendar_of(zones[i % 4], (uint8_t)(i % WEEKEND_ALL), us);
		int64_t at = instant("2011-12-20T00:00:00Z") + (int64_t)i * 617 * 3600 * INSTANT_SECOND;
		int count = 1 + i % 40, counted = 0;
		const char *why;
		struct due due;

		assert_true(calendar_due(&arena, &calendar, at, count, &due, &why));
		for (size_t k = 0; k < due.n_days; k++) {
			counted += due.days[k].counts;
			assert_int_equal(due.days[k].day, due.day - (int32_t)(due.n_days - 1 - k));
			assert_int_equal(due.days[k].counts, strcmp(due.days[k].reason, "business day") == 0);
		}
		assert_int_equal(counted, count);
		assert_true(due.days[due.n_days - 1].counts);
		arena_reset(&arena);
	}
}

static void
business_days_are_left_or_late(void **state)
{
	static const struct {
		const char *what, *at;
		bool is_late;
		int days;
	} rows[] = {
		/* due on Tuesday 2026-12-15, in New York */
		{"at submission: day 0 of 14", "2026-11-24T17:00:00Z", false, 14},
		{"day 1 of 14", "2026-11-25T05:00:00Z", false, 13},
		{"on Thanksgiving it still is", "2026-11-26T17:00:00Z", false, 13},
		{"day 2 of 14", "2026-11-27T17:00:00Z", false, 12},
		{"on the weekend too", "2026-11-29T17:00:00Z", false, 12},
		{"the day before", "2026-12-14T17:00:00Z", false, 1},
		{"the due day", "2026-12-15T05:00:00Z", false, 0},
		{"its last microsecond", "2026-12-16T04:59:59.999999Z", false, 0},
		{"the first late day", "2026-12-16T05:00:00Z", true, 1},
		{"a week later, on the weekend", "2026-12-20T17:00:00Z", true, 3},
		{"over Christmas", "2026-12-28T17:00:00Z", true, 8},
	};
	struct calendar calendar = calendar_of("America/New_York", SAT_SUN, us);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct calendar_distance got;
		const char *why;

		assert_true(
		    calendar_days_between(&calendar, instant(rows[i].at), day("2026-12-15"), &got, &why));
		if (got.is_late != rows[i].is_late || got.days != rows[i].days)
			fail_msg("%s: %s %d", rows[i].what, got.is_late ? "late" : "left", got.days);
	}
}

static void
a_weekend_after_the_due_day_is_late_by_no_business_day(void **state)
{
	struct calendar calendar = calendar_of("America/New_York", SAT_SUN, us);
	struct calendar_distance got;
	const char *why;

	(void)state;
	assert_true(
	    calendar_days_between(&calendar, instant("2026-12-19T17:00:00Z"), day("2026-12-18"), &got, &why));
	assert_true(got.is_late);
	assert_int_equal(got.days, 0);
}

static void
a_promise_stands_when_its_day_becomes_a_holiday(void **state)
{
	static const char *const closed[] = {"2026-12-15 Snow", NULL};
	struct calendar calendar = calendar_of("America/New_York", SAT_SUN, closed);
	struct calendar_distance got;
	const char *why;

	(void)state;
	assert_true(
	    calendar_days_between(&calendar, instant("2026-12-14T17:00:00Z"), day("2026-12-15"), &got, &why));
	assert_false(got.is_late);
	assert_int_equal(got.days, 1);
	assert_true(
	    calendar_days_between(&calendar, instant("2026-12-15T17:00:00Z"), day("2026-12-15"), &got, &why));
	assert_int_equal(got.days, 0);
}

static void
a_stage_begins_with_its_local_day(void **state)
{
	static const struct {
		int stage;
		const char *at;
	} rows[] = {
		/* due on Tuesday 2026-12-15, in New York */
		{-14, "2026-11-24T05:00:00Z"},
		{-5, "2026-12-08T05:00:00Z"},
		{-2, "2026-12-11T05:00:00Z"},
		{0, "2026-12-15T05:00:00Z"},
		{1, "2026-12-16T05:00:00Z"},
		{3, "2026-12-18T05:00:00Z"},
		{5, "2026-12-22T05:00:00Z"},
		{10, "2026-12-30T05:00:00Z"},
	};
	struct calendar calendar = calendar_of("America/New_York", SAT_SUN, us);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[INSTANT_SIZE];
		const char *why;
		int64_t at;

		assert_true(calendar_stage_at(&calendar, day("2026-12-15"), rows[i].stage, &at, &why));
		instant_format(at, text);
		assert_string_equal(text, rows[i].at);
	}
}

/* A timer that fires at a stage must find just that many days, and one that fires early must not. */
static void
a_stage_and_the_days_left_agree(void **state)
{
	struct calendar calendar = calendar_of("America/Santiago", SAT_SUN, us);

	(void)state;
	for (int stage = -30; stage <= 30; stage++)
		for (int32_t due_day = day("2026-08-24"); due_day < day("2026-09-21"); due_day++) {
			struct calendar_distance then, before;
			const char *why;
			int64_t at;

			assert_true(calendar_stage_at(&calendar, due_day, stage, &at, &why));
			assert_true(calendar_days_between(&calendar, at, due_day, &then, &why));
			assert_true(calendar_days_between(&calendar, at - 1, due_day, &before, &why));
			assert_int_equal(then.is_late ? then.days : -then.days, stage);
			assert_true(before.is_late != then.is_late || before.days != then.days);
		}
}

static void
holidays_come_in_any_order_and_more_than_once(void **state)
{
	static const char *const holidays[] = {
		"2026-12-25 Christmas Day",
		"2026-11-26 Thanksgiving Day",
		"2026-12-25 Noël",
		"2026-11-11 Veterans Day",
		NULL,
	};
	struct calendar calendar = calendar_of("America/New_York", SAT_SUN, holidays);

	(void)state;
	assert_int_equal(calendar.week.n_holidays, 3);
	assert_int_equal(calendar.week.holidays[0], day("2026-11-11"));
	assert_string_equal(calendar.names[0], "Veterans Day");
	assert_int_equal(calendar.week.holidays[2], day("2026-12-25"));
	assert_string_equal(calendar.names[2], "Christmas Day");
}

static void
what_cannot_be_answered_is_refused_and_changes_nothing(void **state)
{
	struct calendar calendar = calendar_of("UTC", SAT_SUN, us), other;
	struct calendar_distance distance = {.days = 7};
	struct arena small = {.max = 64};
	struct due due = {.day = 7};
	const char *why;
	int64_t at = 7;

	(void)state;
	assert_false(calendar_make(&arena, &other, "Mars/Olympus", SAT_SUN, NULL, 0, &why));
	assert_non_null(strstr(why, "time zone"));
	assert_false(calendar_make(&arena, &other, "UTC", WEEKEND_ALL, NULL, 0, &why));
	assert_non_null(strstr(why, "weekend"));
	assert_false(calendar_make(&arena, &other, "UTC", 0x80, NULL, 0, &why));

	assert_false(calendar_due(&arena, &calendar, 0, 0, &due, &why));
	assert_false(calendar_due(&arena, &calendar, 0, WORKDAYS_MAX + 1, &due, &why));
	assert_false(calendar_due(&arena, &calendar, INSTANT_MAX, 1, &due, &why));
	assert_false(calendar_due(&arena, &calendar, INSTANT_MIN - 1, 1, &due, &why));
	assert_false(calendar_due(&small, &calendar, 0, 14, &due, &why));
	assert_non_null(strstr(why, "memory"));
	assert_int_equal(due.day, 7);

	assert_false(calendar_days_between(&calendar, 0, CALENDAR_SPAN_MAX + 1, &distance, &why));
	assert_false(calendar_days_between(&calendar, 0, DATE_MAX + 1, &distance, &why));
	assert_int_equal(distance.days, 7);

	assert_false(calendar_stage_at(&calendar, 0, WORKDAYS_MAX + 1, &at, &why));
	assert_false(calendar_stage_at(&calendar, DATE_MAX, 1, &at, &why));
	calendar.zone = "Pacific/Apia";
	assert_false(calendar_stage_at(&calendar, day("2011-12-30"), 0, &at, &why));
	assert_int_equal(at, 7);
	calendar.zone = "Mars/Olympus";
	assert_false(calendar_due(&arena, &calendar, 0, 1, &due, &why));
	assert_false(calendar_days_between(&calendar, 0, 1, &distance, &why));
	assert_false(calendar_stage_at(&calendar, 0, 1, &at, &why));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_review_is_due_at_the_end_of_its_last_business_day),
		cmocka_unit_test(every_day_has_its_reason),
		cmocka_unit_test(the_list_of_days_counts_up_to_the_due_date),
		cmocka_unit_test(business_days_are_left_or_late),
		cmocka_unit_test(a_weekend_after_the_due_day_is_late_by_no_business_day),
		cmocka_unit_test(a_promise_stands_when_its_day_becomes_a_holiday),
		cmocka_unit_test(a_stage_begins_with_its_local_day),
		cmocka_unit_test(a_stage_and_the_days_left_agree),
		cmocka_unit_test(holidays_come_in_any_order_and_more_than_once),
		cmocka_unit_test(what_cannot_be_answered_is_refused_and_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, end);
}
