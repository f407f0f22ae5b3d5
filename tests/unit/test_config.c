/* Settings: where values come from, and that every mistake is told before anything starts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "config.h"

extern char **environ;

static char path[] = "/tmp/vouch-config-XXXXXX";
static char told[8192];

static int
new_environment(void **state)
{
	(void)state;
	/* Whatever starts the tests may have settings of its own. */
	for (char **e = environ; *e != NULL;) {
		char name[200];
		size_t len = strcspn(*e, "=");

		if (strncmp(*e, "VOUCH_", 6) != 0 || len >= sizeof(name)) {
			e++;
			continue;
		}
		snprintf(name, sizeof(name), "%.*s", (int)len, *e);
		unsetenv(name);
		e = environ;
	}
	return 0;
}

/* Opens a file with TEXT (NULL: none); what was told on stderr goes to TOLD. */
static struct config *
open_with(const char *text)
{
	int saved = dup(STDERR_FILENO), pipe_of[2];
	FILE *file = text != NULL ? fopen(path, "w") : NULL;
	struct config *config;
	ssize_t n;

	if (file != NULL) {
		fputs(text, file);
		fclose(file);
	}
	assert_int_equal(pipe(pipe_of), 0);
	fflush(stderr);
	dup2(pipe_of[1], STDERR_FILENO);
	config = config_open(text != NULL ? path : NULL);
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(pipe_of[1]);
	n = read(pipe_of[0], told, sizeof(told) - 1);
	told[n > 0 ? n : 0] = '\0';
	close(pipe_of[0]);
	assert_int_equal(config == NULL, told[0] != '\0');
	return config;
}

static void
a_setting_that_nobody_turned_has_its_default(void **state)
{
	struct config *config = open_with(NULL);

	(void)state;
	assert_int_equal(config_int(config, "workers"), 2);
	assert_int_equal(config_int(config, "queue_max"), 256);
	assert_int_equal(config_int(config, "evidence_max_bytes"), 104857600);
	assert_string_equal(config_text(config, "instance"), "1");
	assert_string_equal(config_text(config, "listen"), "");
	assert_string_equal(config_text(config, "log_level"), "info");
	config_close(config);
}

static void
the_environment_goes_before_the_file_and_the_file_before_the_table(void **state)
{
	struct config *config;

	(void)state;
	setenv("VOUCH_WORKERS", "4", 1);
	setenv("VOUCH_HEALTH", "", 1);
	config = open_with("# of this host\nworkers = 3\n; another\nqueue_max=100\n"
			   "  health = unix:/run/x\nlisten = ipc:///run/catalog.1\n");
	assert_int_equal(config_int(config, "workers"), 4);
	assert_int_equal(config_int(config, "queue_max"), 100);
	assert_string_equal(config_text(config, "health"), "");
	assert_string_equal(config_text(config, "listen"), "ipc:///run/catalog.1");
	assert_int_equal(config_int(config, "slow_workers"), 1);
	config_close(config);
}

static void
a_long_book_is_read_whole(void **state)
{
	char text[6000] = "peers = ", value[6000] = "";
	struct config *config;

	(void)state;
	for (int i = 0; strlen(value) < 5000; i++)
		snprintf(value + strlen(value), sizeof(value) - strlen(value),
		    "%scatalog%d=ipc:///run/vouch/catalog.%d ;#x", i > 0 ? ";" : "", i, i);
	strcat(text, value);
	config = open_with(text);
	assert_string_equal(config_text(config, "peers"), value);
	config_close(config);
}

static void
every_mistake_is_told_at_once(void **state)
{
	(void)state;
	setenv("VOUCH_WORKRES", "4", 1);
	setenv("VOUCH_DRAIN_MS", "soon", 1);
	assert_null(open_with("worker = 3\nqueue_max = 5000\nworkers = 2\nworkers = 3\nlog_level = loud\n"
			      "[catalog]\nlisten = x\n"));
	assert_non_null(strstr(told, "there is no setting worker\n"));
	assert_non_null(strstr(told, "queue_max must be a number from 1 to 4096\n"));
	assert_non_null(strstr(told, "workers is set twice\n"));
	assert_non_null(strstr(told, "log_level must be debug, info, warn or error\n"));
	assert_non_null(strstr(told, "there is no setting catalog.listen\n"));
	assert_non_null(strstr(told, "environment: there is no setting VOUCH_WORKRES\n"));
	assert_non_null(strstr(told, "environment: drain_ms must be a number from 0 to 600000\n"));
}

static void
values_do_not_stand_in_what_is_told(void **state)
{
	(void)state;
	setenv("VOUCH_DATABSE", "host=x password=secret", 1);
	assert_null(open_with("listen = secret\ndatabase password=secret\n"));
	assert_null(strstr(told, "secret"));
}

static void
names_of_other_programs_are_left_alone(void **state)
{
	struct config *config;

	(void)state;
	setenv("VOUCH_TEST_PG", "/tmp/x", 1);
	setenv("VOUCH_STATE", "/tmp/x", 1);
	setenv("VOUCH_TOKEN", "x", 1);
	setenv("VOUCH_URL", "http://x", 1);
	setenv("VOUCH_ADMIN_DATABASE", "x", 1);
	config = open_with(NULL);
	assert_non_null(config);
	config_close(config);
	setenv("VOUCH_TEST", "x", 1);
	assert_null(open_with(NULL));
}

