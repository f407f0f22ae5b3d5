#include "config.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

enum { LINE_BYTES = 8192 }; /* of the file: the book of an installation is one line */

/* What a text has to look like; "" always means "none". */
enum form {
	FORM_ANY,
	FORM_NAME,     /* letters, digits, . _ -, at most 32 */
	FORM_LEVEL,    /* a level of log.h */
	FORM_ENDPOINT, /* ipc:///path or tcp://host:port */
	FORM_ADDRESS,  /* unix:/path or host:port */
	FORM_URL,      /* http:// or https://, without a slash at the end */
	FORM_MAIL,     /* spool:/folder, smtp:// or smtps:// */
};

struct setting {
	const char *name, *value;
	int64_t min, max; /* of a number; both 0: a text */
	const char *meaning;
};

/* The texts that have a form. */
static const struct {
	const char *name;
	enum form form;
} forms[] = {
	{"instance", FORM_NAME},
	{"log_level", FORM_LEVEL},
	{"listen", FORM_ENDPOINT},
	{"redis", FORM_ADDRESS},
	{"health", FORM_ADDRESS},
	{"http_listen", FORM_ADDRESS},
	{"public_url", FORM_URL},
	{"mail_url", FORM_MAIL},
};

/* Grouped by theme; --help and deploy/vouch.env keep this order. */
static const struct setting settings[] = {
	{"instance", "1", 0, 0, "name of this instance among its siblings"},
	{"listen", "", 0, 0, "endpoint of this instance on the bus: ipc:///path or tcp://host:port"},
	{"peers", "", 0, 0, "the book: catalog=ipc:///a,ipc:///b;submission=ipc:///c"},
	{"database", "", 0, 0, "libpq connection string of the service's login role"},
	{"redis", "", 0, 0, "unix:/path or host:port; holds the timers"},
	{"workers", "2", 1, 16, "threads with a connection each; the number follows the cores"},
	{"slow_workers", "1", 0, 4, "more of them for long reads"},
	{"queue_max", "256", 1, 4096, "calls that may wait for one worker"},
	{"health", "", 0, 0, "where /livez, /readyz and /metrics answer: unix:/path or host:port"},
	{"drain_ms", "10000", 0, 600000, "milliseconds that a process takes to finish what it has"},
	{"log_level", "info", 0, 0, "what is logged: debug, info, warn or error, and what is worse"},
	{"test_clock", "", 0, 0, "file of the test clock; never in production"},
	{"curve_public_key", "", 0, 0,
		"file with the installation's public key (Z85); CURVE when the secret one is set"},
	{"curve_secret_key", "", 0, 0,
		"file with its secret key; every process holds the same pair, nobody else may call"},
	{"public_url", "http://127.0.0.1:8080", 0, 0,
		"where people reach this installation; no slash at its end"},
	{"evidence_dir", "", 0, 0, "folder of the evidence store"},
	{"evidence_max_bytes", "104857600", 1024, INT64_C(1) << 40, "largest upload in bytes (EVD-4)"},
	{"http_listen", "127.0.0.1:8080", 0, 0, "where the gateway answers HTTP"},
	{"http_threads", "1", 1, 16, "threads of the gateway's HTTP server"},
	{"http_connections", "1024", 16, 65536, "connections that it holds at once"},
	{"http_connections_per_address", "512", 1, 65536, "of these, from one address; not behind proxies"},
	{"http_proxies", "0", 0, 4, "proxies of ours in front: whose X-Forwarded-For names the client"},
	{"http_memory_mib", "128", 8, 65536, "MiB for the request bodies that it holds at once"},
	{"live_streams", "1000", 0, 50000, "streams of live events at once (server-sent events)"},
	{"live_streams_per_account", "10", 1, 1000, "of these, for one account"},
	{"session_cache_ms", "5000", 0, 60000,
		"milliseconds for which the gateway remembers whose session it is"},
	{"session_days", "30", 1, 365, "days for which a session lasts"},
	{"argon2_memory_kib", "19456", 8, 1048576, "memory of one password hash in KiB"},
	{"argon2_passes", "2", 1, 20, "passes of one password hash"},
	{"argon2_parallel", "2", 1, 64, "password hashes at once"},
	{"signin_per_account_hour", "10", 1, 100000, "failed sign-ins for one account in an hour"},
	{"signin_per_address_hour", "100", 1, 1000000, "failed sign-ins from one network in an hour"},
	{"signups_per_address_hour", "200", 1, 1000000, "new accounts from one network in an hour"},
	{"mail_asks_per_address_hour", "60", 1, 1000000,
		"mails with a link asked for from one network in an hour"},
	{"mail_asks_per_account_hour", "5", 1, 1000, "mails with a link sent to one account in an hour"},
	{"token_days", "365", 1, 366, "days for which an API token lasts, unless its owner says"},
	{"mail_url", "", 0, 0, "spool:/folder or smtp://host:port or smtps://host:port"},
	{"mail_from", "Vouch <vouch@localhost>", 0, 0, "sender of mails"},
	{"mail_tls", "try", 0, 0,
		"with smtp://: try (encrypt if the server can), require (and check its certificate), none"},
	{"mail_timeout_ms", "20000", 1000, 40000, "milliseconds for one mail"},
	{"mail_user", "", 0, 0, "name for the SMTP server; none: without signing in"},
	{"mail_password_file", "", 0, 0, "file with its password"},
	{"keys_dir", "", 0, 0, "folder of the signing key; made at the first start"},
	{"inspect_program", "", 0, 0,
		"the program that opens evidence; empty: vouch-inspect beside this program"},
	{"link_allow", "", 0, 0, "host:port,... that links may lead to although they are not public"},
	{"link_timeout_ms", "8000", 100, 60000, "milliseconds for one look at a link"},
	{"ticket_remind_days", "7", 1, 365,
		"days after which a person is reminded that a ticket waits for their answer"},
	{"ticket_solve_days", "14", 1, 365, "days after the reminder until the ticket counts as solved"},
};

