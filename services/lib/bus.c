/*
 * bus.c: the calling end. One thread owns all sockets; others hand it requests
 * through a list and a bell.
 */
#include "bus.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bus_wire.h"
#include "log.h"

enum { DOWN_MS = 1000, TICK_MS = 20, SENDS_MAX = 5, UNSENT_MS = 3000 };

struct peer {
	char service[32], endpoint[200];
	void *socket, *monitor;
	int outstanding;
	int64_t down_until; /* on clock_ms(); 0 when it answers */
};

struct pending {
	struct pending *next;  /* in the hand-over list */
	uint64_t id;           /* 0: the slot is free */
	const struct rpc *rpc; /* NULL: health */
	const char *service;
	Vouch__Caller *caller;
	char *key, *trace, *method;
	ProtobufCBinaryData request;
	struct arena arena; /* holds the copies */
	int64_t deadline_ms, until_ms, begun_ms;
	bus_done *done;
	void *arg;
	int peer; /* -1: not sent yet */
	int sends;
	unsigned tried; /* peers tried in this round, by their low bits */
	bool harmless;  /* may run twice */
};

struct bus {
	void *zmq;
	pthread_t thread;
	int bell;
	pthread_mutex_t lock;
	struct pending *handed, **handed_end;
	int n_outstanding;
	bool stopping;

	/* of the thread alone */
	int n_peers, n_slots;
	struct peer peers[BUS_PEERS_MAX];
	struct pending *slots[BUS_OUTSTANDING_MAX];
	uint64_t next_id;
	unsigned turn;
};

/* ---- the book ------------------------------------------------------------ */

static bool
add_peer(struct bus *bus, const struct config *config, const char *service, const char *endpoint)
{
	struct peer *p = &bus->peers[bus->n_peers];
	char name[64];

	if (bus->n_peers == BUS_PEERS_MAX) {
		log_error("bus: more than %d peers", BUS_PEERS_MAX);
		return false;
	}
	snprintf(p->service, sizeof(p->service), "%s", service);
	snprintf(p->endpoint, sizeof(p->endpoint), "%s", endpoint);
	p->socket = zmq_socket(bus->zmq, ZMQ_DEALER);
	p->monitor = zmq_socket(bus->zmq, ZMQ_PAIR);
	bus->n_peers++;
	snprintf(name, sizeof(name), "inproc://monitor-%d", bus->n_peers);
	if (p->socket == NULL || p->monitor == NULL || !wire_options(p->socket, config, false) ||
	    zmq_socket_monitor(p->socket, name, ZMQ_EVENT_DISCONNECTED) != 0 ||
	    zmq_connect(p->monitor, name) != 0 || zmq_connect(p->socket, endpoint) != 0) {
		log_error("bus: cannot connect to %s at %s: %s", service, endpoint, zmq_strerror(errno));
		return false;
	}
	return true;
}

static bool
read_book(struct bus *bus, const struct config *config)
{
	char *copy = strdup(config_text(config, "peers")), *outer, *inner;
	bool ok = copy != NULL;

	for (char *s = ok ? strtok_r(copy, ";", &outer) : NULL; ok && s != NULL;
	    s = strtok_r(NULL, ";", &outer)) {
		const char *name = strtok_r(s, "=", &inner);

		for (char *e = strtok_r(NULL, ",", &inner); ok && e != NULL; e = strtok_r(NULL, ",", &inner))
			ok = add_peer(bus, config, name, e);
	}
	free(copy);
	return ok;
}

bool
bus_knows(const struct bus *bus, const char *service)
{
	for (int i = 0; i < bus->n_peers; i++)
		if (strcmp(bus->peers[i].service, service) == 0)
			return true;
	return false;
}

/* ---- sending --------------------------------------------------------------- */

/* The least loaded instance of SERVICE that was not tried in this round; -1 when none is left. */
static int
pick(struct bus *bus, const char *service, unsigned tried)
{
	int best = -1;
	int64_t now = clock_ms(), best_cost = INT64_MAX;

	bus->turn++;
	for (int k = 0; k < bus->n_peers; k++) {
		int i = (int)((bus->turn + (unsigned)k) % (unsigned)bus->n_peers); /* ties go round */
		const struct peer *p = &bus->peers[i];
		int64_t cost = p->outstanding + (p->down_until > now ? 1000000 : 0);

		if (strcmp(p->service, service) != 0 || tried >> (i & 31) & 1)
			continue;
		if (cost < best_cost) {
			best = i;
			best_cost = cost;
		}
	}
	return best;
}

static void
finish(struct bus *bus, int slot, const Vouch__ReplyHeader *header, ProtobufCBinaryData reply)
{
	struct pending *p = bus->slots[slot];

	if (p->peer >= 0)
		bus->peers[p->peer].outstanding--;
	bus->slots[slot] = NULL;
	p->done(p->arg, header, reply);
	pthread_mutex_lock(&bus->lock);
	bus->n_outstanding--;
	pthread_mutex_unlock(&bus->lock);
	arena_reset(&p->arena);
	free(p);
}

