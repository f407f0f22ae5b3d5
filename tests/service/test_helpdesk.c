// links: helpdesk_service
/* Help that is written, and tickets: who sees them, what they answer by themselves, how they end (3.7). */
#include "helpdesk_articles.h"
#include "helpdesk_world.h"

static int
begin(void **state)
{
	(void)state;
	sql("TRUNCATE messages, escalations, tickets, submissions, issuers, article_terms, articles, outbox, "
	    "done");
	now_is("2026-12-01T15:00:00Z");
	return hear_issuer("riverbend", 1, "Riverbend", "") && hear_work("riverbend", 1, GIL, 1, "") &&
		hear_work("riverbend", 2, HAL, 1, "") ?
	    0 :
	    -1;
}

/* ---- the first answer (HLP-2, HLP-3) ------------------------------------------------- */

static void
a_question_about_ones_work_is_answered_with_its_date(void **state)
{
	const Vouch__Ticket *t = ask_about(gil, code_of(1), "Is anybody reading it?");

	(void)state;
	assert_non_null(t);
	assert_int_equal(strlen(t->code), strlen("T-7K3M-92QX"));
	assert_string_equal(t->state, "new");
	assert_string_equal(t->issuer->name, "Riverbend");
	assert_string_equal(t->submission->code, code_of(1));
	assert_string_equal(t->submission->state, "submitted");
	assert_string_equal(t->submission->due_date, "2026-12-11");
	assert_int_equal(t->submission->review_clock->business_day, 6);
	assert_false(t->submission->escalated);
	assert_int_equal(t->n_messages, 2);
	assert_string_equal(t->messages[0]->author, "requester");
	assert_string_equal(t->messages[1]->author, "system");
	assert_true(
	    ends_with(t, "Day 6 of 14. Result by Friday 11 December 2026, 23:59 (America/New_York)."));
	assert_int_equal(announced(&rpc_reviews_on_overdue_inquired), 0);
}

/* Spelling S of a code, from OUT: "v 7k3m 92qx 5", with O for 0 and l for 1. */
static char *
spoken(const char *code, char out[40])
{
	size_t n = 0;

	for (; *code != '\0'; code++)
		out[n++] = (char)(*code == '-' ? ' ' :
			*code == '0'           ? 'O' :
			*code == '1'           ? 'l' :
						 *code | 0x20);
	out[n] = '\0';
	return out;
}

static void
an_id_is_recognised_wherever_it_is_written(void **state)
{
	char spelling[40], body[200];
	const Vouch__Ticket *t;

	(void)state;
	snprintf(body, sizeof(body), "Hello,\nit is %s, thank you.", spoken(code_of(1), spelling));
	assert_non_null((t = ask_about(gil, "", body))->submission);
	snprintf(body, sizeof(body), "Not %s but %s", code_of(2), code_of(1)); /* the first that is theirs */
	assert_string_equal(ask_about(gil, "", body)->submission->code, code_of(1));
}

/* The answer to somebody else's ID and to one that nobody has is the same, word for word. */
static void
an_id_of_somebody_else_is_as_good_as_none(void **state)
{
	char nobodys[CODE_SIZE];
	const Vouch__Ticket *others, *unknown;

	(void)state;
	code_new(nobodys);
	others = ask_about(gil, code_of(2), "Where is it?");
	unknown = ask_about(gil, nobodys, "Where is it?");
	assert_null(others->submission);
	assert_null(unknown->submission);
	assert_string_equal(others->messages[1]->body, unknown->messages[1]->body);
	assert_string_equal(others->issuer->id, "platform");
	assert_int_equal(strncmp(others->id, "platform~", 9), 0);
	assert_true(ends_with(others, "could not match"));
	assert_string_equal(others->state, "new");
}

static void
the_same_key_asks_once(void **state)
{
	Vouch__CreateTicket create = VOUCH__CREATE_TICKET__INIT;
	const Vouch__Ticket *first, *again;

	(void)state;
	create.subject = (char *)"Twice";
	create.body = code_of(1);
	first = ask(gil, &rpc_tickets_create, &create, "k1");
	again = ask(gil, &rpc_tickets_create, &create, "k1");
	assert_string_equal(first->id, again->id);
	assert_int_equal(again->n_messages, 2);
	assert_string_equal(sql("SELECT count(*) FROM tickets"), "1");
	create.body = (char *)"Another question";
	refused(ask(gil, &rpc_tickets_create, &create, "k1"), VOUCH__STATUS__INVALID);
	/* The fact travels in the issuer's name, the reply stays under the asker's key. */
	now_is("2026-12-15T15:00:00Z");
	create.body = code_of(1);
	first = ask(gil, &rpc_tickets_create, &create, "k3");
	again = ask(gil, &rpc_tickets_create, &create, "k3");
	assert_string_equal(first->id, again->id);
	assert_int_equal(announced(&rpc_reviews_on_overdue_inquired), 1);
	refused(ask(nobody, &rpc_tickets_create, &create, "k2"), VOUCH__STATUS__UNAUTHENTICATED);
}

