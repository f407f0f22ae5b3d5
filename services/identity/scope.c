#include "scope.h"

#include <stddef.h>
#include <string.h>

bool
scope_is_valid(const char *scope)
{
	static const char *const areas[] = {"all", "assessment", "catalog", "credential", "helpdesk",
		"identity", "notification", "submission"};
	const char *colon = strchr(scope, ':');

	if (colon == NULL || (strcmp(colon, ":read") != 0 && strcmp(colon, ":write") != 0))
		return false;
	for (size_t i = 0; i < sizeof(areas) / sizeof(areas[0]); i++)
		if (strlen(areas[i]) == (size_t)(colon - scope) &&
		    strncmp(areas[i], scope, strlen(areas[i])) == 0)
			return true;
	return false;
}
