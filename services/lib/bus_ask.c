/*
 * bus_ask.c: handing a call to the thread that owns the sockets.
 */
#include <stdlib.h>
#include <string.h>

#include "bus_parts.h"
#include "bus_wire.h"

static Vouch__Caller *
copy_caller(struct arena *arena, const Vouch__Caller *caller)
{
	static const Vouch__Caller nobody = VOUCH__CALLER__INIT;
	ProtobufCBinaryData packed = call_pack(arena, caller != NULL ? &caller->base : &nobody.base);

	return packed.data == NULL ?
	    NULL :
	    (Vouch__Caller *)call_unpack(arena, &vouch__caller__descriptor, packed.len, packed.data);
}

static bool
hand_over(struct bus *bus, struct pending *p)
{
	bool ok, first = false;

	pthread_mutex_lock(&bus->lock);
	ok = !bus->stopping && bus->n_outstanding < BUS_OUTSTANDING_MAX / 2;
	if (ok) {
		first = bus->handed == NULL;
		bus->n_outstanding++;
		*bus->handed_end = p;
		bus->handed_end = &p->next;
	}
	pthread_mutex_unlock(&bus->lock);
	/* Behind others: whoever put the first of them there rings, and they are taken together. */
	if (first)
		bell_ring(bus->bell);
	return ok;
}

bool
bus_send(struct bus *bus, const struct bus_request *r)
{
	struct pending *p = calloc(1, sizeof(*p));
	const char *key = r->key != NULL ? r->key : "", *trace = r->trace != NULL ? r->trace : "";

	if (p == NULL || r->request.len > BUS_MESSAGE_MAX) {
		free(p);
		return false;
	}
	p->rpc = r->rpc;
	p->service = r->rpc->service;
	p->method = (char *)r->rpc->name;
	p->caller = copy_caller(&p->arena, r->caller);
	p->key = arena_dup(&p->arena, key, strlen(key));
	p->trace = arena_dup(&p->arena, trace, strlen(trace));
	p->request = (ProtobufCBinaryData){
		r->request.len, (uint8_t *)arena_dup(&p->arena, r->request.data, r->request.len)};
	p->deadline_ms = r->deadline_ms;
	p->begun_ms = clock_ms();
	p->done = r->done;
	p->arg = r->arg;
	p->peer = -1;
	p->harmless = !r->rpc->writes || key[0] != '\0';
	if (p->caller != NULL && p->key != NULL && p->trace != NULL && p->request.data != NULL &&
	    hand_over(bus, p))
		return true;
	arena_reset(&p->arena);
	free(p);
	return false;
}

bool
bus_health(struct bus *bus, const char *service, int64_t deadline_ms, bus_done *done, void *arg)
{
	struct pending *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return false;
	p->service = arena_dup(&p->arena, service, strlen(service));
	p->method = "health";
	p->key = p->trace = "";
	p->deadline_ms = deadline_ms;
	p->begun_ms = clock_ms();
	p->done = done;
	p->arg = arg;
	p->peer = -1;
	p->harmless = true;
	if (p->service != NULL && hand_over(bus, p))
		return true;
	arena_reset(&p->arena);
	free(p);
	return false;
}
