/*
 * request.h: one HTTP request, from its first line to its answer.
 *
 * http.c reads and writes the connection and calls these steps; whatever they
 * wait for (a session to be looked up, a service, the evidence store) runs
 * while the connection is put aside, so no thread ever waits.
 */
#ifndef REQUEST_H
#define REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "answer.h"
#include "arena.h"
#include "bus.pb-c.h"
#include "common.pb-c.h"
#include "gateway.h"
#include "guard.h"
#include "idempotency.h"
#include "identity.pb-c.h"
#include "route.h"
#include "rpc.h"
#include "store.h"

enum next {
	NEXT_READ,   /* go on: read the body, or when there is none come back with request_end() */
	NEXT_WAIT,   /* put the connection aside, then call go() */
	NEXT_ANSWER, /* the answer is ready */
};

struct besides;
struct request;
struct upload;

/* Who asks. */
struct identity {
	const char *token;          /* "" without one */
	bool is_bearer;             /* from Authorization; else from the cookie */
	const Vouch__Resolved *who; /* NULL: nobody */
};

struct body {
	char *data; /* made by malloc */
	size_t len, room;
	bool is_dropped; /* the answer is known already: what arrives is thrown away */
};

struct request {
	struct gateway *gateway;
	struct arena arena, *home; /* lives until the answer was sent; where it came from */
	struct arena scratch;      /* messages: given back once the service has been asked */

	const char *method, *target, *version, *address;
	struct head head;
	struct refusal refusal; /* the first thing that guard found */
	char *trace;
	int64_t began_us; /* monotonic */

	char *query; /* what stands behind '?'; NULL without */
	struct path path;
	struct route_match match;
	const struct endpoint *endpoint; /* NULL: no such route */
	struct identity identity;
	uint64_t session_epoch; /* sessions.h: when the look-up began */
	struct body body;
	struct upload *upload;

	Vouch__Caller caller;
	const char *key; /* idempotency key, "" when none */
	int64_t if_match;
	ProtobufCBinaryData packed; /* the message for the service */
	struct inflight_entry inflight;
	struct store_job job;
	const Vouch__StoredFile *file; /* that is to be sent; memory of scratch */
	void *local;                   /* of who answers: lives as long as the arena */

	Vouch__Status status;            /* how it ended, for the log */
	Vouch__ReplyHeader reply_header; /* of the service; memory of the arena */
	ProtobufCBinaryData reply;
	struct besides *besides; /* what the page asked besides (beside.h); NULL: nothing */

	bool (*go)(struct request *request);        /* starts what is waited for; false: it did not start */
	enum next (*then)(struct request *request); /* runs when it is over */
	void (*wake)(struct request *request); /* of http.c, from any thread: what was waited for is there */
	void *connection;                      /* of http.c */
	size_t held;                           /* bytes taken from gateway_hold() */

	struct answer answer;
};

/*
 * A new request for TARGET ("/path?query", copied), in HOME, the empty arena of its
 * connection: so that one request after the other uses the same memory. NULL when
 * memory is short. Ends with request_close, which gives HOME back, empty.
 */
struct request *request_open(struct gateway *gateway, const char *target, struct arena *home);
void request_close(struct request *request);

/* One header of the request, in order; the value is written to (guard.h). */
void request_header(
    struct request *request, const char *name, size_t name_len, char *value, size_t value_len);

/*
 * The head is complete. METHOD and VERSION are borrowed. Decides everything that can
 * be decided without the body.
 */
enum next request_begin(struct request *request, const char *method, const char *version);

/* LEN bytes of the body, after NEXT_READ. */
void request_data(struct request *request, const char *data, size_t len);

/* The body is complete (or there is none). */
enum next request_end(struct request *request);

/* Makes R wait: GO starts it, THEN goes on. For the steps of a request in other files. */
enum next request_wait(struct request *r, bool (*go)(struct request *), enum next (*then)(struct request *));

/* bus_done: keeps the reply in R's arena and wakes it. */
void request_on_reply(void *r, const Vouch__ReplyHeader *header, ProtobufCBinaryData reply);

/*
 * Sends RPC to its service as CALLER; the answer goes to request_on_reply(). False:
 * too much is outstanding, or no such service is known.
 */
bool request_send(struct request *r, const struct rpc *rpc, Vouch__Caller *caller, const char *key,
    ProtobufCBinaryData packed, int64_t deadline_ms);

/* The account that asks; "" when nobody is signed in. */
const char *request_account(const struct request *r);

#endif
