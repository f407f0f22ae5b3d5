// links: assessment_service
/* When a review's stages come (CLK-3, CLK-4, P9): facts of a wall calendar. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "instant.h"
#include "stage.h"

enum { SAT_SUN = 1 << 6 | 1 << 0 };

/* Due on Friday 2026-12-11 in New York; Tuesday the 15th is a holiday. */
static int32_t holidays[1];
static const char *const names[] = {"Founders' Day"};

static struct stage_promise
promise_of(const char *zone, const char *due_date, const char *due_at)
{
	struct stage_promise promise = {
		.calendar = {.zone = zone, .week = {SAT_SUN, holidays, 1}, .names = names}};

	assert_true(date_parse("2026-12-15", &holidays[0]));
	assert_true(date_parse(due_date, &promise.due_day));
	assert_true(instant_parse(due_at, &promise.due_at));
	return promise;
}

static void
stages_follow_each_other(void **state)
{
	static const struct {
		const char *name, *at;
		int left, late;
	} rows[] = {
		{"due_5", "2026-12-04T05:00:00Z", 5, 0}, /* the Friday before begins */
		{"due_2", "2026-12-09T05:00:00Z", 2, 0},
		{"due_0", "2026-12-11T05:00:00Z", 0, 0},
		{"overdue_1", "2026-12-12T05:00:00Z", 0,
			1}, /* the promised instant itself, though a Saturday */
		{"overdue_2", "2026-12-15T05:00:00Z", 0, 2}, /* Monday is over */
		{"overdue_3", "2026-12-17T05:00:00Z", 0, 3}, /* Tuesday was none, Wednesday is over */
		{"overdue_5", "2026-12-19T05:00:00Z", 0, 5}, /* Friday is over */
		{"overdue_10", "2026-12-26T05:00:00Z", 0, 10},
		{"overdue_15", "2027-01-02T05:00:00Z", 0, 15},
	};
	struct stage_promise promise = promise_of("America/New_York", "2026-12-11", "2026-12-12T05:00:00Z");
	const char *why, *last = NULL;
	struct stage stage;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char at[INSTANT_SIZE];

		assert_true(stage_next(&promise, last, &stage, &why));
		instant_format(stage.at, at);
		assert_string_equal(stage.name, rows[i].name);
		assert_string_equal(at, rows[i].at);
		assert_int_equal(stage.left, rows[i].left);
		assert_int_equal(stage.late, rows[i].late);
		last = rows[i].name;
	}
}

static void
summer_time_moves_no_stage_off_its_midnight(void **state)
{
	/* Clocks in Berlin went back on Sunday 2026-10-25. */
	struct stage_promise promise = promise_of("Europe/Berlin", "2026-10-27", "2026-10-27T23:00:00Z");
	struct stage stage;
	const char *why;
	char at[INSTANT_SIZE];

	(void)state;
	assert_true(stage_named(&promise, "due_5", &stage, &why));
	instant_format(stage.at, at);
	assert_string_equal(at, "2026-10-19T22:00:00Z");
	assert_true(stage_named(&promise, "due_0", &stage, &why));
	instant_format(stage.at, at);
	assert_string_equal(at, "2026-10-26T23:00:00Z");
}

static void
the_levels_end(void **state)
{
	struct stage_promise promise = promise_of("UTC", "2026-12-11", "2026-12-12T00:00:00Z");
	struct stage stage = {0};
	const char *why;
	int n = 0;

	(void)state;
	while (stage_next(&promise, stage.name, &stage, &why) && n < 1000)
		n++;
	assert_int_equal(n, 206); /* seven, then 10, 15 ... 1000 */
	assert_string_equal(stage.name, "overdue_1000");
	assert_null(why);
	assert_false(stage_next(&promise, "overdue_7", &stage, &why));
	assert_false(stage_named(&promise, "due_1", &stage, &why));
}

static void
an_unknown_zone_is_told(void **state)
{
	struct stage_promise promise = promise_of("Mars/Olympus", "2026-12-11", "2026-12-12T00:00:00Z");
	struct stage stage;
	const char *why;

	(void)state;
	assert_false(stage_next(&promise, NULL, &stage, &why));
	assert_non_null(why);
}

static void
only_reminders_grow_stale(void **state)
{
	struct stage_promise promise = promise_of("UTC", "2026-12-11", "2026-12-12T00:00:00Z");
	struct stage next;
	const char *why;

	(void)state;
	assert_true(stage_next(&promise, "due_5", &next, &why));
	assert_false(stage_is_stale("due_5", &next, next.at - 1));
	assert_true(stage_is_stale("due_5", &next, next.at));
	assert_true(stage_next(&promise, "due_0", &next, &why));
	assert_true(stage_is_stale("due_0", &next, next.at)); /* "due today" is no news of yesterday */
	assert_true(stage_next(&promise, "overdue_1", &next, &why));
	assert_false(stage_is_stale("overdue_1", &next, next.at + 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stages_follow_each_other),
		cmocka_unit_test(summer_time_moves_no_stage_off_its_midnight),
		cmocka_unit_test(the_levels_end),
		cmocka_unit_test(an_unknown_zone_is_told),
		cmocka_unit_test(only_reminders_grow_stale),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
