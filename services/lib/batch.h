/*
 * batch.h: several queued calls, one commit.
 *
 * A worker takes what its queue holds, up to BATCH_MAX calls. Reads are run and
 * answered first. Writes run one after another in one transaction, a savepoint
 * each; a refused one goes back to its savepoint and the others do not notice;
 * all are answered after the one COMMIT. A deadlock, a lost connection or a
 * failed COMMIT rolls all back, and each runs again alone: its key in "done"
 * tells what an unclear COMMIT did.
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
