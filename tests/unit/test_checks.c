// links: submission_service
/*
 * The checks of a draft: each change of a draft that is fine, and what is then
 * said of it (DRF-7). Nothing else may be said.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "checks.h"

enum { PIECES = 3 };

/* A draft with everything in it, made anew for each fact. */
static struct {
	struct draft draft;
	Vouch__MicroCredentialDocument document;
	Vouch__Part parts[2], *part_list[2];
	Vouch__EvidenceRequirement plan, film, *asks[2];
	Vouch__PartText texts[2], *text_list[2];
	Vouch__Evidence pieces[PIECES], *piece_list[PIECES];
	Vouch__Problem problem, *problems[1];
	Vouch__Declarations declarations;
	Vouch__CollaborationDeclaration collaboration;
	Vouch__Partner partner, *partners[1];
	Vouch__AiDeclaration ai;
	Vouch__PersonalInformationDeclaration care;
	Vouch__OwnWorkDeclaration own;
} d;
static struct arena arena;

static void
make_parts(void)
{
	static char *keys[] = {(char *)"overview", (char *)"reflection"},
		    *titles[] = {(char *)"Part 1", (char *)"Part 3"};

	for (int i = 0; i < 2; i++) {
		vouch__part__init(&d.parts[i]);
		d.parts[i].key = keys[i];
		d.parts[i].title = titles[i];
		d.parts[i].min_words = 3;
		d.parts[i].max_words = 6;
		d.part_list[i] = &d.parts[i];
		vouch__part_text__init(&d.texts[i]);
		d.texts[i].key = keys[i];
		d.texts[i].text = (char *)"We set a goal.";
		d.texts[i].words = 4;
		d.text_list[i] = &d.texts[i];
	}
	d.document.parts = d.part_list;
	d.document.n_parts = 2;
	d.draft.parts = d.text_list;
	d.draft.n_parts = 2;
}

/* A plan of one or two files, a film that may be missing. */
static void
make_evidence(void)
{
	static char *papers[] = {(char *)"pdf", (char *)"docx"};
	static const char *const ids[] = {"e1", "e2", "e3"},
				 *const titles[] = {"Plan for autumn", "Film of a lesson", "Notes"};

	vouch__evidence_requirement__init(&d.plan);
	d.plan.id = (char *)"plan";
	d.plan.title = (char *)"Coaching plan";
	d.plan.min = 1;
	d.plan.max = 2;
	d.plan.accepts = papers;
	d.plan.n_accepts = 2;
	vouch__evidence_requirement__init(&d.film);
	d.film.id = (char *)"film";
	d.film.title = (char *)"Film";
	d.film.max = 1;
	d.asks[0] = &d.plan;
	d.asks[1] = &d.film;
	d.document.evidence_requirements = d.asks;
	d.document.n_evidence_requirements = 2;
	for (int i = 0; i < PIECES; i++) {
		Vouch__Evidence *e = d.piece_list[i] = &d.pieces[i];

		vouch__evidence__init(e);
		e->id = (char *)ids[i];
		e->title = (char *)titles[i];
		e->state = (char *)"ok";
		e->requirement_id = (char *)(i == 1 ? "film" : "plan");
		e->kind = i == 1 ? VOUCH__EVIDENCE_KIND__LINK : VOUCH__EVIDENCE_KIND__FILE;
		e->sha256 = (char *)(i == 0 ? "aa" : i == 1 ? "" : "cc");
		e->url = (char *)(i == 1 ? "https://example.org/film" : "");
		e->file_name = (char *)(i == 1 ? "" : "autumn.pdf");
	}
	vouch__problem__init(&d.problem);
	d.problem.rule = (char *)"encrypted";
	d.problem.message = (char *)"The file asks for a password.";
	d.problems[0] = &d.problem;
	d.draft.evidence = d.piece_list;
	d.draft.n_evidence = 2; /* the third piece is for those who need it */
}

