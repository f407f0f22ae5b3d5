/*
 * main.c: vouchctl, the command line of Vouch: a table of words.
 */
#include <curl/curl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "word.h"

static const struct {
	const char *name, *about;
	int (*run)(int argc, char **argv);
} words[] = {
	{"articles", "import FILE | search QUERY: help articles", word_articles},
	{"calendar", "due ...: when a review is due, and why", word_calendar},
	{"catalog", "import FILE --issuer ID | search QUERY: micro-credentials", word_catalog},
	{"check", "text FILE | evidence FILE...: the checks of a draft", word_check},
	{"clock", "set TIME | advance DURATION | show: the test clock", word_clock},
	{"credential", "verify FILE: who earned what, and is it true", word_credential},
	{"demo", "load: people, catalog and work to look at", word_demo},
	{"sla", "rebuild: the timers of all review clocks", word_sla},
	{"status", "is everything ready", word_status},
};

enum { N_WORDS = sizeof(words) / sizeof(words[0]) };

static void
usage(FILE *out)
{
	fputs("usage: vouchctl WORD ... [--json]\n\n", out);
	for (int i = 0; i < N_WORDS; i++)
		fprintf(out, "  %-11s %s\n", words[i].name, words[i].about);
	fputs(
	    "\nvouchctl WORD --help tells more. A FILE may be - for standard input.\n"
	    "Exit status: 0, 1 for a finding, 2 for bad use.\n\n"
	    "  --state DIR (or VOUCH_STATE; var) is the installation: DIR/url, DIR/vouch.conf\n"
	    "  VOUCH_URL    its base URL, in place of DIR/url\n"
	    "  VOUCH_TOKEN  an API token; else --email and --password-file, or VOUCH_EMAIL and VOUCH_PASSWORD\n",
	    out);
}

int
main(int argc, char **argv)
{
	int status = WORD_BAD_USE;

	if (argc < 2) {
		usage(stderr);
		return status;
	}
	if (strcmp(argv[1], "--help") == 0) {
		usage(stdout);
		return WORD_OK;
	}
	if (sodium_init() < 0 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return status;
	if (strcmp(argv[1], "forecast") == 0) {
		fputs("vouchctl forecast: there are no forecasts yet\n", stderr);
		return status;
	}
	for (int i = 0; i < N_WORDS; i++)
		if (strcmp(argv[1], words[i].name) == 0) {
			status = words[i].run(argc - 1, argv + 1);
			curl_global_cleanup();
			return status;
		}
	fprintf(stderr, "vouchctl: %s: no such word\n", argv[1]);
	usage(stderr);
	curl_global_cleanup();
	return status;
}
