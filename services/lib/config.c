#include "config.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

struct setting {
	const char *name, *value;
	int64_t min, max;		/* of a number; both 0: a text */
	const char *meaning;
};

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
	{"test_clock", "", 0, 0, "file of the test clock; never in production"},
	{"curve_public_key", "", 0, 0, "file with this process's public key (Z85); CURVE when the secret one is set"},
	{"curve_secret_key", "", 0, 0, "file with its secret key"},
	{"curve_server_key", "", 0, 0, "file with the public key of the instances that it calls"},
	{"public_url", "http://127.0.0.1:8080", 0, 0, "where people reach this installation; no slash at its end"},
	{"evidence_dir", "", 0, 0, "folder of the evidence store"},
	{"evidence_max_bytes", "104857600", 1024, INT64_C(1) << 40, "largest upload in bytes (EVD-4)"},
	{"http_listen", "127.0.0.1:8080", 0, 0, "where the gateway answers HTTP"},
	{"http_threads", "1", 1, 16, "threads of the gateway's HTTP server"},
	{"http_connections", "1024", 16, 65536, "connections that it holds at once"},
	{"session_cache_ms", "5000", 0, 60000, "milliseconds for which the gateway remembers whose session it is"},
	{"session_days", "30", 1, 365, "days for which a session lasts"},
	{"argon2_memory_kib", "19456", 8, 1048576, "memory of one password hash in KiB"},
	{"argon2_passes", "2", 1, 20, "passes of one password hash"},
	{"argon2_parallel", "2", 1, 64, "password hashes at once"},
	{"signin_per_account_hour", "10", 1, 100000, "failed sign-ins for one account in an hour"},
	{"signin_per_address_hour", "100", 1, 1000000, "failed sign-ins from one network in an hour"},
	{"mail_url", "", 0, 0, "spool:/folder or smtp://host:port or smtps://host:port"},
	{"mail_from", "Vouch <vouch@localhost>", 0, 0, "sender of mails"},
	{"mail_user", "", 0, 0, "name for the SMTP server; none: without signing in"},
	{"mail_password_file", "", 0, 0, "file with its password"},
	{"keys_dir", "", 0, 0, "folder of the signing key; made at the first start"},
	{"inspect_program", "", 0, 0, "the program that opens evidence; empty: vouch-inspect beside this program"},
	{"link_allow", "", 0, 0, "host:port,... that links may lead to although they are not public"},
	{"link_timeout_ms", "8000", 100, 60000, "milliseconds for one look at a link"},
};

enum { N_SETTINGS = sizeof(settings) / sizeof(settings[0]) };

struct config {
	char *values[N_SETTINGS];	/* NULL: the default */
	const char *file;
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

/* Is VALUE in the range of setting I? Tells if not. */
static bool
fits(int i, const char *value, const char *where)
{
	char *end;
	long long n;

	if (settings[i].min == 0 && settings[i].max == 0)
		return true;
	errno = 0;
	n = strtoll(value, &end, 10);
	if (errno == 0 && end != value && *end == '\0' && n >= settings[i].min && n <= settings[i].max)
		return true;
	fprintf(stderr, "%s: %s must be a number from %lld to %lld\n", where, settings[i].name,
	    (long long)settings[i].min, (long long)settings[i].max);
	return false;
}

static bool
set(struct config *config, int i, const char *value, const char *where)
{
	if (!fits(i, value, where))
		return false;
	free(config->values[i]);
	config->values[i] = strdup(value);
	return config->values[i] != NULL;
}

static int
on_line(void *user, const char *section, const char *name, const char *value)
{
	struct config *config = user;
	int i = find(name);

	if (section[0] != '\0' || i < 0) {
		fprintf(stderr, "%s: there is no setting %s\n", config->file, name);
		config->failed = true;
		return 1;
	}
	if (!set(config, i, value, config->file))
		config->failed = true;
	return 1;
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

static bool
read_environment(struct config *config)
{
	bool ok = true;

	for (char **e = environ; *e != NULL; e++) {
		const char *value = strchr(*e, '=');
		char name[64];
		size_t n = 0;
		int i;

		if (strncmp(*e, "VOUCH_", 6) != 0 || value == NULL)
			continue;
		for (const char *c = *e + 6; c < value && n + 1 < sizeof(name); c++)
			name[n++] = *c;
		name[n] = '\0';
		if (is_other(name))
			continue;
		for (char *c = name; *c != '\0'; c++)
			*c = (char)tolower((unsigned char)*c);
		i = find(name);
		if (i < 0)
			fprintf(stderr, "environment: there is no setting %s\n", name);
		ok = i >= 0 && set(config, i, value + 1, "environment") && ok;
	}
	return ok;
}

struct config *
config_open(const char *file)
{
	struct config *config = calloc(1, sizeof(*config));
	int line;

	assert(config != NULL);
	config->file = file;
	line = file != NULL ? ini_parse(file, on_line, config) : 0;
	if (line != 0)
		{
		if (line < 0)
			fprintf(stderr, "%s cannot be read\n", file);
		else
			fprintf(stderr, "%s: line %d is not \"name = value\"\n", file, line);
	}
	if (line == 0 && !config->failed && read_environment(config))
		return config;
	config_close(config);
	return NULL;
}

void
config_close(struct config *config)
{
	for (int i = 0; config != NULL && i < N_SETTINGS; i++)
		free(config->values[i]);
	free(config);
}

const char *
config_text(const struct config *config, const char *name)
{
	int i = find(name);

	assert(i >= 0);
	return config->values[i] != NULL ? config->values[i] : settings[i].value;
}

int64_t
config_int(const struct config *config, const char *name)
{
	return strtoll(config_text(config, name), NULL, 10);
}

void
config_help(FILE *out)
{
	for (int i = 0; i < N_SETTINGS; i++)
		fprintf(out, "%-24s %s [%s]\n", settings[i].name, settings[i].meaning, settings[i].value);
}

void
config_env(FILE *out)
{
	for (int i = 0; i < N_SETTINGS; i++) {
		fprintf(out, "# %s\n#VOUCH_", settings[i].meaning);
		for (const char *c = settings[i].name; *c != '\0'; c++)
			fputc(toupper((unsigned char)*c), out);
		fprintf(out, "=%s\n\n", settings[i].value);
	}
}
