// links: identity_service
/* Notes of what was used, and the tokens that they are about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "secret.h"
#include "used.h"

static void
a_note_is_taken_once(void **state)
{
	struct used *used = used_open();
	struct used_note notes[8];

	(void)state;
	assert_non_null(used);
	used_note(used, "account-1", "session-1", false);
	used_note(used, "account-1", "session-1", false);
	used_note(used, "account-1", "token-1", true);
	assert_int_equal(used_take(used, true, notes, 8), 1);
	assert_string_equal(notes[0].id, "token-1");
	assert_string_equal(notes[0].account, "account-1");
	assert_int_equal(used_take(used, false, notes, 8), 1);
	assert_string_equal(notes[0].id, "session-1");
	assert_int_equal(used_take(used, false, notes, 8), 0);
	used_close(used);
}

static void
too_many_notes_are_forgotten_and_nothing_else(void **state)
{
	static struct used_note notes[USED_MAX];
	struct used *used = used_open();
	size_t n, total = 0;
	char id[40];

	(void)state;
	for (int i = 0; i < 3 * USED_MAX; i++) {
		snprintf(id, sizeof(id), "session-%d", i);
		used_note(used, "account", id, false);
	}
	used_note(used, "account", "an id that is far longer than any UUID can ever be", false);
	while ((n = used_take(used, false, notes, 100)) > 0) {
		assert_true(n <= 100);
		total += n;
	}
	assert_in_range(total, USED_MAX / 2, USED_MAX);
	used_close(used);
}

static void
a_token_is_random_and_its_hash_is_not(void **state)
{
	struct arena arena = {0};
	const char *a = secret_new(&arena, SECRET_SESSION), *b = secret_new(&arena, SECRET_SESSION);

	(void)state;
	assert_int_equal(strlen(a), 46);
	assert_int_equal(strncmp(a, "vs_", 3), 0);
	assert_string_not_equal(a, b);
	assert_int_equal(
	    strspn(a + 3, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), 43);
	assert_int_equal(secret_hash(&arena, a).len, 32);
	assert_memory_equal(secret_hash(&arena, a).data, secret_hash(&arena, a).data, 32);
	assert_memory_not_equal(secret_hash(&arena, a).data, secret_hash(&arena, b).data, 32);
	/* FIPS 180-2, the example "abc". */
	assert_memory_equal(secret_hash(&arena, "abc").data, "\xba\x78\x16\xbf\x8f\x01\xcf\xea", 8);
	arena_reset(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_note_is_taken_once),
		cmocka_unit_test(too_many_notes_are_forgotten_and_nothing_else),
		cmocka_unit_test(a_token_is_random_and_its_hash_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
