/*
 * problem.h: how a refusal looks to a client (RFC 9457, api.md). Pure.
 */
#ifndef PROBLEM_H
#define PROBLEM_H

#include <jansson.h>

#include "arena.h"
#include "bus.pb-c.h"

struct problem {
	int status;       /* HTTP */
	const char *word; /* "conflict": of the type, and for the log */
	const char *title;
	const char *detail;               /* one sentence; "" for none */
	const Vouch__ReplyHeader *header; /* its errors; may be NULL */
	const char *trace;
	json_t *current; /* the record as it is; may be NULL, borrowed */
};

/* Status, word and title for a Status of the bus. */
struct problem problem_of(Vouch__Status status);

/*
 * For what the gateway itself refuses: 400, 401, 403, 404, 405, 406, 409, 413, 414,
 * 415, 417, 431, 500, 503, 505.
 */
struct problem problem_http(int status);

/* The body, made by malloc; NULL when memory is short. */
char *problem_text(const struct problem *problem);

/* Seconds for Retry-After: of RETRY_MS rounded up, 1 at least; 0: the status has none. */
int problem_retry_after(int status, uint32_t retry_ms);

#endif
