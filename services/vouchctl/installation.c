#include "installation.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "word.h"

enum { LINE_SIZE = 2048 };

/* Always false. */
static bool
complain(const struct options *o, const char *what, const char *why)
{
	fprintf(stderr, "vouchctl %s: %s: %s\n", o->words[0], what, why);
	return false;
}

/* Is NAME one of the words of LIST? */
static bool
is_listed(const char *list, const char *name, size_t len)
{
	for (const char *at = list; (at = strstr(at, name)) != NULL; at++)
		if ((at == list || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

static const char **
option_find(struct options *o, const char *own, const char *arg)
{
	const struct {
		const char *name;
		const char **value;
		bool own;
	} known[] = {
		{"state", &o->state, false},
		{"email", &o->email, false},
		{"password", &o->password, false},
		{"password-file", &o->password_file, false},
		{"issuer", &o->issuer, true},
		{"jwks", &o->jwks, true},
		{"from", &o->from, true},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		size_t len = strlen(known[i].name);

		if (strncmp(arg, known[i].name, len) == 0 && (arg[len] == '\0' || arg[len] == '=') &&
		    (!known[i].own || is_listed(own, known[i].name, len)))
			return known[i].value;
	}
	return NULL;
}

bool
options_read(int argc, char **argv, const char *own, struct options *o)
{
	bool only_words = false;

	*o = (struct options){.words = {argv[0]}, .n_words = 1};
	for (int i = 1; i < argc; i++) {
		const char **value, *equals;

		if (only_words || argv[i][0] != '-' || argv[i][1] == '\0') {
			if (o->n_words == WORDS_MAX)
				return complain(o, argv[i], "too many words");
			o->words[o->n_words++] = argv[i];
		} else if (strcmp(argv[i], "--") == 0) {
			only_words = true;
		} else if (strcmp(argv[i], "--json") == 0) {
			o->json = true;
		} else if (strcmp(argv[i], "--help") == 0) {
			o->help = true;
		} else {
			value = strncmp(argv[i], "--", 2) == 0 ? option_find(o, own, argv[i] + 2) : NULL;
			if (value == NULL)
				return complain(o, argv[i], "no such option");
			if (*value != NULL)
				return complain(o, argv[i], "given twice");
			equals = strchr(argv[i], '=');
			if (equals == NULL && i + 1 == argc)
				return complain(o, argv[i], "a value is missing");
			*value = equals != NULL ? equals + 1 : argv[++i];
		}
	}
	return true;
}

bool
options_usage(const struct options *o, const char *verb, int n_words, const char *usage, int *status)
{
	if (o->help) {
		fputs(usage, stdout);
		*status = WORD_OK;
		return true;
	}
	if (o->n_words == n_words && (verb == NULL || strcmp(o->words[1], verb) == 0))
		return false;
	fputs(usage, stderr);
	*status = WORD_BAD_USE;
	return true;
}

void
environment_clear(void)
{
	static const char *const own[] = {"STATE", "URL", "TOKEN", "EMAIL", "PASSWORD"};
	char name[32];

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		snprintf(name, sizeof(name), "VOUCH_%s", own[i]);
		unsetenv(name);
	}
}

const char *
installation_state(const struct options *o)
{
	const char *state = o->state != NULL ? o->state : getenv("VOUCH_STATE");

	return state != NULL && state[0] != '\0' ? state : "var";
}

char *
installation_path(const struct options *o, const char *name)
{
	char *path = NULL;

	return asprintf(&path, "%s/%s", installation_state(o), name) < 0 ? NULL : path;
}

/* The first line of the file PATH, without its end. False after telling why not. */
static bool
line_read(const struct options *o, const char *path, char line[LINE_SIZE])
{
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
	bool ok = file != NULL && fgets(line, LINE_SIZE, file) != NULL;

	if (!ok)
		complain(o, path, file == NULL ? strerror(errno) : "it is empty");
	else
		line[strcspn(line, "\r\n")] = '\0';
	if (file != NULL && file != stdin)
		fclose(file);
	return ok;
}

static bool
url_find(const struct options *o, char url[LINE_SIZE])
{
	const char *set = getenv("VOUCH_URL");

	if (set != NULL && set[0] != '\0') {
		snprintf(url, LINE_SIZE, "%s", set);
		return true;
	}
	char *path = installation_path(o, "url");
	bool ok = path != NULL && line_read(o, path, url);
	free(path);
	return ok || complain(o, "no installation", "say --state DIR, or set VOUCH_URL");
}

/* Signs HTTP in. */
static bool
sign_in(struct http *http, const struct options *o)
{
	const char *email = o->email != NULL ? o->email : getenv("VOUCH_EMAIL");
	const char *password = o->password;
	char line[LINE_SIZE], prefix[64];
	struct answer answer;

	if (password == NULL && o->password_file != NULL) {
		if (!line_read(o, o->password_file, line))
			return false;
		password = line;
	}
	if (password == NULL)
		password = getenv("VOUCH_PASSWORD");
	if (email == NULL || password == NULL)
		return complain(
		    o, "this needs rights", "set VOUCH_TOKEN, or say --email and --password-file");
	bool ok = http_sign_in(http, email, password, &answer);
	if (!ok) {
		snprintf(prefix, sizeof(prefix), "vouchctl %s: signing in", o->words[0]);
		answer_complain(&answer, prefix);
	}
	answer_clear(&answer);
	explicit_bzero(line, sizeof(line));
	return ok;
}

struct http *
installation_open(const struct options *o, bool signs)
{
	const char *token = getenv("VOUCH_TOKEN");
	char url[LINE_SIZE];

	if (token != NULL && token[0] == '\0')
		token = NULL;
	/* Who says an address means that person. */
	if (o->email != NULL)
		token = NULL;
	if (!url_find(o, url))
		return NULL;
	struct http *http = http_open(url, token);
	if (http == NULL)
		complain(o, "memory", "not enough");
	if (http != NULL && signs && token == NULL && !sign_in(http, o)) {
		http_close(http);
		return NULL;
	}
	return http;
}

bool
print_json(const json_t *json)
{
	bool ok = json_dumpf(json, stdout, JSON_INDENT(1) | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15)) == 0;

	putchar('\n');
	return fflush(stdout) == 0 && ok;
}
