/* JSON: what is parsed at all, and how messages are written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "assessment.pb-c.h"
#include "catalog.pb-c.h"
#include "credential.pb-c.h"
#include "db.h"
#include "identity.pb-c.h"
#include "instant.h"
#include "json.h"
#include "submission.pb-c.h"

static struct arena arena;
static Vouch__Caller nobody = VOUCH__CALLER__INIT;
static struct call call;

static int
new_call(void **state)
{
	(void)state;
	arena_reset(&arena);
	call = (struct call){.arena = &arena, .caller = &nobody, .key = "", .trace = ""};
	return 0;
}

static int
free_arena(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

/* ---- parsing ---- */

static bool
parses(const char *text, size_t len)
{
	char why[160] = "?";
	json_t *json = json_parse(text, len, why);
	bool ok = json != NULL;

	assert_int_equal(why[0] == '\0', ok);
	json_decref(json);
	return ok;
}

static void
json_is_taken_and_nothing_else(void **state)
{
	static const char *const yes[] = {"null", "true", " 42 ", "-0", "1e3", "-1.5E-7", "\"\"",
		"\"\\u00e9\\ud83d\\ude00\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\x7f\"",
		"\"\xf0\x9f\x98\x80\"", "[]", "{}", "[1,[2,{\"a\":[]}]]", "{\"\":0}", "{\"a\":1,\"A\":2}",
		"\t[\r\n1 ,\n2]\n", "[9223372036854775807,-9223372036854775808]", "\"[[[[{{{{\"",
		"\"\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\""};
	static const char *const no[] = {"", " ", "[1,]", "[1 2]", "[,1]", "{\"a\":1,}", "{a:1}", "{'a':1}",
		"{\"a\"}", "{\"a\":1 \"b\":2}", "[1", "{", "]", "}", "nul", "True", "NaN", "Infinity", "-",
		"01", "1.", ".5", "+1", "1e", "0x1", "\"", "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"a\nb\"",
		"\"\t\"", "1 2", "[] []", "{}x", "//c\n1", "[1]/*c*/", "\xef\xbb\xbf{}", "'a'", "\"\\ud800\"",
		"\"\\udc00\\ud800\"", "\"\xff\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"",
		"\"\\u0000\"", "{\"\\u0000\":1}", "{\"a\":1,\"a\":1}", "{\"a\":1,\"\\u0061\":1}",
		"9223372036854775808", "1e999", "[1}"};

	(void)state;
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		if (!parses(yes[i], strlen(yes[i])))
			fail_msg("refused: %s", yes[i]);
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		if (parses(no[i], strlen(no[i])))
			fail_msg("taken: %s", no[i]);
	assert_false(parses("[1]\0", 4));
	assert_false(parses("123\0", 4));
	assert_false(parses("\"a\0b\"", 5));
	assert_true(parses("[1]xyz", 3)); /* LEN counts, not a NUL */
}

static void
thirty_two_levels_are_enough(void **state)
{
	char text[200000];

	(void)state;
	memset(text, '[', 33);
	memset(text + 33, ']', 33);
	assert_false(parses(text, 66));
	assert_true(parses(text + 1, 64));
	memset(text, '[', sizeof(text));
	assert_false(parses(text, sizeof(text)));
	for (size_t i = 0; i < sizeof(text); i += 5)
		memcpy(text + i, "{\"a\":", 5);
	assert_false(parses(text, sizeof(text)));
}

/* Levels are counted where strings end, however their quotes and backslashes stand. */
static void
brackets_in_strings_are_no_levels(void **state)
{
	static const char *const strings[] = {
		"\"%s\"", "\"\\\"%s\"", "\"%s\\\"\"", "\"\\\\%s\"", "\"%s\\\\\"", "\"\\\"\\\"%s\\\\\\\"\""};
	char brackets[41] = {0}, string[80], text[400];

	(void)state;
	memset(brackets, '[', 40);
	for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++) {
		const char *mark = strstr(strings[i], "%s");

		snprintf(string, sizeof(string), "%.*s%s%s", (int)(mark - strings[i]), strings[i], brackets,
		    mark + 2);
		assert_true(parses(string, strlen(string)));
		snprintf(text, sizeof(text), "[%s,%s,%s]", string, string, string);
		assert_true(parses(text, strlen(text)));
		snprintf(text, sizeof(text), "[%s,%.40s1]", string, brackets);
		assert_false(parses(text, strlen(text)));
	}
	assert_false(parses("\"abc", 4));
	assert_false(parses("\"abc\\", 5));
	assert_false(parses("\"abc\\\"", 6));
}

