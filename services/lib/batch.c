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

/* What became of a shared transaction. */
enum shared {
	COMMITTED,
	UNFIT, /* rolled back, for something in it needs a savepoint */
	LOST,  /* nothing of it is known to have happened */
};

/* ---- with savepoints --------------------------------------------------------------- */

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
	if (item->ok || (call->keeps && tx_unclaim(call))) {
		if (tx_release_now(call))
			return true;
		item->ok = false;
		if (call->retry)
			return false;
	}
	return tx_rollback_to(db);
}

static enum shared
run_carefully(struct batch_item **writes, const struct handler **handlers, size_t n)
{
	struct db *db = writes[0]->call.db;

	if (!tx_begin(db, &writes[0]->call))
		return LOST;
	for (size_t i = 0; i < n; i++)
		if (!run_inside(writes[i], handlers[i])) {
			tx_rollback(db);
			return LOST;
		}
	return tx_commit(db, NULL) ? COMMITTED : LOST;
}

/* ---- without ------------------------------------------------------------------------- */

/* Runs one prepared write whose key is claimed. False: what it has sent can only be rolled back. */
static bool
run_bare(struct batch_item *item, const struct handler *h)
{
	struct call *call = &item->call;
	struct tx_mark mark = tx_mark(call->db);

	item->ok = call_handle(call, h, &item->reply);
	if (item->ok)
		return !call->retry;
	return !call->retry && (call->keeps || tx_undo(call->db, mark)) && tx_unclaim(call);
}

/*
 * Most batches hold no call that fails after it has written, and no key that ran
 * before. Such a one needs no savepoints, and its keys and its answers are one statement each.
 */
static enum shared
run_quickly(struct batch_item **writes, const struct handler **handlers, size_t n)
{
	struct db *db = writes[0]->call.db;
	struct call *calls[BATCH_MAX];
	const ProtobufCBinaryData *replies[BATCH_MAX];
	size_t n_done = 0;
	bool all, ok, lost = false;

	for (size_t i = 0; i < n; i++)
		calls[i] = &writes[i]->call;
	if (!tx_begin(db, calls[0]))
		return LOST;
	ok = tx_claim_all(calls, n, &all) && all;
	for (size_t i = 0; ok && i < n; i++) {
		ok = run_bare(writes[i], handlers[i]);
		lost = writes[i]->call.retry;
		if (ok && writes[i]->ok) {
			calls[n_done] = &writes[i]->call;
			replies[n_done++] = &writes[i]->reply;
		}
	}
	if (ok && tx_done_all(calls, replies, n_done))
		return tx_commit(db, NULL) ? COMMITTED : LOST;
	tx_rollback(db);
	/* What is claimed or stored for all fails without a call to say so. */
	if (lost || !db_is_up(db))
		return LOST;
	tx_be_careful(db);
	for (size_t i = 0; i < n; i++)
		call_again(&writes[i]->call);
	return UNFIT;
}

/*
 * Calls of one issuer behind each other, each in the order in which they came:
 * with the issuer the connection's setting for row level security changes, a statement each time.
 */
static void
group_by_issuer(struct batch_item **writes, const struct handler **handlers, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct batch_item *item = writes[i];
		const struct handler *h = handlers[i];
		size_t at = i;

		for (; at > 0 &&
		    strcmp(writes[at - 1]->call.caller->issuer_id, item->call.caller->issuer_id) > 0;
		    at--) {
			writes[at] = writes[at - 1];
			handlers[at] = handlers[at - 1];
		}
		writes[at] = item;
		handlers[at] = h;
	}
}

/* Runs all writes in one transaction; false: it was lost, and each must run again. */
static bool
run_shared(struct batch_item **writes, const struct handler **handlers, size_t n)
{
	enum shared end = tx_hurry(writes[0]->call.db) ? run_quickly(writes, handlers, n) : UNFIT;

	if (end == UNFIT)
		end = run_carefully(writes, handlers, n);
	return end == COMMITTED;
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
	group_by_issuer(writes, handler_of, n_ready);
	if (run_shared(writes, handler_of, n_ready)) {
		for (size_t i = 0; i < n_ready; i++)
			answer(arg, writes[i]);
		return;
	}
	for (size_t i = 0; i < n_ready; i++)
		answer_alone(handlers, writes[i], answer, arg);
}
