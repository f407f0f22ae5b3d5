// links: submission_service
/*
 * The submission service on a real database: from handing in to a decision, and
 * to the next attempt. Drafts are in test_drafts.c, evidence is in
 * test_evidence.c, checks are in test_preflight.c, limits of attempts in
 * test_attempts.c; here every statement runs.
 */
#include <stdio.h>

#include "submission_world.h"

#include "assessment.rpc.h"
#include "credential.rpc.h"
#include "notification.rpc.h"

/* ---- submit ------------------------------------------------------------------------- */

static void
handing_in_promises_a_day(void **state)
{
	const Vouch__SubmissionReceived *event;
	const Vouch__Receipt *receipt;
	const Vouch__Submission *s;

	(void)state;
	s = ready_draft(gil, MC_ID);
	assert_true(check(gil, s->id)->ready);
	assert_non_null(receipt = submit(gil, s->id, ""));

	assert_string_equal(receipt->id, s->id);
	assert_int_equal(receipt->state, VOUCH__SUBMISSION__STATE__SUBMITTED);
	assert_int_equal(time_of(receipt->submitted_at), test_now);
	assert_string_equal(receipt->due_date, "2026-12-16"); /* over Thanksgiving */
	assert_string_equal(receipt->time_zone, "America/New_York");
	assert_int_equal(time_of(receipt->due_at), INT64_C(1797483600) * 1000000); /* midnight in New York */

	assert_int_equal(announced(&rpc_reviews_on_submission_received), 1);
	event = last_announced(&rpc_reviews_on_submission_received);
	assert_string_equal(event->submission_id, uuid_in(s->id));
	assert_string_equal(event->earner_id, GIL);
	assert_string_equal(event->code, s->code);
	assert_int_equal(event->n_parts, 3);
	assert_int_equal(event->n_days, 22);
	assert_string_equal(event->days[1]->reason, "Thanksgiving Day");
	assert_int_equal(event->days[21]->number, 14);
	assert_int_equal(event->calendar_version, 1);
	assert_true(event->declarations->own_work->confirmed);
	assert_int_equal(time_of(event->due_at), time_of(receipt->due_at));

	now_is("2026-12-02T17:00:00Z");
	assert_non_null(s = get(gil, s->id));
	assert_int_equal(event->version, s->version);
	assert_int_equal(s->review_clock->state, VOUCH__REVIEW_CLOCK__STATE__RUNNING);
	assert_int_equal(s->review_clock->business_day, 4);
	assert_int_equal(s->review_clock->n_days, 22);
	now_is("2026-12-18T17:00:00Z");
	assert_true(get(gil, s->id)->review_clock->overdue);
	assert_int_equal(get(gil, s->id)->review_clock->business_days_late, 2);
}

static void
a_second_click_is_the_same_receipt(void **state)
{
	const Vouch__Receipt *first, *again;
	const char *id;

	(void)state;
	id = ready_draft(gil, MC_ID)->id;
	assert_non_null(first = submit(gil, id, "k-click"));
	now_is("2026-11-25T17:00:00Z");
	assert_non_null(again = submit(gil, id, "k-click"));
	assert_int_equal(time_of(first->due_at), time_of(again->due_at));
	assert_null(submit(gil, id, "k-other"));
	assert_int_equal(answer.status, VOUCH__STATUS__CONFLICT);
	assert_int_equal(time_of(((const Vouch__Receipt *)answer.rep)->due_at), time_of(first->due_at));
	assert_int_equal(announced(&rpc_reviews_on_submission_received), 1);
}

