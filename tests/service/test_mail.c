// links: notification_service
/*
 * test_mail.c: mails to a real SMTP server that refuses, delays, dies, and sees
 * its clients die (NTF-1, R21, A10). The client is a process of its own: this
 * program again, as "test_mail send", which runs the job once.
 */
#include "harness.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config.h"
#include "db_tx.h"
#include "jobs.h"
#include "log.h"
#include "notification.rpc.h"

extern const struct service notification_service;
extern char **environ;

enum { AWAIT_MS = 20000, TICK_US = 5000 };

static char folder[] = "/tmp/vouch-mail.XXXXXX";
static char port[16] = "0";
static pid_t server;
static unsigned people = 100;

/* ---- the client ------------------------------------------------------------------ */

/* The job, once, as its thread in the service would run it. Runs in a process of its own. */
static int
send_once(void)
{
	struct config *config = config_open(NULL);
	struct db *db = db_open(
	    config_text(config, "database"), "notification", notification_service.queries);
	struct call call = {0};
	void *state;
	FILE *f = fopen(getenv("VOUCH_TEST_PID_FILE"), "w");

	fprintf(f, "%d", (int)getpid());
	fclose(f);
	log_open("notification", LOG_LEVEL_ERROR);
	if (!tx_ready(db, NULL) || !notification_service.open(config, &call, &state))
		return 2;
	job_run(&notification_service.jobs[0], db, config, state);
	notification_service.close(state);
	db_close(db);
	config_close(config);
	return 0;
}

static pid_t
spawn(char *const argv[])
{
	pid_t pid;

	assert_int_equal(posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ), 0);
	return pid;
}

static pid_t
client_begins(void)
{
	char *const argv[] = {"/proc/self/exe", "send", NULL};

	return spawn(argv);
}

