// links: submission_service
/*
 * One attempt after the other on a real database: who may try again, from where,
 * and how often (SUB-5).
 */
#include <stdio.h>

#include "submission_world.h"

/* A next attempt after ID, denied too. Returns its id. */
static const char *
denied_again(const char *id)
{
	const Vouch__Submission *s = resubmit(gil, id);

	assert_non_null(s);
	assert_non_null(declare_all(gil, s->id));
	assert_non_null(submit(gil, s->id, ""));
	assert_true(hear_decision(uuid_in(s->id), VOUCH__OUTCOME__DENIED, 4));
	return s->id;
}

static const char *
denied(const char *micro_credential)
{
	const char *id = handed_in(gil, micro_credential);

	assert_true(hear_decision(uuid_in(id), VOUCH__OUTCOME__DENIED, 4));
	return id;
}

/* Publishes a micro-credential of its own for a test. Returns its id. */
static const char *
published(unsigned n, Vouch__ResubmissionPolicy policy, int limit)
{
	static char joined[64];
	struct micro_credential m = coaching;

	m.id = uuid_of(n);
	m.resubmission = policy;
	m.limit = limit;
	assert_true(hear_version(ISSUER, m));
	snprintf(joined, sizeof(joined), ISSUER "~%s", m.id);
	return joined;
}

static void
a_limit_counts_resubmissions(void **state)
{
	const char *id;

	(void)state;
	id = denied(MC_ID);
	assert_true(hear_state(MC, "retired", 30));
	assert_null(resubmit(gil, id));
	assert_int_equal(answer.status, VOUCH__STATUS__CONFLICT);
	assert_true(hear_state(MC, "published", 31));

	id = denied_again(denied_again(id)); /* two are allowed */
	assert_null(resubmit(gil, id));
	assert_int_equal(answer.status, VOUCH__STATUS__CONFLICT);
	assert_non_null(strstr(answer.detail, "2 resubmissions"));
}

static void
only_the_newest_attempt_goes_on(void **state)
{
	const char *first, *second;

	(void)state;
	first = denied(MC_ID);
	second = denied_again(first);
	assert_null(resubmit(gil, first));
	assert_int_equal(answer.status, VOUCH__STATUS__CONFLICT);
	assert_non_null(strstr(answer.detail, "later attempt"));
	assert_int_equal(get(gil, second)->attempt, 2);
	assert_non_null(resubmit(gil, second));
	assert_null(resubmit(hal, second));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
}

static void
an_attempt_that_was_taken_back_is_not_used_up(void **state)
{
	const Vouch__Submission *s;
	const char *first;

	(void)state;
	first = denied(MC_ID);
	assert_non_null(s = resubmit(gil, first));
	assert_non_null(declare_all(gil, s->id));
	assert_non_null(submit(gil, s->id, ""));
	assert_non_null(withdraw(gil, s->id));

	assert_null(create(gil, MC_ID));
	assert_non_null(strstr(answer.detail, "denied"));
	assert_non_null(s = resubmit(gil, first));
	assert_int_equal(s->attempt, 2);
	assert_string_equal(s->previous_id, first);
}

static void
a_coach_is_asked_for_and_not_in_the_way(void **state)
{
	const Vouch__CheckList *list;
	const Vouch__Submission *s;
	const char *id;
	bool warned = false;

	(void)state;
	id = denied(published(0xc101, VOUCH__RESUBMISSION_POLICY__COACH_FIRST, 2));
	assert_non_null(s = resubmit(gil, denied_again(id)));
	assert_non_null(declare_all(gil, s->id));
	assert_non_null(list = check(gil, s->id));
	for (size_t i = 0; i < list->n_items; i++)
		warned = warned ||
		    (strcmp(list->items[i]->rule, "coach_first") == 0 &&
			list->items[i]->severity == VOUCH__CHECK__SEVERITY__WARNS);
	assert_true(warned);
	assert_non_null(submit(gil, s->id, ""));
}

static void
a_new_attempt_is_on_the_version_of_today(void **state)
{
	struct micro_credential newer = coaching;
	const Vouch__Submission *s;
	const char *id, *old;

	(void)state;
	id = published(0xc102, VOUCH__RESUBMISSION_POLICY__UNLIMITED, 0);
	old = denied(id);
	newer.id = uuid_in(id);
	newer.version = 2;
	newer.title = "Coaching, anew";
	assert_true(hear_version(ISSUER, newer));
	assert_non_null(s = resubmit(gil, old));
	assert_int_equal(s->micro_credential->version, 2);
	assert_string_equal(s->micro_credential->title, "Coaching, anew");
	assert_string_equal(s->parts[0]->text, "We set a goal.");
	assert_int_equal(get(gil, old)->micro_credential->version, 1);
}

static int
open_group(void **state)
{
	(void)state;
	if (harness_open(&submission_service) != 0)
		return 1;
	now_is("2026-11-24T17:00:00Z");
	return !hear_issuer(ISSUER, 1, "Riverbend") || !hear_version(ISSUER, coaching);
}

static int
close_group(void **state)
{
	(void)state;
	harness_close(); /* which statements ran is test_submission's matter */
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_limit_counts_resubmissions, clean),
		cmocka_unit_test_setup(only_the_newest_attempt_goes_on, clean),
		cmocka_unit_test_setup(an_attempt_that_was_taken_back_is_not_used_up, clean),
		cmocka_unit_test_setup(a_coach_is_asked_for_and_not_in_the_way, clean),
		cmocka_unit_test_setup(a_new_attempt_is_on_the_version_of_today, clean),
	};

	return harness_run(tests, open_group, close_group);
}
