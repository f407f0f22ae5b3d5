// links: credential_service
/*
 * Several queued calls, one commit: what becomes of each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch_item.h"

#include "credential.rpc.h"
#include "db_tx.h"
#include "notification.rpc.h"

static struct batch_item
rename_item(unsigned account, int version, const char *name, const char *key)
{
	Vouch__AccountChanged event = VOUCH__ACCOUNT_CHANGED__INIT;

	event.account_id = uuid_of(account);
	event.version = version;
	event.name = (char *)name;
	return item_of(&rpc_credentials_on_account_changed, &event.base, "", key);
}

static struct batch_item
award_item(const char *key)
{
	Vouch__SubmissionDecided event = VOUCH__SUBMISSION_DECIDED__INIT;

	event.submission_id = uuid_of(70);
	event.earner_id = uuid_of(71);
	event.micro_credential_id = uuid_of(72);
	event.micro_credential_version = 1;
	event.outcome = VOUCH__OUTCOME__AWARDED;
	return item_of(&rpc_credentials_on_submission_decided, &event.base, "riverbend", key);
}

static void
run(struct batch_item *items, size_t n)
{
	n_answers = 0;
	batch_run(credential_service.handlers, items, n, &listener);
	assert_int_equal(n_answers, n);
}

static void
a_refused_call_leaves_nothing_and_costs_the_others_nothing(void **state)
{
	struct batch_item items[] = {
		rename_item(1, 1, "One", "b1"), award_item("b2"), rename_item(2, 1, "Two", "b3")};

	(void)state;
	run(items, 3);
	assert_true(items[0].ok);
	assert_false(items[1].ok);
	assert_int_equal(items[1].call.status, VOUCH__STATUS__UNAVAILABLE);
	assert_true(items[2].ok);
	assert_string_equal(
	    sql("SELECT count(*) FROM people WHERE account_id IN ('%s', '%s')", uuid_of(1), uuid_of(2)), "2");
	assert_string_equal(sql("SELECT count(*) FROM done"), "2");
}

static struct batch_item
issuer_item(const char *issuer, const char *key)
{
	Vouch__IssuerChanged event = VOUCH__ISSUER_CHANGED__INIT;

	event.issuer_id = (char *)issuer;
	event.version = 1;
	event.name = (char *)issuer;
	return item_of(&rpc_credentials_on_issuer_changed, &event.base, issuer, key);
}

/* Their statements are put off together, and each runs in its own issuer (row level security). */
static void
calls_of_several_issuers_share_a_batch(void **state)
{
	struct batch_item items[] = {issuer_item("long-name-of-a-school", "s1"), issuer_item("ab", "s2"),
		issuer_item("lakeside", "s3"), issuer_item("hillside", "s4")};

	(void)state;
	while (!tx_hurry(harness_db()))
		; /* what the tests before had fail is past */
	run(items, 4);
	assert_true(tx_hurry(harness_db())); /* nothing failed and was run again alone */
	for (int i = 0; i < 4; i++)
		assert_int_equal(items[i].call.status, VOUCH__STATUS__OK);
	assert_string_equal(sql("SELECT count(*) FROM issuers WHERE issuer_id = name AND issuer_id IN "
				"('long-name-of-a-school', 'ab', 'lakeside', 'hillside')"),
	    "4");
}

static void
the_same_key_twice_in_one_batch_runs_once(void **state)
{
	struct batch_item items[] = {rename_item(3, 1, "Three", "c1"), rename_item(3, 1, "Three", "c1"),
		rename_item(3, 2, "Drei", "c1")};

	(void)state;
	run(items, 3);
	assert_true(items[0].ok);
	assert_true(items[1].ok);
	assert_false(items[2].ok); /* the key belongs to another request */
	assert_int_equal(items[2].call.status, VOUCH__STATUS__INVALID);
	assert_string_equal(sql("SELECT name FROM people WHERE account_id = '%s'", uuid_of(3)), "Three");
}

static void
a_lost_connection_runs_each_again_alone(void **state)
{
	struct batch_item items[] = {rename_item(4, 1, "Four", "d1"), rename_item(5, 1, "Five", "d2")};

	(void)state;
	sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'vouch_credential' AND datname = current_database()");
	run(items, 2);
	assert_true(items[0].ok);
	assert_true(items[1].ok);
	assert_string_equal(
	    sql("SELECT count(*) FROM people WHERE account_id IN ('%s', '%s')", uuid_of(4), uuid_of(5)), "2");
}

static void
a_connection_that_was_lost_in_a_hurry_is_no_end(void **state)
{
	struct batch_item items[] = {rename_item(40, 1, "Forty", "d3"), rename_item(41, 1, "Fortyone", "d4")};

	(void)state;
	while (!tx_hurry(items[0].call.db))
		;
	sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'vouch_credential' AND datname = current_database()");
	run(items, 2);
	assert_true(items[0].ok);
	assert_true(items[1].ok);
	assert_string_equal(
	    sql("SELECT count(*) FROM people WHERE account_id IN ('%s', '%s')", uuid_of(40), uuid_of(41)),
	    "2");
}

