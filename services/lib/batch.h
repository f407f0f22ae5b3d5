/*
 * batch.h: several queued calls, one commit.
 *
 * A worker takes what its queue holds, up to BATCH_MAX calls. Reads are run and
 * answered first, then the writes, in one transaction, and answered after its one
 * COMMIT. The calls of a kind run beside each other (lanes, db_tx.h): what they
 * ask of the database at a time travels together. The writes' keys are claimed
 * before the first of them runs; what is refused before it has written gives its
 * key back. When one fails after it has written, or a key is not new, all are
 * rolled back and run again one after another with a savepoint each, and so do
 * the next batches: then a refused one goes back to its savepoint, and the others
 * do not notice. A deadlock, a lost connection or a failed COMMIT rolls all back,
 * and each runs again alone: its key in "done" tells what an unclear COMMIT did.
 * Reads of which one fails in the database run again alone too.
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

/* Who hears what became of the calls. */
struct batch_listener {
	void (*answer)(void *arg, struct batch_item *item); /* once for each, as soon as it may be told */
	void (*send)(void *arg); /* what was told may go on its way: the next may take a while */
	void *arg;
};

/* Runs N items, 1..BATCH_MAX, on one connection, and tells LISTENER. */
void batch_run(const struct handler *handlers, struct batch_item *items, size_t n,
    const struct batch_listener *listener);

#endif
