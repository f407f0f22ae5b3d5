// links: submission_service
/*
 * Evidence on a real database, a real store, the real vouch-inspect and a real
 * web server: added, looked at, looked at again, taken out (EVD-1..5).
 */
#include "submission_world.h"

#include <stdio.h>
#include <unistd.h>

#include "config.h"
#include "link_server.h"

static char store[] = "/tmp/vouch-evidence-XXXXXX";

/* ---- a store ------------------------------------------------------------------------- */

/* Keeps BYTES where the gateway would, under a name made of N. */
static const char *
stored(unsigned n, const char *bytes)
{
	static char sha[4][65];
	char path[200];
	char *name = sha[n & 3];
	FILE *out;

	snprintf(name, 65, "%064x", n);
	snprintf(path, sizeof(path), "mkdir -p %s/%.2s", store, name);
	assert_int_equal(system(path), 0);
	snprintf(path, sizeof(path), "%s/%.2s/%s", store, name, name + 2);
	assert_non_null(out = fopen(path, "w"));
	fputs(bytes, out);
	fclose(out);
	return name;
}

static const Vouch__Evidence *
piece(const char *id, size_t i)
{
	const Vouch__Submission *s = get(gil, id);

	assert_true(i < s->n_evidence);
	return s->evidence[i];
}

/* ---- adding -------------------------------------------------------------------------- */

static void
a_piece_finds_its_place_and_a_title(void **state)
{
	const Vouch__Evidence *e;
	const char *id;

	(void)state;
	id = create(gil, MC_ID)->id;
	assert_non_null(e = add_file(gil, id, SHA, "autumn.pdf", "", ""));
	assert_string_equal(e->requirement_id, "plan");
	assert_string_equal(e->title, "Coaching plan 1");
	assert_string_equal(e->state, "checking");
	assert_string_equal(e->file_name, "autumn.pdf");
	assert_int_equal(e->size, 1234);
	assert_int_equal(e->kind, VOUCH__EVIDENCE_KIND__FILE);
	assert_non_null(e = add_file(gil, id, SHA, "film.mp4", "  ", ""));
	assert_string_equal(e->title, "Film of practice");
	assert_non_null(e = add_link(gil, id, "https://example.org/plan", "", "plan"));
	assert_string_equal(e->title, "Coaching plan 2");
	assert_int_equal(e->kind, VOUCH__EVIDENCE_KIND__LINK);
	assert_non_null(e = add_file(gil, id, SHA, "notes.txt", "", ""));
	assert_string_equal(e->requirement_id, "");
	assert_string_equal(e->title, "Evidence 1");

	assert_int_equal(get(gil, id)->version, 5);
	assert_string_equal(piece(id, 0)->title, "Coaching plan 1");
	assert_string_equal(piece(id, 3)->title, "Evidence 1");
}

static void
what_does_not_fit_is_refused(void **state)
{
	Vouch__NewEvidence both = VOUCH__NEW_EVIDENCE__INIT;
	Vouch__StoredFile file = VOUCH__STORED_FILE__INIT;
	const char *id;

	(void)state;
	id = create(gil, MC_ID)->id;
	assert_null(add_link(gil, id, "", "nothing", ""));
	assert_true(complained_about("url"));
	both.id = (char *)id;
	both.url = (char *)"https://example.org";
	both.file = &file;
	file.sha256 = (char *)SHA;
	assert_null(ask(gil, &rpc_submissions_add_evidence, &both, ""));
	assert_true(complained_about("url"));
	assert_null(add_link(gil, id, "ftp://example.org", "", ""));
	assert_true(complained_about("url"));
	assert_null(add_link(gil, id, "https://example.org", "", "essay"));
	assert_true(complained_about("requirementId"));
	assert_null(add_file(gil, id, SHA, "plan.exe", "", "plan"));
	assert_true(complained_about("file"));
	assert_non_null(strstr(answer.errors->message, "pdf or docx"));

	assert_non_null(add_link(gil, id, "https://example.org/1", "", "film"));
	assert_null(add_link(gil, id, "https://example.org/2", "", "film"));
	assert_true(complained_about("requirementId"));
	assert_int_equal(get(gil, id)->version, 2);
}