static void
a_calendar_with_few_working_days_is_read_whole(void **state)
{
	Vouch__IssuerChanged changed = VOUCH__ISSUER_CHANGED__INIT;
	Vouch__IssuerCalendar calendar = VOUCH__ISSUER_CALENDAR__INIT;
	char *weekend[] = {
		(char *)"tue", (char *)"wed", (char *)"thu", (char *)"fri", (char *)"sat", (char *)"sun"};
	Vouch__Holiday holidays[8], *list[8];
	char dates[8][16];

	(void)state;
	/* Mondays alone: 14 weeks, and 8 more as some are holidays. */
	for (int i = 0; i < 8; i++) {
		vouch__holiday__init(&holidays[i]);
		date_format(20787 + 7 * (i + 10), dates[i]); /* from 2027-02-08 on */
		holidays[i].date = dates[i];
		holidays[i].name = (char *)"Closed";
		list[i] = &holidays[i];
	}
	calendar.version = 7;
	calendar.time_zone = (char *)"Europe/Berlin";
	calendar.weekend = weekend;
	calendar.n_weekend = 6;
	calendar.holidays = list;
	calendar.n_holidays = 8;
	changed.issuer_id = (char *)ISSUER;
	changed.version = 7;
	changed.name = (char *)"Riverbend";
	changed.calendar = &calendar;
	const char *id = ready_draft(gil, MC_ID)->id;
	assert_true(hear(ISSUER, &rpc_submissions_on_issuer_changed, &changed, ""));

	/* 10 Mondays to 2027-02-01, 8 closed, the other four: 2027-04-26. */
	assert_string_equal(submit(gil, id, "")->due_date, "2027-04-26");
	assert_true(hear_issuer(ISSUER, 8, "Riverbend"));
}

/* ---- what comes of it --------------------------------------------------------------- */

static void
waiting_work_can_be_taken_back(void **state)
{
	const Vouch__SubmissionWithdrawn *event;
	const Vouch__Submission *s;
	const char *id;

	(void)state;
	id = create(gil, MC_ID)->id;
	assert_null(withdraw(gil, id));
	assert_int_equal(answer.status, VOUCH__STATUS__CONFLICT);
	clean(NULL);

	id = handed_in(gil, MC_ID);
	assert_non_null(s = withdraw(gil, id));
	assert_int_equal(s->state, VOUCH__SUBMISSION__STATE__WITHDRAWN);
	assert_int_equal(s->review_clock->state, VOUCH__REVIEW_CLOCK__STATE__CANCELLED);
	event = last_announced(&rpc_reviews_on_submission_withdrawn);
	assert_string_equal(event->submission_id, uuid_in(id));
	assert_string_equal(event->title, "Coaching");
	assert_int_equal(event->version, s->version);
	assert_null(withdraw(gil, id));
	assert_int_equal(answer.status, VOUCH__STATUS__CONFLICT);
	assert_non_null(create(gil, MC_ID));
}

static void
work_in_review_stays_there(void **state)
{
	const Vouch__SubmissionInReview *event;
	const char *id;

	(void)state;
	id = handed_in(gil, MC_ID);
	assert_true(hear_review(uuid_in(id), "in_review", 3));
	assert_int_equal(get(gil, id)->state, VOUCH__SUBMISSION__STATE__IN_REVIEW);
	event = last_announced(&rpc_notifications_on_submission_in_review);
	assert_string_equal(event->submission_id, uuid_in(id));
	assert_null(withdraw(gil, id));
	assert_int_equal(answer.status, VOUCH__STATUS__CONFLICT);

	/* Given back; then the older news arrives once more. */
	assert_true(hear_review(uuid_in(id), "queued", 4));
	assert_true(hear_review(uuid_in(id), "in_review", 3));
	assert_int_equal(get(gil, id)->state, VOUCH__SUBMISSION__STATE__SUBMITTED);
	assert_non_null(withdraw(gil, id));
	assert_true(hear_review(uuid_in(id), "cancelled", 5));
	assert_int_equal(get(gil, id)->state, VOUCH__SUBMISSION__STATE__WITHDRAWN);

	assert_false(hear_review(HAL, "in_review", 1));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
}

