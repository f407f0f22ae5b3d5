#include "events.h"

#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "identity.rpc.h"
#include "json.h"
#include "log.h"
#include "notification.rpc.h"
#include "reply.h"
#include "session.h"

enum { BUCKETS = 512, PERIOD_MS = 1000, HURRY_MS = 100, BACKOFF_MAX_MS = 15000, CHECKS_MAX = 50, ASK_MS = 5000 };

struct stream {
	struct stream *next, **link;	/* in its bucket */
	struct events *events;
	struct request *request;
	int fd;				/* -1: not known yet */
	char account[40];
	uint8_t hash[SESSION_HASH];
	char token[SESSION_TOKEN_MAX + 1];
	int64_t after;			/* the last number that was sent; -1: where the account stands is not known yet */
	int64_t sent_ms, checked_ms;
	char *text;			/* what waits to be sent */
	size_t len;
	bool is_paused, is_over;
};

struct events {
	struct gateway *gateway;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool stopping, ending, hurry;
	int outstanding;		/* calls of this round */
	bool failed;			/* one of them */
	int64_t pause_ms;		/* until the next round; doubles while the service does not answer */
	size_t n, max, max_per_account;
	struct stream *buckets[BUCKETS];
};

static struct stream **
bucket_of(struct events *e, const char *account)
{
	unsigned h = 2166136261u;

	for (; *account != '\0'; account++)
		h = (h ^ (unsigned char)*account) * 16777619u;
	return &e->buckets[h % BUCKETS];
}

/* With the lock: there is something to do for the stream's connection. */
static void
nudge(struct stream *s)
{
	if (!s->is_paused)
		return;
	s->is_paused = false;
	s->request->wake(s->request);
}

static void
end_stream(struct stream *s)
{
	s->is_over = true;
	nudge(s);
}

/* With the lock. Who does not read is sent away, and comes back with Last-Event-ID. */
static void
append(struct stream *s, const char *text, size_t len)
{
	char *more = s->is_over || s->len + len > STREAM_MAX ? NULL : realloc(s->text, s->len + len);

	if (more == NULL) {
		end_stream(s);
		return;
	}
	s->text = more;
	memcpy(s->text + s->len, text, len);
	s->len += len;
	s->sent_ms = clock_ms();
	nudge(s);
}

/* ---- what is new ------------------------------------------------------------------- */

static char *
event_text(const Vouch__LiveEvent *event, size_t *len)
{
	json_t *json = json_from(&event->base, false);
	char *data, *text = NULL;
	int n;

	if (json != NULL)
		json_object_del(json, "accountId");
	data = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;
	n = data != NULL ? asprintf(&text, "id: %" PRId64 "\nevent: notification\ndata: %s\n\n", event->number, data) : -1;
	free(data);
	json_decref(json);
	*len = n > 0 ? (size_t)n : 0;
	return n > 0 ? text : NULL;
}

/* With the lock: gives EVENT to the streams of its account that have not had it. */
static void
spread(struct events *e, const Vouch__LiveEvent *event)
{
	bool is_position = event->kind[0] == '\0';
	size_t len = 0;
	char *text = is_position ? NULL : event_text(event, &len);

	for (struct stream *s = *bucket_of(e, event->account_id); s != NULL; s = s->next) {
		if (strcmp(s->account, event->account_id) != 0 || event->number <= s->after)
			continue;
		if (is_position ? s->after >= 0 : s->after < 0)
			continue;	/* a stream that does not know where it stands waits for that */
		s->after = event->number;
		if (text != NULL)
			append(s, text, len);
	}
	free(text);
}

