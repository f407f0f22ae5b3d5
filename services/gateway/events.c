#include "events.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "identity.rpc.h"
#include "log.h"
#include "notification.rpc.h"
#include "stream.h"

enum {
	PERIOD_MS = 1000,
	HURRY_MS = 100,
	BACKOFF_MAX_MS = 15000,
	CHECKS_MAX = 50,
	ASK_MS = 5000,
};

/* ---- what is new ------------------------------------------------------------------- */

/* bus_done. */
static void
heard(void *arg, const Vouch__ReplyHeader *header, ProtobufCBinaryData reply)
{
	struct events *e = arg;
	struct arena arena = {0};
	const Vouch__LiveEvents *list = NULL;

	if (header->status == VOUCH__STATUS__OK)
		list = (const Vouch__LiveEvents *)call_unpack(
		    &arena, &vouch__live_events__descriptor, reply.len, reply.data);
	pthread_mutex_lock(&e->lock);
	for (size_t i = 0; list != NULL && i < list->n_items; i++)
		stream_spread(e, list->items[i]);
	e->failed |= list == NULL;
	e->outstanding--;
	pthread_cond_broadcast(&e->changed);
	pthread_mutex_unlock(&e->lock);
	arena_reset(&arena);
}

struct round {
	struct arena arena;
	size_t n;
	Vouch__LiveCursor *cursors[EVENTS_BATCH];
};

/* With the lock, which the bus does not take while it sends. */
static void
send_round(struct events *e, struct round *round)
{
	Vouch__LiveQuery query = VOUCH__LIVE_QUERY__INIT;
	struct bus_request request = {.rpc = &rpc_notifications_since,
		.caller = e->gateway->self,
		.key = "",
		.trace = "",
		.deadline_ms = clock_ms() + ASK_MS,
		.done = heard,
		.arg = e};

	query.cursors = round->cursors;
	query.n_cursors = round->n;
	request.request = call_pack(&round->arena, &query.base);
	if (round->n > 0 && request.request.data != NULL) {
		e->outstanding++;
		if (!bus_knows(e->gateway->bus, "notification") || !bus_send(e->gateway->bus, &request)) {
			e->outstanding--;
			e->failed = true;
		}
	}
	arena_reset(&round->arena);
	round->n = 0;
}

/* Is S the first stream of its account in its bucket? Then *AFTER is what the account has to be asked for. */
static bool
is_first(struct events *e, const struct stream *s, int64_t *after)
{
	struct stream *head = *stream_bucket(e, s->account);

	*after = s->after;
	for (const struct stream *t = head; t != NULL; t = t->next) {
		if (strcmp(t->account, s->account) != 0)
			continue;
		if (t->after < *after)
			*after = t->after;
		if (t == s)
			break;
		return false;
	}
	for (const struct stream *t = s->next; t != NULL; t = t->next)
		if (strcmp(t->account, s->account) == 0 && t->after < *after)
			*after = t->after;
	return true;
}

static void
ask_all(struct events *e)
{
	struct round round = {.n = 0};

	for (int b = 0; b < STREAM_BUCKETS; b++)
		for (struct stream *s = e->buckets[b]; s != NULL; s = s->next) {
			int64_t after;
			Vouch__LiveCursor *c;

			if (s->is_over || !is_first(e, s, &after))
				continue;
			c = arena_alloc(&round.arena, sizeof(*c));
			if (c == NULL)
				break;
			vouch__live_cursor__init(c);
			c->account_id = s->account;
			c->end = after < 0; /* a new stream: where does the account stand? */
			c->after = after < 0 ? 0 : after;
			round.cursors[round.n++] = c;
			if (round.n == EVENTS_BATCH)
				send_round(e, &round);
		}
	send_round(e, &round);
}

/* ---- who is still there -------------------------------------------------------------- */

struct check {
	struct events *events;
	uint8_t hash[SESSION_HASH];
};

/* bus_done: a session that cannot be looked up just now is left alone. */
static void
checked(void *arg, const Vouch__ReplyHeader *header, ProtobufCBinaryData reply)
{
	struct check *c = arg;
	struct arena arena = {0};
	const Vouch__Resolved *who = NULL;

	if (header->status == VOUCH__STATUS__OK)
		who = (const Vouch__Resolved *)call_unpack(
		    &arena, &vouch__resolved__descriptor, reply.len, reply.data);
	if (who != NULL && who->account_id[0] == '\0')
		events_end_session(c->events, c->hash);
	pthread_mutex_lock(&c->events->lock);
	c->events->outstanding--;
	pthread_cond_broadcast(&c->events->changed);
	pthread_mutex_unlock(&c->events->lock);
	arena_reset(&arena);
	free(c);
}

