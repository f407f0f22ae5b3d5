/*
 * What the bus promises when things go wrong: shedding, deadlines, dead peers,
 * strangers, draining.
 */
#include <zmq.h>

#include "bus_gate.h"

static void
what_finds_the_queue_full_is_answered_at_once_and_the_rest_is_served(void **state)
{
	struct config *config = settings("one", "one");
	struct gate gate = GATE(false);
	struct server *server = server_start(config, &gated, &gate);
	struct bus *bus = bus_open(config);
	struct answers a = ANSWERS;

	(void)state;
	send_n(bus, &a, 1);
	gate_await(&gate, 1); /* the only worker is busy */
	send_n(bus, &a, QUEUE + 7);

	await(&a, 7);
	assert_int_equal(with(&a, VOUCH__STATUS__OVERLOADED), 7);
	gate_open(&gate);
	await(&a, 1 + QUEUE + 7);
	assert_int_equal(with(&a, VOUCH__STATUS__OK), 1 + QUEUE);
	assert_int_equal(gate_came(&gate), 1 + QUEUE);

	bus_close(bus);
	server_stop(server, WAIT_MS);
	config_close(config);
}

static void
a_call_whose_deadline_passed_in_the_queue_is_not_run(void **state)
{
	struct config *config = settings("one", "one");
	struct gate gate = GATE(false);
	struct server *server = server_start(config, &gated, &gate);
	struct bus *bus = bus_open(config);
	struct answers a = ANSWERS;
	int64_t end;

	(void)state;
	send_n(bus, &a, 1);
	gate_await(&gate, 1);
	assert_true(send_for(bus, &a, &rpc_credentials_keys, SHORT_MS));
	send_n(bus, &a, QUEUE); /* one more than there is room for */
	while (with(&a, VOUCH__STATUS__OVERLOADED) == 0)
		sched_yield();
	/* So the late one has come too, and has no more than its time from now on. */
	end = clock_ms() + SHORT_MS;
	await(&a, 2);
	assert_int_equal(with(&a, VOUCH__STATUS__TIMEOUT), 1);
	while (clock_ms() <= end)
		sched_yield();

	gate_open(&gate);
	await(&a, 2 + QUEUE);
	assert_int_equal(with(&a, VOUCH__STATUS__OK), QUEUE);
	assert_int_equal(gate_came(&gate), QUEUE);

	bus_close(bus);
	server_stop(server, WAIT_MS);
	config_close(config);
}

static void
a_busy_instance_is_passed_by(void **state)
{
	struct config *one = settings("one", "one,two"), *two = settings("two", "one,two");
	struct gate slow = GATE(false), quick = GATE(true);
	struct server *first = server_start(one, &gated, &slow), *second = server_start(two, &gated, &quick);
	struct bus *bus = bus_open(one);
	struct answers a = ANSWERS;
	int64_t end = clock_ms() + WAIT_MS;
	int sent = 0;

	(void)state;
	/* Ties go round: after a few calls one stands at the closed gate, and has no answer. */
	while (gate_came(&slow) == 0 && clock_ms() < end) {
		send_n(bus, &a, 1);
		sent++;
		while (answered(&a) < sent && gate_came(&slow) == 0 && clock_ms() < end)
			sched_yield();
	}
	assert_int_equal(gate_came(&slow), 1);
	for (int i = 0; i < 50; i++) {
		send_n(bus, &a, 1);
		await(&a, sent + i); /* all but the one at the gate */
	}
	assert_int_equal(gate_came(&slow), 1);

	gate_open(&slow);
	await(&a, sent + 50);
	assert_int_equal(with(&a, VOUCH__STATUS__OK), sent + 50);
	bus_close(bus);
	server_stop(first, WAIT_MS);
	server_stop(second, WAIT_MS);
	config_close(one);
	config_close(two);
}

/* Receives one request on a bare socket that speaks for an instance, and answers nothing. */
static void
swallow_one(void *router)
{
	int more = 1;
	size_t size = sizeof(more);
	char buffer[4096];

	while (more) {
		assert_true(zmq_recv(router, buffer, sizeof(buffer), 0) >= 0);
		zmq_getsockopt(router, ZMQ_RCVMORE, &more, &size);
	}
}

