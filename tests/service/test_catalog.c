// links: catalog_service
/* Issuers, and micro-credentials from the first draft to the last day (3.3). */
#include "catalog_issuers.h"
#include "catalog_search.h"
#include "catalog_world.h"

static int
begin(void **state)
{
	(void)state;
	sql("TRUNCATE terms, entries, versions, micro_credentials, calendars, issuers, outbox, done");
	assert_true(instant_parse("2026-11-23T15:00:01Z", &test_now));
	return create_issuer("riverbend", "Riverbend") != NULL ? 0 : -1;
}

/* ---- a micro-credential comes to be --------------------------------------------------- */

static void
a_draft_becomes_public_by_another_hand(void **state)
{
	const Vouch__StudioVersion *v = create_draft("close-reading", "Close Reading");
	const Vouch__MicroCredentialPublished *published;
	const Vouch__MicroCredentialStateChanged *changed;
	char *id = v->id;

	(void)state;
	assert_string_equal(v->state, "draft");
	assert_int_equal(v->version, 1);
	assert_string_equal(v->document->parts[1]->rubric->criteria[0]->id, "c2"); /* numbered here */
	refused(step(visitor, &rpc_micro_credentials_get, id), VOUCH__STATUS__NOT_FOUND);
	refused(step(pia, &rpc_studio_publish, id), VOUCH__STATUS__CONFLICT);
	assert_string_equal(
	    ((const Vouch__StudioVersion *)step(ada, &rpc_studio_propose, id))->state, "in_review");
	refused(step(ada, &rpc_studio_publish, id), VOUCH__STATUS__FORBIDDEN);

	assert_non_null(v = step(pia, &rpc_studio_publish, id));
	assert_string_equal(v->state, "published");
	assert_string_equal(v->live, "published");
	assert_non_null(v->published_at);
	published = last_announced(&rpc_submissions_on_micro_credential_published);
	assert_string_equal(published->micro_credential_id, strchr(id, '~') + 1);
	assert_int_equal(published->version, 1);
	assert_string_equal(published->document->title, "Close Reading");
	assert_int_equal(published->document->n_parts, 3);
	changed = last_announced(&rpc_submissions_on_micro_credential_state_changed);
	assert_string_equal(changed->state, "published");
	assert_int_equal(changed->change, 1);
	refused(step(pia, &rpc_studio_publish, id), VOUCH__STATUS__CONFLICT);
}

static void
the_page_of_a_micro_credential_is_public(void **state)
{
	const Vouch__StudioVersion *v = publish("close-reading", "Close Reading");
	const Vouch__MicroCredential *page = step(visitor, &rpc_micro_credentials_get, v->id);
	const struct who far = {"", "lakeside", {VOUCH__ROLE__NOBODY}};

	(void)state;
	assert_string_equal(page->id, v->id);
	assert_string_equal(page->key, "close-reading");
	assert_string_equal(page->state, "published");
	assert_string_equal(page->issuer->name, "Riverbend");
	assert_string_equal(page->time_zone, "Europe/Berlin");
	assert_int_equal(page->version, 1);
	assert_int_equal(page->review_business_days, 14);
	assert_int_equal(page->n_parts, 3);
	assert_string_equal(page->parts[2]->rubric->criteria[0]->levels[0]->title, "Met");
	assert_string_equal(page->evidence_types[0], "plan");
	assert_string_equal(page->audiences[0], "Classroom teacher");
	refused(step(far, &rpc_micro_credentials_get, v->id), VOUCH__STATUS__NOT_FOUND);
}

static void
the_last_author_publishes_only_where_the_issuer_allows(void **state)
{
	const Vouch__StudioVersion *v = create_draft("close-reading", "Close Reading");
	struct who both = {ADA, "riverbend", {VOUCH__ROLE__ISSUER_AUTHOR, VOUCH__ROLE__ISSUER_APPROVER}};

	(void)state;
	step(ada, &rpc_studio_propose, v->id);
	refused(step(both, &rpc_studio_publish, v->id), VOUCH__STATUS__FORBIDDEN);
	sql("UPDATE issuers SET author_may_publish = true");
	assert_non_null(step(both, &rpc_studio_publish, v->id));
}

