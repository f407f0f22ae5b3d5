// links: notification_service
/* test_notification.c: who hears of what, what they read, and when a mail waits. */
#include "notification_world.h"

/* ---- submissions ------------------------------------------------------------------- */

static void
an_earner_gets_a_receipt_and_the_pool_hears_of_it(void **state)
{
	const char *earner = somebody("", VOUCH__ROLE__NOBODY),
		   *assessor = somebody("riverbend", VOUCH__ROLE__ASSESSOR);
	const char *other = somebody("northfield", VOUCH__ROLE__ASSESSOR),
		   *lead = somebody("riverbend", VOUCH__ROLE__POOL_LEAD);
	const Vouch__Notification *n;

	(void)state;
	call_issuer_names("riverbend", "Riverbend College", 2);
	receive("riverbend", earner, uuid_of(1), "Formative feedback", "submission/1");
	receive("riverbend", earner, uuid_of(1), "Formative feedback", "submission/1"); /* delivered again */
	receive("riverbend", earner, uuid_of(1), "Formative feedback", "submission/2"); /* announced again */

	assert_int_equal(inbox(earner)->n_items, 1);
	n = inbox(earner)->items[0];
	assert_string_equal(n->kind, "submission_received");
	assert_string_equal(n->title, "We have your work: Formative feedback");
	assert_non_null(strstr(n->body, "V-7K3M-92QX-5"));
	assert_non_null(strstr(n->body, "Riverbend College"));
	assert_non_null(strstr(n->body, "by Monday 12 October 2026 (New York)"));
	assert_non_null(strstr(n->body, "Tuesday 13 October 2026, 05:59 (Berlin)"));
	assert_string_equal(n->link, sql("SELECT '/submissions/riverbend~%s'", uuid_of(1)));
	assert_string_equal(n->submission_code, "V-7K3M-92QX-5");
	assert_string_equal(n->issuer_id, "riverbend");
	assert_null(n->read_at);
	assert_string_equal(mails(earner), "submission_received");

	assert_string_equal(kinds(assessor), "pool_submission");
	assert_string_equal(mails(assessor), "");
	assert_string_equal(inbox(assessor)->items[0]->submission_id, ""); /* blind */
	assert_string_equal(kinds(other), "");
	assert_string_equal(kinds(lead), "");
}

/* More than are read at once; each of them once, though the fact comes twice. */
static void
a_large_pool_is_told_to_the_last_assessor(void **state)
{
	const char *earner = somebody("", VOUCH__ROLE__NOBODY);

	(void)state;
	sql("INSERT INTO people (account_id, version, email, name, locale, time_zone, confirmed, roles) "
	    "SELECT gen_random_uuid(), 1, 'a' || n || '@example.org', 'A', 'en', '', true, "
	    "'[{\"issuerId\": \"large\", \"role\": \"assessor\"}]' FROM generate_series(1, 1203) n");
	receive("large", earner, uuid_of(3), "Formative feedback", "submission/31");
	receive("large", earner, uuid_of(3), "Formative feedback", "submission/32");

	assert_string_equal(sql("SELECT count(*) || ' ' || count(DISTINCT account_id) FROM inbox "
				"WHERE issuer_id = 'large' AND kind = 'pool_submission'"),
	    "1203 1203");
}

static void
each_step_is_told_to_the_earner(void **state)
{
	const char *earner = somebody("", VOUCH__ROLE__NOBODY);
	Vouch__SubmissionInReview review = VOUCH__SUBMISSION_IN_REVIEW__INIT;
	Vouch__SubmissionWithdrawn withdrawn = VOUCH__SUBMISSION_WITHDRAWN__INIT;
	Vouch__CredentialIssued issued = VOUCH__CREDENTIAL_ISSUED__INIT;

	(void)state;
	review.submission_id = withdrawn.submission_id = issued.submission_id = uuid_of(4);
	review.code = withdrawn.code = issued.code = "V-7K3M-92QX-5";
	review.earner_id = withdrawn.earner_id = issued.earner_id = (char *)earner;
	review.title = withdrawn.title = issued.title = "Formative feedback";
	issued.credential_id = uuid_of(5);
	assert_true(hear("riverbend", &rpc_notifications_on_submission_in_review, &review, ""));
	assert_true(hear("riverbend", &rpc_notifications_on_submission_withdrawn, &withdrawn, ""));
	assert_true(hear("riverbend", &rpc_notifications_on_credential_issued, &issued, ""));
	assert_true(hear("riverbend", &rpc_notifications_on_credential_issued, &issued, ""));
	assert_string_equal(kinds(earner), "submission_in_review submission_withdrawn credential_issued");
	assert_string_equal(mails(earner), "submission_withdrawn credential_issued");
	assert_string_equal(inbox(earner)->items[0]->link, sql("SELECT '/c/riverbend~%s'", uuid_of(5)));
}

