#include "stream.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "reply.h"

struct stream **
stream_bucket(struct events *e, const char *account)
{
	unsigned h = 2166136261u;

	for (; *account != '\0'; account++)
		h = (h ^ (unsigned char)*account) * 16777619u;
	return &e->buckets[h % STREAM_BUCKETS];
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

void
stream_end(struct stream *s)
{
	s->is_over = true;
	nudge(s);
}

void
stream_append(struct stream *s, const char *text, size_t len)
{
	char *more = s->is_over || s->len + len > STREAM_MAX ? NULL : realloc(s->text, s->len + len);

	if (more == NULL) {
		stream_end(s);
		return;
	}
	s->text = more;
	memcpy(s->text + s->len, text, len);
	s->len += len;
	s->sent_ms = clock_ms();
	nudge(s);
}

static char *
event_text(const Vouch__LiveEvent *event, size_t *len)
{
	json_t *json = json_from(&event->base, false);
	char *data, *text = NULL;
	int n;

	if (json != NULL)
		json_object_del(json, "accountId");
	data = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;
	n = data != NULL ?
	    asprintf(&text, "id: %" PRId64 "\nevent: notification\ndata: %s\n\n", event->number, data) :
	    -1;
	free(data);
	json_decref(json);
	*len = n > 0 ? (size_t)n : 0;
	return n > 0 ? text : NULL;
}

/*
 * The first words of a stream: how long to wait before coming back, and with
 * which Last-Event-ID. They come when it is known where the stream stands, so
 * that nothing that happens after they were read is missed.
 */
static void
greet(struct stream *s)
{
	char text[60];
	int n = snprintf(text, sizeof(text), "id: %" PRId64 "\nretry: 3000\n\n", s->after);

	stream_append(s, text, (size_t)n);
}

void
stream_spread(struct events *e, const Vouch__LiveEvent *event)
{
	bool is_position = event->kind[0] == '\0';
	size_t len = 0;
	char *text = is_position ? NULL : event_text(event, &len);

	for (struct stream *s = *stream_bucket(e, event->account_id); s != NULL; s = s->next) {
		if (strcmp(s->account, event->account_id) != 0 || event->number <= s->after)
			continue;
		if (is_position ? s->after >= 0 : s->after < 0)
			continue; /* a stream that does not know where it stands waits for that */
		s->after = event->number;
		if (text != NULL)
			stream_append(s, text, len);
		else if (is_position)
			greet(s);
	}
	free(text);
}

/* With the lock: enters S; 0, or the HTTP status of why not. */
static int
enter(struct events *e, struct stream *s)
{
	struct stream **bucket = stream_bucket(e, s->account);
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
	struct events *e = r->gateway->events;
	struct stream *s;
	int64_t after;
	int status;

	if (!read_last_id(r->head.known[KNOWN_LAST_EVENT_ID], &after))
		return reply_refuse(r, 400, "Last-Event-ID is not the id of an event");
	r->answer.status = 200;
	r->answer.type = "text/event-stream";
	r->answer.closes = true;                              /* with the stream the connection is over */
	answer_header(&r->answer, "X-Accel-Buffering", "no"); /* for nginx: events are not to be gathered */
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
	if (after >= 0)
		greet(s);
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
	return reply_refuse(r, status,
	    status == 429 ? "this account has too many live streams already" :
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
