/* shared.h: what all calls of the service share (call->state). */
#ifndef SHARED_H
#define SHARED_H

#include "call.h"

struct known;

struct shared {
	struct known *known; /* known.h */
};

/* What the submission service's CALL shares with all others; lives as long as the process. */
static inline const struct shared *
shared_of(const struct call *call)
{
	return call->state;
}

#endif
