/*
 * Which requests are let in (guard.h): each row is one request that two servers could
 * read differently, or a good one.
 */
// links: gateway_service
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "guard.h"

static const struct {
	const char *target;
	int status; /* 0: let in */
} targets[] = {
	{"/", 0},
	{"/a/b", 0},
	{"/a?b=c&d", 0},
	{"/a//b", 0},
	{"/a/", 0},
	{"/%7Eme", 0},
	{"/a~b", 0},
	{"/...", 0},
	{"/.well-known/x", 0},
	{"/%C3%A9", 0},
	{"/%F0%9F%99%82", 0},
	{"/a?q=%0A", 0},
	{"/a?q=../..", 0},
	{"/?", 0},
	{"/a?b=%2F", 0},
	{"/a.b", 0},
	{"/a?[x]={y}|^`", 0},
	{"", 400},
	{"*", 400},
	{"a", 400},
	{"http://host/a", 400},
	{"//host", 0},
	{"/a b", 400},
	{"/a\tb", 400},
	{"/a\x7f", 400},
	{"/a\x80", 400},
	{"/a#b", 400},
	{"/a\\b", 400},
	{"/a<b", 400},
	{"/a\"b", 400},
	{"/%", 400},
	{"/%4", 400},
	{"/%4g", 400},
	{"/a%", 400},
	{"/a?%", 400},
	{"/a?b=%zz", 400},
	{"/a%?41", 400},
	{"/a%00b", 400},
	{"/a?b=%00", 400},
	{"/a%01", 400},
	{"/a%0d%0aX:1", 400},
	{"/a%7f", 400},
	{"/..", 400},
	{"/.", 400},
	{"/a/../b", 400},
	{"/a/..", 400},
	{"/a/./b", 400},
	{"/%2e%2e/a", 400},
	{"/.%2E/a", 400},
	{"/a/%2e", 400},
	{"/a%2fb", 400},
	{"/a%2Fb", 400},
	{"/a%5cb", 400},
	{"/..?x", 400},
	{"/%C3", 400},
	{"/%C3/%A9", 400},
	{"/%C0%AF", 400},
	{"/%ED%A0%80", 400},
	{"/%FF", 400},
	{"/a?b=%C3", 400},
	{"/%F4%90%80%80", 400},
	{"/%E0%80%AF", 400},
};

static void
knows_good_addresses_from_bad_ones(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		struct refusal no = guard_line("GET", targets[i].target, "HTTP/1.1");

		if ((no.detail == NULL) != (targets[i].status == 0) ||
		    (no.detail != NULL && no.status != targets[i].status))
			fail_msg("\"%s\": %d %s", targets[i].target, no.status,
			    no.detail != NULL ? no.detail : "let in");
	}
}

static void
a_target_has_a_longest_length(void **state)
{
	static char target[GUARD_TARGET_MAX + 1];

	(void)state;
	memset(target, 'a', GUARD_TARGET_MAX);
	target[0] = '/';
	target[GUARD_TARGET_MAX - 1] = '\0';
	assert_null(guard_line("GET", target, "HTTP/1.1").detail);
	target[GUARD_TARGET_MAX - 1] = 'a';
	assert_int_equal(guard_line("GET", target, "HTTP/1.1").status, 414);
}

static void
methods_and_versions_are_taken_by_their_letters(void **state)
{
	(void)state;
	assert_null(guard_line("PROPFIND", "/", "HTTP/1.0").detail);
	assert_int_equal(guard_line("GE T", "/", "HTTP/1.1").status, 400);
	assert_int_equal(guard_line("", "/", "HTTP/1.1").status, 400);
	assert_int_equal(guard_line("GET\x01", "/", "HTTP/1.1").status, 400);
	assert_int_equal(guard_line("GETGETGETGETGETGET", "/", "HTTP/1.1").status, 400);
	assert_int_equal(guard_line("GET", "/", "HTTP/1.2").status, 505);
	assert_int_equal(guard_line("GET", "/", "HTTP/2.0").status, 505);
	assert_int_equal(guard_line("GET", "/", "http/1.1").status, 505);
	assert_int_equal(guard_line("GET", "/", "").status, 505);
}

