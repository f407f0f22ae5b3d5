// links: notification_service
// links: notification_service
/* test_notification.c: who hears of what, in the inbox and by mail into a folder. */
#include "harness.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "notification.rpc.h"

extern const struct service notification_service;

static char spool[] = "/tmp/vouch-spool.XXXXXX";
static unsigned people = 100;		/* each test has people of its own */

/* ---- steps ---------------------------------------------------------------------- */

static struct who
as(const char *account)
{
	return (struct who){account, "", {0}};
}

static void
know(const char *account, const char *name, const char *zone, const char *issuer, Vouch__Role role, bool confirmed)
{
	static int64_t version = 1;
	Vouch__AccountChanged e = VOUCH__ACCOUNT_CHANGED__INIT;
	Vouch__Grant grant = VOUCH__GRANT__INIT, *grants[1] = {&grant};
	char email[80];

	snprintf(email, sizeof(email), "%.36s@example.org", account);
	e.account_id = (char *)account;
	e.version = version++;
	e.email = email;
	e.name = (char *)name;
	e.locale = "en";
	e.time_zone = (char *)zone;
	e.confirmed = confirmed;
	grant.issuer_id = (char *)issuer;
	grant.role = role;
	e.roles = grants;
	e.n_roles = role != VOUCH__ROLE__NOBODY;
	assert_true(hear("", &rpc_notifications_on_account_changed, &e, ""));
}

/* A person of this test alone, as the arena's copy. */
static const char *
somebody(const char *issuer, Vouch__Role role)
{
	const char *account = sql("SELECT '%s'", uuid_of(people++));

	know(account, "Ada Lind", "Europe/Berlin", issuer, role, true);
	return account;
}

static void
call_issuer_names(const char *issuer, const char *name, int64_t version)
{
	Vouch__IssuerChanged e = VOUCH__ISSUER_CHANGED__INIT;

	e.issuer_id = (char *)issuer;
	e.name = (char *)name;
	e.version = version;
	assert_true(hear(issuer, &rpc_notifications_on_issuer_changed, &e, ""));
}

static void
receive(const char *issuer, const char *earner, const char *submission, const char *title, const char *key)
{
	Vouch__SubmissionReceived e = VOUCH__SUBMISSION_RECEIVED__INIT;
	Google__Protobuf__Timestamp due = GOOGLE__PROTOBUF__TIMESTAMP__INIT;

	due.seconds = 1791864000;	/* 2026-10-13 04:00 UTC, midnight in New York */
	e.submission_id = (char *)submission;
	e.version = 3;
	e.code = "V-7K3M-92QX-5";
	e.earner_id = (char *)earner;
	e.title = (char *)title;
	e.due_at = &due;
	e.due_date = "2026-10-12";
	e.time_zone = "America/New_York";
	assert_true(hear(issuer, &rpc_notifications_on_submission_received, &e, key));
}

static void
decide(const char *earner, const char *submission, Vouch__Outcome outcome, bool late)
{
	Vouch__SubmissionDecided e = VOUCH__SUBMISSION_DECIDED__INIT;

	e.submission_id = (char *)submission;
	e.version = 5;
	e.code = "V-7K3M-92QX-5";
	e.earner_id = (char *)earner;
	e.title = "Formative feedback";
	e.outcome = outcome;
	e.late = late;
	assert_true(hear("riverbend", &rpc_notifications_on_submission_decided, &e, ""));
}

static void
reach_stage(const char *issuer, const char *stage, const char *earner, const char *assessor, const char *submission)
{
	Vouch__ClockStage e = VOUCH__CLOCK_STAGE__INIT;

	e.submission_id = (char *)submission;
	e.stage = (char *)stage;
	e.code = "V-7K3M-92QX-5";
	e.earner_id = (char *)earner;
	e.title = "Formative feedback";
	e.review_id = (char *)submission;
	e.assessor_id = (char *)assessor;
	e.business_days_left = strcmp(stage, "due_2") == 0 ? 2 : 0;
	e.business_days_late = strcmp(stage, "overdue_2") == 0 ? 1 : 0;
	e.due_date = "2026-10-12";
	e.time_zone = "America/New_York";
	assert_true(hear(issuer, &rpc_notifications_on_clock_stage, &e, ""));
}

static const Vouch__NotificationList *
inbox(const char *account)
{
	Vouch__ListNotifications req = VOUCH__LIST_NOTIFICATIONS__INIT;

	return ask(as(account), &rpc_notifications_list, &req, "");
}

