/*
 * bus_server.c: the answering end. One thread owns the ROUTER; workers take
 * calls from bounded queues and hand their answers back through a list and a
 * bell.
 */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "batch.h"
#include "bus.h"
#include "bus_wire.h"
#include "db_tx.h"
#include "log.h"
#include "metrics.h"
#include "relay.h"

enum { WORKERS_MAX = 20, START_MS = 60000, TIMEOUT_MOST_MS = 60000 };

struct job_call {
	struct job_call *next; /* in the list of answers */
	zmq_msg_t route, id, body;
	Vouch__RequestHeader *header;
	struct arena arena;
	int64_t deadline_ms, came_ms;
	uint8_t *head; /* the packed ReplyHeader; in the arena */
	size_t head_len;
	ProtobufCBinaryData reply;
};

struct worker {
	struct server *server;
	pthread_t thread;
	struct db *db;
	pthread_mutex_t lock;
	pthread_cond_t filled;
	struct job_call **queue; /* ring of queue_max */
	int head, n;
	bool stopping;
	atomic_bool connected;
};

struct server {
	const struct config *config;
	const struct service *service;
	void *state, *zmq, *router;
	int queue_max, n_workers,
	    n_fast; /* the first n_fast take calls by issuer, the others the slow reads */
	struct worker workers[WORKERS_MAX];
	pthread_t front;
	int bell;
	pthread_mutex_t lock;
	struct job_call *answers, **answers_end;
	int n_open; /* taken and not yet answered */
	bool draining, ending;
};

/* ---- answers --------------------------------------------------------------- */

static void
job_free(struct job_call *job)
{
	zmq_msg_close(&job->route);
	zmq_msg_close(&job->id);
	zmq_msg_close(&job->body);
	arena_reset(&job->arena);
	free(job);
}

static void
send_answer(struct server *s, struct job_call *job)
{
	/* A peer that is gone, or does not take it now, costs its caller a retry. */
	if (zmq_msg_send(&job->route, s->router, ZMQ_SNDMORE) >= 0 &&
	    zmq_msg_send(&job->id, s->router, ZMQ_SNDMORE) >= 0) {
		zmq_send(s->router, job->head, job->head_len, ZMQ_SNDMORE);
		zmq_send(s->router, job->reply.data != NULL ? (void *)job->reply.data : (void *)"",
		    job->reply.len, 0);
	}
	job_free(job);
}

static void
pack_header(struct job_call *job, const Vouch__ReplyHeader *header)
{
	job->head_len = vouch__reply_header__get_packed_size(header);
	job->head = arena_alloc(&job->arena, job->head_len + 1);
	if (job->head != NULL)
		vouch__reply_header__pack(header, job->head);
	else
		job->head_len = 0;
}

/* From a worker: hands the answer to the front. */
static void
hand_back(void *arg, struct batch_item *item)
{
	struct server *s = arg;
	struct job_call *job = item->job;
	Vouch__ReplyHeader header = VOUCH__REPLY_HEADER__INIT;
	struct call *call = &item->call;
	double ms = (double)(clock_ms() - job->came_ms);

	if (!item->ok)
		call_reply_header(call, &header);
	pack_header(job, &header);
	if (item->ok || call->shows_current)
		job->reply = item->reply;
	metrics_call(call->rpc, header.status, ms / 1000);
	log_call(call->trace, item->method, call_issuer(call),
	    protobuf_c_enum_descriptor_get_value(&vouch__status__descriptor, (int)header.status)->name, ms);
	pthread_mutex_lock(&s->lock);
	job->next = NULL;
	*s->answers_end = job;
	s->answers_end = &job->next;
	pthread_mutex_unlock(&s->lock);
	bell_ring(s->bell);
}

static void
send_answers(struct server *s)
{
	struct job_call *list, *next;
	int n = 0;

	bell_hush(s->bell);
	pthread_mutex_lock(&s->lock);
	list = s->answers;
	s->answers = NULL;
	s->answers_end = &s->answers;
	pthread_mutex_unlock(&s->lock);
	for (struct job_call *job = list; job != NULL; job = next, n++) {
		next = job->next;
		send_answer(s, job);
	}
	pthread_mutex_lock(&s->lock);
	s->n_open -= n;
	pthread_mutex_unlock(&s->lock);
}

/* ---- workers ---------------------------------------------------------------- */

static void
work(struct worker *w, struct job_call **jobs, size_t n)
{
	static const Vouch__Caller nobody = VOUCH__CALLER__INIT;
	struct batch_item items[BATCH_MAX];

	for (size_t i = 0; i < n; i++) {
		struct job_call *job = jobs[i];
		const Vouch__RequestHeader *h = job->header;

		items[i] = (struct batch_item){
			.call = {.arena = &job->arena,
				.db = w->db,
				.caller = h->caller != NULL ? h->caller : &nobody,
				.key = h->key,
				.trace = h->trace,
				.deadline_ms = job->deadline_ms,
				.config = w->server->config,
				.state = w->server->state},
			.method = h->method,
			.request = {zmq_msg_size(&job->body), zmq_msg_data(&job->body)},
			.job = job,
		};
	}
	batch_run(w->server->service->handlers, items, n, hand_back, w->server);
	relay_poke();
}

