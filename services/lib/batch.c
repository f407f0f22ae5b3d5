#include "batch.h"

#include <assert.h>
#include <string.h>

#include "db_tx.h"

static void
answer_alone(const struct handler *handlers, struct batch_item *item,
    void (*answer)(void *, struct batch_item *), void *arg)
{
	call_again(&item->call);
	item->ok = call_run(&item->call, handlers, item->method, item->request, &item->reply);
	answer(arg, item);
}

/*
 * Runs one prepared write inside the open transaction. False: the transaction
 * is lost and all must run again. A refusal is no such loss.
 */
static bool
run_inside(struct batch_item *item, const struct handler *h)
{
	struct call *call = &item->call;
	struct db *db = call->db;

	tx_savepoint(db);
	item->ok = tx_claim(call);
	if (item->ok && call->replay != NULL) {
		item->reply = *call->replay;
		return tx_rollback_to(db); /* nothing was written */
	}
	item->ok = item->ok && call_handle(call, h, &item->reply) && tx_done(call, &item->reply);
	if (call->retry)
		return false;
	if (item->ok || (call->keeps && tx_unclaim(call)))
		tx_release(db);
	else if (!tx_rollback_to(db))
		return false;
	return true;
}

/* Runs all writes in one transaction; false: it was lost, nothing of them is known to have happened. */
static bool
run_shared(struct batch_item **writes, const struct handler **handlers, size_t n)
{
	struct db *db = writes[0]->call.db;

	if (!tx_begin(db, &writes[0]->call))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!run_inside(writes[i], handlers[i])) {
			tx_rollback(db);
			return false;
		}
	return tx_commit(db, NULL);
}

void
batch_run(const struct handler *handlers, struct batch_item *items, size_t n,
    void (*answer)(void *arg, struct batch_item *item), void *arg)
{
	struct batch_item *writes[BATCH_MAX];
	const struct handler *handler_of[BATCH_MAX];
	size_t n_writes = 0;

	assert(n >= 1 && n <= BATCH_MAX);
	for (size_t i = 0; i < n; i++) {
		struct batch_item *item = &items[i];
		const struct handler *h = handlers;

		while (h->rpc != NULL && strcmp(h->rpc->name, item->method) != 0)
			h++;
		/* A slow write runs alone: the others must not wait for it. */
		if (n == 1 || h->rpc == NULL || !h->rpc->writes || h->rpc->slow) {
			item->ok = call_run(&item->call, handlers, item->method, item->request, &item->reply);
			answer(arg, item);
		} else {
			writes[n_writes++] = item;
		}
	}
	if (n_writes == 1) {
		answer_alone(handlers, writes[0], answer, arg);
		return;
	}
	size_t n_ready = 0;
	for (size_t i = 0; i < n_writes; i++) {
		struct call *call = &writes[i]->call;
		const struct handler *h = call_prepare(call, handlers, writes[i]->method, writes[i]->request);

		if (h == NULL || !tx_ready(call->db, call)) {
			writes[i]->ok = false;
			answer(arg, writes[i]);
			continue;
		}
		call->now = call->now != 0 ? call->now : tx_now(call->db);
		handler_of[n_ready] = h;
		writes[n_ready++] = writes[i];
	}
	if (n_ready == 0)
		return;
	if (run_shared(writes, handler_of, n_ready)) {
		for (size_t i = 0; i < n_ready; i++)
			answer(arg, writes[i]);
		return;
	}
	for (size_t i = 0; i < n_ready; i++)
		answer_alone(handlers, writes[i], answer, arg);
}
