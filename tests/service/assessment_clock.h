/*
 * assessment_clock.h: the tests of test_assessment.c about the clock and its
 * timers. They run in that program, whose teardown asks whether every statement ran.
 */
#ifndef ASSESSMENT_CLOCK_H
#define ASSESSMENT_CLOCK_H

#include "assessment_world.h"
#include "redis.h"

extern const struct rpc rpc_notifications_on_clock_stage;

/* Jobs run on the database's clock, so the work moves: its stage NAME is due since SECONDS. */
static void
stage_is_due(const char *name, int seconds)
{
	sql("UPDATE reviews SET next_stage = '%s', next_at = clock_timestamp() - interval '%d s', armed = "
	    "false",
	    name, seconds);
}

static void
a_stage_is_told_once_whoever_finds_it(void **state)
{
	const Vouch__ClockStage *stage;

	(void)state;
	review_of(1);
	stage_is_due("overdue_5", 1);
	run_job("arm");
	assert_string_equal(sql("SELECT armed FROM reviews"), "t");
	run_job("timers");

	stage = last_announced(&rpc_notifications_on_clock_stage);
	assert_non_null(stage);
	assert_string_equal(stage->stage, "overdue_5");
	assert_int_equal(stage->business_days_late, 5);
	assert_string_equal(stage->earner_id, GIL);
	assert_string_equal(sql("SELECT next_stage || last_stage FROM reviews"), "overdue_10overdue_5");
	assert_string_equal(
	    sql("SELECT armed FROM reviews"), "f"); /* Redis has yet to hear of the next one */

	stage_is_due("overdue_5", 1); /* as if the row had been forgotten, but not what was told */
	run_job("sweep");
	assert_int_equal(announced(&rpc_notifications_on_clock_stage), 1);
	assert_string_equal(sql("SELECT count(*) FROM clock_stages"), "1");
}

static void
the_sweep_finds_what_redis_never_knew(void **state)
{
	(void)state;
	review_of(1);
	review_of(2);
	sql("UPDATE reviews SET next_stage = 'overdue_1', next_at = clock_timestamp() - interval '1 s', "
	    "armed = true");
	run_job("sweep");
	assert_int_equal(announced(&rpc_notifications_on_clock_stage), 2);
}

static void
a_broken_review_keeps_no_other_waiting(void **state)
{
	(void)state;
	review_of(1);
	review_of(2);
	stage_is_due("overdue_1", 1);
	sql("UPDATE reviews SET time_zone = 'Mars/Olympus', next_at = next_at - interval '1 s' WHERE "
	    "submission_id = '%s'",
	    uuid_of(1));
	run_job("sweep");
	assert_int_equal(announced(&rpc_notifications_on_clock_stage), 1);
	assert_string_equal(
	    sql("SELECT next_stage FROM reviews WHERE submission_id = '%s'", uuid_of(1)), "overdue_1");
}

static void
a_stage_that_is_not_due_does_not_come(void **state)
{
	(void)state;
	review_of(1);
	stage_is_due("due_2", -3600);
	run_job("arm");
	run_job("timers");
	run_job("sweep");
	assert_int_equal(announced(&rpc_notifications_on_clock_stage), 0);
}

static void
a_reminder_that_came_too_late_is_passed_over(void **state)
{
	(void)state;
	review_of(1);
	/* The work was due long ago, and nobody has run the clock since. */
	sql("UPDATE reviews SET submitted_at = '2025-11-24 15:00+00', due_at = '2025-12-13 05:00+00', "
	    "due_date = '2025-12-12',"
	    "next_stage = 'due_5', next_at = '2025-12-05 05:00+00'");
	for (int i = 0; i < 20; i++)
		run_job("sweep");
	assert_string_equal(sql("SELECT string_agg(stage, ' ' ORDER BY due) FROM (SELECT * FROM clock_stages "
				"ORDER BY due LIMIT 5) s"),
	    "overdue_1 overdue_2 overdue_3 overdue_5 overdue_10");
	assert_string_equal(sql("SELECT count(*) FROM clock_stages WHERE stage LIKE 'due%%'"), "0");
	assert_string_equal(
	    sql("SELECT count(*) = %d FROM clock_stages", announced(&rpc_notifications_on_clock_stage)), "t");
}

static struct redis *
timers(void)
{
	static struct redis *redis;
	char endpoint[256];

	if (redis == NULL) {
		snprintf(endpoint, sizeof(endpoint), "unix:%s", getenv("VOUCH_TEST_REDIS"));
		redis = redis_open(endpoint, "assessment:");
	}
	return redis;
}

static void
what_redis_lost_is_made_anew(void **state)
{
	Vouch__TimersRebuild req = VOUCH__TIMERS_REBUILD__INIT;
	const Vouch__TimersRebuilt *rebuilt;
	char *id = review_of(1);

	(void)state;
	review_of(2);
	assert_true(timers_clear(timers()));
	run_job("arm");
	assert_int_equal(timers_count(timers()), 2);
	assert_true(timers_clear(timers()));
	run_job("sweep");
	assert_int_equal(timers_count(timers()), 2);

	assert_true(timers_clear(timers()));
	rebuilt = ask(opa, &rpc_ops_rebuild_timers, &req, "");
	assert_int_equal(rebuilt->armed, 2);
	assert_int_equal(timers_count(timers()), 2);
	refused(ask(ann, &rpc_ops_rebuild_timers, &req, ""), VOUCH__STATUS__FORBIDDEN);

	assert_non_null(on_review(ann, &rpc_reviews_claim, id));
	assert_non_null(score(ann, id, 2, "mmm", ""));
	assert_non_null(decide(ann, id, VOUCH__OUTCOME__AWARDED, ""));
	run_job("arm"); /* its clock has stopped */
	assert_int_equal(timers_count(timers()), 1);
	assert_string_equal(sql("SELECT count(*) FROM reviews WHERE armed"), "1");
}

static void
a_timer_that_redis_has_wrong_is_set_right(void **state)
{
	struct timer out[16], gone = {.name = "riverbend~018f0000-0000-7000-8000-0000000000ff", .at = 1},
			      wrong = {.at = 1};

	(void)state;
	assert_true(timers_clear(timers()));
	snprintf(wrong.name, sizeof(wrong.name), "%s", review_of(1));
	sql("UPDATE reviews SET next_at = clock_timestamp() + interval '1 hour', armed = true");
	assert_true(timers_arm(timers(), &wrong, 1) && timers_arm(timers(), &gone, 1));
	run_job("timers");
	assert_int_equal(announced(&rpc_notifications_on_clock_stage), 0);
	assert_int_equal(timers_count(timers()), 1);
	assert_int_equal(timers_claim(timers(), INT64_C(4102444800000000), 1, out, 16), 1);
	assert_string_equal(out[0].name, wrong.name);
	assert_true(out[0].at > 1);
}

#endif
