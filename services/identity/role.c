#include "role.h"

#include <string.h>

bool
role_is_granted(Vouch__Role role)
{
	return role >= VOUCH__ROLE__ASSESSOR && role <= VOUCH__ROLE__PLATFORM_ADMIN;
}

bool
role_fits_scope(Vouch__Role role, const char *scope)
{
	return role != VOUCH__ROLE__PLATFORM_ADMIN || strcmp(scope, "*") == 0;
}

bool
role_may_grant(bool admin, bool owner, Vouch__Role role, const char *scope)
{
	if (!role_is_granted(role) || !role_fits_scope(role, scope))
		return false;
	return admin || (owner && strcmp(scope, "*") != 0);
}
