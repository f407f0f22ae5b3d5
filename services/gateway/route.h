/*
 * route.h: from verb and path to what answers there.
 *
 * A tree of path segments, built once at start: from the rows of rpcs[], and
 * from the few things that the gateway answers itself. A fixed segment wins
 * over a {variable}; among a path's verbs, HEAD follows GET.
 */
#ifndef ROUTE_H
#define ROUTE_H

#include <stdbool.h>

#include "query.h"

enum { ROUTE_VARS_MAX = 4, ROUTE_ALLOW_SIZE = 64 };

struct routes;

enum route_result { ROUTE_FOUND, ROUTE_NO_PATH, ROUTE_NO_VERB };

struct route_match {
	const void *what;   /* as given to routes_add() */
	const char *suffix; /* "jwt": the path ended so; taken off the last value */
	int n_vars;
	struct {
		const char *name, *value; /* "evidence_id"; the value is the path's segment */
	} vars[ROUTE_VARS_MAX];
	char allow[ROUTE_ALLOW_SIZE]; /* with ROUTE_NO_VERB: "GET, HEAD, POST" */
};

/* NULL when memory is short. */
struct routes *routes_open(void);
void routes_close(struct routes *routes);

/*
 * Adds WHAT for VERB at PATTERN, "/submissions/{id}/parts/{key}", below PREFIX
 * ("" or "/api/v1"). SUFFIXES, ended by NULL (or NULL), may follow a variable
 * at the end of the path. Strings are borrowed. False: memory is short, the
 * route is taken, or the pattern is malformed or too deep.
 */
bool routes_add(struct routes *routes, const char *verb, const char *prefix, const char *pattern,
    const char *const *suffixes, const void *what);

/* Finds who answers VERB at PATH; may write into the path's last segment. Never allocates. */
enum route_result route_find(
    const struct routes *routes, const char *verb, struct path *path, struct route_match *match);

#endif