static void
what_is_incomplete_is_told_at_once_and_goes_no_further(void **state)
{
	Vouch__CreateMicroCredential create = VOUCH__CREATE_MICRO_CREDENTIAL__INIT;
	const Vouch__StudioChecks *checks;
	const Vouch__StudioVersion *v;
	struct page page;

	(void)state;
	create.issuer_id = (char *)"riverbend";
	create.document = document_of(&page, "half", "Half");
	page.d.n_topics = 0;
	page.rubric[1].n_criteria = 0;
	page.unmet.passing = true;
	assert_non_null(v = ask(ada, &rpc_studio_create, &create, "")); /* a draft may be half */
	checks = step(ada, &rpc_studio_check, v->id);
	assert_false(checks->ready);
	assert_int_equal(checks->n_items, 4);
	assert_string_equal(checks->items[0]->field, "topics");
	refused(step(ada, &rpc_studio_propose, v->id), VOUCH__STATUS__INVALID);
	assert_true(complained_about("document.topics"));
	assert_true(complained_about("document.parts[1].rubric.criteria"));
	assert_true(complained_about("document.parts[0].rubric.criteria[0].levels"));
	assert_string_equal(
	    ((const Vouch__StudioVersion *)step(ada, &rpc_studio_get, v->id))->state, "draft");

	assert_non_null(write_draft(v->id, v->edit, "half", "Whole"));
	assert_true(((const Vouch__StudioChecks *)step(ada, &rpc_studio_check, v->id))->ready);
	assert_non_null(step(ada, &rpc_studio_propose, v->id));
}

static void
a_returned_version_carries_the_note(void **state)
{
	Vouch__ReturnMicroCredential back = VOUCH__RETURN_MICRO_CREDENTIAL__INIT;
	const Vouch__StudioVersion *v = create_draft("close-reading", "Close Reading");

	(void)state;
	back.id = v->id;
	back.note = (char *)"Say who may take it.";
	refused(ask(pia, &rpc_studio_give_back, &back, ""), VOUCH__STATUS__CONFLICT);
	step(ada, &rpc_studio_propose, v->id);
	refused(ask(ada, &rpc_studio_give_back, &back, ""), VOUCH__STATUS__FORBIDDEN);
	assert_non_null(v = ask(pia, &rpc_studio_give_back, &back, ""));
	assert_string_equal(v->state, "draft");
	assert_string_equal(v->note, "Say who may take it.");
}

/* ---- versions ---------------------------------------------------------------------- */

static void
nobody_writes_over_what_they_have_not_seen(void **state)
{
	const Vouch__StudioVersion *v = create_draft("close-reading", "Close Reading"), *next;
	struct page page;
	Vouch__WriteMicroCredential write = VOUCH__WRITE_MICRO_CREDENTIAL__INIT;

	(void)state;
	assert_non_null(next = write_draft(v->id, v->edit, "close-reading", "Closer Reading"));
	assert_int_equal(next->edit, v->edit + 1);
	refused(write_draft(v->id, v->edit, "close-reading", "Older"), VOUCH__STATUS__STALE);
	assert_true(answer.shows_current);
	refused(write_draft(v->id, next->edit, "other-key", "Other"), VOUCH__STATUS__INVALID);
	assert_true(complained_about("document.key"));
	write.id = v->id;
	write.if_match = next->edit;
	write.document = document_of(&page, "close-reading", "X");
	refused(
	    ask((struct who){ADA, "lakeside", {VOUCH__ROLE__ISSUER_AUTHOR}}, &rpc_studio_write, &write, ""),
	    VOUCH__STATUS__NOT_FOUND);
	step(ada, &rpc_studio_propose, v->id);
	refused(write_draft(v->id, next->edit + 1, "close-reading", "While read"), VOUCH__STATUS__CONFLICT);
	refused(create_draft("close-reading", "Twice"), VOUCH__STATUS__CONFLICT);
}

static void
a_published_version_stays_and_the_next_supersedes_it(void **state)
{
	const Vouch__StudioVersion *v = publish("close-reading", "Close Reading"), *next;
	char *id = v->id;

	(void)state;
	assert_non_null(next = write_draft(id, v->edit, "close-reading", "Closer Reading"));
	assert_int_equal(next->version, 2);
	assert_string_equal(next->state, "draft");
	assert_string_equal(next->live, "published");
	assert_string_equal(
	    ((const Vouch__MicroCredential *)step(visitor, &rpc_micro_credentials_get, id))->title,
	    "Close Reading");
	step(ada, &rpc_studio_propose, id);
	assert_non_null(step(pia, &rpc_studio_publish, id));
	assert_string_equal(
	    ((const Vouch__MicroCredential *)step(visitor, &rpc_micro_credentials_get, id))->title,
	    "Closer Reading");
	assert_string_equal(sql("SELECT string_agg(state || ' ' || (document->>'title'), ', ' ORDER BY "
				"version) FROM versions"),
	    "superseded Close Reading, published Closer Reading");
	assert_int_equal(((const Vouch__MicroCredentialPublished *)last_announced(
			      &rpc_submissions_on_micro_credential_published))
			     ->version,
	    2);
	/* Nor can a statement that forgets itself. */
	sql("DO $$ BEGIN UPDATE versions SET document = '{}'; EXCEPTION WHEN raise_exception THEN NULL; END "
	    "$$");
	assert_string_equal(sql("SELECT count(*) FROM versions WHERE document = '{}'"), "0");
}