static void
make_declarations(void)
{
	vouch__declarations__init(&d.declarations);
	vouch__collaboration_declaration__init(&d.collaboration);
	vouch__partner__init(&d.partner);
	vouch__ai_declaration__init(&d.ai);
	vouch__personal_information_declaration__init(&d.care);
	vouch__own_work_declaration__init(&d.own);
	d.partner.name = (char *)"A colleague";
	d.partners[0] = &d.partner;
	d.collaboration.partners = d.partners;
	d.collaboration.n_partners = 1;
	d.collaboration.rationale = (char *)"Two classes.";
	d.collaboration.delegation = (char *)"She filmed.";
	d.collaboration.collaborative = true;
	d.ai.answered = d.ai.used = d.care.reviewed = d.own.confirmed = true;
	d.ai.tools = (char *)"A chat";
	d.ai.purpose = (char *)"Grammar";
	d.declarations.collaboration = &d.collaboration;
	d.declarations.ai = &d.ai;
	d.declarations.personal_information = &d.care;
	d.declarations.own_work = &d.own;
	d.draft.declarations = &d.declarations;
}

static void
make(void)
{
	memset(&d, 0, sizeof(d));
	vouch__micro_credential_document__init(&d.document);
	d.document.collaboration_policy = VOUCH__COLLABORATION_POLICY__ALLOWED;
	d.document.ai_policy = VOUCH__AI_POLICY__DISCLOSED_ASSIST;
	make_parts();
	make_evidence();
	make_declarations();
	d.draft.document = &d.document;
	d.draft.intake = "published";
	d.draft.attempt = 1;
}

/* ---- what is changed ------------------------------------------------------------------ */

#define CHANGE(name_, ...) \
	static void name_(void) \
	{ \
		__VA_ARGS__; \
	}

CHANGE(nothing, (void)0)
CHANGE(suspended, d.draft.intake = "suspended")
CHANGE(unknown_intake, d.draft.intake = "")
CHANGE(empty_part, d.texts[0].text = (char *)" \n\t"; d.texts[0].words = 0)
CHANGE(missing_part, d.draft.n_parts = 1)
CHANGE(too_short, d.texts[1].words = 2)
CHANGE(just_enough, d.texts[1].words = 3)
CHANGE(just_fits, d.texts[1].words = 6)
CHANGE(too_long, d.texts[1].words = 7)
CHANGE(no_limits, d.texts[1].words = 7; d.parts[1].max_words = 0)
CHANGE(no_plan, d.pieces[0].requirement_id = (char *)"film"; d.film.max = 2)
CHANGE(two_plans_needed, d.plan.min = 2)
CHANGE(too_many_films, d.film.max = 1; d.pieces[2].requirement_id = (char *)"film"; d.draft.n_evidence = 3)
CHANGE(no_such_place, d.pieces[1].requirement_id = (char *)"essay")
CHANGE(no_place_asked, d.document.n_evidence_requirements = 0)
CHANGE(wrong_type, d.pieces[0].file_name = (char *)"autumn.pages")
CHANGE(checking, d.pieces[0].state = (char *)"checking")
CHANGE(link_checking, d.pieces[1].state = (char *)"checking")
CHANGE(unreadable, d.pieces[0].state = (char *)"problem"; d.pieces[0].problems = d.problems;
    d.pieces[0].n_problems = 1)
CHANGE(unclear, d.pieces[0].problems = d.problems; d.pieces[0].n_problems = 1)
CHANGE(silent_problem, d.pieces[0].state = (char *)"problem")
CHANGE(closed_link, d.pieces[1].state = (char *)"problem"; d.pieces[1].problems = d.problems;
    d.pieces[1].n_problems = 1)
CHANGE(unknown_link, d.pieces[1].problems = d.problems; d.pieces[1].n_problems = 1)
CHANGE(needed_closed_link, closed_link(); d.film.min = 1)
CHANGE(closed_link_beside_a_file, needed_closed_link(); d.film.max = 2;
    d.pieces[2].requirement_id = (char *)"film"; d.draft.n_evidence = 3)
