// links: submission_service
/*
 * Drafts on a real database: parts, their history, declarations. Nothing that
 * was acknowledged is lost, and nothing is overwritten unseen (DRF-2).
 */
#include "submission_world.h"

/* ---- drafts ------------------------------------------------------------------------- */

static void
a_draft_has_the_parts_of_the_published_version(void **state)
{
	const Vouch__Submission *s;

	(void)state;
	s = create(gil, MC_ID);

	assert_non_null(s);
	assert_int_equal(s->state, VOUCH__SUBMISSION__STATE__DRAFT);
	assert_int_equal(strlen(s->code), 13);
	assert_int_equal(s->version, 1);
	assert_int_equal(s->attempt, 1);
	assert_string_equal(s->micro_credential->id, MC_ID);
	assert_string_equal(s->micro_credential->title, "Coaching");
	assert_string_equal(s->micro_credential->issuer->name, "Riverbend");
	assert_int_equal(s->n_parts, 3);
	assert_string_equal(s->parts[0]->key, "overview");
	assert_string_equal(s->parts[2]->title, "Part 3");
	assert_int_equal(s->parts[1]->version, 1);
	assert_int_equal(s->parts[1]->min_words, 2);
	assert_int_equal(s->parts[1]->max_words, 10);
	assert_int_equal(s->n_evidence, 0);
	assert_non_null(s->declarations);
	assert_null(s->review_clock);
	assert_string_equal(get(gil, s->id)->code, s->code);
}

static void
nothing_starts_where_nothing_is_published(void **state)
{
	(void)state;
	assert_null(create(gil, ISSUER "~018f0000-0000-7000-8000-00000000cfff"));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);

	assert_true(hear_state(MC, "suspended", 11));
	assert_null(create(gil, MC_ID));
	assert_int_equal(answer.status, VOUCH__STATUS__CONFLICT);
	assert_non_null(strstr(answer.detail, "suspended"));

	assert_true(hear_state(MC, "published", 10)); /* older: it stays suspended */
	assert_null(create(gil, MC_ID));
	assert_true(hear_state(MC, "published", 12));
	assert_non_null(create(gil, MC_ID));
}

static void
one_open_submission_for_each_earner(void **state)
{
	const Vouch__Submission *first, *current;

	(void)state;
	assert_non_null(first = create(gil, MC_ID));

	assert_null(create(gil, MC_ID));
	assert_int_equal(answer.status, VOUCH__STATUS__CONFLICT);
	assert_true(answer.shows_current);
	current = (const Vouch__Submission *)answer.rep;
	assert_string_equal(current->id, first->id);
	assert_non_null(strstr(answer.detail, first->code));
	assert_non_null(strstr(answer.detail, first->id));

	assert_non_null(create(hal, MC_ID));
	assert_string_equal(sql("SELECT count(*) FROM submissions"), "2");
}

static void
the_same_key_starts_one_draft(void **state)
{
	Vouch__CreateSubmission req = VOUCH__CREATE_SUBMISSION__INIT;
	const Vouch__Submission *first, *again;

	(void)state;
	req.micro_credential_id = (char *)MC_ID;
	assert_non_null(first = ask(gil, &rpc_submissions_create, &req, "k-once"));
	assert_non_null(again = ask(gil, &rpc_submissions_create, &req, "k-once"));
	assert_string_equal(first->id, again->id);
	assert_string_equal(sql("SELECT count(*) FROM submissions"), "1");
}