static void *
bare_router(void *zmq, const char *name)
{
	void *router = zmq_socket(zmq, ZMQ_ROUTER);
	char endpoint[200];
	int wait = WAIT_MS, none = 0;

	snprintf(endpoint, sizeof(endpoint), "ipc://%s/%s", folder, name);
	zmq_setsockopt(router, ZMQ_RCVTIMEO, &wait, sizeof(wait));
	zmq_setsockopt(router, ZMQ_LINGER, &none, sizeof(none));
	assert_int_equal(zmq_bind(router, endpoint), 0);
	return router;
}

static void
what_a_dead_instance_had_is_run_elsewhere_only_when_that_is_harmless(void **state)
{
	struct config *config = settings("two", "one");
	struct rpc writes = rpc_credentials_keys;
	void *zmq = zmq_ctx_new(), *router = bare_router(zmq, "one");
	struct bus *bus = bus_open(config);
	struct answers reads = ANSWERS, written = ANSWERS;
	struct gate gate = GATE(true);
	struct server *next;
	struct config *again = settings("one", "one");

	(void)state;
	writes.writes = true; /* and it has no key */
	assert_true(send_for(bus, &reads, &rpc_credentials_keys, WAIT_MS));
	assert_true(send_for(bus, &written, &writes, WAIT_MS));
	swallow_one(router);
	swallow_one(router);
	zmq_close(router); /* dies with both */

	await(&written, 1);
	assert_int_equal(with(&written, VOUCH__STATUS__UNAVAILABLE), 1);
	next = server_start(again, &gated, &gate);
	await(&reads, 1);
	assert_int_equal(with(&reads, VOUCH__STATUS__OK), 1);
	assert_int_equal(gate_came(&gate), 1);

	bus_close(bus);
	server_stop(next, WAIT_MS);
	zmq_ctx_term(zmq);
	config_close(config);
	config_close(again);
}

struct stop {
	struct server *server;
	pthread_t thread;
};

static void *
stop_it(void *arg)
{
	struct stop *stop = arg;

	server_stop(stop->server, WAIT_MS);
	return NULL;
}

static bool
is_draining(struct server *server)
{
	char why[300];

	return !server_ready(server, why, sizeof(why)) && strcmp(why, "the instance is ending") == 0;
}

static void
an_instance_that_ends_finishes_what_it_has_and_the_next_one_gets_the_rest(void **state)
{
	struct config *config = settings("one", "one");
	struct gate gate = GATE(false), open = GATE(true);
	struct stop stop = {.server = server_start(config, &gated, &gate)};
	struct bus *bus = bus_open(config);
	struct answers inside = ANSWERS, after = ANSWERS;
	struct server *next;
	int64_t end = clock_ms() + WAIT_MS;

	(void)state;
	send_n(bus, &inside, 1);
	gate_await(&gate, 1);
	assert_int_equal(pthread_create(&stop.thread, NULL, stop_it, &stop), 0);
	while (!is_draining(stop.server) && clock_ms() < end)
		sched_yield();
	send_n(bus, &after, 3);

	gate_open(&gate);
	pthread_join(stop.thread, NULL);
	await(&inside, 1);
	assert_int_equal(with(&inside, VOUCH__STATUS__OK), 1);
	next = server_start(config, &gated, &open);
	await(&after, 3);
	assert_int_equal(with(&after, VOUCH__STATUS__OK), 3);
	assert_int_equal(gate_came(&gate), 1); /* none of them ran in the one that was ending */

	bus_close(bus);
	server_stop(next, WAIT_MS);
	config_close(config);
}

static void *
bare_dealer(void *zmq, const char *name)
{
	void *dealer = zmq_socket(zmq, ZMQ_DEALER);
	char endpoint[200];
	int none = 0;

	snprintf(endpoint, sizeof(endpoint), "ipc://%s/%s", folder, name);
	zmq_setsockopt(dealer, ZMQ_LINGER, &none, sizeof(none));
	assert_int_equal(zmq_connect(dealer, endpoint), 0);
	return dealer;
}