static void
a_draft_holds_twenty_pieces(void **state)
{
	const char *id;

	(void)state;
	id = create(gil, MC_ID)->id;
	for (int i = 0; i < 20; i++)
		assert_non_null(add_file(gil, id, SHA, "notes.txt", "", ""));
	assert_null(add_file(gil, id, SHA, "notes.txt", "", ""));
	assert_int_equal(answer.status, VOUCH__STATUS__CONFLICT);
}

static void
others_reach_no_piece(void **state)
{
	Vouch__EvidenceRemoval removal = VOUCH__EVIDENCE_REMOVAL__INIT;
	Vouch__EvidenceAgain again = VOUCH__EVIDENCE_AGAIN__INIT;
	Vouch__GetEvidenceFile file = VOUCH__GET_EVIDENCE_FILE__INIT;
	const char *id;

	(void)state;
	id = create(gil, MC_ID)->id;
	assert_non_null(create(hal, MC_ID));
	file.id = again.id = removal.id = (char *)id;
	file.evidence_id = again.evidence_id = removal.evidence_id =
	    add_file(gil, id, SHA, "plan.pdf", "", "")->id;
	assert_null(ask(hal, &rpc_submissions_remove_evidence, &removal, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
	assert_null(ask(hal, &rpc_submissions_recheck, &again, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
	assert_null(ask(hal, &rpc_submissions_evidence_file, &file, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
	/* Nor through a draft of one's own. */
	file.id = again.id = removal.id = (char *)sql(
	    "SELECT 'riverbend~' || id FROM submissions WHERE earner_id = '%s'", HAL);
	assert_null(ask(hal, &rpc_submissions_remove_evidence, &removal, ""));
	assert_null(ask(hal, &rpc_submissions_recheck, &again, ""));
	assert_null(ask(hal, &rpc_submissions_evidence_file, &file, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);

	file.id = removal.id = (char *)id;
	assert_non_null(ask(gil, &rpc_submissions_evidence_file, &file, ""));
	assert_non_null(ask(gil, &rpc_submissions_remove_evidence, &removal, "gone"));
	assert_non_null(ask(gil, &rpc_submissions_remove_evidence, &removal, "gone"));
	assert_null(ask(gil, &rpc_submissions_remove_evidence, &removal, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
	assert_int_equal(get(gil, id)->n_evidence, 0);
}

/* ---- looking: files -------------------------------------------------------------------- */

static void
a_file_is_opened_and_judged(void **state)
{
	int64_t version;
	const char *id;

	(void)state;
	id = create(gil, MC_ID)->id;
	assert_non_null(add_file(
	    gil, id, stored(1, "We met on Mondays and wrote down what we saw.\n"), "notes.txt", "", ""));
	assert_non_null(add_file(gil, id, stored(2, "MZ\x90 this is a program"), "plan.pdf", "", ""));
	version = get(gil, id)->version;

	assert_true(run_job("evidence_files"));
	assert_true(run_job("evidence_files"));
	assert_false(run_job("evidence_files"));
	assert_string_equal(piece(id, 0)->state, "ok");
	assert_int_equal(piece(id, 0)->n_problems, 0);
	assert_int_equal(time_of(piece(id, 0)->checked_at) > 0, 1);
	assert_string_equal(piece(id, 1)->state, "problem");
	assert_true(piece(id, 1)->n_problems > 0);
	assert_string_not_equal(piece(id, 1)->problems[0]->message, "");
	assert_int_equal(get(gil, id)->version, version + 2);
}

static void
an_issuer_allows_what_it_names(void **state)
{
	static const char drawing[] =
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"40\">"
	    "<rect width=\"20\" height=\"20\" fill=\"blue\"/><circle cx=\"20\" cy=\"20\" r=\"9\"/></svg>\n";
	const char *id;

	(void)state;
	id = create(gil, MC_ID)->id;
	assert_non_null(add_file(gil, id, stored(3, drawing), "map.svg", "Map", ""));
	assert_true(run_job("evidence_files"));
	assert_string_equal(piece(id, 0)->state, "ok"); /* nothing forbids it */
	assert_string_equal(piece(id, 0)->problems[0]->rule, "svg");

	sql("UPDATE evidence SET requirement_id = 'plan', next_check_at = clock_timestamp()");
	assert_true(run_job("evidence_files"));
	assert_string_equal(piece(id, 0)->state, "problem"); /* pdf or docx, says the issuer */
}

static void
a_file_that_is_not_there_is_said_to_be_missing(void **state)
{
	const char *id;

	(void)state;
	id = create(gil, MC_ID)->id;
	assert_non_null(add_file(gil, id, SHA, "plan.pdf", "", ""));
	assert_true(run_job("evidence_files"));
	assert_string_equal(piece(id, 0)->state, "problem");
	assert_string_equal(piece(id, 0)->problems[0]->rule, "missing");
}

/* ---- looking: links -------------------------------------------------------------------- */

static void
a_link_is_asked_for_as_a_stranger_does(void **state)
{
	const char *id;

	(void)state;
	id = create(gil, MC_ID)->id;
	assert_non_null(add_link(gil, id, url("/open"), "Open", ""));
	assert_non_null(add_link(gil, id, url("/login"), "Closed", ""));
	assert_non_null(add_link(gil, id, url("/nowhere"), "Missing", ""));
	assert_non_null(add_link(gil, id, "http://127.0.0.1:1/secret", "Inside", ""));
	assert_false(run_job("evidence_files")); /* links are another's work */
	for (int i = 0; i < 4; i++)
		assert_true(run_job("evidence_links"));
	assert_false(run_job("evidence_links"));

	assert_string_equal(piece(id, 0)->state, "ok");
	assert_int_equal(piece(id, 0)->n_problems, 0);
	for (size_t i = 1; i < 4; i++) {
		assert_string_equal(piece(id, i)->state, "problem");
		assert_string_not_equal(piece(id, i)->problems[0]->message, "");
	}
	assert_string_equal(
	    sql("SELECT count(*) FROM evidence WHERE next_check_at BETWEEN"
		" clock_timestamp() + interval '23 hours' AND clock_timestamp() + interval '25 hours'"),
	    "4");
}

static void
a_link_that_was_opened_is_looked_at_again(void **state)
{
	Vouch__EvidenceAgain again = VOUCH__EVIDENCE_AGAIN__INIT;
	const Vouch__Evidence *e;
	const char *id;

	(void)state;
	id = create(gil, MC_ID)->id;
	assert_non_null(add_link(gil, id, url("/login"), "Film", ""));
	assert_true(run_job("evidence_links"));
	assert_string_equal(piece(id, 0)->state, "problem");

	sql("UPDATE evidence SET url = '%s'", url("/open")); /* the earner has shared it */
	again.id = (char *)id;
	again.evidence_id = piece(id, 0)->id;
	assert_non_null(e = ask(gil, &rpc_submissions_recheck, &again, ""));
	assert_string_equal(e->state, "checking");
	assert_true(run_job("evidence_links"));
	assert_string_equal(piece(id, 0)->state, "ok");
	assert_int_equal(piece(id, 0)->n_problems, 0);
}

/* ---- leases ---------------------------------------------------------------------------- */

static const char *open_transactions;

static void
look_around(void)
{
	open_transactions = sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'vouch_submission'"
				" AND datname = current_database() AND state <> 'idle'");
}

static void
another_takes_it(void)
{
	sql("UPDATE evidence SET lease = lease + 1, state = 'ok'");
}

static void
its_earner_removes_it(void)
{
	sql("DELETE FROM evidence");
}

static void
its_earner_gives_up(void)
{
	sql("UPDATE submissions SET state = 'discarded'");
}

/* A draft with one link to /hook; HOOK runs while it is looked at. */
static const char *
looked_at_during(void (*hook)(void))
{
	const char *id = create(gil, MC_ID)->id;

	web.hook = hook;
	assert_non_null(add_link(gil, id, url("/hook"), "Film", ""));
	assert_true(run_job("evidence_links"));
	return id;
}

static void
nothing_is_held_open_while_somebody_elses_server_thinks(void **state)
{
	(void)state;
	looked_at_during(look_around);
	assert_string_equal(open_transactions, "0");
}

static void
only_the_newest_look_counts(void **state)
{
	int64_t version;
	const char *id;

	(void)state;
	id = looked_at_during(another_takes_it);
	version = get(gil, id)->version;
	assert_int_equal(version, 2);
	assert_null(piece(id, 0)->checked_at);
	clean(NULL);

	assert_int_equal(get(gil, looked_at_during(its_earner_removes_it))->n_evidence, 0);
	clean(NULL);

	looked_at_during(its_earner_gives_up);
	assert_string_equal(sql("SELECT state FROM evidence"), "checking");
}

static void
what_is_handed_in_is_left_alone(void **state)
{
	const char *id;

	(void)state;
	id = ready_draft(gil, MC_ID)->id;
	assert_non_null(add_link(gil, id, url("/open"), "Film", ""));
	assert_true(run_job("evidence_links"));
	assert_non_null(submit(gil, id, ""));
	sql("UPDATE evidence SET next_check_at = clock_timestamp(), url = '%s'", url("/login"));

	assert_true(run_job("evidence_links"));
	assert_string_equal(piece(id, 0)->state, "ok");
	assert_false(run_job("evidence_links")); /* and never again */
	assert_string_equal(sql("SELECT next_check_at FROM evidence"), "");
}

static void
a_lease_that_ran_out_is_taken_again(void **state)
{
	const char *id;

	(void)state;
	id = create(gil, MC_ID)->id;
	assert_non_null(add_link(gil, id, url("/open"), "Film", ""));
	/* Somebody took it and died. */
	sql("UPDATE evidence SET lease = 1, tries = 1, next_check_at = clock_timestamp() + interval '120 s'");
	assert_false(run_job("evidence_links"));
	sql("UPDATE evidence SET next_check_at = clock_timestamp()");
	assert_true(run_job("evidence_links"));
	assert_string_equal(piece(id, 0)->state, "ok");
}

static int
open_group(void **state)
{
	const char *bin = getenv("VOUCH_TEST_BIN");
	char text[200];

	(void)state;
	assert_non_null(bin);
	assert_non_null(mkdtemp(store));
	assert_true(web_open());
	setenv("VOUCH_EVIDENCE_DIR", store, 1);
	snprintf(text, sizeof(text), "%s/vouch-inspect", bin);
	setenv("VOUCH_INSPECT_PROGRAM", text, 1);
	snprintf(text, sizeof(text), "127.0.0.1:%d", web.port);
	setenv("VOUCH_LINK_ALLOW", text, 1);
	if (harness_open(&submission_service) != 0)
		return 1;
	now_is("2026-11-24T17:00:00Z");
	return !hear_issuer(ISSUER, 1, "Riverbend") || !hear_version(ISSUER, coaching);
}

static int
close_group(void **state)
{
	char command[200];

	(void)state;
	web_close();
	snprintf(command, sizeof(command), "rm -rf %s", store);
	harness_close(); /* which statements ran is test_submission's matter */
	return system(command);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_piece_finds_its_place_and_a_title, clean),
		cmocka_unit_test_setup(what_does_not_fit_is_refused, clean),
		cmocka_unit_test_setup(a_draft_holds_twenty_pieces, clean),
		cmocka_unit_test_setup(others_reach_no_piece, clean),
		cmocka_unit_test_setup(a_file_is_opened_and_judged, clean),
		cmocka_unit_test_setup(an_issuer_allows_what_it_names, clean),
		cmocka_unit_test_setup(a_file_that_is_not_there_is_said_to_be_missing, clean),
		cmocka_unit_test_setup(a_link_is_asked_for_as_a_stranger_does, clean),
		cmocka_unit_test_setup(a_link_that_was_opened_is_looked_at_again, clean),
		cmocka_unit_test_setup(nothing_is_held_open_while_somebody_elses_server_thinks, clean),
		cmocka_unit_test_setup(only_the_newest_look_counts, clean),
		cmocka_unit_test_setup(what_is_handed_in_is_left_alone, clean),
		cmocka_unit_test_setup(a_lease_that_ran_out_is_taken_again, clean),
	};

	return harness_run(tests, open_group, close_group);
}
