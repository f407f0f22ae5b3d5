#include "batch.h"

#include <assert.h>
#include <string.h>

#include "db_tx.h"

_Static_assert((int)BATCH_MAX <= (int)LANES_MAX, "a batch fits into the lanes");

static void
answer_alone(const struct handler *handlers, struct batch_item *item, const struct batch_listener *listener)
{
	call_again(&item->call);
	item->ok = call_run(&item->call, handlers, item->method, item->request, &item->reply);
	listener->answer(listener->arg, item);
	listener->send(listener->arg);
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

/* ---- beside each other ----------------------------------------------------------------- */

/* Calls that run in lanes (db_tx.h). */
struct together {
	struct db *db;
	struct batch_item **items;
	const struct handler **handlers;
	bool fits[BATCH_MAX]; /* of each write: what it has sent may be committed */
	Vouch__Count claimed; /* of writes: how many of their keys were new */
	size_t n;
};

/* Runs one prepared write whose key is claimed. */
static void
run_write(void *arg, size_t i)
{
	struct together *t = arg;
	struct batch_item *item = t->items[i];
	struct call *call = &item->call;

	item->ok = call_handle(call, t->handlers[i], &item->reply);
	t->fits[i] = item->ok ? !call->retry :
				!call->retry && (call->keeps || lane_undo(t->db)) && tx_unclaim(call);
}

/* A key that is not new has an answer already, and which one it is only a look at each would tell. */
static bool
are_all_new(void *arg)
{
	const struct together *t = arg;

	return (size_t)t->claimed.n == t->n;
}

/* A call for what concerns the whole batch. */
static struct call
common_call(const struct call *call, struct arena *arena)
{
	struct call own = *call;

	own.arena = arena;
	own.status = VOUCH__STATUS__OK;
	own.replay = NULL;
	own.retry = false;
	return own;
}

/* The writes side by side: true when all of what was sent may be committed. */
static bool
write_together(struct together *t, struct call *const *calls, struct call *common)
{
	bool ok;

	vouch__count__init(&t->claimed);
	ok = tx_claim_all(common, calls, t->n, &t->claimed) && lanes_start(t->db, calls, t->n, run_write, t);
	if (!ok)
		return false;
	do {
		ok = lanes_step(t->db, common, are_all_new, t);
	} while (ok && lanes_wait(t->db));
	for (size_t i = 0; i < t->n; i++)
		ok = ok && t->fits[i];
	return ok;
}

static bool
store_replies(struct together *t, struct call *common)
{
	struct call *calls[BATCH_MAX];
	const ProtobufCBinaryData *replies[BATCH_MAX];
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		if (t->items[i]->ok) {
			calls[n] = &t->items[i]->call;
			replies[n++] = &t->items[i]->reply;
		}
	return tx_done_all(common, calls, replies, n);
}

/*
 * Most batches hold no call that fails after it has written, and no key that ran
 * before. Such a one needs no savepoints, and its keys and its answers are one statement each.
 */
static enum shared
run_quickly(struct batch_item **writes, const struct handler **handlers, size_t n)
{
	struct together t = {.db = writes[0]->call.db, .items = writes, .handlers = handlers, .n = n};
	struct call *calls[BATCH_MAX];
	struct arena arena = {0};
	struct call common = common_call(&writes[0]->call, &arena);
	enum shared end = UNFIT;
	bool lost;

	for (size_t i = 0; i < n; i++)
		calls[i] = &writes[i]->call;
	if (!tx_begin(t.db, &common))
		return LOST;
	if (write_together(&t, calls, &common) && announce_all(&common) && store_replies(&t, &common))
		end = tx_commit(t.db, &common) ? COMMITTED : LOST;
	lost = end == LOST || common.retry || !db_is_up(t.db);
	for (size_t i = 0; i < n; i++)
		lost = lost || calls[i]->retry;
	if (end == UNFIT) {
		tx_rollback(t.db);
		tx_be_careful(t.db);
		for (size_t i = 0; i < n; i++)
			call_again(calls[i]);
	}
	arena_reset(&arena);
	return end == UNFIT && lost ? LOST : end;
}

/* Runs one prepared read. */
static void
run_read(void *arg, size_t i)
{
	struct together *t = arg;

	t->items[i]->ok = call_handle(&t->items[i]->call, t->handlers[i], &t->items[i]->reply);
}

static bool
always(void *arg)
{
	(void)arg;
	return true;
}

/* The reads side by side; false: one of them failed in the database, and what it failed in was shared. */
static bool
read_together(struct batch_item **reads, const struct handler **handlers, size_t n)
{
	struct together t = {.db = reads[0]->call.db, .items = reads, .handlers = handlers, .n = n};
	struct call *calls[BATCH_MAX];
	struct arena arena = {0};
	struct call common = common_call(&reads[0]->call, &arena);
	bool ok;

	for (size_t i = 0; i < n; i++)
		calls[i] = &reads[i]->call;
	ok = lanes_start(t.db, calls, n, run_read, &t);
	while (ok && lanes_wait(t.db))
		ok = lanes_step(t.db, &common, always, NULL);
	arena_reset(&arena);
	return ok;
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

/* Prepares N items of one kind; those that cannot run are answered. How many can, in front. */
static size_t
prepare(const struct handler *handlers, struct batch_item **items, const struct handler **handler_of,
    size_t n, const struct batch_listener *listener)
{
	size_t n_ready = 0;

	for (size_t i = 0; i < n; i++) {
		struct call *call = &items[i]->call;
		const struct handler *h = call_prepare(call, handlers, items[i]->method, items[i]->request);

		if (h == NULL || !tx_ready(call->db, call)) {
			items[i]->ok = false;
			listener->answer(listener->arg, items[i]);
			continue;
		}
		call->now = call->now != 0 ? call->now : tx_now(call->db);
		handler_of[n_ready] = h;
		items[n_ready++] = items[i];
	}
	group_by_issuer(items, handler_of, n_ready);
	return n_ready;
}

/* Runs N items of one kind and answers each. */
static void
run_kind(const struct handler *handlers, struct batch_item **items, size_t n, bool writes,
    const struct batch_listener *listener)
{
	const struct handler *handler_of[BATCH_MAX];
	bool ok = false;

	if (n > 1) {
		n = prepare(handlers, items, handler_of, n, listener);
		ok = n > 1 &&
		    (writes ? run_shared(items, handler_of, n) : read_together(items, handler_of, n));
	}
	for (size_t i = 0; i < n; i++)
		if (ok)
			listener->answer(listener->arg, items[i]);
		else
			answer_alone(handlers, items[i], listener);
	listener->send(listener->arg); /* also what prepare() has answered */
}

void
batch_run(
    const struct handler *handlers, struct batch_item *items, size_t n, const struct batch_listener *listener)
{
	struct batch_item *writes[BATCH_MAX], *reads[BATCH_MAX];
	size_t n_writes = 0, n_reads = 0;

	assert(n >= 1 && n <= BATCH_MAX);
	for (size_t i = 0; i < n; i++) {
		const struct handler *h = handlers;

		while (h->rpc != NULL && strcmp(h->rpc->name, items[i].method) != 0)
			h++;
		/* What is slow runs alone: the others must not wait for it. */
		if (n == 1 || items[i].call.db == NULL || h->rpc == NULL || h->rpc->slow)
			answer_alone(handlers, &items[i], listener);
		else if (h->rpc->writes)
			writes[n_writes++] = &items[i];
		else
			reads[n_reads++] = &items[i];
	}
	if (n_reads > 0)
		run_kind(handlers, reads, n_reads, false, listener);
	if (n_writes > 0)
		run_kind(handlers, writes, n_writes, true, listener);
}
