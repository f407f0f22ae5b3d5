// links: submission_checks
/*
 * test_link.c: what an anonymous visitor of a link finds (EVD-3).
 */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "arena.h"
#include "canary.h"
#include "link.h"

/* Redirects name the port of the server as %d. */
static const struct page pages[] = {
	{"/open", "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Type: text/html\r\n\r\n<title>Plan</title>"},
	{"/range", "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-3/999\r\n\r\nplan"},
	{"/empty", "HTTP/1.1 416 Range Not Satisfiable\r\n\r\n"},
	{"/gone", "HTTP/1.1 404 Not Found\r\n\r\nno"},
	{"/deleted", "HTTP/1.1 410 Gone\r\n\r\n"},
	{"/private", "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\n\r\n"},
	{"/forbidden", "HTTP/1.1 403 Forbidden\r\n\r\n"},
	{"/robots", "HTTP/1.1 403 Forbidden\r\ncf-mitigated: challenge\r\n\r\n"},
	{"/busy", "HTTP/1.1 429 Too Many Requests\r\n\r\n"},
	{"/broken", "HTTP/1.1 503 Service Unavailable\r\n\r\n"},
	{"/once", "HTTP/1.1 302 Found\r\nLocation: /open\r\n\r\n"},
	{"/to-login", "HTTP/1.1 302 Found\r\nLocation: /users/sign_in?back=1\r\n\r\n"},
	{"/login-form", "HTTP/1.1 200 OK\r\n\r\n<title>Sign in - School</title><input type=\"password\">"},
	{"/about-login", "HTTP/1.1 200 OK\r\n\r\n<title>How to sign in</title><p>Use your card."},
	{"/loop", "HTTP/1.1 302 Found\r\nLocation: /loop\r\n\r\n"},
	{"/r5", "HTTP/1.1 302 Found\r\nLocation: /r4\r\n\r\n"},
	{"/r4", "HTTP/1.1 302 Found\r\nLocation: /r3\r\n\r\n"},
	{"/r3", "HTTP/1.1 302 Found\r\nLocation: /r2\r\n\r\n"},
	{"/r2", "HTTP/1.1 302 Found\r\nLocation: /r1\r\n\r\n"},
	{"/r1", "HTTP/1.1 302 Found\r\nLocation: /open\r\n\r\n"},
	{"/to-file", "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n"},
	{"/to-gopher", "HTTP/1.1 302 Found\r\nLocation: gopher://127.0.0.1:%d/x\r\n\r\n"},
	{"/silent", NULL},
	/* Places with pages of their own. */
	{"/drive/closed", "HTTP/1.1 302 Found\r\nLocation: https://accounts.google.com/ServiceLogin\r\n\r\n"},
	{"/drive/request", "HTTP/1.1 200 OK\r\n\r\n<title>Google Drive: You need access</title>"},
	{"/file", "HTTP/1.1 200 OK\r\n\r\n<title>Lesson.pdf</title>"},
	{"/s/closed", "HTTP/1.1 302 Found\r\nLocation: /login?cont=x\r\n\r\n"},
	{"/s/deleted", "HTTP/1.1 200 OK\r\n\r\n<h1>This item was deleted</h1>"},
	{"/live/closed", "HTTP/1.1 302 Found\r\nLocation: https://login.microsoftonline.com/common\r\n\r\n"},
	{"/watch?v=shown", "HTTP/1.1 200 OK\r\n\r\n{\"playabilityStatus\":{\"status\":\"OK\"}}"},
	{"/watch?v=hidden", "HTTP/1.1 200 OK\r\n\r\n{\"playabilityStatus\":{\"status\":\"LOGIN_REQUIRED\"}}"},
	{"/watch?v=quiet", "HTTP/1.1 200 OK\r\n\r\n<html>"},
	{"/watch?v=wrong", "HTTP/1.1 200 OK\r\n\r\n<html>"},
	{"/oembed?format=json&url=http%%3a%%2f%%2fwww.youtube.com%%3a%d%%2fwatch%%3fv%%3dquiet",
		"HTTP/1.1 401 Unauthorized\r\n\r\n"},
	{"/oembed?format=json&url=http%%3a%%2f%%2fwww.youtube.com%%3a%d%%2fwatch%%3fv%%3dwrong",
		"HTTP/1.1 400 Bad Request\r\n\r\n"},
	{"/76979871", "HTTP/1.1 200 OK\r\n\r\n<h1>This video is private</h1>"},
	{NULL, NULL},
};

/* Probes with the server's places allowed. */
static struct link_result
visit(struct arena *arena, const char *host, const char *path)
{
	char url[LINE], allowed[7][LINE], address[7][LINE];
	static const char *const hosts[] = {"127.0.0.1", "drive.google.com", "www.dropbox.com",
		"onedrive.live.com", "www.youtube.com", "vimeo.com", "plans.example"};
	const char *all[8] = {NULL}, *addresses[8] = {NULL};
	struct link_config config = {.timeout_ms = 5000, .allowed = all, .addresses = addresses};
	struct link_result result;

	for (size_t i = 0; i < 7; i++) {
		snprintf(allowed[i], LINE, "%s:%d", hosts[i], server.port);
		snprintf(address[i], LINE, "%s:%d:127.0.0.1", hosts[i], server.port);
		all[i] = allowed[i];
		addresses[i] = address[i];
	}
	snprintf(url, sizeof(url), "http://%s:%d%s", host, server.port, path);
	link_probe(arena, url, &config, &result);
	return result;
}

