#include "relay.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common.pb-c.h"
#include "db.h"
#include "db_tx.h"
#include "log.h"

enum { TRIES_MAX = 12, SEND_MS = 10000, LOOK_MS = 1000, SETTLE_MS = 20, AGAIN_MS = 100 };
enum { STATE_MS = 5000, PURGE_MS = 600000 };
/* At once: on the way, by one lease, to one service (one that is down leaves room for others), their bytes. */
enum { FLIGHT_MAX = 300, LEASE_MAX = 100, SERVICE_MAX = 100, RPCS_MAX = 512, LEASE_BYTES = 16 << 20 };

/* A row on its way to its listener. */
struct flight {
	struct relay *relay;
	enum { FREE, SENT, ANSWERED } state;
	int64_t id, tries;
	const char *service; /* NULL: nobody is known to listen */
	char rpc[64];
	Vouch__Status status;
};

struct relay {
	struct db *db;
	struct bus *bus;
	pthread_t thread;
	struct flight flights[FLIGHT_MAX];
	int n_sent, n_answered; /* with each flight's state and status: under shared.lock */
	bool failed;            /* the last turn: no database */
	int64_t state_at, purge_at;
};

/* One per process: workers poke it without knowing it. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool poked, stopping;
	atomic_int_least64_t due, parked;
} shared = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static struct call
own_call(struct db *db, struct arena *arena)
{
	static const Vouch__Caller nobody = VOUCH__CALLER__INIT;

	return (struct call){.arena = arena, .db = db, .caller = &nobody, .key = "", .trace = ""};
}

/* ---- sending --------------------------------------------------------------- */

static void
answered(struct flight *f, Vouch__Status status)
{
	struct relay *r = f->relay;

	pthread_mutex_lock(&shared.lock);
	f->status = status;
	f->state = ANSWERED;
	r->n_sent--;
	r->n_answered++;
	pthread_cond_signal(&shared.changed);
	pthread_mutex_unlock(&shared.lock);
}

/* bus_done. */
static void
on_answer(void *arg, const Vouch__ReplyHeader *header, ProtobufCBinaryData reply)
{
	(void)reply;
	answered(arg, header->status);
}

/* A row of a newer release waits for this process to be replaced; what no bus carries would wait in vain. */
static void
send_row(struct relay *r, const Vouch__OutboxRow *row, struct flight *flight)
{
	const struct rpc *rpc = rpc_find(row->rpc);
	Vouch__Caller caller = VOUCH__CALLER__INIT;
	Vouch__Grant grant = VOUCH__GRANT__INIT, *grants[1] = {&grant};
	struct bus_request request = {.rpc = rpc,
		.caller = &caller,
		.key = row->key,
		.trace = row->trace,
		.request = row->payload,
		.deadline_ms = clock_ms() + SEND_MS,
		.done = on_answer,
		.arg = flight};

	grant.issuer_id = "*";
	grant.role = VOUCH__ROLE__SERVICE;
	caller.issuer_id = row->issuer_id;
	caller.account_id = row->account_id;
	caller.grants = grants;
	caller.n_grants = 1;
	if (row->too_large)
		answered(flight, VOUCH__STATUS__INVALID);
	else if (rpc == NULL || !bus_send(r->bus, &request))
		answered(flight, VOUCH__STATUS__UNAVAILABLE);
}

static struct flight *
free_flight(struct relay *r)
{
	int i = 0;

	while (i < FLIGHT_MAX && r->flights[i].state != FREE)
		i++;
	assert(i < FLIGHT_MAX); /* a lease is no larger than the room for it */
	return &r->flights[i];
}

static void
send_all(struct relay *r, const Vouch__OutboxBatch *batch)
{
	for (size_t i = 0; i < batch->n_rows; i++) {
		const Vouch__OutboxRow *row = batch->rows[i];
		const struct rpc *rpc = rpc_find(row->rpc);
		struct flight *f;

		pthread_mutex_lock(&shared.lock);
		f = free_flight(r);
		*f = (struct flight){.relay = r,
			.state = SENT,
			.id = row->id,
			.tries = row->tries,
			.service = rpc != NULL ? rpc->service : NULL};
		snprintf(f->rpc, sizeof(f->rpc), "%s", row->rpc);
		r->n_sent++;
		pthread_mutex_unlock(&shared.lock);
		send_row(r, row, f);
	}
}

