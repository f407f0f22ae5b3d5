// links: catalog_service
/* What a micro-credential must say before it is published, and how it is made whole. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "arena.h"
#include "document.h"
#include "publish.h"
#include "service/catalog_page.h"

static struct arena arena;

static int
end(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

/* ---- one thing is wrong --------------------------------------------------------- */

static char *unknown[] = {(char *)"m9"}, *shared[] = {(char *)"e1"}, *blank[] = {(char *)" \t"};

static void
good(struct page *p)
{
	p->requirement.id = (char *)"e1";
}

static void
no_title(struct page *p)
{
	p->d.title = (char *)"  ";
}

static void
no_summary(struct page *p)
{
	p->d.summary = (char *)"";
}

static void
no_audience(struct page *p)
{
	p->d.n_audiences = 0;
}

static void
blank_topic(struct page *p)
{
	p->d.topics = blank;
}

static void
no_hours(struct page *p)
{
	p->d.estimated_hours = NAN;
}

static void
two_parts(struct page *p)
{
	p->d.n_parts = 2;
}

static void
no_parts(struct page *p)
{
	p->d.n_parts = 0;
	p->d.n_method_components = 0;
}

static void
parts_in_disorder(struct page *p)
{
	p->parts[0] = &p->part[1];
	p->parts[1] = &p->part[0];
}

static void
no_rubric(struct page *p)
{
	p->part[2].rubric = NULL;
}

static void
no_criterion(struct page *p)
{
	p->rubric[0].n_criteria = 0;
}

static void
no_level(struct page *p)
{
	p->criterion[1].n_levels = 0;
}

static void
none_passes(struct page *p)
{
	p->met.passing = false;
	p->criterion[0].n_levels = p->criterion[1].n_levels = 1;
	p->criterion[2].levels = &p->levels[1];
	p->criterion[2].n_levels = 1;
}

static void
all_pass(struct page *p)
{
	p->criterion[0].n_levels = 1;
}

static void
words_crossed(struct page *p)
{
	p->part[1].min_words = 501;
}

static void
words_without_end(struct page *p)
{
	p->part[1].min_words = 501;
	p->part[1].max_words = 0;
}

static void
negative_words(struct page *p)
{
	p->part[1].min_words = -1;
}

static void
criterion_twice(struct page *p)
{
	p->criterion[2].id = p->criterion[0].id;
}

static void
level_twice(struct page *p)
{
	p->unmet.id = p->met.id;
	p->criterion[1].n_levels = 0;
	p->criterion[2].n_levels = 0;
	p->rubric[1].n_criteria = p->rubric[2].n_criteria = 0;
}

static void
prompt_without_id(struct page *p)
{
	p->prompt[1].id = (char *)"";
}

static void
component_unaddressed(struct page *p)
{
	p->prompt[0].n_components = p->prompt[1].n_components = p->prompt[2].n_components = 0;
}

static void
component_in_a_criterion(struct page *p)
{
	component_unaddressed(p);
	p->criterion[1].components = p->refs;
	p->criterion[1].n_components = 1;
}

static void
component_unknown(struct page *p)
{
	p->prompt[1].components = unknown;
}

static void
evidence_strange(struct page *p)
{
	p->requirement.evidence_type = (char *)"telepathy";
}

static void
evidence_crossed(struct page *p)
{
	p->requirement.min = 3;
	p->requirement.max = 2;
}

static void
evidence_none(struct page *p)
{
	p->requirement.min = p->requirement.max = 0;
}

static void
shared_without_policy(struct page *p)
{
	p->d.shared_artifacts = shared;
	p->d.n_shared_artifacts = 1;
}

static void
shared_nothing(struct page *p)
{
	p->d.collaboration_policy = VOUCH__COLLABORATION_POLICY__ALLOWED_SHARED_ARTIFACTS;
	p->d.collaboration_note = (char *)"Share it.";
}

static void
shared_unknown(struct page *p)
{
	shared_nothing(p);
	p->d.shared_artifacts = unknown;
	p->d.n_shared_artifacts = 1;
}

static void
shared_well(struct page *p)
{
	shared_nothing(p);
	shared_without_policy(p);
}

static void
ai_without_note(struct page *p)
{
	p->d.ai_policy = VOUCH__AI_POLICY__DISCLOSED_OPEN;
}

static void
together_without_note(struct page *p)
{
	p->d.collaboration_policy = VOUCH__COLLABORATION_POLICY__ALLOWED;
}

