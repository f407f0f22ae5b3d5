/* Lines of other catalogs: what becomes their key, and which stacks they belong to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The words of vouchctl are a program and no library. */
#include "../../services/vouchctl/foreign.c" /* NOLINT(bugprone-suspicious-include) */

static void
a_key_is_a_slug_of_the_id(void **state)
{
	static const struct {
		const char *text, *suffix, *slug;
	} facts[] = {
		{"learn.access-data", "", "learn-access-data"},
		{"Learn  Access__Data!", "", "learn-access-data"},
		{"learn.access-data", "de", "learn-access-data-de"},
		{"a.b.c.", "pt-br", "a-b-c-pt-br"},
	};
	char slug[SLUG_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		slug_make(facts[i].text, facts[i].suffix, slug);
		assert_string_equal(slug, facts[i].slug);
	}
}

static void
keys_that_lose_letters_stay_apart(void **state)
{
	char a[SLUG_SIZE], b[SLUG_SIZE], text[400];

	(void)state;
	slug_make("\xc3\xa4", "", a);
	slug_make("\xc3\xb6", "", b);
	assert_string_not_equal(a, b);
	assert_int_equal(strlen(a), 8);
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	slug_make(text, "ja", a);
	assert_int_equal(strlen(a), SLUG_SIZE - 1);
	text[sizeof(text) - 2] = 'y';
	slug_make(text, "ja", b);
	assert_string_not_equal(a, b);
}

static void
a_line_becomes_a_document(void **state)
{
	json_t *line = json_loads(
	    "{\"id\": \"m.one\", \"title\": \"One\","
	    " \"summary\": \"S\", \"description\": \"D\","
	    " \"audience\": [\"developer\", \"developer\"], \"topics\": \"azure\", \"lang\": \"de\"}",
	    0, NULL);
	char why[IMPORT_WHY];
	json_t *document = foreign_document(line, NULL, why);

	(void)state;
	assert_non_null(document);
	assert_string_equal(text_of(document, "key"), "m-one-de");
	assert_string_equal(text_of(document, "competency"), "D");
	assert_int_equal(json_array_size(json_object_get(document, "audiences")), 1);
	assert_int_equal(json_array_size(json_object_get(document, "topics")), 1);
	json_object_del(line, "title");
	assert_null(foreign_document(line, NULL, why));
	json_decref(document);
	json_decref(line);
}

static void
members_of_a_line_are_its_stack(void **state)
{
	struct import_line items[] = {
		{.number = 1,
			.json = json_loads(
			    "{\"id\": \"path\", \"title\": \"P\", \"members\": [\"a.b\", 7]}", 0, NULL)},
		{.number = 2, .json = json_loads("{\"id\": \"a.b\", \"title\": \"A\"}", 0, NULL)},
		{.number = 3},
	};
	const struct import_lines lines = {items, 3};
	json_t *stacks = foreign_stacks(&lines);
	char why[IMPORT_WHY];
	json_t *document = foreign_document(items[1].json, stacks, why);
	json_t *of = json_array_get(json_object_get(document, "stacks"), 0);

	(void)state;
	assert_string_equal(text_of(of, "value"), "path");
	assert_string_equal(text_of(of, "label"), "P");
	json_decref(document);
	json_decref(stacks);
	json_decref(items[0].json);
	json_decref(items[1].json);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_is_a_slug_of_the_id),
		cmocka_unit_test(keys_that_lose_letters_stay_apart),
		cmocka_unit_test(a_line_becomes_a_document),
		cmocka_unit_test(members_of_a_line_are_its_stack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
