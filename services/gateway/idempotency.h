/*
 * idempotency.h: the same request twice (api.md, "Idempotency-Key").
 *
 * That a repeat gets the first answer is the service's doing (its table
 * "done"). Here only what is running right now is known: a second request
 * under the same key meanwhile is answered 409 at once. Between several
 * gateways the service's row lock does the same, more slowly.
 */
#ifndef IDEMPOTENCY_H
#define IDEMPOTENCY_H

#include <stdbool.h>
#include <stdint.h>

enum { KEY_MAX = 64 };

struct inflight;

/* Lives inside its request. Start with {0}. */
struct inflight_entry {
	struct inflight_entry *next, **link; /* link is NULL: not entered */
	uint8_t digest[16];
};

/* What runs now. NULL: memory is short. To be closed when nothing runs any more. */
struct inflight *inflight_open(void);
void inflight_close(struct inflight *inflight);

/*
 * Enters what WHO (an account, or an address) runs on ROUTE under KEY. False:
 * the same is running already. Thread-safe.
 */
bool inflight_enter(struct inflight *inflight, struct inflight_entry *entry, const char *who,
    const char *route, const char *key);

/* It is over; nothing happens when ENTRY was not entered. */
void inflight_leave(struct inflight *inflight, struct inflight_entry *entry);

/* Is KEY 1..64 bytes of UTF-8? */
bool key_is_valid(const char *key);

#endif
