#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "config.h"
#include "installation.h"
#include "instant.h"
#include "word.h"

static const char usage[] =
    "usage: vouchctl clock set TIME | advance DURATION | show   [--state DIR] [--json]\n"
    "  TIME      RFC 3339, such as 2026-11-24T17:00:00Z\n"
    "  DURATION  a number with s, m, h or d, such as 90s; with a minus the clock goes back\n"
    "Works where the setting test_clock names a file (scripts/run --test-clock).\n";

static int
bad_use(const char *what, const char *why)
{
	fprintf(stderr, "vouchctl clock: %s: %s\n", what, why);
	return WORD_BAD_USE;
}

/* Reads "90s" as microseconds, up to a hundred years of them. */
static bool
duration_parse(const char *text, int64_t *us)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
	char *end;

	errno = 0;
	long long n = strtoll(text, &end, 10);
	if (errno != 0 || end == text || end[0] == '\0' || end[1] != '\0')
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (units[i].unit == *end) {
			int64_t most = INT64_C(36525) * 86400 / units[i].seconds;

			*us = n * units[i].seconds * INSTANT_SECOND;
			return n >= -most && n <= most;
		}
	return false;
}

/* Maps the installation's test clock. */
static int
clock_find(const struct options *o)
{
	const char *state = installation_state(o);
	char *path = installation_path(o, "vouch.conf");

	environment_clear();
	struct config *config = path != NULL ? config_open(path) : NULL;
	int status = WORD_BAD_USE;

	if (config == NULL)
		fprintf(stderr, "vouchctl clock: no installation at %s: say --state DIR\n", state);
	else if (config_text(config, "test_clock")[0] == '\0')
		bad_use(state, "this installation has no test clock");
	else if (!clock_open(config_text(config, "test_clock")))
		bad_use(config_text(config, "test_clock"), "the test clock cannot be opened");
	else
		status = WORD_OK;
	config_close(config);
	free(path);
	return status;
}

static int
clock_print(bool as_json)
{
	char now[INSTANT_SIZE];
	int64_t offset = clock_offset();

	instant_format(clock_host() + offset, now);
	if (!as_json) {
		printf("it is %s, %+.1f s from the host's clock\n", now, (double)offset / INSTANT_SECOND);
		return fflush(stdout) == 0 ? WORD_OK : WORD_BAD_USE;
	}
	json_t *json = json_pack("{s:s, s:f}", "now", now, "offsetSeconds", (double)offset / INSTANT_SECOND);
	bool ok = json != NULL && print_json(json);
	json_decref(json);
	return ok ? WORD_OK : WORD_BAD_USE;
}

int
word_clock(int argc, char **argv)
{
	struct options o;
	int64_t offset = 0;
	int status;

	if (!options_read(argc, argv, "", &o))
		return WORD_BAD_USE;
	const char *verb = o.n_words > 1 ? o.words[1] : "";
	bool shows = strcmp(verb, "show") == 0, sets = strcmp(verb, "set") == 0;
	bool advances = strcmp(verb, "advance") == 0;
	if (o.help || !(shows || sets || advances)) {
		fputs(usage, o.help ? stdout : stderr);
		return o.help ? WORD_OK : WORD_BAD_USE;
	}
	if (options_usage(&o, NULL, shows ? 2 : 3, usage, &status))
		return status;
	if (sets && !instant_parse(o.words[2], &offset))
		return bad_use(o.words[2], "not an RFC 3339 time such as 2026-11-24T17:00:00Z");
	if (advances && !duration_parse(o.words[2], &offset))
		return bad_use(o.words[2], "not a duration such as 90s, 15m, 2h or 14d");
	status = clock_find(&o);
	if (status != WORD_OK)
		return status;
	if (sets)
		offset -= clock_host();
	else
		offset += clock_offset();
	if (!shows && !clock_set_offset(offset))
		return bad_use(o.words[2], "the clock cannot go there");
	return clock_print(o.json);
}
