#include "relay.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common.pb-c.h"
#include "db.h"
#include "db_tx.h"
#include "log.h"

enum { TRIES_MAX = 12, SEND_MS = 10000, LOOK_MS = 1000, STATE_MS = 5000, PURGE_MS = 600000, ROWS_MAX = 100 };

struct relay {
	struct db *db;
	struct bus *bus;
	pthread_t thread;
};

/* One per process: workers poke it without knowing it. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool poked, stopping;
	atomic_int_least64_t due, parked;
} shared = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

/* The answers to one batch, as they come in. */
struct answers {
	pthread_mutex_t lock;
	pthread_cond_t all;
	int missing;
	Vouch__Status status[ROWS_MAX];
};

struct answer {
	struct answers *of;
	int row;
};

static struct call
own_call(struct db *db, struct arena *arena)
{
	static const Vouch__Caller nobody = VOUCH__CALLER__INIT;

	return (struct call){.arena = arena, .db = db, .caller = &nobody, .key = "", .trace = ""};
}

static void
on_answer(void *arg, const Vouch__ReplyHeader *header, ProtobufCBinaryData reply)
{
	struct answer *a = arg;

	(void)reply;
	pthread_mutex_lock(&a->of->lock);
	a->of->status[a->row] = header->status;
	if (--a->of->missing == 0)
		pthread_cond_signal(&a->of->all);
	pthread_mutex_unlock(&a->of->lock);
}

static bool
send_row(struct bus *bus, const Vouch__OutboxRow *row, struct answer *answer)
{
	const struct rpc *rpc = rpc_find(row->rpc);
	Vouch__Caller caller = VOUCH__CALLER__INIT;
	Vouch__Grant grant = VOUCH__GRANT__INIT, *grants[1] = {&grant};
	struct bus_request r = {.rpc = rpc,
		.caller = &caller,
		.key = row->key,
		.trace = row->trace,
		.request = row->payload,
		.deadline_ms = clock_ms() + SEND_MS,
		.done = on_answer,
		.arg = answer};

	if (rpc == NULL)
		return false; /* a row of a newer release waits for this process to be replaced */
	grant.issuer_id = "*";
	grant.role = VOUCH__ROLE__SERVICE;
	caller.issuer_id = row->issuer_id;
	caller.account_id = row->account_id;
	caller.grants = grants;
	caller.n_grants = 1;
	return bus_send(bus, &r);
}

static bool
is_unclear(Vouch__Status status)
{
	return status == VOUCH__STATUS__UNAVAILABLE || status == VOUCH__STATUS__OVERLOADED ||
	    status == VOUCH__STATUS__TIMEOUT || status == VOUCH__STATUS__RATE_LIMITED;
}

/* What became of the rows: deleted, later again, or parked for an operator. */
static void
settle(struct db *db, const Vouch__OutboxBatch *batch, const Vouch__Status *status)
{
	struct arena arena = {0};
	struct call call = own_call(db, &arena);
	int64_t ids[ROWS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < batch->n_rows; i++) {
		const Vouch__OutboxRow *row = batch->rows[i];
		bool refused = !is_unclear(status[i]) || row->tries >= TRIES_MAX;

		if (status[i] == VOUCH__STATUS__OK) {
			ids[n++] = row->id;
			continue;
		}
		if (refused)
			log_error("outbox: %s parked event %lld (status %d)", row->rpc, (long long)row->id,
			    (int)status[i]);
		db_do(&call, refused ? "outbox_park" : "outbox_later", NULL,
		    ARGS(INT("id", row->id), TEXT("error", refused ? "refused" : "no answer")));
	}
	if (n > 0)
		db_do(&call, "outbox_done", NULL, ARGS(NUMBERS("ids", ids, n)));
	if (!db_commit(&call))
		tx_rollback(db); /* the lease runs out, and the rows come again */
	arena_reset(&arena);
}

static void
send_all(struct bus *bus, const Vouch__OutboxBatch *batch, struct answers *answers, struct answer *each)
{
	answers->missing = (int)batch->n_rows;
	for (size_t i = 0; i < batch->n_rows; i++) {
		Vouch__ReplyHeader none = VOUCH__REPLY_HEADER__INIT;

		each[i] = (struct answer){answers, (int)i};
		none.status = VOUCH__STATUS__UNAVAILABLE;
		if (!send_row(bus, batch->rows[i], &each[i]))
			on_answer(&each[i], &none, (ProtobufCBinaryData){0});
	}
	pthread_mutex_lock(&answers->lock);
	while (answers->missing > 0) /* bounded: the bus answers each by its deadline */
		pthread_cond_wait(&answers->all, &answers->lock);
	pthread_mutex_unlock(&answers->lock);
}

