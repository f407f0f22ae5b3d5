/*
 * zone.h: time zones: from an instant to the local date and back.
 *
 * Zones are those of the IANA time zone database, by name ("America/New_York"),
 * read from the system's tzdata ($TZDIR, else /usr/share/zoneinfo) through GLib.
 * A zone never changes once it is open, and any number of threads may open, use
 * and close zones, the same one too.
 *
 * A local day begins when the clock shows an earlier date for the last time. That
 * need not be 00:00: where clocks go forward at midnight it is 01:00 (Azores,
 * Santiago, São Paulo until 2018); where they went back a minute after midnight it
 * is the second 00:00 (St. John's until 2011), so that a day is over only
 * when its last 23:59 is. It may last 23, 24, 25 or 48 hours. And a date may
 * not occur at all: Samoa had no 2011-12-30. (CLK-1)
 *
 * Past 2037 the data hold rules instead of changes, and GLib 2.74 misreads the one
 * kind whose summer time is the standard: Europe/Dublin is wrong from 2038 on.
 */
#ifndef ZONE_H
#define ZONE_H

#include <stdbool.h>
#include <stdint.h>

struct zone;

enum {
	ZONE_NAME_MAX = 64, /* bytes of a name */
	ZONE_VERSION_SIZE = 16,
	ZONES_KEPT = 128, /* zones of a process that stay open */
};

/*
 * Opens the zone NAME; the caller closes it. NULL: not a name of the database,
 * or its file cannot be read. Letters count by case. Refused too, though libraries take
 * them: POSIX rules ("CET-1CEST,M3.5.0,M10.5.0"), offsets ("+01:00"), paths,
 * and what lies beside the zones ("posix/...", "right/...", "localtime", "Factory").
 * The first time costs some reads of a small file (0.2 ms); the ZONES_KEPT that
 * were opened last stay open and cost a look at the file (3 us), which is read
 * again once it was replaced and nobody has the zone open.
 */
struct zone *zone_open(const char *name);

/* Gives ZONE back; NULL is fine. */
void zone_close(struct zone *zone);

/* Returns how many seconds local time is ahead of UTC at the instant AT (instant.h). */
int zone_offset(const struct zone *zone, int64_t at);

/* Returns the local date (instant.h) at the instant AT. At the ends of the range it may lie a day outside. */
int32_t zone_day(const struct zone *zone, int64_t at);

/*
 * Sets *AT to the first instant of the local DAY. False, and no change, when DAY
 * never occurs in ZONE, or begins outside INSTANT_MIN..INSTANT_MAX.
 */
bool zone_day_start(const struct zone *zone, int32_t day, int64_t *at);

/*
 * Sets *AT to the end of the local DAY, exclusive: the first instant of the next
 * date that occurs. False as above; DAY itself need not occur.
 */
bool zone_day_end(const struct zone *zone, int32_t day, int64_t *at);

/*
 * Writes the release of the time zone data ("2025b"), so that a promise can be
 * kept together with what it was computed from (P8); "unknown" when the system
 * does not say.
 */
void zone_version(char out[static ZONE_VERSION_SIZE]);

#endif
