/* How refusals look to a client (problem.h), and pages to a person (html.h). */
// links: gateway_service
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "html.h"
#include "problem.h"

static void
each_status_of_the_bus_has_its_http_status(void **state)
{
	static const struct {
		Vouch__Status status;
		int http;
		const char *word;
	} rows[] = {
		{VOUCH__STATUS__INVALID, 422, "invalid"},
		{VOUCH__STATUS__UNAUTHENTICATED, 401, "unauthenticated"},
		{VOUCH__STATUS__FORBIDDEN, 403, "forbidden"},
		{VOUCH__STATUS__NOT_FOUND, 404, "not_found"},
		{VOUCH__STATUS__CONFLICT, 409, "conflict"},
		{VOUCH__STATUS__STALE, 412, "stale"},
		{VOUCH__STATUS__KEY_REQUIRED, 428, "key_required"},
		{VOUCH__STATUS__RATE_LIMITED, 429, "rate_limited"},
		{VOUCH__STATUS__OVERLOADED, 503, "overloaded"},
		{VOUCH__STATUS__UNAVAILABLE, 503, "unavailable"},
		{VOUCH__STATUS__TIMEOUT, 504, "timeout"},
		{VOUCH__STATUS__INTERNAL, 500, "internal"},
		{VOUCH__STATUS__MALFORMED, 400, "malformed"},
		{(Vouch__Status)99, 500, "internal"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct problem p = problem_of(rows[i].status);

		assert_int_equal(p.status, rows[i].http);
		assert_string_equal(p.word, rows[i].word);
		assert_true(p.title[0] != '\0');
	}
	/* None was forgotten. */
	assert_int_equal(vouch__status__descriptor.n_values, sizeof(rows) / sizeof(rows[0]));
}

static void
a_problem_says_everything_at_once(void **state)
{
	struct problem p = problem_of(VOUCH__STATUS__STALE);
	Vouch__ReplyHeader header = VOUCH__REPLY_HEADER__INIT;
	Vouch__FieldError a = VOUCH__FIELD_ERROR__INIT, b = VOUCH__FIELD_ERROR__INIT, *errors[] = {&a, &b};
	char *text;

	(void)state;
	a.field = "parts[0].text";
	a.rule = "max";
	a.message = "is \"too\" long";
	b.field = "title";
	b.rule = "required";
	b.message = "is missing";
	header.errors = errors;
	header.n_errors = 2;
	p.header = &header;
	p.detail = "somebody wrote";
	p.trace = "t-1";
	p.current = json_pack("{s:i}", "version", 7);
	text = problem_text(&p);
	assert_string_equal(text,
	    "{\"type\":\"urn:vouch:problem:stale\",\"title\":\"Somebody wrote in between\",\"status\":412,"
	    "\"detail\":\"somebody "
	    "wrote\",\"errors\":[{\"field\":\"parts[0].text\",\"rule\":\"max\",\"message\":\"is \\\"too\\\" "
	    "long\"},"
	    "{\"field\":\"title\",\"rule\":\"required\",\"message\":\"is "
	    "missing\"}],\"trace\":\"t-1\",\"current\":{\"version\":7}}");
	json_decref(p.current);
	free(text);

	p = problem_http(413);
	text = problem_text(&p);
	assert_string_equal(text,
	    "{\"type\":\"urn:vouch:problem:too_large\",\"title\":\"The request is too "
	    "large\",\"status\":413}");
	free(text);
}

static void
who_may_come_back_is_told_when(void **state)
{
	(void)state;
	assert_int_equal(problem_retry_after(429, 1), 1);
	assert_int_equal(problem_retry_after(429, 61001), 62);
	assert_int_equal(problem_retry_after(503, 0), 1);
	assert_int_equal(problem_retry_after(503, 2000), 2);
	assert_int_equal(problem_retry_after(409, 5000), 0);
	assert_int_equal(problem_retry_after(504, 0), 0);
}

static void
text_is_escaped_by_where_it_stands(void **state)
{
	struct html h = {0};

	(void)state;
	html_raw(&h, "<p");
	html_attr(&h, "title", "\"><script>'&");
	html_raw(&h, ">");
	html_text(&h, "<b>&amp;\x01\x08\n\xc3\xa9");
	html_text(&h, NULL);
	html_element(&h, "i", "a b", "<x>");
	html_element(&h, "i", NULL, "");
	html_path(&h, "a~b/c ?\xc3\xa9");
	assert_string_equal(h.text,
	    "<p title=\"&quot;&gt;&lt;script&gt;&#39;&amp;\">&lt;b&gt;&amp;amp;\n\xc3\xa9"
	    "<i class=\"a b\">&lt;x&gt;</i>a~b%2Fc%20%3F%C3%A9");
	free(h.text);
}

static void
json_stays_inside_its_script(void **state)
{
	struct html h = {0};

	(void)state;
	html_json(&h, "</script><!--\"\\&\n\x01 \xe2\x80\xa8 \xe2\x82\xac \xe2");
	html_json(&h, NULL);
	assert_string_equal(h.text,
	    "\"\\u003c/script\\u003e\\u003c!--\\u0022\\u005c\\u0026\\u000a\\u0001 \\u2028 \xe2\x82\xac \xe2\"\"\"");
	html_free(&h);
}

static void
what_is_said_is_escaped_by_whose_it_is(void **state)
{
	struct languages *all = languages_open();
	struct html h = {0};

	(void)state;
	assert_non_null(all);
	h.language = language_at(all, 0);
	html_say(&h, "shell.account", WORDS(WORD("name", "<Ada>")));
	html_say_attr(&h, "title", "shell.account", WORDS(WORD("name", "\"Ada\"")));
	html_say(&h, "detail.result_by", WORDS(RAW("strong", "<b>"), RAW("end", "</b>"), WORD("day", "a&b")));
	html_say_attr(
	    &h, "alt", "detail.result_by", WORDS(RAW("strong", "<b>"), RAW("end", "</b>"), WORD("day", "x")));
	assert_string_equal(h.text,
	    "Your account, <bdi>&lt;Ada&gt;</bdi> title=\"Your account, &quot;Ada&quot;\""
	    "Result by <b><bdi>a&amp;b</bdi></b> alt=\"Result by x\"");
	assert_false(h.is_broken);
	html_say(&h, "shell.no_such_message", NULL);
	assert_true(h.is_broken);
	html_free(&h);
	languages_close(all);
}

static void
only_harmless_addresses_become_links(void **state)
{
	static const char *const refused[] = {"javascript:alert(1)", "data:text/html,x", " https://a",
		"//evil.example", "/\\evil.example", "ftp://a", "", "java\nscript:x", "https:evil"};
	struct html h = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		html_url(&h, "href", refused[i]);
	html_url(&h, "href", NULL);
	assert_int_equal(h.len, 0);
	html_url(&h, "href", "https://a.example/?a=1&b=\"");
	html_url(&h, "src", "/a");
	assert_string_equal(h.text, " href=\"https://a.example/?a=1&amp;b=&quot;\" src=\"/a\"");
	free(h.text);
}

static void
a_page_that_grows_too_large_fails_as_a_whole(void **state)
{
	struct html h = {0};

	(void)state;
	for (int i = 0; i < 40000 && !h.is_broken; i++)
		html_text(&h, "0123456789abcdef");
	assert_true(h.is_broken);
	assert_true(h.room <= HTML_MAX);
	free(h.text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_status_of_the_bus_has_its_http_status),
		cmocka_unit_test(a_problem_says_everything_at_once),
		cmocka_unit_test(who_may_come_back_is_told_when),
		cmocka_unit_test(text_is_escaped_by_where_it_stands),
		cmocka_unit_test(json_stays_inside_its_script),
		cmocka_unit_test(what_is_said_is_escaped_by_whose_it_is),
		cmocka_unit_test(only_harmless_addresses_become_links),
		cmocka_unit_test(a_page_that_grows_too_large_fails_as_a_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