enum { N_SETTINGS = sizeof(settings) / sizeof(settings[0]) };

struct config {
	char *values[N_SETTINGS]; /* NULL: the default */
	const char *file;         /* while it is read */
	bool failed;
};

static int
find(const char *name)
{
	for (int i = 0; i < N_SETTINGS; i++)
		if (strcmp(settings[i].name, name) == 0)
			return i;
	return -1;
}

static bool
is_number(const struct setting *s)
{
	return s->min != 0 || s->max != 0;
}

static bool
starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0 && text[strlen(prefix)] != '\0';
}

static bool
has_port(const char *text)
{
	const char *colon = strrchr(text, ':');
	char *end;
	long port;

	if (colon == NULL || colon == text || !isdigit((unsigned char)colon[1]))
		return false;
	port = strtol(colon + 1, &end, 10);
	return *end == '\0' && port >= 0 && port <= 65535;
}

static enum form
form_of(const char *setting)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (strcmp(forms[i].name, setting) == 0)
			return forms[i].form;
	return FORM_ANY;
}

/* Returns what TEXT must look like, NULL when it does. */
static const char *
misfit(enum form form, const char *text)
{
	static const char name[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	size_t len = strlen(text);

	if (len == 0 && form != FORM_LEVEL && form != FORM_NAME)
		return NULL;
	switch (form) {
	case FORM_ANY:
		return NULL;
	case FORM_NAME:
		if (len > 0 && len <= 32 && text[strspn(text, name)] == '\0')
			return NULL;
		return "1 to 32 letters and digits";
	case FORM_LEVEL:
		return config_level(text) >= 0 ? NULL : "debug, info, warn or error";
	case FORM_ENDPOINT:
		return starts(text, "ipc://") || (starts(text, "tcp://") && has_port(text)) ?
		    NULL :
		    "ipc:///path or tcp://host:port";
	case FORM_ADDRESS:
		return starts(text, "unix:") || has_port(text) ? NULL : "unix:/path or host:port";
	case FORM_URL:
		return (starts(text, "http://") || starts(text, "https://")) && text[len - 1] != '/' ?
		    NULL :
		    "an address that begins with http:// or https:// and does not end with a slash";
	case FORM_MAIL:
		return starts(text, "spool:") || starts(text, "smtp://") || starts(text, "smtps://") ?
		    NULL :
		    "spool:/folder, smtp://host:port or smtps://host:port";
	}
	return NULL;
}

/* Does VALUE fit setting S? Tells if not. */
static bool
fits(const struct setting *s, const char *value, const char *where)
{
	const char *wanted;
	char *end;
	long long n;

	if (!is_number(s)) {
		wanted = misfit(form_of(s->name), value);
		if (wanted != NULL)
			fprintf(stderr, "%s: %s must be %s\n", where, s->name, wanted);
		return wanted == NULL;
	}
	errno = 0;
	n = strtoll(value, &end, 10);
	if (errno == 0 && value[strspn(value, "-0123456789")] == '\0' && end != value && *end == '\0' &&
	    n >= s->min && n <= s->max)
		return true;
	fprintf(stderr, "%s: %s must be a number from %lld to %lld\n", where, s->name, (long long)s->min,
	    (long long)s->max);
	return false;
}

static bool
set(struct config *config, int i, const char *value, const char *where)
{
	if (!fits(&settings[i], value, where))
		return false;
	free(config->values[i]);
	config->values[i] = strdup(value);
	assert(config->values[i] != NULL);
	return true;
}

static int
on_line(void *user, const char *section, const char *name, const char *value)
{
	struct config *config = user;
	int i = find(name);

	if (section[0] != '\0' || i < 0)
		fprintf(stderr, "%s: there is no setting %s%s%s\n", config->file, section,
		    section[0] != '\0' ? "." : "", name);
	else if (config->values[i] != NULL)
		fprintf(stderr, "%s: %s is set twice\n", config->file, name);
	else if (set(config, i, value, config->file))
		return 1;
	config->failed = true;
	return 1; /* go on: every mistake is told at once */
}

static bool
read_file(struct config *config, const char *file)
{
	int line;

	/* Debian's inih cuts lines at 200 bytes and values at " ;" unless it is told otherwise. */
	ini_max_line = LINE_BYTES;
	ini_use_stack = false;
	ini_allow_realloc = true;
	ini_allow_inline_comments = false;
	ini_allow_multiline = false;
	config->file = file;
	line = ini_parse(file, on_line, config);
	config->file = NULL;
	if (line < 0)
		fprintf(stderr, "%s: cannot be read\n", file);
	else if (line > 0)
		fprintf(stderr, "%s: line %d is not \"name = value\", or longer than %d bytes\n", file, line,
		    LINE_BYTES - 3);
	return line == 0 && !config->failed;
}

/* VOUCH_ names that are not settings: of the tests, of vouchctl, of --migrate. */
static bool
is_other(const char *name)
{
	static const char *const others[] = {"STATE", "TOKEN", "URL", "EMAIL", "PASSWORD", "ADMIN_DATABASE"};

	if (strncmp(name, "TEST_", 5) == 0)
		return true;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(name, others[i]) == 0)
			return true;
	return false;
}

