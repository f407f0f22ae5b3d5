/*
 * The gateway on a real socket, without services behind it: what is good is
 * answered and its connection kept, what is too much is refused early, every
 * answer is safe to show, and the process ends as it should (A15, A27, R28).
 */
#include "http_client.h"

static void
a_connection_takes_one_request_after_the_other(void **state)
{
	static char out[ANSWER_SIZE];
	static const char *const requests[] = {
		"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET /api/v1/nothing HTTP/1.1\r\nHost: a\r\n\r\n",
		"PATCH /api/v1/issuers HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET /api/v1/me HTTP/1.1\r\nhost:a\r\nX-Odd:  \t spaced \t \r\nEmpty:\r\n\r\n",
		POST "Host: a\r\nContent-Type: text/plain\r\nContent-Length: 44\r\n\r\n" SMUGGLED "      ",
		POST "Host: a\r\n" JSON "Content-Length: 2\r\n\r\n{x",
		POST "Host: a\r\n" JSON
		     "Transfer-Encoding: chunked\r\n\r\n2;ext=1\r\n{}\r\n0\r\nTrailer: x\r\n\r\n",
		"HEAD /health/live HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n",
	};
	static const int statuses[] = {200, 404, 405, 401, 415, 400, 503, 200, 200};
	int fd = dial();

	(void)state;
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		say(fd, requests[i], strlen(requests[i]));
		assert_int_equal(hear_one(fd, out, requests[i][0] == 'H'), statuses[i]);
		if (statuses[i] == 405)
			assert_non_null(strstr(out, "\r\nAllow: GET, HEAD\r\n"));
		if (statuses[i] >= 400)
			assert_non_null(strstr(out, "application/problem+json"));
	}
	close(fd);
}

static void
requests_in_a_row_are_answered_in_order(void **state)
{
	static char out[ANSWER_SIZE];
	static const char two[] =
	    "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\nGET /api/v1/nothing HTTP/1.1\r\nHost: a\r\n\r\n";
	int fd = dial();

	(void)state;
	say(fd, two, sizeof(two) - 1);
	assert_int_equal(hear_one(fd, out, false), 200);
	assert_int_equal(hear_one(fd, out, false), 404);
	close(fd);
}

static void
a_request_may_come_byte_by_byte(void **state)
{
	static char out[ANSWER_SIZE];
	static const char request[] = "GET /health/live HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n";
	int fd = dial();

	(void)state;
	for (size_t i = 0; i < sizeof(request) - 1; i++)
		say(fd, request + i, 1);
	assert_int_equal(hear_one(fd, out, false), 200);
	close(fd);
}

static void
an_old_client_is_answered_once(void **state)
{
	static char out[ANSWER_SIZE];
	static const char request[] = "GET /health/live HTTP/1.0\r\n\r\n";
	int fd = dial();

	(void)state;
	say(fd, request, sizeof(request) - 1);
	assert_true(hear_all(fd, out));
	assert_non_null(strstr(out, " 200 OK\r\n"));
	assert_non_null(strstr(out, "{\"live\":true}"));
	close(fd);
}

/* The head alone is sent: what is refused by it is refused before the body. */
static void
refusals_do_not_wait_for_large_bodies(void **state)
{
	static const struct {
		const char *request;
		int status;
	} rows[] = {
		{POST "Host: a\r\n" JSON "Content-Length: 20000000\r\n\r\n", 413},
		{POST "Host: a\r\n" JSON "Content-Length: 999999999999999999\r\n\r\n", 413},
		{POST "Host: a\r\nContent-Type: text/plain\r\nContent-Length: 20000000\r\n\r\n", 415},
		{POST "Host: a\r\n" JSON "Content-Encoding: gzip\r\nContent-Length: 20000000\r\n\r\n", 415},
		{"POST /api/v1/nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 20000000\r\n\r\n", 404},
		{"POST /api/v1/submissions/a/evidence HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; "
		 "boundary=x\r\n"
		 "Content-Length: 20000000\r\n\r\n",
			401},
		{"POST /api/v1/submissions/a/submit HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n" JSON
		 "Content-Length: 20\r\n\r\n",
			401},
	};
	static char out[ANSWER_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int fd = dial();

		say(fd, rows[i].request, strlen(rows[i].request));
		assert_true(hear_all(fd, out));
		assert_int_equal(atoi(out + 9), rows[i].status);
		assert_int_equal(count(out, "HTTP/1.1 "), 1);
		close(fd);
	}
}

static void
a_body_that_is_let_in_is_asked_for(void **state)
{
	static char out[ANSWER_SIZE];
	static const char head[] = POST "Host: a\r\nExpect: 100-continue\r\n" JSON
					"Content-Length: 2\r\n\r\n";
	int fd = dial();

	(void)state;
	say(fd, head, sizeof(head) - 1);
	assert_int_equal(hear_one(fd, out, false), 100);
	say(fd, "{}", 2);
	assert_int_equal(hear_one(fd, out, false), 503); /* there is no identity service here */
	close(fd);
}