static void
reads_are_answered_beside_writes(void **state)
{
	Vouch__GetKeys get = VOUCH__GET_KEYS__INIT;
	struct batch_item items[] = {rename_item(6, 1, "Six", "e1"),
		item_of(&rpc_credentials_keys, &get.base, "", ""), rename_item(7, 1, "Seven", "e2")};

	(void)state;
	run(items, 3);
	assert_true(items[0].ok);
	assert_true(items[1].ok);
	assert_true(items[1].reply.len > 20);
	assert_true(items[2].ok);
}

/* A handler that, across issuers, goes on in the issuer of the row that it found. */
static bool
moves_into_an_issuer(struct call *call, const void *req, void *rep)
{
	(void)req, (void)rep;
	call_in_issuer(call, "riverbend");
	return true;
}

static void
the_answer_is_kept_under_the_key_although_the_handler_moved_on(void **state)
{
	static const struct handler handlers[] = {{&rpc_notifications_read_all, moves_into_an_issuer}, {0}};
	Vouch__ReadAllNotifications req = VOUCH__READ_ALL_NOTIFICATIONS__INIT;
	struct batch_item items[] = {item_of(&rpc_notifications_read_all, &req.base, "", "f1"),
		item_of(&rpc_notifications_read_all, &req.base, "", "f2")};

	(void)state;
	for (int i = 0; i < 2; i++) {
		Vouch__Caller *caller = (Vouch__Caller *)items[i].call.caller;

		caller->account_id = uuid_of(8);
	}
	batch_run(handlers, items, 2, &listener);
	assert_true(items[0].ok);
	assert_true(items[1].ok);
	assert_string_equal(
	    sql("SELECT count(*) FROM done WHERE account_id = '%s' AND issuer_id = '' AND reply IS NOT NULL",
		uuid_of(8)),
	    "2");
}

/* A handler that counts a failure and refuses. */
static bool
counts_a_failure(struct call *call, const void *req, void *rep)
{
	(void)req, (void)rep;
	db_do(call, "person_put", NULL,
	    ARGS(TEXT("account_id", call_account(call)), INT("version", 1), TEXT("name", "counted")));
	call->keeps = true;
	return refuse(call, VOUCH__STATUS__UNAUTHENTICATED, "this is not it");
}

static void
a_refusal_that_keeps_its_count_is_refused_again_under_the_same_key(void **state)
{
	static const struct handler handlers[] = {{&rpc_notifications_read_all, counts_a_failure}, {0}};
	Vouch__ReadAllNotifications req = VOUCH__READ_ALL_NOTIFICATIONS__INIT;

	(void)state;
	for (size_t n = 1; n <= 2; n++) { /* alone, and in a batch */
		struct batch_item items[2];

		for (size_t i = 0; i < n; i++) {
			items[i] = item_of(&rpc_notifications_read_all, &req.base, "", i == 0 ? "g1" : "g2");
			((Vouch__Caller *)items[i].call.caller)->account_id = uuid_of(9 + (unsigned)i);
		}
		batch_run(handlers, items, n, &listener);
		for (size_t i = 0; i < n; i++) {
			assert_false(items[i].ok);
			assert_int_equal(items[i].call.status, VOUCH__STATUS__UNAUTHENTICATED);
		}
	}
	assert_string_equal(sql("SELECT count(*) FROM people WHERE name = 'counted'"), "2");
	assert_string_equal(
	    sql("SELECT count(*) FROM done WHERE account_id IN ('%s', '%s')", uuid_of(9), uuid_of(10)), "0");
}

/* Writes, waits for that, and refuses when the caller is the odd one. */
static bool
writes_then_refuses(struct call *call, const void *req, void *rep)
{
	bool found, odd = strcmp(call_account(call), uuid_of(21)) == 0;

	(void)req, (void)rep;
	return db_maybe(call, "person_put", NULL,
		   ARGS(TEXT("account_id", call_account(call)), INT("version", 1), TEXT("name", "written")),
		   NULL, &found) &&
	    (!odd || refuse(call, VOUCH__STATUS__CONFLICT, "this is not wanted"));
}

/* Puts off a statement that fails for the odd one: no name is no person. */
static bool
fails_when_it_is_sent(struct call *call, const void *req, void *rep)
{
	bool odd = strcmp(call_account(call), uuid_of(21)) == 0;

	(void)req, (void)rep;
	return db_do(call, "person_put", NULL,
	    ARGS(TEXT("account_id", call_account(call)), INT("version", 1),
		TEXT("name", odd ? NULL : "written")));
}

