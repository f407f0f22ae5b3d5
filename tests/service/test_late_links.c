// links: helpdesk_service
/* Tickets that name a submission before the helpdesk has heard of it, or name one that is none. */
#include "helpdesk_world.h"

static int
begin(void **state)
{
	(void)state;
	sql("TRUNCATE messages, escalations, tickets, submissions, issuers, people, outbox, done");
	now_is("2026-12-01T15:00:00Z");
	return hear_issuer("riverbend", 1, "Riverbend", "") ? 0 : -1;
}

static void
a_ticket_is_linked_when_its_submission_is_heard_of(void **state)
{
	const Vouch__Ticket *t = ask_about(gil, code_of(3), "Where is it?");
	char id[80];

	(void)state;
	assert_null(t->submission);
	assert_string_equal(t->issuer->id, "platform");
	snprintf(id, sizeof(id), "%s", t->id);
	refused(get(amy, id), VOUCH__STATUS__NOT_FOUND);

	assert_true(hear_work("riverbend", 3, GIL, 1, "submission/3"));
	assert_true(hear_work("riverbend", 3, GIL, 1, "submission/3")); /* the same delivery again */

	t = get(gil, id); /* whoever has the old id finds it */
	assert_int_equal(strncmp(t->id, "riverbend~", 10), 0);
	assert_string_equal(t->issuer->name, "Riverbend");
	assert_string_equal(t->submission->code, code_of(3));
	assert_int_equal(t->n_messages, 3);
	assert_true(ends_with(t, "Result by Friday 11 December 2026"));
	assert_int_equal(announced(&rpc_notifications_on_ticket_answered), 1);
	assert_int_equal(announced(&rpc_reviews_on_overdue_inquired), 0);

	assert_true(hear_work("riverbend", 3, GIL, 2, "submission/4")); /* handed in once more */
	assert_int_equal(get(gil, t->id)->n_messages, 3);
	assert_non_null(say(gil, id, "Thank you", false));
	assert_int_equal(get(amy, t->id)->n_messages, 4);
	assert_string_equal(set_state(gil, id, "resolved")->state, "resolved");
}

static void
a_ticket_is_linked_late_to_ones_own_work_alone(void **state)
{
	const Vouch__Ticket *t = ask_about(hal, code_of(3), "Where is it?");

	(void)state;
	assert_true(hear_work("riverbend", 3, GIL, 1, ""));
	t = get(hal, t->id);
	assert_null(t->submission);
	assert_int_equal(t->n_messages, 2);
	assert_int_equal(announced(&rpc_notifications_on_ticket_answered), 0);
}

static void
work_that_is_late_when_it_is_heard_of_is_escalated_once(void **state)
{
	const Vouch__Ticket *one, *two;

	(void)state;
	now_is("2026-12-15T15:00:00Z");
	one = ask_about(gil, code_of(3), "Where is it?");
	two = ask_about(gil, "", code_of(3));
	assert_true(hear_work("riverbend", 3, GIL, 1, ""));
	assert_string_equal(get(gil, one->id)->state, "waiting_review");
	assert_string_equal(get(gil, two->id)->state, "waiting_review");
	assert_true(ends_with(get(gil, two->id), "moved to the front of the queue"));
	assert_int_equal(announced(&rpc_reviews_on_overdue_inquired), 1);
	assert_true(hear_decision(3, 2, ""));
	assert_string_equal(get(gil, one->id)->state, "resolved");
}

static void
what_is_closed_stays_closed(void **state)
{
	const Vouch__Ticket *t = ask_about(gil, code_of(3), "Where is it?");

	(void)state;
	sql("UPDATE tickets SET state = 'closed', resolved_at = created_at");
	assert_true(hear_work("riverbend", 3, GIL, 1, ""));
	assert_null(get(gil, t->id)->submission);
}

static void
a_mistyped_id_is_told(void **state)
{
	char code[CODE_SIZE];
	const Vouch__Ticket *t;

	(void)state;
	memcpy(code, code_of(1), CODE_SIZE);
	code[3] = code[3] == 'A' ? 'B' : 'A';
	t = ask_about(gil, "", code);
	assert_null(t->submission);
	assert_true(ends_with(t, "A character of the submission ID"));
	assert_true(
	    ends_with(ask_about(gil, "my work", "Where is it?"), "is none: one looks like V-7K3M-92QX-5"));
	assert_true(
	    ends_with(ask_about(gil, "", "How do I log in?"), "If it is about a submission, write its ID"));
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
	harness_close(); /* which statements ran is test_helpdesk's matter */
	return 0;
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_ticket_is_linked_when_its_submission_is_heard_of),
		TEST(a_ticket_is_linked_late_to_ones_own_work_alone),
		TEST(work_that_is_late_when_it_is_heard_of_is_escalated_once),
		TEST(what_is_closed_stays_closed),
		TEST(a_mistyped_id_is_told),
	};

	return harness_run(tests, open_service, close_service);
}
