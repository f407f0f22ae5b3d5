#include "zone.h"

#include <assert.h>
#include <glib.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instant.h"

/* Local time is never further from UTC than this: RFC 8536 asks for offsets of -25 to +26 hours. */
enum { OFFSET_MAX = 26 * 3600 };

/* No zone has ever left out two dates in a row; one more, to be safe. */
enum { MISSING_MAX = 3 };

/*
 * GLib shares open zones among threads, behind a lock that ThreadSanitizer cannot see. This one around
 * it costs nothing beside reading the file, and lets races be looked for in all that uses zones.
 */
static pthread_mutex_t zones_lock = PTHREAD_MUTEX_INITIALIZER;

struct zone {
	GTimeZone *rules;
};

static const char *
data_folder(void)
{
	const char *folder = getenv("TZDIR"); /* GLib looks there as well */

	return folder != NULL ? folder : "/usr/share/zoneinfo";
}

/* Zone names are words between slashes and begin with a capital; helper files beside the zones do not. */
static bool
is_name(const char *name)
{
	size_t len = strnlen(name, ZONE_NAME_MAX + 1);
	static const char word[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-";

	if (len == 0 || len > ZONE_NAME_MAX || strcmp(name, "Factory") == 0)
		return false;
	if (name[0] < 'A' || name[0] > 'Z' || name[len - 1] == '/' || strstr(name, "//") != NULL)
		return false;
	while (*name == '/' || (*name != '\0' && strchr(word, *name) != NULL))
		name++;
	return *name == '\0';
}

/* GLib takes a name without a file for a POSIX rule and warns of files of other kinds, so look first. */
static bool
has_file(const char *name)
{
	char path[4096], magic[4];
	int len = snprintf(path, sizeof(path), "%s/%s", data_folder(), name);

	if (len < 0 || (size_t)len >= sizeof(path))
		return false;
	FILE *file = fopen(path, "rbe");
	if (file == NULL)
		return false;
	bool is_zone = fread(magic, 1, sizeof(magic), file) == sizeof(magic) && memcmp(magic, "TZif", 4) == 0;
	fclose(file);
	return is_zone;
}

struct zone *
zone_open(const char *name)
{
	if (!is_name(name) || !has_file(name))
		return NULL;
	struct zone *zone = malloc(sizeof(*zone));
	if (zone == NULL)
		return NULL;
	pthread_mutex_lock(&zones_lock);
	zone->rules = g_time_zone_new_identifier(name);
	pthread_mutex_unlock(&zones_lock);
	if (zone->rules == NULL) {
		free(zone);
		return NULL;
	}
	return zone;
}

void
zone_close(struct zone *zone)
{
	if (zone == NULL)
		return;
	pthread_mutex_lock(&zones_lock);
	g_time_zone_unref(zone->rules);
	pthread_mutex_unlock(&zones_lock);
	free(zone);
}

/* Between two changes of its rules a zone is in one interval, and they are numbered in order. */
static int
interval_at(const struct zone *zone, int64_t second)
{
	return g_time_zone_find_interval(zone->rules, G_TIME_TYPE_UNIVERSAL, second);
}

static int
offset_at(const struct zone *zone, int64_t second)
{
	return g_time_zone_get_offset(zone->rules, interval_at(zone, second));
}

static int64_t
floor_second(int64_t at)
{
	return at / INSTANT_SECOND - (at % INSTANT_SECOND < 0);
}

int
zone_offset(const struct zone *zone, int64_t at)
{
	return offset_at(zone, floor_second(at));
}

int32_t
zone_day(const struct zone *zone, int64_t at)
{
	assert(at >= INSTANT_MIN && at <= INSTANT_MAX);
	int64_t local = floor_second(at) + zone_offset(zone, at);

	return (int32_t)(local / DAY_SECONDS - (local % DAY_SECONDS < 0));
}

/* Returns the end of the interval that SECOND is in, or LIMIT when that comes first. */
static int64_t
interval_end(const struct zone *zone, int64_t second, int64_t limit)
{
	int interval = interval_at(zone, second);

	if (interval_at(zone, limit) == interval)
		return limit;
	while (limit - second > 1) {
		int64_t middle = second + (limit - second) / 2;

		if (interval_at(zone, middle) == interval)
			second = middle;
		else
			limit = middle;
	}
	return limit;
}

bool
zone_day_start(const struct zone *zone, int32_t day, int64_t *at)
{
	int64_t midnight = (int64_t)day * DAY_SECONDS; /* as if local time were UTC */
	int64_t limit = midnight + DAY_SECONDS + OFFSET_MAX;
	int64_t start = INT64_MIN, end;

	/* The day begins when the clock shows an earlier date for the last time: look for the end of that. */
	for (int64_t t = midnight - OFFSET_MAX; t < limit; t = end) {
		int offset = offset_at(zone, t);

		end = interval_end(zone, t, limit);
		if (t + offset < midnight)
			start = end < midnight - offset ? end : midnight - offset;
	}
	if (start < INSTANT_MIN / INSTANT_SECOND || start > INSTANT_MAX / INSTANT_SECOND ||
	    start + offset_at(zone, start) >= midnight + DAY_SECONDS)
		return false;
	*at = start * INSTANT_SECOND;
	return true;
}

bool
zone_day_end(const struct zone *zone, int32_t day, int64_t *at)
{
	for (int i = 1; i <= MISSING_MAX; i++)
		if (zone_day_start(zone, day + i, at))
			return true;
	return false;
}

void
zone_version(char out[static ZONE_VERSION_SIZE])
{
	static const char unknown[] = "unknown";
	char path[4096], line[64];
	int len = snprintf(path, sizeof(path), "%s/tzdata.zi", data_folder());

	memcpy(out, unknown, sizeof(unknown));
	FILE *file = len > 0 && (size_t)len < sizeof(path) ? fopen(path, "re") : NULL;
	if (file == NULL)
		return;
	if (fgets(line, sizeof(line), file) != NULL && sscanf(line, "# version %15[A-Za-z0-9.-]", out) != 1)
		memcpy(out, unknown, sizeof(unknown));
	fclose(file);
}
