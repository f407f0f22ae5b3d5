/*
 * demo_past.c: work that is older than the installation.
 *
 * What is overdue today was handed in weeks ago. A new installation with a test
 * clock is set back to that day, the work is handed in through the API as any
 * other, and the clock goes forward again: past the promise, where everybody is
 * told, and then to the present.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "calendar.h"
#include "clock.h"
#include "config.h"
#include "demo.h"
#include "holidays.h"
#include "instant.h"

enum { BUSINESS_DAYS = 14, DAYS_BACK_MAX = 120 };

bool
demo_is_late(const json_t *plan)
{
	return json_integer_value(json_object_get(plan, "businessDaysLate")) > 0;
}

/* Maps the installation's test clock, if it has one. */
static bool
clock_find(const struct demo *demo)
{
	char *path = installation_path(demo->options, "vouch.conf");

	environment_clear();
	struct config *config = path != NULL ? config_open(path) : NULL;
	const char *file = config != NULL ? config_text(config, "test_clock") : "";
	bool ok = file[0] != '\0' && clock_open(file);

	config_close(config);
	free(path);
	return ok;
}

/* The calendar of an issuer of the file, in ARENA. */
static bool
calendar_of(struct arena *arena, const json_t *issuer, struct calendar *calendar)
{
	const json_t *list = json_object_get(issuer, "holidays"), *names = json_object_get(issuer, "weekend");
	struct holiday *holidays = arena_alloc(arena, (json_array_size(list) + 1) * sizeof(*holidays));
	const char *zone = json_string_value(json_object_get(issuer, "timeZone")), *why;
	uint8_t weekend = 0;
	size_t n = 0;

	for (size_t i = 0; i < json_array_size(names); i++) {
		const char *name = json_string_value(json_array_get(names, i));
		int day = name != NULL ? weekday_named(name, strlen(name)) : -1;

		weekend |= day >= 0 ? (uint8_t)(1 << day) : 0;
	}
	for (size_t i = 0; holidays != NULL && i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);
		const char *date = json_string_value(json_object_get(one, "date"));

		holidays[n].name = json_string_value(json_object_get(one, "name"));
		n += date != NULL && holidays[n].name != NULL && date_parse(date, &holidays[n].day);
	}
	return holidays != NULL && zone != NULL &&
	    calendar_make(arena, calendar, zone, weekend, holidays, n, &why);
}

/*
 * The youngest work that is LATE business days late now: how many days ago it was
 * handed in (0: none is), and the instant DUE of its promise.
 */
static int
days_back(struct arena *arena, const json_t *issuer, int late, int64_t *due)
{
	int64_t now = clock_host();
	struct calendar calendar;

	if (!calendar_of(arena, issuer, &calendar))
		return 0;
	for (int back = BUSINESS_DAYS; back <= DAYS_BACK_MAX; back++) {
		int64_t at = now - (int64_t)back * DAY_SECONDS * INSTANT_SECOND;
		struct calendar_distance distance;
		struct due promise;
		const char *why;

		if (!calendar_due(arena, &calendar, at, BUSINESS_DAYS, &promise, &why) ||
		    !calendar_days_between(&calendar, now, promise.day, &distance, &why))
			return 0;
		if (distance.is_late && distance.days >= late) {
			*due = promise.at;
			return back;
		}
	}
	return 0;
}

static const json_t *
issuer_named(const json_t *issuers, const char *id)
{
	const json_t *issuer;
	size_t i;

	json_array_foreach(issuers, i, issuer) {
		const char *own = json_string_value(json_object_get(issuer, "id"));

		if (own != NULL && id != NULL && strcmp(own, id) == 0)
			return issuer;
	}
	return NULL;
}

bool
demo_past_begin(struct demo *demo)
{
	json_t *issuers = demo_file(demo, "issuers.json"), *file = demo_file(demo, "work.json"), *plan;
	struct arena arena = {0};
	size_t i;
	int back = 0;

	json_array_foreach(json_object_get(file, "work"), i, plan) {
		const char *id = json_string_value(json_object_get(plan, "issuer"));
		int late = (int)json_integer_value(json_object_get(plan, "businessDaysLate"));

		if (back == 0 && demo_is_late(plan))
			back = days_back(&arena, issuer_named(issuers, id), late, &demo->due);
	}
	arena_reset(&arena);
	json_decref(file);
	json_decref(issuers);
	/* One that was cut off in the past goes on there. Where the demo is in the present, it stays. */
	if (back == 0 || !clock_find(demo) || (clock_offset() >= 0 && demo_has_issuers(demo)))
		return true;
	demo->is_past = clock_offset() < 0 || clock_set_offset(-(int64_t)back * DAY_SECONDS * INSTANT_SECOND);
	if (demo->is_past)
		puts("weeks ago");
	return demo->is_past;
}

/* Has the lead been told that something is overdue? */
static bool
lead_is_told(struct demo *demo, bool *told)
{
	json_t *list = demo_ask(demo, "lead", "GET", "/api/v1/notifications?limit=100", NULL, NULL), *item;
	size_t i;

	*told = false;
	json_array_foreach(json_object_get(list, "items"), i, item) {
		const char *kind = json_string_value(json_object_get(item, "kind"));

		*told = *told || (kind != NULL && strcmp(kind, "review_overdue") == 0);
	}
	json_decref(list);
	return list != NULL;
}

bool
demo_past_end(struct demo *demo)
{
	int64_t start = demo_clock();
	bool told = false;

	if (!demo->is_past)
		return true;
	demo->is_past = false;
	/* The promise is broken before the present comes, and whoever is to know is told then. */
	if (!clock_set_offset(demo->due + INSTANT_SECOND - clock_host()))
		return demo_complain("the test clock", "it cannot go forward");
	while (!told) {
		if (!lead_is_told(demo, &told))
			return false;
		if (!told && demo_is_over(start))
			return demo_complain("overdue work", "the lead was not told of it within a minute");
	}
	puts("today");
	return clock_set_offset(0) || demo_complain("the test clock", "it cannot come back to the present");
}