CHANGE(individual_collaboration, d.document.collaboration_policy = VOUCH__COLLABORATION_POLICY__INDIVIDUAL)
CHANGE(individual_unsaid, individual_collaboration(); d.declarations.collaboration = NULL)
CHANGE(collaboration_unsaid, d.declarations.collaboration = NULL)
CHANGE(alone, d.collaboration.collaborative = false; d.collaboration.n_partners = 0)
CHANGE(no_partner, d.collaboration.n_partners = 0)
CHANGE(nameless_partner, d.partner.name = (char *)" ")
CHANGE(partner_by_mail, d.partner.name = (char *)""; d.partner.email = (char *)"a@example.org")
CHANGE(no_rationale, d.collaboration.rationale = (char *)"")
CHANGE(no_delegation, d.collaboration.delegation = (char *)"")
CHANGE(ai_unsaid, d.declarations.ai = NULL)
CHANGE(ai_unanswered, d.ai.answered = false)
CHANGE(ai_unused, d.ai.used = false; d.ai.tools = d.ai.purpose = (char *)"")
CHANGE(ai_prohibited, d.document.ai_policy = VOUCH__AI_POLICY__PROHIBITED)
CHANGE(ai_prohibited_unused, ai_prohibited(); ai_unused())
CHANGE(ai_prohibited_unsaid, ai_prohibited(); ai_unsaid())
CHANGE(no_tools, d.ai.tools = (char *)"")
CHANGE(no_purpose, d.ai.purpose = (char *)"\n")
CHANGE(no_care, d.care.reviewed = false)
CHANGE(care_unsaid, d.declarations.personal_information = NULL)
CHANGE(not_own, d.own.confirmed = false)
CHANGE(own_unsaid, d.declarations.own_work = NULL)
CHANGE(mail_in_text, d.texts[0].text = (char *)"Ask ann.miller@example.org about it.")
CHANGE(mail_in_title, d.pieces[1].title = (char *)"Film by ann.miller@example.org")
CHANGE(mail_in_file_name, d.pieces[0].file_name = (char *)"ann.miller@example.org_plan.pdf")
CHANGE(camera_name, d.pieces[1].title = (char *)"IMG_2041")
CHANGE(number_name, d.pieces[1].title = (char *)"2041-3")
CHANGE(final_name, d.pieces[1].title = (char *)"Lesson film final(2)")
CHANGE(file_name, d.pieces[1].title = (char *)"lesson_film.mp4")
CHANGE(finally, d.pieces[1].title = (char *)"Imagery of a semifinal: documents, v1.5")
CHANGE(of_requirement, d.film.title = (char *)"Screenshot"; d.pieces[1].title = (char *)"Screenshot 2")
CHANGE(same_title, d.pieces[1].title = (char *)"PLAN for autumn")
CHANGE(same_file, d.pieces[2].sha256 = (char *)"aa"; d.draft.n_evidence = 3)
CHANGE(fourth_attempt, d.draft.attempt = 4;
    d.document.resubmission_policy = VOUCH__RESUBMISSION_POLICY__COACH_FIRST)
CHANGE(third_attempt, fourth_attempt(); d.draft.attempt = 3)
CHANGE(second_of_one, third_attempt(); d.document.resubmission_limit = 2)
CHANGE(unlimited, fourth_attempt(); d.document.resubmission_policy = VOUCH__RESUBMISSION_POLICY__UNLIMITED)

