#include "when.h"

#include <string.h>

#include "instant.h"
#include "zone.h"

char *
when_place(struct arena *arena, const char *zone)
{
	const char *slash = strrchr(zone, '/');
	char *place = slash != NULL ? arena_dup(arena, slash + 1, strlen(slash + 1)) :
				      arena_dup(arena, zone, strlen(zone));

	for (char *p = place; p != NULL && *p != '\0'; p++)
		if (*p == '_')
			*p = ' ';
	return place;
}

char *
when_date(struct arena *arena, const char *date, const char *zone)
{
	char *place = when_place(arena, zone);
	char text[DATE_WORDS_SIZE];
	int32_t day;

	if (place == NULL || !date_parse(date, &day))
		return arena_dup(arena, date, strlen(date));
	date_words(day, text);
	return place[0] != '\0' ? arena_printf(arena, "%s (%s)", text, place) :
				  arena_dup(arena, text, strlen(text));
}

char *
when_instant(struct arena *arena, int64_t at, const char *zone)
{
	struct zone *z = zone_open(zone);
	char *place = when_place(arena, zone);
	char text[DATE_WORDS_SIZE];
	int64_t local;
	int minute;

	if (z == NULL || place == NULL || at < INSTANT_MIN || at > INSTANT_MAX) {
		zone_close(z);
		return arena_dup(arena, "", 0);
	}
	local = at / INSTANT_SECOND + zone_offset(z, at);
	minute = (int)((local % DAY_SECONDS + DAY_SECONDS) % DAY_SECONDS / 60);
	date_words(zone_day(z, at), text);
	zone_close(z);
	return arena_printf(arena, "%s, %02d:%02d (%s)", text, minute / 60, minute % 60, place);
}
