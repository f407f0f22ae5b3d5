/*
 * batch_item.h: calls for batch_run() against the credential service's tables,
 * for the tests of batches.
 */
#ifndef BATCH_ITEM_H
#define BATCH_ITEM_H

#include <stdio.h>
#include <stdlib.h>

#include "harness.h"

#include "batch.h"
#include "jws.h"
#include "shop.h"

static struct shop shop;
static struct arena arena;
static int n_answers;

static void
on_answer(void *arg, struct batch_item *item)
{
	(void)arg, (void)item;
	n_answers++;
}

static void
on_send(void *arg)
{
	(void)arg;
}

static const struct batch_listener listener = {.answer = on_answer, .send = on_send};

/* A call of RPC by a service in ISSUER under KEY. */
static struct batch_item
item_of(const struct rpc *rpc, const ProtobufCMessage *req, const char *issuer, const char *key)
{
	Vouch__Grant *grant = arena_alloc(&arena, sizeof(*grant));
	Vouch__Caller *caller = arena_alloc(&arena, sizeof(*caller));

	vouch__grant__init(grant);
	grant->issuer_id = "*";
	grant->role = VOUCH__ROLE__SERVICE;
	vouch__caller__init(caller);
	caller->issuer_id = (char *)issuer;
	caller->grants = arena_alloc(&arena, sizeof(*caller->grants));
	caller->grants[0] = grant;
	caller->n_grants = 1;
	return (struct batch_item){
		.call = {.arena = &arena,
			.db = harness_db(),
			.caller = caller,
			.key = key,
			.trace = "t",
			.deadline_ms = clock_ms() + 30000,
			.state = &shop},
		.method = rpc->name,
		.request = call_pack(&arena, req),
	};
}

extern const struct service credential_service;

static int
begin(void **state)
{
	char folder[] = "/tmp/vouch-batch-XXXXXX", file[100], command[100];
	bool ok;

	(void)state;
	assert_non_null(mkdtemp(folder));
	setenv("VOUCH_KEYS_DIR", folder, 1);
	ok = harness_open(&credential_service) == 0;
	snprintf(file, sizeof(file), "%s/test.seed", folder);
	ok = ok && jws_key_load(&shop.key, file);
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command) != 0 || !ok;
}

static int
end(void **state)
{
	(void)state;
	arena_reset(&arena);
	harness_close(); /* which statements ran is test_credential's matter */
	return 0;
}

#endif
