#include "issuer_calendar.h"

#include <string.h>

#include "arena.h"
#include "instant.h"
#include "workdays.h"

bool
issuer_weekend(
    struct arena *arena, Vouch__IssuerCalendar *calendar, char *const *names, size_t n, size_t *bad)
{
	static const char *const week[7] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
	char **list = arena_alloc(arena, 7 * sizeof(*list));
	unsigned mask = 0;
	size_t n_list = 0;

	for (*bad = 0; *bad < n; (*bad)++) {
		int day = weekday_named(names[*bad], strlen(names[*bad]));

		if (day < 0)
			return false;
		mask |= 1u << day;
	}
	if (mask == WEEKEND_ALL || list == NULL)
		return false;
	for (int i = 1; i <= 7; i++)
		if (mask & 1u << i % 7)
			list[n_list++] = (char *)week[i % 7];
	calendar->weekend = list;
	calendar->n_weekend = n_list;
	return true;
}

bool
issuer_holidays(struct arena *arena, Vouch__IssuerCalendar *calendar, const struct holidays *from)
{
	Vouch__Holiday **list = arena_alloc(arena, (from->n_items + 1) * sizeof(*list));

	for (size_t i = 0; list != NULL && i < from->n_items; i++) {
		char date[DATE_SIZE];

		date_format(from->items[i].day, date);
		list[i] = arena_alloc(arena, sizeof(*list[i]));
		if (list[i] == NULL)
			return false;
		vouch__holiday__init(list[i]);
		list[i]->date = arena_dup(arena, date, strlen(date));
		list[i]->name = (char *)from->items[i].name;
		if (list[i]->date == NULL)
			return false;
	}
	calendar->holidays = list;
	calendar->n_holidays = list != NULL ? from->n_items : 0;
	return list != NULL;
}