static void
limited_to_none(struct page *p)
{
	p->d.resubmission_policy = VOUCH__RESUBMISSION_POLICY__LIMITED;
	p->d.resubmission_note = (char *)"Ask first.";
}

static const struct {
	const char *what;
	void (*spoil)(struct page *page);
	const char *rule, *field; /* NULL: it may be published; the first finding otherwise, */
	size_t n;                 /* and how many there are */
} facts[] = {
	{"a good one", good, NULL, NULL, 0},
	{"words without an upper limit", words_without_end, NULL, NULL, 0},
	{"a component that a criterion looks at", component_in_a_criterion, NULL, NULL, 0},
	{"evidence that may be shared", shared_well, NULL, NULL, 0},
	{"a title of spaces", no_title, "required", "title", 1},
	{"no summary", no_summary, "required", "summary", 1},
	{"no audience", no_audience, "required", "audiences", 1},
	{"a topic of spaces", blank_topic, "required", "topics[0]", 1},
	{"hours that are no number", no_hours, "hours", "estimatedHours", 1},
	{"two parts", two_parts, "parts", "parts", 1},
	{"no parts", no_parts, "parts", "parts", 1},
	{"parts in disorder", parts_in_disorder, "parts", "parts", 1},
	{"a part without rubric", no_rubric, "part_without_criterion", "parts[2].rubric.criteria", 1},
	{"a rubric without criterion", no_criterion, "part_without_criterion", "parts[0].rubric.criteria", 1},
	{"a criterion without level", no_level, "criterion_without_level",
		"parts[1].rubric.criteria[0].levels", 1},
	{"no level that passes", none_passes, "no_passing_level", "parts[0].rubric.criteria[0].levels", 3},
	{"only levels that pass", all_pass, "only_passing_levels", "parts[0].rubric.criteria[0].levels", 1},
	{"more words wanted than allowed", words_crossed, "words", "parts[1].minWords", 1},
	{"less than no words", negative_words, "words", "parts[1].minWords", 1},
	{"two criteria with one id", criterion_twice, "unique", "parts[2].rubric.criteria[0].id", 1},
	{"two levels with one id", level_twice, "part_without_criterion", "parts[1].rubric.criteria", 3},
	{"a prompt without id", prompt_without_id, "required", "parts[1].prompts[0].id", 1},
	{"a component that nothing looks at", component_unaddressed, "component_unaddressed",
		"methodComponents[0]", 1},
	{"a component that does not exist", component_unknown, "component_unknown",
		"parts[1].prompts[0].components[0]", 1},
	{"evidence of a kind nobody knows", evidence_strange, "evidence_type",
		"evidenceRequirements[0].evidenceType", 1},
	{"more evidence wanted than allowed", evidence_crossed, "evidence_range",
		"evidenceRequirements[0].min", 1},
	{"evidence that nobody may give", evidence_none, "evidence_range", "evidenceRequirements[0].max", 1},
	{"sharing without the policy", shared_without_policy, "shared_artifacts", "sharedArtifacts", 1},
	{"the policy without sharing", shared_nothing, "shared_artifacts", "sharedArtifacts", 1},
	{"sharing what is not asked for", shared_unknown, "shared_artifacts", "sharedArtifacts[0]", 1},
	{"AI without a word about it", ai_without_note, "policy_note", "aiNote", 1},
	{"collaboration without a word about it", together_without_note, "policy_note", "collaborationNote",
		1},
	{"a limit of none", limited_to_none, "resubmission_limit", "resubmissionLimit", 1},
};

static void
every_rule_is_told_where_it_is_broken(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		struct publish_findings findings = {.arena = &arena};
		struct page page;

		document_of(&page, "key", "Title");
		assert_true(document_number(&arena, &page.d));
		facts[i].spoil(&page);
		publish_checks(&page.d, &findings);
		if (findings.n != facts[i].n)
			print_message(
			    "%s: %s\n", facts[i].what, findings.n > 0 ? findings.items[0].field : "nothing");
		assert_int_equal(findings.n, facts[i].n);
		if (facts[i].n == 0)
			continue;
		assert_string_equal(findings.items[0].rule, facts[i].rule);
		assert_string_equal(findings.items[0].field, facts[i].field);
		assert_true(findings.items[0].message[0] != '\0');
	}
}

