#include "promise.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "calendar_message.h"
#include "json.h"
#include "zone.h"

static const char no_memory[] = "memory is short";

/* The list as it is stored: the days that count are numbered. */
static bool
list_days(struct arena *arena, const struct due *due, struct promise *out)
{
	int number = 0;

	out->n_days = 0;
	out->days = arena_alloc(arena, (due->n_days + 1) * sizeof(*out->days));
	for (size_t i = 0; out->days != NULL && i < due->n_days; i++) {
		Vouch__ClockDay *day = arena_alloc(arena, sizeof(*day));
		char *date = arena_alloc(arena, DATE_SIZE);

		if (day == NULL || date == NULL)
			return false;
		vouch__clock_day__init(day);
		day->date = date;
		date_format(due->days[i].day, day->date);
		day->counts = due->days[i].counts;
		day->reason = (char *)due->days[i].reason;
		day->number = day->counts ? ++number : 0;
		out->days[out->n_days++] = day;
	}
	return out->days != NULL;
}

/* The same local date gives the same promise. */
static void
set_bounds(const char *time_zone, int64_t at, struct promise *out)
{
	struct zone *zone = zone_open(time_zone);
	int64_t end;

	out->from = out->until = at;
	if (zone != NULL && zone_day_end(zone, zone_day(zone, at), &end))
		out->until = end - at < (int64_t)PROMISE_SAME_S * INSTANT_SECOND ?
		    end :
		    at + (int64_t)PROMISE_SAME_S * INSTANT_SECOND;
	zone_close(zone);
}

bool
promise_make(struct arena *arena, const Vouch__IssuerCalendar *calendar, int64_t at, struct promise *out,
    const char **why)
{
	struct calendar days;
	struct due due;

	if (!calendar_read(arena, calendar, NULL, &days, why) ||
	    !calendar_due(arena, &days, at, PROMISE_DAYS, &due, why))
		return false;
	*why = no_memory;
	if (!list_days(arena, &due, out))
		return false;
	set_bounds(calendar->time_zone, at, out);
	out->due_at = due.at;
	date_format(due.day, out->due_date);
	out->time_zone = calendar->time_zone;
	out->calendar_version = calendar->version;
	return true;
}

bool
promise_write(struct arena *arena, struct promise *promise)
{
	json_t *list = json_array();
	char *text;

	for (size_t i = 0; i < promise->n_days; i++)
		json_array_append_new(list, json_from(&promise->days[i]->base, true));
	text = json_array_size(list) == promise->n_days ? json_dumps(list, JSON_COMPACT) : NULL;
	promise->days_json = text != NULL ? arena_dup(arena, text, strlen(text)) : NULL;
	free(text);
	json_decref(list);
	return promise->days_json != NULL;
}
