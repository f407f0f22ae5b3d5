/* Log lines: one JSON object each, whole whatever goes into them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "log.h"

static int pipe_of[2], saved;

static void
listen_to_stderr(void)
{
	assert_int_equal(pipe(pipe_of), 0);
	saved = dup(STDERR_FILENO);
	dup2(pipe_of[1], STDERR_FILENO);
	close(pipe_of[1]);
}

/* The lines since then, as objects in a list. */
static json_t *
lines(void)
{
	static char text[60000];
	json_t *list = json_array();
	size_t used = 0;
	ssize_t n;

	dup2(saved, STDERR_FILENO);
	close(saved);
	while ((n = read(pipe_of[0], text + used, sizeof(text) - 1 - used)) > 0)
		used += (size_t)n;
	close(pipe_of[0]);
	text[used] = '\0';
	for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
		json_t *json = json_loads(line, JSON_REJECT_DUPLICATES, NULL);

		if (json == NULL)
			fail_msg("no JSON: %s", line);
		assert_true(strlen(line) < 2048);
		json_array_append_new(list, json);
	}
	return list;
}

static const char *
text_of(const json_t *list, size_t i, const char *name)
{
	return json_string_value(json_object_get(json_array_get(list, i), name));
}

static void
a_line_tells_when_who_and_what(void **state)
{
	json_t *list;

	(void)state;
	log_open("submission", LOG_LEVEL_INFO);
	listen_to_stderr();
	log_warn("%d rows are parked", 3);
	log_line(LOG_LEVEL_ERROR, "trace-1", "the disk is full");
	log_line(LOG_LEVEL_DEBUG, "trace-1", "not shown");
	log_call("trace-2", "Submissions.Submit", "riverbend", "conflict", 12.3456);
	log_call("", "Submissions.Submit", "", "internal", 1);
	log_call("", "Submissions.Submit", "", "timeout", 1);
	list = lines();

	assert_int_equal(json_array_size(list), 5);
	assert_string_equal(text_of(list, 0, "level"), "warn");
	assert_string_equal(text_of(list, 0, "svc"), "submission");
	assert_string_equal(text_of(list, 0, "msg"), "3 rows are parked");
	assert_null(text_of(list, 0, "trace"));
	assert_int_equal(strlen(text_of(list, 0, "at")), strlen("2026-11-24T08:00:00.123Z"));
	assert_string_equal(text_of(list, 1, "trace"), "trace-1");
	assert_string_equal(text_of(list, 2, "rpc"), "Submissions.Submit");
	assert_string_equal(text_of(list, 2, "issuer"), "riverbend");
	assert_string_equal(text_of(list, 2, "status"), "conflict");
	assert_string_equal(text_of(list, 2, "level"), "info");
	assert_true(json_number_value(json_object_get(json_array_get(list, 2), "ms")) == 12.346);
	assert_string_equal(text_of(list, 3, "level"), "error");
	assert_string_equal(text_of(list, 4, "level"), "warn");
	json_decref(list);
}

static void
a_line_is_json_whatever_is_in_it(void **state)
{
	static const char *const texts[] = {"", "\"", "\\", "a\nb\tc", "\x01\x1f\x7f", "\xff\xfe", "\xc3",
		"\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf0\x9f\x98\x80", "\"}\n{\"level\":\"error\""};
	char text[5000];
	json_t *list;

	(void)state;
	log_open("a \"service\"", LOG_LEVEL_DEBUG);
	listen_to_stderr();
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		log_line(LOG_LEVEL_DEBUG, texts[i], "%s", texts[i]);
	list = lines();
	assert_int_equal(json_array_size(list), sizeof(texts) / sizeof(texts[0]));
	assert_string_equal(text_of(list, 3, "msg"), "a\nb\tc");
	assert_string_equal(text_of(list, 5, "msg"), "\xef\xbf\xbd\xef\xbf\xbd");
	assert_string_equal(text_of(list, 9, "msg"), "\xf0\x9f\x98\x80");
	json_decref(list);

	/* Every length around the bound, of characters that take one, two, six bytes in the line. */
	for (size_t k = 0; k < 3; k++) {
		static const char *const fill[] = {"x", "\"", "\x01"};

		for (size_t n = 200; n < 2200; n += 7) {
			memset(text, fill[k][0], n);
			text[n] = '\0';
			listen_to_stderr();
			log_line(LOG_LEVEL_WARN, n % 2 == 0 ? text : "t", "%s", text);
			log_call(text, text, text, text, 1e300);
			list = lines();
			assert_int_equal(json_array_size(list), 2);
			json_decref(list);
		}
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_tells_when_who_and_what),
		cmocka_unit_test(a_line_is_json_whatever_is_in_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
