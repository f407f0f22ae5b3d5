/* Local days in UTC: facts of the IANA time zone database, and who may not be taken for a zone. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "instant.h"
#include "zone.h"

static int32_t
day(const char *text)
{
	int32_t date = 0;

	assert_true(date_parse(text, &date));
	return date;
}

static int64_t
instant(const char *text)
{
	int64_t at = 0;

	assert_true(instant_parse(text, &at));
	return at;
}

static void
a_day_begins_and_ends_as_the_clocks_there_do(void **state)
{
	static const struct {
		const char *what, *zone, *date, *start, *end;
	} rows[] = {
		{"24 hours", "America/New_York", "2026-11-24", "2026-11-24T05:00:00Z",
			"2026-11-25T05:00:00Z"},
		{"23 hours", "America/New_York", "2026-03-08", "2026-03-08T05:00:00Z",
			"2026-03-09T04:00:00Z"},
		{"25 hours", "America/New_York", "2026-11-01", "2026-11-01T04:00:00Z",
			"2026-11-02T05:00:00Z"},
		{"23.5 hours", "Australia/Lord_Howe", "2026-10-04", "2026-10-03T13:30:00Z",
			"2026-10-04T13:00:00Z"},
		{"begins at 01:00", "America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z",
			"2018-11-05T02:00:00Z"},
		{"begins at 01:00", "America/Santiago", "2026-09-06", "2026-09-06T04:00:00Z",
			"2026-09-07T03:00:00Z"},
		{"begins at 01:00", "Atlantic/Azores", "2026-03-29", "2026-03-29T01:00:00Z",
			"2026-03-30T00:00:00Z"},
		{"ends at its second 24:00", "America/Sao_Paulo", "2019-02-16", "2019-02-16T02:00:00Z",
			"2019-02-17T03:00:00Z"},
		{"ends at its last 23:59", "America/St_Johns", "2010-11-06", "2010-11-06T02:30:00Z",
			"2010-11-07T03:30:00Z"},
		{"before a date that never was", "Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00Z",
			"2011-12-30T10:00:00Z"},
		{"after a date that never was", "Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z",
			"2011-12-31T10:00:00Z"},
		{"no date of its own before either", "Pacific/Kwajalein", "1993-08-22",
			"1993-08-21T12:00:00Z", "1993-08-22T12:00:00Z"},
		{"UTC", "UTC", "1970-01-01", "1970-01-01T00:00:00Z", "1970-01-02T00:00:00Z"},
		{"a fixed offset, by its sign the other way", "Etc/GMT+5", "2026-01-01",
			"2026-01-01T05:00:00Z", "2026-01-02T05:00:00Z"},
		{"summer past the last change on record", "America/New_York", "2050-07-01",
			"2050-07-01T04:00:00Z", "2050-07-02T04:00:00Z"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct zone *zone = zone_open(rows[i].zone);
		char start[INSTANT_SIZE], end[INSTANT_SIZE];
		int64_t at;

		assert_non_null(zone);
		assert_true(zone_day_start(zone, day(rows[i].date), &at));
		instant_format(at, start);
		assert_true(zone_day_end(zone, day(rows[i].date), &at));
		instant_format(at, end);
		if (strcmp(start, rows[i].start) != 0 || strcmp(end, rows[i].end) != 0)
			fail_msg("%s, %s: %s to %s", rows[i].zone, rows[i].what, start, end);
		zone_close(zone);
	}
}

static void
a_date_may_never_occur(void **state)
{
	static const struct {
		const char *zone, *date;
	} rows[] = {
		{"Pacific/Apia", "2011-12-30"},
		{"Pacific/Fakaofo", "2011-12-30"},
		{"Pacific/Kwajalein", "1993-08-21"},
		{"Pacific/Kiritimati", "1994-12-31"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct zone *zone = zone_open(rows[i].zone);
		int64_t at = 7, end;

		assert_non_null(zone);
		assert_false(zone_day_start(zone, day(rows[i].date), &at));
		assert_int_equal(at, 7);
		assert_true(zone_day_end(zone, day(rows[i].date), &at));
		assert_true(zone_day_end(zone, day(rows[i].date) - 1, &end));
		assert_true(at == end);
		zone_close(zone);
	}
}

static void
an_instant_has_a_local_date(void **state)
{
	static const struct {
		const char *zone, *at, *date;
		int offset;
	} rows[] = {
		{"America/New_York", "2026-05-14T00:14:55Z", "2026-05-13", -4 * 3600},
		{"America/New_York", "2026-05-14T03:59:59.999999Z", "2026-05-13", -4 * 3600},
		{"America/New_York", "2026-05-14T04:00:00Z", "2026-05-14", -4 * 3600},
		{"Asia/Tokyo", "2026-12-31T15:00:00Z", "2027-01-01", 9 * 3600},
		{"Asia/Kathmandu", "2026-01-01T18:14:59Z", "2026-01-01", 5 * 3600 + 2700},
		{"Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29", -10 * 3600},
		{"Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31", 14 * 3600},
		{"UTC", "1969-12-31T23:59:59.999999Z", "1969-12-31", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct zone *zone = zone_open(rows[i].zone);
		char date[DATE_SIZE];

		assert_non_null(zone);
		date_format(zone_day(zone, instant(rows[i].at)), date);
		assert_string_equal(date, rows[i].date);
		assert_int_equal(zone_offset(zone, instant(rows[i].at)), rows[i].offset);
		zone_close(zone);
	}
}

static void
the_ends_of_time_are_told_and_not_passed(void **state)
{
	struct zone *zone = zone_open("Asia/Tokyo");
	int64_t at = 7;

	(void)state;
	assert_non_null(zone);
	assert_false(zone_day_start(zone, DATE_MIN, &at)); /* begins in the year 0 */
	assert_int_equal(at, 7);
	assert_true(zone_day_start(zone, DATE_MIN + 1, &at));
	assert_true(zone_day_start(zone, DATE_MAX, &at));
	assert_int_equal(zone_day(zone, INSTANT_MAX), DATE_MAX + 1);
	zone_close(zone);
}