int
relay_deliver(struct db *db, struct bus *bus)
{
	struct arena arena = {0};
	struct call call = own_call(db, &arena);
	Vouch__OutboxBatch batch = VOUCH__OUTBOX_BATCH__INIT;
	struct answers answers = {.lock = PTHREAD_MUTEX_INITIALIZER, .all = PTHREAD_COND_INITIALIZER};
	struct answer each[ROWS_MAX];
	int n = -1;

	if (tx_ready(db, NULL) && db_all(&call, "outbox_lease", NULL, NULL, &batch.base, "rows") &&
	    db_commit(&call)) {
		n = (int)batch.n_rows;
		if (n > 0) {
			send_all(bus, &batch, &answers, each);
			settle(db, &batch, answers.status);
		}
	} else if (tx_is_open(db)) {
		tx_rollback(db);
	}
	arena_reset(&arena);
	return n;
}

static void
look_at_state(struct db *db)
{
	struct arena arena = {0};
	struct call call = own_call(db, &arena);
	Vouch__OutboxState state = VOUCH__OUTBOX_STATE__INIT;

	if (tx_ready(db, NULL) && db_one(&call, "outbox_state", NULL, NULL, &state.base)) {
		atomic_store(&shared.due, state.due);
		atomic_store(&shared.parked, state.parked);
	}
	arena_reset(&arena);
}

static void
purge(struct db *db)
{
	struct arena arena = {0};
	struct call call = own_call(db, &arena);

	if (tx_ready(db, NULL) && !(db_do(&call, "done_purge", NULL, NULL) && db_commit(&call)) &&
	    tx_is_open(db))
		tx_rollback(db);
	arena_reset(&arena);
}

/* Sleeps until poked or for LOOK_MS. False: the thread ends. */
static bool
wait_for_work(void)
{
	struct timespec until;
	bool go_on;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += LOOK_MS / 1000;
	pthread_mutex_lock(&shared.lock);
	while (!shared.poked && !shared.stopping)
		if (pthread_cond_timedwait(&shared.changed, &shared.lock, &until) != 0)
			break;
	shared.poked = false;
	go_on = !shared.stopping;
	pthread_mutex_unlock(&shared.lock);
	return go_on;
}

static void *
run(void *arg)
{
	struct relay *r = arg;
	int64_t state_at = 0, purge_at = clock_ms() + PURGE_MS;

	do {
		while (relay_deliver(r->db, r->bus) > 0) {
			bool stop;

			pthread_mutex_lock(&shared.lock);
			stop = shared.stopping;
			pthread_mutex_unlock(&shared.lock);
			if (stop)
				break;
		}
		if (clock_ms() - state_at > STATE_MS) {
			look_at_state(r->db);
			state_at = clock_ms();
		}
		if (clock_ms() > purge_at) {
			purge(r->db);
			purge_at = clock_ms() + PURGE_MS;
		}
	} while (wait_for_work());
	return NULL;
}

struct relay *
relay_start(const struct config *config, const struct service *service, struct bus *bus)
{
	struct relay *r = calloc(1, sizeof(*r));

	assert(r != NULL);
	r->bus = bus;
	r->db = db_open(config_text(config, "database"), service->name, "");
	shared.stopping = false;
	assert(pthread_create(&r->thread, NULL, run, r) == 0);
	return r;
}

void
relay_stop(struct relay *r)
{
	if (r == NULL)
		return;
	pthread_mutex_lock(&shared.lock);
	shared.stopping = true;
	pthread_cond_broadcast(&shared.changed);
	pthread_mutex_unlock(&shared.lock);
	pthread_join(r->thread, NULL);
	db_close(r->db);
	free(r);
}

void
relay_poke(void)
{
	pthread_mutex_lock(&shared.lock);
	shared.poked = true;
	pthread_cond_signal(&shared.changed);
	pthread_mutex_unlock(&shared.lock);
}

void
relay_state(int64_t *due, int64_t *parked)
{
	*due = atomic_load(&shared.due);
	*parked = atomic_load(&shared.parked);
}
