// links: assessment_service
/* What levels come to (CAT-6, ASM-4): each row is a review that a person can judge by eye. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rubric.h"

enum {
	NONE = VOUCH__OUTCOME__OUTCOME_NONE,
	AWARDED = VOUCH__OUTCOME__AWARDED,
	DENIED = VOUCH__OUTCOME__DENIED
};

/* Two parts: "overview" with the criterion goal; "reflection" with depth and, not required, style. */
static Vouch__Level met = VOUCH__LEVEL__INIT, unmet = VOUCH__LEVEL__INIT;
static Vouch__Level *levels[] = {&met, &unmet};
static Vouch__Criterion goal = VOUCH__CRITERION__INIT, depth = VOUCH__CRITERION__INIT,
			style = VOUCH__CRITERION__INIT;
static Vouch__Criterion *first[] = {&goal}, *second[] = {&depth, &style};
static Vouch__Rubric rubrics[2] = {VOUCH__RUBRIC__INIT, VOUCH__RUBRIC__INIT};
static Vouch__Part overview = VOUCH__PART__INIT, examples = VOUCH__PART__INIT, reflection = VOUCH__PART__INIT;
static Vouch__Part *parts[] = {&overview, &examples, &reflection};
static Vouch__MicroCredentialDocument document = VOUCH__MICRO_CREDENTIAL_DOCUMENT__INIT;

static int
make_document(void **state)
{
	struct {
		Vouch__Criterion *criterion;
		const char *id;
		bool required;
	} rows[] = {{&goal, "goal", true}, {&depth, "depth", true}, {&style, "style", false}};

	(void)state;
	met.id = (char *)"met";
	met.passing = true;
	unmet.id = (char *)"unmet";
	for (size_t i = 0; i < 3; i++) {
		rows[i].criterion->id = (char *)rows[i].id;
		rows[i].criterion->required = rows[i].required;
		rows[i].criterion->levels = levels;
		rows[i].criterion->n_levels = 2;
	}
	rubrics[0].criteria = first;
	rubrics[0].n_criteria = 1;
	rubrics[1].criteria = second;
	rubrics[1].n_criteria = 2;
	overview.key = (char *)"overview";
	overview.rubric = &rubrics[0];
	examples.key = (char *)"work_examples"; /* a part may have no rubric */
	reflection.key = (char *)"reflection";
	reflection.rubric = &rubrics[1];
	document.parts = parts;
	document.n_parts = 3;
	return 0;
}

/* "goal=met depth=unmet" as scores. */
static size_t
read_scores(const char *text, Vouch__Score *scores, Vouch__Score **list)
{
	static char words[256];
	size_t n = 0;

	strncpy(words, text, sizeof(words) - 1);
	for (char *word = strtok(words, " "); word != NULL; word = strtok(NULL, " ")) {
		char *equals = strchr(word, '=');

		*equals = '\0';
		vouch__score__init(&scores[n]);
		scores[n].criterion_id = word;
		scores[n].level_id = equals + 1;
		list[n] = &scores[n];
		n++;
	}
	return n;
}

static void
levels_come_to_an_outcome(void **state)
{
	static const struct {
		const char *scores;
		int outcome;
		size_t unscored;
	} rows[] = {
		{"", NONE, 3},
		{"goal=met", NONE, 2},
		{"goal=met depth=met", NONE, 1},
		{"goal=met depth=met style=met", AWARDED, 0},
		{"goal=met depth=met style=unmet", AWARDED, 0}, /* nobody has to meet what is not required */
		{"goal=unmet", DENIED, 2},
		{"goal=met depth=unmet style=met", DENIED, 0},
		{"goal=unmet depth=unmet style=unmet", DENIED, 0},
		{"goal=brilliant depth=met style=met", NONE, 1}, /* no level of the rubric */
		{"charm=met goal=met depth=met style=met", AWARDED, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		Vouch__Score scores[8], *list[8];
		struct rubric_place out[RUBRIC_MAX];
		size_t n = read_scores(rows[i].scores, scores, list);

		assert_int_equal(rubric_outcome(&document, list, n), rows[i].outcome);
		assert_int_equal(rubric_unscored(&document, list, n, out), rows[i].unscored);
	}
}

static void
a_criterion_not_met_wants_a_challenge(void **state)
{
	static const struct {
		const char *scores;
		Vouch__FeedbackKind kind;
		const char *part, *criterion;
		size_t missing;
	} rows[] = {
		{"goal=unmet depth=met style=met", VOUCH__FEEDBACK_KIND__CHALLENGE, "overview", "", 0},
		{"goal=unmet depth=met style=met", VOUCH__FEEDBACK_KIND__CHALLENGE, "", "goal", 0},
		{"goal=unmet depth=met style=met", VOUCH__FEEDBACK_KIND__PRAISE, "overview", "goal", 1},
		{"goal=unmet depth=met style=met", VOUCH__FEEDBACK_KIND__CHALLENGE, "reflection", "", 1},
		{"goal=unmet depth=met style=met", VOUCH__FEEDBACK_KIND__CHALLENGE, "", "", 1},
		{"goal=unmet depth=unmet style=met", VOUCH__FEEDBACK_KIND__CHALLENGE, "overview", "", 1},
		{"goal=met depth=unmet style=unmet", VOUCH__FEEDBACK_KIND__CHALLENGE, "reflection", "", 0},
		{"goal=met depth=unmet style=unmet", VOUCH__FEEDBACK_KIND__CHALLENGE, "reflection", "style",
			1},
		{"goal=met depth=met style=unmet", VOUCH__FEEDBACK_KIND__PRAISE, "", "", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		Vouch__Score scores[8], *list[8];
		Vouch__Feedback remark = VOUCH__FEEDBACK__INIT, *remarks[] = {&remark};
		struct rubric_place out[RUBRIC_MAX];
		size_t n = read_scores(rows[i].scores, scores, list);

		remark.kind = rows[i].kind;
		remark.part = (char *)rows[i].part;
		remark.criterion_id = (char *)rows[i].criterion;
		assert_int_equal(rubric_unchallenged(&document, list, n, remarks, 1, out), rows[i].missing);
	}
}

static void
finds_criteria_in_every_part(void **state)
{
	struct rubric_place place;

	(void)state;
	assert_true(rubric_find(&document, "style", &place));
	assert_ptr_equal(place.part, &reflection);
	assert_ptr_equal(rubric_level(place.criterion, "unmet"), &unmet);
	assert_null(rubric_level(place.criterion, "brilliant"));
	assert_false(rubric_find(&document, "charm", &place));
}

static void
a_document_without_criteria_comes_to_nothing(void **state)
{
	const Vouch__MicroCredentialDocument empty = VOUCH__MICRO_CREDENTIAL_DOCUMENT__INIT;

	(void)state;
	assert_int_equal(rubric_outcome(&empty, NULL, 0), NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(levels_come_to_an_outcome),
		cmocka_unit_test(a_criterion_not_met_wants_a_challenge),
		cmocka_unit_test(finds_criteria_in_every_part),
		cmocka_unit_test(a_document_without_criteria_comes_to_nothing),
	};

	return cmocka_run_group_tests(tests, make_document, NULL);
}
