// links: catalog_service
/* How an issuer's weekend and holidays are kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "arena.h"
#include "issuer_calendar.h"

static struct arena arena;

static int
end(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

static void
a_weekend_stands_in_the_order_of_the_week(void **state)
{
	static const struct {
		const char *names[9], *weekend;
		size_t bad; /* which is refused; as many as there are: all seven */
	} facts[] = {
		{{"sun", "sat"}, "sat sun", 0},
		{{"FRI", "Thu", "fri"}, "thu fri", 0},
		{{NULL}, "", 0},
		{{"mon", "tue", "wed", "thu", "fri", "sat"}, "mon tue wed thu fri sat", 0},
		{{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}, NULL, 7},
		{{"sat", "Sonntag"}, NULL, 1},
		{{""}, NULL, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		Vouch__IssuerCalendar calendar = VOUCH__ISSUER_CALENDAR__INIT;
		char text[40] = "";
		size_t n = 0, bad;
		bool ok;

		while (facts[i].names[n] != NULL)
			n++;
		ok = issuer_weekend(&arena, &calendar, (char *const *)facts[i].names, n, &bad);
		assert_int_equal(ok, facts[i].weekend != NULL);
		if (!ok)
			assert_int_equal(bad, facts[i].bad);
		for (size_t k = 0; k < calendar.n_weekend; k++)
			strcat(strcat(text, k > 0 ? " " : ""), calendar.weekend[k]);
		assert_string_equal(text, ok ? facts[i].weekend : "");
	}
}

static void
holidays_stand_by_date_each_once(void **state)
{
	Vouch__IssuerCalendar calendar = VOUCH__ISSUER_CALENDAR__INIT;
	struct holidays list;

	(void)state;
	assert_true(holidays_start(&list, &arena, HOLIDAYS_FIRST, HOLIDAYS_LAST));
	assert_true(holidays_add(&list, 20454, "New Year"));   /* 2026-01-01 */
	assert_true(holidays_add(&list, 20448, "Boxing Day")); /* 2025-12-26 */
	assert_true(holidays_add(&list, 20454, "New Year"));
	assert_true(holidays_finish(&list));
	assert_true(issuer_holidays(&arena, &calendar, &list));
	assert_int_equal(calendar.n_holidays, 2);
	assert_string_equal(calendar.holidays[0]->date, "2025-12-26");
	assert_string_equal(calendar.holidays[1]->date, "2026-01-01");
	assert_string_equal(calendar.holidays[1]->name, "New Year");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_weekend_stands_in_the_order_of_the_week, end),
		cmocka_unit_test_teardown(holidays_stand_by_date_each_once, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
