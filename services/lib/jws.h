/*
 * jws.h: compact JSON Web Signatures with Ed25519 (RFC 7515, RFC 8037), and
 * nothing else: one algorithm, one curve, no keys taken from the token itself.
 */
#ifndef JWS_H
#define JWS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"

struct jws_key {
	unsigned char public_key[32], secret_key[64];
	char id[64]; /* its thumbprint (RFC 7638), base64url: the JWK's "kid" */
};

/* LEN bytes as base64url without padding, in ARENA. */
char *base64url_write(struct arena *arena, const void *bytes, size_t len);

/* Reads base64url without padding, strictly: no other characters, no spare bits. *LEN bytes in ARENA; NULL when it is not that. */
uint8_t *base64url_read(struct arena *arena, const char *text, size_t text_len, size_t *len);

/*
 * Loads the key from FILE, or makes one there, readable by its owner alone, when
 * there is none; two processes that start at once agree on one. False after
 * logging: unreadable, of the wrong size, or readable by others.
 */
bool jws_key_load(struct jws_key *key, const char *file);

/* The public key as a JWK; the caller owns it. */
json_t *jws_jwk(const struct jws_key *key);

/* Signs PAYLOAD with the header {alg: EdDSA, typ: TYP, kid: KID}. In ARENA; NULL when memory is short. */
char *jws_sign(
    struct arena *arena, const struct jws_key *key, const char *typ, const char *kid, const json_t *payload);

/*
 * Verifies TOKEN by a key of KEYS (a JWK set: kty OKP, crv Ed25519): the one
 * that the header's kid names (behind a '#', if any). Only alg EdDSA or
 * Ed25519; a header with jwk, jku, x5u, x5c or crit is refused. Returns the
 * payload, owned by the caller; NULL and a sentence in *WHY.
 */
json_t *jws_verify(struct arena *arena, const char *token, const json_t *keys, const char **why);

#endif
