/*
 * cursor.h: where the next page of a list begins. Opaque to clients: the sort
 * key of the last row, base64url of a JSON list of strings.
 *
 * A client can make up a cursor. What it holds is a string like any other of a
 * request: a value that goes to SQL as a time, a number or an id is read first
 * (cursor_number(), cursor_id()), so that nonsense is refused and not our defect.
 */
#ifndef CURSOR_H
#define CURSOR_H

#include "call.h"

enum { CURSOR_MAX = 4 };

/*
 * The cursor for the N values, 1..CURSOR_MAX, of a row's sort key, in the call's arena. NULL when
 * that is full, or a value is NULL or no UTF-8.
 */
char *cursor_write(struct call *call, const char *const *values, size_t n);

/*
 * Reads CURSOR into N values (arena); "" or NULL leaves them NULL, the first page. A
 * cursor of another shape is refused (INVALID, field "cursor").
 */
bool cursor_read(struct call *call, const char *cursor, const char **values, size_t n);

/*
 * What a value of a cursor has to be: a number that is written in full, the id
 * of a row. Anything else is refused like a cursor of another shape.
 */
bool cursor_number(struct call *call, const char *value, int64_t *number);
bool cursor_id(struct call *call, const char *value);

/* How many rows a page has: LIMIT 1..100, 25 when it is 0. */
int cursor_limit(int limit);

#endif