static void
answers_of_http(void **state)
{
	static const struct {
		const char *path;
		enum link_state state;
		const char *rule;
	} facts[] = {
		{"/open", LINK_OPEN, "open"},
		{"/range", LINK_OPEN, "open"},
		{"/empty", LINK_OPEN, "open"},
		{"/endless", LINK_OPEN, "open"},
		{"/once", LINK_OPEN, "open"},
		{"/r5", LINK_OPEN, "open"},
		{"/about-login", LINK_OPEN, "open"},
		{"/login", LINK_OPEN, "open"},
		{"/gone", LINK_MISSING, "not_found"},
		{"/deleted", LINK_MISSING, "not_found"},
		{"/private", LINK_CLOSED, "asks_login"},
		{"/forbidden", LINK_CLOSED, "forbidden"},
		{"/to-login", LINK_CLOSED, "asks_login"},
		{"/login-form", LINK_CLOSED, "asks_login"},
		{"/robots", LINK_UNKNOWN, "robots_refused"},
		{"/busy", LINK_UNKNOWN, "robots_refused"},
		{"/broken", LINK_UNKNOWN, "server_error"},
		{"/loop", LINK_UNKNOWN, "too_many_redirects"},
		{"/to-file", LINK_REFUSED, "not_a_web_address"},
		{"/to-gopher", LINK_REFUSED, "not_a_web_address"},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		struct link_result result = visit(&arena, "127.0.0.1", facts[i].path);

		if (result.state != facts[i].state || strcmp(result.rule, facts[i].rule) != 0)
			fail_msg("%s: %s, %s", facts[i].path, link_state_name(result.state), result.rule);
		assert_true(strlen(result.message) > 20);
	}
	arena_reset(&arena);
}

static void
places_with_words_of_their_own(void **state)
{
	static const struct {
		const char *host, *path;
		enum link_state state;
		const char *provider, *says;
	} facts[] = {
		{"drive.google.com", "/drive/closed", LINK_CLOSED, "Google Drive", "Viewer"},
		{"drive.google.com", "/drive/request", LINK_CLOSED, "Google Drive", "Anyone with the link"},
		{"drive.google.com", "/file", LINK_OPEN, "Google Drive", "Everybody"},
		{"www.dropbox.com", "/s/closed", LINK_CLOSED, "Dropbox", "Share"},
		{"www.dropbox.com", "/s/deleted", LINK_MISSING, "Dropbox", "deleted"},
		{"onedrive.live.com", "/live/closed", LINK_CLOSED, "OneDrive", "Can view"},
		{"www.youtube.com", "/watch?v=shown", LINK_OPEN, "YouTube", "Everybody"},
		{"www.youtube.com", "/watch?v=hidden", LINK_CLOSED, "YouTube", "Unlisted"},
		{"www.youtube.com", "/watch?v=quiet", LINK_CLOSED, "YouTube", "Unlisted"},
		{"www.youtube.com", "/watch?v=wrong", LINK_MISSING, "YouTube", "deleted"},
		{"vimeo.com", "/76979871", LINK_CLOSED, "Vimeo", "privacy"},
		{"plans.example", "/drive/request", LINK_OPEN, "", "Everybody"},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		struct link_result result = visit(&arena, facts[i].host, facts[i].path);

		if (result.state != facts[i].state || strcmp(result.provider, facts[i].provider) != 0 ||
		    strstr(result.message, facts[i].says) == NULL)
			fail_msg("%s%s: %s, %s, %s, \"%s\"", facts[i].host, facts[i].path,
			    link_state_name(result.state), result.rule, result.provider, result.message);
	}
	arena_reset(&arena);
}

static void
the_visitor_is_anonymous_and_modest(void **state)
{
	struct arena arena = {0};

	(void)state;
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	assert_int_equal(visit(&arena, "127.0.0.1", "/open").state, LINK_OPEN);
	unsetenv("http_proxy");
	assert_int_equal(visit(&arena, "127.0.0.1", "/once").state, LINK_OPEN);

	assert_non_null(strstr(server.last, "GET /open HTTP/1.1\r\n"));
	assert_non_null(strstr(server.last, "Range: bytes=0-65535\r\n"));
	assert_null(strstr(server.last, "Cookie"));
	assert_null(strstr(server.last, "Authorization"));
	assert_null(strstr(server.last, "Referer"));
	arena_reset(&arena);
}

static void
silence_is_unknown_never_closed(void **state)
{
	char url[LINE], allowed[LINE];
	const char *all[] = {allowed, NULL};
	const char *addresses[] = {"nobody.example:80:198.51.100.1", NULL};
	struct link_config config = {.timeout_ms = 200, .allowed = all, .addresses = addresses};
	struct link_result result;
	struct arena arena = {0};

	(void)state;
	with_port("127.0.0.1:%d", allowed);
	link_probe(&arena, with_port("http://127.0.0.1:%d/silent", url), &config, &result);
	assert_int_equal(result.state, LINK_UNKNOWN);
	assert_string_equal(result.rule, "too_slow");

	/* No such name (RFC 6761), nobody at the port. */
	link_probe(&arena, "http://plans.invalid/", &config, &result);
	assert_int_equal(result.state, LINK_UNKNOWN);
	all[0] = "127.0.0.1:1";
	link_probe(&arena, "http://127.0.0.1:1/", &config, &result);
	assert_int_equal(result.state, LINK_UNKNOWN);
	assert_string_equal(result.rule, "not_reached");
	arena_reset(&arena);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_of_http),
		cmocka_unit_test(places_with_words_of_their_own),
		cmocka_unit_test(the_visitor_is_anonymous_and_modest),
		cmocka_unit_test(silence_is_unknown_never_closed),
	};

	server.pages = pages;
	return cmocka_run_group_tests(tests, server_start, server_stop);
}
