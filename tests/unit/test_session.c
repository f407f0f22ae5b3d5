/*
 * What is remembered of sessions (session.h): for a moment, never more than there is
 * room for, and not what was forgotten.
 */
// links: gateway_service
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "call.h"
#include "session.h"

static struct arena arena;

static ProtobufCBinaryData
packed(const char *account)
{
	Vouch__Resolved r = VOUCH__RESOLVED__INIT;
	Vouch__Grant grant = VOUCH__GRANT__INIT, *grants[] = {&grant};

	r.account_id = (char *)account;
	grant.issuer_id = "river";
	grant.role = VOUCH__ROLE__ASSESSOR;
	r.grants = grants;
	r.n_grants = 1;
	return call_pack(&arena, &r.base);
}

/* Whose TOKEN it is at NOW; NULL: it has to be asked. */
static const char *
whose(struct sessions *s, const char *token, int64_t now, uint64_t *epoch)
{
	uint8_t hash[SESSION_HASH];
	const Vouch__Resolved *r;

	session_hash(hash, token);
	r = sessions_find(s, hash, now, &arena, epoch);
	return r != NULL ? r->account_id : NULL;
}

static void
keep(struct sessions *s, const char *token, int64_t now, uint64_t epoch, const char *account)
{
	uint8_t hash[SESSION_HASH];

	session_hash(hash, token);
	sessions_keep(s, hash, now, epoch, packed(account));
}

static void
an_answer_is_good_for_a_moment(void **state)
{
	struct sessions *s = sessions_open(5000);
	uint64_t epoch;

	(void)state;
	assert_null(whose(s, "t1", 1000, &epoch));
	keep(s, "t1", 1000, epoch, "ann");
	keep(s, "nobody's", 1000, epoch, "");
	assert_string_equal(whose(s, "t1", 1000, &epoch), "ann");
	assert_string_equal(whose(s, "t1", 5999, &epoch), "ann");
	assert_string_equal(whose(s, "nobody's", 5999, &epoch), "");
	assert_null(whose(s, "t1", 6000, &epoch));
	assert_null(whose(s, "t2", 1000, &epoch));
	sessions_close(s);
}

static void
without_a_moment_nothing_is_kept(void **state)
{
	struct sessions *s = sessions_open(0);
	uint64_t epoch;

	(void)state;
	assert_null(whose(s, "t1", 1000, &epoch));
	keep(s, "t1", 1000, epoch, "ann");
	assert_null(whose(s, "t1", 1000, &epoch));
	sessions_close(s);
}

static void
what_is_forgotten_is_forgotten_at_once(void **state)
{
	struct sessions *s = sessions_open(5000);
	uint8_t hash[SESSION_HASH];
	uint64_t epoch;

	(void)state;
	assert_null(whose(s, "t1", 1000, &epoch));
	keep(s, "t1", 1000, epoch, "ann");
	keep(s, "t2", 1000, epoch, "ann");
	keep(s, "t3", 1000, epoch, "bob");
	session_hash(hash, "t1");
	sessions_forget(s, NULL, hash);
	assert_null(whose(s, "t1", 1000, &epoch));
	assert_string_equal(whose(s, "t2", 1000, &epoch), "ann");
	sessions_forget(s, "ann", NULL);
	sessions_forget(s, "", NULL);
	assert_null(whose(s, "t2", 1000, &epoch));
	assert_string_equal(whose(s, "t3", 1000, &epoch), "bob");
	sessions_close(s);
}

/* The look-up began before the sign-out and ended after it: its answer is older than what is known. */
static void
an_answer_that_was_overtaken_is_not_kept(void **state)
{
	struct sessions *s = sessions_open(5000);
	uint8_t hash[SESSION_HASH];
	uint64_t epoch;

	(void)state;
	assert_null(whose(s, "t1", 1000, &epoch));
	session_hash(hash, "t1");
	sessions_forget(s, "ann", hash);
	keep(s, "t1", 1000, epoch, "ann");
	assert_null(whose(s, "t1", 1000, &epoch));
	sessions_close(s);
}

static void
there_is_room_for_so_many(void **state)
{
	struct sessions *s = sessions_open(5000);
	int n = 0;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char token[20];
		uint64_t epoch;

		snprintf(token, sizeof(token), "t%d", i);
		whose(s, token, 1000, &epoch);
		keep(s, token, 1000 + i / 100, epoch, "ann");
		assert_string_equal(whose(s, token, 1000, &epoch), "ann");
	}
	for (int i = 0; i < 20000; i++) {
		char token[20];
		uint64_t epoch;

		snprintf(token, sizeof(token), "t%d", i);
		n += whose(s, token, 1000, &epoch) != NULL;
		arena_reset(&arena);
	}
	assert_true(n > 3000 && n <= 4096);
	sessions_close(s);
}

static int
close_arena(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_is_good_for_a_moment),
		cmocka_unit_test(without_a_moment_nothing_is_kept),
		cmocka_unit_test(what_is_forgotten_is_forgotten_at_once),
		cmocka_unit_test(an_answer_that_was_overtaken_is_not_kept),
		cmocka_unit_test(there_is_room_for_so_many),
	};

	return cmocka_run_group_tests(tests, NULL, close_arena);
}