static void
a_text_of_very_many_values_is_refused_before_it_takes_memory(void **state)
{
	size_t n = JSON_VALUES_MAX - 1;
	char *text = malloc(2 * n + 4), *p = text;
	char why[160];

	(void)state;
	assert_non_null(text);
	*p++ = '[';
	for (size_t i = 0; i < n; i++) {
		*p++ = '1';
		*p++ = ',';
	}
	p[-1] = ']';
	assert_true(parses(text, (size_t)(p - text)));
	memcpy(p - 1, ",1]", 3);
	assert_null(json_parse(text, (size_t)(p - text) + 2, why));
	assert_non_null(strstr(why, "200000"));
	free(text);
}

static void
what_is_wrong_is_said_without_the_words_of_the_text(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{"{\"a\": secret}", "is not usable JSON: the syntax is wrong (line 1, column 12)"},
		{"{\"secret\":1,\n\"secret\":1}",
			"is not usable JSON: a name occurs twice in one object (line 2, column 8)"},
		{"[\"secret", "is not usable JSON: the text ends too early (line 1, column 8)"},
		{"{} secret",
			"is not usable JSON: something follows the end of the value (line 1, column 9)"},
		{"\"secret\\u0000\"",
			"is not usable JSON: a string contains a NUL character (line 1, column 14)"},
	};
	char why[160];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_null(json_parse(rows[i].text, strlen(rows[i].text), why));
		assert_string_equal(why, rows[i].why);
	}
}

/* ---- from messages ---- */

/* MESSAGE as text; valid until the next call. */
static const char *
text_of(const ProtobufCMessage *message, bool stored)
{
	static char text[4096];
	json_t *json = json_from(message, stored);
	size_t n = json != NULL ? json_dumpb(json, text, sizeof(text) - 1, JSON_COMPACT) : 0;

	assert_true(n < sizeof(text));
	text[n] = '\0';
	json_decref(json);
	return text;
}

static void
names_are_camel_case_and_lists_are_always_there(void **state)
{
	Vouch__CollaborationDeclaration d = VOUCH__COLLABORATION_DECLARATION__INIT;
	Vouch__Partner p = VOUCH__PARTNER__INIT, *partners[] = {&p};

	(void)state;
	assert_string_equal(text_of(&d.base, false),
	    "{\"collaborative\":false,\"partners\":[],\"rationale\":\"\",\"delegation\":\"\"}");
	p.name = "Gil \"\xc3\x89\"";
	d.partners = partners;
	d.n_partners = 1;
	d.collaborative = true;
	assert_string_equal(text_of(&d.base, false),
	    "{\"collaborative\":true,\"partners\":[{\"name\":\"Gil \\\"\xc3\x89\\\"\","
	    "\"email\":\"\",\"task\":\"\"}],\"rationale\":\"\",\"delegation\":\"\"}");
}

static void
what_is_absent_is_left_out_for_clients_only(void **state)
{
	Vouch__ClockDay day = VOUCH__CLOCK_DAY__INIT;

	(void)state;
	day.date = "2026-11-26";
	day.reason = "Thanksgiving";
	assert_string_equal(text_of(&day.base, false),
	    "{\"date\":\"2026-11-26\",\"counts\":false,\"reason\":\"Thanksgiving\"}");
	assert_string_equal(text_of(&day.base, true),
	    "{\"date\":\"2026-11-26\",\"counts\":false,\"reason\":\"Thanksgiving\",\"number\":0}");
	day.number = 3;
	assert_non_null(strstr(text_of(&day.base, false), "\"number\":3"));
}

