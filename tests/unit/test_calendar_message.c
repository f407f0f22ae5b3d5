/* An issuer's calendar from the message that announces it (CLK-1, CLK-5). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "arena.h"
#include "calendar_message.h"
#include "instant.h"

static struct arena arena;

static int
stop(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

static Vouch__Holiday
holiday(const char *date, const char *name)
{
	Vouch__Holiday h = VOUCH__HOLIDAY__INIT;

	h.date = (char *)date;
	h.name = (char *)name;
	return h;
}

static void
days_off_are_those_of_the_message(void **state)
{
	Vouch__Holiday days[] = {holiday("2026-12-25", "Christmas Day"), holiday("2026-11-26", ""),
		holiday("2026-02-30", "no such day"), holiday("", "none at all")};
	Vouch__Holiday *list[] = {&days[0], &days[1], &days[2], &days[3]};
	char *weekend[] = {(char *)"fri", (char *)"sat", (char *)"someday"};
	Vouch__IssuerCalendar from = VOUCH__ISSUER_CALENDAR__INIT;
	struct calendar calendar;
	const char *why;

	(void)state;
	from.time_zone = (char *)"Asia/Riyadh";
	from.weekend = weekend;
	from.n_weekend = 3;
	from.holidays = list;
	from.n_holidays = 4;
	assert_true(calendar_read(&arena, &from, NULL, &calendar, &why));
	assert_string_equal(calendar.zone, "Asia/Riyadh");
	assert_int_equal(calendar.week.weekend, 1 << 5 | 1 << 6);
	assert_int_equal(calendar.week.n_holidays, 2);
	assert_string_equal(calendar.names[0], "holiday");
	assert_string_equal(calendar.names[1], "Christmas Day");

	assert_true(calendar_read(&arena, &from, "America/New_York", &calendar, &why));
	assert_string_equal(calendar.zone, "America/New_York");
}

static void
what_was_not_announced_takes_no_day_off(void **state)
{
	struct calendar calendar;
	const char *why;

	(void)state;
	assert_true(calendar_read(&arena, NULL, "UTC", &calendar, &why));
	assert_int_equal(calendar.week.weekend, 0);
	assert_int_equal(calendar.week.n_holidays, 0);
}

static void
a_calendar_that_cannot_be_is_refused(void **state)
{
	char *week[] = {(char *)"mon", (char *)"tue", (char *)"wed", (char *)"thu", (char *)"fri",
		(char *)"sat", (char *)"sun"};
	Vouch__IssuerCalendar from = VOUCH__ISSUER_CALENDAR__INIT;
	struct calendar calendar;
	const char *why = NULL;

	(void)state;
	from.time_zone = (char *)"Europe/Atlantis";
	assert_false(calendar_read(&arena, &from, NULL, &calendar, &why));
	assert_non_null(strstr(why, "time zone"));
	from.weekend = week;
	from.n_weekend = 7;
	assert_false(calendar_read(&arena, &from, "UTC", &calendar, &why));
	assert_non_null(strstr(why, "weekend"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_off_are_those_of_the_message),
		cmocka_unit_test(what_was_not_announced_takes_no_day_off),
		cmocka_unit_test(a_calendar_that_cannot_be_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, stop);
}