/* How a process ended: its exit status, or minus the signal. */
static int
ended(pid_t pid)
{
	int status = 0;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static int
client_runs(void)
{
	return ended(client_begins());
}

/* ---- the server ------------------------------------------------------------------- */

static const char *
in_folder(const char *name)
{
	static char path[300];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void
await_file(const char *name)
{
	for (int i = 0; access(in_folder(name), F_OK) != 0; i++) {
		assert_true(i < AWAIT_MS * 1000 / TICK_US);
		usleep(TICK_US);
	}
}

static void
server_begins(void)
{
	char script[500], url[64];
	char *const argv[] = {"/usr/bin/python3", script, folder, port, NULL};
	FILE *f;

	snprintf(script, sizeof(script), "%.*s/smtp_server.py", (int)(strrchr(__FILE__, '/') - __FILE__),
	    __FILE__);
	unlink(in_folder("port"));
	server = spawn(argv);
	await_file("port");
	f = fopen(in_folder("port"), "r");
	assert_non_null(f);
	assert_int_equal(fscanf(f, "%15[0-9]", port), 1); /* it keeps its port when it comes back */
	fclose(f);
	snprintf(url, sizeof(url), "smtp://127.0.0.1:%s", port);
	setenv("VOUCH_MAIL_URL", url, 1);
}

static void
server_ends(void)
{
	if (server > 0) {
		kill(server, SIGKILL);
		ended(server);
	}
	server = 0;
}

/* Where mails go in this test, empty. */
static void
empty_folder(void)
{
	DIR *dir = opendir(folder);
	struct dirent *e;

	assert_non_null(dir);
	while ((e = readdir(dir)) != NULL)
		if (strcmp(e->d_name, "port") != 0)
			unlink(in_folder(e->d_name));
	closedir(dir);
}

/* How many mails the server has accepted; how many different Message-IDs they have. */
static void
count_mails(int *n, int *different)
{
	static char ids[200][100];
	char line[1000];
	int total = 0, kinds = 0;

	for (;; total++) {
		char name[20], id[100] = "";
		bool seen = false;
		FILE *f;

		snprintf(name, sizeof(name), "%d.eml", total);
		f = fopen(in_folder(name), "r");
		if (f == NULL)
			break;
		while (fgets(line, sizeof(line), f) != NULL && line[0] != '\r')
			sscanf(line, "Message-Id: <%99[^>]", id);
		fclose(f);
		assert_string_not_equal(id, "");
		for (int i = 0; i < kinds; i++)
			seen = seen || strcmp(ids[i], id) == 0;
		if (!seen)
			strcpy(ids[kinds++], id);
	}
	*n = total;
	*different = kinds;
}

static void
assert_mails(int n, int different)
{
	int got, kinds;

	count_mails(&got, &kinds);
	assert_int_equal(got, n);
	assert_int_equal(kinds, different);
}

/* ---- what is sent ------------------------------------------------------------------- */

/* A decision for a new person with the address NAME@example.org. Returns the account. */
static const char *
decide(const char *name, const char *title)
{
	Vouch__AccountChanged account = VOUCH__ACCOUNT_CHANGED__INIT;
	Vouch__SubmissionDecided decided = VOUCH__SUBMISSION_DECIDED__INIT;
	const char *id = sql("SELECT '%s'", uuid_of(people++));
	char email[80];

	snprintf(email, sizeof(email), "%s@example.org", name);
	account.account_id = decided.earner_id = (char *)id;
	account.version = 1;
	account.email = email;
	account.name = "Ada\r\nCc: all@example.org";
	assert_true(hear("", &rpc_notifications_on_account_changed, &account, ""));
	decided.submission_id = (char *)id;
	decided.code = "V-7K3M-92QX-5";
	decided.title = (char *)title;
	decided.outcome = VOUCH__OUTCOME__AWARDED;
	assert_true(hear("riverbend", &rpc_notifications_on_submission_decided, &decided, ""));
	return id;
}

static const char *
state_of(const char *account)
{
	return sql("SELECT state FROM mails WHERE account_id = '%s'", account);
}

static void
make_due(const char *account)
{
	sql("UPDATE mails SET next_at = clock_timestamp() WHERE account_id = '%s'", account);
}

/* ---- tests ------------------------------------------------------------------------ */

static void
a_mail_arrives_whole_and_once(void **state)
{
	const char *account = decide("good", "Tägliche Rückmeldung");
	char mail[20000], *header_end;
	FILE *f;

	(void)state;
	assert_int_equal(client_runs(), 0);
	assert_string_equal(state_of(account), "sent");
	assert_int_equal(client_runs(), 0);
	assert_mails(1, 1);

	f = fopen(in_folder("0.eml"), "r");
	assert_non_null(f);
	mail[fread(mail, 1, sizeof(mail) - 1, f)] = '\0';
	fclose(f);
	assert_non_null(strstr(mail,
	    sql("SELECT 'Message-Id: <' || id || '@vouch.example.org>' FROM mails WHERE account_id = '%s'",
		account)));
	assert_non_null(strstr(mail, "charset=utf-8"));
	assert_non_null(header_end = strstr(mail, "\r\n\r\n"));
	*header_end = '\0';
	assert_null(strstr(mail, "\r\nCc:")); /* the name stays in its field */
	assert_null(strchr(mail, '\xc3'));    /* and everything in ASCII */
}

static void
a_mail_that_is_put_off_comes_later(void **state)
{
	const char *account = decide("busy", "T"), *next = decide("good", "T");

	(void)state;
	assert_int_equal(client_runs(), 0);
	assert_string_equal(state_of(account), "queued");
	assert_string_equal(
	    sql("SELECT error FROM mails WHERE account_id = '%s'", account), "server: 450, curl: 55");
	assert_string_equal(state_of(next), "sent"); /* one that waits holds up no other */

	/* One minute, then two, a quarter more or less. */
	assert_string_equal(sql("SELECT next_at - clock_timestamp() BETWEEN interval '40 s' AND interval '76 "
				"s' FROM mails WHERE account_id = '%s'",
				account),
	    "t");
	assert_int_equal(client_runs(), 0);
	assert_string_equal(sql("SELECT tries FROM mails WHERE account_id = '%s'", account), "1");
	make_due(account);
	assert_int_equal(client_runs(), 0);
	assert_string_equal(sql("SELECT next_at - clock_timestamp() BETWEEN interval '85 s' AND interval "
				"'151 s' FROM mails WHERE account_id = '%s'",
				account),
	    "t");
	make_due(account);
	assert_int_equal(client_runs(), 0);
	assert_string_equal(state_of(account), "sent");
	assert_mails(2, 2);
}

static void
a_mail_that_is_refused_is_not_tried_again(void **state)
{
	const char *gone = decide("gone", "T"), *full = decide("full", "T"), *next = decide("good", "T");

	(void)state;
	assert_int_equal(client_runs(), 0);
	assert_string_equal(state_of(gone), "failed");
	assert_string_equal(
	    sql("SELECT error FROM mails WHERE account_id = '%s'", gone), "server: 550, curl: 55");
	assert_string_equal(state_of(full), "failed");
	assert_string_equal(state_of(next), "sent");
	assert_mails(1, 1);
	/* The reader finds it in the inbox (NTF-2). */
	assert_string_equal(
	    sql("SELECT string_agg(kind, ' ' ORDER BY number) FROM inbox WHERE account_id = '%s'", gone),
	    "decision mail_failed");
}

static void
a_server_that_is_away_is_waited_for(void **state)
{
	const char *first = decide("good", "T"), *second = decide("good", "T");

	(void)state;
	server_ends();
	assert_int_equal(client_runs(), 0);
	assert_string_equal(state_of(first), "queued");
	assert_string_equal(state_of(second), "queued");
	/* One was tried for both. */
	assert_string_equal(
	    sql("SELECT sum(tries) FROM mails WHERE account_id IN ('%s', '%s')", first, second), "1");
	server_begins();
	make_due(first);
	make_due(second);
	assert_int_equal(client_runs(), 0);
	assert_string_equal(state_of(first), "sent");
	assert_string_equal(state_of(second), "sent");
	assert_mails(2, 2);
}

static void
a_lost_answer_repeats_the_same_message(void **state)
{
	const char *account = decide("dies", "T");

	(void)state;
	assert_int_equal(client_runs(), 0);
	ended(server);
	server = 0;
	assert_string_equal(state_of(account), "queued"); /* nobody knows whether it has arrived */
	assert_mails(1, 1);
	server_begins();
	make_due(account);
	assert_int_equal(client_runs(), 0);
	assert_string_equal(state_of(account), "sent");
	assert_mails(2, 1); /* whoever reads can see that it is one */
}

static void
a_client_killed_before_the_mail_sends_it_once(void **state)
{
	const char *account = decide("early", "T");

	(void)state;
	assert_int_equal(client_runs(), -SIGKILL);
	assert_string_equal(state_of(account), "queued");
	assert_int_equal(client_runs(), 0); /* the lease of the dead one still runs */
	assert_mails(0, 0);
	make_due(account);
	assert_int_equal(client_runs(), 0);
	assert_string_equal(state_of(account), "sent");
	assert_mails(1, 1);
}

static void
a_client_killed_before_its_mark_repeats_the_same_message(void **state)
{
	const char *account = decide("late", "T");

	(void)state;
	assert_int_equal(client_runs(), -SIGKILL);
	assert_mails(1, 1);
	make_due(account);
	assert_int_equal(client_runs(), 0);
	assert_string_equal(state_of(account), "sent");
	assert_mails(2, 1);
}

static void
a_server_that_stalls_costs_its_time_and_no_more(void **state)
{
	const char *account = decide("stalls", "T"), *next = decide("good", "T");

	(void)state;
	assert_int_equal(client_runs(), 0); /* within mail_timeout_ms, 1 s here */
	assert_string_equal(state_of(account), "queued");
	make_due(next);
	assert_int_equal(client_runs(), 0);
	assert_string_equal(state_of(next), "sent");
	assert_mails(1, 1);
}

static void
two_clients_share_the_mails(void **state)
{
	pid_t a, b;

	(void)state;
	for (int i = 0; i < 40; i++)
		decide("good", "T");
	a = client_begins();
	b = client_begins();
	assert_int_equal(ended(a), 0);
	assert_int_equal(ended(b), 0);
	assert_mails(40, 40);
}

static int
begin(void **state)
{
	(void)state;
	if (server == 0)
		server_begins();
	empty_folder();
	sql("DELETE FROM mails");
	return 0;
}

static int
open_group(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return 1;
	setenv("VOUCH_PUBLIC_URL", "https://vouch.example.org", 1);
	setenv("VOUCH_MAIL_TIMEOUT_MS", "1000", 1);
	setenv("VOUCH_TEST_PID_FILE", in_folder("client.pid"), 1);
	return harness_open(&notification_service);
}

static int
close_group(void **state)
{
	(void)state;
	server_ends();
	empty_folder();
	unlink(in_folder("port"));
	rmdir(folder);
	harness_close(); /* what has not run here runs in test_notification */
	return 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_mail_arrives_whole_and_once, begin),
		cmocka_unit_test_setup(a_mail_that_is_put_off_comes_later, begin),
		cmocka_unit_test_setup(a_mail_that_is_refused_is_not_tried_again, begin),
		cmocka_unit_test_setup(a_server_that_is_away_is_waited_for, begin),
		cmocka_unit_test_setup(a_lost_answer_repeats_the_same_message, begin),
		cmocka_unit_test_setup(a_client_killed_before_the_mail_sends_it_once, begin),
		cmocka_unit_test_setup(a_client_killed_before_its_mark_repeats_the_same_message, begin),
		cmocka_unit_test_setup(a_server_that_stalls_costs_its_time_and_no_more, begin),
		cmocka_unit_test_setup(two_clients_share_the_mails, begin),
	};

	if (argc == 2 && strcmp(argv[1], "send") == 0)
		return send_once();
	return harness_run(tests, open_group, close_group);
}
