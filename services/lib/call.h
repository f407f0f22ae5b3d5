/*
 * call.h: one request, from its arrival to its reply.
 *
 * A handler gets a call, a checked request and an empty reply. It returns true
 * when the reply is right; then all it wrote is committed before the caller
 * hears of it. It returns false after refuse(); then nothing is changed. The
 * first failure sticks: every later db_ or announce() on the same call does
 * nothing and returns false, so steps chain with &&.
 *
 * A handler may run more than once for one request (a lost connection, a
 * deadlock): it has no effect outside its transaction and its arena.
 */
#ifndef CALL_H
#define CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "bus.pb-c.h"
#include "rpc.h"

struct call {
	struct arena *arena;         /* for everything that lives as long as the call */
	const struct rpc *rpc;       /* which one runs; NULL in a job */
	const Vouch__Caller *caller; /* who asks, in which issuer; never NULL */
	const Vouch__Caller
	    *asked_by;       /* the same as it came, whatever call_in_issuer() did: the key belongs to it */
	const char *key;     /* idempotency key, "" when none */
	const char *trace;   /* id of the whole story */
	int64_t deadline_ms; /* on clock_ms() */
	int64_t now;         /* business time: microseconds since 1970, UTC (clock.h) */
	struct db *db;       /* this worker's connection */
	const struct config *config; /* the installation's settings */
	void *state;                 /* what the service's open() made: keys, an index; NULL when none */

	Vouch__Status status;       /* OK until the call has failed */
	const char *detail;         /* one sentence for the caller */
	struct field_error *errors; /* every broken rule, in the order found */
	bool shows_current;         /* the reply goes with the refusal: the record as it is */
	bool keeps;       /* what was written stays although the call is refused (a counted failure) */
	int32_t retry_ms; /* with RATE_LIMITED: when to try again */

	const ProtobufCMessage *req; /* for the dispatcher */
	ProtobufCMessage *rep;
	ProtobufCBinaryData request;       /* packed; its digest goes with the key */
	const ProtobufCBinaryData *replay; /* the stored reply of an earlier run */
	bool retry;                        /* the transaction was lost: run it again */
};

struct field_error {
	struct field_error *next;
	const char *field, *rule, *message;
};

/*
 * Ends CALL with STATUS and one sentence for the caller. Always false, so that
 * a handler can return it. The first failure wins.
 */
bool refuse(struct call *call, Vouch__Status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * The same with INVALID, for one field of the request (its JSON name, dots
 * inside) and the RULE it breaks ("required", "max", "form", ...). May be
 * called several times: every broken rule is told.
 */
bool refuse_field(struct call *call, const char *field, const char *rule, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/*
 * Refuses with STATUS (STALE, CONFLICT) and sends along what the handler has
 * put into its reply: the record as it is now, so that nothing is overwritten
 * unseen.
 */
bool refuse_with_current(struct call *call, Vouch__Status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Does the caller hold ROLE in the call's issuer (or in all of them)? */
bool call_has_role(const struct call *call, Vouch__Role role);

/*
 * The issuers in which the caller holds ROLE, for statements of calls across
 * issuers: a list in the call's arena, *N long; {"*"} when it is all of them.
 */
char **call_issuers(struct call *call, Vouch__Role role, size_t *n);

/* The calling account and issuer; "" when not signed in, "" across issuers. */
const char *call_account(const struct call *call);
const char *call_issuer(const struct call *call);

/* Milliseconds on a clock that never goes back: for deadlines and waits. */
int64_t clock_ms(void);

/* An allocator with which protobuf-c unpacks into the call's arena. */
ProtobufCAllocator call_allocator(struct call *call);

/*
 * Unpacks LEN bytes as TYPE into ARENA within a budget of 16 times the wire
 * size, 64 KiB at least, 8 MiB at most (protobuf-c itself has no limit). NULL
 * when malformed or over the budget.
 */
ProtobufCMessage *call_unpack(
    struct arena *arena, const ProtobufCMessageDescriptor *type, size_t len, const uint8_t *data);

/* Packs MESSAGE into ARENA; data is NULL when that is full. */
ProtobufCBinaryData call_pack(struct arena *arena, const ProtobufCMessage *message);

/*
 * The steps of one call, for the dispatcher (batch.c) and for tests.
 * call_prepare: finds METHOD among HANDLERS, checks deadline, rights, issuer,
 * key and bounds, and unpacks. call_handle: runs the handler once, inside
 * whatever transaction is open, and packs the reply. call_run: both, and for
 * rpcs that write, alone in a transaction with its claim, again after a lost
 * connection or a deadlock, up to five times within the deadline.
 */
const struct handler *call_prepare(
    struct call *call, const struct handler *handlers, const char *method, ProtobufCBinaryData request);
bool call_handle(struct call *call, const struct handler *handler, ProtobufCBinaryData *reply);
bool call_run(struct call *call, const struct handler *handlers, const char *method,
    ProtobufCBinaryData request, ProtobufCBinaryData *reply);

/* Clears what a failed run left, so that the handler can run again. */
void call_again(struct call *call);

/* Puts status, sentence and errors of CALL into HEADER (memory of the call's arena). */
void call_reply_header(struct call *call, Vouch__ReplyHeader *header);

#endif
