#include "bus_worker.h"

#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"
#include "db_tx.h"
#include "relay.h"

enum { CONNECT_MS = 60000 };

static void
work(struct worker *w, struct job_call **jobs, size_t n)
{
	static const Vouch__Caller nobody = VOUCH__CALLER__INIT;
	const struct workplace *place = w->place;
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
				.config = place->config,
				.state = place->state},
			.method = h->method,
			.request = {zmq_msg_size(&job->body), zmq_msg_data(&job->body)},
			.job = job,
		};
	}
	batch_run(place->service->handlers, items, n, &place->listener);
	relay_poke();
}

/* Waits for calls; takes up to BATCH_MAX. 0: the worker ends. */
static size_t
take(struct worker *w, struct job_call **jobs)
{
	size_t n = 0;

	pthread_mutex_lock(&w->lock);
	while (w->n == 0 && !atomic_load(&w->stopping))
		pthread_cond_wait(&w->filled, &w->lock);
	while (w->n > 0 && n < BATCH_MAX) {
		jobs[n++] = w->queue[w->head];
		w->head = (w->head + 1) % w->place->queue_max;
		w->n--;
	}
	pthread_mutex_unlock(&w->lock);
	return n;
}

static void *
run(void *arg)
{
	struct worker *w = arg;
	struct job_call *jobs[BATCH_MAX];
	int64_t end = clock_ms() + CONNECT_MS;
	size_t n;

	/* The server may still be starting; the connection's own backoff bounds the tries. */
	while (w->db != NULL && !tx_ready(w->db, NULL) && clock_ms() < end && !atomic_load(&w->stopping))
		usleep(20000);
	atomic_store(&w->connected, worker_is_up(w));
	w->place->connected(w->place->listener.arg);
	while ((n = take(w, jobs)) > 0)
		work(w, jobs, n);
	db_close(w->db);
	w->db = NULL;
	return NULL;
}

void
worker_start(struct worker *w, const struct workplace *place)
{
	w->place = place;
	w->queue = calloc((size_t)place->queue_max, sizeof(struct job_call *));
	if (place->service->queries != NULL)
		w->db = db_open(
		    config_text(place->config, "database"), place->service->name, place->service->queries);
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->filled, NULL);
	assert(w->queue != NULL && pthread_create(&w->thread, NULL, run, w) == 0);
}

bool
worker_is_connected(const struct worker *w)
{
	return atomic_load(&w->connected);
}

bool
worker_is_up(const struct worker *w)
{
	return w->db == NULL || db_is_up(w->db);
}

bool
worker_give(struct worker *w, struct job_call *job)
{
	bool ok;

	pthread_mutex_lock(&w->lock);
	ok = w->n < w->place->queue_max;
	if (ok) {
		w->queue[(w->head + w->n++) % w->place->queue_max] = job;
		pthread_cond_signal(&w->filled);
	}
	pthread_mutex_unlock(&w->lock);
	return ok;
}

void
worker_end(struct worker *w)
{
	pthread_mutex_lock(&w->lock);
	atomic_store(&w->stopping, true);
	pthread_cond_broadcast(&w->filled);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	free(w->queue);
	pthread_mutex_destroy(&w->lock);
	pthread_cond_destroy(&w->filled);
}