static void
the_first_decision_stands(void **state)
{
	Vouch__CredentialIssued issued = VOUCH__CREDENTIAL_ISSUED__INIT;
	const Vouch__SubmissionDecided *event;
	const Vouch__Submission *s;
	const char *id;

	(void)state;
	id = handed_in(gil, MC_ID);
	now_is("2026-12-17T05:00:00Z"); /* the first instant that is late */
	assert_true(hear_decision(uuid_in(id), VOUCH__OUTCOME__AWARDED, 4));
	assert_true(hear_decision(uuid_in(id), VOUCH__OUTCOME__DENIED, 5));
	assert_int_equal(announced(&rpc_credentials_on_submission_decided), 1);
	event = last_announced(&rpc_credentials_on_submission_decided);
	assert_int_equal(event->outcome, VOUCH__OUTCOME__AWARDED);
	assert_true(event->late);
	assert_string_equal(event->earner_id, GIL);
	assert_string_equal(event->micro_credential_id, MC);
	assert_int_equal(event->micro_credential_version, 1);

	issued.submission_id = (char *)uuid_in(id);
	issued.credential_id = (char *)HAL;
	assert_true(hear(ISSUER, &rpc_submissions_on_credential_issued, &issued, "cred"));
	assert_true(hear(ISSUER, &rpc_submissions_on_credential_issued, &issued, "cred"));
	assert_non_null(s = get(gil, id));
	assert_int_equal(s->state, VOUCH__SUBMISSION__STATE__AWARDED);
	assert_string_equal(s->credential_id, ISSUER "~" HAL);
	assert_int_equal(s->decision->outcome, VOUCH__OUTCOME__AWARDED);
	assert_int_equal(time_of(s->decision->decided_at), test_now);
	assert_string_equal(s->decision->feedback[0]->text, "A clear goal.");
	assert_int_equal(s->review_clock->state, VOUCH__REVIEW_CLOCK__STATE__MET_LATE);
	assert_int_equal(s->version, event->version + 1);
	/* Who decided is kept nowhere here (ASM-3). */
	assert_string_equal(
	    sql("SELECT count(*) FROM submissions s WHERE s::text LIKE '%%00000000a001%%'"), "0");

	assert_null(create(gil, MC_ID));
	assert_int_equal(answer.status, VOUCH__STATUS__CONFLICT);
	assert_false(hear_decision(HAL, VOUCH__OUTCOME__DENIED, 1));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
}

static void
a_decision_on_withdrawn_work_is_void(void **state)
{
	const char *id;

	(void)state;
	id = handed_in(gil, MC_ID);
	assert_non_null(withdraw(gil, id));
	assert_true(hear_decision(uuid_in(id), VOUCH__OUTCOME__AWARDED, 9));
	assert_int_equal(get(gil, id)->state, VOUCH__SUBMISSION__STATE__WITHDRAWN);
	assert_int_equal(announced(&rpc_credentials_on_submission_decided), 0);
}

/* ---- resubmission ------------------------------------------------------------------- */

static void
a_new_attempt_starts_from_the_denied_one(void **state)
{
	const Vouch__Submission *old, *s;
	const char *id;

	(void)state;
	id = ready_draft(gil, MC_ID)->id;
	assert_non_null(add_file(gil, id, SHA, "plan.pdf", "The plan", "plan"));
	assert_non_null(add_link(gil, id, "https://example.org/film", "The film", "film"));
	sql("UPDATE evidence SET state = 'ok', next_check_at = NULL");
	assert_null(resubmit(gil, id));
	assert_int_equal(answer.status, VOUCH__STATUS__CONFLICT);
	assert_non_null(submit(gil, id, ""));
	assert_true(hear_decision(uuid_in(id), VOUCH__OUTCOME__DENIED, 4));
	assert_null(create(gil, MC_ID));
	assert_non_null(strstr(answer.detail, "denied"));
	old = get(gil, id);

	now_is("2026-12-01T10:00:00Z");
	assert_non_null(s = resubmit(gil, id));
	assert_int_equal(s->state, VOUCH__SUBMISSION__STATE__DRAFT);
	assert_int_equal(s->attempt, 2);
	assert_string_equal(s->previous_id, id);
	assert_string_not_equal(s->code, old->code);
	assert_string_equal(s->parts[2]->text, "I learned to ask.");
	assert_int_equal(s->parts[2]->words, 4);
	assert_int_equal(s->n_evidence, 2);
	assert_string_equal(s->evidence[0]->title, "The plan");
	assert_string_equal(s->evidence[0]->state, "ok");
	assert_string_equal(s->evidence[0]->sha256, SHA);
	assert_string_not_equal(s->evidence[0]->id, old->evidence[0]->id);
	assert_string_equal(s->evidence[1]->state, "checking"); /* a link may have changed */
	assert_null(s->declarations->own_work);
	assert_null(s->declarations->personal_information);
	assert_true(s->declarations->ai->answered);

	assert_null(resubmit(gil, id));
	assert_int_equal(answer.status, VOUCH__STATUS__CONFLICT);
	assert_non_null(strstr(answer.detail, s->code));
	assert_int_equal(get(gil, id)->state, VOUCH__SUBMISSION__STATE__DENIED);
}

/* ---- lists -------------------------------------------------------------------------- */