static void
check_session(struct events *e, const struct stream *s)
{
	struct check *c = malloc(sizeof(*c));
	Vouch__ResolveToken ask = VOUCH__RESOLVE_TOKEN__INIT;
	struct bus_request request = {.rpc = &rpc_sessions_resolve,
		.caller = e->gateway->self,
		.key = "",
		.trace = "",
		.deadline_ms = clock_ms() + ASK_MS,
		.done = checked,
		.arg = c};
	struct arena arena = {0};

	ask.token = (char *)s->token;
	request.request = call_pack(&arena, &ask.base);
	if (c != NULL && request.request.data != NULL) {
		c->events = e;
		memcpy(c->hash, s->hash, sizeof(c->hash));
		e->outstanding++;
		if (!bus_knows(e->gateway->bus, "identity") || !bus_send(e->gateway->bus, &request)) {
			e->outstanding--;
			free(c);
		}
	} else {
		free(c);
	}
	arena_reset(&arena);
}

static bool
has_left(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLRDHUP};

	return fd >= 0 && poll(&p, 1, 0) == 1 && (p.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

/* With the lock: heartbeats, clients that have gone, sessions that may have ended. */
static void
look_after(struct events *e)
{
	int64_t now = clock_ms();
	int checks = 0;

	for (int b = 0; b < STREAM_BUCKETS; b++)
		for (struct stream *s = e->buckets[b]; s != NULL; s = s->next) {
			if (s->is_over)
				continue;
			if (has_left(s->fd))
				stream_end(s);
			else if (now - s->sent_ms >= EVENTS_HEARTBEAT_MS)
				stream_append(s, ":\n\n", 3);
			if (now - s->checked_ms >= EVENTS_CHECK_MS && checks < CHECKS_MAX) {
				checks++;
				s->checked_ms = now;
				check_session(e, s);
			}
		}
}

/* ---- the thread ---------------------------------------------------------------------- */

/* With the lock: waits until AT_MS, or until something changed. */
static void
wait_until(struct events *e, int64_t at_ms)
{
	struct timespec at = {.tv_sec = at_ms / 1000, .tv_nsec = at_ms % 1000 * 1000000};

	pthread_cond_timedwait(&e->changed, &e->lock, &at);
}

static void *
run(void *arg)
{
	struct events *e = arg;
	int64_t looked = clock_ms(), asked = clock_ms();

	pthread_mutex_lock(&e->lock);
	while (!e->ending || e->outstanding > 0) {
		int64_t now = clock_ms(), due = asked + (e->hurry && !e->failed ? HURRY_MS : e->pause_ms);

		if (now - looked >= PERIOD_MS) {
			looked = now;
			look_after(e);
		}
		if (e->outstanding == 0 && now >= due && !e->ending) {
			e->pause_ms = !e->failed ? PERIOD_MS : e->pause_ms * 2;
			if (e->pause_ms > BACKOFF_MAX_MS)
				e->pause_ms = BACKOFF_MAX_MS;
			e->failed = e->hurry = false;
			asked = now;
			ask_all(e);
		}
		wait_until(e, due > now && due < looked + PERIOD_MS ? due : looked + PERIOD_MS);
	}
	pthread_mutex_unlock(&e->lock);
	return NULL;
}

struct events *
events_open(struct gateway *gateway)
{
	struct events *e = calloc(1, sizeof(*e));
	pthread_condattr_t monotonic;

	if (e == NULL)
		return NULL;
	e->gateway = gateway;
	e->pause_ms = PERIOD_MS;
	e->max = (size_t)config_int(gateway->config, "live_streams");
	e->max_per_account = (size_t)config_int(gateway->config, "live_streams_per_account");
	pthread_mutex_init(&e->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&e->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	if (pthread_create(&e->thread, NULL, run, e) == 0)
		return e;
	log_error("live events: no thread");
	free(e);
	return NULL;
}

void
events_stop(struct events *e)
{
	pthread_mutex_lock(&e->lock);
	e->stopping = true;
	for (int b = 0; b < STREAM_BUCKETS; b++)
		for (struct stream *s = e->buckets[b]; s != NULL; s = s->next)
			stream_end(s);
	pthread_mutex_unlock(&e->lock);
}

void
events_close(struct events *e)
{
	if (e == NULL)
		return;
	pthread_mutex_lock(&e->lock);
	e->ending = true;
	pthread_cond_broadcast(&e->changed);
	pthread_mutex_unlock(&e->lock);
	pthread_join(e->thread, NULL);
	pthread_cond_destroy(&e->changed);
	pthread_mutex_destroy(&e->lock);
	free(e);
}

size_t
events_count(struct events *e)
{
	size_t n;

	pthread_mutex_lock(&e->lock);
	n = e->n;
	pthread_mutex_unlock(&e->lock);
	return n;
}

void
events_end_session(struct events *e, const uint8_t *hash)
{
	pthread_mutex_lock(&e->lock);
	for (int b = 0; b < STREAM_BUCKETS; b++)
		for (struct stream *s = e->buckets[b]; s != NULL; s = s->next)
			if (memcmp(s->hash, hash, SESSION_HASH) == 0)
				stream_end(s);
	pthread_mutex_unlock(&e->lock);
}
