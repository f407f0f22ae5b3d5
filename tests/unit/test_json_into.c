/* JSON into messages: bodies, stored values, parameters; whatever does not fit is told by its path. */
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

static bool
into(const char *text, ProtobufCMessage *message, bool stored)
{
	char why[160];
	json_t *json = json_parse(text, strlen(text), why);
	bool ok;

	assert_string_equal(why, "");
	ok = json_into(&call, json, message, "", stored);
	json_decref(json);
	return ok;
}

/* The errors of the call as "field:rule field:rule". */
static const char *
errors(void)
{
	static char text[8192];

	text[0] = '\0';
	for (const struct field_error *e = call.errors; e != NULL; e = e->next)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s:%s",
		    text[0] != '\0' ? " " : "", e->field, e->rule);
	return text;
}

static void
an_object_fills_a_message(void **state)
{
	Vouch__DeclareAll d = VOUCH__DECLARE_ALL__INIT;

	(void)state;
	assert_true(
	    into("{\"id\":\"a~b\",\"collaboration\":{\"collaborative\":true,\"partners\":[{\"name\":\"Gil\"},"
		 "{\"name\":\"\\u00c9lo\"}]},"
		 "\"ai\":{\"answered\":true,\"used\":false},\"personalInformation\":null,\"ownWork\":{}}",
		&d.base, false));
	assert_string_equal(d.id, "a~b");
	assert_true(d.collaboration->collaborative);
	assert_int_equal(d.collaboration->n_partners, 2);
	assert_string_equal(d.collaboration->partners[1]->name, "\xc3\x89lo");
	assert_string_equal(d.collaboration->partners[1]->email, "");
	assert_true(d.ai->answered && !d.ai->used);
	assert_null(d.personal_information);
	assert_non_null(d.own_work);
	assert_int_equal(call.status, VOUCH__STATUS__OK);
}

static void
what_was_written_reads_back_the_same(void **state)
{
	Vouch__MicroCredentialDocument d = VOUCH__MICRO_CREDENTIAL_DOCUMENT__INIT, back = d;
	const char *text = "{\"key\":\"ask-well\",\"title\":\"Ask "
			   "well\",\"estimatedHours\":12.5,\"needsLearners\":true,"
			   "\"aiPolicy\":\"disclosed_open\",\"topics\":[\"a\",\"b\"],\"fee\":{\"amount\":"
			   "\"10\"},\"resubmissionLimit\":3,"
			   "\"parts\":[{\"key\":\"overview\",\"title\":\"One\",\"maxWords\":500,\"rubric\":{"
			   "\"criteria\":[{\"id\":\"c1\",\"levels\":"
			   "[{\"id\":\"l1\",\"passing\":true}]}]}}]}";
	char *first;

	(void)state;
	assert_true(into(text, &d.base, false));
	first = arena_dup(&arena, text_of(&d.base, true), strlen(text_of(&d.base, true)));
	assert_true(into(first, &back.base, true));
	assert_string_equal(first, text_of(&back.base, true));
	assert_true(back.estimated_hours == 12.5);
	assert_int_equal(back.ai_policy, VOUCH__AI_POLICY__DISCLOSED_OPEN);
	assert_int_equal(back.parts[0]->max_words, 500);
	assert_true(back.parts[0]->rubric->criteria[0]->levels[0]->passing);
	assert_string_equal(back.topics[1], "b");
}

static void
every_wrong_field_is_told_with_its_path(void **state)
{
	Vouch__WriteMicroCredential w = VOUCH__WRITE_MICRO_CREDENTIAL__INIT;

	(void)state;
	assert_false(
	    into("{\"id\":7,\"ifMatch\":1,\"document\":{\"titel\":\"x\",\"estimatedHours\":\"12\","
		 "\"needsLearners\":1,"
		 "\"aiPolicy\":\"never\",\"parts\":[{\"key\":\"overview\",\"title\":null},{\"key\":[],"
		 "\"rubric\":{\"criteria\":{}}}],"
		 "\"topics\":\"one\",\"audiences\":[\"a\",null],\"fee\":[],\"resubmissionLimit\":1.5}}",
		&w.base, false));
	assert_int_equal(call.status, VOUCH__STATUS__MALFORMED);
	assert_string_equal(call.detail, "id must be a string");
	assert_string_equal(errors(),
	    "id:type ifMatch:unknown document.titel:unknown document.estimatedHours:type "
	    "document.needsLearners:type document.aiPolicy:word document.parts[1].key:type "
	    "document.parts[1].rubric.criteria:type "
	    "document.topics:type document.audiences[1]:type document.fee:type "
	    "document.resubmissionLimit:type");
	assert_int_equal(w.document->n_audiences, 0); /* no list with a hole in it */
	for (const struct field_error *e = call.errors; e != NULL; e = e->next)
		if (strcmp(e->rule, "word") == 0)
			assert_string_equal(
			    e->message, "must be one of prohibited, disclosed_assist, disclosed_open");
}

