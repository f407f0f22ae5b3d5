/*
 * credential.h: what anybody can see of a credential, on its own page and where one is verified.
 */
#ifndef CREDENTIAL_H
#define CREDENTIAL_H

#include "credential.pb-c.h"
#include "html.h"
#include "request.h"

/* How the signature of a credential stands by the keys of this installation. */
enum signature { SIGNATURE_HOLDS, SIGNATURE_BROKEN, SIGNATURE_UNKNOWN };

/* KEYS may be NULL: then nobody can say. */
enum signature credential_signature(const struct request *r, const char *jwt, const Vouch__KeySet *keys);

/* Is it issued and not taken back? */
bool credential_is_good(const Vouch__Credential *c);

/* The four lines that are checked: signature, taken back or not, end, person. */
void credential_checks(
    struct html *html, const struct request *r, const Vouch__Credential *c, enum signature signature);

#endif