static void
give_up(struct bus *bus, int slot, Vouch__Status status, const char *detail)
{
	Vouch__ReplyHeader header = VOUCH__REPLY_HEADER__INIT;

	header.status = status;
	header.detail = (char *)detail;
	finish(bus, slot, &header, (ProtobufCBinaryData){0});
}

/* Sends PENDING to an instance; false: none takes it now. */
static bool
send_now(struct bus *bus, int slot)
{
	struct pending *p = bus->slots[slot];
	Vouch__RequestHeader h = VOUCH__REQUEST_HEADER__INIT;
	int64_t now = clock_ms();
	int i = pick(bus, p->service, p->tried);
	uint8_t head[16384];
	size_t len;

	if (i < 0 && p->tried != 0) {
		p->tried = 0;
		i = pick(bus, p->service, 0);
	}
	if (i < 0 ||
	    !(zmq_getsockopt(bus->peers[i].socket, ZMQ_EVENTS, &(int){0}, &(size_t){sizeof(int)}) == 0))
		return false;
	p->until_ms = p->deadline_ms;
	/* Keep half of the time for another instance, if there is one. */
	if (p->harmless && p->sends == 0 && pick(bus, p->service, 1u << (i & 31)) >= 0)
		p->until_ms = now + (p->deadline_ms - now) / 2;
	h.method = p->method;
	h.caller = p->caller;
	h.key = p->key;
	h.trace = p->trace;
	h.timeout_ms = p->until_ms > now ? (uint32_t)(p->until_ms - now) : 0;
	len = vouch__request_header__get_packed_size(&h);
	if (len > sizeof(head))
		return false;
	vouch__request_header__pack(&h, head);
	p->tried |= 1u << (i & 31);
	if (zmq_send(bus->peers[i].socket, &p->id, sizeof(p->id), ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0)
		return false;
	zmq_send(bus->peers[i].socket, head, len, ZMQ_SNDMORE);
	zmq_send(bus->peers[i].socket, p->request.data != NULL ? (void *)p->request.data : (void *)"",
	    p->request.len, 0);
	p->peer = i;
	p->sends++;
	bus->peers[i].outstanding++;
	return true;
}

/* Takes a call off its instance, to be sent to another. */
static void
take_back(struct bus *bus, struct pending *p)
{
	if (p->peer >= 0)
		bus->peers[p->peer].outstanding--;
	p->peer = -1;
}

static void
on_reply(struct bus *bus, int peer, zmq_msg_t *f)
{
	uint64_t id = 0;
	int slot;
	struct pending *p;
	struct arena arena = {0};
	Vouch__ReplyHeader *header;
	ProtobufCBinaryData body = {zmq_msg_size(&f[2]), zmq_msg_data(&f[2])};

	bus->peers[peer].down_until = 0;
	if (zmq_msg_size(&f[0]) != sizeof(id))
		return;
	memcpy(&id, zmq_msg_data(&f[0]), sizeof(id));
	slot = (int)(id % BUS_OUTSTANDING_MAX);
	p = bus->slots[slot];
	if (p == NULL || p->id != id || p->peer != peer)
		return; /* a late answer to a call that gave up */
	header = (void *)call_unpack(
	    &arena, &vouch__reply_header__descriptor, zmq_msg_size(&f[1]), zmq_msg_data(&f[1]));
	if (header == NULL) {
		give_up(bus, slot, VOUCH__STATUS__INTERNAL, "a service answered nonsense");
	} else if (header->status == VOUCH__STATUS__OVERLOADED && p->sends < SENDS_MAX &&
	    pick(bus, p->service, p->tried) >= 0) {
		take_back(bus, p); /* it was never run, and may go elsewhere at once */
		if (!send_now(bus, slot))
			finish(bus, slot, header, body);
	} else {
		finish(bus, slot, header, body);
	}
	arena_reset(&arena);
}

/* The connection to an instance broke: the fate of what was sent is unknown. */
static void
on_disconnect(struct bus *bus, int peer)
{
	bus->peers[peer].down_until = clock_ms() + DOWN_MS;
	for (int slot = 0; slot < BUS_OUTSTANDING_MAX; slot++) {
		struct pending *p = bus->slots[slot];

		if (p == NULL || p->peer != peer)
			continue;
		if (p->harmless && p->sends < SENDS_MAX) {
			take_back(bus, p);
			p->begun_ms = clock_ms();
		} else {
			give_up(bus, slot, VOUCH__STATUS__UNAVAILABLE, "a service does not answer");
		}
	}
}

/* Sends what waits, and ends what waited too long. */
static void
tick(struct bus *bus)
{
	int64_t now = clock_ms();

	for (int slot = 0; slot < BUS_OUTSTANDING_MAX; slot++) {
		struct pending *p = bus->slots[slot];

		if (p == NULL)
			continue;
		if (p->peer >= 0 && now >= p->until_ms) {
			bus->peers[p->peer].down_until = now + DOWN_MS;
			if (p->harmless && now < p->deadline_ms && p->sends < SENDS_MAX) {
				take_back(bus, p);
				send_now(bus, slot);
				continue;
			}
			give_up(bus, slot, VOUCH__STATUS__TIMEOUT, "the service did not answer in time");
		} else if (p->peer < 0 && !send_now(bus, slot)) {
			if (now >= p->deadline_ms || now - p->begun_ms > UNSENT_MS)
				give_up(bus, slot, VOUCH__STATUS__UNAVAILABLE, "a service does not answer");
		}
	}
}

static void
take_handed(struct bus *bus)
{
	struct pending *list, *next;

	bell_hush(bus->bell);
	pthread_mutex_lock(&bus->lock);
	list = bus->handed;
	bus->handed = NULL;
	bus->handed_end = &bus->handed;
	pthread_mutex_unlock(&bus->lock);
	for (struct pending *p = list; p != NULL; p = next) {
		int slot;

		next = p->next;
		do /* there is a free slot: bus_send counts */
			slot = (int)(++bus->next_id % BUS_OUTSTANDING_MAX);
		while (bus->slots[slot] != NULL);
		p->id = bus->next_id;
		bus->slots[slot] = p;
		send_now(bus, slot);
	}
}

static void *
run(void *arg)
{
	struct bus *bus = arg;
	zmq_pollitem_t items[1 + 2 * BUS_PEERS_MAX] = {{.fd = bus->bell, .events = ZMQ_POLLIN}};
	int64_t ticked = clock_ms();
	bool stop = false;

	for (int i = 0; i < bus->n_peers; i++) {
		items[1 + 2 * i] = (zmq_pollitem_t){.socket = bus->peers[i].socket, .events = ZMQ_POLLIN};
		items[2 + 2 * i] = (zmq_pollitem_t){.socket = bus->peers[i].monitor, .events = ZMQ_POLLIN};
	}
	while (!stop) {
		zmq_msg_t f[3];
		bool busy;

		pthread_mutex_lock(&bus->lock);
		stop = bus->stopping;
		busy = bus->n_outstanding > 0;
		pthread_mutex_unlock(&bus->lock);
		zmq_poll(items, 1 + 2 * bus->n_peers, busy ? TICK_MS : 1000);
		if (items[0].revents & ZMQ_POLLIN)
			take_handed(bus);
		for (int i = 0; i < bus->n_peers; i++) {
			int n;

			for (int k = 0; k < 256 && items[1 + 2 * i].revents &&
			    (n = wire_receive(bus->peers[i].socket, f, 3)) >= 0;
			    k++) {
				if (n == 3)
					on_reply(bus, i, f);
				wire_close(f, n);
			}
			if (items[2 + 2 * i].revents &&
			    (n = wire_receive(bus->peers[i].monitor, f, 3)) >= 0) {
				wire_close(f, n);
				on_disconnect(bus, i);
			}
		}
		if (clock_ms() - ticked >= TICK_MS) {
			ticked = clock_ms();
			tick(bus);
		}
	}
	for (int slot = 0; slot < BUS_OUTSTANDING_MAX; slot++)
		if (bus->slots[slot] != NULL)
			give_up(bus, slot, VOUCH__STATUS__UNAVAILABLE, "the process ends");
	return NULL;
}

/* ---- for other threads ------------------------------------------------------- */

struct bus *
bus_open(const struct config *config)
{
	struct bus *bus = calloc(1, sizeof(*bus));

	assert(bus != NULL);
	bus->zmq = zmq_ctx_new();
	bus->bell = bell_open();
	bus->handed_end = &bus->handed;
	pthread_mutex_init(&bus->lock, NULL);
	if (read_book(bus, config) && pthread_create(&bus->thread, NULL, run, bus) == 0)
		return bus;
	for (int i = 0; i < bus->n_peers; i++) {
		zmq_close(bus->peers[i].socket);
		zmq_close(bus->peers[i].monitor);
	}
	zmq_ctx_term(bus->zmq);
	close(bus->bell);
	free(bus);
	return NULL;
}

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
	bool ok;

	pthread_mutex_lock(&bus->lock);
	ok = !bus->stopping && bus->n_outstanding < BUS_OUTSTANDING_MAX / 2;
	if (ok) {
		bus->n_outstanding++;
		*bus->handed_end = p;
		bus->handed_end = &p->next;
	}
	pthread_mutex_unlock(&bus->lock);
	if (ok)
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

void
bus_close(struct bus *bus)
{
	if (bus == NULL)
		return;
	pthread_mutex_lock(&bus->lock);
	bus->stopping = true;
	pthread_mutex_unlock(&bus->lock);
	bell_ring(bus->bell);
	pthread_join(bus->thread, NULL);
	take_handed(bus);
	for (int slot = 0; slot < BUS_OUTSTANDING_MAX; slot++)
		if (bus->slots[slot] != NULL)
			give_up(bus, slot, VOUCH__STATUS__UNAVAILABLE, "the process ends");
	for (int i = 0; i < bus->n_peers; i++) {
		zmq_socket_monitor(bus->peers[i].socket, NULL, 0);
		zmq_close(bus->peers[i].socket);
		zmq_close(bus->peers[i].monitor);
	}
	zmq_ctx_term(bus->zmq);
	close(bus->bell);
	pthread_mutex_destroy(&bus->lock);
	free(bus);
}
