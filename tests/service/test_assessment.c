// links: assessment_service
/* Reviews: who sees and takes them, what an assessor may say, and when they are told to be late. */
#include "assessment_clock.h"
#include "assessment_world.h"

extern const struct service assessment_service;
extern const struct rpc rpc_submissions_on_review_changed, rpc_submissions_on_review_decided,
    rpc_notifications_on_review_escalated;

static int
begin(void **state)
{
	(void)state;
	sql("TRUNCATE reviews, recusals, clock_stages, versions, issuers, outbox, done");
	now_is("2026-11-23T15:00:01Z");
	return hear_issuer("riverbend", 1, true, "") && hear_version("riverbend") ? 0 : -1;
}

/* ---- work arrives ------------------------------------------------------------ */

static void
work_waits_until_its_rubric_is_known(void **state)
{
	(void)state;
	assert_false(hear_work("riverbend", 1, 2, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__UNAVAILABLE);
	assert_false(hear_work("lakeside", 1, 1, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__UNAVAILABLE);
	assert_false(hear_withdrawal(1));
	assert_int_equal(answer.status, VOUCH__STATUS__UNAVAILABLE);
	assert_false(hear_inquiry(1));
	assert_int_equal(answer.status, VOUCH__STATUS__UNAVAILABLE);
}

static void
work_is_queued_once(void **state)
{
	(void)state;
	assert_true(hear_work("riverbend", 1, 1, "submission/1"));
	assert_true(hear_work("riverbend", 1, 1, "submission/1")); /* the same delivery again */
	assert_true(hear_work("riverbend", 1, 1, "submission/2")); /* another one of the same work */

	assert_string_equal(sql("SELECT count(*) FROM reviews"), "1");
	assert_string_equal(sql("SELECT next_stage FROM reviews"), "due_5");
	assert_string_equal(sql("SELECT next_at = '2026-12-04 05:00+00' FROM reviews"), "t");
}

static void
an_older_version_of_an_issuer_changes_nothing(void **state)
{
	(void)state;
	assert_true(hear_issuer("riverbend", 5, false, ""));
	assert_true(hear_issuer("riverbend", 4, true, ""));
	assert_string_equal(sql("SELECT blind_review FROM issuers"), "f");
	assert_true(hear_version("riverbend"));
	assert_string_equal(sql("SELECT count(*) FROM versions"), "1");
}

static void
withdrawn_work_is_cancelled_and_its_clock_stops(void **state)
{
	char *id = review_of(1);

	(void)state;
	assert_non_null(on_review(ann, &rpc_reviews_claim, id));
	assert_true(hear_withdrawal(1));
	assert_true(hear_withdrawal(1)); /* once more is no harm */

	assert_string_equal(sql("SELECT state || coalesce(next_stage, '') FROM reviews"), "cancelled");
	const Vouch__ReviewChanged *changed = last_announced(&rpc_submissions_on_review_changed);
	assert_string_equal(changed->state, "cancelled");
	assert_int_equal(announced(&rpc_submissions_on_review_changed), 2);
	refused(on_review(ann, &rpc_reviews_claim, id), VOUCH__STATUS__CONFLICT);
	assert_string_equal(on_review(ann, &rpc_reviews_get, id)->state, "cancelled");
	assert_int_equal(list(ann, "mine", "", 0, "")->n_items, 0);
	assert_int_equal(list(ann, "mine", "cancelled", 0, "")->n_items, 1);
}

/* ---- who sees and takes it ----------------------------------------------------- */

static void
a_review_shows_the_work_and_hides_the_person(void **state)
{
	const Vouch__Review *review = on_review(ann, &rpc_reviews_get, review_of(1));

	(void)state;
	assert_non_null(review);
	assert_string_equal(review->parts[0]->text, "I listened.");
	assert_string_equal(review->parts[0]->title, "Overview");
	assert_int_equal(review->rubric->n_parts, 2);
	assert_int_equal(review->business_days_left, 14);
	assert_int_equal(review->micro_credential->ai_policy, VOUCH__AI_POLICY__DISCLOSED_ASSIST);
	assert_string_equal(review->evidence[0]->title, "Recording");
	assert_string_equal(review->evidence[0]->file_name, "");
	assert_string_equal(review->evidence[0]->sha256, "");
	assert_string_equal(review->assignee, "");
	assert_int_equal(review->rubric_outcome, VOUCH__OUTCOME__OUTCOME_NONE);
}

static void
an_open_issuer_shows_what_files_are_called(void **state)
{
	char *id = review_of(1);

	(void)state;
	assert_true(hear_issuer("riverbend", 2, false, ""));
	assert_string_equal(on_review(ann, &rpc_reviews_get, id)->evidence[0]->file_name, "gil-smith.MP4");
}

/* Who the person and the partners are is for issuers that do not review blind (ASM-3). */
static void
people_have_names_where_the_issuer_is_open(void **state)
{
	Vouch__AccountChanged changed = VOUCH__ACCOUNT_CHANGED__INIT;
	char *id = review_of(1);
	const Vouch__Review *review;

	(void)state;
	changed.account_id = (char *)GIL;
	changed.name = (char *)"Gil Smith";
	changed.version = 2;
	assert_true(hear("", &rpc_reviews_on_account_changed, &changed, ""));
	changed.name = (char *)"An older name";
	changed.version = 1;
	assert_true(hear("", &rpc_reviews_on_account_changed, &changed, ""));

	review = on_review(ann, &rpc_reviews_get, id);
	assert_string_equal(review->earner_name, "");
	assert_string_equal(review->declarations->collaboration->partners[0]->name, "Partner 1");
	assert_string_equal(review->declarations->collaboration->partners[0]->email, "");
	assert_string_equal(review->declarations->collaboration->partners[0]->task, "Recorded it.");

	assert_true(hear_issuer("riverbend", 2, false, ""));
	review = on_review(ann, &rpc_reviews_get, id);
	assert_string_equal(review->earner_name, "Gil Smith");
	assert_string_equal(review->declarations->collaboration->partners[0]->name, "Pat Partner");
}

static void
evidence_is_served_under_a_name_without_a_person(void **state)
{
	Vouch__GetReviewFile req = VOUCH__GET_REVIEW_FILE__INIT;
	const Vouch__FileReply *reply;

	(void)state;
	req.id = review_of(1);
	req.evidence_id = (char *)FILE_ID;
	reply = ask(ann, &rpc_reviews_evidence_file, &req, "");
	assert_string_equal(reply->file->name, "evidence-1.MP4");
	assert_int_equal(strlen(reply->file->sha256), 64);
	assert_int_equal(reply->file->size, 17);

	req.evidence_id = uuid_of(77);
	refused(ask(ann, &rpc_reviews_evidence_file, &req, ""), VOUCH__STATUS__NOT_FOUND);
	req.evidence_id = (char *)FILE_ID;
	refused(ask(gil, &rpc_reviews_evidence_file, &req, ""), VOUCH__STATUS__NOT_FOUND);
}

static void
nobody_reviews_their_own_work(void **state)
{
	char *id = review_of(1);

	(void)state;
	refused(on_review(gil, &rpc_reviews_get, id), VOUCH__STATUS__NOT_FOUND);
	refused(on_review(gil, &rpc_reviews_claim, id), VOUCH__STATUS__NOT_FOUND);
	assert_int_equal(list(gil, "pool", "", 0, "")->n_items, 0);
	refused(on_review(far, &rpc_reviews_get, id), VOUCH__STATUS__NOT_FOUND); /* another issuer's lead */
}

static void
one_assessor_holds_a_review(void **state)
{
	char *id = review_of(1);

	(void)state;
	assert_string_equal(on_review(ann, &rpc_reviews_claim, id)->assignee, "me");
	assert_non_null(on_review(ann, &rpc_reviews_claim, id)); /* to take what one has is no mistake */
	assert_int_equal(announced(&rpc_submissions_on_review_changed), 1);

	refused(on_review(bob, &rpc_reviews_claim, id), VOUCH__STATUS__CONFLICT);
	refused(on_review(bob, &rpc_reviews_get, id), VOUCH__STATUS__NOT_FOUND);
	refused(on_review(bob, &rpc_reviews_release, id), VOUCH__STATUS__NOT_FOUND);
	assert_string_equal(on_review(lea, &rpc_reviews_get, id)->assignee, ANN);
	refused(score(lea, id, 2, "m", ""), VOUCH__STATUS__CONFLICT);
	assert_string_equal(on_review(lea, &rpc_reviews_release, id)->state, "queued"); /* a lead may */
	refused(on_review(ann, &rpc_reviews_release, id), VOUCH__STATUS__CONFLICT);
	assert_non_null(on_review(bob, &rpc_reviews_claim, id));
}

static void
who_steps_back_never_gets_it_again(void **state)
{
	Vouch__RecuseReview req = VOUCH__RECUSE_REVIEW__INIT;
	char *id = review_of(1);

	(void)state;
	req.id = id;
	req.reason = (char *)"I coached this team";
	refused(ask(ann, &rpc_reviews_recuse, &req, ""), VOUCH__STATUS__CONFLICT); /* not hers yet */
	assert_non_null(on_review(ann, &rpc_reviews_claim, id));
	assert_string_equal(
	    ((const Vouch__Review *)ask(ann, &rpc_reviews_recuse, &req, ""))->state, "queued");

	refused(on_review(ann, &rpc_reviews_claim, id), VOUCH__STATUS__NOT_FOUND);
	assert_int_equal(list(ann, "pool", "", 0, "")->n_items, 0);
	assert_int_equal(list(bob, "pool", "", 0, "")->n_items, 1);
	assert_string_equal(
	    ((const Vouch__ReviewChanged *)last_announced(&rpc_submissions_on_review_changed))->state,
	    "queued");
}

static void
lists_are_pages_of_ones_own(void **state)
{
	char *first = review_of(1);
	const Vouch__ReviewList *page;

	(void)state;
	review_of(2);
	review_of(3);
	assert_non_null(on_review(ann, &rpc_reviews_claim, first));

	page = list(bob, "", "", 1, "");
	assert_int_equal(page->n_items, 1);
	page = list(bob, "pool", "", 1, page->next);
	assert_int_equal(page->n_items, 1);
	assert_string_equal(page->next, "");
	assert_string_equal(list(ann, "mine", "", 0, "")->items[0]->assignee, "me");
	assert_int_equal(list(bob, "mine", "", 0, "")->n_items, 0);
	assert_int_equal(list(lea, "all", "", 0, "")->n_items, 3);
	assert_int_equal(list(lea, "all", "in_review", 0, "")->n_items, 1);
	assert_int_equal(list(far, "all", "", 0, "")->n_items, 0);
	refused(list(ann, "all", "", 0, ""), VOUCH__STATUS__FORBIDDEN);
	refused(list(ann, "yours", "", 0, ""), VOUCH__STATUS__MALFORMED);
	assert_true(complained_about("queue"));
	refused(list(ann, "mine", "sleeping", 0, ""), VOUCH__STATUS__MALFORMED);
	assert_true(complained_about("state"));
	refused(list(ann, "mine", "", 0, "WyIxIiwieCIsInkiXQ"), VOUCH__STATUS__INVALID);
	assert_true(complained_about("cursor"));
}

/* ---- what an assessor says ------------------------------------------------------- */

static void
scores_are_saved_as_far_as_they_are(void **state)
{
	char *id = review_of(1);
	const Vouch__Review *review;

	(void)state;
	refused(score(ann, id, 1, "m", ""), VOUCH__STATUS__CONFLICT); /* claim it first */
	assert_int_equal(on_review(ann, &rpc_reviews_claim, id)->version, 2);
	review = score(ann, id, 2, "m", "overview");
	assert_int_equal(review->version, 3);
	assert_int_equal(review->n_scores, 1);
	assert_int_equal(review->rubric_outcome, VOUCH__OUTCOME__OUTCOME_NONE);

	refused(score(ann, id, 2, "mm", ""), VOUCH__STATUS__STALE);
	assert_true(answer.shows_current);
	assert_int_equal(((const Vouch__Review *)(const void *)answer.rep)->version, 3);
	assert_int_equal(score(ann, id, 3, "mum", "")->rubric_outcome, VOUCH__OUTCOME__DENIED);
	assert_int_equal(score(ann, id, 4, "mmm", "")->rubric_outcome, VOUCH__OUTCOME__AWARDED);
	assert_int_equal(on_review(ann, &rpc_reviews_get, id)->n_feedback, 0);
}

static void
scores_fit_the_rubric(void **state)
{
	Vouch__ScoreReview req = VOUCH__SCORE_REVIEW__INIT;
	Vouch__Score good = VOUCH__SCORE__INIT, twice, charm, level;
	Vouch__Score *scores[] = {&good, &twice, &charm, &level};
	Vouch__Feedback remark = VOUCH__FEEDBACK__INIT, *remarks[] = {&remark};

	(void)state;
	req.id = review_of(1);
	assert_non_null(on_review(ann, &rpc_reviews_claim, req.id));
	good.criterion_id = (char *)"goal";
	good.level_id = (char *)"met";
	twice = charm = level = good;
	charm.criterion_id = (char *)"charm";
	level.criterion_id = (char *)"depth";
	level.level_id = (char *)"brilliant";
	remark.part = (char *)"work_examples";
	remark.criterion_id = (char *)"charm";
	remark.text = (char *)"x";
	req.scores = scores;
	req.n_scores = 4;
	req.feedback = remarks;
	req.n_feedback = 1;
	req.if_match = 2;

	refused(ask(ann, &rpc_reviews_score, &req, ""), VOUCH__STATUS__INVALID);
	assert_false(complained_about("scores[0].criterionId"));
	assert_true(complained_about("scores[1].criterionId"));
	assert_true(complained_about("scores[2].criterionId"));
	assert_true(complained_about("scores[3].levelId"));
	assert_true(complained_about("feedback[0].part"));
	assert_true(complained_about("feedback[0].criterionId"));
	assert_string_equal(sql("SELECT version FROM reviews"), "2");
}

static void
a_decision_follows_the_rubric(void **state)
{
	char *id = review_of(1);

	(void)state;
	refused(decide(ann, id, VOUCH__OUTCOME__AWARDED, ""), VOUCH__STATUS__CONFLICT);
	assert_non_null(on_review(ann, &rpc_reviews_claim, id));
	refused(decide(ann, id, VOUCH__OUTCOME__OUTCOME_NONE, ""), VOUCH__STATUS__INVALID);
	refused(decide(ann, id, VOUCH__OUTCOME__AWARDED, ""), VOUCH__STATUS__INVALID);
	assert_true(complained_about("scores.goal") && complained_about("scores.depth") &&
	    complained_about("scores.style"));

	assert_non_null(score(ann, id, 2, "mmm", ""));
	refused(decide(ann, id, VOUCH__OUTCOME__DENIED, ""), VOUCH__STATUS__INVALID);
	assert_true(complained_about("outcome"));

	assert_non_null(score(ann, id, 3, "mum", "overview")); /* the challenge is about another part */
	refused(decide(ann, id, VOUCH__OUTCOME__AWARDED, ""), VOUCH__STATUS__INVALID);
	assert_true(complained_about("outcome"));
	refused(decide(ann, id, VOUCH__OUTCOME__DENIED, ""), VOUCH__STATUS__INVALID);
	assert_true(complained_about("feedback.reflection"));
	assert_false(complained_about("feedback.overview"));
	assert_int_equal(announced(&rpc_submissions_on_review_decided), 0);
}

static void
a_decision_is_made_once(void **state)
{
	char *id = review_of(1);
	const Vouch__ReviewDecided *decided;

	(void)state;
	assert_non_null(on_review(ann, &rpc_reviews_claim, id));
	assert_non_null(score(ann, id, 2, "mum", "reflection"));
	refused(decide(bob, id, VOUCH__OUTCOME__DENIED, ""), VOUCH__STATUS__NOT_FOUND);
	assert_string_equal(decide(ann, id, VOUCH__OUTCOME__DENIED, "once")->decision->reason, "not_met");
	assert_string_equal(decide(ann, id, VOUCH__OUTCOME__DENIED, "once")->state, "decided");
	refused(decide(ann, id, VOUCH__OUTCOME__DENIED, "twice"), VOUCH__STATUS__CONFLICT);
	refused(score(ann, id, 4, "mmm", ""), VOUCH__STATUS__CONFLICT);

	assert_int_equal(announced(&rpc_submissions_on_review_decided), 1);
	decided = last_announced(&rpc_submissions_on_review_decided);
	assert_int_equal(decided->decision->outcome, VOUCH__OUTCOME__DENIED);
	assert_int_equal(decided->decision->n_scores, 3);
	assert_int_equal(decided->decision->n_feedback, 1);
	assert_string_equal(decided->assessor_id, ANN);
	assert_false(decided->late);
	assert_string_equal(sql("SELECT coalesce(next_stage, 'none') FROM reviews"), "none");
	assert_true(hear_withdrawal(1)); /* too late: what is decided stays decided */
	assert_string_equal(sql("SELECT state FROM reviews"), "decided");
}

static void
a_decision_after_the_due_instant_is_late(void **state)
{
	char *id = review_of(1);

	(void)state;
	assert_non_null(on_review(ann, &rpc_reviews_claim, id));
	assert_non_null(score(ann, id, 2, "mmu", ""));
	now_is("2026-12-12T05:00:00Z");
	assert_string_equal(decide(ann, id, VOUCH__OUTCOME__AWARDED, "")->decision->reason, "met_all");
	assert_true(((const Vouch__ReviewDecided *)last_announced(&rpc_submissions_on_review_decided))->late);
}

/* ---- what is late --------------------------------------------------------------------- */

static void
who_asks_about_late_work_moves_it_to_the_front_once(void **state)
{
	(void)state;
	review_of(1);
	review_of(2);
	sql("UPDATE reviews SET due_at = due_at - interval '1 day' WHERE submission_id = '%s'", uuid_of(1));
	assert_true(hear_inquiry(2)); /* it is not late yet */
	assert_int_equal(announced(&rpc_notifications_on_review_escalated), 0);

	now_is("2026-12-14T15:00:00Z");
	assert_true(hear_inquiry(2));
	assert_true(hear_inquiry(2));
	assert_int_equal(announced(&rpc_notifications_on_review_escalated), 1);
	assert_true(list(ann, "pool", "", 0, "")->items[0]->escalated);
	assert_int_equal(list(ann, "pool", "", 0, "")->items[0]->business_days_left, -1);
}

static void
leads_and_operators_see_what_waits_and_what_is_late(void **state)
{
	Vouch__GetQueues queues = VOUCH__GET_QUEUES__INIT;
	Vouch__GetOverdue overdue = VOUCH__GET_OVERDUE__INIT;
	const Vouch__QueueList *waiting;
	const Vouch__OverdueList *late;

	(void)state;
	assert_non_null(on_review(ann, &rpc_reviews_claim, review_of(1)));
	review_of(2);
	now_is("2026-12-11T15:00:00Z");
	waiting = ask(lea, &rpc_ops_queues, &queues, "");
	assert_int_equal(waiting->n_items, 1);
	assert_int_equal(waiting->items[0]->waiting, 1);
	assert_int_equal(waiting->items[0]->in_review, 1);
	assert_int_equal(waiting->items[0]->due_today, 2);
	assert_int_equal(waiting->items[0]->overdue, 0);
	assert_int_equal(waiting->items[0]->oldest_business_days, 14);
	assert_int_equal(((const Vouch__OverdueList *)ask(lea, &rpc_ops_overdue, &overdue, ""))->total, 0);

	now_is("2026-12-15T15:00:00Z");
	overdue.limit = 1;
	late = ask(opa, &rpc_ops_overdue, &overdue, "");
	assert_int_equal(late->total, 2);
	assert_int_equal(late->items[0]->business_days_late, 2);
	overdue.cursor = late->next;
	assert_int_equal(((const Vouch__OverdueList *)ask(opa, &rpc_ops_overdue, &overdue, ""))->n_items, 1);
	overdue.cursor = (char *)"";
	overdue.issuer = (char *)"lakeside";
	assert_int_equal(((const Vouch__OverdueList *)ask(opa, &rpc_ops_overdue, &overdue, ""))->n_items, 0);
	assert_int_equal(((const Vouch__QueueList *)ask(far, &rpc_ops_queues, &queues, ""))->n_items, 0);
	refused(ask(ann, &rpc_ops_queues, &queues, ""), VOUCH__STATUS__FORBIDDEN);
}

static int
open_service(void **state)
{
	(void)state;
	return harness_open(&assessment_service);
}

static int
close_service(void **state)
{
	(void)state;
	return harness_close();
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(work_waits_until_its_rubric_is_known),
		TEST(work_is_queued_once),
		TEST(an_older_version_of_an_issuer_changes_nothing),
		TEST(withdrawn_work_is_cancelled_and_its_clock_stops),
		TEST(a_review_shows_the_work_and_hides_the_person),
		TEST(an_open_issuer_shows_what_files_are_called),
		TEST(people_have_names_where_the_issuer_is_open),
		TEST(evidence_is_served_under_a_name_without_a_person),
		TEST(nobody_reviews_their_own_work),
		TEST(one_assessor_holds_a_review),
		TEST(who_steps_back_never_gets_it_again),
		TEST(lists_are_pages_of_ones_own),
		TEST(scores_are_saved_as_far_as_they_are),
		TEST(scores_fit_the_rubric),
		TEST(a_decision_follows_the_rubric),
		TEST(a_decision_is_made_once),
		TEST(a_decision_after_the_due_instant_is_late),
		TEST(a_stage_is_told_once_whoever_finds_it),
		TEST(the_sweep_finds_what_redis_never_knew),
		TEST(a_broken_review_keeps_no_other_waiting),
		TEST(a_stage_that_is_not_due_does_not_come),
		TEST(a_reminder_that_came_too_late_is_passed_over),
		TEST(what_redis_lost_is_made_anew),
		TEST(a_timer_that_redis_has_wrong_is_set_right),
		TEST(who_asks_about_late_work_moves_it_to_the_front_once),
		TEST(leads_and_operators_see_what_waits_and_what_is_late),
	};

	return harness_run(tests, open_service, close_service);
}
