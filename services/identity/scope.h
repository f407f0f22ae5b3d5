/*
 * scope.h: what an API token may do.
 */
#ifndef SCOPE_H
#define SCOPE_H

#include <stdbool.h>

/*
 * Is SCOPE "area:read" or "area:write", where the area is a service
 * ("submission") or "all"? To write includes to read.
 */
bool scope_is_valid(const char *scope);

#endif
