// links: submission_service
/* The promise of 14 business days, with its list (CLK-1, N-2). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "arena.h"
#include "promise.h"

static struct arena arena;
static Vouch__IssuerCalendar calendar;
static Vouch__Holiday holiday, *holidays[] = {&holiday};
static char *weekend[] = {(char *)"sat", (char *)"sun"};

static int
start(void **state)
{
	(void)state;
	vouch__holiday__init(&holiday);
	holiday.date = (char *)"2026-11-26";
	holiday.name = (char *)"Thanksgiving Day";
	vouch__issuer_calendar__init(&calendar);
	calendar.version = 3;
	calendar.time_zone = (char *)"America/New_York";
	calendar.weekend = weekend;
	calendar.n_weekend = 2;
	calendar.holidays = holidays;
	calendar.n_holidays = 1;
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

static struct promise
promised(const char *at)
{
	struct promise p;
	const char *why;
	int64_t instant;

	assert_true(instant_parse(at, &instant));
	assert_true(promise_make(&arena, &calendar, instant, &p, &why));
	return p;
}

static void
the_list_counts_to_fourteen(void **state)
{
	char at[INSTANT_SIZE];
	int counted = 0;

	(void)state;
	struct promise p = promised("2026-11-25T02:00:00Z"); /* still the 24th in New York */
	assert_string_equal(p.due_date, "2026-12-15");
	instant_format(p.due_at, at);
	assert_string_equal(at, "2026-12-16T05:00:00Z");
	assert_int_equal(p.calendar_version, 3);
	assert_string_equal(p.days[0]->date, "2026-11-25");
	assert_string_equal(p.days[1]->reason, "Thanksgiving Day");
	assert_false(p.days[1]->counts);
	assert_int_equal(p.days[1]->number, 0);
	for (size_t i = 0; i < p.n_days; i++)
		if (p.days[i]->counts)
			assert_int_equal(p.days[i]->number, ++counted);
	assert_int_equal(counted, PROMISE_DAYS);
	assert_string_equal(p.days[p.n_days - 1]->date, p.due_date);
}

static void
a_promise_reaches_as_far_as_the_week_is_short(void **state)
{
	char *short_week[] = {
		(char *)"tue", (char *)"wed", (char *)"thu", (char *)"fri", (char *)"sat", (char *)"sun"};

	(void)state;
	calendar.weekend = short_week;
	calendar.n_weekend = 6;
	struct promise p = promised("2026-11-24T12:00:00Z");
	assert_string_equal(p.due_date, "2027-03-01"); /* 14 Mondays: 97 days */

	holiday.date = (char *)"2027-02-29"; /* not a date: left out */
	p = promised("2026-11-24T12:00:00Z");
	assert_string_equal(p.due_date, "2027-03-01");

	Vouch__Holiday closed[6], *list[6];
	char dates[6][DATE_SIZE];
	for (int i = 0; i < 6; i++) {
		vouch__holiday__init(&closed[i]);
		date_format(20787 + 7 * i, dates[i]); /* Mondays from 2026-11-30 on */
		closed[i].date = dates[i];
		list[i] = &closed[i];
	}
	calendar.holidays = list;
	calendar.n_holidays = 6;
	p = promised("2026-11-24T12:00:00Z");
	assert_string_equal(p.due_date, "2027-04-12");
	assert_string_equal(p.days[5]->reason, "holiday"); /* one without a name */
}

static void
a_promise_holds_for_its_local_date(void **state)
{
	int64_t at;

	(void)state;
	struct promise p = promised("2026-11-25T02:00:00Z");
	assert_true(instant_parse("2026-11-25T02:00:00Z", &at));
	assert_true(p.from == at);
	assert_true(p.until == at + PROMISE_SAME_S * INSTANT_SECOND);

	p = promised("2026-11-25T04:59:00Z"); /* a minute to midnight in New York */
	assert_true(instant_parse("2026-11-25T05:00:00Z", &at));
	assert_true(p.until == at);
	assert_string_equal(p.due_date, "2026-12-15");
	p = promised("2026-11-25T05:00:00Z");
	assert_string_equal(p.due_date, "2026-12-16");
}

static void
a_calendar_that_cannot_be_is_refused(void **state)
{
	char *all[] = {(char *)"mon", (char *)"tue", (char *)"wed", (char *)"thu", (char *)"fri",
		(char *)"sat", (char *)"sun"};
	struct promise p;
	const char *why = NULL;

	(void)state;
	calendar.time_zone = (char *)"Mars/Olympus";
	assert_false(promise_make(&arena, &calendar, 0, &p, &why));
	assert_non_null(why);
	calendar.time_zone = (char *)"UTC";
	calendar.weekend = all;
	calendar.n_weekend = 7;
	assert_false(promise_make(&arena, &calendar, 0, &p, &why));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_list_counts_to_fourteen, start, stop),
		cmocka_unit_test_setup_teardown(a_promise_reaches_as_far_as_the_week_is_short, start, stop),
		cmocka_unit_test_setup_teardown(a_promise_holds_for_its_local_date, start, stop),
		cmocka_unit_test_setup_teardown(a_calendar_that_cannot_be_is_refused, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
