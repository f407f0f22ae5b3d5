/*
 * limit.h: how often something may be tried in an hour (A14).
 *
 * The counts stand in PostgreSQL, so that they hold across instances. Who is
 * counted is stored as a hash. An hour begins with the first try.
 */
#ifndef LIMIT_H
#define LIMIT_H

#include "call.h"

/*
 * False and RATE_LIMITED, with the time to wait, when WHO has tried KIND (a
 * value of the column) MOST times in this hour. Counts nothing. WHO "" is
 * nobody and never limited.
 */
bool limit_allows(struct call *call, const char *kind, const char *who, int64_t most);

/*
 * Counts one try. It stays when the call is refused after, if that sets call->keeps. False as above
 * when this was one too many.
 */
bool limit_count(struct call *call, const char *kind, const char *who, int64_t most);

/* Counts one try and refuses nothing: *WITHIN says whether it was within MOST. False after a failure. */
bool limit_take(struct call *call, const char *kind, const char *who, int64_t most, bool *within);

/* Forgets the tries. */
bool limit_clear(struct call *call, const char *kind, const char *who);

#endif
