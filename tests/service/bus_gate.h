/*
 * bus_gate.h: an instance for tests of the bus. It runs in this process, without
 * a database; its one handler stands at a gate, so that nothing waits for time.
 */
#ifndef BUS_GATE_H
#define BUS_GATE_H

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bus.h"
#include "clock.h"
#include "credential.rpc.h"

enum { WAIT_S = 20, WAIT_MS = WAIT_S * 1000, SHORT_MS = 150, QUEUE = 4 };

static char folder[] = "/tmp/vouch-busf-XXXXXX";

/* ---- an instance whose handler stands at a gate ----------------------------- */

struct gate {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool open;
	int came, passed;
};

#define GATE(is_open) \
	{.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER, .open = (is_open)}

static inline struct timespec
until(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	t.tv_sec += WAIT_S;
	return t;
}

static inline bool
stand_at_gate(struct call *call, const void *req, void *rep)
{
	struct gate *gate = call->state;
	struct timespec end = until();

	(void)req;
	(void)rep;
	pthread_mutex_lock(&gate->lock);
	gate->came++;
	pthread_cond_broadcast(&gate->changed);
	while (!gate->open && pthread_cond_timedwait(&gate->changed, &gate->lock, &end) == 0)
		;
	gate->passed++;
	pthread_mutex_unlock(&gate->lock);
	return true;
}

static inline void
gate_await(struct gate *gate, int came)
{
	struct timespec end = until();

	pthread_mutex_lock(&gate->lock);
	while (gate->came < came)
		assert_int_equal(pthread_cond_timedwait(&gate->changed, &gate->lock, &end), 0);
	pthread_mutex_unlock(&gate->lock);
}

static inline void
gate_open(struct gate *gate)
{
	pthread_mutex_lock(&gate->lock);
	gate->open = true;
	pthread_cond_broadcast(&gate->changed);
	pthread_mutex_unlock(&gate->lock);
}

static inline int
gate_came(struct gate *gate)
{
	int n;

	pthread_mutex_lock(&gate->lock);
	n = gate->came;
	pthread_mutex_unlock(&gate->lock);
	return n;
}

static const struct handler handlers[] = {{&rpc_credentials_keys, stand_at_gate}, {0}};
static const struct service gated = {.name = "credential", .handlers = handlers};

/* ---- settings ------------------------------------------------------------------ */

/* Settings of the instance NAME where INSTANCES ("one,two") are in the book. */
static inline struct config *
settings(const char *name, const char *instances)
{
	char text[400], copy[100], *save, *list = copy;
	size_t n = 0;

	snprintf(text, sizeof(text), "ipc://%s/%s", folder, name);
	setenv("VOUCH_LISTEN", text, 1);
	snprintf(copy, sizeof(copy), "%s", instances);
	n = (size_t)snprintf(text, sizeof(text), "credential=");
	for (char *s = strtok_r(list, ",", &save); s != NULL; s = strtok_r(NULL, ",", &save))
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%sipc://%s/%s",
		    n > strlen("credential=") ? "," : "", folder, s);
	setenv("VOUCH_PEERS", text, 1);
	return config_open(NULL);
}

/* ---- answers ------------------------------------------------------------------- */

struct answers {
	pthread_mutex_t lock;
	pthread_cond_t came;
	int n, of[16]; /* by status */
};

#define ANSWERS {.lock = PTHREAD_MUTEX_INITIALIZER, .came = PTHREAD_COND_INITIALIZER}

static inline void
on_answer(void *arg, const Vouch__ReplyHeader *header, ProtobufCBinaryData body)
{
	struct answers *a = arg;

	(void)body;
	pthread_mutex_lock(&a->lock);
	a->n++;
	a->of[header->status]++;
	pthread_cond_broadcast(&a->came);
	pthread_mutex_unlock(&a->lock);
}

/* Waits for N answers in all; there must not be more. */
static inline void
await(struct answers *a, int n)
{
	struct timespec end = until();

	pthread_mutex_lock(&a->lock);
	while (a->n < n)
		assert_int_equal(pthread_cond_timedwait(&a->came, &a->lock, &end), 0);
	assert_int_equal(a->n, n);
	pthread_mutex_unlock(&a->lock);
}

static inline int
answered(struct answers *a)
{
	int n;

	pthread_mutex_lock(&a->lock);
	n = a->n;
	pthread_mutex_unlock(&a->lock);
	return n;
}

static inline int
with(struct answers *a, Vouch__Status status)
{
	int n;

	pthread_mutex_lock(&a->lock);
	n = a->of[status];
	pthread_mutex_unlock(&a->lock);
	return n;
}

static inline bool
send_for(struct bus *bus, struct answers *a, const struct rpc *rpc, int64_t ms)
{
	struct bus_request request = {
		.rpc = rpc, .trace = "t", .deadline_ms = clock_ms() + ms, .done = on_answer, .arg = a};

	return bus_send(bus, &request);
}

static inline void
send_n(struct bus *bus, struct answers *a, int n)
{
	for (int i = 0; i < n; i++)
		assert_true(send_for(bus, a, &rpc_credentials_keys, WAIT_MS));
}

#endif
