// links: submission_service
/*
 * Two who write one draft at the same instant, each with a connection of its
 * own: a stale tab never overwrites unseen (P6), what is frozen is what was
 * checked (P1), and of two first drafts there is one.
 */
#include "submission_world.h"

#include "assessment.rpc.h"
#include "race.h"

enum { ROUNDS = 60 };

static void
of_two_saves_from_one_version_one_is_stale(void **state)
{
	Vouch__PartWrite a = VOUCH__PART_WRITE__INIT, b = a;

	(void)state;
	a.id = b.id = (char *)create(gil, MC_ID)->id;
	a.key = b.key = (char *)"overview";
	a.text = (char *)"from the left";
	b.text = (char *)"from the right";
	for (int64_t version = 1; version <= ROUNDS; version++) {
		a.if_match = b.if_match = version;
		race(&rpc_submissions_write_part, &a, &rpc_submissions_write_part, &b);

		assert_int_equal(won(&left) + won(&right), 1);
		assert_int_equal((won(&left) ? &right : &left)->status, VOUCH__STATUS__STALE);
		assert_string_equal(get(gil, a.id)->parts[0]->text, won(&left) ? a.text : b.text);
		assert_int_equal(get(gil, a.id)->version, version + 1);
	}
}

static void
saves_of_two_parts_do_not_meet(void **state)
{
	Vouch__PartWrite a = VOUCH__PART_WRITE__INIT, b = a;

	(void)state;
	a.id = b.id = (char *)create(gil, MC_ID)->id;
	a.key = (char *)"overview";
	b.key = (char *)"reflection";
	a.text = b.text = (char *)"both are kept";
	a.if_match = b.if_match = 1;
	for (int i = 0; i < ROUNDS; i++) {
		race(&rpc_submissions_write_part, &a, &rpc_submissions_write_part, &b);
		assert_true(won(&left) && won(&right));
		a.if_match = b.if_match = get(gil, a.id)->version;
	}
	assert_int_equal(a.if_match, 2 * ROUNDS + 1);
	assert_string_equal(sql("SELECT count(*) FROM part_history"), "120");
}

static void
what_is_frozen_is_what_was_checked(void **state)
{
	int saved_first = 0;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		const Vouch__Submission *s = ready_draft(gil, MC_ID);
		Vouch__SubmitSubmission submitted = VOUCH__SUBMIT_SUBMISSION__INIT;
		Vouch__PartWrite save = VOUCH__PART_WRITE__INIT;
		const Vouch__SubmissionReceived *event;

		save.id = submitted.id = s->id;
		save.key = (char *)"overview";
		save.text = (char *)"the last word";
		save.if_match = s->version;
		race(&rpc_submissions_submit, &submitted, &rpc_submissions_write_part, &save);

		assert_true(won(&left));
		event = last_announced(&rpc_reviews_on_submission_received);
		for (size_t k = 0; k < event->n_parts; k++)
			if (strcmp(event->parts[k]->key, "overview") == 0)
				assert_string_equal(
				    event->parts[k]->text, won(&right) ? save.text : "We set a goal.");
		assert_string_equal(
		    get(gil, s->id)->parts[0]->text, won(&right) ? save.text : "We set a goal.");
		saved_first += won(&right);
		if (!won(&right))
			assert_int_equal(right.status, VOUCH__STATUS__CONFLICT);
		clean(NULL);
	}
	print_message("the save came first in %d of %d\n", saved_first, ROUNDS);
}

static void
of_two_first_drafts_there_is_one(void **state)
{
	Vouch__CreateSubmission req = VOUCH__CREATE_SUBMISSION__INIT;

	(void)state;
	req.micro_credential_id = (char *)MC_ID;
	for (int i = 0; i < ROUNDS; i++) {
		race(&rpc_submissions_create, &req, &rpc_submissions_create, &req);
		assert_int_equal(won(&left) + won(&right), 1);
		assert_int_equal((won(&left) ? &right : &left)->status, VOUCH__STATUS__CONFLICT);
		clean(NULL);
	}
}

static void
of_two_hands_in_there_is_one_receipt(void **state)
{
	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		Vouch__SubmitSubmission req = VOUCH__SUBMIT_SUBMISSION__INIT;

		req.id = ready_draft(gil, MC_ID)->id;
		race(&rpc_submissions_submit, &req, &rpc_submissions_submit, &req);
		assert_int_equal(won(&left) + won(&right), 1);
		assert_int_equal(announced(&rpc_reviews_on_submission_received), 1);
		clean(NULL);
	}
}

static int
open_group(void **state)
{
	(void)state;
	if (harness_open(&submission_service) != 0 || !submission_service.open(NULL, NULL, &race_state))
		return 1;
	race_open(&submission_service, gil, gil);
	now_is("2026-11-24T17:00:00Z");
	return !hear_issuer(ISSUER, 1, "Riverbend") || !hear_version(ISSUER, coaching);
}

static int
close_group(void **state)
{
	(void)state;
	race_close();
	submission_service.close(race_state);
	harness_close(); /* which statements ran is test_submission's matter */
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(of_two_saves_from_one_version_one_is_stale, clean),
		cmocka_unit_test_setup(saves_of_two_parts_do_not_meet, clean),
		cmocka_unit_test_setup(what_is_frozen_is_what_was_checked, clean),
		cmocka_unit_test_setup(of_two_first_drafts_there_is_one, clean),
		cmocka_unit_test_setup(of_two_hands_in_there_is_one_receipt, clean),
	};

	return harness_run(tests, open_group, close_group);
}
