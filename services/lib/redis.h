/*
 * redis.h: sorted sets of timers, and nothing else. Only redis.c includes
 * hiredis. Redis holds no record: whatever it says is checked against
 * PostgreSQL, and whatever it loses is made anew from there.
 */
#ifndef REDIS_H
#define REDIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct redis;

/*
 * A connection to ENDPOINT ("unix:/path" or "host:port"), made on first use and
 * again after each error (a context is dead after one; 1 s to connect, 2 s for
 * a command, backoff 100 ms doubling to 5 s). PREFIX goes in front of all keys, at
 * most 79 bytes. Any number of threads may use one connection; they take turns.
 * SIGPIPE is ignored from here on: a server that goes away must not end the process.
 */
struct redis *redis_open(const char *endpoint, const char *prefix);
void redis_close(struct redis *redis);

/* Is there a Redis that answers? */
bool redis_ready(struct redis *redis);

struct timer {
	char name[80]; /* "issuer~uuid" of the review */
	int64_t at;    /* microseconds since 1970, business time */
};

/*
 * Sets N timers, up to 1,000 at a time, to their instants; one that exists is
 * moved. False: Redis did not say yes to all of them; set them again.
 */
bool timers_arm(struct redis *redis, const struct timer *timers, size_t n);

/* Removes timers. False as above. */
bool timers_disarm(struct redis *redis, const struct timer *timers, size_t n);

/*
 * Takes up to MAX timers that are due at NOW, by one atomic script: each is put
 * LEASE_US later, so that it comes again if this process dies. Returns how
 * many, -1 when Redis does not answer.
 */
int timers_claim(struct redis *redis, int64_t now, int64_t lease_us, struct timer *out, size_t max);

/* How many timers there are; -1 when Redis does not answer. */
int64_t timers_count(struct redis *redis);

/* Forgets all timers, before a rebuild. */
bool timers_clear(struct redis *redis);

#endif
