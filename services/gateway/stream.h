/*
 * stream.h: the open streams of live events, for events.c and stream.c alone.
 *
 * All of it is guarded by the one lock of struct events. What says "with the
 * lock" is called by who holds it.
 */
#ifndef STREAM_H
#define STREAM_H

#include <pthread.h>

#include "events.h"
#include "notification.pb-c.h"
#include "session.h"

enum { STREAM_BUCKETS = 512 };

struct stream {
	struct stream *next, **link; /* in its bucket */
	struct events *events;
	struct request *request;
	int fd; /* -1: not known yet */
	char account[40];
	uint8_t hash[SESSION_HASH];
	char token[SESSION_TOKEN_MAX + 1];
	int64_t after; /* the last number that was sent; -1: not known yet */
	int64_t sent_ms, checked_ms;
	char *text; /* what waits to be sent */
	size_t len;
	bool is_paused, is_over;
};

struct events {
	struct gateway *gateway;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool stopping, ending, hurry;
	int outstanding;  /* calls of this round */
	bool failed;      /* one of them */
	int64_t pause_ms; /* until the next round; doubles while the service does not answer */
	size_t n, max, max_per_account;
	struct stream *buckets[STREAM_BUCKETS];
};

/* Where the streams of an account hang. */
struct stream **stream_bucket(struct events *events, const char *account);

/* With the lock: adds text; who has too much unread is sent away, and comes back with Last-Event-ID. */
void stream_append(struct stream *stream, const char *text, size_t len);

/* With the lock: it ends as soon as what waits has been sent. */
void stream_end(struct stream *stream);

/* With the lock: gives EVENT to the streams of its account that have not had it. */
void stream_spread(struct events *events, const Vouch__LiveEvent *event);

#endif
