/*
 * bus_worker.h: the threads of an instance that run calls, each with a bounded
 * queue and a connection of its own. For bus_server.c.
 */
#ifndef BUS_WORKER_H
#define BUS_WORKER_H

#include <pthread.h>
#include <stdatomic.h>
#include <zmq.h>

#include "batch.h"
#include "config.h"
#include "service.h"

/* A call on its way through an instance. */
struct job_call {
	struct job_call *next; /* in the list of answers */
	zmq_msg_t route, id, body;
	Vouch__RequestHeader *header;
	struct arena arena;
	int64_t deadline_ms, came_ms; /* on clock_ms() */
	uint8_t *head;                /* the packed ReplyHeader; in the arena */
	size_t head_len;
	ProtobufCBinaryData reply;
};

/* What all workers of an instance share; borrowed. */
struct workplace {
	const struct config *config;
	const struct service *service;
	void *state;
	int queue_max;
	/* On a worker's thread: of the calls that it was given, and once when its connection is tried. */
	struct batch_listener listener;
	void (*connected)(void *arg);
};

struct worker {
	const struct workplace *place;
	pthread_t thread;
	struct db *db; /* NULL: the service has no database */
	pthread_mutex_t lock;
	pthread_cond_t filled;
	struct job_call **queue; /* ring of queue_max */
	int head, n;
	atomic_bool connected, stopping;
};

/* Starts W, which tries for up to a minute to connect. */
void worker_start(struct worker *w, const struct workplace *place);

/* Its connection came about. */
bool worker_is_connected(const struct worker *w);

/* Its connection stands now. */
bool worker_is_up(const struct worker *w);

/* Gives JOB to W, which then owns it until it is answered; false: the queue is full. */
bool worker_give(struct worker *w, struct job_call *job);

/* Runs what its queue still holds, and ends. */
void worker_end(struct worker *w);

#endif
