/*
 * beside.h: what a page asks besides its own rpc.
 *
 * A page shows one thing; what it says beside it (which of the rows are in my drafts,
 * by when an answer would come) it asks other rpcs, side by side, when the first has
 * answered. A page does without what does not answer in time: it is then NULL.
 */
#ifndef BESIDE_H
#define BESIDE_H

#include <protobuf-c/protobuf-c.h>

#include "request.h"
#include "rpc.h"

enum { BESIDE_MAX = 8 };

struct beside {
	const struct rpc *rpc;
	const ProtobufCMessage *ask;   /* memory of the request's arena */
	const char *issuer;            /* of the call; NULL: it is about none, or about all */
	const ProtobufCMessage *reply; /* NULL: no answer, or a refusal */
};

struct besides;

/*
 * Fills ASKS, up to BESIDE_MAX, from what the page's own rpc replied; returns how many.
 * Of the endpoint.
 */
typedef int beside_ask(struct request *r, const ProtobufCMessage *reply, struct beside asks[BESIDE_MAX]);

/*
 * Asks what R's endpoint wants to know besides REPLY, then goes on with THEN. Nothing to ask:
 * goes on at once.
 */
enum next beside_begin(struct request *r, const ProtobufCMessage *reply, enum next (*then)(struct request *));

/* What the I-th was answered; NULL: nothing. */
const ProtobufCMessage *beside_reply(const struct request *r, int i);

/* Gives back what the answers took. */
void beside_close(struct besides *besides);

#endif