/*
 * The headers of TEXT, one a line, "name:value"; the refusal of the first one that is
 * refused, else that of all together.
 */
static struct refusal
headers(struct head *head, const char *method, const char *version, const char *text)
{
	static char copy[2000];
	struct refusal no;

	snprintf(copy, sizeof(copy), "%s", text);
	*head = (struct head){0};
	for (char *line = strtok(copy, "\n"); line != NULL; line = strtok(NULL, "\n")) {
		char *colon = strchr(line, ':');

		assert_non_null(colon);
		no = guard_header(head, line, (size_t)(colon - line), colon + 1, strlen(colon + 1));
		if (no.detail != NULL)
			return no;
	}
	return guard_head(head, method, version);
}

static void
one_length_one_host_and_nothing_in_doubt(void **state)
{
	static const struct {
		const char *method, *version, *headers;
		int status;
	} rows[] = {
		{"GET", "HTTP/1.1", "Host: a", 0},
		{"GET", "HTTP/1.1", "host:a:80\nAccept: */*", 0},
		{"GET", "HTTP/1.1", "Host: [::1]:80", 0},
		{"GET", "HTTP/1.0", "Accept: */*", 0},
		{"GET", "HTTP/1.1", "Host: a\nContent-Length: 0", 0},
		{"POST", "HTTP/1.1", "Host: a\nContent-Length: 5", 0},
		{"POST", "HTTP/1.1", "Host: a\nTransfer-Encoding: Chunked", 0},
		{"POST", "HTTP/1.1", "Host: a\nExpect: 100-Continue\nContent-Length: 5", 0},
		{"POST", "HTTP/1.1", "Host: a\nX-A: 1\nX-A: 2", 0},
		{"GET", "HTTP/1.1", "Accept: */*", 400},
		{"GET", "HTTP/1.1", "Host: a\nHost: a", 400},
		{"GET", "HTTP/1.1", "Host: a\nhOST: b", 400},
		{"GET", "HTTP/1.1", "Host: a,b", 400},
		{"GET", "HTTP/1.1", "Host: a b", 400},
		{"GET", "HTTP/1.1", "Host: user@a", 400},
		{"GET", "HTTP/1.1", "Host: a/b", 400},
		{"GET", "HTTP/1.1", "Host:", 400},
		{"GET", "HTTP/1.1", "Host: a\nContent-Length: 5", 400},
		{"HEAD", "HTTP/1.1", "Host: a\nTransfer-Encoding: chunked", 400},
		{"POST", "HTTP/1.1", "Host: a\nContent-Length: 5\nContent-Length: 5", 400},
		{"POST", "HTTP/1.1", "Host: a\nContent-Length: 5\ncontent-length: 38", 400},
		{"POST", "HTTP/1.1", "Host: a\nContent-Length: 5, 5", 400},
		{"POST", "HTTP/1.1", "Host: a\nContent-Length: +5", 400},
		{"POST", "HTTP/1.1", "Host: a\nContent-Length: -5", 400},
		{"POST", "HTTP/1.1", "Host: a\nContent-Length: 0x5", 400},
		{"POST", "HTTP/1.1", "Host: a\nContent-Length: 5 5", 400},
		{"POST", "HTTP/1.1", "Host: a\nContent-Length:", 400},
		{"POST", "HTTP/1.1", "Host: a\nContent-Length: 9999999999999999999", 400},
		{"POST", "HTTP/1.1", "Host: a\nContent-Length: 5\nTransfer-Encoding: chunked", 400},
		{"POST", "HTTP/1.1", "Host: a\nTransfer-Encoding: chunked\nContent-Length: 5", 400},
		{"POST", "HTTP/1.1", "Host: a\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked", 400},
		{"POST", "HTTP/1.1", "Host: a\nTransfer-Encoding: gzip, chunked", 400},
		{"POST", "HTTP/1.1", "Host: a\nTransfer-Encoding: chunked, identity", 400},
		{"POST", "HTTP/1.1", "Host: a\nTransfer-Encoding: xchunked", 400},
		{"POST", "HTTP/1.1", "Host: a\nTransfer-Encoding: identity", 400},
		{"POST", "HTTP/1.1", "Host: a\nTransfer-Encoding: chunked ", 400},
		{"POST", "HTTP/1.1", "Host: a\nTransfer-Encoding:", 400},
		{"POST", "HTTP/1.0", "Host: a\nTransfer-Encoding: chunked", 400},
		{"POST", "HTTP/1.1", "Host: a\nTransfer-Encoding : chunked", 400},
		{"POST", "HTTP/1.1", "Host : a", 400},
		{"POST", "HTTP/1.1", " Host: a", 400},
		{"POST", "HTTP/1.1", "Host: a\n: b", 400},
		{"POST", "HTTP/1.1", "Host: a\nX[]: b", 400},
		{"POST", "HTTP/1.1", "Host: a\nX: a\x01", 400},
		{"POST", "HTTP/1.1", "Host: a\nX: a\rb", 400},
		{"POST", "HTTP/1.1", "Host: a\nX: a\x7f", 400},
		{"POST", "HTTP/1.1", "Host: a\nCookie: a=1\nCookie: b=2", 400},
		{"POST", "HTTP/1.1", "Host: a\nAuthorization: Bearer a\nAuthorization: Bearer b", 400},
		{"POST", "HTTP/1.1", "Host: a\nOrigin: http://a\nOrigin: http://b", 400},
		{"POST", "HTTP/1.1", "Host: a\nExpect: 200-ok", 417},
	};
	struct head head;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct refusal no = headers(&head, rows[i].method, rows[i].version, rows[i].headers);

		if ((no.detail == NULL) != (rows[i].status == 0) ||
		    (no.detail != NULL && no.status != rows[i].status))
			fail_msg("%s: %d %s", rows[i].headers, no.status,
			    no.detail != NULL ? no.detail : "let in");
	}
}

