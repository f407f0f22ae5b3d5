#include "calendar.h"

#include <stdlib.h>

#include "arena.h"
#include "holidays.h"
#include "instant.h"
#include "zone.h"

static const char unknown_zone[] = "the time zone is not a name of the IANA time zone database";
static const char out_of_range[] = "the time is outside the years 1 to 9999";
static const char no_memory[] = "the calendar needs more memory than it may take";

static const char business[] = "business day", weekend[] = "weekend",
		  missing[] = "this date does not occur in the time zone";

static int
by_day(const void *a, const void *b)
{
	const struct holiday *const *x = a, *const *y = b;

	if ((*x)->day != (*y)->day)
		return (*x)->day < (*y)->day ? -1 : 1;
	return (*x > *y) - (*x < *y); /* doubles in the order given */
}

/* Sorts the holidays into the calendar, each day once. */
static bool
take_holidays(struct arena *arena, struct calendar *calendar, const struct holiday *holidays, size_t n)
{
	const struct holiday **sorted = arena_alloc(arena, n * sizeof(const struct holiday *));
	int32_t *days = arena_alloc(arena, n * sizeof(*days));
	const char **names = arena_alloc(arena, n * sizeof(const char *));
	size_t kept = 0;

	if (sorted == NULL || days == NULL || names == NULL)
		return false;
	for (size_t i = 0; i < n; i++)
		sorted[i] = &holidays[i];
	if (n > 0)
		qsort(sorted, n, sizeof(const struct holiday *), by_day);
	for (size_t i = 0; i < n; i++) {
		if (kept > 0 && days[kept - 1] == sorted[i]->day)
			continue;
		days[kept] = sorted[i]->day;
		names[kept++] = sorted[i]->name;
	}
	calendar->week.holidays = days;
	calendar->week.n_holidays = kept;
	calendar->names = names;
	return true;
}

bool
calendar_make(struct arena *arena, struct calendar *calendar, const char *zone, uint8_t weekend_mask,
    const struct holiday *holidays, size_t n, const char **why)
{
	struct calendar made = {.zone = zone, .week = {.weekend = weekend_mask}};
	struct zone *known = zone_open(zone);

	*why = NULL;
	if (known == NULL)
		*why = unknown_zone;
	else if ((weekend_mask & WEEKEND_ALL) == WEEKEND_ALL || weekend_mask > WEEKEND_ALL)
		*why = "the weekend must leave at least one day of the week";
	else if (n > HOLIDAYS_MAX)
		*why = "there are more than 5000 holidays";
	else if (!take_holidays(arena, &made, holidays, n))
		*why = no_memory;
	zone_close(known);
	if (*why != NULL)
		return false;
	*calendar = made;
	return true;
}

/* Why DAY counts or not. */
static const char *
reason_of(const struct calendar *calendar, const struct zone *zone, int32_t day)
{
	const struct workdays *week = &calendar->week;
	size_t i = workdays_holiday(week, day);
	int64_t start;

	if (!zone_day_start(zone, day, &start))
		return missing;
	if (week->weekend & weekend_bit(day))
		return weekend;
	return i < week->n_holidays ? calendar->names[i] : business;
}

static bool
counts(const struct calendar *calendar, const struct zone *zone, int32_t day)
{
	int64_t start;

	return workdays_has(&calendar->week, day) && zone_day_start(zone, day, &start);
}

/*
 * Walks from *DAY by STEP (1 or -1) to the COUNTth business day; *DAY itself never counts. At most
 * 7 * COUNT steps and one for each holiday and missing date. False: the dates that can be written end before.
 */
static bool
walk(const struct calendar *calendar, const struct zone *zone, int32_t *day, int count, int step)
{
	int32_t at = *day;

	while (count > 0) {
		at += step;
		if (at < DATE_MIN || at > DATE_MAX)
			return false;
		count -= counts(calendar, zone, at);
	}
	*day = at;
	return true;
}

