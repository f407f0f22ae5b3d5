/* Timers in a real Redis: armed, claimed under a lease, lost and made anew. Each test has keys of its own. */
#include "redis.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "log.h"

enum { SECOND = 1000000, MANY = 1000 };

static struct redis *redis;
static char endpoint[256];

static int
open_fresh(void **state)
{
	static int n;
	char prefix[64];

	(void)state;
	snprintf(prefix, sizeof(prefix), "test:%d:%d:", (int)getpid(), n++);
	redis = redis_open(endpoint, prefix);
	return redis_ready(redis) ? 0 : -1;
}

static int
leave_nothing(void **state)
{
	bool ok = timers_clear(redis);

	(void)state;
	redis_close(redis);
	return ok ? 0 : -1;
}

static void
set(const char *name, int64_t at)
{
	struct timer timer = {.at = at};

	snprintf(timer.name, sizeof(timer.name), "%s", name);
	assert_true(timers_arm(redis, &timer, 1));
}

static void
a_timer_comes_when_it_is_due_and_not_before(void **state)
{
	const int64_t at = INT64_C(1796000000123456);
	struct timer out[10];

	(void)state;
	set("riverbend~a", at);

	assert_int_equal(timers_claim(redis, at - 1, SECOND, out, 10), 0);
	assert_int_equal(timers_claim(redis, at, SECOND, out, 10), 1);
	assert_string_equal(out[0].name, "riverbend~a");
	assert_true(out[0].at == at); /* not a microsecond is lost */
}

static void
a_claimed_timer_comes_again_after_its_lease(void **state)
{
	struct timer out[10];

	(void)state;
	set("riverbend~a", 1000 * (int64_t)SECOND);

	assert_int_equal(timers_claim(redis, 1001 * (int64_t)SECOND, 10 * SECOND, out, 10), 1);
	assert_int_equal(timers_claim(redis, 1001 * (int64_t)SECOND, 10 * SECOND, out, 10), 0);
	assert_int_equal(timers_claim(redis, 1010 * (int64_t)SECOND, 10 * SECOND, out, 10), 0);
	assert_int_equal(timers_claim(redis, 1011 * (int64_t)SECOND, 10 * SECOND, out, 10), 1);
}

static void
a_timer_is_moved_and_removed(void **state)
{
	struct timer out[10], timer = {.name = "riverbend~a"};

	(void)state;
	set("riverbend~a", 10);
	set("riverbend~a", 20);
	assert_int_equal(timers_count(redis), 1);
	assert_int_equal(timers_claim(redis, 15, SECOND, out, 10), 0);

	assert_true(timers_disarm(redis, &timer, 1));
	assert_true(timers_disarm(redis, &timer, 1)); /* what is gone is gone */
	assert_int_equal(timers_count(redis), 0);
	assert_int_equal(timers_claim(redis, 30, SECOND, out, 10), 0);
}

/* Each timer once, whoever claims, in batches that never exceed what was asked. */
static void
a_thousand_timers_are_claimed_once_each(void **state)
{
	static struct timer timers[MANY], out[MANY];
	static bool seen[MANY];
	size_t total = 0;
	int n;

	(void)state;
	for (int i = 0; i < MANY; i++) {
		snprintf(timers[i].name, sizeof(timers[i].name), "riverbend~%d", i);
		timers[i].at = i;
	}
	assert_true(timers_arm(redis, timers, MANY));
	assert_int_equal(timers_count(redis), MANY);

	for (int round = 0; round < MANY && (n = timers_claim(redis, MANY, 10 * SECOND, out, 100)) != 0;
	    round++) {
		assert_in_range(n, 1, 100);
		for (int i = 0; i < n; i++) {
			int id = atoi(strchr(out[i].name, '~') + 1);

			assert_false(seen[id]);
			seen[id] = true;
			total++;
		}
	}
	assert_int_equal(total, MANY);
	assert_int_equal(timers_count(redis), MANY); /* leased, not forgotten */
}

static void
a_small_claim_starves_no_key(void **state)
{
	struct timer out[1];
	char name[32];
	int got = 0;

	(void)state;
	for (int i = 0; i < 40; i++) {
		snprintf(name, sizeof(name), "riverbend~%d", i);
		set(name, i);
	}
	for (int i = 0; i < 40 * 8; i++)
		got += timers_claim(redis, 100, 10 * SECOND, out, 1);
	assert_int_equal(got, 40);
}

static void
what_was_lost_is_armed_again(void **state)
{
	struct timer out[10];

	(void)state;
	set("riverbend~a", 10);
	set("riverbend~b", 20);
	assert_true(timers_clear(redis));
	assert_int_equal(timers_count(redis), 0);
	assert_int_equal(timers_claim(redis, 100, SECOND, out, 10), 0);

	set("riverbend~a", 10);
	assert_int_equal(timers_claim(redis, 100, SECOND, out, 10), 1);
}

static void
without_a_server_nothing_is_promised(void **state)
{
	struct redis *nobody = redis_open("unix:/nowhere/redis.sock", "x:"),
		     *nonsense = redis_open("nonsense", "x:");
	struct timer timer = {.name = "riverbend~a"}, out[1];

	(void)state;
	assert_false(redis_ready(nobody));
	assert_false(timers_arm(nobody, &timer, 1));
	assert_int_equal(timers_claim(nobody, 1, 1, out, 1), -1);
	assert_int_equal(timers_count(nobody), -1);
	assert_false(timers_clear(nobody));
	assert_false(redis_ready(nonsense));
	redis_close(nobody);
	redis_close(nonsense);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    a_timer_comes_when_it_is_due_and_not_before, open_fresh, leave_nothing),
		cmocka_unit_test_setup_teardown(
		    a_claimed_timer_comes_again_after_its_lease, open_fresh, leave_nothing),
		cmocka_unit_test_setup_teardown(a_timer_is_moved_and_removed, open_fresh, leave_nothing),
		cmocka_unit_test_setup_teardown(
		    a_thousand_timers_are_claimed_once_each, open_fresh, leave_nothing),
		cmocka_unit_test_setup_teardown(a_small_claim_starves_no_key, open_fresh, leave_nothing),
		cmocka_unit_test_setup_teardown(what_was_lost_is_armed_again, open_fresh, leave_nothing),
		cmocka_unit_test(without_a_server_nothing_is_promised),
	};

	if (getenv("VOUCH_TEST_REDIS") == NULL) {
		fprintf(stderr, "VOUCH_TEST_REDIS is not set: run this through scripts/test\n");
		return 2;
	}
	log_open("test_timers", LOG_LEVEL_ERROR);
	snprintf(endpoint, sizeof(endpoint), "unix:%s", getenv("VOUCH_TEST_REDIS"));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