static void
what_is_known_is_kept_without_the_spaces_around_it(void **state)
{
	struct head head;

	(void)state;
	assert_null(headers(&head, "POST", "HTTP/1.1",
	    "Host: \t a \nContent-Length: 00123\nIdempotency-Key:  k 1\t\nX-Other: b")
		.detail);
	assert_string_equal(head.known[KNOWN_HOST], "a");
	assert_string_equal(head.known[KNOWN_IDEMPOTENCY_KEY], "k 1");
	assert_true(head.has_length);
	assert_false(head.chunked);
	assert_int_equal(head.content_length, 123);
	assert_null(head.known[KNOWN_COOKIE]);
	assert_int_equal(head.n_headers, 4);
}

static void
headers_are_bounded(void **state)
{
	struct head head = {0};
	static char value[GUARD_VALUE_MAX + 2];

	(void)state;
	memset(value, 'a', GUARD_VALUE_MAX + 1);
	assert_int_equal(guard_header(&head, "x", 1, value, GUARD_VALUE_MAX + 1).status, 431);
	assert_null(guard_header(&head, "x", 1, value, GUARD_VALUE_MAX).detail);
	while (head.n_headers < GUARD_HEADERS_MAX)
		assert_null(guard_header(&head, "x", 1, value, 1).detail);
	assert_int_equal(guard_header(&head, "x", 1, value, 1).status, 431);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_good_addresses_from_bad_ones),
		cmocka_unit_test(a_target_has_a_longest_length),
		cmocka_unit_test(methods_and_versions_are_taken_by_their_letters),
		cmocka_unit_test(one_length_one_host_and_nothing_in_doubt),
		cmocka_unit_test(what_is_known_is_kept_without_the_spaces_around_it),
		cmocka_unit_test(headers_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