static void
only_names_of_the_database_are_zones(void **state)
{
	static const char *const good[] = {
		"UTC",
		"GMT",
		"Etc/GMT-14",
		"America/Argentina/Buenos_Aires",
		"America/Port-au-Prince",
		"EST5EDT",
		"W-SU",
		"GB-Eire",
		"Africa/Abidjan",
	};
	static const char *const bad[] = {
		"",
		"Nowhere",
		"Mars/Olympus",
		"America",
		"america/new_york",
		"../../etc/passwd",
		"../zoneinfo/UTC",
		"Europe/../UTC",
		"/usr/share/zoneinfo/UTC",
		"./UTC",
		"UTC/",
		"Europe//Berlin",
		"posix/UTC",
		"right/UTC",
		"posixrules",
		"localtime",
		"Factory",
		"tzdata.zi",
		"zone.tab",
		"+01:00",
		"-05",
		"Z",
		"EST5EDT,M3.2.0,M11.1.0",
		"CET-1CEST",
		":UTC",
		"UTC ",
		" UTC",
		"UTC\n",
		"Europe/Berlin\tx",
		"Europe/Z\xc3\xbcrich",
		"America/New_York/America/New_York/America/New_York/America/New_York",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct zone *zone = zone_open(good[i]);

		if (zone == NULL)
			fail_msg("'%s' was refused", good[i]);
		zone_close(zone);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (zone_open(bad[i]) != NULL)
			fail_msg("'%s' was opened", bad[i]);
	zone_close(NULL);
}

static void
the_data_tell_their_release(void **state)
{
	char version[ZONE_VERSION_SIZE];

	(void)state;
	zone_version(version);
	assert_true(strlen(version) > 0);
	assert_true(strcmp(version, "unknown") == 0 || (version[0] == '2' && version[1] == '0'));
}

/* What one of the threads does: zones of its own, and one that all share. */
struct worker {
	const struct zone *shared;
	int n_wrong;
};

static void *
work(void *arg)
{
	static const char *const names[] = {
		"America/New_York", "Asia/Tokyo", "Pacific/Apia", "Europe/London"};
	struct worker *worker = arg;

	for (int i = 0; i < 200; i++) {
		struct zone *zone = zone_open(names[i % 4]);
		int64_t at;

		if (zone == NULL || !zone_day_start(zone, 20000 + i, &at) || zone_day(zone, at) != 20000 + i)
			worker->n_wrong++;
		if (!zone_day_start(worker->shared, 20000 + i, &at) ||
		    zone_day(worker->shared, at) != 20000 + i)
			worker->n_wrong++;
		zone_close(zone);
	}
	return NULL;
}

static void
threads_share_zones(void **state)
{
	struct zone *shared = zone_open("America/Santiago");
	struct worker workers[4];
	pthread_t threads[4];

	(void)state;
	assert_non_null(shared);
	for (int i = 0; i < 4; i++) {
		workers[i] = (struct worker){.shared = shared};
		assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
	}
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(workers[i].n_wrong, 0);
	}
	zone_close(shared);
}

