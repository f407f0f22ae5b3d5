/*
 * race.h: two calls of one service at the same instant, each with a connection
 * of its own, through call_run().
 */
#ifndef RACE_H
#define RACE_H

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "db_tx.h"
#include "harness.h"

/* One side of a race. */
struct side {
	struct db *db;
	struct arena arena;
	struct who who;
	const struct rpc *rpc;
	const ProtobufCMessage *req;
	Vouch__Status status;
};

static pthread_barrier_t race_start;
static const struct handler *race_handlers;
static void *race_state; /* what the service's open() made; NULL without */
static struct side left, right;

static void *
race_run(void *arg)
{
	struct side *side = arg;
	Vouch__Caller caller = VOUCH__CALLER__INIT;
	Vouch__Grant grant = VOUCH__GRANT__INIT, *grants[] = {&grant};
	ProtobufCBinaryData request, reply;
	static _Atomic unsigned n;
	struct call call;
	char key[24];

	snprintf(key, sizeof(key), "race-%u", n++);
	grant.issuer_id = caller.issuer_id = (char *)side->who.issuer;
	grant.role = side->who.roles[0];
	caller.account_id = (char *)side->who.account;
	caller.grants = grants;
	caller.n_grants = grant.role != VOUCH__ROLE__ANYONE;
	call = (struct call){.arena = &side->arena,
		.db = side->db,
		.caller = &caller,
		.key = key,
		.trace = "",
		.deadline_ms = clock_ms() + 30000,
		.now = test_now,
		.state = race_state};
	request = call_pack(&side->arena, side->req);
	pthread_barrier_wait(&race_start);
	call_run(&call, race_handlers, side->rpc->name, request, &reply);
	side->status = call.status;
	arena_reset(&side->arena);
	return NULL;
}

/* Runs A as the left side and B as the right one at once; the sides tell how each ended. */
static void
race(const struct rpc *a, const void *a_req, const struct rpc *b, const void *b_req)
{
	pthread_t threads[2];

	left.rpc = a;
	left.req = a_req;
	right.rpc = b;
	right.req = b_req;
	assert_int_equal(pthread_create(&threads[0], NULL, race_run, &left), 0);
	assert_int_equal(pthread_create(&threads[1], NULL, race_run, &right), 0);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
}

static bool
won(const struct side *side)
{
	return side->status == VOUCH__STATUS__OK;
}

/* After harness_open(). */
static void
race_open(const struct service *service, struct who a, struct who b)
{
	left.db = db_open(getenv("VOUCH_DATABASE"), service->name, service->queries);
	right.db = db_open(getenv("VOUCH_DATABASE"), service->name, service->queries);
	left.who = a;
	right.who = b;
	race_handlers = service->handlers;
	pthread_barrier_init(&race_start, NULL, 2);
}

static void
race_close(void)
{
	db_close(left.db);
	db_close(right.db);
	pthread_barrier_destroy(&race_start);
}

#endif
