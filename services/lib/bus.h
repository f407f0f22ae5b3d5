/*
 * bus.h: calls between processes. Only bus*.c include <zmq.h>.
 *
 * There is no broker. The setting "peers" is the book: the instances of every
 * service. A process has one thread that keeps a DEALER socket for each and
 * sends to the instance with the fewest calls of this process outstanding. An
 * instance is one ROUTER socket, bounded queues and its workers; what finds a
 * queue full is answered OVERLOADED at once and tried elsewhere. A deadline
 * travels with each call; what it has passed is not run.
 *
 * A call whose fate is unknown (no answer, a connection that broke) is sent
 * again only when that is harmless: its rpc does not write, or it has an
 * idempotency key.
 */
#ifndef BUS_H
#define BUS_H

#include "call.h"
#include "config.h"
#include "service.h"

enum { BUS_MESSAGE_MAX = 1 << 20, BUS_OUTSTANDING_MAX = 4096, BUS_PEERS_MAX = 128 };

struct bus;

/*
 * The answer of a call, on the bus thread: memory lives only during the call.
 * It must not wait. HEADER is never NULL; REPLY is empty unless the status is
 * OK, or the refusal shows the current record.
 */
typedef void bus_done(void *arg, const Vouch__ReplyHeader *header, ProtobufCBinaryData reply);

struct bus_request {
	const struct rpc *rpc;
	Vouch__Caller *caller;
	const char *key, *trace;
	ProtobufCBinaryData request;
	int64_t deadline_ms; /* on clock_ms() */
	bus_done *done;
	void *arg;
};

/* Connects to the book. NULL after logging what is wrong with the settings. */
struct bus *bus_open(const struct config *config);

/* Sends; copies everything. DONE is called exactly once. False: too many calls are outstanding or the request is too large; DONE is not called. */
bool bus_send(struct bus *bus, const struct bus_request *request);

/* Asks one instance of SERVICE for its health; the reply is a packed Health. */
bool bus_health(struct bus *bus, const char *service, int64_t deadline_ms, bus_done *done, void *arg);

/* Is there an instance of SERVICE in the book? */
bool bus_knows(const struct bus *bus, const char *service);

/* Ends the thread; what is outstanding is answered UNAVAILABLE. */
void bus_close(struct bus *bus);

struct server;

/* Starts an instance of SERVICE on the setting "listen" when all its workers are connected; waits for that up to 60 s. NULL after logging. */
struct server *server_start(const struct config *config, const struct service *service, void *state);

/* Ready: workers connected, not draining. WHY gets up to SIZE bytes of reasons. */
bool server_ready(struct server *server, char *why, size_t size);

/* Takes no more calls, finishes those it has within DRAIN_MS, and ends. */
void server_stop(struct server *server, int64_t drain_ms);

#endif