static void
late_work_is_escalated_once_however_many_ask(void **state)
{
	const Vouch__OverdueInquired *inquired;
	const Vouch__Ticket *t;

	(void)state;
	now_is("2026-12-15T15:00:00Z"); /* Tuesday; Monday is a holiday */
	t = ask_about(gil, code_of(1), "Where is it?");
	assert_string_equal(t->state, "waiting_review");
	assert_true(t->submission->escalated);
	assert_int_equal(t->submission->review_clock->business_days_late, 1);
	assert_true(ends_with(t, "We are late: the result was due by Friday 11 December 2026"));
	assert_true(ends_with(t, "moved to the front of the queue"));
	inquired = last_announced(&rpc_reviews_on_overdue_inquired);
	assert_string_equal(inquired->submission_id, uuid_of(1));
	assert_string_equal(inquired->code, code_of(1));
	assert_string_equal(inquired->ticket_id, strchr(t->id, '~') + 1);
	assert_string_equal(
	    sql("SELECT issuer_id FROM outbox WHERE rpc = 'Reviews.OnOverdueInquired'"), "riverbend");

	assert_string_equal(ask_about(gil, code_of(1), "And now?")->state, "waiting_review");
	assert_int_equal(announced(&rpc_reviews_on_overdue_inquired), 1);
}

static void
asking_again_escalates_what_became_late_meanwhile(void **state)
{
	const Vouch__Ticket *t = ask_about(gil, code_of(1), "Where is it?");

	(void)state;
	now_is("2026-12-15T15:00:00Z");
	t = say(gil, t->id, "It is late now.", false);
	assert_string_equal(t->state, "waiting_review");
	assert_true(ends_with(t, "moved to the front of the queue"));
	assert_int_equal(announced(&rpc_reviews_on_overdue_inquired), 1);
	assert_int_equal(say(gil, t->id, "Still?", false)->n_messages, 5); /* said once */
	assert_int_equal(announced(&rpc_reviews_on_overdue_inquired), 1);
}

/* ---- tickets follow (N-6) ---------------------------------------------------------------- */

static void
a_decision_answers_the_tickets_that_wait_for_it(void **state)
{
	const Vouch__Ticket *early = ask_about(gil, code_of(1), "Soon?"), *late;

	(void)state;
	now_is("2026-12-15T15:00:00Z");
	late = ask_about(gil, code_of(1), "Where is it?");
	assert_true(hear_decision(1, 5, "e1"));
	assert_true(hear_decision(1, 5, "e1")); /* delivered twice */
	assert_true(hear_decision(1, 5, ""));   /* sent twice */
	late = get(gil, late->id);
	assert_string_equal(late->state, "resolved");
	assert_string_equal(late->submission->state, "denied");
	assert_int_equal(late->n_messages, 3);
	assert_true(
	    ends_with(late, "Decided on Tuesday 15 December 2026 (America/New_York), 1 business day late."));
	early = get(gil, early->id);
	assert_string_equal(early->state, "new"); /* a person has yet to read it */
	assert_int_equal(early->n_messages, 3);
	assert_true(ends_with(ask_about(gil, code_of(1), "And?"), "The result and the feedback are on"));
	assert_int_equal(announced(&rpc_reviews_on_overdue_inquired), 1);
}

