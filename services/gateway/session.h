/*
 * session.h: whose token it is.
 *
 * The identity service knows; it is asked over the bus. For a moment (setting
 * session_cache_ms) its answer is remembered, by the SHA-256 of the token: so a
 * session that was ended somewhere else, or a role taken away, may be seen for
 * that long. What this gateway itself was asked to end it forgets at once.
 * Bounded: a full cache forgets the oldest. Thread-safe.
 */
#ifndef SESSION_H
#define SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "identity.pb-c.h"

#define SESSION_COOKIE "vouch_session"

enum { SESSION_HASH = 32, SESSION_TOKEN_MAX = 200 };

struct sessions;

/* Remembers for KEEP_MS milliseconds; 0: not at all. NULL when memory is short. */
struct sessions *sessions_open(int64_t keep_ms);
void sessions_close(struct sessions *sessions);

/* The hash by which a token is known here. */
void session_hash(uint8_t out[SESSION_HASH], const char *token);

/*
 * What is remembered of a token, unpacked into ARENA; NULL: ask. An account_id
 * of "" is an answer too: nobody's. *EPOCH is for sessions_keep().
 */
const Vouch__Resolved *sessions_find(struct sessions *sessions, const uint8_t hash[SESSION_HASH],
    int64_t now_ms, struct arena *arena, uint64_t *epoch);

/*
 * Remembers the packed RESOLVED, unless something was forgotten since EPOCH: then it
 * may be older than that.
 */
void sessions_keep(struct sessions *sessions, const uint8_t hash[SESSION_HASH], int64_t now_ms,
    uint64_t epoch, ProtobufCBinaryData resolved);

/* Forgets everything about an account, and about one token (either may be NULL). */
void sessions_forget(struct sessions *sessions, const char *account_id, const uint8_t *hash);

#endif