static const char *
mails(const char *account)
{
	return sql("SELECT coalesce(string_agg(kind, ' ' ORDER BY queued_at), '') FROM mails WHERE account_id = '%s'", account);
}

static const char *
kinds(const char *account)
{
	return sql("SELECT coalesce(string_agg(kind, ' ' ORDER BY number), '') FROM inbox WHERE account_id = '%s'", account);
}

static void
prefer(const char *account, const char *kind, bool mail, bool in)
{
	Vouch__Preferences req = VOUCH__PREFERENCES__INIT;
	Vouch__Preference one = VOUCH__PREFERENCE__INIT, *all[1] = {&one};

	one.kind = (char *)kind;
	one.mail = mail;
	one.inbox = in;
	req.items = all;
	req.n_items = 1;
	ask(as(account), &rpc_notifications_set_preferences, &req, "");
}

/* The text of the file that the account's newest mail became; "" when there is none. */
static const char *
spooled(const char *account)
{
	static char text[20000];
	char path[300];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s@vouch.example.org.eml", spool,
	    sql("SELECT id FROM mails WHERE account_id = '%s' ORDER BY queued_at DESC LIMIT 1", account));
	f = fopen(path, "r");
	if (f == NULL)
		return "";
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = '\0';
	return text;
}

static int
files(void)
{
	DIR *dir = opendir(spool);
	struct dirent *e;
	int n = 0;

	while (dir != NULL && (e = readdir(dir)) != NULL)
		n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
	if (dir != NULL)
		closedir(dir);
	return n;
}

/* Sends all that is due. */
static void
send_all(void)
{
	for (int i = 0; i < 100 && run_job("mails"); i++)
		;
}

/* ---- submissions ------------------------------------------------------------------ */

static void
an_earner_gets_a_receipt_and_the_pool_hears_of_it(void **state)
{
	const char *earner = somebody("", VOUCH__ROLE__NOBODY), *assessor = somebody("riverbend", VOUCH__ROLE__ASSESSOR);
	const char *other = somebody("northfield", VOUCH__ROLE__ASSESSOR), *lead = somebody("riverbend", VOUCH__ROLE__POOL_LEAD);
	const Vouch__Notification *n;

	(void)state;
	call_issuer_names("riverbend", "Riverbend College", 2);
	receive("riverbend", earner, uuid_of(1), "Formative feedback", "submission/1");
	receive("riverbend", earner, uuid_of(1), "Formative feedback", "submission/1");	/* delivered again */
	receive("riverbend", earner, uuid_of(1), "Formative feedback", "submission/2");	/* announced again */

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
	assert_string_equal(inbox(assessor)->items[0]->submission_id, "");	/* blind */
	assert_string_equal(kinds(other), "");
	assert_string_equal(kinds(lead), "");
}

static void
the_promise_is_told_in_the_words_of_the_clock(void **state)
{
	const char *earner = somebody("", VOUCH__ROLE__NOBODY);
	Vouch__SubmissionReceived e = VOUCH__SUBMISSION_RECEIVED__INIT;
	Google__Protobuf__Timestamp due = GOOGLE__PROTOBUF__TIMESTAMP__INIT, at = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
	Vouch__ClockDay day = VOUCH__CLOCK_DAY__INIT, *days[1] = {&day};

	(void)state;
	at.seconds = 1791576000;	/* 2026-10-09 20:00 UTC, a Friday */
	due.seconds = 1791864000;
	day.date = "2026-10-12";
	day.counts = true;
	day.reason = "business day";
	e.submission_id = uuid_of(2);
	e.code = "V-7K3M-92QX-5";
	e.earner_id = (char *)earner;
	e.title = "T";
	e.submitted_at = &at;
	e.due_at = &due;
	e.due_date = "2026-10-12";
	e.time_zone = "America/New_York";
	e.days = days;
	e.n_days = 1;
	assert_true(hear("riverbend", &rpc_notifications_on_submission_received, &e, ""));
	assert_non_null(strstr(inbox(earner)->items[0]->body, "Result by Monday 12 October 2026, 23:59"));
}

