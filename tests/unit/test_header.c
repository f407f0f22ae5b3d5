/*
 * What the values of request headers say (header.h, origin.h), and how files are
 * called on their way out (serve.h, upload.h).
 */
// links: gateway_service
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "header.h"
#include "idempotency.h"
#include "origin.h"
#include "serve.h"
#include "upload.h"

static void
the_best_liked_type_is_picked(void **state)
{
	static const char *const types[] = {"application/json", "application/vc+jwt", "text/html"};
	static const struct {
		const char *accept;
		int picked;
	} rows[] = {
		{NULL, 0},
		{"", 0},
		{"*/*", 0},
		{"application/json", 0},
		{"application/vc+jwt", 1},
		{"text/html", 2},
		{"APPLICATION/VC+JWT", 1},
		{"text/*", 2},
		{"application/*", 0},
		{"image/png", -1},
		{"text/html;q=0", -1},
		{"text/html, application/json", 0},
		{"text/html, application/json;q=0.9", 2},
		{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", 2},
		{"application/json;q=0.5, application/vc+jwt;q=0.51", 1},
		{"application/vc+jwt;q=0.5, */*;q=0.1", 1},
		{"*/*, application/json;q=0", 1},
		{"application/json;v=1;q=0.2, text/html;q=0.3", 2},
		{" text/html ; q=1.0 , application/json ; q=0.999", 2},
		{",,text/html,,", 2},
		{"text/html;q=x, application/json", 0},
		{"application/json;q=1.5", 0},
		{";;;", -1},
		{"text", -1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (accept_pick(rows[i].accept, types, 3) != rows[i].picked)
			fail_msg("%s: %d", rows[i].accept, accept_pick(rows[i].accept, types, 3));
}

static void
if_match_names_one_version(void **state)
{
	static const struct {
		const char *value;
		enum match match;
		int64_t version;
	} rows[] = {
		{NULL, MATCH_NOT_GIVEN, 0},
		{"\"5\"", MATCH_VERSION, 5},
		{"5", MATCH_VERSION, 5},
		{"W/\"5\"", MATCH_VERSION, 5},
		{"*", MATCH_ANY, 0},
		{"\"0\"", MATCH_VERSION, 0},
		{"9007199254740992", MATCH_VERSION, INT64_C(9007199254740992)},
		{"9007199254740993", MATCH_MALFORMED, 0},
		{"99999999999999999999999999", MATCH_MALFORMED, 0},
		{"", MATCH_MALFORMED, 0},
		{"\"", MATCH_MALFORMED, 0},
		{"\"5", MATCH_MALFORMED, 0},
		{"5\"", MATCH_MALFORMED, 0},
		{"\"\"", MATCH_MALFORMED, 0},
		{"-5", MATCH_MALFORMED, 0},
		{"\"5\", \"6\"", MATCH_MALFORMED, 0},
		{"\"a\"", MATCH_MALFORMED, 0},
		{"W/5", MATCH_MALFORMED, 0},
		{"5 ", MATCH_MALFORMED, 0},
		{"w/\"5\"", MATCH_MALFORMED, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t version = 0;
		enum match match = if_match_read(rows[i].value, &version);

		if (match != rows[i].match || (match == MATCH_VERSION && version != rows[i].version))
			fail_msg("%s: %d %lld", rows[i].value, (int)match, (long long)version);
	}
}

static void
a_tag_is_found_among_others(void **state)
{
	(void)state;
	assert_true(etag_listed("\"5\"", "\"5\""));
	assert_true(etag_listed("W/\"5\"", "\"5\""));
	assert_true(etag_listed("\"4\", W/\"5\" ,\"6\"", "\"5\""));
	assert_true(etag_listed("*", "\"5\""));
	assert_false(etag_listed(NULL, "\"5\""));
	assert_false(etag_listed("", "\"5\""));
	assert_false(etag_listed("\"55\"", "\"5\""));
	assert_false(etag_listed("5", "\"5\""));
}

static void
a_range_is_cut_to_the_file(void **state)
{
	static const struct {
		const char *value;
		uint64_t size;
		enum range range;
		uint64_t first, length;
	} rows[] = {
		{NULL, 10, RANGE_WHOLE, 0, 0},
		{"bytes=0-0", 10, RANGE_PART, 0, 1},
		{"bytes=2-4", 10, RANGE_PART, 2, 3},
		{"bytes=2-", 10, RANGE_PART, 2, 8},
		{"bytes=-3", 10, RANGE_PART, 7, 3},
		{"bytes=-30", 10, RANGE_PART, 0, 10},
		{"bytes=5-100", 10, RANGE_PART, 5, 5},
		{"bytes=9-", 10, RANGE_PART, 9, 1},
		{"Bytes= 1-2 ", 10, RANGE_PART, 1, 2},
		{"bytes=10-", 10, RANGE_OUTSIDE, 0, 0},
		{"bytes=-0", 10, RANGE_OUTSIDE, 0, 0},
		{"bytes=0-", 0, RANGE_OUTSIDE, 0, 0},
		{"bytes=-1", 0, RANGE_OUTSIDE, 0, 0},
		{"bytes=4-2", 10, RANGE_WHOLE, 0, 0},
		{"bytes=a-2", 10, RANGE_WHOLE, 0, 0},
		{"bytes=1-2,4-5", 10, RANGE_WHOLE, 0, 0},
		{"bytes=-", 10, RANGE_WHOLE, 0, 0},
		{"bytes=", 10, RANGE_WHOLE, 0, 0},
		{"items=1-2", 10, RANGE_WHOLE, 0, 0},
		{"bytes=18446744073709551616-", 10, RANGE_WHOLE, 0, 0},
		{"bytes=1-2x", 10, RANGE_WHOLE, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint64_t first = 0, length = 0;
		enum range range = range_read(rows[i].value, rows[i].size, &first, &length);

		if (range != rows[i].range ||
		    (range == RANGE_PART && (first != rows[i].first || length != rows[i].length)))
			fail_msg("%s of %d: %d %d+%d", rows[i].value, (int)rows[i].size, (int)range,
			    (int)first, (int)length);
	}
}

static void
the_cookie_is_found_unless_it_is_ambiguous(void **state)
{
	static const struct {
		const char *cookies, *value;
	} rows[] = {
		{"s=abc", "abc"},
		{"a=1; s=abc; b=2", "abc"},
		{"a=1;s=abc", "abc"},
		{"s=", ""},
		{"s=a=b", "a=b"},
		{"s=abc; s=abc", "abc"},
		{"s=abc; s=abd", NULL},
		{"s=abc; s=ab", NULL},
		{"ss=abc", NULL},
		{"a=s=1", NULL},
		{"s", NULL},
		{"", NULL},
		{"S=abc", NULL},
		{";;;", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t len = 0;
		const char *value = cookie_find(rows[i].cookies, "s", &len);

		if ((value == NULL) != (rows[i].value == NULL) ||
		    (value != NULL &&
			(len != strlen(rows[i].value) || memcmp(value, rows[i].value, len) != 0)))
			fail_msg("%s", rows[i].cookies);
	}
	assert_null(cookie_find(NULL, "s", &(size_t){0}));
}

static void
a_bearer_token_is_read(void **state)
{
	(void)state;
	assert_string_equal(bearer_read("Bearer abc"), "abc");
	assert_string_equal(bearer_read("bearer  abc"), "abc");
	assert_null(bearer_read("Basic abc"));
	assert_null(bearer_read("Bearer"));
	assert_null(bearer_read(NULL));
}

static void
a_media_type_has_parameters(void **state)
{
	char out[20];

	(void)state;
	assert_true(media_type_is("application/json", "application/json"));
	assert_true(media_type_is("Application/JSON; charset=utf-8", "application/json"));
	assert_false(media_type_is("application/jsonp", "application/json"));
	assert_false(media_type_is("application/jso", "application/json"));
	assert_false(media_type_is(NULL, "application/json"));
	assert_true(media_type_parameter("multipart/form-data; boundary=abc", "boundary", out, sizeof(out)));
	assert_string_equal(out, "abc");
	assert_true(
	    media_type_parameter("m/f;charset=x; Boundary=\"a b\\\"c\"; z=1", "boundary", out, sizeof(out)));
	assert_string_equal(out, "a b\"c");
	assert_false(media_type_parameter("m/f; boundary=", "boundary", out, sizeof(out)));
	assert_false(media_type_parameter("m/f; boundary=\"abc", "boundary", out, sizeof(out)));
	assert_false(media_type_parameter("m/f; xboundary=abc", "boundary", out, sizeof(out)));
	assert_false(
	    media_type_parameter("m/f; boundary=123456789012345678901", "boundary", out, sizeof(out)));
	assert_false(media_type_parameter("m/f", "boundary", out, sizeof(out)));
}

static void
our_own_proxies_are_believed_and_nobody_before_them(void **state)
{
	char out[20];

	(void)state;
	assert_true(forwarded_read("1.1.1.1, 2.2.2.2,3.3.3.3", 1, out, sizeof(out)));
	assert_string_equal(out, "3.3.3.3");
	assert_true(forwarded_read("1.1.1.1, 2.2.2.2,3.3.3.3", 2, out, sizeof(out)));
	assert_string_equal(out, "2.2.2.2");
	assert_true(forwarded_read("::1", 1, out, sizeof(out)));
	assert_string_equal(out, "::1");
	assert_false(forwarded_read("1.1.1.1", 2, out, sizeof(out)));
	assert_false(forwarded_read("1.1.1.1,", 1, out, sizeof(out)));
	assert_false(forwarded_read("", 1, out, sizeof(out)));
	assert_false(forwarded_read(NULL, 1, out, sizeof(out)));
	assert_false(forwarded_read("123456789012345678901234", 1, out, sizeof(out)));
}

static void
only_our_own_pages_are_ours(void **state)
{
	static const char ours[] = "https://vouch.example";
	static const struct {
		const char *origin, *site, *host;
		enum origin expected;
	} rows[] = {
		{NULL, NULL, "vouch.example", ORIGIN_UNSAID},
		{"https://vouch.example", NULL, "inside:8080", ORIGIN_SAME},
		{"HTTPS://Vouch.Example", NULL, "inside:8080", ORIGIN_SAME},
		{"http://localhost:8080", NULL, "localhost:8080", ORIGIN_SAME},
		{NULL, "same-origin", "vouch.example", ORIGIN_SAME},
		{NULL, "none", "vouch.example", ORIGIN_SAME},
		{"https://vouch.example", "same-origin", "vouch.example", ORIGIN_SAME},
		{NULL, "same-site", "vouch.example", ORIGIN_FOREIGN},
		{NULL, "cross-site", "vouch.example", ORIGIN_FOREIGN},
		{NULL, "Same-Origin", "vouch.example", ORIGIN_FOREIGN},
		{"null", NULL, "vouch.example", ORIGIN_FOREIGN},
		{"", NULL, "vouch.example", ORIGIN_FOREIGN},
		{"https://evil.example", NULL, "vouch.example", ORIGIN_FOREIGN},
		{"https://vouch.example.evil.example", NULL, "vouch.example", ORIGIN_FOREIGN},
		{"https://vouch.example:444", NULL, "vouch.example", ORIGIN_FOREIGN},
		{"https://vouch.example/", NULL, "vouch.example", ORIGIN_FOREIGN},
		{"https://evil.example", "same-origin", "vouch.example", ORIGIN_FOREIGN},
		{"https://vouch.example", "cross-site", "vouch.example", ORIGIN_FOREIGN},
		{"ftp://vouch.example", NULL, "vouch.example", ORIGIN_FOREIGN},
		{"https://evil.example", NULL, NULL, ORIGIN_FOREIGN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (origin_of(rows[i].origin, rows[i].site, rows[i].host, ours) != rows[i].expected)
			fail_msg("%s %s", rows[i].origin != NULL ? rows[i].origin : "-",
			    rows[i].site != NULL ? rows[i].site : "-");
}

static void
keys_are_short_text(void **state)
{
	char key[66];

	(void)state;
	memset(key, 'k', 65);
	key[65] = '\0';
	assert_false(key_is_valid(key));
	assert_true(key_is_valid(key + 1));
	assert_true(key_is_valid("k"));
	assert_true(key_is_valid("\xc3\xa9"));
	assert_false(key_is_valid(""));
	assert_false(key_is_valid("\xc3"));
}

static void
the_same_key_runs_once_at_a_time(void **state)
{
	struct inflight *t = inflight_open();
	struct inflight_entry first = {0}, second = {0}, third = {0}, fourth = {0};

	(void)state;
	assert_true(inflight_enter(t, &first, "ann", "Submissions.Submit", "k1"));
	assert_false(inflight_enter(t, &second, "ann", "Submissions.Submit", "k1"));
	assert_true(inflight_enter(t, &second, "bob", "Submissions.Submit", "k1"));
	assert_true(inflight_enter(t, &third, "ann", "Submissions.Create", "k1"));
	assert_true(inflight_enter(t, &fourth, "ann", "Submissions.Submit", "k2"));
	inflight_leave(t, &first);
	inflight_leave(t, &first);
	assert_true(inflight_enter(t, &first, "ann", "Submissions.Submit", "k1"));
	inflight_leave(t, &first);
	inflight_leave(t, &second);
	inflight_leave(t, &third);
	inflight_leave(t, &fourth);
	inflight_close(t);
}

static void
names_of_files_are_harmless(void **state)
{
	static const struct {
		const char *name, *clean;
	} rows[] = {
		{"essay.pdf", "essay.pdf"},
		{"C:\\fakepath\\essay.pdf", "essay.pdf"},
		{"../../etc/passwd", "passwd"},
		{"", "file"},
		{"..", "file"},
		{"a/", "file"},
		{"a\r\nb", "ab"},
		{"a\x7f.b ", "a.b"},
		{"\xff.pdf", "file"},
		{"\xd1\x84\xd0\xb0\xd0\xb9\xd0\xbb.txt", "\xd1\x84\xd0\xb0\xd0\xb9\xd0\xbb.txt"},
		{"evil\xe2\x80\xae"
		 "fdp.exe",
			"evilfdp.exe"},
		{"a\xc2\x85"
		 "b",
			"ab"},
		{"\xef\xbb\xbf"
		 "a",
			"a"},
		{" . ", "file"},
	};
	char out[256], longest[400];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		file_name_clean(rows[i].name, out);
		assert_string_equal(out, rows[i].clean);
	}
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	memcpy(longest + 254, "\xc3\xa9", 2); /* would be cut in two */
	file_name_clean(longest, out);
	assert_int_equal(strlen(out), 254);
}

static void
files_go_out_as_attachments_of_harmless_types(void **state)
{
	struct arena arena = {0};

	(void)state;
	assert_string_equal(serve_disposition(&arena, "a \"b\".pdf"),
	    "attachment; filename=\"a _b_.pdf\"; filename*=UTF-8''a%20%22b%22.pdf");
	assert_string_equal(serve_disposition(&arena, "\xc3\xa9\r\n;.x"),
	    "attachment; filename=\"_____.x\"; filename*=UTF-8''%C3%A9%0D%0A%3B.x");
	assert_string_equal(serve_type("image/png"), "image/png");
	assert_string_equal(serve_type("text/html"), "application/octet-stream");
	assert_string_equal(serve_type("image/svg+xml"), "application/octet-stream");
	assert_string_equal(serve_type("IMAGE/PNG"), "application/octet-stream");
	arena_reset(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_best_liked_type_is_picked),
		cmocka_unit_test(if_match_names_one_version),
		cmocka_unit_test(a_tag_is_found_among_others),
		cmocka_unit_test(a_range_is_cut_to_the_file),
		cmocka_unit_test(the_cookie_is_found_unless_it_is_ambiguous),
		cmocka_unit_test(a_bearer_token_is_read),
		cmocka_unit_test(a_media_type_has_parameters),
		cmocka_unit_test(our_own_proxies_are_believed_and_nobody_before_them),
		cmocka_unit_test(only_our_own_pages_are_ours),
		cmocka_unit_test(keys_are_short_text),
		cmocka_unit_test(the_same_key_runs_once_at_a_time),
		cmocka_unit_test(names_of_files_are_harmless),
		cmocka_unit_test(files_go_out_as_attachments_of_harmless_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
