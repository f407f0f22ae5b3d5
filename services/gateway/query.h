/*
 * query.h: the parts of a request's address, decoded in place.
 *
 * Works on text that guard_line() has let in: escapes are whole and give UTF-8.
 */
#ifndef QUERY_H
#define QUERY_H

#include <stdbool.h>
#include <stddef.h>

enum { PATH_SEGMENTS_MAX = 16 };

struct path {
	char *segments[PATH_SEGMENTS_MAX]; /* decoded; an empty one for a doubled or closing slash */
	size_t n;
};

/*
 * Cuts TEXT, a path that begins with a slash, at its slashes and decodes each
 * segment in place. "/" has one empty segment. False: more than
 * PATH_SEGMENTS_MAX segments.
 */
bool path_split(char *text, struct path *path);

/*
 * Takes the next "name=value" off *REST (what stands behind the question
 * mark), decoded in place, '+' as a space; a name without '=' has the value "".
 * False when nothing is left.
 */
bool query_next(char **rest, char **name, char **value);

#endif