/* Lists the days after FROM up to TO, with reasons. NULL: ARENA is full. */
static const struct calendar_day *
explain(
    struct arena *arena, const struct calendar *calendar, const struct zone *zone, int32_t from, int32_t to)
{
	struct calendar_day *days = arena_alloc(arena, (size_t)(to - from) * sizeof(*days));

	for (int32_t day = from + 1; days != NULL && day <= to; day++) {
		const char *reason = reason_of(calendar, zone, day);

		days[day - from - 1] = (struct calendar_day){
			.day = day, .counts = reason == business, .reason = reason};
	}
	return days;
}

/* Each of the three questions is answered by a function that returns NULL, or why it has no answer. */
static const char *
find_due(struct arena *arena, const struct calendar *calendar, const struct zone *zone, int64_t at, int count,
    struct due *due)
{
	struct due found = {0};

	if (count < 1 || count > WORKDAYS_MAX)
		return "the number of business days must be 1 to 1000";
	if (at < INSTANT_MIN || at > INSTANT_MAX)
		return out_of_range;

	int32_t from = found.day = zone_day(zone, at);
	if (!walk(calendar, zone, &found.day, count, 1) || !zone_day_end(zone, found.day, &found.at))
		return out_of_range;
	found.n_days = (size_t)(found.day - from);
	found.days = explain(arena, calendar, zone, from, found.day);
	if (found.days == NULL)
		return no_memory;
	*due = found;
	return NULL;
}

bool
calendar_due(struct arena *arena, const struct calendar *calendar, int64_t at, int count, struct due *due,
    const char **why)
{
	struct zone *zone = zone_open(calendar->zone);

	*why = zone == NULL ? unknown_zone : find_due(arena, calendar, zone, at, count, due);
	zone_close(zone);
	return *why == NULL;
}

/* Returns how many business days lie in FROM < day <= TO. */
static int
count_between(const struct calendar *calendar, const struct zone *zone, int32_t from, int32_t to)
{
	int n = 0;

	for (int32_t day = from + 1; day <= to; day++)
		n += counts(calendar, zone, day);
	return n;
}

static const char *
find_distance(const struct calendar *calendar, const struct zone *zone, int64_t at, int32_t due_day,
    struct calendar_distance *distance)
{
	if (at < INSTANT_MIN || at > INSTANT_MAX || due_day < DATE_MIN || due_day > DATE_MAX)
		return out_of_range;

	int32_t today = zone_day(zone, at);
	if (today - due_day > CALENDAR_SPAN_MAX || due_day - today > CALENDAR_SPAN_MAX)
		return "the due date is more than 20000 days away";
	distance->is_late = today > due_day;
	if (today > due_day)
		distance->days = count_between(calendar, zone, due_day, today);
	else if (today < due_day)
		distance->days = count_between(calendar, zone, today, due_day - 1) + 1;
	else
		distance->days = 0;
	return NULL;
}

bool
calendar_days_between(const struct calendar *calendar, int64_t at, int32_t due_day,
    struct calendar_distance *distance, const char **why)
{
	struct zone *zone = zone_open(calendar->zone);

	*why = zone == NULL ? unknown_zone : find_distance(calendar, zone, at, due_day, distance);
	zone_close(zone);
	return *why == NULL;
}

static const char *
find_stage(const struct calendar *calendar, const struct zone *zone, int32_t due_day, int stage, int64_t *at)
{
	int32_t day = due_day;

	if (stage < -WORKDAYS_MAX || stage > WORKDAYS_MAX)
		return "the stage must be within 1000 business days";
	if (due_day < DATE_MIN || due_day > DATE_MAX ||
	    !walk(calendar, zone, &day, abs(stage), stage < 0 ? -1 : 1))
		return out_of_range;
	return zone_day_start(zone, day, at) ? NULL : "the due date does not occur in the time zone";
}

bool
calendar_stage_at(const struct calendar *calendar, int32_t due_day, int stage, int64_t *at, const char **why)
{
	struct zone *zone = zone_open(calendar->zone);

	*why = zone == NULL ? unknown_zone : find_stage(calendar, zone, due_day, stage, at);
	zone_close(zone);
	return *why == NULL;
}
