#include "zone.h"

#include <assert.h>
#include <glib.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "instant.h"

/* Local time is never further from UTC than this: RFC 8536 asks for offsets of -25 to +26 hours. */
enum { OFFSET_MAX = 26 * 3600 };

/* No zone has ever left out two dates in a row; one more, to be safe. */
enum { MISSING_MAX = 3 };

struct zone {
	GTimeZone *rules;
	char name[ZONE_NAME_MAX + 1];
	struct stat file; /* what it was read from */
	int users;        /* who opened it and has not closed it */
	bool is_kept;     /* stands in kept.zones */
	uint64_t opened;  /* when it was opened last, as kept.turn counts */
};

/*
 * Zones stay open when nobody uses them, for reading one costs more than all
 * that is computed with it. A file that was replaced is read again. All under
 * the lock: GLib's own, around the zones that it shares, cannot be seen by
 * ThreadSanitizer.
 */
static struct {
	pthread_mutex_t lock;
	struct zone *zones[ZONES_KEPT];
	size_t n;
	uint64_t turn;
} kept = {.lock = PTHREAD_MUTEX_INITIALIZER};

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

/* Where the file of the zone NAME is. False: the path is too long, or there is nothing. */
static bool
find_file(const char *name, char path[static PATH_MAX], struct stat *file)
{
	int len = snprintf(path, PATH_MAX, "%s/%s", data_folder(), name);

	return len > 0 && len < PATH_MAX && stat(path, file) == 0 && S_ISREG(file->st_mode);
}

/* GLib takes a name without a file for a POSIX rule and warns of files of other kinds, so look first. */
static bool
has_zone(const char *path)
{
	char magic[4];
	FILE *file = fopen(path, "rbe");

	if (file == NULL)
		return false;
	bool is_zone = fread(magic, 1, sizeof(magic), file) == sizeof(magic) && memcmp(magic, "TZif", 4) == 0;
	fclose(file);
	return is_zone;
}

static bool
is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
	    a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static void
zone_free(struct zone *zone)
{
	g_time_zone_unref(zone->rules);
	free(zone);
}

static void
drop(size_t i)
{
	zone_free(kept.zones[i]);
	kept.zones[i] = kept.zones[--kept.n];
}

/*
 * The kept zone NAME. One whose FILE is another by now is dropped, so that it is
 * read anew, unless it is in use: a zone never changes while it is open.
 */
static struct zone *
find_kept(const char *name, const struct stat *file)
{
	for (size_t i = 0; i < kept.n; i++) {
		if (strcmp(kept.zones[i]->name, name) != 0)
			continue;
		if (kept.zones[i]->users > 0 || is_same_file(&kept.zones[i]->file, file))
			return kept.zones[i];
		drop(i);
		return NULL;
	}
	return NULL;
}

/* Keeps ZONE, in place of the one that nobody has opened for longest. Without room it is freed when it is closed. */
static void
keep(struct zone *zone)
{
	size_t oldest = kept.n;

	for (size_t i = 0; kept.n == ZONES_KEPT && i < kept.n; i++)
		if (kept.zones[i]->users == 0 &&
		    (oldest == kept.n || kept.zones[i]->opened < kept.zones[oldest]->opened))
			oldest = i;
	if (kept.n == ZONES_KEPT && oldest == kept.n)
		return;
	if (kept.n == ZONES_KEPT)
		drop(oldest);
	kept.zones[kept.n++] = zone;
	zone->is_kept = true;
}

static struct zone *
read_zone(const char *name, const char *path, const struct stat *file)
{
	struct zone *zone = has_zone(path) ? calloc(1, sizeof(*zone)) : NULL;

	if (zone == NULL)
		return NULL;
	zone->rules = g_time_zone_new_identifier(name);
	if (zone->rules == NULL) {
		free(zone);
		return NULL;
	}
	snprintf(zone->name, sizeof(zone->name), "%s", name);
	zone->file = *file;
	keep(zone);
	return zone;
}

struct zone *
zone_open(const char *name)
{
	char path[PATH_MAX];
	struct stat file;
	struct zone *zone;

	if (!is_name(name) || !find_file(name, path, &file))
		return NULL;
	pthread_mutex_lock(&kept.lock);
	zone = find_kept(name, &file);
	if (zone == NULL)
		zone = read_zone(name, path, &file);
	if (zone != NULL) {
		zone->users++;
		zone->opened = ++kept.turn;
	}
	pthread_mutex_unlock(&kept.lock);
	return zone;
}

void
zone_close(struct zone *zone)
{
	if (zone == NULL)
		return;
	pthread_mutex_lock(&kept.lock);
	assert(zone->users > 0);
	zone->users--;
	if (zone->users == 0 && !zone->is_kept)
		zone_free(zone);
	pthread_mutex_unlock(&kept.lock);
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