static void
nonsense_and_too_much_of_it_disturbs_nobody(void **state)
{
	struct config *config = settings("one", "one");
	struct gate gate = GATE(true);
	struct server *server = server_start(config, &gated, &gate);
	struct bus *bus = bus_open(config);
	void *zmq = zmq_ctx_new(), *dealer = bare_dealer(zmq, "one");
	struct answers a = ANSWERS;
	size_t huge = 4 << 20;
	char *bytes = calloc(1, huge);
	struct bus_request much = {.rpc = &rpc_credentials_keys,
		.request = {BUS_MESSAGE_MAX + 1, (uint8_t *)bytes},
		.deadline_ms = clock_ms() + WAIT_MS,
		.done = on_answer,
		.arg = &a};

	(void)state;
	assert_non_null(bytes);
	memset(bytes, 0xff, huge);
	for (int frames = 1; frames <= 6; frames++)
		for (int k = 1; k <= frames; k++)
			assert_true(zmq_send(dealer, bytes, 40, k < frames ? ZMQ_SNDMORE : 0) >= 0);
	assert_true(zmq_send(dealer, bytes, huge, 0) >= 0); /* cut off at its header */
	assert_false(bus_send(bus, &much));

	for (int n = 1; n <= 20; n++) {
		send_n(bus, &a, 1);
		await(&a, n);
	}
	assert_int_equal(with(&a, VOUCH__STATUS__OK), 20);

	free(bytes);
	zmq_close(dealer);
	zmq_ctx_term(zmq);
	bus_close(bus);
	server_stop(server, WAIT_MS);
	config_close(config);
}

static void
no_more_than_its_bound_is_outstanding(void **state)
{
	struct config *config = settings("one", "nobody");
	struct bus *bus = bus_open(config);
	struct answers a = ANSWERS;
	int sent = 0;

	(void)state;
	while (sent < BUS_OUTSTANDING_MAX + 1 && send_for(bus, &a, &rpc_credentials_keys, WAIT_MS))
		sent++;
	assert_int_equal(sent, BUS_OUTSTANDING_MAX / 2);
	bus_close(bus);
	await(&a, sent); /* each is told, once */
	assert_int_equal(with(&a, VOUCH__STATUS__UNAVAILABLE), sent);
	config_close(config);
}

/* ---- CURVE ------------------------------------------------------------------------- */

/* Writes a pair of keys, and names it in the settings that are read next. */
static void
use_keys(const char *name)
{
	char public[41], secret[41], file[200];
	const char *setting[2] = {"VOUCH_CURVE_PUBLIC_KEY", "VOUCH_CURVE_SECRET_KEY"},
		   *key[2] = {public, secret};

	assert_int_equal(zmq_curve_keypair(public, secret), 0);
	for (int i = 0; i < 2; i++) {
		FILE *f;

		snprintf(file, sizeof(file), "%s/%s.%d", folder, name, i);
		f = fopen(file, "w");
		assert_non_null(f);
		assert_true(fputs(key[i], f) >= 0);
		assert_int_equal(fclose(f), 0);
		setenv(setting[i], file, 1);
	}
}

static Vouch__Status
status_of_a_call(struct config *config, int64_t ms)
{
	struct bus *bus = bus_open(config);
	struct answers a = ANSWERS;
	Vouch__Status status = VOUCH__STATUS__OK;

	assert_non_null(bus);
	assert_true(send_for(bus, &a, &rpc_credentials_keys, ms));
	await(&a, 1);
	for (int s = 0; s < 16; s++)
		if (with(&a, (Vouch__Status)s) == 1)
			status = (Vouch__Status)s;
	bus_close(bus);
	return status;
}

static void
under_curve_only_who_holds_the_pair_may_call(void **state)
{
	struct config *ours, *strange, *clear;
	struct gate gate = GATE(true);
	struct server *server;

	(void)state;
	use_keys("ours");
	ours = settings("one", "one");
	use_keys("strange");
	strange = settings("two", "one");
	unsetenv("VOUCH_CURVE_PUBLIC_KEY");
	unsetenv("VOUCH_CURVE_SECRET_KEY");
	clear = settings("two", "one");
	server = server_start(ours, &gated, &gate);
	assert_non_null(server);

	assert_int_equal(status_of_a_call(strange, SHORT_MS), VOUCH__STATUS__UNAVAILABLE);
	assert_int_equal(status_of_a_call(clear, SHORT_MS), VOUCH__STATUS__UNAVAILABLE);
	assert_int_equal(gate_came(&gate), 0);
	assert_int_equal(status_of_a_call(ours, WAIT_MS), VOUCH__STATUS__OK);

	server_stop(server, WAIT_MS);
	config_close(ours);
	config_close(strange);
	config_close(clear);
}