static void
everything_is_told_at_once_up_to_a_bound(void **state)
{
	struct publish_findings findings = {.arena = &arena};
	Vouch__MicroCredentialDocument empty = VOUCH__MICRO_CREDENTIAL_DOCUMENT__INIT;
	Vouch__Criterion none = VOUCH__CRITERION__INIT, *many[200];
	struct page page;

	(void)state;
	publish_checks(&empty, &findings);
	assert_int_equal(findings.n, 5); /* title, summary, audiences, topics, parts */
	document_of(&page, "key", "Title");
	for (int i = 0; i < 200; i++)
		many[i] = &none;
	page.rubric[0].criteria = many;
	page.rubric[0].n_criteria = 200;
	findings.n = 0;
	publish_checks(&page.d, &findings);
	assert_int_equal(findings.n, PUBLISH_FINDINGS_MAX);
}

/* ---- made whole ----------------------------------------------------------------------- */

static void
ids_are_given_and_none_is_taken_twice(void **state)
{
	struct page page;

	(void)state;
	document_of(&page, "key", "Title");
	page.criterion[0].id = (char *)"c2";
	page.prompt[2].id = (char *)"own";
	assert_true(document_number(&arena, &page.d));
	assert_string_equal(page.component.id, "m1");
	assert_string_equal(page.criterion[0].id, "c2");
	assert_string_equal(page.criterion[1].id, "c1");
	assert_string_equal(page.criterion[2].id, "c3");
	assert_string_equal(page.prompt[0].id, "p1");
	assert_string_equal(page.prompt[2].id, "own");
	assert_string_equal(page.requirement.id, "e1");
	assert_string_equal(page.met.id, "met");
}

static void
a_bare_line_becomes_a_document_that_may_be_published(void **state)
{
	struct publish_findings findings = {.arena = &arena};
	struct page page;
	bool standard;

	(void)state;
	document_of(&page, "key", "Title");
	page.d.n_parts = page.d.n_evidence_requirements = 0;
	page.d.ai_policy = VOUCH__AI_POLICY__DISCLOSED_OPEN;
	page.d.collaboration_policy = VOUCH__COLLABORATION_POLICY__ALLOWED;
	assert_true(document_complete(&arena, &page.d, &standard));
	assert_true(standard);
	assert_int_equal(page.d.n_parts, 3);
	assert_string_equal(page.d.parts[1]->key, "work_examples");
	assert_int_equal(page.d.parts[1]->rubric->criteria[0]->n_levels, 3);
	assert_true(page.d.parts[1]->rubric->criteria[0]->required);
	assert_string_equal(page.d.evidence_requirements[0]->evidence_type, "document");
	publish_checks(&page.d, &findings);
	assert_int_equal(findings.n, 0);
}

static void
what_is_there_stays(void **state)
{
	struct page page;
	bool standard;

	(void)state;
	document_of(&page, "key", "Title");
	page.part[2].rubric = NULL;
	page.d.ai_note = (char *)"Mine";
	page.requirement.min = 2;
	page.requirement.max = 0;
	assert_true(document_complete(&arena, &page.d, &standard));
	assert_true(standard); /* one rubric was filled in */
	assert_ptr_equal(page.d.parts[0]->rubric, &page.rubric[0]);
	assert_string_equal(page.d.parts[2]->rubric->criteria[0]->title, "Learning from practice");
	assert_string_equal(page.d.ai_note, "Mine");
	assert_int_equal(page.requirement.max, 2);
	document_of(&page, "key", "Title");
	assert_true(document_complete(&arena, &page.d, &standard));
	assert_false(standard);
}

static void
a_full_arena_is_told(void **state)
{
	struct arena small = {.max = 2048};
	struct page page;
	bool standard;

	(void)state;
	document_of(&page, "key", "Title");
	page.d.n_parts = 0;
	while (arena_alloc(&small, 64) != NULL)
		;
	assert_false(document_complete(&small, &page.d, &standard));
	arena_reset(&small);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(every_rule_is_told_where_it_is_broken, end),
		cmocka_unit_test_teardown(everything_is_told_at_once_up_to_a_bound, end),
		cmocka_unit_test_teardown(ids_are_given_and_none_is_taken_twice, end),
		cmocka_unit_test_teardown(a_bare_line_becomes_a_document_that_may_be_published, end),
		cmocka_unit_test_teardown(what_is_there_stays, end),
		cmocka_unit_test_teardown(a_full_arena_is_told, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
