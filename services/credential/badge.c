#include "badge.h"

#include <stdio.h>
#include <string.h>

/* A line for each member of the document. */
/* clang-format off */

json_t *
badge_document(const struct badge *b)
{
	return json_pack("{s:[s,s], s:s, s:[s,s], s:{s:s, s:[s], s:s, s:s}, s:s, s:s,"
	    " s:{s:[s], s:[{s:s, s:b, s:s, s:s}], s:{s:s, s:[s], s:s, s:s, s:{s:s}}}}",
	    "@context", "https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
	    "id", b->url,
	    "type", "VerifiableCredential", "OpenBadgeCredential",
	    "issuer", "id", b->did, "type", "Profile", "name", b->issuer_name, "url", b->issuer_url,
	    "validFrom", b->valid_from,
	    "name", b->title,
	    "credentialSubject", "type", "AchievementSubject",
	    "identifier", "type", "IdentityObject", "hashed", 0, "identityHash", b->recipient_name, "identityType", "name",
	    "achievement", "id", b->achievement_url, "type", "Achievement", "name", b->title, "description", b->description,
	    "criteria", "narrative", b->criteria);
}

/* clang-format on */

json_t *
badge_claims(const json_t *document, const struct badge *b, long long nbf)
{
	json_t *claims = json_deep_copy(document);

	json_object_set_new(claims, "iss", json_string(b->did));
	json_object_set_new(claims, "jti", json_string(b->url));
	json_object_set_new(claims, "nbf", json_integer(nbf));
	return claims;
}

void
badge_did(const char *public_url, char *out, size_t size)
{
	const char *host = strstr(public_url, "://");
	size_t n = (size_t)snprintf(out, size, "did:web:");

	for (const char *s = host != NULL ? host + 3 : public_url; *s != '\0' && *s != '/' && n + 4 < size;
	    s++)
		n += (size_t)snprintf(out + n, size - n, *s == ':' ? "%%3A" : "%c", *s);
}

/* The same. */
/* clang-format off */

json_t *
badge_did_document(const char *did, const char *key_id, json_t *jwk)
{
	json_t *full = json_sprintf("%s#%s", did, key_id);

	return json_pack("{s:[s,s], s:s, s:[{s:O, s:s, s:s, s:O}], s:[O], s:[o]}",
	    "@context", "https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1",
	    "id", did,
	    "verificationMethod", "id", full, "type", "JsonWebKey2020", "controller", did, "publicKeyJwk", jwk,
	    "authentication", full, "assertionMethod", full);
}

/* clang-format on */