/* bus_done. */
static void
heard(void *arg, const Vouch__ReplyHeader *header, ProtobufCBinaryData reply)
{
	struct events *e = arg;
	struct arena arena = {0};
	const Vouch__LiveEvents *list = header->status != VOUCH__STATUS__OK ? NULL :
	    (const Vouch__LiveEvents *)call_unpack(&arena, &vouch__live_events__descriptor, reply.len, reply.data);

	pthread_mutex_lock(&e->lock);
	for (size_t i = 0; list != NULL && i < list->n_items; i++)
		spread(e, list->items[i]);
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
	struct bus_request request = {.rpc = &rpc_notifications_since, .caller = e->gateway->self, .key = "", .trace = "",
	    .deadline_ms = clock_ms() + ASK_MS, .done = heard, .arg = e};

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
	struct stream *head = *bucket_of(e, s->account);

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

	for (int b = 0; b < BUCKETS; b++)
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
			c->end = after < 0;	/* a new stream: where does the account stand? */
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
	const Vouch__Resolved *who = header->status != VOUCH__STATUS__OK ? NULL :
	    (const Vouch__Resolved *)call_unpack(&arena, &vouch__resolved__descriptor, reply.len, reply.data);

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
	struct bus_request request = {.rpc = &rpc_sessions_resolve, .caller = e->gateway->self, .key = "", .trace = "",
	    .deadline_ms = clock_ms() + ASK_MS, .done = checked, .arg = c};
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

	for (int b = 0; b < BUCKETS; b++)
		for (struct stream *s = e->buckets[b]; s != NULL; s = s->next) {
			if (s->is_over)
				continue;
			if (has_left(s->fd))
				end_stream(s);
			else if (now - s->sent_ms >= EVENTS_HEARTBEAT_MS)
				append(s, ":\n\n", 3);
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
			e->pause_ms = !e->failed ? PERIOD_MS : e->pause_ms * 2 < BACKOFF_MAX_MS ? e->pause_ms * 2 : BACKOFF_MAX_MS;
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
	for (int b = 0; b < BUCKETS; b++)
		for (struct stream *s = e->buckets[b]; s != NULL; s = s->next)
			end_stream(s);
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
	for (int b = 0; b < BUCKETS; b++)
		for (struct stream *s = e->buckets[b]; s != NULL; s = s->next)
			if (memcmp(s->hash, hash, SESSION_HASH) == 0)
				end_stream(s);
	pthread_mutex_unlock(&e->lock);
}

/* ---- one stream ---------------------------------------------------------------------- */

/* With the lock: enters S; 0, or the HTTP status of why not. */
static int
enter(struct events *e, struct stream *s)
{
	struct stream **bucket = bucket_of(e, s->account);
	size_t of_account = 0;

	for (const struct stream *t = *bucket; t != NULL; t = t->next)
		of_account += !t->is_over && strcmp(t->account, s->account) == 0;
	if (of_account >= e->max_per_account)
		return 429;
	if (e->n >= e->max || e->stopping)
		return 503;
	s->next = *bucket;
	s->link = bucket;
	if (s->next != NULL)
		s->next->link = &s->next;
	*bucket = s;
	e->n++;
	e->hurry = true;
	pthread_cond_broadcast(&e->changed);
	return 0;
}

/* The number of Last-Event-ID, -1 without one; false: it is not one of ours. */
static bool
read_last_id(const char *text, int64_t *after)
{
	size_t n = text != NULL ? strlen(text) : 0;

	*after = -1;
	if (n == 0)
		return true;
	if (n > 18 || strspn(text, "0123456789") != n)
		return false;
	*after = strtoll(text, NULL, 10);
	return true;
}

enum next
events_begin(struct request *r)
{
	static const char hello[] = "retry: 3000\n\n";
	struct events *e = r->gateway->events;
	struct stream *s;
	int64_t after;
	int status;

	if (!read_last_id(r->head.known[KNOWN_LAST_EVENT_ID], &after))
		return reply_refuse(r, 400, "Last-Event-ID is not the id of an event");
	r->answer.status = 200;
	r->answer.type = "text/event-stream";
	r->answer.closes = true;	/* with the stream the connection is over */
	answer_header(&r->answer, "X-Accel-Buffering", "no");	/* for nginx: events are not to be gathered */
	s = strcmp(r->method, "HEAD") != 0 ? calloc(1, sizeof(*s)) : NULL;
	if (s == NULL)
		return NEXT_ANSWER;
	s->events = e;
	s->request = r;
	s->fd = -1;
	s->after = after;
	s->checked_ms = clock_ms();
	strncpy(s->account, request_account(r), sizeof(s->account) - 1);
	strncpy(s->token, r->identity.token, sizeof(s->token) - 1);
	session_hash(s->hash, s->token);
	append(s, hello, sizeof(hello) - 1);
	pthread_mutex_lock(&e->lock);
	status = enter(e, s);
	pthread_mutex_unlock(&e->lock);
	if (status == 0) {
		r->answer.stream = s;
		return NEXT_ANSWER;
	}
	free(s->text);
	free(s);
	r->answer.n_headers = 0;
	return reply_refuse(r, status, status == 429 ? "this account has too many live streams already" :
	    "there are too many live streams at the moment");
}

void
stream_watch(struct stream *s, int fd)
{
	pthread_mutex_lock(&s->events->lock);
	s->fd = fd;
	pthread_mutex_unlock(&s->events->lock);
}

size_t
stream_take(struct stream *s, char *out, size_t max, bool *over, void (*pause)(void *arg), void *arg)
{
	size_t n;

	pthread_mutex_lock(&s->events->lock);
	n = s->len < max ? s->len : max;
	if (n > 0) {
		memcpy(out, s->text, n);
		memmove(s->text, s->text + n, s->len - n);
		s->len -= n;
	}
	*over = n == 0 && s->is_over;
	if (n == 0 && !s->is_over) {
		s->is_paused = true;
		pause(arg);
	}
	pthread_mutex_unlock(&s->events->lock);
	return n;
}

void
stream_close(struct stream *s)
{
	struct events *e = s->events;

	pthread_mutex_lock(&e->lock);
	*s->link = s->next;
	if (s->next != NULL)
		s->next->link = s->link;
	e->n--;
	pthread_mutex_unlock(&e->lock);
	free(s->text);
	free(s);
}
