/*
 * badge.h: an award as an Open Badges 3.0 credential (1EdTech Open Badges
 * Specification 3.0; W3C Verifiable Credentials Data Model 2.0).
 */
#ifndef BADGE_H
#define BADGE_H

#include <jansson.h>
#include <stddef.h>

struct badge {
	const char *url; /* of the credential: its id */
	const char *did; /* the installation's did:web, who signs */
	const char *issuer_url, *issuer_name;
	const char *achievement_url;
	const char *title, *description, *criteria;
	const char *recipient_name;
	const char *valid_from; /* RFC 3339 */
};

/* The credential as JSON-LD; the caller owns it. NULL when memory is short. */
json_t *badge_document(const struct badge *badge);

/* The JWT's claims: the credential and the registered claims that mirror it (VC-JWT). NBF in seconds since 1970. */
json_t *badge_claims(const json_t *document, const struct badge *badge, long long nbf);

/* "http://127.0.0.1:8080" -> "did:web:127.0.0.1%3A8080" (did:web method specification). OUT gets up to SIZE bytes. */
void badge_did(const char *public_url, char *out, size_t size);

/* The DID document that publishes JWK as the assertion key of DID; the caller owns it, JWK stays the caller's. */
json_t *badge_did_document(const char *did, const char *key_id, json_t *jwk);

#endif
