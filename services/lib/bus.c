/*
 * bus.c: the calling end. One thread owns all sockets; others hand it requests
 * through a list and a bell.
 */
#include "bus_parts.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bus_wire.h"
#include "log.h"

enum { DOWN_MS = 1000, DOWN_COST = 1000000, TICK_MS = 20, SENDS_MAX = 5, UNSENT_MS = 3000 };

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

/* What it costs to ask the instance I now; a negative number: it is not of SERVICE, or was tried in this round. */
static int64_t
cost_of(const struct bus *bus, int i, const char *service, unsigned tried, int64_t now)
{
	const struct peer *p = &bus->peers[i];

	if (strcmp(p->service, service) != 0 || tried >> (i & 31) & 1)
		return -1;
	return p->outstanding + (p->down_until > now ? DOWN_COST : 0);
}

/* The least loaded instance of SERVICE that was not tried in this round, those that are alike in turn; -1 when none is left. */
static int
pick(const struct bus *bus, const char *service, unsigned tried)
{
	int64_t now = clock_ms(), best = INT64_MAX;
	unsigned alike = 0, k = 0;

	for (int i = 0; i < bus->n_peers; i++) {
		int64_t cost = cost_of(bus, i, service, tried, now);

		if (cost >= 0 && cost < best) {
			best = cost;
			alike = 0;
		}
		alike += cost == best;
	}
	for (int i = 0; alike > 0 && i < bus->n_peers; i++)
		if (cost_of(bus, i, service, tried, now) == best && k++ == bus->turn % alike)
			return i;
	return -1;
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
	int i;
	uint8_t head[16384];
	size_t len;

	bus->turn++;
	i = pick(bus, p->service, p->tried);
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
	} else if (header->status == VOUCH__STATUS__OVERLOADED && header->leaving) {
		bus->peers[peer].down_until = clock_ms() + DOWN_MS;
		take_back(bus, p); /* tick() sends it to another, or to the one that is started next */
		p->sends--;        /* it was never run: a long drain must not use up its tries */
		p->begun_ms = clock_ms();
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

static void
take_replies(struct bus *bus, int peer)
{
	zmq_msg_t f[3];
	int n;

	for (int k = 0; k < 256 && (n = wire_receive(bus->peers[peer].socket, f, 3)) >= 0; k++) {
		if (n == 3)
			on_reply(bus, peer, f);
		wire_close(f, n);
	}
}

/* What broke is looked for with each tick: a monitor in the poll costs as much as a socket. */
static void
look_for_breaks(struct bus *bus)
{
	zmq_msg_t f[2];
	int n;

	for (int i = 0; i < bus->n_peers; i++)
		for (int k = 0; k < 16 && (n = wire_receive(bus->peers[i].monitor, f, 2)) >= 0; k++) {
			wire_close(f, n);
			take_replies(bus, i); /* what it said before it went counts */
			on_disconnect(bus, i);
		}
}

/* Is there something to wait for? False: the thread ends. */
static bool
is_going_on(struct bus *bus, bool *busy)
{
	bool on;

	pthread_mutex_lock(&bus->lock);
	on = !bus->stopping;
	*busy = bus->n_outstanding > 0;
	pthread_mutex_unlock(&bus->lock);
	return on;
}

static void *
run(void *arg)
{
	struct bus *bus = arg;
	zmq_pollitem_t items[1 + BUS_PEERS_MAX] = {{.fd = bus->bell, .events = ZMQ_POLLIN}};
	int64_t ticked = clock_ms();
	bool busy, due;

	for (int i = 0; i < bus->n_peers; i++)
		items[1 + i] = (zmq_pollitem_t){.socket = bus->peers[i].socket, .events = ZMQ_POLLIN};
	while (is_going_on(bus, &busy)) {
		zmq_poll(items, 1 + bus->n_peers, busy ? TICK_MS : 1000);
		for (int i = 0; i < bus->n_peers; i++)
			if (items[1 + i].revents & ZMQ_POLLIN)
				take_replies(bus, i);
		due = clock_ms() - ticked >= TICK_MS;
		if (due)
			look_for_breaks(bus); /* before a call goes out on the connection that came after */
		if (items[0].revents & ZMQ_POLLIN)
			take_handed(bus);
		if (due) {
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
