/*
 * holidays.h: a list of days off in the making, and what was wrong on the way.
 *
 * A reader (ics.h) starts a list, adds days and problems in any order, and
 * finishes it; then the days stand in order, each once. Both lists are bounded,
 * so a hostile file costs no more than a large honest one.
 */
#ifndef HOLIDAYS_H
#define HOLIDAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum {
	HOLIDAYS_MAX = 5000, /* days of one list */
	HOLIDAYS_PROBLEMS_MAX = 100,
	HOLIDAYS_NAME_MAX = 200, /* bytes of a name */
	HOLIDAYS_FIRST = 7305,   /* 1990-01-01: the widest window */
	HOLIDAYS_LAST = 47846,   /* 2100-12-31 */
};

/* A day off and what people call it. */
struct holiday {
	int32_t day;      /* days since 1970-01-01 (instant.h) */
	const char *name; /* valid UTF-8 without control characters, never empty */
};

struct holidays_problem {
	int line;         /* of the file, from 1; 0: the file as a whole */
	const char *text; /* one sentence, lower case, without the file's own words */
};

struct holidays {
	struct holiday *items; /* after holidays_finish(): ascending, each day once */
	size_t n_items;
	struct holidays_problem *problems;
	size_t n_problems;
	size_t n_unlisted;   /* problems past HOLIDAYS_PROBLEMS_MAX */
	int32_t first, last; /* days outside this window are left out, silently */
	struct arena *arena; /* everything lives there */
	bool is_full;        /* a day found no room */
};

/*
 * Starts an empty list for the days FIRST..LAST, HOLIDAYS_FIRST <= FIRST <= LAST
 * <= HOLIDAYS_LAST. False: ARENA is full.
 */
bool holidays_start(struct holidays *list, struct arena *arena, int32_t first, int32_t last);

/* Adds DAY. NAME is borrowed and must live as long as the list. False: no room, which is remembered. */
bool holidays_add(struct holidays *list, int32_t day, const char *name);

/* Adds a problem at LINE; TEXT is a constant. */
void holidays_problem(struct holidays *list, int line, const char *text);

/*
 * Sorts the list and joins doubles: their names stand in one, a comma between, as
 * far as they differ and HOLIDAYS_NAME_MAX allows. A list that was full has a
 * problem that says so. False: the arena is full.
 */
bool holidays_finish(struct holidays *list);

/*
 * Returns a name made of LEN bytes of S, at most HOLIDAYS_NAME_MAX of them: bytes that are
 * not UTF-8 become U+FFFD, control characters a space, spaces at the ends go. "holiday" when
 * nothing is left. NULL: the arena is full.
 */
const char *holidays_name(struct arena *arena, const char *s, size_t len);

#endif