static void
a_stranger_that_knows_the_public_key_may_not_call(void **state)
{
	struct config *ours;
	struct gate gate = GATE(true);
	struct server *server;
	void *zmq = zmq_ctx_new(), *dealer = zmq_socket(zmq, ZMQ_DEALER);
	char public[41] = "", own_public[41], own_secret[41], path[200];
	int yes = 1, none = 0;
	FILE *f;

	(void)state;
	use_keys("known");
	ours = settings("one", "one");
	unsetenv("VOUCH_CURVE_PUBLIC_KEY");
	unsetenv("VOUCH_CURVE_SECRET_KEY");
	server = server_start(ours, &gated, &gate);
	assert_non_null(server);

	snprintf(path, sizeof(path), "%s/known.0", folder);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_int_equal(fread(public, 1, 40, f), 40);
	fclose(f);
	assert_int_equal(zmq_curve_keypair(own_public, own_secret), 0);
	zmq_setsockopt(dealer, ZMQ_LINGER, &none, sizeof(none));
	zmq_setsockopt(dealer, ZMQ_IMMEDIATE, &yes, sizeof(yes));
	zmq_setsockopt(dealer, ZMQ_CURVE_SERVERKEY, public, sizeof(public));
	zmq_setsockopt(dealer, ZMQ_CURVE_PUBLICKEY, own_public, sizeof(own_public));
	zmq_setsockopt(dealer, ZMQ_CURVE_SECRETKEY, own_secret, sizeof(own_secret));
	zmq_socket_monitor(
	    dealer, "inproc://watch", ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH);
	snprintf(path, sizeof(path), "ipc://%s/one", folder);
	{
		void *watch = zmq_socket(zmq, ZMQ_PAIR);
		int wait = WAIT_MS;
		struct {
			uint16_t event;
			uint32_t value;
		} __attribute__((packed)) event = {0};

		zmq_setsockopt(watch, ZMQ_RCVTIMEO, &wait, sizeof(wait));
		assert_int_equal(zmq_connect(watch, "inproc://watch"), 0);
		assert_int_equal(zmq_connect(dealer, path), 0);
		assert_int_equal(zmq_recv(watch, &event, sizeof(event), 0), sizeof(event));
		assert_int_equal(event.event, ZMQ_EVENT_HANDSHAKE_FAILED_AUTH);
		zmq_close(watch);
	}
	zmq_socket_monitor(dealer, NULL, 0);
	zmq_close(dealer);
	zmq_ctx_term(zmq);
	server_stop(server, WAIT_MS);
	config_close(ours);
}

static int
begin(void **state)
{
	char queue[10];

	(void)state;
	snprintf(queue, sizeof(queue), "%d", QUEUE);
	setenv("VOUCH_QUEUE_MAX", queue, 1);
	setenv("VOUCH_WORKERS", "1", 1);
	setenv("VOUCH_SLOW_WORKERS", "0", 1);
	setenv("VOUCH_LOG_LEVEL", "error", 1);
	return mkdtemp(folder) == NULL;
}

static int
end(void **state)
{
	char command[100];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command) != 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_finds_the_queue_full_is_answered_at_once_and_the_rest_is_served),
		cmocka_unit_test(a_call_whose_deadline_passed_in_the_queue_is_not_run),
		cmocka_unit_test(a_busy_instance_is_passed_by),
		cmocka_unit_test(what_a_dead_instance_had_is_run_elsewhere_only_when_that_is_harmless),
		cmocka_unit_test(an_instance_that_ends_finishes_what_it_has_and_the_next_one_gets_the_rest),
		cmocka_unit_test(nonsense_and_too_much_of_it_disturbs_nobody),
		cmocka_unit_test(no_more_than_its_bound_is_outstanding),
		cmocka_unit_test(under_curve_only_who_holds_the_pair_may_call),
		cmocka_unit_test(a_stranger_that_knows_the_public_key_may_not_call),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