static void
times_words_and_messages_that_are_not_set(void **state)
{
	Vouch__Decision decision = VOUCH__DECISION__INIT;

	(void)state;
	assert_string_equal(text_of(&decision.base, false),
	    "{\"outcome\":\"outcome_none\",\"scores\":[],\"feedback\":[],\"reason\":\"\"}");
	decision.outcome = VOUCH__OUTCOME__AWARDED;
	decision.decided_at = time_new(&call, INT64_C(1795539600123456));
	assert_non_null(strstr(text_of(&decision.base, false),
	    "{\"outcome\":\"awarded\",\"decidedAt\":\"2026-11-24T17:00:00.123456Z\","));
	decision.decided_at = time_new(&call, INT64_C(-1));
	assert_non_null(
	    strstr(text_of(&decision.base, true), "\"decidedAt\":\"1969-12-31T23:59:59.999999Z\""));
	decision.outcome = 77; /* of a newer version */
	assert_non_null(strstr(text_of(&decision.base, false), "\"outcome\":\"unknown\""));
}

static void
inner_fields_and_cookies_never_reach_a_client(void **state)
{
	Vouch__Session session = VOUCH__SESSION__INIT;
	Vouch__CreateSession create = VOUCH__CREATE_SESSION__INIT;
	Vouch__PartWrite write = VOUCH__PART_WRITE__INIT;
	Vouch__EndSession end = VOUCH__END_SESSION__INIT;

	(void)state;
	session.token = create.address = create.agent = end.token = "secret";
	write.if_match = 7;
	assert_null(strstr(text_of(&session.base, false), "secret"));
	assert_null(strstr(text_of(&create.base, false), "secret"));
	assert_null(strstr(text_of(&end.base, false), "secret"));
	assert_null(strstr(text_of(&write.base, false), "ifMatch"));
	assert_non_null(strstr(text_of(&session.base, true), "secret"));
	assert_non_null(strstr(text_of(&write.base, true), "\"ifMatch\":7"));
}

static void
a_raw_string_is_written_as_what_it_holds(void **state)
{
	Vouch__KeySet keys = VOUCH__KEY_SET__INIT;

	(void)state;
	assert_string_equal(text_of(&keys.base, false), "{}");
	keys.keys = "[{\"kty\":\"OKP\"}, 1]";
	assert_string_equal(text_of(&keys.base, false), "{\"keys\":[{\"kty\":\"OKP\"},1]}");
	keys.keys = "[";
	assert_null(json_from(&keys.base, false));
}

static void
what_json_cannot_say_is_told(void **state)
{
	Vouch__Partner p = VOUCH__PARTNER__INIT;
	Vouch__MicroCredentialRow row = VOUCH__MICRO_CREDENTIAL_ROW__INIT;
	Vouch__SubmissionRow submission = VOUCH__SUBMISSION_ROW__INIT;
	double zero = 0;

	(void)state;
	p.name = "\xff";
	assert_null(json_from(&p.base, false));
	row.estimated_hours = zero / zero;
	assert_null(json_from(&row.base, false));
	submission.due_at = time_new(&call, INSTANT_MAX);
	submission.due_at->seconds++;
	assert_null(json_from(&submission.base, false));
	submission.due_at->seconds = INT64_MIN;
	assert_null(json_from(&submission.base, false));
}

#define TEST(name) cmocka_unit_test_setup(name, new_call)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(json_is_taken_and_nothing_else),
		TEST(thirty_two_levels_are_enough),
		TEST(brackets_in_strings_are_no_levels),
		TEST(a_text_of_very_many_values_is_refused_before_it_takes_memory),
		TEST(what_is_wrong_is_said_without_the_words_of_the_text),
		TEST(names_are_camel_case_and_lists_are_always_there),
		TEST(what_is_absent_is_left_out_for_clients_only),
		TEST(times_words_and_messages_that_are_not_set),
		TEST(inner_fields_and_cookies_never_reach_a_client),
		TEST(a_raw_string_is_written_as_what_it_holds),
		TEST(what_json_cannot_say_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, free_arena);
}