static void
a_body_in_chunks_is_bounded_too(void **state)
{
	static char out[ANSWER_SIZE], chunk[66000];
	static const char head[] = POST "Host: a\r\n" JSON "Transfer-Encoding: chunked\r\n\r\n";
	int fd = dial();
	size_t n = (size_t)snprintf(chunk, sizeof(chunk), "10000\r\n");

	(void)state;
	memset(chunk + n, ' ', 65536);
	memcpy(chunk + n + 65536, "\r\n", 3);
	say(fd, head, sizeof(head) - 1);
	for (int i = 0; i < 20; i++)
		say(fd, chunk, strlen(chunk));
	say(fd, "0\r\n\r\n", 5);
	assert_true(hear_all(fd, out));
	assert_int_equal(atoi(out + 9), 413);
	close(fd);
}

static void
heads_are_bounded(void **state)
{
	static char out[ANSWER_SIZE], request[70000];
	size_t n;
	int fd;

	(void)state;
	n = (size_t)snprintf(request, sizeof(request), "GET /%09000d HTTP/1.1\r\nHost: a\r\n\r\n", 1);
	fd = dial();
	say(fd, request, n);
	assert_true(hear_all(fd, out));
	assert_int_equal(atoi(out + 9), 414);
	close(fd);

	n = (size_t)snprintf(request, sizeof(request), "GET /health/live HTTP/1.1\r\nHost: a\r\n");
	for (int i = 0; i < 101; i++)
		n += (size_t)snprintf(request + n, sizeof(request) - n, "X-%d: y\r\n", i);
	n += (size_t)snprintf(request + n, sizeof(request) - n, "\r\n");
	fd = dial();
	say(fd, request, n);
	assert_true(hear_all(fd, out));
	assert_int_equal(atoi(out + 9), 431);
	close(fd);

	n = (size_t)snprintf(
	    request, sizeof(request), "GET /health/live HTTP/1.1\r\nHost: a\r\nX: %060000d\r\n\r\n", 1);
	fd = dial();
	say(fd, request, n);
	assert_true(hear_all(fd, out));
	assert_int_equal(atoi(out + 9), 431);
	close(fd);
}

/* ---- what every answer has ---------------------------------------------------------------- */

static void
every_answer_is_safe_to_show(void **state)
{
	static const char *const requests[] = {
		"GET / HTTP/1.1\r\nHost: a\r\n",
		"GET /favicon.svg HTTP/1.1\r\nHost: a\r\n",
		"GET /nothing HTTP/1.1\r\nHost: a\r\n",
		"GET /nothing HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\n",
		"GET /api/v1/openapi.json HTTP/1.1\r\nHost: a\r\n",
		"GET /api/v1/me HTTP/1.1\r\nHost: a\r\n",
		"GET /api/v1/micro-credentials HTTP/1.1\r\nHost: a\r\n",
		"GET /health/live HTTP/1.1\r\nHost: a\r\n",
		"GET /health/ready HTTP/1.1\r\nHost: a\r\n",
		"GET /metrics HTTP/1.1\r\nHost: a\r\n",
		"GET /credentials/a HTTP/1.1\r\nHost: a\r\n",
		"GET /.well-known/jwks.json HTTP/1.1\r\nHost: a\r\n",
		"DELETE /api/v1/sessions/current HTTP/1.1\r\nHost: a\r\n",
		"GET /api/v1/%2e HTTP/1.1\r\nHost: a\r\n",
	};
	static const char *const headers[] = {
		"\r\nX-Request-Id: 0",
		"\r\nX-Content-Type-Options: nosniff\r\n",
		"\r\nX-Frame-Options: DENY\r\n",
		"\r\nContent-Security-Policy: default-src 'none'; ",
		"\r\nReferrer-Policy: no-referrer\r\n",
		"\r\nCache-Control: ",
		"\r\nCross-Origin-Resource-Policy: same-origin\r\n",
	};
	static char out[ANSWER_SIZE], request[400];

	(void)state;
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		int fd = dial(),
		    n = snprintf(request, sizeof(request),
			"%sConnection: close\r\nOrigin: https://evil.example\r\n\r\n", requests[i]);

		say(fd, request, (size_t)n);
		assert_true(hear_all(fd, out));
		for (size_t k = 0; k < sizeof(headers) / sizeof(headers[0]); k++)
			if (count(out, headers[k]) != 1)
				fail_msg("%s: %s\n%s", requests[i], headers[k], out);
		assert_null(strstr(out, "Access-Control-"));
		assert_null(strstr(out, "evil.example"));
		close(fd);
	}
}

static void
unknown_parameters_are_named(void **state)
{
	static char out[ANSWER_SIZE];
	static const char request[] =
	    "GET /api/v1/micro-credentials?q=a&evidence_type=b&colour=c&limit=x HTTP/1.1\r\nHost: a\r\n\r\n";
	int fd = dial();

	(void)state;
	say(fd, request, sizeof(request) - 1);
	assert_int_equal(hear_one(fd, out, false), 400);
	assert_non_null(strstr(out, "evidence_type"));
	assert_non_null(strstr(out, "colour"));
	assert_non_null(strstr(out, "\"field\":\"limit\""));
	close(fd);
}

