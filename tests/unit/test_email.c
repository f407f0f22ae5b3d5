// links: identity_service
/* When two spellings are one address. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "email.h"

static void
spellings_become_one_key(void **state)
{
	static const struct {
		const char *email, *key;
	} rows[] = {
		{"gil@example.org", "gil@example.org"},
		{"Gil@Example.ORG", "gil@example.org"},
		{"  GIL@example.org\r\n", "gil@example.org"},
		{"gil+tag@example.org", "gil+tag@example.org"},
		{"g.il@example.org", "g.il@example.org"},
		{"J\xc3\x9cRGEN@example.org", "j\xc3\xbcrgen@example.org"},
		{"ju\xcc\x88rgen@example.org",
			"j\xc3\xbcrgen@example.org"}, /* a mark of its own, and one letter */
		{"stra\xc3\x9f"
		 "e@example.org",
			"stra\xc3\x9f"
			"e@example.org"}, /* another address than strasse */
		{"", ""},
		{" \t ", ""},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(email_key(&arena, rows[i].email), rows[i].key);
	assert_null(email_key(&arena, "\xff@example.org"));
	assert_null(email_key(&arena, "cut\xc3"));
	arena_reset(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spellings_become_one_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
