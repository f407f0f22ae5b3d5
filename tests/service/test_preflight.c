// links: submission_service
/*
 * The checks of a draft on a real database: what the list says, handing in says
 * (N-4). Each rule has its table in tests/unit/test_checks.c.
 */
#include "submission_world.h"

#include "assessment.rpc.h"

/* The line of RULE with the highest severity; NULL: none. */
static const Vouch__Check *
line(const Vouch__CheckList *list, const char *rule)
{
	for (size_t i = 0; i < list->n_items; i++)
		if (strcmp(list->items[i]->rule, rule) == 0)
			return list->items[i];
	return NULL;
}

static int
severity(const Vouch__CheckList *list, const char *rule)
{
	assert_non_null(line(list, rule));
	return (int)line(list, rule)->severity;
}

static void
what_blocks_is_told_at_once_and_changes_nothing(void **state)
{
	const char *id;

	(void)state;
	id = create(gil, MC_ID)->id;
	assert_null(submit(gil, id, "k-early"));
	assert_int_equal(answer.status, VOUCH__STATUS__INVALID);
	assert_true(complained_about("parts.overview"));
	assert_true(complained_about("parts.reflection"));
	assert_true(complained_about("declarations.collaboration"));
	assert_true(complained_about("declarations.ai.used"));
	assert_true(complained_about("declarations.ownWork.confirmed"));
	assert_int_equal(get(gil, id)->version, 1);
	assert_int_equal(announced(&rpc_reviews_on_submission_received), 0);

	assert_non_null(write_part(gil, id, "overview", "Two words.", 1));
	assert_non_null(write_part(gil, id, "work_examples", "Two words.", 1));
	assert_non_null(write_part(gil, id, "reflection", "Two words.", 1));
	assert_non_null(declare_all(gil, id));
	assert_non_null(submit(gil, id, "k-early")); /* the refused try has left no trace */
}

static void
nothing_is_taken_while_intake_is_paused(void **state)
{
	const char *id;

	(void)state;
	id = ready_draft(gil, MC_ID)->id;
	assert_true(hear_state(MC, "suspended", 20));
	assert_null(submit(gil, id, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__CONFLICT);
	assert_true(hear_state(MC, "published", 21));
	assert_non_null(submit(gil, id, ""));
}

static void
the_list_says_what_handing_in_says(void **state)
{
	const Vouch__CheckList *list;
	size_t n_blocks = 0, n_errors = 0;
	const char *id;

	(void)state;
	id = create(gil, MC_ID)->id;
	assert_non_null(write_part(gil, id, "overview", "a b c d e f g h i j k", 1));
	assert_non_null(add_file(gil, id, SHA, "plan.pdf", "", "plan"));

	assert_non_null(list = check(gil, id));
	assert_false(list->ready);
	assert_int_equal(time_of(list->checked_at), test_now);
	for (size_t i = 0; i < list->n_items; i++)
		n_blocks += list->items[i]->severity == VOUCH__CHECK__SEVERITY__BLOCKS;
	assert_null(submit(gil, id, ""));
	for (const struct field_error *e = answer.errors; e != NULL; e = e->next)
		n_errors++;

	assert_int_equal(n_blocks, 8); /* two texts, a limit, the file, four declarations */
	assert_int_equal(n_errors, n_blocks);
	assert_true(complained_about("parts.overview"));
	assert_int_equal(severity(list, "evidence_checked"), VOUCH__CHECK__SEVERITY__BLOCKS);
	assert_int_equal(severity(list, "evidence_count"), VOUCH__CHECK__SEVERITY__PASSES);
}

static void
what_only_warns_does_not_stand_in_the_way(void **state)
{
	const Vouch__CheckList *list;
	const char *id;

	(void)state;
	id = ready_draft(gil, MC_ID)->id;
	assert_non_null(write_part(gil, id, "overview", "Write to ann.miller@example.org please.", 5));
	assert_non_null(add_file(gil, id, SHA, "IMG_2041.pdf", "IMG_2041", "plan"));
	sql("UPDATE evidence SET state = 'ok', next_check_at = NULL");

	assert_non_null(list = check(gil, id));
	assert_true(list->ready);
	assert_int_equal(severity(list, "personal_information"), VOUCH__CHECK__SEVERITY__WARNS);
	assert_string_equal(line(list, "personal_information")->part, "overview");
	assert_string_equal(line(list, "personal_information")->excerpt, "ann.miller@example.org");
	assert_int_equal(severity(list, "evidence_title"), VOUCH__CHECK__SEVERITY__WARNS);
	assert_non_null(submit(gil, id, ""));
}

static void
a_draft_is_checked_by_the_version_that_it_was_started_on(void **state)
{
	struct micro_credential stricter = coaching;
	const char *id;

	(void)state;
	id = ready_draft(gil, MC_ID)->id;
	stricter.version = 2;
	stricter.min_evidence = 1;
	stricter.ai = VOUCH__AI_POLICY__PROHIBITED;
	assert_true(hear_version(ISSUER, stricter));

	assert_true(check(gil, id)->ready);
	assert_non_null(submit(gil, id, ""));
	assert_int_equal(
	    ((const Vouch__SubmissionReceived *)last_announced(&rpc_reviews_on_submission_received))
		->micro_credential_version,
	    1);
	assert_false(check(hal, ready_draft(hal, MC_ID)->id)->ready);
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
		cmocka_unit_test_setup(what_blocks_is_told_at_once_and_changes_nothing, clean),
		cmocka_unit_test_setup(nothing_is_taken_while_intake_is_paused, clean),
		cmocka_unit_test_setup(the_list_says_what_handing_in_says, clean),
		cmocka_unit_test_setup(what_only_warns_does_not_stand_in_the_way, clean),
		cmocka_unit_test_setup(a_draft_is_checked_by_the_version_that_it_was_started_on, clean),
	};

	return harness_run(tests, open_group, close_group);
}
