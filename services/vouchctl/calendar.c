#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "calendar.h"
#include "holidays.h"
#include "ics.h"
#include "instant.h"
#include "word.h"
#include "zone.h"

enum { DEFAULT_DAYS = 14 };

static const char usage[] =
    "usage: vouchctl calendar due --time-zone TZ --weekend sat,sun --holidays FILE --submitted TIME\n"
    "                             [--days 14] [--json]\n"
    "  TZ       a name of the IANA time zone database, such as America/New_York\n"
    "  weekend  of mon, tue, wed, thu, fri, sat, sun; or none\n"
    "  FILE     iCalendar, or lines of `YYYY-MM-DD name`; - reads standard input\n"
    "  TIME     RFC 3339, such as 2026-11-24T17:00:00Z\n"
    "Prints when the last business day ends, and every day up to it with the reason why it counts or not.\n";

struct options {
	const char *zone, *weekend, *holidays, *submitted, *days;
	bool json;
};

/* Always false. */
static bool
complain(const char *what, const char *why)
{
	fprintf(stderr, "vouchctl calendar: %s%s%s\n", what, *why != '\0' ? ": " : "", why);
	return false;
}

static int
bad_use(const char *what, const char *why)
{
	complain(what, why);
	return WORD_BAD_USE;
}

/* Does ARG say the option NAME, as "--name" or "--name=value"? */
static bool
is_option(const char *arg, const char *name)
{
	size_t len = strlen(name);

	return strncmp(arg, name, len) == 0 && (arg[len] == '\0' || arg[len] == '=');
}

static bool
read_options(int argc, char **argv, struct options *o)
{
	const struct {
		const char *name;
		const char **value;
	} known[] = {
		{"--time-zone", &o->zone},
		{"--weekend", &o->weekend},
		{"--holidays", &o->holidays},
		{"--submitted", &o->submitted},
		{"--days", &o->days},
	};
	const size_t n_known = sizeof(known) / sizeof(known[0]);

	for (int i = 2; i < argc; i++) {
		size_t k = 0;
		const char *equals = strchr(argv[i], '=');

		if (strcmp(argv[i], "--json") == 0) {
			o->json = true;
			continue;
		}
		while (k < n_known && !is_option(argv[i], known[k].name))
			k++;
		if (k == n_known)
			return complain(argv[i], "no such option");
		if (*known[k].value != NULL)
			return complain(known[k].name, "given twice");
		if (equals == NULL && i + 1 == argc)
			return complain(known[k].name, "a value is missing");
		*known[k].value = equals != NULL ? equals + 1 : argv[++i];
	}
	for (size_t k = 0; k + 1 < n_known; k++)
		if (*known[k].value == NULL)
			return complain(known[k].name, "missing");
	return true;
}

/* Reads FILE ("-": standard input), one byte more than allowed at most, so that ics_read() can tell. */
static char *
read_file(struct arena *arena, const char *path, size_t *len)
{
	char *text = arena_alloc(arena, ICS_SIZE_MAX + 1);
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");

	if (file == NULL || text == NULL) {
		complain(path, file == NULL ? strerror(errno) : "not enough memory");
		text = NULL;
	} else {
		*len = fread(text, 1, ICS_SIZE_MAX + 1, file);
		if (ferror(file)) {
			complain(path, strerror(errno));
			text = NULL;
		}
	}
	if (file != NULL && file != stdin)
		fclose(file);
	return text;
}

/* Reads the holidays of PATH. WORD_FINDING: not all of it was understood, which is told on standard error. */
static int
read_holidays(struct holidays *list, struct arena *arena, const char *path, const struct zone *zone)
{
	size_t len = 0;
	char *text = read_file(arena, path, &len);

	if (text == NULL)
		return WORD_BAD_USE;
	if (!holidays_start(list, arena, HOLIDAYS_FIRST, HOLIDAYS_LAST))
		return bad_use(path, "not enough memory");

	bool ok = ics_read(list, text, len, zone);
	for (size_t i = 0; i < list->n_problems; i++)
		fprintf(stderr, "%s:%d: %s\n", path, list->problems[i].line, list->problems[i].text);
	if (list->n_unlisted > 0)
		fprintf(stderr, "%s: and %zu more\n", path, list->n_unlisted);
	if (!ok)
		return bad_use(path, "the holidays cannot be read");
	return list->n_problems > 0 ? WORD_FINDING : WORD_OK;
}

