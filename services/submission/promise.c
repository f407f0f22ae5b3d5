#include "promise.h"

#include <string.h>

#include "arena.h"
#include "holidays.h"

static const char no_memory[] = "memory is short";

bool
calendar_of(
    struct arena *arena, const Vouch__IssuerCalendar *calendar, struct calendar *out, const char **why)
{
	struct holiday *holidays = arena_alloc(arena, (calendar->n_holidays + 1) * sizeof(*holidays));
	uint8_t weekend = 0;
	size_t n = 0;

	*why = no_memory;
	if (holidays == NULL)
		return false;
	for (size_t i = 0; i < calendar->n_weekend; i++) {
		int day = weekday_named(calendar->weekend[i], strlen(calendar->weekend[i]));

		weekend |= day >= 0 ? (uint8_t)(1 << day) : 0;
	}
	for (size_t i = 0; i < calendar->n_holidays; i++) {
		const Vouch__Holiday *h = calendar->holidays[i];

		if (date_parse(h->date, &holidays[n].day))
			holidays[n++].name = h->name[0] != '\0' ? h->name : "holiday";
	}
	return calendar_make(arena, out, calendar->time_zone, weekend, holidays, n, why);
}

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

bool
promise_make(struct arena *arena, const Vouch__IssuerCalendar *calendar, int64_t at, struct promise *out,
    const char **why)
{
	struct calendar days;
	struct due due;

	if (!calendar_of(arena, calendar, &days, why) ||
	    !calendar_due(arena, &days, at, PROMISE_DAYS, &due, why))
		return false;
	*why = no_memory;
	if (!list_days(arena, &due, out))
		return false;
	out->due_at = due.at;
	date_format(due.day, out->due_date);
	out->time_zone = calendar->time_zone;
	out->calendar_version = calendar->version;
	return true;
}
