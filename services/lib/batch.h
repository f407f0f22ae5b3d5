/*
 * batch.h: several queued calls, one commit.
 *
 * A worker takes what its queue holds, up to BATCH_MAX calls. Reads are run and
 * answered first. Writes run one after another in one transaction, and are
 * answered after its one COMMIT. All their keys are claimed before the first of
 * them runs; what is refused before it has written gives its key back. When one
 * fails after it has written, or a key is not new, all are rolled back and run
 * again with a savepoint each, and so do the next batches: then a refused one
 * goes back to its savepoint, and the others do not notice. A deadlock, a lost
 * connection or a failed COMMIT rolls all back, and each runs again alone: its
 * key in "done" tells what an unclear COMMIT did.
 */
#ifndef BATCH_H
#define BATCH_H

#include "call.h"

enum { BATCH_MAX = 32 };

struct batch_item {
	struct call call; /* as for call_run() */
	const char *method;
	ProtobufCBinaryData request;
	ProtobufCBinaryData reply; /* filled */
	bool ok;                   /* filled: the call succeeded */
	bool announced;            /* filled: the relay has work */
	void *job;                 /* of the caller */
};

/* Runs N items, 1..BATCH_MAX, on one connection; calls ANSWER for each, once, as soon as it may be told. */
void batch_run(const struct handler *handlers, struct batch_item *items, size_t n,
    void (*answer)(void *arg, struct batch_item *item), void *arg);

#endif
