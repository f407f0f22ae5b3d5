/*
 * notification_world.h: what happens, and who reads what, in the tests of
 * notification. Mails go into a folder.
 */
#ifndef NOTIFICATION_WORLD_H
#define NOTIFICATION_WORLD_H

#include "harness.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "notification.rpc.h"

extern const struct service notification_service;

static char spool[] = "/tmp/vouch-spool.XXXXXX";
static unsigned people = 100; /* each test has people of its own */

static inline struct who
as(const char *account)
{
	return (struct who){account, "", {0}};
}

static inline void
know(const char *account, const char *name, const char *zone, const char *issuer, Vouch__Role role,
    bool confirmed)
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
static inline const char *
somebody(const char *issuer, Vouch__Role role)
{
	const char *account = sql("SELECT '%s'", uuid_of(people++));

	know(account, "Ada Lind", "Europe/Berlin", issuer, role, true);
	return account;
}

static inline void
call_issuer_names(const char *issuer, const char *name, int64_t version)
{
	Vouch__IssuerChanged e = VOUCH__ISSUER_CHANGED__INIT;

	e.issuer_id = (char *)issuer;
	e.name = (char *)name;
	e.version = version;
	assert_true(hear(issuer, &rpc_notifications_on_issuer_changed, &e, ""));
}

static inline void
receive(const char *issuer, const char *earner, const char *submission, const char *title, const char *key)
{
	Vouch__SubmissionReceived e = VOUCH__SUBMISSION_RECEIVED__INIT;
	Google__Protobuf__Timestamp due = GOOGLE__PROTOBUF__TIMESTAMP__INIT;

	due.seconds = 1791864000; /* 2026-10-13 04:00 UTC, midnight in New York */
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

static inline void
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

static inline void
reach_stage(
    const char *issuer, const char *stage, const char *earner, const char *assessor, const char *submission)
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

static inline const Vouch__NotificationList *
inbox(const char *account)
{
	Vouch__ListNotifications req = VOUCH__LIST_NOTIFICATIONS__INIT;

	return ask(as(account), &rpc_notifications_list, &req, "");
}

static inline const char *
mails(const char *account)
{
	return sql("SELECT coalesce(string_agg(kind, ' ' ORDER BY queued_at), '') FROM mails WHERE "
		   "account_id = '%s'",
	    account);
}

static inline const char *
kinds(const char *account)
{
	return sql(
	    "SELECT coalesce(string_agg(kind, ' ' ORDER BY number), '') FROM inbox WHERE account_id = '%s'",
	    account);
}

static inline void
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
static inline const char *
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

static inline int
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
static inline void
send_all(void)
{
	for (int i = 0; i < 100 && run_job("mails"); i++)
		;
}

static inline int
spool_open(void)
{
	char url[64];

	if (mkdtemp(spool) == NULL)
		return 1;
	snprintf(url, sizeof(url), "spool:%s", spool);
	setenv("VOUCH_MAIL_URL", url, 1);
	setenv("VOUCH_PUBLIC_URL", "https://vouch.example.org", 1);
	return harness_open(&notification_service);
}

static inline void
spool_remove(void)
{
	DIR *dir = opendir(spool);
	struct dirent *e;
	char path[400];

	while (dir != NULL && (e = readdir(dir)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", spool, e->d_name);
		unlink(path);
	}
	if (dir != NULL)
		closedir(dir);
	rmdir(spool);
}

#endif
