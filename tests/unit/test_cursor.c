/* Cursors: what was written reads back, and nothing else does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cursor.h"

static struct arena arena;
static Vouch__Caller nobody = VOUCH__CALLER__INIT;
static struct call call;

static int
new_call(void **state)
{
	(void)state;
	arena_reset(&arena);
	call = (struct call){.arena = &arena, .caller = &nobody};
	return 0;
}

static int
free_arena(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

static void
a_cursor_gives_its_values_back(void **state)
{
	static const char *const rows[][2] = {
		{"2026-11-24T17:00:00.123456Z", "0198c0de-0000-7000-8000-000000000001"},
		{"", ""},
		{"Fr\xc3\xa9quence \"x\" \\ \n \xf0\x9f\x98\x80", "~"},
		{"[]", "\x7f"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *values[2];
		char *cursor = cursor_write(&call, rows[i], 2);

		assert_int_equal(
		    strspn(cursor, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
		    strlen(cursor));
		assert_true(cursor_read(&call, cursor, values, 2));
		assert_string_equal(values[0], rows[i][0]);
		assert_string_equal(values[1], rows[i][1]);
	}
}

static void
no_cursor_is_the_first_page(void **state)
{
	const char *values[2] = {"x", "y"};

	(void)state;
	assert_true(cursor_read(&call, "", values, 2));
	assert_null(values[0]);
	assert_null(values[1]);
	assert_true(cursor_read(&call, NULL, values, 1));
	assert_int_equal(call.status, VOUCH__STATUS__OK);
}

static void
a_cursor_of_another_shape_is_refused(void **state)
{
	/*
	 * From the third on base64url of: {"a":1} ["a"] ["a","b","c"] ["a",1] ["a",null] [["a"],"b"]
	 * ["a","\u0000"] ["a","b" "ab" and a byte 0xff; then ["a","b"] with something around it.
	 */
	static const char *const cursors[] = {"x", "====", "eyJhIjoxfQ", "WyJhIl0", "WyJhIiwiYiIsImMiXQ",
		"WyJhIiwxXQ", "WyJhIixudWxsXQ", "W1siYSJdLCJiIl0", "WyJhIiwiXHUwMDAwIl0", "WyJhIiwiYiI",
		"ImFiIg", "_w", "WyJhIiwiYiJd=", "WyJhIiwiYiJd ", "WyJh\nIiwiYiJd", "WyJhIiwiYiJdA"};
	char long_one[20000];

	(void)state;
	for (size_t i = 0; i < sizeof(cursors) / sizeof(cursors[0]); i++) {
		const char *values[2] = {"x", "y"};

		new_call(NULL);
		if (cursor_read(&call, cursors[i], values, 2))
			fail_msg("%s is taken", cursors[i]);
		assert_int_equal(call.status, VOUCH__STATUS__INVALID);
		assert_string_equal(call.errors->field, "cursor");
		assert_null(values[0]);
	}
	memset(long_one, 'A', sizeof(long_one));
	long_one[sizeof(long_one) - 1] = '\0';
	assert_false(cursor_read(&call, long_one, (const char *[2]){0}, 2));
	assert_true(cursor_read(
	    &(struct call){.arena = &arena}, "WyJhIiwiYiJd", (const char *[2]){0}, 2)); /* ["a","b"] */
}

static void
a_value_that_cannot_be_written_gives_no_cursor(void **state)
{
	(void)state;
	assert_null(cursor_write(&call, (const char *[]){"a", NULL}, 2));
	assert_null(cursor_write(&call, (const char *[]){"\xff"}, 1));
	arena.max = 8;
	assert_null(cursor_write(&call, (const char *[]){"a value that finds no room"}, 1));
	arena.max = 0;
}

static void
a_page_has_1_to_100_rows_and_25_unless_told(void **state)
{
	(void)state;
	assert_int_equal(cursor_limit(0), 25);
	assert_int_equal(cursor_limit(1), 1);
	assert_int_equal(cursor_limit(100), 100);
	assert_int_equal(cursor_limit(101), 100);
	assert_int_equal(cursor_limit(-1), 1);
	assert_int_equal(cursor_limit(INT32_MIN), 1);
}

#define TEST(name) cmocka_unit_test_setup(name, new_call)

static void
a_number_is_written_in_full_and_an_id_is_one(void **state)
{
	int64_t n = 0;
	static const char *const strange[] = {"", " ", "x", "1x", "99999999999999999999", "1 "};

	(void)state;
	assert_true(cursor_number(&call, "1790000000000000", &n));
	assert_int_equal(n, 1790000000000000);
	assert_true(cursor_number(&call, "-5", &n));
	assert_int_equal(n, -5);
	assert_true(cursor_id(&call, "018f0000-0000-7000-8000-00000000c001"));
	for (size_t i = 0; i < sizeof(strange) / sizeof(strange[0]); i++) {
		call.status = VOUCH__STATUS__OK;
		assert_false(cursor_number(&call, strange[i], &n));
		assert_int_equal(call.status, VOUCH__STATUS__INVALID);
		call.status = VOUCH__STATUS__OK;
		assert_false(cursor_id(&call, strange[i]));
		assert_int_equal(call.status, VOUCH__STATUS__INVALID);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_cursor_gives_its_values_back),
		TEST(no_cursor_is_the_first_page),
		TEST(a_cursor_of_another_shape_is_refused),
		TEST(a_value_that_cannot_be_written_gives_no_cursor),
		TEST(a_page_has_1_to_100_rows_and_25_unless_told),
		cmocka_unit_test_setup_teardown(
		    a_number_is_written_in_full_and_an_id_is_one, new_call, free_arena),
	};

	return cmocka_run_group_tests(tests, NULL, free_arena);
}