/* ---- one turn: write down what was answered, lease what is due, send it ------------- */

static bool
is_unclear(Vouch__Status status)
{
	return status == VOUCH__STATUS__UNAVAILABLE || status == VOUCH__STATUS__OVERLOADED ||
	    status == VOUCH__STATUS__TIMEOUT || status == VOUCH__STATUS__RATE_LIMITED;
}

/* Rows that end in one way. A try is the fence: whoever leased a row again has it. */
struct rows {
	size_t n;
	int64_t ids[FLIGHT_MAX], tries[FLIGHT_MAX];
};

struct ends {
	struct rows done, later, parked;
	int n_places, places[FLIGHT_MAX];
};

static void
gather(struct relay *r, struct ends *ends)
{
	memset(ends, 0, sizeof(*ends));
	pthread_mutex_lock(&shared.lock);
	for (int i = 0; i < FLIGHT_MAX && r->n_answered > 0; i++) {
		const struct flight *f = &r->flights[i];
		struct rows *rows = f->status == VOUCH__STATUS__OK ? &ends->done :
		    is_unclear(f->status) && f->tries < TRIES_MAX  ? &ends->later :
								     &ends->parked;

		if (f->state != ANSWERED)
			continue;
		rows->ids[rows->n] = f->id;
		rows->tries[rows->n++] = f->tries;
		ends->places[ends->n_places++] = i;
	}
	pthread_mutex_unlock(&shared.lock);
}

static bool
write_end(struct call *call, const char *query, const struct rows *rows)
{
	return rows->n == 0 ||
	    db_do(call, query, NULL,
		ARGS(NUMBERS("ids", rows->ids, rows->n), NUMBERS("tried", rows->tries, rows->n)));
}

/* They are settled: their places are free, and an operator hears of those that were parked. */
static void
release(struct relay *r, const struct ends *ends)
{
	pthread_mutex_lock(&shared.lock);
	for (int i = 0; i < ends->n_places; i++) {
		struct flight *f = &r->flights[ends->places[i]];

		if (f->status != VOUCH__STATUS__OK && (!is_unclear(f->status) || f->tries >= TRIES_MAX))
			log_error("outbox: %s parked event %lld (status %d)", f->rpc, (long long)f->id,
			    (int)f->status);
		f->state = FREE;
	}
	r->n_answered -= ends->n_places;
	pthread_mutex_unlock(&shared.lock);
}

/* The rpcs of services that have enough on their way. Returns how many. */
static size_t
busy_rpcs(struct relay *r, char **names)
{
	size_t n = 0;

	pthread_mutex_lock(&shared.lock);
	for (int i = 0; rpcs[i] != NULL && n < RPCS_MAX && r->n_sent >= SERVICE_MAX; i++) {
		int outstanding = 0;

		if (strncmp(strchr(rpcs[i]->name, '.') + 1, "On", 2) != 0)
			continue;
		for (int k = 0; k < FLIGHT_MAX; k++)
			outstanding += r->flights[k].state == SENT && r->flights[k].service != NULL &&
			    strcmp(r->flights[k].service, rpcs[i]->service) == 0;
		if (outstanding >= SERVICE_MAX)
			names[n++] = (char *)rpcs[i]->name;
	}
	pthread_mutex_unlock(&shared.lock);
	return n;
}

/* How many rows may be leased now. */
static int
room(struct relay *r)
{
	int n;

	pthread_mutex_lock(&shared.lock);
	n = shared.stopping ? 0 : FLIGHT_MAX - r->n_sent - r->n_answered;
	pthread_mutex_unlock(&shared.lock);
	return n < LEASE_MAX ? n : LEASE_MAX;
}

static bool
lease(struct relay *r, struct call *call, int most, Vouch__OutboxBatch *batch)
{
	char *busy[RPCS_MAX];
	size_t n_busy = busy_rpcs(r, busy);

	return most == 0 ||
	    db_all(call, "outbox_lease", NULL,
		ARGS(LIST("busy", busy, n_busy), INT("most", most), INT("largest", BUS_MESSAGE_MAX),
		    INT("bytes", LEASE_BYTES)),
		&batch->base, "rows");
}