static void
a_draft_can_be_given_up(void **state)
{
	const Vouch__StudioVersion *v = create_draft("never", "Never"),
				   *w = publish("close-reading", "Close Reading");

	(void)state;
	assert_non_null(v = step(ada, &rpc_studio_discard, v->id));
	assert_string_equal(v->state, "discarded");
	refused(step(ada, &rpc_studio_propose, v->id), VOUCH__STATUS__CONFLICT);
	assert_non_null(create_draft("never", "The key is free again"));
	refused(step(ada, &rpc_studio_discard, w->id), VOUCH__STATUS__CONFLICT);
	write_draft(w->id, w->edit, "close-reading", "A worse idea");
	assert_non_null(w = step(ada, &rpc_studio_discard, w->id));
	assert_string_equal(w->state, "published");
	assert_int_equal(w->version, 1);
	assert_int_equal(write_draft(w->id, w->edit, "close-reading", "A better one")->version, 3);
}

/* ---- out of the catalog, and back ------------------------------------------------------ */

static int64_t
found(const char *q)
{
	Vouch__SearchMicroCredentials search = VOUCH__SEARCH_MICRO_CREDENTIALS__INIT;

	search.q = (char *)q;
	return ((const Vouch__MicroCredentialList *)ask(visitor, &rpc_micro_credentials_search, &search, ""))
	    ->total;
}

static void
intake_is_paused_resumed_and_ended(void **state)
{
	const Vouch__StudioVersion *v = publish("close-reading", "Close Reading");
	char *id = v->id;

	(void)state;
	refused(step(ole, &rpc_studio_resume, id), VOUCH__STATUS__CONFLICT);
	refused(step(pia, &rpc_studio_suspend, id), VOUCH__STATUS__FORBIDDEN);
	assert_string_equal(
	    ((const Vouch__StudioVersion *)step(ops, &rpc_studio_suspend, id))->state, "suspended");
	assert_int_equal(found("reading"), 0);
	assert_string_equal(
	    ((const Vouch__MicroCredential *)step(visitor, &rpc_micro_credentials_get, id))->state,
	    "suspended");
	assert_string_equal(((const Vouch__MicroCredentialStateChanged *)last_announced(
				 &rpc_submissions_on_micro_credential_state_changed))
				->state,
	    "suspended");
	refused(step(ole, &rpc_studio_suspend, id), VOUCH__STATUS__CONFLICT);

	assert_string_equal(
	    ((const Vouch__StudioVersion *)step(ole, &rpc_studio_resume, id))->state, "published");
	assert_int_equal(found("reading"), 1);
	assert_string_equal(
	    ((const Vouch__StudioVersion *)step(ole, &rpc_studio_retire, id))->state, "retired");
	assert_int_equal(found("reading"), 0);
	assert_string_equal(
	    ((const Vouch__MicroCredential *)step(visitor, &rpc_micro_credentials_get, id))->state,
	    "retired");
	assert_int_equal(((const Vouch__MicroCredentialStateChanged *)last_announced(
			      &rpc_submissions_on_micro_credential_state_changed))
			     ->change,
	    4);
	refused(step(ole, &rpc_studio_retire, id), VOUCH__STATUS__CONFLICT);
	refused(write_draft(id, v->edit + 3, "close-reading", "Too late"), VOUCH__STATUS__CONFLICT);
}

static void
a_better_text_does_not_resume_intake(void **state)
{
	const Vouch__StudioVersion *v = publish("close-reading", "Close Reading");

	(void)state;
	v = step(ole, &rpc_studio_suspend, v->id);
	assert_non_null(write_draft(v->id, v->edit, "close-reading", "Closer Reading"));
	step(ada, &rpc_studio_propose, v->id);
	assert_string_equal(
	    ((const Vouch__StudioVersion *)step(pia, &rpc_studio_publish, v->id))->state, "suspended");
	assert_int_equal(found("reading"), 0);
}

/* ---- lists and files ---------------------------------------------------------------------- */

static void
authors_see_every_state_page_by_page(void **state)
{
	Vouch__ListStudio list = VOUCH__LIST_STUDIO__INIT;
	const Vouch__StudioList *page;

	(void)state;
	publish("one", "One");
	test_now += 1000;
	create_draft("two", "Two");
	test_now += 1000;
	create_draft("three", "Three");
	list.issuer_id = (char *)"riverbend";
	list.limit = 2;
	page = ask(pia, &rpc_studio_list, &list, "");
	assert_int_equal(page->n_items, 2);
	assert_string_equal(page->items[0]->title, "Three");
	list.cursor = page->next;
	page = ask(pia, &rpc_studio_list, &list, "");
	assert_int_equal(page->n_items, 1);
	assert_string_equal(page->items[0]->state, "published");
	assert_string_equal(page->items[0]->live, "published");
	list.cursor = (char *)"";
	list.state = (char *)"draft";
	assert_int_equal(((const Vouch__StudioList *)ask(pia, &rpc_studio_list, &list, ""))->n_items, 2);
	list.state = (char *)"dreaming";
	refused(ask(pia, &rpc_studio_list, &list, ""), VOUCH__STATUS__MALFORMED);
	assert_true(complained_about("state"));
	list.state = (char *)"";
	refused(ask(visitor, &rpc_studio_list, &list, ""), VOUCH__STATUS__UNAUTHENTICATED);
}

