// links: notification_service
/* What is written to people: every kind says what it must, and mails no more than they may. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "kinds.h"
#include "words.h"

static const struct facts facts = {
	.title = "Formative feedback",
	.code = "V-7K3M-92QX-5",
	.issuer = "Riverbend College",
	.clock = "",
	.due_date = "2026-10-12",
	.zone = "America/New_York",
	.due_at = INT64_C(1791864000000000),
	.reader_zone = "Europe/Berlin",
	.days_left = 2,
	.expires_at = INT64_C(1791864000000000),
};

static void
every_kind_has_words(void **state)
{
	static words_of *const all[] = {words_received, words_in_review, words_withdrawn, words_decided,
		words_issued, words_late, words_ticket, words_pool, words_due, words_overdue, words_escalated,
		words_confirmation, words_password, words_mail_failed};
	struct arena arena = {0};

	(void)state;
	assert_int_equal(sizeof(all) / sizeof(all[0]), KINDS);
	for (size_t i = 0; i < KINDS; i++) {
		struct words w = {0};

		assert_true(all[i](&arena, &facts, &w));
		assert_true(strlen(w.title) > 5 && strlen(w.title) < 100);
		assert_true(strlen(w.body) > 20 && strlen(w.body) < 1000);
		assert_true(strlen(w.action) > 3);
		assert_null(strstr(w.body, "(null)"));
	}
	arena_reset(&arena);
}

static void
a_full_arena_is_told(void **state)
{
	struct arena arena = {.max = 8};
	struct words w = {0};

	(void)state;
	assert_false(words_received(&arena, &facts, &w));
	assert_false(words_decided(&arena, &facts, &w));
	arena_reset(&arena);
}

static void
the_date_is_told_in_both_zones_when_they_differ(void **state)
{
	struct arena arena = {0};
	struct facts f = facts;
	struct words w = {0};

	(void)state;
	assert_true(words_pool(&arena, &f, &w));
	assert_non_null(strstr(w.body,
	    "by Monday 12 October 2026 (New York). For you that is Tuesday 13 October 2026, 05:59 "
	    "(Berlin)."));
	f.reader_zone = "America/Toronto"; /* the same clock */
	assert_true(words_pool(&arena, &f, &w));
	assert_null(strstr(w.body, "For you"));
	f.reader_zone = "";
	assert_true(words_pool(&arena, &f, &w));
	assert_null(strstr(w.body, "For you"));
	f.reader_zone = "Mars/Base";
	assert_true(words_pool(&arena, &f, &w));
	assert_null(strstr(w.body, "For you"));
	arena_reset(&arena);
}

static void
a_result_by_mail_does_not_tell_the_outcome(void **state)
{
	struct arena arena = {0};
	struct words awarded = {0}, denied = {0};
	struct facts f = facts;

	(void)state;
	assert_true(words_decided(&arena, &f, &denied));
	f.awarded = true;
	assert_true(words_decided(&arena, &f, &awarded));
	assert_string_not_equal(awarded.title, denied.title);
	assert_string_equal(awarded.mail_title, denied.mail_title);
	assert_string_equal(awarded.mail_body, denied.mail_body);
	arena_reset(&arena);
}

static void
numbers_of_days_are_spelled(void **state)
{
	static const struct {
		int left;
		const char *title;
	} rows[] = {{0, "Due today: T"}, {1, "Due in 1 business day: T"}, {5, "Due in 5 business days: T"}};
	struct arena arena = {0};
	struct facts f = facts;
	struct words w = {0};

	(void)state;
	f.title = "T";
	for (size_t i = 0; i < 3; i++) {
		f.days_left = rows[i].left;
		assert_true(words_due(&arena, &f, &w));
		assert_string_equal(w.title, rows[i].title);
	}
	arena_reset(&arena);
}

static void
kinds_are_found_by_name(void **state)
{
	(void)state;
	assert_ptr_equal(kind_find("decision"), &kinds[3]);
	assert_true(kind_find("decision")->required);
	assert_null(kind_find("Decision"));
	assert_null(kind_find(""));
	for (size_t i = 0; i < KINDS; i++)
		assert_ptr_equal(kind_find(kinds[i].name), &kinds[i]); /* no name twice */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_has_words),
		cmocka_unit_test(a_full_arena_is_told),
		cmocka_unit_test(the_date_is_told_in_both_zones_when_they_differ),
		cmocka_unit_test(a_result_by_mail_does_not_tell_the_outcome),
		cmocka_unit_test(numbers_of_days_are_spelled),
		cmocka_unit_test(kinds_are_found_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
