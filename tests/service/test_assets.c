/*
 * Scripts and styles over a socket: kept for ever, packed as the client takes
 * it, of the right type; and what a browser may do with a page.
 */
// links: gateway_service
#include "asset.h"
#include "http_client.h"

/* Asks METHOD PATH with HEADERS on a connection of its own; the status. */
static int
ask(const char *method, const char *path, const char *headers, char *out)
{
	char request[600];
	int fd = dial(), status, n;

	n = snprintf(request, sizeof(request), "%s %s HTTP/1.1\r\nHost: a\r\n%s\r\n", method, path, headers);
	say(fd, request, (size_t)n);
	status = hear_one(fd, out, strcmp(method, "HEAD") == 0);
	close(fd);
	return status;
}

static size_t
length_of(const char *out)
{
	const char *length = strcasestr(out, "\r\nContent-Length: ");

	return length != NULL ? strtoul(length + 18, NULL, 10) : 0;
}

static void
an_asset_comes_in_the_shortest_form_that_is_taken(void **state)
{
	static char out[ANSWER_SIZE];
	const struct asset *css = asset_find("vouch.css"), *js = asset_find("earner.en.js");
	const struct {
		const struct asset *asset;
		const char *headers, *encoding;
		size_t len;
	} rows[] = {
		{css, "", NULL, css->raw.len},
		{css, "Accept-Encoding: gzip, deflate, br\r\n", "br", css->br.len},
		{js, "Accept-Encoding: gzip, deflate, br\r\n", "br", js->br.len},
		{js, "Accept-Encoding: gzip\r\n", "gzip", js->gz.len},
		{js, "Accept-Encoding: br;q=0, gzip\r\n", "gzip", js->gz.len},
		{js, "Accept-Encoding: identity\r\n", NULL, js->raw.len},
		{asset_find("vouch-sans.woff2"), "Accept-Encoding: br\r\n", NULL,
			asset_find("vouch-sans.woff2")->raw.len},
	};
	char line[100];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct asset *a = rows[i].asset;

		assert_int_equal(ask("GET", a->path, rows[i].headers, out), 200);
		assert_int_equal(length_of(out), rows[i].len);
		assert_int_equal(count(out, "\r\nContent-Encoding: "), rows[i].encoding != NULL);
		snprintf(line, sizeof(line), "\r\nContent-Encoding: %s\r\n",
		    rows[i].encoding != NULL ? rows[i].encoding : "");
		assert_int_equal(count(out, line), rows[i].encoding != NULL);
		snprintf(line, sizeof(line), "\r\nContent-Type: %s\r\n", a->type);
		assert_non_null(strstr(out, line));
		assert_non_null(strstr(out, "\r\nCache-Control: public, max-age=31536000, immutable\r\n"));
		assert_non_null(strstr(out, "\r\nX-Content-Type-Options: nosniff\r\n"));
		assert_int_equal(count(out, "\r\nVary: Accept-Encoding\r\n"), a->gz.len > 0);
		assert_int_equal(ask("HEAD", a->path, rows[i].headers, out), 200);
		assert_int_equal(length_of(out), rows[i].len);
	}
}

static void
what_is_not_an_asset_is_not_there(void **state)
{
	static char out[ANSWER_SIZE];
	static const char *const paths[] = {
		"/assets/vouch.css",
		"/assets/earner.en.js",
		"/assets/none.0123456789ab.js",
		"/assets/",
		"/assets/a/b",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (ask("GET", paths[i], "", out) != 404)
			fail_msg("%s: %s", paths[i], out);
	assert_int_equal(ask("POST", asset_path("vouch.css"), "", out), 405);
}

static void
a_page_runs_what_is_of_this_site_and_nothing_inline(void **state)
{
	static char out[ANSWER_SIZE];
	static const char policy[] =
	    "\r\nContent-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
	    "img-src 'self' data:; font-src 'self'; connect-src 'self'; media-src 'self'; form-action 'self'; "
	    "frame-ancestors 'none'; base-uri 'none'; object-src 'none'\r\n";

	(void)state;
	assert_int_equal(ask("GET", "/", "", out), 200);
	assert_non_null(strstr(out, policy));
	assert_null(strstr(out, "<style"));
	assert_null(strstr(out, " style="));
	assert_int_equal(ask("GET", "/nothing", "Accept: text/html\r\n", out), 404);
	assert_non_null(strstr(out, policy));
	assert_int_equal(ask("GET", "/api/v1/nothing", "", out), 404);
	assert_non_null(strstr(out, "\r\nContent-Security-Policy: default-src 'none'; sandbox; "));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_asset_comes_in_the_shortest_form_that_is_taken),
		cmocka_unit_test(what_is_not_an_asset_is_not_there),
		cmocka_unit_test(a_page_runs_what_is_of_this_site_and_nothing_inline),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