static void
a_line_of_a_file_is_published_once(void **state)
{
	struct page page;
	const Vouch__ImportResult *first, *again;
	const Vouch__MicroCredential *shown;

	(void)state;
	document_of(&page, "close-reading", "Close Reading");
	page.d.n_parts = page.d.n_evidence_requirements = 0;
	page.component.id = (char *)"";
	page.d.ai_policy = VOUCH__AI_POLICY__DISCLOSED_ASSIST;
	assert_non_null(first = import("riverbend", &page.d));
	assert_true(first->changed);
	assert_true(first->standard_parts);
	assert_int_equal(first->version, 1);
	shown = step(visitor, &rpc_micro_credentials_get, first->id);
	assert_int_equal(shown->n_parts, 3);
	assert_string_equal(shown->parts[1]->rubric->criteria[0]->components[0], "m1");
	assert_int_equal(shown->n_evidence_requirements, 1);
	assert_true(shown->ai_note[0] != '\0');

	assert_non_null(again = import("riverbend", &page.d));
	assert_false(again->changed);
	assert_string_equal(again->id, first->id);
	assert_int_equal(announced(&rpc_submissions_on_micro_credential_published), 1);

	page.d.title = (char *)"Closer Reading";
	assert_non_null(again = import("riverbend", &page.d));
	assert_true(again->changed);
	assert_int_equal(again->version, 2);
	assert_int_equal(announced(&rpc_submissions_on_micro_credential_published), 2);
}

static void
an_import_writes_over_nobodys_draft(void **state)
{
	struct page page;
	const Vouch__StudioVersion *v;

	(void)state;
	v = publish("close-reading", "Close Reading");
	write_draft(v->id, v->edit, "close-reading", "In the making");
	document_of(&page, "close-reading", "From a file");
	refused(import("riverbend", &page.d), VOUCH__STATUS__CONFLICT);
	step(ole, &rpc_studio_retire, v->id);
	refused(import("riverbend", &page.d), VOUCH__STATUS__CONFLICT);
	page.d.n_topics = 0;
	page.d.key = (char *)"another";
	refused(import("riverbend", &page.d), VOUCH__STATUS__INVALID);
	assert_true(complained_about("document.topics"));
	page.d.n_topics = 1;
	refused(import("nowhere", &page.d), VOUCH__STATUS__NOT_FOUND);
}

/* Every field within its bound, and still too much together. */
static void
a_document_fits_into_an_event(void **state)
{
	static char text[4001];
	Vouch__Criterion many[30], *criteria[30];
	struct page page;

	(void)state;
	memset(text, 'a', 4000);
	document_of(&page, "large", "Large");
	page.met.description = page.unmet.description = text;
	for (int i = 0; i < 30; i++) {
		many[i] = page.criterion[0];
		criteria[i] = &many[i];
	}
	page.rubric[0].criteria = criteria;
	page.rubric[0].n_criteria = 30;
	assert_non_null(import("riverbend", &page.d)); /* 240 KB */
	page.d.key = (char *)"larger";
	page.rubric[1] = page.rubric[2] = page.rubric[0];
	refused(import("riverbend", &page.d), VOUCH__STATUS__INVALID);
	assert_true(complained_about("document"));
}

static int
open_service(void **state)
{
	(void)state;
	return harness_open(&catalog_service);
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
		ISSUER_TESTS,
		TEST(a_draft_becomes_public_by_another_hand),
		TEST(the_page_of_a_micro_credential_is_public),
		TEST(the_last_author_publishes_only_where_the_issuer_allows),
		TEST(what_is_incomplete_is_told_at_once_and_goes_no_further),
		TEST(a_returned_version_carries_the_note),
		TEST(nobody_writes_over_what_they_have_not_seen),
		TEST(a_published_version_stays_and_the_next_supersedes_it),
		TEST(a_draft_can_be_given_up),
		TEST(intake_is_paused_resumed_and_ended),
		TEST(a_better_text_does_not_resume_intake),
		TEST(authors_see_every_state_page_by_page),
		TEST(a_line_of_a_file_is_published_once),
		TEST(an_import_writes_over_nobodys_draft),
		TEST(a_document_fits_into_an_event),
		SEARCH_TESTS,
	};

	return harness_run(tests, open_service, close_service);
}