static void
what_is_due_soon_is_told_to_whoever_can_act(void **state)
{
	const char *earner = somebody("", VOUCH__ROLE__NOBODY),
		   *assessor = somebody("clock1", VOUCH__ROLE__ASSESSOR);
	const char *lead = somebody("clock1", VOUCH__ROLE__POOL_LEAD);

	(void)state;
	reach_stage("clock1", "due_2", earner, assessor, uuid_of(8));
	assert_string_equal(kinds(assessor), "review_due");
	assert_string_equal(mails(assessor), "review_due");
	assert_string_equal(inbox(assessor)->items[0]->title, "Due in 2 business days: Formative feedback");
	assert_string_equal(kinds(lead), "");
	reach_stage("clock1", "due_0", earner, "", uuid_of(9));
	assert_string_equal(kinds(lead), "review_due");
	assert_string_equal(inbox(lead)->items[0]->title, "Due today: Formative feedback");
	assert_string_equal(kinds(earner), "");
	reach_stage("clock1", "something_new", earner, assessor, uuid_of(9));
	assert_string_equal(kinds(assessor), "review_due");
}

static void
a_question_reaches_assessor_and_lead(void **state)
{
	const char *assessor = somebody("asked", VOUCH__ROLE__ASSESSOR),
		   *lead = somebody("asked", VOUCH__ROLE__POOL_LEAD);
	Vouch__ReviewEscalated e = VOUCH__REVIEW_ESCALATED__INIT;

	(void)state;
	e.submission_id = uuid_of(11);
	e.review_id = uuid_of(12);
	e.code = "V-7K3M-92QX-5";
	e.title = "Formative feedback";
	e.assessor_id = (char *)assessor;
	assert_true(hear("asked", &rpc_notifications_on_review_escalated, &e, ""));
	assert_string_equal(kinds(assessor), "review_escalated");
	assert_string_equal(kinds(lead), "review_escalated");
	assert_string_equal(inbox(lead)->items[0]->link, sql("SELECT '/queue/asked~%s'", uuid_of(12)));
}

static void
an_answer_of_the_help_desk_is_told_without_the_subject(void **state)
{
	const char *earner = somebody("", VOUCH__ROLE__NOBODY);
	Vouch__TicketAnswered e = VOUCH__TICKET_ANSWERED__INIT;

	(void)state;
	e.ticket_id = uuid_of(13);
	e.message_id = uuid_of(14);
	e.code = "T-1234";
	e.requester_id = (char *)earner;
	e.subject = "My student Jane";
	assert_true(hear("riverbend", &rpc_notifications_on_ticket_answered, &e, ""));
	assert_true(hear("riverbend", &rpc_notifications_on_ticket_answered, &e, ""));
	assert_int_equal(inbox(earner)->n_items, 1);
	assert_non_null(strstr(inbox(earner)->items[0]->body, "My student Jane"));
	send_all();
	assert_non_null(strstr(spooled(earner), "T-1234"));
	assert_null(strstr(spooled(earner), "Jane"));
}

/* ---- the inbox --------------------------------------------------------------------- */