/* Waits for calls; takes up to BATCH_MAX. 0: the worker ends. */
static size_t
take(struct worker *w, struct job_call **jobs)
{
	size_t n = 0;

	pthread_mutex_lock(&w->lock);
	while (w->n == 0 && !w->stopping)
		pthread_cond_wait(&w->filled, &w->lock);
	while (w->n > 0 && n < BATCH_MAX) {
		jobs[n++] = w->queue[w->head];
		w->head = (w->head + 1) % w->server->queue_max;
		w->n--;
	}
	pthread_mutex_unlock(&w->lock);
	return n;
}

static void *
worker_run(void *arg)
{
	struct worker *w = arg;
	struct job_call *jobs[BATCH_MAX];
	int64_t end = clock_ms() + START_MS;
	size_t n;

	while (w->db != NULL && !tx_ready(w->db, NULL) && clock_ms() < end)
		usleep(20000); /* the server may still be starting; its own backoff bounds the tries */
	atomic_store(&w->connected, w->db == NULL || db_is_up(w->db));
	while ((n = take(w, jobs)) > 0)
		work(w, jobs, n);
	db_close(w->db);
	w->db = NULL;
	return NULL;
}

/* ---- the front ---------------------------------------------------------------- */

static uint32_t
hash(const char *s)
{
	uint32_t h = 2166136261u;

	for (; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h;
}

static bool
enqueue(struct server *s, struct job_call *job)
{
	const struct rpc *rpc = rpc_find(job->header->method);
	const Vouch__Caller *c = job->header->caller;
	/* An issuer always on the same worker: batches that touch the same rows must not meet. Across issuers: an account. */
	const char *route = c == NULL ? "" : c->issuer_id[0] != '\0' ? c->issuer_id : c->account_id;
	int slow = s->n_workers - s->n_fast, at;
	struct worker *w;
	bool ok;

	at = rpc != NULL && rpc->slow && slow > 0 ?
	    s->n_fast + (int)(hash(job->header->trace) % (unsigned)slow) :
	    (int)(hash(route) % (unsigned)s->n_fast);
	w = &s->workers[at];
	pthread_mutex_lock(&s->lock);
	ok = !s->draining;
	if (ok)
		s->n_open++;
	pthread_mutex_unlock(&s->lock);
	if (!ok)
		return false;
	pthread_mutex_lock(&w->lock);
	ok = w->n < s->queue_max;
	if (ok) {
		w->queue[(w->head + w->n++) % s->queue_max] = job;
		pthread_cond_signal(&w->filled);
	}
	pthread_mutex_unlock(&w->lock);
	if (!ok) {
		pthread_mutex_lock(&s->lock);
		s->n_open--;
		pthread_mutex_unlock(&s->lock);
	}
	return ok;
}

static void
answer_health(struct server *s, struct job_call *job)
{
	Vouch__Health health = VOUCH__HEALTH__INIT;
	Vouch__ReplyHeader header = VOUCH__REPLY_HEADER__INIT;
	char why[300], *problems[1] = {why};

	health.ready = server_ready(s, why, sizeof(why));
	health.service = (char *)s->service->name;
	relay_state(&health.outbox_due, &health.outbox_parked);
	if (!health.ready) {
		health.problems = problems;
		health.n_problems = 1;
	}
	job->reply = call_pack(&job->arena, &health.base);
	pack_header(job, &header);
	send_answer(s, job);
}

static void
admit(struct server *s, zmq_msg_t *f)
{
	struct job_call *job = calloc(1, sizeof(*job));
	Vouch__ReplyHeader header = VOUCH__REPLY_HEADER__INIT;

	assert(job != NULL);
	job->route = f[0]; /* the frames move with the job */
	job->id = f[1];
	job->body = f[3];
	job->came_ms = clock_ms();
	job->header = (void *)call_unpack(
	    &job->arena, &vouch__request_header__descriptor, zmq_msg_size(&f[2]), zmq_msg_data(&f[2]));
	zmq_msg_close(&f[2]);
	if (job->header == NULL || zmq_msg_size(&job->body) > BUS_MESSAGE_MAX) {
		job_free(job); /* not ours: nobody waits for an answer */
		return;
	}
	if (strcmp(job->header->method, "health") == 0) {
		answer_health(s, job);
		return;
	}
	job->deadline_ms = job->came_ms +
	    (job->header->timeout_ms < TIMEOUT_MOST_MS ? job->header->timeout_ms : TIMEOUT_MOST_MS);
	if (enqueue(s, job))
		return;
	header.status = VOUCH__STATUS__OVERLOADED;
	header.detail = "too many requests wait";
	header.retry_ms = 100;
	pack_header(job, &header);
	send_answer(s, job);
}

static void *
front_run(void *arg)
{
	struct server *s = arg;
	zmq_pollitem_t items[] = {
		{.fd = s->bell, .events = ZMQ_POLLIN}, {.socket = s->router, .events = ZMQ_POLLIN}};
	bool ending = false;

	while (!ending) {
		zmq_msg_t f[4];

		zmq_poll(items, 2, 1000);
		if (items[0].revents & ZMQ_POLLIN)
			send_answers(s);
		for (int k = 0, n;
		    k < 256 && (items[1].revents & ZMQ_POLLIN) && (n = wire_receive(s->router, f, 4)) >= 0;
		    k++) {
			if (n == 4)
				admit(s, f);
			else
				wire_close(f, n);
		}
		pthread_mutex_lock(&s->lock);
		ending = s->ending;
		pthread_mutex_unlock(&s->lock);
	}
	return NULL;
}

bool
server_ready(struct server *s, char *why, size_t size)
{
	bool ok = true;

	why[0] = '\0';
	for (int i = 0; i < s->n_workers; i++)
		ok = ok && (s->workers[i].db == NULL || db_is_up(s->workers[i].db));
	if (!ok)
		snprintf(why, size, "the database does not answer");
	pthread_mutex_lock(&s->lock);
	if (s->draining) {
		ok = false;
		snprintf(why, size, "the instance is ending");
	}
	pthread_mutex_unlock(&s->lock);
	return ok;
}

static void
start_worker(struct server *s, struct worker *w)
{
	w->server = s;
	w->queue = calloc((size_t)s->queue_max, sizeof(struct job_call *));
	w->db = s->service->queries == NULL ?
	    NULL :
	    db_open(config_text(s->config, "database"), s->service->name, s->service->queries);
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->filled, NULL);
	assert(w->queue != NULL && pthread_create(&w->thread, NULL, worker_run, w) == 0);
}

