/*
 * cursor.h: where the next page of a list begins. Opaque to clients: the sort
 * key of the last row, base64url of a JSON list of strings.
 */
#ifndef CURSOR_H
#define CURSOR_H

#include "call.h"

enum { CURSOR_MAX = 4 };

/* The cursor for the N values of a row's sort key, in the call's arena. */
char *cursor_write(struct call *call, const char *const *values, size_t n);

/*
 * Reads CURSOR into N values (arena); "" leaves them NULL, the first page. A
 * cursor of another shape is refused (INVALID, field "cursor").
 */
bool cursor_read(struct call *call, const char *cursor, const char **values, size_t n);

/* How many rows a page has: LIMIT 1..100, 25 when it is 0. */
int cursor_limit(int limit);

#endif
