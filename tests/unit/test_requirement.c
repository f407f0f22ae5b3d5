// links: submission_service
/* Where a new piece of evidence belongs, and what it is called (EVD-5). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "requirement.h"

static Vouch__EvidenceRequirement plan, film, *asks[] = {&plan, &film};
static Vouch__MicroCredentialDocument document;
static Vouch__Evidence pieces[4], *evidence[4];
static size_t n_pieces;
static struct arena arena;

static int
start(void **state)
{
	static char *papers[] = {(char *)"pdf", (char *)".jpg"}, *films[] = {(char *)"mp4"};

	(void)state;
	vouch__evidence_requirement__init(&plan);
	plan.id = (char *)"plan";
	plan.title = (char *)"Coaching plan";
	plan.min = 1;
	plan.max = 2;
	plan.accepts = papers;
	plan.n_accepts = 2;
	vouch__evidence_requirement__init(&film);
	film.id = (char *)"film";
	film.title = (char *)"Film";
	film.min = 1;
	film.max = 1;
	film.accepts = films;
	film.n_accepts = 1;
	vouch__micro_credential_document__init(&document);
	document.evidence_requirements = asks;
	document.n_evidence_requirements = 2;
	n_pieces = 0;
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

static void
add(const char *requirement, const char *title, const char *what)
{
	Vouch__Evidence *e = evidence[n_pieces] = &pieces[n_pieces];

	vouch__evidence__init(e);
	e->requirement_id = (char *)requirement;
	e->title = (char *)title;
	e->state = (char *)what;
	n_pieces++;
}

static const char *
chosen(const char *name)
{
	const Vouch__EvidenceRequirement *r = requirement_choose(&document, evidence, n_pieces, name);

	return r != NULL ? r->id : "none";
}

static void
names_are_taken_by_their_extension(void **state)
{
	static const struct {
		const char *name;
		bool taken;
	} facts[] = {
		{"plan.pdf", true},
		{"PLAN.PDF", true},
		{"photo.jpeg", true},
		{"photo.JPG", true},
		{"plan.pdf.exe", false},
		{"plan", false},
		{".pdf", false},
		{"pdf", false},
		{"", false},
		{"plan.docx", false},
		{"a.pdf/b", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		if (requirement_takes(&plan, facts[i].name) != facts[i].taken)
			fail_msg("%s", facts[i].name);
	plan.n_accepts = 0;
	assert_true(requirement_takes(&plan, "anything"));
}

static void
a_piece_goes_where_something_is_missing(void **state)
{
	(void)state;
	assert_string_equal(chosen("a.pdf"), "plan");
	assert_string_equal(chosen("a.mp4"), "film");
	assert_string_equal(chosen("a.zip"), "none");
	assert_string_equal(chosen(NULL), "plan");

	add("plan", "Coaching plan 1", "ok");
	assert_string_equal(chosen(NULL), "film");    /* a link: the film is still missing */
	assert_string_equal(chosen("a.pdf"), "plan"); /* there is room for one more */
	add("plan", "Coaching plan 2", "ok");
	assert_string_equal(chosen("a.pdf"), "none");
	add("film", "Film", "ok");
	assert_string_equal(chosen(NULL), "none");
	plan.max = 0;
	assert_string_equal(chosen(NULL), "plan"); /* without a bound */
}

static void
a_title_says_what_is_asked_for(void **state)
{
	char longest[300];

	(void)state;
	assert_string_equal(requirement_title(&arena, &film, evidence, n_pieces), "Film");
	assert_string_equal(requirement_title(&arena, &plan, evidence, n_pieces), "Coaching plan 1");
	assert_string_equal(requirement_title(&arena, NULL, evidence, n_pieces), "Evidence 1");

	add("plan", "coaching plan 1", "ok");
	add("plan", "Film", "ok");
	assert_string_equal(requirement_title(&arena, &plan, evidence, n_pieces), "Coaching plan 2");
	assert_string_equal(requirement_title(&arena, &film, evidence, n_pieces), "Film 1");

	memset(longest, 0, sizeof(longest));
	for (size_t i = 0; i + 2 < sizeof(longest); i += 2)
		memcpy(longest + i, "é", 2);
	plan.title = longest;
	const char *title = requirement_title(&arena, &plan, evidence, n_pieces);
	assert_true(strlen(title) <= TITLE_MAX);
	assert_string_equal(title + strlen(title) - 4, "é 1");
}

static void
what_has_a_problem_counts_where_it_is_asked(void **state)
{
	(void)state;
	add("plan", "one", "ok");
	add("plan", "two", "problem");
	add("film", "three", "checking");
	assert_int_equal(requirement_count(&plan, evidence, n_pieces, false), 2);
	assert_int_equal(requirement_count(&plan, evidence, n_pieces, true), 1);
	assert_int_equal(requirement_count(&film, evidence, n_pieces, true), 1);
	assert_ptr_equal(requirement_find(&document, "film"), &film);
	assert_null(requirement_find(&document, ""));
	assert_string_equal(requirement_list(&arena, &plan), "pdf or .jpg");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(names_are_taken_by_their_extension, start, stop),
		cmocka_unit_test_setup_teardown(a_piece_goes_where_something_is_missing, start, stop),
		cmocka_unit_test_setup_teardown(a_title_says_what_is_asked_for, start, stop),
		cmocka_unit_test_setup_teardown(what_has_a_problem_counts_where_it_is_asked, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