/* Three calls, of which the second is the odd one; twice, as after the first time batches go carefully. */
static void
one_of_three_fails(
    bool (*handler)(struct call *, const void *, void *), Vouch__Status status, const char *key)
{
	const struct handler handlers[] = {{&rpc_notifications_read_all, handler}, {0}};
	Vouch__ReadAllNotifications req = VOUCH__READ_ALL_NOTIFICATIONS__INIT;

	while (!tx_hurry(harness_db())) /* it counts down */
		;
	for (int round = 0; round < 2; round++) {
		struct batch_item items[3];

		for (int i = 0; i < 3; i++) {
			items[i] = item_of(&rpc_notifications_read_all, &req.base, "",
			    arena_printf(&arena, "%s-%d-%d", key, round, i));
			((Vouch__Caller *)items[i].call.caller)->account_id = uuid_of(20 + (unsigned)i);
		}
		sql("DELETE FROM people");
		batch_run(handlers, items, 3, &listener);
		assert_true(items[0].ok);
		assert_false(items[1].ok);
		assert_int_equal(items[1].call.status, status);
		assert_true(items[2].ok);
		assert_string_equal(
		    sql("SELECT string_agg(account_id::text, ' ' ORDER BY account_id) FROM people"),
		    arena_printf(&arena, "%s %s", uuid_of(20), uuid_of(22)));
		assert_string_equal(
		    sql("SELECT count(*) FROM done WHERE account_id IN ('%s', '%s') AND reply IS NOT NULL",
			uuid_of(20), uuid_of(22)),
		    round == 0 ? "2" : "4");
		assert_string_equal(
		    sql("SELECT count(*) FROM done WHERE account_id = '%s'", uuid_of(21)), "0");
	}
	sql("DELETE FROM done");
}

static void
what_a_refused_call_has_written_goes_and_the_others_stay(void **state)
{
	(void)state;
	one_of_three_fails(writes_then_refuses, VOUCH__STATUS__CONFLICT, "h");
}

static void
a_statement_that_was_put_off_fails_for_its_own_call(void **state)
{
	(void)state;
	one_of_three_fails(fails_when_it_is_sent, VOUCH__STATUS__INTERNAL, "i");
}

static bool
answers_a_secret(struct call *call, const void *req, void *rep)
{
	Vouch__Preferences *out = rep;

	(void)req;
	out->items = arena_alloc(call->arena, sizeof(*out->items));
	out->items[0] = arena_alloc(call->arena, sizeof(**out->items));
	vouch__preference__init(out->items[0]);
	out->items[0]->kind = "canary";
	out->n_items = 1;
	return true;
}

static void
nothing_of_a_request_or_an_answer_stands_in_clear(void **state)
{
	struct batch_item items[2];
	static const struct handler handlers[] = {
		{&rpc_notifications_set_preferences, answers_a_secret}, {0}};
	Vouch__Preferences req = VOUCH__PREFERENCES__INIT;
	const Vouch__Preferences *again;

	(void)state;
	for (int i = 0; i < 2; i++) {
		items[i] = item_of(&rpc_notifications_set_preferences, &req.base, "", "a-secret-key");
		((Vouch__Caller *)items[i].call.caller)->account_id = uuid_of(12);
	}
	batch_run(handlers, &items[0], 1, &listener);
	batch_run(handlers, &items[1], 1, &listener);
	assert_true(items[1].ok); /* the answer of the first, opened again by the key */
	again = (const void *)call_unpack(
	    &arena, &vouch__preferences__descriptor, items[1].reply.len, items[1].reply.data);
	assert_string_equal(again->items[0]->kind, "canary");
	assert_string_equal(
	    sql("SELECT count(*) FROM done WHERE account_id = '%s' AND octet_length(reply) > 0", uuid_of(12)),
	    "1");
	assert_string_equal(
	    sql("SELECT count(*) FROM done WHERE position('canary' IN encode(reply, 'escape')) > 0"
		" OR position('secret' IN key) > 0"),
	    "0");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_refused_call_leaves_nothing_and_costs_the_others_nothing),
		cmocka_unit_test(calls_of_several_issuers_share_a_batch),
		cmocka_unit_test(the_same_key_twice_in_one_batch_runs_once),
		cmocka_unit_test(a_lost_connection_runs_each_again_alone),
		cmocka_unit_test(a_connection_that_was_lost_in_a_hurry_is_no_end),
		cmocka_unit_test(reads_are_answered_beside_writes),
		cmocka_unit_test(the_answer_is_kept_under_the_key_although_the_handler_moved_on),
		cmocka_unit_test(a_refusal_that_keeps_its_count_is_refused_again_under_the_same_key),
		cmocka_unit_test(what_a_refused_call_has_written_goes_and_the_others_stay),
		cmocka_unit_test(a_statement_that_was_put_off_fails_for_its_own_call),
		cmocka_unit_test(nothing_of_a_request_or_an_answer_stands_in_clear),
	};

	return harness_run(tests, begin, end);
}
