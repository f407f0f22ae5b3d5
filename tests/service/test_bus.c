// links: credential_service
/*
 * The bus on real sockets: instances of a service in this process, a caller
 * beside them.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"

#include "bus.h"
#include "credential.rpc.h"
#include "shop.h"

extern const struct service credential_service;

enum { WAIT_MS = 10000 };

static char folder[] = "/tmp/vouch-bus-XXXXXX";
static struct shop shop;

/* One answer, awaited. */
struct reply {
	pthread_mutex_t lock;
	pthread_cond_t came;
	int n;
	Vouch__Status status;
	size_t len;
};

static void
on_reply(void *arg, const Vouch__ReplyHeader *header, ProtobufCBinaryData body)
{
	struct reply *r = arg;

	pthread_mutex_lock(&r->lock);
	r->n++;
	r->status = header->status;
	r->len = body.len;
	pthread_cond_signal(&r->came);
	pthread_mutex_unlock(&r->lock);
}

static void
await(struct reply *r, int n)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += WAIT_MS / 1000;
	pthread_mutex_lock(&r->lock);
	while (r->n < n)
		assert_int_equal(pthread_cond_timedwait(&r->came, &r->lock, &until), 0);
	pthread_mutex_unlock(&r->lock);
}

static struct config *
config_of(const char *instance)
{
	char text[200];

	snprintf(text, sizeof(text), "ipc://%s/%s", folder, instance);
	setenv("VOUCH_LISTEN", text, 1);
	snprintf(text, sizeof(text), "credential=ipc://%s/one,ipc://%s/two", folder, folder);
	setenv("VOUCH_PEERS", text, 1);
	return config_open(NULL);
}

static bool
send_keys(struct bus *bus, struct reply *r, int64_t deadline_ms)
{
	struct bus_request request = {.rpc = &rpc_credentials_keys,
		.trace = "t",
		.deadline_ms = clock_ms() + deadline_ms,
		.done = on_reply,
		.arg = r};

	return bus_send(bus, &request);
}

static void
a_call_is_answered_by_any_instance_and_by_the_other_when_one_ends(void **state)
{
	struct config *one = config_of("one"), *two = config_of("two");
	struct server *first = server_start(one, &credential_service, &shop);
	struct server *second = server_start(two, &credential_service, &shop);
	struct bus *bus = bus_open(one);
	struct reply r = {.lock = PTHREAD_MUTEX_INITIALIZER, .came = PTHREAD_COND_INITIALIZER};

	(void)state;
	assert_non_null(first);
	assert_non_null(second);
	for (int i = 0; i < 50; i++)
		assert_true(send_keys(bus, &r, WAIT_MS));
	await(&r, 50);
	assert_int_equal(r.status, VOUCH__STATUS__OK);
	assert_true(r.len > 20);

	server_stop(first, 1000);
	for (int i = 0; i < 50; i++)
		assert_true(send_keys(bus, &r, WAIT_MS));
	await(&r, 100);
	assert_int_equal(r.status, VOUCH__STATUS__OK);

	server_stop(second, 1000);
	bus_close(bus);
	config_close(one);
	config_close(two);
}

static void
without_an_instance_a_call_ends_by_its_deadline(void **state)
{
	struct config *config = config_of("one");
	struct bus *bus = bus_open(config);
	struct reply r = {.lock = PTHREAD_MUTEX_INITIALIZER, .came = PTHREAD_COND_INITIALIZER};

	(void)state;
	assert_true(send_keys(bus, &r, 200));
	await(&r, 1);
	assert_int_equal(r.status, VOUCH__STATUS__UNAVAILABLE);
	bus_close(bus);
	config_close(config);
}

static void
an_instance_tells_its_health(void **state)
{
	struct config *config = config_of("one");
	struct server *server = server_start(config, &credential_service, &shop);
	struct bus *bus = bus_open(config);
	struct reply r = {.lock = PTHREAD_MUTEX_INITIALIZER, .came = PTHREAD_COND_INITIALIZER};

	(void)state;
	assert_true(bus_health(bus, "credential", clock_ms() + WAIT_MS, on_reply, &r));
	await(&r, 1);
	assert_int_equal(r.status, VOUCH__STATUS__OK);
	assert_true(r.len > 0);
	bus_close(bus);
	server_stop(server, 1000);
	config_close(config);
}

static void
what_is_outstanding_is_answered_when_the_caller_ends(void **state)
{
	struct config *config = config_of("one");
	struct bus *bus = bus_open(config);
	struct reply r = {.lock = PTHREAD_MUTEX_INITIALIZER, .came = PTHREAD_COND_INITIALIZER};

	(void)state;
	assert_true(send_keys(bus, &r, WAIT_MS));
	bus_close(bus);
	assert_int_equal(r.n, 1);
	assert_int_equal(r.status, VOUCH__STATUS__UNAVAILABLE);
	config_close(config);
}

static int
begin(void **state)
{
	char file[100];

	(void)state;
	assert_non_null(mkdtemp(folder));
	setenv("VOUCH_KEYS_DIR", folder, 1);
	snprintf(file, sizeof(file), "%s/test.seed", folder);
	return harness_open(&credential_service) + !jws_key_load(&shop.key, file);
}

static int
end(void **state)
{
	char command[100];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", folder);
	harness_close(); /* which statements ran is test_credential's matter */
	return system(command) != 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_is_answered_by_any_instance_and_by_the_other_when_one_ends),
		cmocka_unit_test(without_an_instance_a_call_ends_by_its_deadline),
		cmocka_unit_test(an_instance_tells_its_health),
		cmocka_unit_test(what_is_outstanding_is_answered_when_the_caller_ends),
	};

	return harness_run(tests, begin, end);
}
