// links: notification_service
/* test_spool.c: what stands in a mail, and for whom (NTF-1, A10). */
#include "notification_world.h"

static void
the_promise_is_told_in_the_words_of_the_clock(void **state)
{
	const char *earner = somebody("", VOUCH__ROLE__NOBODY);
	Vouch__SubmissionReceived e = VOUCH__SUBMISSION_RECEIVED__INIT;
	Google__Protobuf__Timestamp due = GOOGLE__PROTOBUF__TIMESTAMP__INIT,
				    at = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
	Vouch__ClockDay day = VOUCH__CLOCK_DAY__INIT, *days[1] = {&day};

	(void)state;
	at.seconds = 1791576000; /* 2026-10-09 20:00 UTC, a Friday */
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
	const char *both = somebody("solo", VOUCH__ROLE__ASSESSOR),
		   *everywhere = somebody("*", VOUCH__ROLE__ASSESSOR);

	(void)state;
	receive("solo", both, uuid_of(3), "Own work", "");
	assert_string_equal(kinds(both), "submission_received");
	assert_string_equal(kinds(everywhere), "pool_submission");
	know(everywhere, "Ada", "", "*", VOUCH__ROLE__AUDITOR, true);
}

static void
a_decision_is_told_in_the_inbox_and_hinted_at_by_mail(void **state)
{
	const char *earner = somebody("", VOUCH__ROLE__NOBODY), *other = somebody("", VOUCH__ROLE__NOBODY),
		   *text;

	(void)state;
	decide(earner, uuid_of(6), VOUCH__OUTCOME__AWARDED, false);
	decide(earner, uuid_of(6), VOUCH__OUTCOME__AWARDED, false);
	assert_int_equal(inbox(earner)->n_items, 1);
	assert_string_equal(inbox(earner)->items[0]->title, "Awarded: Formative feedback");
	assert_string_equal(
	    inbox(earner)->items[0]->link, sql("SELECT '/submissions/riverbend~%s/result'", uuid_of(6)));
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

static void
what_is_overdue_is_told_to_all_and_to_the_earner_once(void **state)
{
	const char *earner = somebody("", VOUCH__ROLE__NOBODY),
		   *assessor = somebody("clock2", VOUCH__ROLE__ASSESSOR);
	const char *lead = somebody("clock2", VOUCH__ROLE__POOL_LEAD), *ops = somebody("*", VOUCH__ROLE__OPS);

	(void)state;
	reach_stage("clock2", "overdue_1", earner, assessor, uuid_of(10));
	reach_stage("clock2", "overdue_1", earner, assessor, uuid_of(10));
	assert_string_equal(kinds(assessor), "review_overdue");
	assert_string_equal(kinds(lead), "review_overdue");
	assert_string_equal(kinds(ops), "review_overdue");
	assert_string_equal(mails(ops), "review_overdue");
	assert_string_equal(kinds(earner), "result_late");
	assert_non_null(
	    strstr(inbox(earner)->items[0]->body, "promised by Monday 12 October 2026 (New York)"));
	assert_non_null(strstr(inbox(lead)->items[0]->body, "The earner has been told"));

	reach_stage("clock2", "overdue_2", earner, assessor, uuid_of(10));
	assert_string_equal(kinds(lead), "review_overdue review_overdue");
	assert_string_equal(inbox(lead)->items[0]->title, "Overdue by 1 business day: Formative feedback");
	assert_string_equal(kinds(earner), "result_late");
	know(ops, "Ada", "", "*", VOUCH__ROLE__AUDITOR, true);
}

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
	assert_string_equal(
	    sql("SELECT email FROM people WHERE account_id = '%s'", account), "new@example.org");
	call_issuer_names("versions", "New name", 7);
	call_issuer_names("versions", "Old name", 6);
	assert_string_equal(sql("SELECT name FROM issuers WHERE issuer_id = 'versions'"), "New name");
}

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
	sql("UPDATE mails SET state = 'queued', done_at = NULL, next_at = clock_timestamp() WHERE account_id "
	    "= '%s'",
	    earner);
	send_all();
	assert_int_equal(files(), before + 1);
	assert_string_equal(spooled(earner), first);
	assert_string_equal(sql("SELECT state FROM mails WHERE account_id = '%s'", earner), "sent");
}

static void
titles_stay_in_their_line(void **state)
{
	static const char *const titles[] = {
		"A\r\nBcc: all@example.org",
		"A\nX: y",
		"A\r\n\r\nbody",
		"A\r\n.\r\nMAIL FROM:<x@y>",
		"\n.\n",
		"=?utf-8?q?a=0d=0aBcc:_x?=",
		"A\xe2\x80\xa8"
		"B",
		"\xe2\x80\xae"
		"desrever",
		"caf\xc3\xa9 \xe6\x95\x99\xe5\xae\xa4",
		"\t \r\n ",
	};
	const char *earner = somebody("", VOUCH__ROLE__NOBODY), *text;

	(void)state;
	for (unsigned i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
		int headers = 0;

		receive("riverbend", earner, uuid_of(500 + i), titles[i], "");
		send_all();
		text = spooled(earner);
		assert_string_not_equal(text, "");
		for (const char *line = text; line != NULL && strncmp(line, "\r\n", 2) != 0;
		    line = strstr(line, "\r\n"), line += line != NULL ? 2 : 0)
			headers += line[0] != ' ' && line[0] != '\t';
		assert_int_equal(headers, 9);
		assert_null(strstr(text, "\r\n.\r\n"));
		for (const char *c = text; *c != '\0'; c++) {
			assert_true(*c != '\r' || c[1] == '\n');
			assert_true(*c != '\n' || (c > text && c[-1] == '\r'));
		}
	}
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
	harness_close(); /* which statements ran is test_notification's matter */
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_promise_is_told_in_the_words_of_the_clock),
		cmocka_unit_test(who_works_on_it_does_not_hear_of_their_own),
		cmocka_unit_test(a_decision_is_told_in_the_inbox_and_hinted_at_by_mail),
		cmocka_unit_test(what_is_overdue_is_told_to_all_and_to_the_earner_once),
		cmocka_unit_test(an_older_version_changes_nothing),
		cmocka_unit_test(an_unconfirmed_address_gets_decisions_alone),
		cmocka_unit_test(a_mail_waits_for_an_address_that_is_not_known_yet),
		cmocka_unit_test(a_repeated_mail_is_one_file),
		cmocka_unit_test(titles_stay_in_their_line),
	};

	return harness_run(tests, open_group, close_group);
}
