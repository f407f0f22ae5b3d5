/*
 * role.h: which roles are granted, where, by whom (3.1).
 */
#ifndef ROLE_H
#define ROLE_H

#include <stdbool.h>

#include "rule.pb-c.h"

/* Is ROLE one that a person holds by a grant? Those that follow from signing in, and SERVICE, are not. */
bool role_is_granted(Vouch__Role role);

/* May ROLE be held in SCOPE ("*" or an issuer)? Administering is only of the whole installation. */
bool role_fits_scope(Vouch__Role role, const char *scope);

/*
 * May somebody who is an administrator (ADMIN) or an owner of the issuer SCOPE
 * (OWNER) grant ROLE there, and take it back? An owner gives nothing above their own.
 */
bool role_may_grant(bool admin, bool owner, Vouch__Role role, const char *scope);

#endif