/* The setting that VOUCH_NAME in the environment means; -1: none. */
static int
find_upper(const char *name)
{
	for (int i = 0; i < N_SETTINGS; i++) {
		size_t n = 0;

		while (name[n] != '\0' && toupper((unsigned char)settings[i].name[n]) == name[n])
			n++;
		if (name[n] == '\0' && settings[i].name[n] == '\0')
			return i;
	}
	return -1;
}

static bool
read_environment(struct config *config)
{
	bool ok = true;

	for (char **e = environ; *e != NULL; e++) {
		const char *value = strchr(*e, '=');
		char name[64];

		if (strncmp(*e, "VOUCH_", 6) != 0 || value == NULL)
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)(value - *e - 6), *e + 6);
		if (is_other(name))
			continue;
		int i = find_upper(name);
		if (i < 0)
			fprintf(stderr, "environment: there is no setting VOUCH_%s\n", name);
		ok = i >= 0 && set(config, i, value + 1, "environment") && ok;
	}
	return ok;
}

struct config *
config_open(const char *file)
{
	struct config *config = calloc(1, sizeof(*config));

	assert(config != NULL);
	bool ok = file == NULL || read_file(config, file);
	if (!read_environment(config) || !ok) {
		config_close(config);
		return NULL;
	}
	return config;
}

void
config_close(struct config *config)
{
	for (int i = 0; config != NULL && i < N_SETTINGS; i++)
		free(config->values[i]);
	free(config);
}

static const char *
value_of(const struct config *config, int i)
{
	return config->values[i] != NULL ? config->values[i] : settings[i].value;
}

const char *
config_text(const struct config *config, const char *name)
{
	int i = find(name);

	assert(i >= 0 && !is_number(&settings[i]));
	return value_of(config, i);
}

int64_t
config_int(const struct config *config, const char *name)
{
	int i = find(name);

	assert(i >= 0 && is_number(&settings[i]));
	return strtoll(value_of(config, i), NULL, 10);
}

int
config_level(const char *word)
{
	static const char *const words[] = {"debug", "info", "warn", "error"};

	for (int i = 0; i < 4; i++)
		if (strcmp(word, words[i]) == 0)
			return i;
	return -1;
}

static void
print_meaning(FILE *out, const struct setting *s)
{
	fputs(s->meaning, out);
	if (is_number(s))
		fprintf(out, " (%lld to %lld)", (long long)s->min, (long long)s->max);
}

void
config_help(FILE *out)
{
	for (int i = 0; i < N_SETTINGS; i++) {
		fprintf(out, "  %-24s ", settings[i].name);
		print_meaning(out, &settings[i]);
		if (settings[i].value[0] != '\0')
			fprintf(out, " [%s]", settings[i].value);
		fputc('\n', out);
	}
}

void
config_env(FILE *out)
{
	for (int i = 0; i < N_SETTINGS; i++) {
		fputs("# ", out);
		print_meaning(out, &settings[i]);
		fputs("\n#VOUCH_", out);
		for (const char *c = settings[i].name; *c != '\0'; c++)
			fputc(toupper((unsigned char)*c), out);
		fprintf(out, "=%s\n\n", settings[i].value);
	}
}