static void
the_list_is_newest_first_across_issuers(void **state)
{
	Vouch__ListSubmissions req = VOUCH__LIST_SUBMISSIONS__INIT;
	const struct who far = {GIL, FAR, {0}};
	const Vouch__SubmissionList *page;
	const char *first, *second, *third;
	char *states[] = {(char *)"submitted"};

	(void)state;
	assert_true(hear_version(FAR, coaching));
	first = handed_in(gil, MC_ID);
	now_is("2026-11-25T17:00:00Z");
	second = create(far, FAR "~" MC)->id;
	assert_non_null(create(hal, MC_ID));
	assert_non_null(withdraw(gil, first));
	now_is("2026-11-26T17:00:00Z");
	third = handed_in(gil, MC_ID);

	req.limit = 2;
	assert_non_null(page = ask(gil, &rpc_submissions_list, &req, ""));
	assert_int_equal(page->n_items, 2);
	assert_string_equal(page->items[0]->id, third);
	assert_string_equal(page->items[0]->micro_credential->title, "Coaching");
	assert_string_equal(page->items[0]->micro_credential->issuer->name, "Riverbend");
	assert_string_equal(page->items[0]->due_date, "2026-12-17");
	req.cursor = page->next;
	assert_non_null(page = ask(gil, &rpc_submissions_list, &req, ""));
	assert_int_equal(page->n_items, 1);
	assert_string_equal(page->next, "");
	req.cursor = (char *)"";
	req.limit = 0;
	assert_non_null(page = ask(gil, &rpc_submissions_list, &req, ""));
	assert_int_equal(page->n_items, 3);
	assert_true(strcmp(page->items[1]->id, second) == 0 || strcmp(page->items[2]->id, second) == 0);

	req.state = states;
	req.n_state = 1;
	assert_non_null(page = ask(gil, &rpc_submissions_list, &req, ""));
	assert_int_equal(page->n_items, 1);
	assert_int_equal(page->items[0]->state, VOUCH__SUBMISSION__STATE__SUBMITTED);
	states[0] = (char *)"finished";
	assert_null(ask(gil, &rpc_submissions_list, &req, ""));
	assert_true(complained_about("state"));
	req.n_state = 0;
	req.cursor = (char *)"bm9uc2Vuc2U";
	assert_null(ask(gil, &rpc_submissions_list, &req, ""));
	assert_true(complained_about("cursor"));
}

/* ---- events ------------------------------------------------------------------------- */

static void
an_older_copy_changes_nothing(void **state)
{
	struct micro_credential newer = coaching;

	(void)state;
	assert_true(hear_issuer(ISSUER, 9, "Riverbend College"));
	assert_true(hear_issuer(ISSUER, 2, "Riverbend"));
	assert_string_equal(create(gil, MC_ID)->micro_credential->issuer->name, "Riverbend College");
	assert_true(hear_issuer(ISSUER, 10, "Riverbend"));

	newer.id = "018f0000-0000-7000-8000-00000000c002";
	assert_true(hear_state(newer.id, "suspended", 2)); /* before its first version */
	newer.version = 3;
	newer.title = "Coaching, third";
	assert_true(hear_version(ISSUER, newer));
	newer.version = 2;
	newer.title = "Coaching, second";
	assert_true(hear_version(ISSUER, newer));
	assert_null(create(gil, ISSUER "~018f0000-0000-7000-8000-00000000c002"));
	assert_true(hear_state(newer.id, "published", 3));
	assert_string_equal(
	    create(gil, ISSUER "~018f0000-0000-7000-8000-00000000c002")->micro_credential->title,
	    "Coaching, third");
}