/* All in one short transaction; what it leased is sent when none is open. True: there may be more at once. */
static bool
turn(struct relay *r)
{
	struct arena arena = {0};
	struct call call = own_call(r->db, &arena);
	Vouch__OutboxBatch batch = VOUCH__OUTBOX_BATCH__INIT;
	struct ends ends;
	int most = room(r);
	bool ok;

	gather(r, &ends);
	ok = tx_ready(r->db, NULL) && write_end(&call, "outbox_done", &ends.done) &&
	    write_end(&call, "outbox_later", &ends.later) && write_end(&call, "outbox_park", &ends.parked) &&
	    lease(r, &call, most, &batch) && db_commit(&call);
	r->failed = !ok;
	if (ok) {
		release(r, &ends);
		send_all(r, &batch);
	} else if (tx_is_open(r->db)) {
		tx_rollback(
		    r->db); /* what was answered is written down by the next turn, or its lease runs out */
	}
	arena_reset(&arena);
	return ok && batch.n_rows > 0;
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

/* ---- the thread ---------------------------------------------------------------- */

static struct timespec
after_ms(int ms)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += ms / 1000;
	t.tv_nsec += (long)(ms % 1000) * 1000000;
	if (t.tv_nsec >= 1000000000) {
		t.tv_sec++;
		t.tv_nsec -= 1000000000;
	}
	return t;
}

/*
 * Sleeps until poked, or something was answered, or for LOOK_MS. Answers that come
 * one by one are awaited a little, so that they share a commit. False: the thread ends.
 */
static bool
wait_for_work(struct relay *r)
{
	struct timespec until = after_ms(r->failed ? AGAIN_MS : LOOK_MS);
	bool go_on;

	pthread_mutex_lock(&shared.lock);
	while (r->failed && !shared.stopping)
		if (pthread_cond_clockwait(&shared.changed, &shared.lock, CLOCK_MONOTONIC, &until) != 0)
			break;
	while (!r->failed && !shared.poked && !shared.stopping && r->n_answered == 0)
		if (pthread_cond_clockwait(&shared.changed, &shared.lock, CLOCK_MONOTONIC, &until) != 0)
			break;
	until = after_ms(SETTLE_MS);
	while (!shared.poked && !shared.stopping && r->n_answered > 0 && r->n_sent > 0)
		if (pthread_cond_clockwait(&shared.changed, &shared.lock, CLOCK_MONOTONIC, &until) != 0)
			break;
	shared.poked = false;
	go_on = !shared.stopping;
	pthread_mutex_unlock(&shared.lock);
	return go_on;
}

/* What is on its way is answered before the end: bounded, as the bus answers each by its deadline. */
static void
finish(struct relay *r)
{
	pthread_mutex_lock(&shared.lock);
	while (r->n_sent > 0)
		pthread_cond_wait(&shared.changed, &shared.lock);
	pthread_mutex_unlock(&shared.lock);
	turn(r);
}

static void *
run(void *arg)
{
	struct relay *r = arg;

	r->purge_at = clock_ms() + PURGE_MS;
	do {
		while (turn(r) && room(r) > 0)
			; /* bounded by the room */
		if (clock_ms() - r->state_at > STATE_MS) {
			look_at_state(r->db);
			r->state_at = clock_ms();
		}
		if (clock_ms() > r->purge_at) {
			purge(r->db);
			r->purge_at = clock_ms() + PURGE_MS;
		}
	} while (wait_for_work(r));
	finish(r);
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

bool
relay_unpark(const struct config *config, const struct service *service, int64_t *n)
{
	struct db *db = db_open(config_text(config, "database"), service->name, "");
	struct arena arena = {0};
	struct call call = own_call(db, &arena);
	Vouch__Count count = VOUCH__COUNT__INIT;
	bool ok = tx_ready(db, NULL) && db_one(&call, "outbox_unpark", NULL, NULL, &count.base) &&
	    db_commit(&call);

	*n = count.n;
	if (!ok)
		log_error("outbox: the database does not answer");
	arena_reset(&arena);
	db_close(db);
	return ok;
}