static const struct fact {
	const char *name;
	void (*change)(void);
	const char *rule; /* the one that has something to say; NULL: none has */
	int severity;
	const char *field; /* of its first finding */
} facts[] = {
	{"a good draft", nothing, NULL, 0, NULL},
	{"intake is paused", suspended, "intake", BLOCKS, "microCredential"},
	{"state of intake unknown", unknown_intake, "intake", BLOCKS, "microCredential"},
	{"a part of spaces", empty_part, "part_text", BLOCKS, "parts.overview"},
	{"a part that is not there", missing_part, "part_text", BLOCKS, "parts.reflection"},
	{"too few words", too_short, "word_limit", BLOCKS, "parts.reflection"},
	{"as few as allowed", just_enough, NULL, 0, NULL},
	{"as many as allowed", just_fits, NULL, 0, NULL},
	{"too many words", too_long, "word_limit", BLOCKS, "parts.reflection"},
	{"no upper limit", no_limits, NULL, 0, NULL},
	{"required evidence missing", no_plan, "evidence_count", BLOCKS, "evidence.plan"},
	{"less evidence than required", two_plans_needed, "evidence_count", BLOCKS, "evidence.plan"},
	{"more evidence than taken", too_many_films, "evidence_count", BLOCKS, "evidence.film"},
	{"evidence without a place", no_such_place, "evidence_count", WARNS, NULL},
	{"no evidence asked for", no_place_asked, NULL, 0, NULL},
	{"a type that is not taken", wrong_type, "evidence_type", BLOCKS, "evidence.e1"},
	{"a file is being checked", checking, "evidence_checked", BLOCKS, "evidence.e1"},
	{"a link is being checked", link_checking, "evidence_checked", BLOCKS, "evidence.e2"},
	{"a file that does not open", unreadable, "evidence_readable", BLOCKS, "evidence.e1"},
	{"a file that is not clear", unclear, "evidence_readable", WARNS, "evidence.e1"},
	{"a file with an untold problem", silent_problem, "evidence_readable", BLOCKS, "evidence.e1"},
	{"a closed link that is extra", closed_link, "link_open", WARNS, "evidence.e2"},
	{"a link that could not be checked", unknown_link, "link_open", WARNS, "evidence.e2"},
	{"a closed link that is needed", needed_closed_link, "link_open", BLOCKS, "evidence.e2"},
	{"a closed link beside good evidence", closed_link_beside_a_file, "link_open", WARNS, "evidence.e2"},
	{"collaboration in individual work", individual_collaboration, "collaboration", BLOCKS,
		"declarations.collaboration.collaborative"},
	{"individual work needs no word", individual_unsaid, NULL, 0, NULL},
	{"collaboration not answered", collaboration_unsaid, "collaboration", BLOCKS,
		"declarations.collaboration"},
	{"alone", alone, NULL, 0, NULL},
	{"nobody named", no_partner, "collaboration", BLOCKS, "declarations.collaboration.partners"},
	{"a partner without a name", nameless_partner, "collaboration", BLOCKS,
		"declarations.collaboration.partners"},
	{"a partner by address", partner_by_mail, NULL, 0, NULL},
	{"no rationale", no_rationale, "collaboration", BLOCKS, "declarations.collaboration.rationale"},
	{"no delegation", no_delegation, "collaboration", BLOCKS, "declarations.collaboration.delegation"},
	{"AI not answered", ai_unsaid, "ai_disclosure", BLOCKS, "declarations.ai.used"},
	{"AI half answered", ai_unanswered, "ai_disclosure", BLOCKS, "declarations.ai.used"},
	{"AI not used", ai_unused, NULL, 0, NULL},
	{"AI used where prohibited", ai_prohibited, "ai_disclosure", BLOCKS, "declarations.ai.used"},
	{"AI attested not used", ai_prohibited_unused, NULL, 0, NULL},
	{"AI not attested", ai_prohibited_unsaid, "ai_disclosure", BLOCKS, "declarations.ai.used"},
	{"AI without tools", no_tools, "ai_disclosure", BLOCKS, "declarations.ai.tools"},
	{"AI without purpose", no_purpose, "ai_disclosure", BLOCKS, "declarations.ai.purpose"},
	{"care denied", no_care, "personal_information_reviewed", BLOCKS,
		"declarations.personalInformation.reviewed"},
	{"care not said", care_unsaid, "personal_information_reviewed", BLOCKS,
		"declarations.personalInformation.reviewed"},
	{"own work denied", not_own, "own_work", BLOCKS, "declarations.ownWork.confirmed"},
	{"own work not said", own_unsaid, "own_work", BLOCKS, "declarations.ownWork.confirmed"},
	{"an address in a text", mail_in_text, "personal_information", WARNS, "parts.overview"},
	{"an address in a title", mail_in_title, "personal_information", WARNS, "evidence.e2"},
	{"an address in a file name", mail_in_file_name, "personal_information", WARNS, "evidence.e1"},
	{"a camera's name", camera_name, "evidence_title", WARNS, "evidence.e2"},
	{"a name of numbers", number_name, "evidence_title", WARNS, "evidence.e2"},
	{"a name that ends in final(2)", final_name, "evidence_title", WARNS, "evidence.e2"},
	{"a file's name", file_name, "evidence_title", WARNS, "evidence.e2"},
	{"a title that only looks like them", finally, NULL, 0, NULL},
	{"a title made of the requirement's", of_requirement, NULL, 0, NULL},
	{"two of one title", same_title, "evidence_title", WARNS, "evidence.e2"},
	{"one file twice", same_file, "evidence_twice", WARNS, "evidence.e3"},
	{"after the third denial", fourth_attempt, "coach_first", WARNS, NULL},
	{"after the second denial", third_attempt, NULL, 0, NULL},
	{"after the issuer's own number", second_of_one, "coach_first", WARNS, NULL},
	{"attempts without a limit", unlimited, NULL, 0, NULL},
};

