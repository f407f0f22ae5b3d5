/*
 * installation.h: which installation a word speaks to, as whom, and the options
 * that all such words have.
 *
 * DIR (--state, else VOUCH_STATE, else "var") holds url, with the base URL, and
 * vouch.conf, with the settings. VOUCH_URL goes before DIR/url. Rights come from
 * VOUCH_TOKEN, else from --email and --password or --password-file, else from
 * VOUCH_EMAIL and VOUCH_PASSWORD.
 */
#ifndef INSTALLATION_H
#define INSTALLATION_H

#include <stdbool.h>

#include "http.h"

enum { WORDS_MAX = 64 };

struct options {
	const char *state, *email, *password, *password_file;
	const char *issuer, *jwks, *from; /* only where a word names them as its own */
	bool json, help;
	const char *words[WORDS_MAX]; /* what is no option, argv[0] first */
	int n_words;
};

/*
 * Reads the arguments of a word. OWN names the options that it has besides
 * --state, --email, --password, --password-file, --json and --help: "issuer jwks", or "".
 * False after telling on standard error what is wrong. What stands in O is argv's.
 */
bool options_read(int argc, char **argv, const char *own, struct options *o);

/*
 * Prints USAGE and returns true, with the exit status, when --help is asked for, or
 * when O has not N_WORDS words, argv[0] among them, or the one after it is not VERB
 * (NULL: any).
 */
bool options_usage(const struct options *o, const char *verb, int n_words, const char *usage, int *status);

/*
 * Takes vouchctl's own words out of the environment, where everything else that
 * begins with VOUCH_ is a setting: before settings are read, or a service started.
 */
void environment_clear(void);

/* DIR of O. Never NULL. */
const char *installation_state(const struct options *o);

/* The path DIR/NAME, to be freed. NULL when memory is short. */
char *installation_path(const struct options *o, const char *name);

/*
 * A client of the installation; with SIGNS it is one with rights. NULL after
 * telling why not: no URL is known, no rights are given, signing in was refused.
 * Ends with http_close.
 */
struct http *installation_open(const struct options *o, bool signs);

/* Prints JSON with a line end and checks that it got out. */
bool print_json(const json_t *json);

#endif
