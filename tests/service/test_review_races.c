// links: assessment_service
/*
 * Two who meet at one review at the same instant, each with a connection of its
 * own: one of them holds it, it is decided once, and a decision and a
 * withdrawal never both come about (P3).
 */
#include "assessment_world.h"

#include "race.h"

extern const struct service assessment_service;
extern const struct rpc rpc_submissions_on_review_decided;

enum { ROUNDS = 60 };

static const struct who service_itself = {"", "riverbend", {VOUCH__ROLE__SERVICE}};

static const char *
state_of(char *id)
{
	return sql("SELECT state FROM reviews WHERE 'riverbend~' || id = '%s'", id);
}

/* A review that ANN holds, with every criterion met. */
static char *
scored_review(unsigned n)
{
	char *id = strdup(review_of(n));

	assert_non_null(id);
	assert_non_null(on_review(ann, &rpc_reviews_claim, id));
	assert_non_null(score(ann, id, on_review(ann, &rpc_reviews_get, id)->version, "mmm", ""));
	return id;
}

static void
of_two_who_claim_one_holds_it(void **state)
{
	(void)state;
	left.who = ann;
	right.who = bob;
	for (unsigned i = 1; i <= ROUNDS; i++) {
		char *id = strdup(review_of(i));
		Vouch__GetReview req = VOUCH__GET_REVIEW__INIT;

		req.id = id;
		race(&rpc_reviews_claim, &req, &rpc_reviews_claim, &req);
		assert_int_equal(won(&left) + won(&right), 1);
		assert_int_equal((won(&left) ? &right : &left)->status, VOUCH__STATUS__CONFLICT);
		assert_string_equal(
		    sql("SELECT assignee_id FROM reviews WHERE 'riverbend~' || id = '%s'", id),
		    won(&left) ? ANN : BOB);
		free(id);
	}
}

static void
of_two_decisions_there_is_one(void **state)
{
	(void)state;
	left.who = right.who = ann;
	for (unsigned i = 101; i <= 100 + ROUNDS; i++) {
		int before = announced(&rpc_submissions_on_review_decided);
		char *id = scored_review(i);
		Vouch__DecideReview req = VOUCH__DECIDE_REVIEW__INIT;

		req.id = id;
		req.outcome = VOUCH__OUTCOME__AWARDED;
		race(&rpc_reviews_decide, &req, &rpc_reviews_decide, &req);
		assert_int_equal(won(&left) + won(&right), 1);
		assert_int_equal((won(&left) ? &right : &left)->status, VOUCH__STATUS__CONFLICT);
		assert_string_equal(state_of(id), "decided");
		assert_int_equal(announced(&rpc_submissions_on_review_decided), before + 1);
		free(id);
	}
}

static void
work_is_decided_or_withdrawn_but_not_both(void **state)
{
	int decided = 0;

	(void)state;
	left.who = ann;
	right.who = service_itself;
	for (unsigned i = 201; i <= 200 + ROUNDS; i++) {
		int before = announced(&rpc_submissions_on_review_decided);
		char *id = scored_review(i);
		Vouch__DecideReview decide_it = VOUCH__DECIDE_REVIEW__INIT;
		Vouch__SubmissionWithdrawn withdrawn = VOUCH__SUBMISSION_WITHDRAWN__INIT;

		decide_it.id = id;
		decide_it.outcome = VOUCH__OUTCOME__AWARDED;
		withdrawn.submission_id = uuid_of(i);
		withdrawn.version = 3;
		race(&rpc_reviews_decide, &decide_it, &rpc_reviews_on_submission_withdrawn, &withdrawn);
		assert_true(won(&right)); /* a fact is heard, whatever it finds */
		assert_string_equal(state_of(id), won(&left) ? "decided" : "cancelled");
		assert_int_equal(announced(&rpc_submissions_on_review_decided), before + won(&left));
		decided += won(&left);
		free(id);
	}
	print_message("decided first in %d of %d\n", decided, ROUNDS);
}

static int
open_group(void **state)
{
	(void)state;
	if (harness_open(&assessment_service) != 0)
		return 1;
	race_open(&assessment_service, ann, bob);
	now_is("2026-11-24T17:00:00Z");
	return !hear_issuer("riverbend", 1, true, "") || !hear_version("riverbend");
}

static int
close_group(void **state)
{
	(void)state;
	race_close();
	harness_close(); /* which statements ran is test_assessment's matter */
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_two_who_claim_one_holds_it),
		cmocka_unit_test(of_two_decisions_there_is_one),
		cmocka_unit_test(work_is_decided_or_withdrawn_but_not_both),
	};

	return harness_run(tests, open_group, close_group);
}
