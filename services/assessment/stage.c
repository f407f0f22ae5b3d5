#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "zone.h"

/* Business days from the due day, as in the names; after the last one every STEP days. */
static const int levels[] = {-5, -2, 0, 1, 2, 3, 5};
enum {
	LEVELS = sizeof(levels) / sizeof(levels[0]),
	FIRST_LATE = 1,
	STEP = 5,
	LEVEL_MAX = WORKDAYS_MAX,
	NO_LEVEL = INT32_MIN
};

static void
name_level(int level, char name[STAGE_SIZE])
{
	if (level < FIRST_LATE)
		snprintf(name, STAGE_SIZE, "due_%d", -level % 10);
	else
		snprintf(name, STAGE_SIZE, "overdue_%d", level % (LEVEL_MAX + 1));
}

/* The level that NAME calls; NO_LEVEL when it is none. */
static int
level_of(const char *name)
{
	char own[STAGE_SIZE];

	for (int i = 0; i < LEVELS; i++) {
		name_level(levels[i], own);
		if (strcmp(own, name) == 0)
			return levels[i];
	}
	for (int level = levels[LEVELS - 1] + STEP; level <= LEVEL_MAX; level += STEP) {
		name_level(level, own);
		if (strcmp(own, name) == 0)
			return level;
	}
	return NO_LEVEL;
}

static int
level_after(int level)
{
	for (int i = 0; i < LEVELS; i++)
		if (levels[i] > level)
			return levels[i];
	return level + STEP <= LEVEL_MAX ? level + STEP : NO_LEVEL;
}

/* The end of the business day that begins at START. */
static bool
day_end(const char *zone_name, int64_t start, int64_t *at)
{
	struct zone *zone = zone_open(zone_name);
	bool ok = zone != NULL && zone_day_end(zone, zone_day(zone, start), at);

	zone_close(zone);
	return ok;
}

static bool
level_at(const struct stage_promise *promise, int level, struct stage *stage, const char **why)
{
	int64_t at = promise->due_at;

	*why = NULL;
	if (level == NO_LEVEL)
		return false;
	/* A whole business day after the due day must be over before the second day of delay is told. */
	if (level != FIRST_LATE &&
	    !calendar_stage_at(
		&promise->calendar, promise->due_day, level > FIRST_LATE ? level - 1 : level, &at, why))
		return false;
	if (level > FIRST_LATE && !day_end(promise->calendar.zone, at, &at)) {
		*why = "the time zone is not known or the date is out of range";
		return false;
	}
	*stage = (struct stage){
		.at = at, .left = level < FIRST_LATE ? -level : 0, .late = level < FIRST_LATE ? 0 : level};
	name_level(level, stage->name);
	return true;
}

bool
stage_next(const struct stage_promise *promise, const char *last, struct stage *next, const char **why)
{
	int level = levels[0];

	if (last != NULL && last[0] != '\0') {
		level = level_of(last);
		if (level != NO_LEVEL)
			level = level_after(level);
	}
	return level_at(promise, level, next, why);
}

bool
stage_named(const struct stage_promise *promise, const char *name, struct stage *stage, const char **why)
{
	return level_at(promise, level_of(name), stage, why);
}

bool
stage_is_stale(const char *name, const struct stage *next, int64_t now)
{
	int level = level_of(name);

	return level != NO_LEVEL && level < FIRST_LATE && next->at <= now;
}