static void
a_path_stands_in_front_when_it_is_given(void **state)
{
	Vouch__Partner p = VOUCH__PARTNER__INIT;
	json_t *json = json_pack("{s:i}", "name", 1), *list = json_array();

	(void)state;
	assert_false(json_into(&call, json, &p.base, "partners", false));
	assert_string_equal(errors(), "partners.name:type");
	new_call(NULL);
	assert_false(json_into(&call, list, &p.base, "", false));
	assert_int_equal(call.status, VOUCH__STATUS__MALFORMED);
	assert_string_equal(call.detail, "must be an object");
	json_decref(json);
	json_decref(list);
}

static void
names_that_a_client_made_up_are_cut_and_counted(void **state)
{
	Vouch__Partner p = VOUCH__PARTNER__INIT;
	json_t *json = json_object();
	size_t n = 0;

	(void)state;
	for (int i = 0; i < 500; i++) {
		char name[200];

		memset(name, 'a', 46);
		snprintf(name + 46, sizeof(name) - 46, "\xe2\x82\xac%d", i);
		json_object_set_new(json, name, json_null());
	}
	assert_false(json_into(&call, json, &p.base, "", false));
	json_decref(json);
	for (const struct field_error *e = call.errors; e != NULL; e = e->next) {
		assert_int_equal(strlen(e->field), 46); /* not in the middle of a character */
		n++;
	}
	assert_int_equal(n, 100);
}

static void
whole_numbers_are_whole_and_within_their_type(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		int32_t limit;
	} rows[] = {
		{"25", true, 25},
		{"-1", true, -1},
		{"25.0", true, 25},
		{"2.5e1", true, 25},
		{"2147483647", true, INT32_MAX},
		{"-2147483648", true, INT32_MIN},
		{"2147483648", false, 0},
		{"-2147483649", false, 0},
		{"1.5", false, 0},
		{"1e300", false, 0},
		{"\"25\"", false, 0},
		{"true", false, 0},
		{"[]", false, 0},
		{"9223372036854775807", false, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		Vouch__ListIssuers list = VOUCH__LIST_ISSUERS__INIT;
		char text[80];

		new_call(NULL);
		snprintf(text, sizeof(text), "{\"limit\":%s}", rows[i].text);
		if (into(text, &list.base, false) != rows[i].ok || list.limit != rows[i].limit)
			fail_msg("%s gives %d", rows[i].text, list.limit);
	}
}