enum { N_FACTS = sizeof(facts) / sizeof(facts[0]), RULES = 16 };

static void
compare(const struct fact *fact, const struct findings *found)
{
	const struct finding *first = NULL;
	size_t passes = 0;

	for (size_t i = 0; i < found->n; i++) {
		const struct finding *f = &found->list[i];

		passes += f->severity == PASSES;
		if (f->severity == PASSES)
			continue;
		if (fact->rule == NULL || strcmp(f->rule, fact->rule) != 0)
			fail_msg("%s: %s says: %s", fact->name, f->rule, f->message);
		first = first != NULL ? first : f;
	}
	if (fact->rule != NULL && first == NULL)
		fail_msg("%s: %s has not noticed", fact->name, fact->rule);
	assert_int_equal(passes, RULES - (fact->rule != NULL));
	assert_int_equal(found->n_blocks > 0, fact->rule != NULL && fact->severity == BLOCKS);
	if (first == NULL)
		return;
	if (first->severity != fact->severity)
		fail_msg("%s: severity is %d", fact->name, first->severity);
	if (fact->field != NULL && (first->field == NULL || strcmp(first->field, fact->field) != 0))
		fail_msg("%s: field is %s", fact->name, first->field != NULL ? first->field : "missing");
	if (first->severity == BLOCKS && first->field == NULL)
		fail_msg("%s: blocks without a field", fact->name);
}

static void
each_rule_says_what_it_sees(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_FACTS; i++) {
		struct findings found = {.arena = &arena};

		make();
		facts[i].change();
		assert_true(checks_run(&d.draft, &found));
		assert_true(found.is_complete);
		compare(&facts[i], &found);
		arena_reset(&arena);
	}
}

/* N-4: the two lists name the same, whatever the draft. */
static void
handing_in_asks_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_FACTS; i++) {
		struct findings all = {.arena = &arena}, blocking = {.arena = &arena};

		make();
		facts[i].change();
		assert_true(checks_run(&d.draft, &all));
		assert_true(checks_run_blocking(&d.draft, &blocking));
		assert_int_equal(all.n_blocks, blocking.n_blocks);
		for (size_t k = 0; k < all.n_blocks; k++) {
			assert_string_equal(all.list[k].rule, blocking.list[k].rule);
			assert_string_equal(all.list[k].message, blocking.list[k].message);
			assert_string_equal(all.list[k].field, blocking.list[k].field);
		}
		arena_reset(&arena);
	}
}

static void
what_blocks_stands_first_and_counts_past_the_bound(void **state)
{
	static char text[32 * FINDINGS_MAX];
	struct findings found = {.arena = &arena};

	(void)state;
	make();
	for (int i = 0; i < FINDINGS_MAX; i++)
		strcat(text, "me@example.org, ");
	d.texts[0].text = d.texts[1].text = text;
	not_own();
	assert_true(checks_run(&d.draft, &found));
	assert_int_equal(found.n, FINDINGS_MAX);
	assert_false(found.is_complete);
	assert_int_equal(found.n_blocks, 1);
	assert_string_equal(found.list[0].rule, "own_work");
	assert_string_equal(found.list[1].excerpt, "me@example.org");

	found.n = FINDINGS_MAX;
	finding_add(&found, BLOCKS, "one more")->part = "overview";
	assert_int_equal(found.n_blocks, 2);
	arena_reset(&arena);
}

static void
a_long_message_is_cut_between_characters(void **state)
{
	struct findings found = {.arena = &arena};
	char title[1200];

	(void)state;
	make();
	memset(title, 0, sizeof(title));
	for (size_t i = 0; i + 3 < sizeof(title); i += 3)
		memcpy(title + i, "語", 3);
	d.parts[0].title = title;
	empty_part();
	assert_true(checks_run(&d.draft, &found));
	size_t len = strlen(found.list[0].message);
	assert_true(len > 400 && len < 512);
	assert_memory_equal(found.list[0].message + len - 3, "語", 3);
	arena_reset(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rule_says_what_it_sees),
		cmocka_unit_test(handing_in_asks_the_same),
		cmocka_unit_test(what_blocks_stands_first_and_counts_past_the_bound),
		cmocka_unit_test(a_long_message_is_cut_between_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