static void
numbers_are_numbers_within_their_range(void **state)
{
	static const struct {
		const char *text;
		bool ok;
	} rows[] = {
		{"1", true},
		{"16", true},
		{"0", false},
		{"17", false},
		{"-1", false},
		{"", false},
		{"2 ", false},
		{" 2", false},
		{"2.0", false},
		{"0x2", false},
		{"two", false},
		{"99999999999999999999", false},
		{"+2", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		setenv("VOUCH_WORKERS", rows[i].text, 1);
		struct config *config = open_with(NULL);
		if ((config != NULL) != rows[i].ok)
			fail_msg("\"%s\"", rows[i].text);
		config_close(config);
	}
}

static void
texts_with_a_form_are_checked(void **state)
{
	static const struct {
		const char *name, *text;
		bool ok;
	} rows[] = {
		{"VOUCH_LISTEN", "ipc:///run/x", true},
		{"VOUCH_LISTEN", "tcp://10.0.0.1:7000", true},
		{"VOUCH_LISTEN", "/run/x", false},
		{"VOUCH_LISTEN", "tcp://host", false},
		{"VOUCH_LISTEN", "ipc://", false},
		{"VOUCH_LISTEN", "", true},
		{"VOUCH_HEALTH", "unix:/run/x", true},
		{"VOUCH_HEALTH", "127.0.0.1:9100", true},
		{"VOUCH_HEALTH", "9100", false},
		{"VOUCH_HEALTH", "host:99999", false},
		{"VOUCH_HEALTH", "unix:", false},
		{"VOUCH_REDIS", "localhost:6379", true},
		{"VOUCH_PUBLIC_URL", "https://vouch.example", true},
		{"VOUCH_PUBLIC_URL", "https://vouch.example/", false},
		{"VOUCH_PUBLIC_URL", "vouch.example", false},
		{"VOUCH_MAIL_URL", "spool:/var/spool/vouch", true},
		{"VOUCH_MAIL_URL", "smtps://mail.example:465", true},
		{"VOUCH_MAIL_URL", "mail.example", false},
		{"VOUCH_LOG_LEVEL", "warn", true},
		{"VOUCH_LOG_LEVEL", "", false},
		{"VOUCH_LOG_LEVEL", "WARN", false},
		{"VOUCH_INSTANCE", "east-1.a", true},
		{"VOUCH_INSTANCE", "", false},
		{"VOUCH_INSTANCE", "a b", false},
		{"VOUCH_INSTANCE", "a/b", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		new_environment(NULL);
		setenv(rows[i].name, rows[i].text, 1);
		struct config *config = open_with(NULL);
		if ((config != NULL) != rows[i].ok)
			fail_msg("%s=\"%s\"", rows[i].name, rows[i].text);
		config_close(config);
	}
}

static void
a_file_that_cannot_be_read_stops_the_start(void **state)
{
	char text[9000];

	(void)state;
	unlink(path);
	assert_null(config_open("/nonexistent/vouch.conf"));
	assert_null(open_with("workers\n"));
	assert_non_null(strstr(told, "line 1 is not"));
	memset(text, 'x', sizeof(text));
	memcpy(text, "peers = ", 8);
	text[sizeof(text) - 1] = '\0';
	assert_null(open_with(text));
	assert_non_null(strstr(told, "longer than"));
}

static char *
printed(void (*print)(FILE *))
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	print(out);
	fclose(out);
	return text;
}

/* The lines of vouch.env, without their comment signs, set every setting to its default. */
static void
every_setting_is_printed_with_its_default(void **state)
{
	char *env = printed(config_env), *help = printed(config_help);
	int n = 0;

	(void)state;
	for (char *line = strtok(env, "\n"); line != NULL; line = strtok(NULL, "\n")) {
		if (strncmp(line, "#VOUCH_", 7) == 0) {
			char *value = strchr(line, '=');

			*value++ = '\0';
			setenv(line + 1, value, 1);
			n++;
		} else if (strncmp(line, "# ", 2) != 0) {
			fail_msg("%s", line);
		}
	}
	assert_true(n > 30);
	struct config *config = open_with(NULL);
	assert_non_null(config); /* so every default is within its range and form */
	assert_int_equal(config_int(config, "workers"), 2);
	config_close(config);
	assert_non_null(strstr(help, "workers"));
	assert_non_null(strstr(help, "(1 to 16) [2]"));
	free(env);
	free(help);
}

static int
make_file(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 || close(fd) != 0;
}

static int
remove_file(void **state)
{
	(void)state;
	unlink(path);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup(name, new_environment)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_setting_that_nobody_turned_has_its_default),
		TEST(the_environment_goes_before_the_file_and_the_file_before_the_table),
		TEST(a_long_book_is_read_whole),
		TEST(every_mistake_is_told_at_once),
		TEST(values_do_not_stand_in_what_is_told),
		TEST(names_of_other_programs_are_left_alone),
		TEST(numbers_are_numbers_within_their_range),
		TEST(texts_with_a_form_are_checked),
		TEST(a_file_that_cannot_be_read_stops_the_start),
		TEST(every_setting_is_printed_with_its_default),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
