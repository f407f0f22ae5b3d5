// links: credential_service
/*
 * The relay on a real outbox and real sockets: what becomes of each row, and
 * that none holds up the others.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"

#include "bus.h"
#include "credential.rpc.h"
#include "notification.rpc.h"
#include "relay.h"
#include "shop.h"

extern const struct service credential_service;

enum { WAIT_MS = 30000, DOWN_ROWS = 250 };

static char folder[] = "/tmp/vouch-relay-XXXXXX";
static struct shop shop;
static struct arena arena;
static struct config *config;
static struct server *server;
static struct bus *bus;

/* A row for RPC whose event says that ACCOUNT has VERSION. */
static void
put(const struct rpc *rpc, unsigned account, int version)
{
	Vouch__AccountChanged event = VOUCH__ACCOUNT_CHANGED__INIT;
	ProtobufCBinaryData payload;
	char hex[1024] = "";

	event.account_id = uuid_of(account);
	event.version = version;
	event.name = "Ada Example";
	payload = call_pack(&arena, &event.base);
	assert_true(payload.len < sizeof(hex) / 2);
	for (size_t i = 0; i < payload.len; i++)
		snprintf(hex + 2 * i, 3, "%02x", payload.data[i]);
	sql("INSERT INTO outbox (issuer_id, account_id, rpc, subject, trace, payload) "
	    "VALUES ('', '', '%s', '%s', 't', decode('%s', 'hex'))",
	    rpc->name, event.account_id, hex);
}

/* A row for METHOD with the payload that the SQL makes, after TRIES. */
static void
put_raw(const char *method, const char *subject, int tries, const char *payload)
{
	sql("INSERT INTO outbox (issuer_id, account_id, rpc, subject, trace, tries, payload) "
	    "VALUES ('', '', '%s', '%s', 't', %d, %s)",
	    method, subject, tries, payload);
}

/* Waits until the query says "t". */
static void
await(const char *query)
{
	int64_t end = clock_ms() + WAIT_MS;

	while (strcmp(sql("%s", query), "t") != 0) {
		if (clock_ms() > end)
			fail_msg("not within %d ms: %s", WAIT_MS, query);
		usleep(2000);
	}
}

static int
begin_test(void **state)
{
	(void)state;
	sql("TRUNCATE outbox, done, people");
	return 0;
}

static void
each_row_ends_by_its_own_answer(void **state)
{
	struct relay *relay;

	(void)state;
	put(&rpc_credentials_on_account_changed, 1, 1);
	put_raw("Credentials.OnAccountChanged", "bad bytes", 0, "'\\xffff'");
	put_raw("Credentials.OnAccountChanged", "too large", 0, "decode(repeat('00', 1100000), 'hex')");
	put_raw("Credentials.OnNothingKnown", "new", 0, "''");
	put_raw("Credentials.OnNothingKnown", "twelfth", 11, "''");

	relay = relay_start(config, &credential_service, bus);
	await("SELECT count(*) = 4 FROM outbox WHERE error <> ''");
	await("SELECT count(*) = 4 FROM outbox");
	relay_stop(relay);

	assert_string_equal(sql("SELECT count(*) FROM people"), "1");
	assert_string_equal(
	    sql("SELECT string_agg(subject, ', ' ORDER BY subject) FROM outbox WHERE parked_at IS NOT NULL"),
	    "bad bytes, too large, twelfth");
	assert_string_equal(sql("SELECT tries FROM outbox WHERE subject = 'too large'"), "1");
	assert_string_equal(
	    sql("SELECT tries > 0 AND next_at > clock_timestamp() AND error = 'no answer' FROM outbox "
		"WHERE subject = 'new'"),
	    "t");
}

static void
facts_of_one_subject_arrive_in_their_order(void **state)
{
	struct relay *relay;

	(void)state;
	for (int version = 1; version <= 20; version++)
		put(&rpc_credentials_on_account_changed, 1, version);
	/* One in the middle that is refused lets the others go on. */
	sql("UPDATE outbox SET payload = '\\xffff' WHERE id = (SELECT min(id) + 7 FROM outbox)");

	relay = relay_start(config, &credential_service, bus);
	await("SELECT count(*) = 1 FROM outbox WHERE parked_at IS NOT NULL");
	await("SELECT count(*) = 1 FROM outbox");
	relay_stop(relay);

	assert_string_equal(sql("SELECT version FROM people"), "20");
	assert_string_equal(sql("SELECT count(*) FROM done"), "19");
}