static void
a_path_that_names_no_issuer_names_no_record(void **state)
{
	static char out[ANSWER_SIZE];
	static const struct {
		const char *request;
		int status;
	} rows[] = {
		{"GET /api/v1/micro-credentials/none HTTP/1.1\r\nHost: a\r\n\r\n", 404},
		{"GET /api/v1/issuers/A%20b HTTP/1.1\r\nHost: a\r\n\r\n", 404},
		{"GET /api/v1/micro-credentials/river%7E0198c0de-0000-7000-8000-000000000001 HTTP/1.1\r\nHost: "
		 "a\r\n\r\n",
			503},
	};
	int fd = dial();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		say(fd, rows[i].request, strlen(rows[i].request));
		assert_int_equal(hear_one(fd, out, false), rows[i].status);
	}
	close(fd);
}

/* Without a service that knows whose session it is: open pages stay open, others say when to come back. */
static void
a_session_that_nobody_can_look_up_closes_nothing_that_is_open(void **state)
{
	static char out[ANSWER_SIZE];
	static const char closed[] =
	    "GET /api/v1/me HTTP/1.1\r\nHost: a\r\nCookie: vouch_session=abc\r\n\r\n";
	static const char open[] = "GET / HTTP/1.1\r\nHost: a\r\nCookie: vouch_session=abc\r\n\r\n";
	int fd = dial();

	(void)state;
	say(fd, closed, sizeof(closed) - 1);
	assert_int_equal(hear_one(fd, out, false), 503);
	assert_non_null(strstr(out, "\r\nRetry-After: "));
	say(fd, open, sizeof(open) - 1);
	assert_int_equal(hear_one(fd, out, false), 200);
	close(fd);
}

static void
a_foreign_page_changes_nothing(void **state)
{
	static const struct {
		const char *headers;
		int status;
	} rows[] = {
		{"Origin: https://evil.example\r\n", 403},
		{"Sec-Fetch-Site: cross-site\r\n", 403},
		{"Origin: null\r\n", 403},
		{"Sec-Fetch-Site: same-site\r\n", 403},
		{"", 503},
		{"Origin: http://a\r\n", 503},
		{"Sec-Fetch-Site: same-origin\r\n", 503},
	};
	static char out[ANSWER_SIZE], request[400];
	int fd = dial();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int n = snprintf(request, sizeof(request),
		    "POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\n%s" JSON "Content-Length: 28\r\n\r\n"
		    "{\"email\":\"a\",\"password\":\"b\"}",
		    rows[i].headers);

		say(fd, request, (size_t)n);
		assert_int_equal(hear_one(fd, out, false), rows[i].status);
	}
	close(fd);
}

/* It ends by itself, with what it has begun finished, and says so. */
static void
it_ends_when_it_is_told_to(void **state)
{
	static char out[ANSWER_SIZE];
	static const char head[] = POST "Host: a\r\n" JSON "Content-Length: 2\r\n\r\n";
	int fd = dial(), idle = dial(), status;

	(void)state;
	say(fd, head, sizeof(head) - 1);
	say(idle, SMUGGLED, sizeof(SMUGGLED) - 1);
	assert_int_equal(hear_one(idle, out, false), 200);
	kill(gateway, SIGTERM);
	/* Once it takes no more connections it is ending; what was begun still gets its answer. */
	for (int probe = dial(); probe >= 0; probe = dial())
		close(probe);
	say(fd, "{}", 2);
	assert_int_equal(hear_one(fd, out, false), 503);
	assert_non_null(strstr(out, "\r\nConnection: close\r\n"));
	assert_true(hear_all(fd, out));
	assert_true(hear_all(idle, out));
	assert_int_equal(waitpid(gateway, &status, 0), gateway);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	close(fd);
	close(idle);
	gateway = start_gateway();
	assert_int_equal(await_gateway(), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_connection_takes_one_request_after_the_other),
		cmocka_unit_test(requests_in_a_row_are_answered_in_order),
		cmocka_unit_test(a_request_may_come_byte_by_byte),
		cmocka_unit_test(an_old_client_is_answered_once),
		cmocka_unit_test(refusals_do_not_wait_for_large_bodies),
		cmocka_unit_test(a_body_that_is_let_in_is_asked_for),
		cmocka_unit_test(a_body_in_chunks_is_bounded_too),
		cmocka_unit_test(heads_are_bounded),
		cmocka_unit_test(every_answer_is_safe_to_show),
		cmocka_unit_test(unknown_parameters_are_named),
		cmocka_unit_test(a_path_that_names_no_issuer_names_no_record),
		cmocka_unit_test(a_session_that_nobody_can_look_up_closes_nothing_that_is_open),
		cmocka_unit_test(a_foreign_page_changes_nothing),
		cmocka_unit_test(it_ends_when_it_is_told_to),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