static void
the_inbox_is_read_page_by_page_and_marked(void **state)
{
	const char *earner = somebody("", VOUCH__ROLE__NOBODY), *other = somebody("", VOUCH__ROLE__NOBODY);
	Vouch__ListNotifications list = VOUCH__LIST_NOTIFICATIONS__INIT;
	Vouch__ReadNotification read = VOUCH__READ_NOTIFICATION__INIT;
	Vouch__ReadAllNotifications all = VOUCH__READ_ALL_NOTIFICATIONS__INIT;
	const Vouch__NotificationList *page;
	const Vouch__Notification *n;

	(void)state;
	for (unsigned i = 0; i < 5; i++)
		decide(earner, uuid_of(200 + i), VOUCH__OUTCOME__AWARDED, false);
	list.limit = 3;
	assert_non_null(page = ask(as(earner), &rpc_notifications_list, &list, ""));
	assert_int_equal(page->n_items, 3);
	assert_true(page->unread == 5);
	assert_string_equal(page->items[0]->submission_id, sql("SELECT 'riverbend~%s'", uuid_of(204)));
	list.cursor = page->next;
	assert_non_null(page = ask(as(earner), &rpc_notifications_list, &list, ""));
	assert_int_equal(page->n_items, 2);
	assert_string_equal(page->next, "");

	read.id = page->items[1]->id;
	assert_non_null(n = ask(as(earner), &rpc_notifications_read, &read, ""));
	assert_non_null(n->read_at);
	assert_null(ask(as(other), &rpc_notifications_read, &read, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
	assert_true(inbox(earner)->unread == 4);
	list.cursor = "";
	list.limit = 0;
	list.unread = true;
	assert_non_null(page = ask(as(earner), &rpc_notifications_list, &list, ""));
	assert_int_equal(page->n_items, 4);

	assert_non_null(ask(as(earner), &rpc_notifications_read_all, &all, ""));
	assert_true(inbox(earner)->unread == 0);
	assert_non_null(inbox(earner)->items[0]->read_at);
	decide(earner, uuid_of(205), VOUCH__OUTCOME__AWARDED, false);
	assert_non_null(page = ask(as(earner), &rpc_notifications_list, &list, ""));
	assert_int_equal(page->n_items, 1);
	assert_true(page->unread == 1);

	list.cursor = "WyJ4Il0"; /* ["x"] */
	assert_null(ask(as(earner), &rpc_notifications_list, &list, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__INVALID);
	list.cursor = "";
	assert_null(ask(as(""), &rpc_notifications_list, &list, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__UNAUTHENTICATED);
}

static void
live_streams_go_on_where_they_were(void **state)
{
	const char *one = somebody("", VOUCH__ROLE__NOBODY), *two = somebody("", VOUCH__ROLE__NOBODY);
	const struct who gateway = {"", "", {VOUCH__ROLE__SERVICE}};
	Vouch__LiveQuery req = VOUCH__LIVE_QUERY__INIT;
	Vouch__LiveCursor a = VOUCH__LIVE_CURSOR__INIT, b = VOUCH__LIVE_CURSOR__INIT, *cursors[2] = {&a, &b};
	const Vouch__LiveEvents *events;

	(void)state;
	for (unsigned i = 0; i < 60; i++)
		decide(one, uuid_of(300 + i), VOUCH__OUTCOME__AWARDED, false);
	decide(two, uuid_of(400), VOUCH__OUTCOME__AWARDED, false);
	a.account_id = (char *)one;
	b.account_id = (char *)two;
	req.cursors = cursors;
	req.n_cursors = 2;
	assert_non_null(events = ask(gateway, &rpc_notifications_since, &req, ""));
	assert_int_equal(events->n_items, 51); /* fifty of one at a time */
	assert_true(events->items[0]->number == 1);
	assert_true(events->items[49]->number == 50);
	assert_string_equal(events->items[50]->account_id, two);
	assert_string_equal(events->items[50]->kind, "decision");
	assert_string_equal(events->items[50]->notification->title, "Awarded: Formative feedback");
	assert_non_null(events->items[50]->notification->created_at);

	a.after = 58;
	b.end = true;
	assert_non_null(events = ask(gateway, &rpc_notifications_since, &req, ""));
	assert_int_equal(events->n_items, 3);
	assert_true(events->items[1]->number == 60);
	assert_string_equal(events->items[2]->kind, "");
	assert_true(events->items[2]->number == 1);
	assert_null(events->items[2]->notification);
	assert_null(ask(as(one), &rpc_notifications_since, &req, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__FORBIDDEN);
}

static void
people_choose_what_they_hear_but_for_decisions(void **state)
{
	const char *earner = somebody("", VOUCH__ROLE__NOBODY);
	Vouch__AskPreferences get = VOUCH__ASK_PREFERENCES__INIT;
	const Vouch__Preferences *p;

	(void)state;
	assert_non_null(p = ask(as(earner), &rpc_notifications_list_preferences, &get, ""));
	assert_int_equal(p->n_items, 11);
	assert_string_equal(p->items[0]->kind, "submission_received");
	assert_true(p->items[0]->mail && p->items[0]->inbox && !p->items[0]->required);
	assert_string_equal(p->items[3]->kind, "decision");
	assert_true(p->items[3]->required);

	prefer(earner, "submission_received", false, false);
	assert_int_equal(answer.status, VOUCH__STATUS__OK);
	assert_non_null(p = ask(as(earner), &rpc_notifications_list_preferences, &get, ""));
	assert_false(p->items[0]->mail || p->items[0]->inbox);
	receive("riverbend", earner, uuid_of(20), "T", "");
	assert_string_equal(kinds(earner), "");
	assert_string_equal(mails(earner), "");

	prefer(earner, "decision", false, false);
	assert_int_equal(answer.status, VOUCH__STATUS__INVALID);
	assert_true(complained_about("items[0].mail"));
	assert_true(complained_about("items[0].inbox"));
	prefer(earner, "confirmation", false, false);
	assert_true(complained_about("items[0].kind"));
	prefer(earner, "no_such", true, true);
	assert_true(complained_about("items[0].kind"));
	/* Even a row that should not be there does not silence a decision. */
	sql("INSERT INTO preferences VALUES ('%s', 'decision', false, false)", earner);
	decide(earner, uuid_of(21), VOUCH__OUTCOME__AWARDED, false);
	assert_string_equal(kinds(earner), "decision");
	assert_string_equal(mails(earner), "decision");
}

/* ---- mails ------------------------------------------------------------------------- */

static void
a_secret_link_goes_to_the_address_that_asked_and_is_forgotten(void **state)
{
	Vouch__ConfirmationAsked e = VOUCH__CONFIRMATION_ASKED__INIT;
	Google__Protobuf__Timestamp end = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
	const char *account = sql("SELECT '%s'", uuid_of(people++)); /* nobody that is known yet */
	const char *text;

	(void)state;
	end.seconds = atoll(sql("SELECT extract(epoch FROM clock_timestamp())::bigint + 3600"));
	e.account_id = (char *)account;
	e.email = "asked@example.org";
	e.name = "Gil\r\nBcc: all@example.org";
	e.token = "vl_secret_secret";
	e.expires_at = &end;
	assert_true(hear("", &rpc_notifications_on_confirmation_asked, &e, "identity/1"));
	assert_true(hear("", &rpc_notifications_on_confirmation_asked, &e, "identity/1"));
	assert_string_equal(kinds(account), "");
	assert_string_equal(mails(account), "confirmation");
	send_all();
	text = spooled(account);
	assert_non_null(strstr(text, "asked@example.org"));
	assert_non_null(strstr(text, "Hello Gil Bcc: all@example.org,"));
	assert_null(strstr(text, "\nBcc:"));
	assert_non_null(strstr(text, "https://vouch.example.org/confirm#token=3Dvl_secret_secret"));
	assert_string_equal(
	    sql("SELECT state || ' ' || link FROM mails WHERE account_id = '%s'", account), "sent ");

	/* Too late is not at all. */
	e.reset = true;
	end.seconds -= 7200;
	assert_true(hear("", &rpc_notifications_on_confirmation_asked, &e, "identity/2"));
	send_all();
	assert_string_equal(
	    sql("SELECT state || ' ' || link FROM mails WHERE account_id = '%s' AND kind = 'password'",
		account),
	    "failed ");
}

static void
a_folder_that_is_away_is_waited_for(void **state)
{
	const char *earner = somebody("", VOUCH__ROLE__NOBODY);
	char away[64];
	int tries = 0;

	(void)state;
	send_all();
	snprintf(away, sizeof(away), "%s.away", spool);
	assert_int_equal(rename(spool, away), 0);
	for (unsigned i = 0; i < 3; i++)
		decide(earner, uuid_of(600 + i), VOUCH__OUTCOME__AWARDED, false);
	assert_false(run_job("mails"));
	/* One was tried and waits its minute; the others go back untouched. */
	assert_string_equal(
	    sql("SELECT string_agg(tries || error, ' ' ORDER BY tries) FROM mails WHERE account_id = '%s'",
		earner),
	    "0 0 1folder: No such file or directory");
	assert_string_equal(sql("SELECT count(*) FROM mails WHERE account_id = '%s' AND next_at > "
				"clock_timestamp() + interval '40 s'"
				" AND next_at < clock_timestamp() + interval '80 s'",
				earner),
	    "1");
	/* The breaker: nothing more is taken for a moment. */
	assert_false(run_job("mails"));
	assert_string_equal(sql("SELECT sum(tries) FROM mails WHERE account_id = '%s'", earner), "1");
	assert_int_equal(rename(away, spool), 0);
	sql("UPDATE mails SET next_at = clock_timestamp() WHERE account_id = '%s'", earner);
	while (strcmp(sql("SELECT count(*) FROM mails WHERE account_id = '%s' AND state = 'sent'", earner),
		   "3") != 0 &&
	    tries++ < 500) {
		run_job("mails");
		usleep(10000);
	}
	assert_non_null(strstr(spooled(earner), "Your result is there"));
}

static void
a_mail_is_given_up_after_five_days_and_the_reader_told(void **state)
{
	const char *earner = somebody("", VOUCH__ROLE__NOBODY);

	(void)state;
	decide(earner, uuid_of(26), VOUCH__OUTCOME__AWARDED, false);
	sql("UPDATE mails SET queued_at = queued_at - interval '121 h' WHERE account_id = '%s'", earner);
	send_all();
	assert_string_equal(sql("SELECT state FROM mails WHERE account_id = '%s'", earner), "failed");
	assert_string_equal(kinds(earner), "decision mail_failed");
	assert_string_equal(mails(earner), "decision");
}

static void
what_is_long_done_is_forgotten(void **state)
{
	const char *earner = somebody("", VOUCH__ROLE__NOBODY);

	(void)state;
	decide(earner, uuid_of(27), VOUCH__OUTCOME__AWARDED, false);
	send_all();
	run_job("purge");
	assert_string_equal(mails(earner), "decision");
	sql("UPDATE mails SET done_at = done_at - interval '91 days' WHERE account_id = '%s'", earner);
	run_job("purge");
	assert_string_equal(mails(earner), "");
	assert_string_equal(kinds(earner), "decision");
}

static int
open_group(void **state)
{
	(void)state;
	return spool_open();
}

static int
close_group(void **state)
{
	(void)state;
	spool_remove();
	return harness_close();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_earner_gets_a_receipt_and_the_pool_hears_of_it),
		cmocka_unit_test(a_large_pool_is_told_to_the_last_assessor),
		cmocka_unit_test(each_step_is_told_to_the_earner),
		cmocka_unit_test(what_is_due_soon_is_told_to_whoever_can_act),
		cmocka_unit_test(a_question_reaches_assessor_and_lead),
		cmocka_unit_test(an_answer_of_the_help_desk_is_told_without_the_subject),
		cmocka_unit_test(the_inbox_is_read_page_by_page_and_marked),
		cmocka_unit_test(live_streams_go_on_where_they_were),
		cmocka_unit_test(people_choose_what_they_hear_but_for_decisions),
		cmocka_unit_test(a_secret_link_goes_to_the_address_that_asked_and_is_forgotten),
		cmocka_unit_test(a_folder_that_is_away_is_waited_for),
		cmocka_unit_test(a_mail_is_given_up_after_five_days_and_the_reader_told),
		cmocka_unit_test(what_is_long_done_is_forgotten),
	};

	return harness_run(tests, open_group, close_group);
}
