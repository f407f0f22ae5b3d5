#include "ready.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "reply.h"

enum { SERVICES_MAX = 16, KEEP_MS = 500, TEXT_SIZE = 4096 };

struct readiness {
	int n_services;
	const char *services[SERVICES_MAX];
	pthread_mutex_t lock;
	int64_t found_ms; /* when TEXT was made; 0: never */
	bool is_ready;
	char text[TEXT_SIZE];
};

/* One look at everything, in its request's arena. */
struct look {
	struct request *request;
	atomic_int outstanding;
	struct finding {
		struct look *look;
		bool is_ready;
		char problem[300];
	} findings[SERVICES_MAX];
};

struct readiness *
readiness_open(void)
{
	struct readiness *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return NULL;
	pthread_mutex_init(&d->lock, NULL);
	for (int i = 0; rpcs[i] != NULL && d->n_services < SERVICES_MAX; i++) {
		int k = 0;

		while (k < d->n_services && strcmp(d->services[k], rpcs[i]->service) != 0)
			k++;
		if (k == d->n_services)
			d->services[d->n_services++] = rpcs[i]->service;
	}
	return d;
}

void
readiness_close(struct readiness *d)
{
	if (d == NULL)
		return;
	pthread_mutex_destroy(&d->lock);
	free(d);
}

enum next
health_live(struct request *r)
{
	return reply_text(r, 200, "application/json", "{\"live\":true}");
}

/* ---- one look -------------------------------------------------------------------- */

static void
finish(struct look *look)
{
	if (atomic_fetch_sub(&look->outstanding, 1) == 1)
		look->request->wake(look->request);
}

/* bus_done. */
static void
found(void *arg, const Vouch__ReplyHeader *header, ProtobufCBinaryData reply)
{
	struct finding *f = arg;
	struct arena arena = {0};
	const Vouch__Health *health = header->status != VOUCH__STATUS__OK ?
	    NULL :
	    (const Vouch__Health *)call_unpack(&arena, &vouch__health__descriptor, reply.len, reply.data);
	size_t n = 0;

	f->is_ready = health != NULL && health->ready;
	if (health == NULL)
		snprintf(f->problem, sizeof(f->problem), "does not answer");
	else if (!health->ready)
		snprintf(f->problem, sizeof(f->problem), "is not ready");
	for (size_t i = 0; health != NULL && !health->ready && i < health->n_problems; i++) {
		n += (size_t)snprintf(
		    f->problem + n, sizeof(f->problem) - n, "%s%s", i > 0 ? ", " : "", health->problems[i]);
		if (n >= sizeof(f->problem))
			break;
	}
	arena_reset(&arena);
	finish(f->look);
}

static struct look *
look_of(struct request *r)
{
	return (struct look *)r->local;
}

static bool
ask(struct request *r)
{
	struct look *look = look_of(r);
	const struct readiness *d = r->gateway->readiness;
	int64_t deadline = clock_ms() + READY_WAIT_MS;

	/* One more than there are, so that the first answers do not end what is still being asked. */
	atomic_init(&look->outstanding, d->n_services + 1);
	for (int i = 0; i < d->n_services; i++) {
		struct finding *f = &look->findings[i];

		f->look = look;
		if (!bus_knows(r->gateway->bus, d->services[i])) {
			f->is_ready = true; /* an installation may do without it */
			finish(look);
		} else if (!bus_health(r->gateway->bus, d->services[i], deadline, found, f)) {
			snprintf(f->problem, sizeof(f->problem),
			    "cannot be asked: too many calls are outstanding");
			finish(look);
		}
	}
	finish(look);
	return true;
}

static void
add(json_t *list, const char *what, const char *problem)
{
	json_array_append_new(list, json_pack("{s:s, s:s}", "service", what, "problem", problem));
}

/* Ours alone: what needs no service to be known. */
static void
add_own(struct gateway *g, json_t *list)
{
	int known = 0;

	for (int i = 0; i < g->readiness->n_services; i++)
		known += bus_knows(g->bus, g->readiness->services[i]);
	if (known == 0)
		add(list, "gateway", "knows no service: the setting peers is empty");
	if (atomic_load(&g->draining))
		add(list, "gateway", "is ending");
	if (!store_is_writable(g->store))
		add(list, "gateway", "the evidence store takes no files");
}

static enum next
answer(struct request *r)
{
	struct readiness *d = r->gateway->readiness;
	char text[TEXT_SIZE];
	bool is_ready;

	pthread_mutex_lock(&d->lock);
	is_ready = d->is_ready;
	memcpy(text, d->text, sizeof(text));
	pthread_mutex_unlock(&d->lock);
	if (!is_ready)
		answer_header(&r->answer, "Retry-After", "1");
	r->status = is_ready ? VOUCH__STATUS__OK : VOUCH__STATUS__UNAVAILABLE;
	return reply_text(
	    r, is_ready ? 200 : 503, "application/json", arena_dup(&r->arena, text, strlen(text)));
}

static enum next
asked(struct request *r)
{
	struct readiness *d = r->gateway->readiness;
	const struct look *look = look_of(r);
	json_t *problems = json_array(), *json;
	bool is_ready;
	size_t n;

	add_own(r->gateway, problems);
	for (int i = 0; i < d->n_services; i++)
		if (!look->findings[i].is_ready)
			add(problems, d->services[i], look->findings[i].problem);
	is_ready = json_array_size(problems) == 0;
	json = json_pack("{s:b, s:o}", "ready", is_ready, "problems", problems);
	pthread_mutex_lock(&d->lock);
	n = json_dumpb(json, d->text, sizeof(d->text) - 1, JSON_COMPACT);
	if (n >= sizeof(d->text))
		n = (size_t)snprintf(d->text, sizeof(d->text), "{\"ready\":false,\"problems\":[]}");
	d->text[n] = '\0';
	d->is_ready = is_ready;
	d->found_ms = clock_ms();
	pthread_mutex_unlock(&d->lock);
	json_decref(json);
	return answer(r);
}

/*
 * Anybody may ask: what was found half a second ago is good enough, so that asking
 * costs the services nothing.
 */
static bool
is_fresh(struct readiness *d, int64_t age_ms)
{
	bool fresh;

	pthread_mutex_lock(&d->lock);
	fresh = d->found_ms != 0 && clock_ms() - d->found_ms < age_ms;
	pthread_mutex_unlock(&d->lock);
	return fresh;
}

enum next
health_ready(struct request *r)
{
	struct look *look;

	if (is_fresh(r->gateway->readiness, KEEP_MS) && !atomic_load(&r->gateway->draining))
		return answer(r);
	look = arena_alloc(&r->arena, sizeof(*look));
	if (look == NULL)
		return reply_refuse(r, 503, "there is no memory for this at the moment");
	look->request = r;
	r->local = look;
	return request_wait(r, ask, asked);
}
