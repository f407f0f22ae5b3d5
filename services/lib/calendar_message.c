#include "calendar_message.h"

#include <string.h>

#include "arena.h"
#include "holidays.h"
#include "instant.h"

bool
calendar_read(struct arena *arena, const Vouch__IssuerCalendar *from, const char *time_zone,
    struct calendar *out, const char **why)
{
	static const Vouch__IssuerCalendar nothing = VOUCH__ISSUER_CALENDAR__INIT;
	struct holiday *holidays;
	uint8_t weekend = 0;
	size_t n = 0;

	if (from == NULL)
		from = &nothing;
	*why = "memory is short";
	holidays = arena_alloc(arena, (from->n_holidays + 1) * sizeof(*holidays));
	if (holidays == NULL)
		return false;
	for (size_t i = 0; i < from->n_weekend; i++) {
		int day = weekday_named(from->weekend[i], strlen(from->weekend[i]));

		weekend |= day >= 0 ? (uint8_t)(1 << day) : 0;
	}
	for (size_t i = 0; i < from->n_holidays; i++) {
		const Vouch__Holiday *h = from->holidays[i];

		holidays[n].name = h->name[0] != '\0' ? h->name : "holiday";
		n += date_parse(h->date, &holidays[n].day);
	}
	return calendar_make(
	    arena, out, time_zone != NULL ? time_zone : from->time_zone, weekend, holidays, n, why);
}
