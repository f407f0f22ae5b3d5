/* Metrics: what Prometheus reads, counted from several threads. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bus.pb-c.h"
#include "metrics.h"

/* The number behind SERIES in the text; -1 when it is not there. */
static double
value_of(const char *series)
{
	char *text = metrics_render();
	double value = -1;

	assert_non_null(text);
	for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
		if (strncmp(line, series, strlen(series)) == 0 && line[strlen(series)] == ' ')
			value = strtod(line + strlen(series), NULL);
	free(text);
	return value;
}

static void
calls_are_counted_by_rpc_and_status(void **state)
{
	const struct rpc *submit = rpc_find("Submissions.Submit"), *get = rpc_find("Submissions.Get");

	(void)state;
	assert_true(value_of("vouch_calls_total{rpc=\"Submissions.Submit\",status=\"ok\"}") == -1);
	metrics_call(submit, VOUCH__STATUS__OK, 0.002);
	metrics_call(submit, VOUCH__STATUS__OK, 0.3);
	metrics_call(submit, VOUCH__STATUS__RATE_LIMITED, 0.3);
	metrics_call(get, VOUCH__STATUS__NOT_FOUND, 0.001);
	assert_true(value_of("vouch_calls_total{rpc=\"Submissions.Submit\",status=\"ok\"}") == 2);
	assert_true(value_of("vouch_calls_total{rpc=\"Submissions.Submit\",status=\"rate_limited\"}") == 1);
	assert_true(value_of("vouch_calls_total{rpc=\"Submissions.Get\",status=\"not_found\"}") == 1);
	assert_true(value_of("vouch_calls_total{rpc=\"Submissions.Get\",status=\"ok\"}") == -1);
}

static void
calls_of_methods_that_do_not_exist_are_counted_together(void **state)
{
	(void)state;
	metrics_call(NULL, VOUCH__STATUS__NOT_FOUND, 0.001);
	metrics_call(NULL, VOUCH__STATUS__NOT_FOUND, 0.001);
	assert_true(value_of("vouch_calls_total{rpc=\"unknown\",status=\"not_found\"}") == 2);
}

static void
durations_are_a_histogram(void **state)
{
	const struct rpc *list = rpc_find("Submissions.List");

	(void)state;
	metrics_call(list, VOUCH__STATUS__OK, 0.0005);
	metrics_call(list, VOUCH__STATUS__OK, 0.001); /* bounds are inclusive */
	metrics_call(list, VOUCH__STATUS__OK, 0.25);
	metrics_call(list, VOUCH__STATUS__OK, 100);
	assert_true(value_of("vouch_call_seconds_bucket{rpc=\"Submissions.List\",le=\"0.001\"}") == 2);
	assert_true(value_of("vouch_call_seconds_bucket{rpc=\"Submissions.List\",le=\"0.1\"}") == 2);
	assert_true(value_of("vouch_call_seconds_bucket{rpc=\"Submissions.List\",le=\"0.5\"}") == 3);
	assert_true(value_of("vouch_call_seconds_bucket{rpc=\"Submissions.List\",le=\"+Inf\"}") == 4);
	assert_true(value_of("vouch_call_seconds_count{rpc=\"Submissions.List\"}") == 4);
	assert_true(value_of("vouch_call_seconds_sum{rpc=\"Submissions.List\"}") > 100.25);
}

static double
seven(void *arg)
{
	return *(double *)arg;
}

static void
gauges_are_read_when_somebody_looks_and_their_number_is_bounded(void **state)
{
	static double value = 7;
	char *text;

	(void)state;
	metrics_gauge("vouch_queue_length", "Calls that wait.", seven, &value);
	assert_true(value_of("vouch_queue_length") == 7);
	value = 8.5;
	assert_true(value_of("vouch_queue_length") == 8.5);
	for (int i = 0; i < 2 * METRICS_GAUGES_MAX; i++)
		metrics_gauge("vouch_more", "More.", seven, &value);
	text = metrics_render();
	int n = 0;
	for (const char *at = text; (at = strstr(at, "\nvouch_more ")) != NULL; at++)
		n++;
	assert_int_equal(n, METRICS_GAUGES_MAX - 1);
	free(text);
}

enum { THREADS = 4, EACH = 20000 };

static void *
count(void *rpc)
{
	for (int i = 0; i < EACH; i++)
		metrics_call(rpc, i % 2 == 0 ? VOUCH__STATUS__OK : VOUCH__STATUS__CONFLICT, 0.01);
	return NULL;
}

static void
no_call_is_lost_between_threads(void **state)
{
	const struct rpc *declare = rpc_find("Submissions.Declare");
	pthread_t threads[THREADS];

	(void)state;
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, count, (void *)declare), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	assert_true(
	    value_of("vouch_calls_total{rpc=\"Submissions.Declare\",status=\"ok\"}") == 0.5 * THREADS * EACH);
	assert_true(value_of("vouch_call_seconds_count{rpc=\"Submissions.Declare\"}") == THREADS * EACH);
}

/* Each line is a comment of a known kind, or a series: a name, perhaps labels, a space, a number. */
static void
every_line_has_the_form_that_prometheus_reads(void **state)
{
	char *text = metrics_render();

	(void)state;
	assert_int_equal(text[strlen(text) - 1], '\n');
	for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
		size_t name = strspn(line, "abcdefghijklmnopqrstuvwxyz_");
		char *end;

		if (strncmp(line, "# HELP vouch_", 13) == 0 || strncmp(line, "# TYPE vouch_", 13) == 0)
			continue;
		if (name == 0 || strncmp(line, "vouch_", 6) != 0)
			fail_msg("%s", line);
		char *value = line[name] == '{' ? strchr(line, '}') + 1 : line + name;
		assert_int_equal(*value, ' ');
		strtod(value + 1, &end);
		if (end == value + 1 || *end != '\0')
			fail_msg("%s", line);
	}
	free(text);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_are_counted_by_rpc_and_status),
		cmocka_unit_test(calls_of_methods_that_do_not_exist_are_counted_together),
		cmocka_unit_test(durations_are_a_histogram),
		cmocka_unit_test(gauges_are_read_when_somebody_looks_and_their_number_is_bounded),
		cmocka_unit_test(no_call_is_lost_between_threads),
		cmocka_unit_test(every_line_has_the_form_that_prometheus_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