static void
who_works_on_it_does_not_hear_of_their_own(void **state)
{
	const char *both = somebody("solo", VOUCH__ROLE__ASSESSOR), *everywhere = somebody("*", VOUCH__ROLE__ASSESSOR);

	(void)state;
	receive("solo", both, uuid_of(3), "Own work", "");
	assert_string_equal(kinds(both), "submission_received");
	assert_string_equal(kinds(everywhere), "pool_submission");
	know(everywhere, "Ada", "", "*", VOUCH__ROLE__AUDITOR, true);
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
a_decision_is_told_in_the_inbox_and_hinted_at_by_mail(void **state)
{
	const char *earner = somebody("", VOUCH__ROLE__NOBODY), *other = somebody("", VOUCH__ROLE__NOBODY), *text;

	(void)state;
	decide(earner, uuid_of(6), VOUCH__OUTCOME__AWARDED, false);
	decide(earner, uuid_of(6), VOUCH__OUTCOME__AWARDED, false);
	assert_int_equal(inbox(earner)->n_items, 1);
	assert_string_equal(inbox(earner)->items[0]->title, "Awarded: Formative feedback");
	assert_string_equal(inbox(earner)->items[0]->link, sql("SELECT '/submissions/riverbend~%s/result'", uuid_of(6)));
	decide(other, uuid_of(7), VOUCH__OUTCOME__DENIED, true);
	assert_string_equal(inbox(other)->items[0]->title, "Not awarded yet: Formative feedback");

	/* NTF-1: the title and a link, neither outcome nor feedback. */
	send_all();
	text = spooled(other);
	assert_non_null(strstr(text, "Subject: Your result is there: Formative feedback"));
	assert_non_null(strstr(text, "https://vouch.example.org/submissions/riverbend~"));
	assert_non_null(strstr(text, "Hello Ada Lind,"));
	assert_non_null(strstr(text, "It took longer than we promised"));
	assert_null(strcasestr(text, "denied"));
	assert_null(strcasestr(text, "not awarded"));
	assert_non_null(strstr(text, "Content-Type: multipart/alternative"));
	assert_non_null(strstr(text, "Content-Type: text/plain; charset=utf-8"));
	assert_non_null(strstr(text, "Content-Type: text/html; charset=utf-8"));
	assert_non_null(strstr(text, "Auto-Submitted: auto-generated"));
}

/* ---- the clock -------------------------------------------------------------------- */

static void
what_is_due_soon_is_told_to_whoever_can_act(void **state)
{
	const char *earner = somebody("", VOUCH__ROLE__NOBODY), *assessor = somebody("clock1", VOUCH__ROLE__ASSESSOR);
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
what_is_overdue_is_told_to_all_and_to_the_earner_once(void **state)
{
	const char *earner = somebody("", VOUCH__ROLE__NOBODY), *assessor = somebody("clock2", VOUCH__ROLE__ASSESSOR);
	const char *lead = somebody("clock2", VOUCH__ROLE__POOL_LEAD), *ops = somebody("*", VOUCH__ROLE__OPS);

	(void)state;
	reach_stage("clock2", "overdue_1", earner, assessor, uuid_of(10));
	reach_stage("clock2", "overdue_1", earner, assessor, uuid_of(10));
	assert_string_equal(kinds(assessor), "review_overdue");
	assert_string_equal(kinds(lead), "review_overdue");
	assert_string_equal(kinds(ops), "review_overdue");
	assert_string_equal(mails(ops), "review_overdue");
	assert_string_equal(kinds(earner), "result_late");
	assert_non_null(strstr(inbox(earner)->items[0]->body, "promised by Monday 12 October 2026 (New York)"));
	assert_non_null(strstr(inbox(lead)->items[0]->body, "The earner has been told"));

	reach_stage("clock2", "overdue_2", earner, assessor, uuid_of(10));
	assert_string_equal(kinds(lead), "review_overdue review_overdue");
	assert_string_equal(inbox(lead)->items[0]->title, "Overdue by 1 business day: Formative feedback");
	assert_string_equal(kinds(earner), "result_late");
	know(ops, "Ada", "", "*", VOUCH__ROLE__AUDITOR, true);
}

static void
a_question_reaches_assessor_and_lead(void **state)
{
	const char *assessor = somebody("asked", VOUCH__ROLE__ASSESSOR), *lead = somebody("asked", VOUCH__ROLE__POOL_LEAD);
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

/* ---- copies ----------------------------------------------------------------------- */

static void
an_older_version_changes_nothing(void **state)
{
	Vouch__AccountChanged e = VOUCH__ACCOUNT_CHANGED__INIT;
	const char *account = sql("SELECT '%s'", uuid_of(people++));

	(void)state;
	e.account_id = (char *)account;
	e.email = "new@example.org";
	e.name = "New";
	e.version = 1000;
	assert_true(hear("", &rpc_notifications_on_account_changed, &e, ""));
	e.email = "old@example.org";
	e.version = 999;
	assert_true(hear("", &rpc_notifications_on_account_changed, &e, ""));
	assert_string_equal(sql("SELECT email FROM people WHERE account_id = '%s'", account), "new@example.org");
	call_issuer_names("versions", "New name", 7);
	call_issuer_names("versions", "Old name", 6);
	assert_string_equal(sql("SELECT name FROM issuers WHERE issuer_id = 'versions'"), "New name");
}

/* ---- the inbox -------------------------------------------------------------------- */

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

	list.cursor = "WyJ4Il0";	/* ["x"] */
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
	assert_int_equal(events->n_items, 51);	/* fifty of one at a time */
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

/* ---- mails ------------------------------------------------------------------------ */

static void
an_unconfirmed_address_gets_decisions_alone(void **state)
{
	const char *earner = sql("SELECT '%s'", uuid_of(people++));

	(void)state;
	know(earner, "Ada", "", "", VOUCH__ROLE__NOBODY, false);
	receive("riverbend", earner, uuid_of(22), "T", "");
	assert_string_equal(kinds(earner), "submission_received");
	assert_string_equal(mails(earner), "");
	decide(earner, uuid_of(22), VOUCH__OUTCOME__AWARDED, false);
	assert_string_equal(mails(earner), "decision");
}

static void
a_secret_link_goes_to_the_address_that_asked_and_is_forgotten(void **state)
{
	Vouch__ConfirmationAsked e = VOUCH__CONFIRMATION_ASKED__INIT;
	Google__Protobuf__Timestamp end = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
	const char *account = sql("SELECT '%s'", uuid_of(people++));	/* nobody that is known yet */
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
	assert_string_equal(sql("SELECT state || ' ' || link FROM mails WHERE account_id = '%s'", account), "sent ");

	/* Too late is not at all. */
	e.reset = true;
	end.seconds -= 7200;
	assert_true(hear("", &rpc_notifications_on_confirmation_asked, &e, "identity/2"));
	send_all();
	assert_string_equal(sql("SELECT state || ' ' || link FROM mails WHERE account_id = '%s' AND kind = 'password'", account), "failed ");
}

static void
a_mail_waits_for_an_address_that_is_not_known_yet(void **state)
{
	const char *earner = sql("SELECT '%s'", uuid_of(people++));

	(void)state;
	decide(earner, uuid_of(23), VOUCH__OUTCOME__AWARDED, false);
	send_all();
	assert_string_equal(sql("SELECT state FROM mails WHERE account_id = '%s'", earner), "queued");
	know(earner, "Late", "", "", VOUCH__ROLE__NOBODY, true);
	sql("UPDATE mails SET next_at = clock_timestamp() WHERE account_id = '%s'", earner);
	send_all();
	assert_string_equal(sql("SELECT state FROM mails WHERE account_id = '%s'", earner), "sent");
	assert_non_null(strstr(spooled(earner), "Hello Late,"));
}

static void
a_repeated_mail_is_one_file(void **state)
{
	const char *earner = somebody("", VOUCH__ROLE__NOBODY), *first;
	int before;

	(void)state;
	send_all();
	before = files();
	decide(earner, uuid_of(24), VOUCH__OUTCOME__AWARDED, false);
	send_all();
	assert_int_equal(files(), before + 1);
	first = sql("SELECT $x$%s$x$", spooled(earner));

	/* As if the process had died between the file and the mark. */
	sql("UPDATE mails SET state = 'queued', done_at = NULL, next_at = clock_timestamp() WHERE account_id = '%s'", earner);
	send_all();
	assert_int_equal(files(), before + 1);
	assert_string_equal(spooled(earner), first);
	assert_string_equal(sql("SELECT state FROM mails WHERE account_id = '%s'", earner), "sent");
}

static void
titles_stay_in_their_line(void **state)
{
	static const char *const titles[] = {
		"A\r\nBcc: all@example.org", "A\nX: y", "A\r\n\r\nbody", "A\r\n.\r\nMAIL FROM:<x@y>", "\n.\n", "=?utf-8?q?a=0d=0aBcc:_x?=",
		"A\xe2\x80\xa8" "B", "\xe2\x80\xae" "desrever", "caf\xc3\xa9 \xe6\x95\x99\xe5\xae\xa4", "\t \r\n ",
	};
	const char *earner = somebody("", VOUCH__ROLE__NOBODY), *text;

	(void)state;
	for (unsigned i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
		int headers = 0;

		receive("riverbend", earner, uuid_of(500 + i), titles[i], "");
		send_all();
		text = spooled(earner);
		assert_string_not_equal(text, "");
		for (const char *line = text; line != NULL && strncmp(line, "\r\n", 2) != 0; line = strstr(line, "\r\n"), line += line != NULL ? 2 : 0)
			headers += line[0] != ' ' && line[0] != '\t';
		assert_int_equal(headers, 9);
		assert_null(strstr(text, "\r\n.\r\n"));
		for (const char *c = text; *c != '\0'; c++) {
			assert_true(*c != '\r' || c[1] == '\n');
			assert_true(*c != '\n' || (c > text && c[-1] == '\r'));
		}
	}
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
	assert_string_equal(sql("SELECT string_agg(tries || error, ' ' ORDER BY tries) FROM mails WHERE account_id = '%s'", earner),
	    "0 0 1folder: No such file or directory");
	assert_string_equal(sql("SELECT count(*) FROM mails WHERE account_id = '%s' AND next_at > clock_timestamp() + interval '40 s'"
	    " AND next_at < clock_timestamp() + interval '80 s'", earner), "1");
	/* The breaker: nothing more is taken for a moment. */
	assert_false(run_job("mails"));
	assert_string_equal(sql("SELECT sum(tries) FROM mails WHERE account_id = '%s'", earner), "1");
	assert_int_equal(rename(away, spool), 0);
	sql("UPDATE mails SET next_at = clock_timestamp() WHERE account_id = '%s'", earner);
	while (strcmp(sql("SELECT count(*) FROM mails WHERE account_id = '%s' AND state = 'sent'", earner), "3") != 0 && tries++ < 500) {
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
	char url[64];

	(void)state;
	if (mkdtemp(spool) == NULL)
		return 1;
	snprintf(url, sizeof(url), "spool:%s", spool);
	setenv("VOUCH_MAIL_URL", url, 1);
	setenv("VOUCH_PUBLIC_URL", "https://vouch.example.org", 1);
	return harness_open(&notification_service);
}

static int
close_group(void **state)
{
	DIR *dir = opendir(spool);
	struct dirent *e;
	char path[400];

	(void)state;
	while (dir != NULL && (e = readdir(dir)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", spool, e->d_name);
		unlink(path);
	}
	if (dir != NULL)
		closedir(dir);
	rmdir(spool);
	return harness_close();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_earner_gets_a_receipt_and_the_pool_hears_of_it),
		cmocka_unit_test(the_promise_is_told_in_the_words_of_the_clock),
		cmocka_unit_test(who_works_on_it_does_not_hear_of_their_own),
		cmocka_unit_test(each_step_is_told_to_the_earner),
		cmocka_unit_test(a_decision_is_told_in_the_inbox_and_hinted_at_by_mail),
		cmocka_unit_test(what_is_due_soon_is_told_to_whoever_can_act),
		cmocka_unit_test(what_is_overdue_is_told_to_all_and_to_the_earner_once),
		cmocka_unit_test(a_question_reaches_assessor_and_lead),
		cmocka_unit_test(an_answer_of_the_help_desk_is_told_without_the_subject),
		cmocka_unit_test(an_older_version_changes_nothing),
		cmocka_unit_test(the_inbox_is_read_page_by_page_and_marked),
		cmocka_unit_test(live_streams_go_on_where_they_were),
		cmocka_unit_test(people_choose_what_they_hear_but_for_decisions),
		cmocka_unit_test(an_unconfirmed_address_gets_decisions_alone),
		cmocka_unit_test(a_secret_link_goes_to_the_address_that_asked_and_is_forgotten),
		cmocka_unit_test(a_mail_waits_for_an_address_that_is_not_known_yet),
		cmocka_unit_test(a_repeated_mail_is_one_file),
		cmocka_unit_test(titles_stay_in_their_line),
		cmocka_unit_test(a_folder_that_is_away_is_waited_for),
		cmocka_unit_test(a_mail_is_given_up_after_five_days_and_the_reader_told),
		cmocka_unit_test(what_is_long_done_is_forgotten),
	};

	return cmocka_run_group_tests(tests, open_group, close_group);
}