static void
a_draft_is_its_earners_alone(void **state)
{
	struct who stranger = {HAL, FAR, {VOUCH__ROLE__ASSESSOR}};
	const char *id;

	(void)state;
	id = create(gil, MC_ID)->id;

	assert_null(get(hal, id));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
	assert_null(get(stranger, id));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
	assert_null(write_part(hal, id, "overview", "mine", 1));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
	assert_null(declare_all(hal, id));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
	assert_null(add_link(hal, id, "https://example.org", "", ""));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
	assert_null(check(hal, id));
	assert_null(submit(hal, id, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
	assert_null(withdraw(hal, id));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
	assert_null(resubmit(hal, id));
	assert_string_equal(sql("SELECT version FROM submissions"), "1");
}

static void
a_discarded_draft_is_gone_and_makes_room(void **state)
{
	Vouch__GetSubmission req = VOUCH__GET_SUBMISSION__INIT;

	(void)state;
	req.id = (char *)create(gil, MC_ID)->id;
	assert_null(ask(hal, &rpc_submissions_discard, &req, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);

	assert_non_null(ask(gil, &rpc_submissions_discard, &req, ""));
	assert_null(get(gil, req.id));
	assert_null(ask(gil, &rpc_submissions_discard, &req, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);

	req.id = (char *)handed_in(gil, MC_ID);
	assert_null(ask(gil, &rpc_submissions_discard, &req, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__CONFLICT);
}

/* ---- parts -------------------------------------------------------------------------- */

static void
a_save_needs_the_version_that_was_read(void **state)
{
	const Vouch__PartText *saved, *current;
	const char *id;

	(void)state;
	id = create(gil, MC_ID)->id;
	assert_null(write_part(gil, id, "overview", "no version", 0));
	assert_int_equal(answer.status, VOUCH__STATUS__KEY_REQUIRED);

	assert_non_null(saved = write_part(gil, id, "overview", "one two three", 1));
	assert_int_equal(saved->version, 2);
	assert_int_equal(saved->words, 3);
	assert_string_equal(saved->text, "");

	assert_null(write_part(gil, id, "overview", "another tab", 1));
	assert_int_equal(answer.status, VOUCH__STATUS__STALE);
	current = (const Vouch__PartText *)answer.rep;
	assert_string_equal(current->text, "one two three");
	assert_int_equal(current->version, 2);

	assert_null(write_part(gil, id, "overview", "the future", 99));
	assert_int_equal(answer.status, VOUCH__STATUS__STALE);

	/* The submission's version is as good as the part's: nobody wrote this part since. */
	assert_non_null(write_part(gil, id, "reflection", "other part", 2));
	assert_non_null(write_part(gil, id, "overview", "four", 3));
	assert_string_equal(get(gil, id)->parts[0]->text, "four");
	assert_int_equal(get(gil, id)->version, 4);
}

static void
a_text_over_the_limit_is_kept(void **state)
{
	const Vouch__PartText *saved;
	const char *id;

	(void)state;
	id = create(gil, MC_ID)->id;
	assert_non_null(saved = write_part(gil, id, "overview", "a b c d e f g h i j k l", 1));
	assert_int_equal(saved->words, 12);
	assert_null(write_part(gil, id, "summary", "no such part", 1));
	assert_true(complained_about("key"));
}

static void
every_save_is_in_the_history_up_to_a_bound(void **state)
{
	Vouch__GetHistory req = VOUCH__GET_HISTORY__INIT;
	const Vouch__PartHistory *page;

	(void)state;
	req.id = (char *)create(gil, MC_ID)->id;
	req.key = (char *)"overview";
	req.limit = 2;
	assert_non_null(write_part(gil, req.id, "overview", "first", 1));
	assert_non_null(write_part(gil, req.id, "overview", "second", 2));
	assert_non_null(write_part(gil, req.id, "overview", "third", 3));

	assert_non_null(page = ask(gil, &rpc_submissions_history, &req, ""));
	assert_int_equal(page->n_items, 2);
	assert_string_equal(page->items[0]->text, "third");
	assert_int_equal(page->items[0]->version, 4);
	assert_string_not_equal(page->next, "");
	req.cursor = page->next;
	assert_non_null(page = ask(gil, &rpc_submissions_history, &req, ""));
	assert_int_equal(page->n_items, 1);
	assert_string_equal(page->items[0]->text, "first");
	assert_string_equal(page->next, "");

	req.cursor = (char *)"WyJ4Il0"; /* ["x"] */
	assert_null(ask(gil, &rpc_submissions_history, &req, ""));
	assert_true(complained_about("cursor"));
	req.cursor = (char *)"";
	assert_null(ask(hal, &rpc_submissions_history, &req, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);

	/* The 501st save takes the place of the first. */
	sql("UPDATE parts SET saves = 500 WHERE key = 'overview'");
	assert_non_null(write_part(gil, req.id, "overview", "the newest", 4));
	assert_string_equal(sql("SELECT count(*) FROM part_history"), "3");
	assert_string_equal(sql("SELECT count(*) FROM part_history WHERE text = 'first'"), "0");
}

/* ---- declarations ------------------------------------------------------------------- */

static void
a_group_that_is_not_sent_stays(void **state)
{
	Vouch__DeclareAll req = VOUCH__DECLARE_ALL__INIT;
	Vouch__AiDeclaration ai = VOUCH__AI_DECLARATION__INIT;
	const Vouch__Submission *s;

	(void)state;
	s = create(gil, MC_ID);
	assert_non_null(s = declare_all(gil, s->id));
	assert_true(s->declarations->own_work->confirmed);
	assert_false(s->declarations->ai->used);
	assert_true(s->declarations->ai->answered);

	ai.used = true;
	ai.tools = (char *)"A chat";
	req.id = s->id;
	req.ai = &ai;
	req.if_match = 1;
	assert_null(ask(gil, &rpc_submissions_declare, &req, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__STALE);
	assert_false(((const Vouch__Submission *)answer.rep)->declarations->ai->used);

	/* A part that was saved meanwhile has nothing to do with it. */
	assert_non_null(write_part(gil, s->id, "overview", "text", 1));
	req.if_match = s->version;
	assert_non_null(s = ask(gil, &rpc_submissions_declare, &req, ""));
	assert_true(s->declarations->ai->used);
	assert_string_equal(s->declarations->ai->tools, "A chat");
	assert_true(s->declarations->own_work->confirmed);
	assert_non_null(s->declarations->collaboration);
}

static void
handed_in_work_is_frozen(void **state)
{
	const char *id;

	(void)state;
	id = handed_in(gil, MC_ID);
	assert_null(write_part(gil, id, "overview", "later", 1));
	assert_int_equal(answer.status, VOUCH__STATUS__CONFLICT);
	assert_null(declare_all(gil, id));
	assert_int_equal(answer.status, VOUCH__STATUS__CONFLICT);
	assert_null(add_link(gil, id, "https://example.org", "", ""));
	assert_int_equal(answer.status, VOUCH__STATUS__CONFLICT);
	assert_null(check(gil, id));
	assert_int_equal(answer.status, VOUCH__STATUS__CONFLICT);
	assert_string_equal(get(gil, id)->parts[0]->text, "We set a goal.");
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
		cmocka_unit_test_setup(a_draft_has_the_parts_of_the_published_version, clean),
		cmocka_unit_test_setup(nothing_starts_where_nothing_is_published, clean),
		cmocka_unit_test_setup(one_open_submission_for_each_earner, clean),
		cmocka_unit_test_setup(the_same_key_starts_one_draft, clean),
		cmocka_unit_test_setup(a_draft_is_its_earners_alone, clean),
		cmocka_unit_test_setup(a_discarded_draft_is_gone_and_makes_room, clean),
		cmocka_unit_test_setup(a_save_needs_the_version_that_was_read, clean),
		cmocka_unit_test_setup(a_text_over_the_limit_is_kept, clean),
		cmocka_unit_test_setup(every_save_is_in_the_history_up_to_a_bound, clean),
		cmocka_unit_test_setup(a_group_that_is_not_sent_stays, clean),
		cmocka_unit_test_setup(handed_in_work_is_frozen, clean),
	};

	return harness_run(tests, open_group, close_group);
}
