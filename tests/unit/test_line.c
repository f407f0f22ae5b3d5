// links: notification_service
/* Text of others, made fit for one line; dates as people read them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "instant.h"
#include "line.h"
#include "when.h"

static void
text_becomes_one_clean_line(void **state)
{
	static const struct {
		const char *text;
		size_t max;
		const char *line;
	} rows[] = {
		{"plain", 100, "plain"},
		{"", 100, ""},
		{" \t\r\n ", 100, ""},
		{"  a  b\t\tc  ", 100, "a b c"},
		{"A\r\nBcc: x", 100, "A Bcc: x"},
		{"\r\n.\r\n", 100, "."},
		{"A\x0b\x0c\x1b[31mB\x7f", 100, "A [31mB"},
		{"A\xe2\x80\xa8"
		 "B\xe2\x80\xa9"
		 "C",
			100, "A B C"}, /* line and paragraph separators */
		{"\xe2\x80\xae"
		 "desrever\xe2\x80\xac",
			100, "desrever"}, /* turned direction */
		{"A\xc2\x85"
		 "B",
			100, "A B"}, /* NEL */
		{"caf\xc3\xa9", 4, "caf\xc3\xa9"},
		{"caf\xc3\xa9s", 4, "caf\xc3\xa9\xe2\x80\xa6"},
		{"ab cd", 3, "ab\xe2\x80\xa6"},
		{"ab ", 2, "ab"},
		{"\xff\xfe"
		 "A\xc3",
			100, "A"}, /* no UTF-8 */
		{"A\xc3(B", 100, "A (B"},
		{"A\xed\xa0\x80"
		 "B",
			100, "A B"}, /* a surrogate */
		{"12345", 0, "\xe2\x80\xa6"},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(line_clean(&arena, rows[i].text, rows[i].max), rows[i].line);
	arena_reset(&arena);
}

static void
dates_are_told_with_their_place(void **state)
{
	struct arena arena = {0};
	int64_t at;

	(void)state;
	assert_string_equal(
	    when_date(&arena, "2026-10-12", "America/New_York"), "Monday 12 October 2026 (New York)");
	assert_string_equal(when_date(&arena, "2028-02-29", "America/Argentina/Buenos_Aires"),
	    "Tuesday 29 February 2028 (Buenos Aires)");
	assert_string_equal(when_date(&arena, "2026-01-01", "UTC"), "Thursday 1 January 2026 (UTC)");
	assert_string_equal(when_date(&arena, "2026-01-01", ""), "Thursday 1 January 2026");
	assert_string_equal(when_date(&arena, "soon", "UTC"), "soon");
	assert_true(instant_parse("2026-10-13T03:59:00Z", &at));
	assert_string_equal(
	    when_instant(&arena, at, "America/New_York"), "Monday 12 October 2026, 23:59 (New York)");
	assert_string_equal(
	    when_instant(&arena, at, "Europe/Berlin"), "Tuesday 13 October 2026, 05:59 (Berlin)");
	assert_string_equal(
	    when_instant(&arena, at, "Asia/Kathmandu"), "Tuesday 13 October 2026, 09:44 (Kathmandu)");
	assert_true(instant_parse("1969-12-31T23:59:00Z", &at));
	assert_string_equal(when_instant(&arena, at, "UTC"), "Wednesday 31 December 1969, 23:59 (UTC)");
	assert_string_equal(when_instant(&arena, at, "Mars/Base"), "");
	assert_string_equal(when_instant(&arena, INT64_MAX, "UTC"), "");
	arena_reset(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_becomes_one_clean_line),
		cmocka_unit_test(dates_are_told_with_their_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
