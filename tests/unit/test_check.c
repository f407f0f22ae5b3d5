/* The bounds of rule.proto: each of them, in nested messages and lists too, and all at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "assessment.rpc.h"
#include "catalog.rpc.h"
#include "check.h"
#include "facts.pb-c.h"
#include "helpdesk.rpc.h"
#include "identity.rpc.h"
#include "submission.rpc.h"

static char an_id[] = "riverbend~0198c0de-0000-7000-8000-000000000001";
static char a_uuid[] = "0198c0de-0000-7000-8000-000000000001";

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

/* Checks MESSAGE afresh; the errors as "field:rule field:rule", "" when there are none. */
static const char *
errors_of(const void *message)
{
	static char text[16384];

	new_call(NULL);
	text[0] = '\0';
	bool ok = check_message(&call, message);
	assert_int_equal(ok, call.status == VOUCH__STATUS__OK);
	for (const struct field_error *e = call.errors; e != NULL; e = e->next)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s:%s",
		    text[0] != '\0' ? " " : "", e->field, e->rule);
	return text;
}

static void
strings_have_bytes_up_to_their_bound(void **state)
{
	Vouch__WithdrawSubmission w = VOUCH__WITHDRAW_SUBMISSION__INIT;
	char text[70000];

	(void)state;
	w.id = an_id;
	w.reason = text;
	memset(text, 'x', sizeof(text));
	text[500] = '\0';
	assert_string_equal(errors_of(&w), "");
	text[500] = 'x';
	text[501] = '\0';
	assert_string_equal(errors_of(&w), "reason:max");
	assert_string_equal(call.errors->message, "must have at most 500 bytes");
	/* Bytes, not characters. */
	for (size_t i = 0; i < 502; i += 2)
		memcpy(text + i, "\xc3\xa9", 2);
	text[502] = '\0';
	assert_string_equal(errors_of(&w), "reason:max");
	text[500] = '\0';
	assert_string_equal(errors_of(&w), "");
}

static void
a_string_without_a_bound_has_the_common_one(void **state)
{
	Vouch__ListRoles list = VOUCH__LIST_ROLES__INIT;
	static char text[65538];

	(void)state;
	list.issuer_id = "*";
	list.cursor = text;
	memset(text, 'x', 65536);
	assert_string_equal(errors_of(&list), "");
	text[65536] = 'x';
	assert_string_equal(errors_of(&list), "cursor:max");
}