static void
an_event_that_lacks_its_body_is_refused(void **state)
{
	Vouch__IssuerChanged changed = VOUCH__ISSUER_CHANGED__INIT;
	Vouch__MicroCredentialPublished published = VOUCH__MICRO_CREDENTIAL_PUBLISHED__INIT;
	Vouch__ReviewDecided decided = VOUCH__REVIEW_DECIDED__INIT;

	(void)state;
	assert_false(hear(ISSUER, &rpc_submissions_on_issuer_changed, &changed, ""));
	assert_false(hear(ISSUER, &rpc_submissions_on_micro_credential_published, &published, ""));
	assert_false(hear(ISSUER, &rpc_submissions_on_review_decided, &decided, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__INVALID);
}

/* ---- drafts and evidence, as far as every statement needs ------------------------------- */

static void
a_draft_is_written_read_back_and_discarded(void **state)
{
	Vouch__GetSubmission discard = VOUCH__GET_SUBMISSION__INIT;
	Vouch__GetHistory history = VOUCH__GET_HISTORY__INIT;
	const Vouch__PartHistory *page;

	(void)state;
	discard.id = history.id = (char *)create(gil, MC_ID)->id;
	history.key = (char *)"overview";
	assert_non_null(write_part(gil, history.id, "overview", "kept", 1));
	assert_null(write_part(gil, history.id, "overview", "stale", 1));
	assert_int_equal(answer.status, VOUCH__STATUS__STALE);
	assert_non_null(page = ask(gil, &rpc_submissions_history, &history, ""));
	assert_int_equal(page->n_items, 1);
	assert_non_null(ask(gil, &rpc_submissions_discard, &discard, ""));
	assert_null(get(gil, discard.id));
}

static void
an_inspector_that_cannot_run_is_told_in_the_end(void **state)
{
	Vouch__EvidenceRemoval removal = VOUCH__EVIDENCE_REMOVAL__INIT;
	Vouch__EvidenceAgain again = VOUCH__EVIDENCE_AGAIN__INIT;
	Vouch__GetEvidenceFile file = VOUCH__GET_EVIDENCE_FILE__INIT;
	const Vouch__Evidence *e;
	const char *id;

	(void)state;
	id = create(gil, MC_ID)->id;
	assert_non_null(e = add_file(gil, id, SHA, "plan.pdf", "The plan", ""));
	file.id = again.id = removal.id = (char *)id;
	file.evidence_id = again.evidence_id = removal.evidence_id = e->id;

	for (int i = 0; i < 4; i++) {
		assert_true(run_job("evidence_files"));
		assert_string_equal(get(gil, id)->evidence[0]->state, "checking");
		assert_false(run_job("evidence_files")); /* not before its time */
		sql("UPDATE evidence SET next_check_at = clock_timestamp()");
	}
	assert_true(run_job("evidence_files"));
	assert_string_equal(get(gil, id)->evidence[0]->state, "problem");
	assert_string_equal(get(gil, id)->evidence[0]->problems[0]->rule, "unchecked");

	assert_non_null(e = ask(gil, &rpc_submissions_recheck, &again, ""));
	assert_string_equal(e->state, "checking");
	assert_string_equal(
	    ((const Vouch__FileReply *)ask(gil, &rpc_submissions_evidence_file, &file, ""))->file->sha256,
	    SHA);
	assert_non_null(ask(gil, &rpc_submissions_remove_evidence, &removal, ""));
	assert_int_equal(get(gil, id)->n_evidence, 0);
}

static char folder[] = "/tmp/vouch-evidence-XXXXXX";

static int
open_group(void **state)
{
	char command[200];

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(command, sizeof(command), "mkdir %s/01 && echo text >%s/01/%s", folder, folder, &SHA[2]);
	setenv("VOUCH_EVIDENCE_DIR", folder, 1);
	setenv("VOUCH_INSPECT_PROGRAM", "/nonexistent/vouch-inspect", 1);
	if (system(command) != 0 || harness_open(&submission_service) != 0)
		return 1;
	now_is("2026-11-24T17:00:00Z");
	return !hear_issuer(ISSUER, 1, "Riverbend") || !hear_version(ISSUER, coaching);
}

static int
close_group(void **state)
{
	char command[200];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return (system(command) != 0) + harness_close();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(handing_in_promises_a_day, clean),
		cmocka_unit_test_setup(a_second_click_is_the_same_receipt, clean),
		cmocka_unit_test_setup(a_calendar_with_few_working_days_is_read_whole, clean),
		cmocka_unit_test_setup(waiting_work_can_be_taken_back, clean),
		cmocka_unit_test_setup(work_in_review_stays_there, clean),
		cmocka_unit_test_setup(the_first_decision_stands, clean),
		cmocka_unit_test_setup(a_decision_on_withdrawn_work_is_void, clean),
		cmocka_unit_test_setup(a_new_attempt_starts_from_the_denied_one, clean),
		cmocka_unit_test_setup(the_list_is_newest_first_across_issuers, clean),
		cmocka_unit_test_setup(an_older_copy_changes_nothing, clean),
		cmocka_unit_test_setup(an_event_that_lacks_its_body_is_refused, clean),
		cmocka_unit_test_setup(a_draft_is_written_read_back_and_discarded, clean),
		cmocka_unit_test_setup(an_inspector_that_cannot_run_is_told_in_the_end, clean),
	};

	return harness_run(tests, open_group, close_group);
}
