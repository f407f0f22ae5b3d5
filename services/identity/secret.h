/*
 * secret.h: random tokens, and what is stored of them.
 *
 * A token is its prefix and 32 random bytes in base64url. The database keeps
 * SHA-256 of it: who reads a dump signs in nowhere, and the hash needs no salt,
 * as nobody guesses 256 bits.
 */
#ifndef SECRET_H
#define SECRET_H

#include <protobuf-c/protobuf-c.h>

#include "arena.h"

#define SECRET_SESSION "vs_"
#define SECRET_TOKEN "vt_"
#define SECRET_LINK "vl_"

/* A new token that begins with PREFIX, in ARENA; NULL when that is full. */
char *secret_new(struct arena *arena, const char *prefix);

/* What is stored of TOKEN (any string): 32 bytes in ARENA; data is NULL when that is full. */
ProtobufCBinaryData secret_hash(struct arena *arena, const char *token);

#endif