static void
strings_are_utf8_without_control_characters(void **state)
{
	static const struct {
		const char *text, *errors;
	} rows[] = {
		{"a\tb\nc\r\nd", ""},
		{"\xe2\x80\xa8 \xf0\x9f\x98\x80 \xef\xbf\xbe", ""},
		{"\xc2\x85", ""},
		{"\xc2\xa0", ""},
		{"\x01", "reason:characters"},
		{"a\x0b", "reason:characters"},
		{"\x1b[31m", "reason:characters"},
		{"\x7f", "reason:characters"},
		{"\xc2\x80", "reason:characters"},
		{"\xc2\x9b"
		 "31m",
			"reason:characters"},
		{"\xff", "reason:utf8"},
		{"a\xc3", "reason:utf8"},
		{"\xc0\xaf", "reason:utf8"},
		{"\xed\xa0\x80", "reason:utf8"},
		{"\xf4\x90\x80\x80", "reason:utf8"},
		{"\x80", "reason:utf8"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		Vouch__WithdrawSubmission w = VOUCH__WITHDRAW_SUBMISSION__INIT;

		w.id = an_id;
		w.reason = (char *)rows[i].text;
		if (strcmp(errors_of(&w), rows[i].errors) != 0)
			fail_msg("row %zu: %s", i, errors_of(&w));
	}
}

static void
what_is_required_must_be_there(void **state)
{
	Vouch__CreateAccount account = VOUCH__CREATE_ACCOUNT__INIT;
	Vouch__CreateMicroCredential create = VOUCH__CREATE_MICRO_CREDENTIAL__INIT;
	Vouch__DecideReview decide = VOUCH__DECIDE_REVIEW__INIT;

	(void)state;
	assert_string_equal(errors_of(&account), "email:required name:required password:required");
	assert_int_equal(call.status, VOUCH__STATUS__INVALID);
	assert_string_equal(call.detail, "email must not be empty");
	account.email = NULL; /* as good as empty */
	assert_string_equal(errors_of(&account), "email:required name:required password:required");

	create.issuer_id = "riverbend";
	assert_string_equal(errors_of(&create), "document:required");
	decide.id = an_id;
	assert_string_equal(errors_of(&decide), "outcome:required");
	decide.outcome = VOUCH__OUTCOME__DENIED;
	assert_string_equal(errors_of(&decide), "");
}

static void
lower_bounds_are_kept_too(void **state)
{
	Vouch__NewPassword password = VOUCH__NEW_PASSWORD__INIT;
	Vouch__CreateToken token = VOUCH__CREATE_TOKEN__INIT;

	(void)state;
	password.token = "t";
	password.password = "123456789";
	assert_string_equal(errors_of(&password), "password:min");
	password.password = "1234567890";
	assert_string_equal(errors_of(&password), "");
	token.name = "lms";
	assert_string_equal(errors_of(&token), "scopes:min");
	assert_string_equal(call.errors->message, "must have at least 1 item");
}

static void
numbers_lie_between_their_bounds(void **state)
{
	Vouch__ListIssuers list = VOUCH__LIST_ISSUERS__INIT;
	Vouch__CreateMicroCredential create = VOUCH__CREATE_MICRO_CREDENTIAL__INIT;
	Vouch__MicroCredentialDocument document = VOUCH__MICRO_CREDENTIAL_DOCUMENT__INIT;
	double zero = 0;

	(void)state;
	for (int limit = -2; limit <= 102; limit++) {
		list.limit = limit;
		assert_string_equal(errors_of(&list), limit < 0 || limit > 100 ? "limit:range" : "");
	}
	assert_string_equal(call.errors->message, "must be 0 to 100");

	create.issuer_id = "riverbend";
	create.document = &document;
	document.key = "ask-well";
	document.title = "Ask well";
	document.estimated_hours = zero / zero;
	document.resubmission_limit = 101;
	assert_string_equal(
	    errors_of(&create), "document.estimatedHours:number document.resubmissionLimit:range");
}

static void
an_enum_holds_one_of_its_words(void **state)
{
	Vouch__GrantRole grant = VOUCH__GRANT_ROLE__INIT;

	(void)state;
	grant.issuer_id = "*";
	grant.email = "a@b.example";
	grant.role = VOUCH__ROLE__OPS;
	assert_string_equal(errors_of(&grant), "");
	grant.role = 999;
	assert_string_equal(errors_of(&grant), "role:word");
}

static void
times_are_of_years_that_can_be_written(void **state)
{
	Vouch__CreateToken token = VOUCH__CREATE_TOKEN__INIT;
	Google__Protobuf__Timestamp at = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
	char *scopes[] = {"all:read"};

	(void)state;
	token.name = "lms";
	token.scopes = scopes;
	token.n_scopes = 1;
	token.expires_at = &at;
	assert_string_equal(errors_of(&token), "");
	at.seconds = INT64_MAX;
	assert_string_equal(errors_of(&token), "expiresAt:form");
	at.seconds = 0;
	at.nanos = 1000000000;
	assert_string_equal(errors_of(&token), "expiresAt:form");
}

static void
all_that_is_broken_is_told_by_its_path(void **state)
{
	Vouch__Level level = VOUCH__LEVEL__INIT, *levels[] = {&level};
	Vouch__Criterion criterion = VOUCH__CRITERION__INIT, *criteria[] = {&criterion};
	Vouch__Rubric rubric = VOUCH__RUBRIC__INIT;
	Vouch__Part one = VOUCH__PART__INIT, two = VOUCH__PART__INIT, *parts[] = {&one, &two};
	Vouch__Resource resource = VOUCH__RESOURCE__INIT, *resources[] = {&resource};
	Vouch__MicroCredentialDocument document = VOUCH__MICRO_CREDENTIAL_DOCUMENT__INIT;
	Vouch__WriteMicroCredential w = VOUCH__WRITE_MICRO_CREDENTIAL__INIT;

	(void)state;
	w.id = an_id;
	w.document = &document;
	document.key = "Ask well";
	document.resources = resources;
	document.n_resources = 1;
	resource.title = "The paper";
	resource.url = "javascript:alert(1)";
	document.parts = parts;
	document.n_parts = 2;
	one.key = "overview";
	two.key = "part2";
	two.title = "Work";
	two.rubric = &rubric;
	rubric.criteria = criteria;
	rubric.n_criteria = 1;
	criterion.id = "c1";
	criterion.title = "Asks";
	criterion.levels = levels;
	criterion.n_levels = 1;
	level.id = "a level whose name is longer than forty bytes";
	assert_string_equal(errors_of(&w),
	    "document.key:form document.title:required document.resources[0].url:form "
	    "document.parts[0].title:required document.parts[1].key:form "
	    "document.parts[1].rubric.criteria[0].levels[0].id:max "
	    "document.parts[1].rubric.criteria[0].levels[0].title:required");
	assert_int_equal(call.status, VOUCH__STATUS__INVALID);
	assert_string_equal(call.detail,
	    "document.key must be 3 or more lower case letters, digits and hyphens, with no hyphen at the "
	    "ends");
}

static void
a_slug_is_as_long_as_its_field_allows(void **state)
{
	Vouch__GetArticle article = VOUCH__GET_ARTICLE__INIT;
	Vouch__ListStudio list = VOUCH__LIST_STUDIO__INIT;

	(void)state;
	article.slug = "how-long-does-a-review-take-and-what-is-a-business-day";
	assert_string_equal(errors_of(&article), "");
	list.issuer_id = article.slug;
	assert_string_equal(errors_of(&list), "issuerId:max");
}

static void
a_list_past_its_bound_is_told_once(void **state)
{
	Vouch__Score score = VOUCH__SCORE__INIT, *scores[1001];
	Vouch__ScoreReview review = VOUCH__SCORE_REVIEW__INIT;
	Vouch__Decision decision = VOUCH__DECISION__INIT;
	Vouch__ReviewDecided decided = VOUCH__REVIEW_DECIDED__INIT;

	(void)state;
	for (int i = 0; i < 1001; i++)
		scores[i] = &score;
	review.id = an_id;
	review.scores = scores;
	review.n_scores = 101;
	assert_string_equal(errors_of(&review), "scores:max");
	assert_string_equal(call.errors->message, "must have at most 100 items");
	/* Without a bound of its own it has the common one. */
	score.criterion_id = score.level_id = "x";
	decided.decision = &decision;
	decision.scores = scores;
	decision.n_scores = 1000;
	assert_string_equal(errors_of(&decided), "");
	decision.n_scores = 1001;
	assert_string_equal(errors_of(&decided), "decision.scores:max");
}

static void
complaints_end_at_a_hundred(void **state)
{
	Vouch__Score score = VOUCH__SCORE__INIT, *scores[100];
	Vouch__ScoreReview review = VOUCH__SCORE_REVIEW__INIT;
	int n = 0;

	(void)state;
	for (int i = 0; i < 100; i++)
		scores[i] = &score;
	review.id = an_id;
	review.scores = scores;
	review.n_scores = 100; /* each lacks two fields */
	errors_of(&review);
	for (const struct field_error *e = call.errors; e != NULL; e = e->next)
		n++;
	assert_int_equal(n, 100);
}

static void
items_of_a_list_have_forms_and_bounds_of_their_own(void **state)
{
	Vouch__CreateToken token = VOUCH__CREATE_TOKEN__INIT;
	char *scopes[] = {"all:read", "", "a scope longer than the twenty that bound the list", "\xff"};

	(void)state;
	token.name = "lms";
	token.scopes = scopes;
	token.n_scopes = 4;
	assert_string_equal(errors_of(&token), "scopes[3]:utf8");
}

/* ---- ids that name the record ---- */

static void
a_malformed_id_names_nothing(void **state)
{
	Vouch__GetSubmission get = VOUCH__GET_SUBMISSION__INIT;
	Vouch__RevokeToken revoke = VOUCH__REVOKE_TOKEN__INIT;
	Vouch__PartWrite write = VOUCH__PART_WRITE__INIT;

	(void)state;
	get.id = "nonsense";
	errors_of(&get);
	assert_int_equal(call.status, VOUCH__STATUS__NOT_FOUND);
	assert_null(call.errors);
	get.id = a_uuid; /* the issuer is missing */
	errors_of(&get);
	assert_int_equal(call.status, VOUCH__STATUS__NOT_FOUND);
	revoke.id = an_id;
	errors_of(&revoke);
	assert_int_equal(call.status, VOUCH__STATUS__NOT_FOUND);

	/* It goes before whatever else is wrong. */
	write.id = "nonsense";
	write.key = "nonsense";
	errors_of(&write);
	assert_int_equal(call.status, VOUCH__STATUS__NOT_FOUND);
	/* One that is not given at all is missing. */
	get.id = "";
	assert_string_equal(errors_of(&get), "id:required");
	assert_int_equal(call.status, VOUCH__STATUS__INVALID);
}

static void
so_does_one_in_the_path(void **state)
{
	Vouch__EvidenceRemoval removal = VOUCH__EVIDENCE_REMOVAL__INIT;
	Vouch__GetIssuer get = VOUCH__GET_ISSUER__INIT;
	Vouch__CreateIssuer create = VOUCH__CREATE_ISSUER__INIT;
	Vouch__CreateSubmission submission = VOUCH__CREATE_SUBMISSION__INIT;

	(void)state;
	removal.id = an_id;
	removal.evidence_id = "nonsense";
	call = (struct call){.arena = &arena, .caller = &nobody, .rpc = &rpc_submissions_remove_evidence};
	assert_false(check_message(&call, &removal.base));
	assert_int_equal(call.status, VOUCH__STATUS__NOT_FOUND);

	get.id = "No Such Issuer";
	call = (struct call){.arena = &arena, .caller = &nobody, .rpc = &rpc_issuers_get};
	assert_false(check_message(&call, &get.base));
	assert_int_equal(call.status, VOUCH__STATUS__NOT_FOUND);

	/* What is not in the path is simply wrong. */
	create.id = "No Slug";
	call = (struct call){.arena = &arena, .caller = &nobody, .rpc = &rpc_issuers_create};
	assert_false(check_message(&call, &create.base));
	assert_int_equal(call.status, VOUCH__STATUS__INVALID);
	submission.micro_credential_id = "nonsense";
	call = (struct call){.arena = &arena, .caller = &nobody, .rpc = &rpc_submissions_create};
	assert_false(check_message(&call, &submission.base));
	assert_int_equal(call.status, VOUCH__STATUS__INVALID);
}

/* ---- events ---- */

static void
a_handed_in_part_is_as_long_as_a_draft_may_be(void **state)
{
	Vouch__PartText part = VOUCH__PART_TEXT__INIT, *parts[] = {&part};
	Vouch__SubmissionReceived fact = VOUCH__SUBMISSION_RECEIVED__INIT;
	static char text[200001];

	(void)state;
	memset(text, 'x', 200000);
	part.key = "overview";
	part.text = text;
	fact.parts = parts;
	fact.n_parts = 1;
	assert_string_equal(errors_of(&fact), "");
}

static void
rpcs_and_bounds_are_found_by_name_and_type(void **state)
{
	size_t n = 0;

	(void)state;
	for (const struct rpc *const *r = rpcs; *r != NULL; r++, n++) {
		assert_ptr_equal(rpc_find((*r)->name), *r);
		assert_int_equal((*r)->index, n);
	}
	for (const struct message_bounds *b = message_bounds; b->type != NULL; b++)
		assert_ptr_equal(bounds_of(b->type), b->fields);
	assert_null(rpc_find(""));
	assert_null(rpc_find("Submissions.submit"));
	assert_null(bounds_of(&google__protobuf__timestamp__descriptor));
}

#define TEST(name) cmocka_unit_test_setup(name, new_call)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(strings_have_bytes_up_to_their_bound),
		TEST(a_string_without_a_bound_has_the_common_one),
		TEST(strings_are_utf8_without_control_characters),
		TEST(what_is_required_must_be_there),
		TEST(lower_bounds_are_kept_too),
		TEST(numbers_lie_between_their_bounds),
		TEST(an_enum_holds_one_of_its_words),
		TEST(times_are_of_years_that_can_be_written),
		TEST(all_that_is_broken_is_told_by_its_path),
		TEST(a_slug_is_as_long_as_its_field_allows),
		TEST(a_list_past_its_bound_is_told_once),
		TEST(complaints_end_at_a_hundred),
		TEST(items_of_a_list_have_forms_and_bounds_of_their_own),
		TEST(a_malformed_id_names_nothing),
		TEST(so_does_one_in_the_path),
		TEST(a_handed_in_part_is_as_long_as_a_draft_may_be),
		TEST(rpcs_and_bounds_are_found_by_name_and_type),
	};

	return cmocka_run_group_tests(tests, NULL, free_arena);
}