static void
what_was_parked_is_sent_again_when_an_operator_asks(void **state)
{
	struct relay *relay;
	int64_t n = 0;

	(void)state;
	put(&rpc_credentials_on_account_changed, 1, 1);
	put(&rpc_credentials_on_account_changed, 2, 1);
	sql("UPDATE outbox SET payload = '\\xff' || payload");
	relay = relay_start(config, &credential_service, bus);
	await("SELECT count(*) = 2 FROM outbox WHERE parked_at IS NOT NULL");
	assert_string_equal(sql("SELECT count(*) FROM people"), "0");

	sql("UPDATE outbox SET payload = substr(payload, 2)");
	assert_true(relay_unpark(config, &credential_service, &n));
	assert_int_equal(n, 2);
	await("SELECT count(*) = 2 FROM people");
	await("SELECT count(*) = 0 FROM outbox");
	relay_stop(relay);
}

/* The rows of a listener that is down are not even answered when those of the others have arrived. */
static void
a_listener_that_is_down_holds_up_nothing_else(void **state)
{
	struct relay *relay;

	(void)state;
	for (unsigned i = 0; i < DOWN_ROWS; i++)
		put(&rpc_notifications_on_account_changed, 1000 + i, 1);
	for (unsigned i = 0; i < 50; i++)
		put(&rpc_credentials_on_account_changed, i, 1);

	relay = relay_start(config, &credential_service, bus);
	await("SELECT count(*) = 50 FROM people");
	await("SELECT NOT EXISTS (SELECT FROM outbox WHERE rpc LIKE 'Credentials.%')");
	assert_string_equal(sql("SELECT count(*) FROM outbox WHERE error <> ''"), "0");
	assert_string_equal(sql("SELECT count(*) <= 199 FROM outbox WHERE tries > 0"), "t");
	relay_stop(relay);

	assert_string_equal(sql("SELECT count(*) FROM outbox"), "250");
	assert_string_equal(sql("SELECT count(*) > 0 FROM outbox WHERE error = 'no answer'"), "t");
}

/* Together they are more than a call may hold in memory, and one of them is by itself. */
static void
large_events_are_taken_a_few_at_a_time(void **state)
{
	/* A field that this release does not know, of 900,000 bytes. */
	static const char padding[] = "'\\xa206a0f736'::bytea || decode(repeat('00', 900000), 'hex')";
	struct relay *relay;

	(void)state;
	put_raw("Credentials.OnAccountChanged", "huge", 0, "decode(repeat('00', 70000000), 'hex')");
	for (unsigned i = 0; i < 80; i++) {
		put(&rpc_credentials_on_account_changed, i, 1);
		sql("UPDATE outbox SET payload = payload || %s WHERE subject = '%s'", padding, uuid_of(i));
	}

	relay = relay_start(config, &credential_service, bus);
	await("SELECT count(*) = 80 FROM people");
	await("SELECT count(*) = 1 AND bool_and(parked_at IS NOT NULL AND subject = 'huge') FROM outbox");
	relay_stop(relay);
}

static void
without_a_database_it_waits_and_goes_on(void **state)
{
	struct relay *relay = relay_start(config, &credential_service, bus);

	(void)state;
	for (unsigned i = 0; i < 5; i++) {
		sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'vouch_credential' "
		    "AND datname = current_database()");
		put(&rpc_credentials_on_account_changed, i, 1);
		relay_poke();
	}
	await("SELECT count(*) = 5 FROM people");
	await("SELECT count(*) = 0 FROM outbox");
	relay_stop(relay);
}

static int
begin(void **state)
{
	char text[300];

	(void)state;
	assert_non_null(mkdtemp(folder));
	setenv("VOUCH_KEYS_DIR", folder, 1);
	snprintf(text, sizeof(text), "ipc://%s/credential", folder);
	setenv("VOUCH_LISTEN", text, 1);
	snprintf(text, sizeof(text), "credential=ipc://%s/credential;notification=ipc://%s/nobody", folder,
	    folder);
	setenv("VOUCH_PEERS", text, 1);
	snprintf(text, sizeof(text), "%s/test.seed", folder);
	if (harness_open(&credential_service) != 0 || !jws_key_load(&shop.key, text))
		return 1;
	config = config_open(NULL);
	server = config != NULL ? server_start(config, &credential_service, &shop) : NULL;
	bus = server != NULL ? bus_open(config) : NULL;
	return bus == NULL;
}

static int
end(void **state)
{
	char text[300];

	(void)state;
	bus_close(bus);
	server_stop(server, 1000);
	config_close(config);
	arena_reset(&arena);
	harness_close(); /* which statements ran is test_credential's matter */
	snprintf(text, sizeof(text), "rm -rf %s", folder);
	return system(text) != 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(each_row_ends_by_its_own_answer, begin_test),
		cmocka_unit_test_setup(facts_of_one_subject_arrive_in_their_order, begin_test),
		cmocka_unit_test_setup(what_was_parked_is_sent_again_when_an_operator_asks, begin_test),
		cmocka_unit_test_setup(a_listener_that_is_down_holds_up_nothing_else, begin_test),
		cmocka_unit_test_setup(large_events_are_taken_a_few_at_a_time, begin_test),
		cmocka_unit_test_setup(without_a_database_it_waits_and_goes_on, begin_test),
	};

	return harness_run(tests, begin, end);
}
