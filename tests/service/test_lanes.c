// links: credential_service
/* A connection's calls beside each other: what they ask together, in which order they tell; and its clock. */
#include <stdlib.h>
#include <string.h>

#include "batch_item.h"

#include "clock.h"
#include "credential.rpc.h"
#include "db_inner.h"
#include "instant.h"
#include "notification.rpc.h"
#include "outbox.h"

/* The issuers that the calls look into: each row's name is its issuer. */
static void
add_issuers(void)
{
	sql("INSERT INTO issuers (issuer_id, version, name, website) SELECT i, 1, i, '' "
	    "FROM unnest('{hillside,lakeside,long-name-of-a-school}'::text[]) AS i");
}

static int n_inside, n_most; /* how many of the calls are in their middle, and were at most */

/* Two looks that wait for each other; the second one of the issuer "lakeside" fails in the database. */
static bool
looks_twice(struct call *call, const void *req, void *rep)
{
	Vouch__IssuerChanged issuer = VOUCH__ISSUER_CHANGED__INIT;
	Vouch__CredentialList list = VOUCH__CREDENTIAL_LIST__INIT;
	bool odd = strcmp(call_issuer(call), "lakeside") == 0, ok;

	(void)req, (void)rep;
	n_inside++;
	n_most = n_inside > n_most ? n_inside : n_most;
	ok = db_one(call, "issuer_get", NULL, NULL, &issuer.base) &&
	    strcmp(issuer.name, call_issuer(call)) == 0 &&
	    db_all(call, "credential_list", NULL,
		ARGS(TEXT("account_id", uuid_of(1)), NONE("at"), TEXT("after", NULL),
		    INT("rows", odd ? -1 : 1)),
		&list.base, "items");
	n_inside--;
	return ok;
}

/* One that fails in the database fails alone, and each looks into its own issuer. */
static void
reads_go_beside_each_other(void **state)
{
	static const struct handler handlers[] = {{&rpc_credentials_profile, looks_twice}, {0}};
	static const char *const issuers[] = {
		"hillside", "lakeside", "long-name-of-a-school", "lakeside", "hillside"};
	Vouch__GetIssuerProfile req = VOUCH__GET_ISSUER_PROFILE__INIT;

	(void)state;
	add_issuers();
	for (int odd = 0; odd < 2; odd++) {
		struct batch_item items[5];
		int n = 0;

		n_most = 0;
		for (int i = 0; i < 5; i++)
			if (odd || strcmp(issuers[i], "lakeside") != 0) {
				req.id = (char *)issuers[i];
				items[n++] = item_of(&rpc_credentials_profile, &req.base, issuers[i], "");
			}
		batch_run(handlers, items, (size_t)n, &listener);
		assert_int_equal(n_most, n);
		assert_int_equal(n_inside, 0);
		for (int i = 0; i < n; i++)
			assert_int_equal(items[i].ok, strcmp(call_issuer(&items[i].call), "lakeside") != 0);
	}
}

/* Reads what the one before wrote, as it waits behind it, and announces what it then makes of it. */
static bool
counts_on(struct call *call, const void *req, void *rep)
{
	Vouch__CredentialIssued event = VOUCH__CREDENTIAL_ISSUED__INIT;
	Vouch__IssuerChanged issuer = VOUCH__ISSUER_CHANGED__INIT;
	long version;

	(void)req, (void)rep;
	if (!db_do(
		call, "issuer_put", NULL, ARGS(INT("version", 1), TEXT("name", "1"), TEXT("website", ""))) ||
	    !db_one(call, "issuer_get", NULL, NULL, &issuer.base))
		return false;
	version = strtol(issuer.name, NULL, 10) + 1;
	event.submission_id = "counted";
	event.credential_id = arena_printf(call->arena, "%s %s", call->key, issuer.name);
	/* Put off, and told of: the event must come behind it, also when others are told of meanwhile. */
	return db_do(call, "issuer_put", NULL,
		   ARGS(INT("version", version), TEXT("name", arena_printf(call->arena, "%ld", version)),
		       TEXT("website", ""))) &&
	    announce(call, &event.base);
}

static void
events_of_a_batch_stand_in_its_order(void **state)
{
	static const struct handler handlers[] = {{&rpc_notifications_read_all, counts_on}, {0}};
	Vouch__ReadAllNotifications req = VOUCH__READ_ALL_NOTIFICATIONS__INIT;
	struct batch_item items[4];
	char *told;

	(void)state;
	while (!tx_hurry(harness_db()))
		;
	sql("DELETE FROM outbox");
	for (int i = 0; i < 4; i++) {
		items[i] = item_of(&rpc_notifications_read_all, &req.base, i % 2 == 0 ? "one" : "other",
		    arena_printf(&arena, "h%d", i));
		((Vouch__Caller *)items[i].call.caller)->account_id = uuid_of(30 + (unsigned)i);
	}
	batch_run(handlers, items, 4, &listener);
	for (int i = 0; i < 4; i++)
		assert_true(items[i].ok);
	told = arena_printf(&arena, "%s",
	    sql("SELECT string_agg(account_id, ' ' ORDER BY id) FROM (SELECT min(id) AS id, "
		"account_id FROM outbox GROUP BY account_id) AS o"));
	assert_string_equal(
	    told, arena_printf(&arena, "%s %s %s %s", uuid_of(30), uuid_of(32), uuid_of(31), uuid_of(33)));
	assert_string_equal(sql("SELECT count(DISTINCT issuer_id) FROM outbox"), "2");
	sql("DELETE FROM outbox");
}

/* Business time follows the database's clock, also when the clocks are set between two looks at it. */
static void
a_clock_that_was_set_is_read_again(void **state)
{
	struct db *db = harness_db();
	int64_t off;

	(void)state;
	assert_true(tx_ready(db, NULL));
	db->clock_base -= 3 * INSTANT_SECOND; /* as if both clocks had gone three seconds ahead since */
	db->clock_host_at -= 3 * INSTANT_SECOND;
	assert_true(tx_ready(db, NULL));
	off = strtoll(sql("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"), NULL, 10) +
	    clock_offset() - tx_now(db);
	assert_true(off > -2 * INSTANT_SECOND && off < 2 * INSTANT_SECOND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_go_beside_each_other),
		cmocka_unit_test(events_of_a_batch_stand_in_its_order),
		cmocka_unit_test(a_clock_that_was_set_is_read_again),
	};

	return harness_run(tests, begin, end);
}