static bool
wait_connected(struct server *s)
{
	int64_t end = clock_ms() + START_MS;

	for (int i = 0; i < s->n_workers; i++)
		while (!atomic_load(&s->workers[i].connected)) {
			if (clock_ms() > end)
				return false;
			usleep(5000);
		}
	return true;
}

struct server *
server_start(const struct config *config, const struct service *service, void *state)
{
	struct server *s = calloc(1, sizeof(*s));
	const char *listen = config_text(config, "listen");

	assert(s != NULL);
	s->config = config;
	s->service = service;
	s->state = state;
	s->queue_max = (int)config_int(config, "queue_max");
	s->n_fast = (int)config_int(config, "workers");
	s->n_workers = s->n_fast + (int)config_int(config, "slow_workers");
	s->answers_end = &s->answers;
	s->bell = bell_open();
	pthread_mutex_init(&s->lock, NULL);
	s->zmq = zmq_ctx_new();
	s->router = zmq_socket(s->zmq, ZMQ_ROUTER);
	for (int i = 0; i < s->n_workers; i++)
		start_worker(s, &s->workers[i]);
	/* Listen only when every worker is able to serve. */
	if (!wire_options(s->router, config, true) || !wait_connected(s) ||
	    zmq_bind(s->router, listen) != 0) {
		log_error("cannot serve on %s: %s", listen, zmq_strerror(errno));
		return NULL; /* the process ends */
	}
	assert(pthread_create(&s->front, NULL, front_run, s) == 0);
	return s;
}

void
server_stop(struct server *s, int64_t drain_ms)
{
	int64_t end = clock_ms() + drain_ms;
	int open = 1;

	pthread_mutex_lock(&s->lock);
	s->draining = true;
	pthread_mutex_unlock(&s->lock);
	while (open > 0 && clock_ms() < end) {
		pthread_mutex_lock(&s->lock);
		open = s->n_open;
		pthread_mutex_unlock(&s->lock);
		if (open > 0)
			usleep(2000);
	}
	for (int i = 0; i < s->n_workers; i++) {
		struct worker *w = &s->workers[i];

		pthread_mutex_lock(&w->lock);
		w->stopping = true;
		pthread_cond_broadcast(&w->filled);
		pthread_mutex_unlock(&w->lock);
		pthread_join(w->thread, NULL);
		free(w->queue);
		pthread_mutex_destroy(&w->lock);
		pthread_cond_destroy(&w->filled);
	}
	pthread_mutex_lock(&s->lock);
	s->ending = true;
	pthread_mutex_unlock(&s->lock);
	bell_ring(s->bell);
	pthread_join(s->front, NULL);
	send_answers(s);
	zmq_close(s->router);
	zmq_ctx_term(s->zmq);
	close(s->bell);
	pthread_mutex_destroy(&s->lock);
	free(s);
}
