/*
 * bus_server.c: the answering end. One thread owns the ROUTER; workers take
 * calls from bounded queues and hand their answers back through a list and a
 * bell.
 */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bus.h"
#include "bus_wire.h"
#include "bus_worker.h"
#include "bus_zap.h"
#include "ending.h"
#include "log.h"
#include "metrics.h"
#include "relay.h"

enum { WORKERS_MAX = 20, START_MS = 60000, SLICE_MS = 100, FAREWELL_MS = 100, TIMEOUT_MOST_MS = 60000 };

struct server {
	struct workplace place;
	void *zmq, *router;
	struct zap zap;
	int n_workers;
	int n_fast; /* the first n_fast take calls by issuer, the others the slow reads */
	struct worker workers[WORKERS_MAX];
	pthread_t front;
	int bell;
	pthread_mutex_t lock;
	pthread_cond_t changed; /* a worker has connected, or the last open call is answered */
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
}

/* From a worker: what it has handed back may be sent. Once for many, as each ring wakes the front. */
static void
ring(void *arg)
{
	struct server *s = arg;

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
	if (s->n_open == 0)
		pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
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
	ok = worker_give(w, job);
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
	health.service = (char *)s->place.service->name;
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
	pthread_mutex_lock(&s->lock);
	header.leaving = s->draining;
	pthread_mutex_unlock(&s->lock);
	header.status = VOUCH__STATUS__OVERLOADED;
	header.detail = header.leaving ? "the instance is ending" : "too many requests wait";
	header.retry_ms = 100;
	pack_header(job, &header);
	send_answer(s, job);
}

static void *
front_run(void *arg)
{
	struct server *s = arg;
	zmq_pollitem_t items[] = {{.fd = s->bell, .events = ZMQ_POLLIN},
		{.socket = s->router, .events = ZMQ_POLLIN}, {.socket = s->zap.socket, .events = ZMQ_POLLIN}};
	int n_items = s->zap.socket != NULL ? 3 : 2;
	bool ending = false;

	while (!ending) {
		zmq_msg_t f[4];

		zmq_poll(items, n_items, 1000);
		if (n_items == 3 && (items[2].revents & ZMQ_POLLIN))
			zap_answer(&s->zap);
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
		ok = ok && worker_is_up(&s->workers[i]);
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
end_workers(struct server *s)
{
	for (int i = 0; i < s->n_workers; i++)
		worker_end(&s->workers[i]);
}

static void
server_free(struct server *s)
{
	zmq_close(s->router);
	zap_close(&s->zap);
	zmq_ctx_term(s->zmq);
	close(s->bell);
	pthread_mutex_destroy(&s->lock);
	pthread_cond_destroy(&s->changed);
	free(s);
}

/* Waits for a change of S, whose lock is held, up to END; in slices, so that a signal is heard. False: it is over. */
static bool
wait_changed(struct server *s, int64_t end)
{
	int64_t now = clock_ms(), left = end - now < SLICE_MS ? end - now : SLICE_MS;
	struct timespec until;

	if (left <= 0)
		return false;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += left * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_cond_timedwait(&s->changed, &s->lock, &until);
	return true;
}

static bool
wait_connected(struct server *s)
{
	int64_t end = clock_ms() + START_MS;
	int i = 0;

	pthread_mutex_lock(&s->lock);
	while (i < s->n_workers) {
		if (worker_is_connected(&s->workers[i]))
			i++;
		else if (ending_asked() || !wait_changed(s, end))
			break;
	}
	pthread_mutex_unlock(&s->lock);
	return i == s->n_workers;
}

/* From a worker. */
static void
on_connected(void *arg)
{
	struct server *s = arg;

	pthread_mutex_lock(&s->lock);
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
}

static void
open_lock(struct server *s)
{
	pthread_condattr_t monotonic;

	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&s->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	pthread_mutex_init(&s->lock, NULL);
}

struct server *
server_start(const struct config *config, const struct service *service, void *state)
{
	struct server *s = calloc(1, sizeof(*s));
	const char *listen = config_text(config, "listen");

	assert(s != NULL);
	s->place = (struct workplace){.config = config,
		.service = service,
		.state = state,
		.queue_max = (int)config_int(config, "queue_max"),
		.listener = {.answer = hand_back, .send = ring, .arg = s},
		.connected = on_connected};
	s->n_fast = (int)config_int(config, "workers");
	s->n_workers = s->n_fast + (int)config_int(config, "slow_workers");
	s->answers_end = &s->answers;
	s->bell = bell_open();
	open_lock(s);
	s->zmq = zmq_ctx_new();
	s->router = zmq_socket(s->zmq, ZMQ_ROUTER);
	for (int i = 0; i < s->n_workers; i++)
		worker_start(&s->workers[i], &s->place);
	/* Listen only when every worker is able to serve. */
	if (zap_open(&s->zap, s->zmq, config) && wire_options(s->router, config, true) && wait_connected(s) &&
	    zmq_bind(s->router, listen) == 0) {
		assert(pthread_create(&s->front, NULL, front_run, s) == 0);
		return s;
	}
	if (!ending_asked())
		log_error("cannot serve on %s: %s", listen, zmq_strerror(errno));
	end_workers(s);
	server_free(s);
	return NULL;
}

void
server_stop(struct server *s, int64_t drain_ms)
{
	int64_t end = clock_ms() + drain_ms;

	pthread_mutex_lock(&s->lock);
	s->draining = true;
	while (s->n_open > 0 && wait_changed(s, end))
		;
	pthread_mutex_unlock(&s->lock);
	end_workers(s);
	/*
	 * The last answers are on their way, and callers still send. A connection that is closed while something
	 * unread stands in it takes answers along: so they are refused and read for a moment more.
	 */
	end = clock_ms() + FAREWELL_MS;
	pthread_mutex_lock(&s->lock);
	while (wait_changed(s, end))
		;
	s->ending = true;
	pthread_mutex_unlock(&s->lock);
	bell_ring(s->bell);
	pthread_join(s->front, NULL);
	send_answers(s);
	server_free(s);
}