static void
an_older_fact_changes_nothing_and_an_unknown_one_comes_again(void **state)
{
	Vouch__SubmissionInReview in_review = VOUCH__SUBMISSION_IN_REVIEW__INIT;
	Vouch__SubmissionWithdrawn withdrawn = VOUCH__SUBMISSION_WITHDRAWN__INIT;

	(void)state;
	in_review.submission_id = withdrawn.submission_id = uuid_of(1);
	in_review.version = 4;
	withdrawn.version = 3;
	withdrawn.withdrawn_at = at("2026-12-01T15:00:00Z");
	assert_true(hear("riverbend", &rpc_tickets_on_submission_in_review, &in_review, ""));
	assert_true(hear("riverbend", &rpc_tickets_on_submission_withdrawn, &withdrawn, ""));
	assert_true(hear_work("riverbend", 1, GIL, 2, ""));
	assert_string_equal(
	    sql("SELECT state || version FROM submissions WHERE id = '%s'", uuid_of(1)), "in_review4");
	in_review.submission_id = uuid_of(7);
	assert_false(hear("riverbend", &rpc_tickets_on_submission_in_review, &in_review, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__UNAVAILABLE);
	assert_false(hear_decision(7, 1, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__UNAVAILABLE);
	assert_true(hear_issuer("riverbend", 2, "Riverbend College", ""));
	assert_true(hear_issuer("riverbend", 1, "Older", ""));
	assert_string_equal(sql("SELECT name FROM issuers"), "Riverbend College");
}

static void
withdrawn_work_ends_the_waiting_and_may_come_again(void **state)
{
	Vouch__SubmissionWithdrawn withdrawn = VOUCH__SUBMISSION_WITHDRAWN__INIT;
	const Vouch__Ticket *t;

	(void)state;
	now_is("2026-12-15T15:00:00Z");
	t = ask_about(gil, code_of(1), "Where is it?");
	withdrawn.submission_id = uuid_of(1);
	withdrawn.version = 2;
	withdrawn.withdrawn_at = at("2026-12-15T16:00:00Z");
	assert_true(hear("riverbend", &rpc_tickets_on_submission_withdrawn, &withdrawn, ""));
	t = get(gil, t->id);
	assert_string_equal(t->state, "resolved");
	assert_true(ends_with(t, "Withdrawn on"));
	assert_true(hear_work("riverbend", 1, GIL, 3, ""));
	assert_string_equal(get(gil, t->id)->submission->state, "submitted");
}

/* ---- who sees what (HLP-5) ---------------------------------------------------------------- */

static void
a_ticket_is_seen_by_its_person_and_its_agents(void **state)
{
	const Vouch__Ticket *about_work = ask_about(gil, code_of(1), "Where is it?");
	const Vouch__Ticket *plain = ask_about(gil, "", "How do I log in?");

	(void)state;
	assert_non_null(get(gil, about_work->id));
	assert_non_null(get(amy, about_work->id));
	assert_non_null(get(lou, about_work->id));
	assert_non_null(get(lou, plain->id));
	refused(get(amy, plain->id), VOUCH__STATUS__NOT_FOUND);
	refused(get(far_agent, about_work->id), VOUCH__STATUS__NOT_FOUND);
	refused(get(hal, about_work->id), VOUCH__STATUS__NOT_FOUND);
	refused(say(hal, about_work->id, "Me too", false), VOUCH__STATUS__NOT_FOUND);
	refused(set_state(far_agent, about_work->id, "resolved"), VOUCH__STATUS__NOT_FOUND);
	refused(get(nobody, about_work->id), VOUCH__STATUS__UNAUTHENTICATED);
	refused(get(gil, "riverbend~018f0000-0000-7000-8000-00000000ffff"), VOUCH__STATUS__NOT_FOUND);
}

static void
notes_between_agents_stay_between_agents(void **state)
{
	const Vouch__Ticket *t = ask_about(gil, code_of(1), "Where is it?");

	(void)state;
	t = say(amy, t->id, "Has somebody called?", true);
	assert_string_equal(t->state, "open");
	assert_true(t->messages[2]->internal);
	assert_int_equal(announced(&rpc_notifications_on_ticket_answered), 0);
	assert_int_equal(get(lou, t->id)->n_messages, 3);
	assert_int_equal(get(gil, t->id)->n_messages, 2);
	refused(say(gil, t->id, "My own note", true), VOUCH__STATUS__INVALID);
	assert_true(complained_about("internal"));
	/* An agent who asks is a person who asks. */
	t = ask_about(amy, "", "A question of my own");
	assert_non_null(say(lou, t->id, "About a colleague", true));
	assert_int_equal(get((struct who){AMY, "*", {VOUCH__ROLE__HELPDESK_LEAD}}, t->id)->n_messages, 2);
}

/* ---- the talk ------------------------------------------------------------------------------ */

static void
an_answer_waits_for_the_person_and_a_reply_opens(void **state)
{
	const Vouch__Ticket *t = ask_about(gil, code_of(1), "Where is it?");
	const Vouch__TicketAnswered *answered;

	(void)state;
	t = say(amy, t->id, "Which part is missing?", false);
	assert_string_equal(t->state, "waiting_person");
	assert_string_equal(t->messages[2]->author, "agent");
	answered = last_announced(&rpc_notifications_on_ticket_answered);
	assert_string_equal(answered->requester_id, GIL);
	assert_string_equal(answered->code, t->code);
	assert_string_equal(answered->message_id, t->messages[2]->id);
	assert_int_equal(answered->version, t->version);
	t = say(gil, t->id, "The second one.", false);
	assert_string_equal(t->state, "open");
	assert_int_equal(announced(&rpc_notifications_on_ticket_answered), 1);
}

static void
what_is_solved_can_be_opened_for_14_days(void **state)
{
	const Vouch__Ticket *t = ask_about(gil, code_of(1), "Where is it?");

	(void)state;
	refused(set_state(gil, t->id, "waiting_review"), VOUCH__STATUS__INVALID);
	assert_string_equal(set_state(gil, t->id, "resolved")->state, "resolved");
	now_is("2026-12-15T14:59:59Z");
	assert_int_equal(get(gil, t->id)->n_messages, 2);
	assert_string_equal(set_state(gil, t->id, "open")->state, "open");
	assert_string_equal(set_state(amy, t->id, "resolved")->state, "resolved");
	now_is("2026-12-29T14:59:58Z");
	assert_int_equal(
	    say(gil, t->id, "Not solved", false)->n_messages, 4); /* and late by now: escalated */
	set_state(amy, t->id, "resolved");
	now_is("2027-01-12T15:00:00Z");
	refused(say(gil, t->id, "Too late", false), VOUCH__STATUS__CONFLICT);
	refused(set_state(gil, t->id, "open"), VOUCH__STATUS__CONFLICT);
	assert_string_equal(set_state(amy, t->id, "open")->state, "open");
}

static void
a_ticket_holds_what_one_answer_can_show(void **state)
{
	static char long_body[20001];
	const Vouch__Ticket *t = ask_about(gil, "", "Where is it?");
	int said = 0;

	(void)state;
	memset(long_body, 'a', 20000);
	while (said < 100 && say(gil, t->id, long_body, false) != NULL)
		said++;
	assert_int_equal(answer.status, VOUCH__STATUS__CONFLICT);
	assert_int_equal(said, 26); /* 512 KiB */
	assert_int_equal(get(gil, t->id)->n_messages, 28);
}

/* ---- lists ------------------------------------------------------------------------------------ */

static const Vouch__TicketList *
list_tickets(struct who who, const char *queue, const char *state, int limit, const char *cursor)
{
	Vouch__ListTickets list = VOUCH__LIST_TICKETS__INIT;
	char *states[] = {(char *)state};

	list.queue = (char *)queue;
	list.state = states;
	list.n_state = state[0] != '\0';
	list.limit = limit;
	list.cursor = (char *)cursor;
	return ask(who, &rpc_tickets_list, &list, "");
}

static void
lists_show_ones_own_and_the_desk(void **state)
{
	const Vouch__TicketList *page;

	(void)state;
	ask_about(gil, code_of(1), "One");
	test_now += 1000;
	ask_about(gil, "", "Two");
	test_now += 1000;
	ask_about(hal, code_of(2), "Three");
	page = list_tickets(gil, "", "", 1, "");
	assert_int_equal(page->n_items, 1);
	assert_string_equal(page->items[0]->submission_code, "");
	page = list_tickets(gil, "mine", "", 1, page->next);
	assert_string_equal(page->items[0]->submission_code, code_of(1));
	assert_string_equal(page->next, "");
	assert_int_equal(list_tickets(amy, "desk", "", 0, "")->n_items, 2);
	assert_int_equal(list_tickets(lou, "desk", "", 0, "")->n_items, 3);
	assert_int_equal(list_tickets(far_agent, "desk", "", 0, "")->n_items, 0);
	assert_int_equal(list_tickets(lou, "desk", "open", 0, "")->n_items, 0);
	page = list_tickets(lou, "desk", "new", 2, "");
	assert_int_equal(list_tickets(lou, "desk", "new", 2, page->next)->n_items, 1);
	refused(list_tickets(gil, "desk", "", 0, ""), VOUCH__STATUS__FORBIDDEN);
	refused(list_tickets(gil, "all", "", 0, ""), VOUCH__STATUS__MALFORMED);
	refused(list_tickets(gil, "", "lost", 0, ""), VOUCH__STATUS__MALFORMED);
	refused(list_tickets(gil, "", "", 0, "WyJ4Il0"), VOUCH__STATUS__INVALID); /* ["x"] */
	assert_true(complained_about("cursor"));
}

/* ---- by itself ---------------------------------------------------------------------------------- */

/* Jobs run on the database's clock, so what is old is made old. */
static void
silence_is_reminded_solved_and_closed(void **state)
{
	const Vouch__Ticket *t = ask_about(gil, code_of(1), "Where is it?");

	(void)state;
	say(amy, t->id, "Which part?", false);
	sql("UPDATE tickets SET waiting_since = clock_timestamp() - interval '6 days 23 hours'");
	run_job("tickets");
	assert_string_equal(get(gil, t->id)->state, "waiting_person");
	assert_int_equal(get(gil, t->id)->n_messages, 3);

	sql("UPDATE tickets SET waiting_since = clock_timestamp() - interval '8 days'");
	run_job("tickets");
	run_job("tickets");
	assert_int_equal(get(gil, t->id)->n_messages, 4); /* reminded once */
	assert_true(ends_with(get(gil, t->id), "counts as solved in 14 days"));
	assert_int_equal(announced(&rpc_notifications_on_ticket_answered), 2);

	sql("UPDATE tickets SET reminded_at = clock_timestamp() - interval '15 days'");
	run_job("tickets");
	assert_string_equal(get(gil, t->id)->state, "resolved");
	assert_true(ends_with(get(gil, t->id), "As there was no answer"));
	sql("UPDATE tickets SET resolved_at = clock_timestamp() - interval '15 days'");
	run_job("tickets");
	assert_string_equal(get(gil, t->id)->state, "closed");
	refused(set_state(amy, t->id, "open"), VOUCH__STATUS__CONFLICT);
	refused(say(amy, t->id, "One more thing", false), VOUCH__STATUS__CONFLICT);
}

static void
an_answer_in_time_begins_the_wait_anew(void **state)
{
	const Vouch__Ticket *t = ask_about(gil, code_of(1), "Where is it?");

	(void)state;
	say(amy, t->id, "Which part?", false);
	sql("UPDATE tickets SET waiting_since = clock_timestamp() - interval '8 days'");
	run_job("tickets");
	test_now = 0; /* the database's own clock from here on */
	say(amy, t->id, "Or rather: which file?", false);
	assert_string_equal(sql("SELECT waiting_since > clock_timestamp() - interval '1 hour' AND "
				"reminded_at IS NULL FROM tickets"),
	    "t");
}

static void
names_stand_beside_messages(void **state)
{
	const Vouch__Ticket *t;

	(void)state;
	assert_true(hear_work("riverbend", 3, GIL, 1, ""));
	t = ask_about(gil, code_of(3), "Where is it?");
	assert_string_equal(t->messages[0]->author_name, ""); /* not known yet */
	assert_true(hear_person(GIL, 2, "Gil"));
	assert_true(hear_person(GIL, 1, "An older name"));
	assert_true(hear_person(AMY, 1, "Amy"));
	t = say(amy, t->id, "Somebody reads it.", false);
	assert_string_equal(t->messages[0]->author_name, "Gil");
	assert_string_equal(t->messages[1]->author_name, "");
	assert_string_equal(t->messages[2]->author_name, "Amy");
}

static int
open_service(void **state)
{
	(void)state;
	return harness_open(&helpdesk_service);
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
		ARTICLE_TESTS,
		TEST(a_question_about_ones_work_is_answered_with_its_date),
		TEST(an_id_is_recognised_wherever_it_is_written),
		TEST(an_id_of_somebody_else_is_as_good_as_none),
		TEST(the_same_key_asks_once),
		TEST(late_work_is_escalated_once_however_many_ask),
		TEST(asking_again_escalates_what_became_late_meanwhile),
		TEST(a_decision_answers_the_tickets_that_wait_for_it),
		TEST(an_older_fact_changes_nothing_and_an_unknown_one_comes_again),
		TEST(withdrawn_work_ends_the_waiting_and_may_come_again),
		TEST(a_ticket_is_seen_by_its_person_and_its_agents),
		TEST(notes_between_agents_stay_between_agents),
		TEST(an_answer_waits_for_the_person_and_a_reply_opens),
		TEST(what_is_solved_can_be_opened_for_14_days),
		TEST(a_ticket_holds_what_one_answer_can_show),
		TEST(lists_show_ones_own_and_the_desk),
		TEST(silence_is_reminded_solved_and_closed),
		TEST(an_answer_in_time_begins_the_wait_anew),
		TEST(names_stand_beside_messages),
	};

	return harness_run(tests, open_service, close_service);
}