static void
print_text(const struct due *due, const char *zone)
{
	char date[DATE_SIZE], at[INSTANT_SIZE];
	int n = 0;

	date_format(due->day, date);
	instant_format(due->at, at);
	printf("due by the end of %s in %s, before %s\n", date, zone, at);
	for (size_t i = 0; i < due->n_days; i++) {
		const struct calendar_day *day = &due->days[i];

		date_format(day->day, date);
		if (day->counts)
			printf("%s %4d  %s\n", date, ++n, day->reason);
		else
			printf("%s    -  %s\n", date, day->reason);
	}
}

static bool
print_json(const struct due *due)
{
	char date[DATE_SIZE], at[INSTANT_SIZE];
	json_t *days = json_array();
	int rc = 0;

	for (size_t i = 0; i < due->n_days; i++) {
		const struct calendar_day *day = &due->days[i];

		date_format(day->day, date);
		rc |= json_array_append_new(days,
		    json_pack("{s:s, s:b, s:s}", "date", date, "counts", day->counts, "reason", day->reason));
	}
	date_format(due->day, date);
	instant_format(due->at, at);
	json_t *answer = json_pack("{s:s, s:s, s:o}", "dueAt", at, "dueDate", date, "days", days);
	rc |= answer == NULL || json_dumpf(answer, stdout, JSON_COMPACT) != 0;
	json_decref(answer);
	putchar('\n');
	return rc == 0;
}

static bool
read_days(const char *text, int *days)
{
	char *end;

	if (text == NULL) {
		*days = DEFAULT_DAYS;
		return true;
	}
	errno = 0;
	long n = strtol(text, &end, 10);
	*days = (int)n;
	return errno == 0 && *text >= '0' && *text <= '9' && *end == '\0' && n >= 1 && n <= WORKDAYS_MAX;
}

static int
due(const struct options *o, struct arena *arena, const struct zone *zone)
{
	struct calendar calendar;
	struct holidays list;
	struct due answer;
	const char *why;
	uint8_t weekend;
	int64_t at;
	int days;

	if (!weekend_parse(o->weekend, &weekend))
		return bad_use(
		    "--weekend", "name up to six of mon, tue, wed, thu, fri, sat, sun with commas, or none");
	if (!instant_parse(o->submitted, &at))
		return bad_use("--submitted", "not an RFC 3339 time such as 2026-11-24T17:00:00Z");
	if (!read_days(o->days, &days))
		return bad_use("--days", "not a number from 1 to 1000");

	int status = read_holidays(&list, arena, o->holidays, zone);
	if (status == WORD_BAD_USE)
		return status;
	if (!calendar_make(arena, &calendar, o->zone, weekend, list.items, list.n_items, &why) ||
	    !calendar_due(arena, &calendar, at, days, &answer, &why))
		return bad_use(why, "");
	if (answer.days[0].day < HOLIDAYS_FIRST || answer.day > HOLIDAYS_LAST)
		return bad_use("--submitted", "holidays are known from 1990 to 2100 only");
	if (!o->json)
		print_text(&answer, o->zone);
	else if (!print_json(&answer))
		return bad_use("not enough memory", "");
	if (fflush(stdout) != 0)
		return bad_use("standard output", strerror(errno));
	return status;
}

int
word_calendar(int argc, char **argv)
{
	struct options o = {0};
	struct arena arena = {0};

	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--help") == 0) {
			fputs(usage, stdout);
			return WORD_OK;
		}
	if (argc < 2 || strcmp(argv[1], "due") != 0) {
		fputs(usage, stderr);
		return WORD_BAD_USE;
	}
	if (!read_options(argc, argv, &o))
		return WORD_BAD_USE;

	struct zone *zone = zone_open(o.zone);
	int status = zone != NULL ?
	    due(&o, &arena, zone) :
	    bad_use("--time-zone", "not a name of the IANA time zone database, such as America/New_York");
	zone_close(zone);
	arena_reset(&arena);
	return status;
}