/* ---- zones that stay open ---------------------------------------------------------- */

/* Puts the rules of the zone FROM into the folder of data that the test made, under the name TO. */
static void
put_zone(const char *folder, const char *from, const char *to)
{
	char path[200], own[200], bytes[8192];
	FILE *in, *out;
	size_t n;

	snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", from);
	in = fopen(path, "rbe");
	assert_non_null(in);
	n = fread(bytes, 1, sizeof(bytes), in);
	fclose(in);
	snprintf(path, sizeof(path), "%s/new", folder);
	out = fopen(path, "wbe");
	assert_non_null(out);
	assert_int_equal(fwrite(bytes, 1, n, out), n);
	assert_int_equal(fclose(out), 0);
	snprintf(own, sizeof(own), "%s/%s", folder, to);
	assert_int_equal(rename(path, own), 0);
}

static int
offset_of(const char *name)
{
	struct zone *zone = zone_open(name);
	int offset;

	assert_non_null(zone);
	offset = zone_offset(zone, 0);
	zone_close(zone);
	return offset;
}

static void
a_zone_whose_file_was_replaced_is_read_again(void **state)
{
	char folder[] = "/tmp/vouch-zone-XXXXXX", path[100];
	struct zone *open;

	(void)state;
	assert_non_null(mkdtemp(folder));
	setenv("TZDIR", folder, 1);
	put_zone(folder, "Asia/Tokyo", "Town");
	assert_int_equal(offset_of("Town"), 9 * 3600);
	put_zone(folder, "Asia/Kolkata", "Town");
	assert_int_equal(offset_of("Town"), 5 * 3600 + 1800);

	open = zone_open("Town");
	put_zone(folder, "Asia/Tokyo", "Town");
	assert_int_equal(offset_of("Town"), 5 * 3600 + 1800); /* somebody counts by it */
	zone_close(open);
	assert_int_equal(offset_of("Town"), 9 * 3600);

	snprintf(path, sizeof(path), "%s/Town", folder);
	assert_int_equal(unlink(path), 0);
	assert_null(zone_open("Town"));
	unsetenv("TZDIR");
	assert_int_equal(rmdir(folder), 0);
}

static void
more_zones_are_open_than_are_kept(void **state)
{
	enum { MANY = ZONES_KEPT + 50 };
	static const char *const rules[] = {"Asia/Tokyo", "Asia/Kolkata", "UTC"};
	static const int offsets[] = {9 * 3600, 5 * 3600 + 1800, 0};
	char folder[] = "/tmp/vouch-zone-XXXXXX", path[200], names[MANY][20];
	struct zone *zones[MANY];

	(void)state;
	assert_non_null(mkdtemp(folder));
	setenv("TZDIR", folder, 1);
	for (int i = 0; i < MANY; i++) {
		snprintf(names[i], sizeof(names[i]), "Place%c%c", 'a' + i / 26, 'a' + i % 26);
		put_zone(folder, rules[i % 3], names[i]);
		zones[i] = zone_open(names[i]);
		assert_non_null(zones[i]);
	}
	for (int i = 0; i < MANY; i++)
		assert_int_equal(zone_offset(zones[i], 0), offsets[i % 3]);
	for (int i = 0; i < MANY; i++)
		zone_close(zones[i]);
	for (int i = MANY - 1; i >= 0; i--)
		assert_int_equal(offset_of(names[i]), offsets[i % 3]);
	for (int i = 0; i < MANY; i++) {
		snprintf(path, sizeof(path), "%s/%.19s", folder, names[i]);
		assert_int_equal(unlink(path), 0);
	}
	unsetenv("TZDIR");
	assert_int_equal(rmdir(folder), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day_begins_and_ends_as_the_clocks_there_do),
		cmocka_unit_test(a_date_may_never_occur),
		cmocka_unit_test(an_instant_has_a_local_date),
		cmocka_unit_test(the_ends_of_time_are_told_and_not_passed),
		cmocka_unit_test(only_names_of_the_database_are_zones),
		cmocka_unit_test(the_data_tell_their_release),
		cmocka_unit_test(threads_share_zones),
		cmocka_unit_test(a_zone_whose_file_was_replaced_is_read_again),
		cmocka_unit_test(more_zones_are_open_than_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