static void
numbers_of_64_bits_end_where_javascript_does(void **state)
{
	static const struct {
		const char *text;
		bool client, stored;
	} rows[] = {
		{"9007199254740992", true, true},
		{"-9007199254740992", true, true},
		{"9007199254740993", false, true},
		{"9223372036854775807", false, true},
		{"-9223372036854775808", false, true},
		{"1e19", false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (int stored = 0; stored < 2; stored++) {
			Vouch__PartText part = VOUCH__PART_TEXT__INIT;
			char text[80];

			new_call(NULL);
			snprintf(text, sizeof(text), "{\"version\":%s}", rows[i].text);
			if (into(text, &part.base, stored) != (stored ? rows[i].stored : rows[i].client))
				fail_msg("%s, stored %d", rows[i].text, stored);
		}
}

static void
times_have_fractions_and_offsets(void **state)
{
	static const struct {
		const char *text;
		int64_t at;
	} rows[] = {
		{"\"2026-11-24T17:00:00Z\"", INT64_C(1795539600000000)},
		{"\"2026-11-24T12:00:00-05:00\"", INT64_C(1795539600000000)},
		{"\"2026-11-24t22:30:00.25+05:30\"", INT64_C(1795539600250000)},
		{"\"2026-11-24T17:00:00.0000019Z\"", INT64_C(1795539600000001)},
		{"\"1969-12-31T23:59:59.5Z\"", -500000},
		{"\"2026-11-24\"", 0},
		{"\"2026-02-30T00:00:00Z\"", 0},
		{"\"2026-11-24T17:00:00\"", 0},
		{"1795539600", 0},
		{"\"\"", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		Vouch__CreateToken token = VOUCH__CREATE_TOKEN__INIT;
		char text[120];
		bool ok;

		new_call(NULL);
		snprintf(text, sizeof(text), "{\"expiresAt\":%s}", rows[i].text);
		ok = into(text, &token.base, false);
		if (ok != (rows[i].at != 0) || time_of(token.expires_at) != rows[i].at)
			fail_msg("%s", rows[i].text);
		assert_true(ok || call.status == VOUCH__STATUS__MALFORMED);
	}
}

static void
a_list_past_its_bound_is_not_looked_at(void **state)
{
	Vouch__ScoreReview score = VOUCH__SCORE_REVIEW__INIT;
	json_t *json = json_pack("{s:[]}", "scores");

	(void)state;
	for (int i = 0; i < 101; i++)
		json_array_append_new(json_object_get(json, "scores"), json_integer(1));
	assert_false(json_into(&call, json, &score.base, "", false));
	assert_string_equal(errors(), "scores:max");
	assert_int_equal(call.status, VOUCH__STATUS__INVALID);
	assert_int_equal(score.n_scores, 0);
	json_decref(json);
}

static void
a_full_arena_refuses_the_request(void **state)
{
	Vouch__Partner p = VOUCH__PARTNER__INIT;
	json_t *json = json_pack("{s:s+}", "name", "a long name", " that finds no room");

	(void)state;
	arena.max = 16;
	assert_false(json_into(&call, json, &p.base, "", false));
	assert_int_equal(call.status, VOUCH__STATUS__MALFORMED);
	arena.max = 0;
	json_decref(json);
}

static void
stored_json_may_be_of_another_version_but_not_wrong(void **state)
{
	Vouch__Decision decision = VOUCH__DECISION__INIT;

	(void)state;
	assert_true(
	    into("{\"outcome\":\"denied\",\"gone\":{\"x\":1},\"reason\":\"not_met\"}", &decision.base, true));
	assert_int_equal(decision.outcome, VOUCH__OUTCOME__DENIED);
	assert_string_equal(decision.reason, "not_met");
	assert_false(into("{\"outcome\":\"perhaps\"}", &decision.base, true));
	assert_int_equal(call.status, VOUCH__STATUS__INTERNAL); /* ours, and not for the client to mend */
	assert_null(call.errors);
}

static void
a_raw_field_takes_any_value(void **state)
{
	Vouch__KeySet keys = VOUCH__KEY_SET__INIT;

	(void)state;
	assert_true(into("{\"keys\":[{\"kty\":\"OKP\"}, null]}", &keys.base, false));
	assert_string_equal(keys.keys, "[{\"kty\":\"OKP\"},null]");
	assert_true(into("{\"keys\":\"text\"}", &keys.base, false));
	assert_string_equal(keys.keys, "\"text\"");
	assert_true(into("{\"keys\":null}", &keys.base, false));
	assert_string_equal(keys.keys, "null");
}

static void
fields_of_the_connection_cannot_be_given(void **state)
{
	Vouch__CreateSession session = VOUCH__CREATE_SESSION__INIT;

	(void)state;
	assert_false(
	    into("{\"email\":\"a@b.example\",\"password\":\"x\",\"address\":\"127.0.0.1\",\"agent\":\"x\"}",
		&session.base, false));
	assert_string_equal(errors(), "address:unknown agent:unknown");
	assert_string_equal(session.address, "");
}

/* ---- parameters ---- */

static void
parameters_set_fields_by_either_name(void **state)
{
	Vouch__SearchMicroCredentials search = VOUCH__SEARCH_MICRO_CREDENTIALS__INIT;

	(void)state;
	assert_true(json_set_text(&call, &search.base, "q", "caf\xc3\xa9"));
	assert_true(json_set_text(&call, &search.base, "limit", "50"));
	assert_true(json_set_text(&call, &search.base, "evidenceType", "video"));
	assert_true(json_set_text(&call, &search.base, "evidence_type", "plan"));
	for (int i = 2; i < 100; i++)
		assert_true(json_set_text(&call, &search.base, "evidenceType", "more"));
	assert_string_equal(search.q, "caf\xc3\xa9");
	assert_int_equal(search.limit, 50);
	assert_int_equal(search.n_evidence_type, 100);
	assert_string_equal(search.evidence_type[0], "video");
	assert_string_equal(search.evidence_type[1], "plan");
	assert_string_equal(search.evidence_type[99], "more");
	assert_int_equal(call.status, VOUCH__STATUS__OK);

	assert_false(json_set_text(&call, &search.base, "evidenceType", "one too many"));
	assert_string_equal(errors(), "evidenceType:max");
}

static void
parameters_of_the_wrong_type_are_malformed(void **state)
{
	static const struct {
		const char *name, *text;
		bool ok;
	} rows[] = {
		{"limit", "7", true},
		{"limit", "-7", true},
		{"limit", "", false},
		{"limit", "7 ", false},
		{"limit", " 7", false},
		{"limit", "+7", false},
		{"limit", "0x7", false},
		{"limit", "7.0", false},
		{"limit", "99999999999", false},
		{"limit", "99999999999999999999", false},
		{"limit", "-", false},
		{"Limit", "7", false},
		{"", "7", false},
		{"cursor", "", true},
		{"cursor", "\xff", false},
		{"state", "queued", true},
		{"items", "x", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		Vouch__ListReviews list = VOUCH__LIST_REVIEWS__INIT;

		new_call(NULL);
		if (json_set_text(&call, &list.base, rows[i].name, rows[i].text) != rows[i].ok)
			fail_msg("%s=\"%s\"", rows[i].name, rows[i].text);
		assert_int_equal(call.status, rows[i].ok ? VOUCH__STATUS__OK : VOUCH__STATUS__MALFORMED);
	}
}

static void
parameters_of_every_type(void **state)
{
	Vouch__GrantRole grant = VOUCH__GRANT_ROLE__INIT;
	Vouch__AiDeclaration ai = VOUCH__AI_DECLARATION__INIT;
	Vouch__MicroCredentialRow row = VOUCH__MICRO_CREDENTIAL_ROW__INIT;
	Vouch__PartWrite write = VOUCH__PART_WRITE__INIT;

	(void)state;
	assert_true(json_set_text(&call, &grant.base, "role", "pool_lead"));
	assert_int_equal(grant.role, VOUCH__ROLE__POOL_LEAD);
	assert_true(json_set_text(&call, &grant.base, "expiresAt", "2026-11-24T17:00:00Z"));
	assert_int_equal(time_of(grant.expires_at), INT64_C(1795539600000000));
	assert_true(json_set_text(&call, &ai.base, "used", "true"));
	assert_true(ai.used);
	assert_true(json_set_text(&call, &row.base, "estimatedHours", "1.5e1"));
	assert_true(row.estimated_hours == 15);

	assert_false(json_set_text(&call, &grant.base, "role", "POOL_LEAD"));
	assert_false(json_set_text(&call, &grant.base, "expiresAt", "tomorrow"));
	assert_false(json_set_text(&call, &ai.base, "used", "1"));
	assert_false(json_set_text(&call, &row.base, "estimatedHours", "nan"));
	assert_false(json_set_text(&call, &row.base, "estimatedHours", "1e999"));
	assert_false(json_set_text(&call, &row.base, "issuer", "riverbend")); /* a message */
	assert_false(json_set_text(&call, &write.base, "ifMatch", "1"));      /* not for clients */
	assert_string_equal(errors(),
	    "role:word expiresAt:type used:type estimatedHours:type estimatedHours:type issuer:type "
	    "ifMatch:unknown");
}

#define TEST(name) cmocka_unit_test_setup(name, new_call)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(an_object_fills_a_message),
		TEST(what_was_written_reads_back_the_same),
		TEST(every_wrong_field_is_told_with_its_path),
		TEST(a_path_stands_in_front_when_it_is_given),
		TEST(names_that_a_client_made_up_are_cut_and_counted),
		TEST(whole_numbers_are_whole_and_within_their_type),
		TEST(numbers_of_64_bits_end_where_javascript_does),
		TEST(times_have_fractions_and_offsets),
		TEST(a_list_past_its_bound_is_not_looked_at),
		TEST(a_full_arena_refuses_the_request),
		TEST(stored_json_may_be_of_another_version_but_not_wrong),
		TEST(a_raw_field_takes_any_value),
		TEST(fields_of_the_connection_cannot_be_given),
		TEST(parameters_set_fields_by_either_name),
		TEST(parameters_of_the_wrong_type_are_malformed),
		TEST(parameters_of_every_type),
	};

	return cmocka_run_group_tests(tests, NULL, free_arena);
}
