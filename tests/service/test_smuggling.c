/*
 * The gateway on a real socket: what two servers could read differently is
 * refused, its connection closed, and nothing behind it is read as a request
 * (F5, A12).
 */
#include "http_client.h"

#define WITH_NUL(bytes) bytes, sizeof(bytes) - 1

static const struct doubtful {
	const char *what, *bytes;
	size_t len; /* 0: up to the NUL */
	int status; /* 0: any refusal, or none at all */
	/*
	 * The HTTP server refuses it before the gateway sees it. Version 0.9.75 then
	 * writes the head of its refusal twice, and closes.
	 */
	bool is_servers;
} doubtful[] = {
	{"two lengths", POST "Host: a\r\nContent-Length: 5\r\nContent-Length: 43\r\n\r\nabcde" SMUGGLED, 0,
		400, false},
	{"two equal lengths", POST "Host: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nabcde" SMUGGLED,
		0, 400, false},
	{"a list of lengths", POST "Host: a\r\nContent-Length: 5, 5\r\n\r\nabcde" SMUGGLED, 0, 400, true},
	{"a length with a sign", POST "Host: a\r\nContent-Length: +5\r\n\r\nabcde" SMUGGLED, 0, 400, true},
	{"a negative length", POST "Host: a\r\nContent-Length: -5\r\n\r\nabcde" SMUGGLED, 0, 400, true},
	{"a length in hexadecimals", POST "Host: a\r\nContent-Length: 0x5\r\n\r\nabcde" SMUGGLED, 0, 400,
		true},
	{"an empty length", POST "Host: a\r\nContent-Length:\r\n\r\n" SMUGGLED, 0, 400, true},
	{"a length with a space inside", POST "Host: a\r\nContent-Length: 5 0\r\n\r\nabcde" SMUGGLED, 0, 400,
		true},
	{"a length with a space behind", POST "Host: a\r\nContent-Length: 5 \r\n\r\nabcde" SMUGGLED, 0, 400,
		true},
	{"a length that overflows",
		POST "Host: a\r\nContent-Length: 18446744073709551617\r\n\r\nabcde" SMUGGLED, 0, 0, true},
	{"a length of nineteen digits",
		POST "Host: a\r\nContent-Length: 9999999999999999999\r\n\r\nabcde" SMUGGLED, 0, 400, false},
	{"length and chunks",
		POST "Host: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED,
		0, 400, false},
	{"chunks and length",
		POST "Host: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 44\r\n\r\n0\r\n\r\n" SMUGGLED,
		0, 400, false},
	{"chunks twice",
		POST
		"Host: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED,
		0, 400, false},
	{"chunks and identity",
		POST
		"Host: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" SMUGGLED,
		0, 400, false},
	{"another encoding before chunks",
		POST "Host: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" SMUGGLED, 0, 400, false},
	{"another encoding behind chunks",
		POST "Host: a\r\nTransfer-Encoding: chunked, x\r\n\r\n0\r\n\r\n" SMUGGLED, 0, 400, false},
	{"an unknown encoding", POST "Host: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" SMUGGLED, 0,
		400, false},
	{"chunks with a space behind",
		POST "Host: a\r\nTransfer-Encoding: chunked \r\n\r\n0\r\n\r\n" SMUGGLED, 0, 400, false},
	{"chunks with a tab behind", POST "Host: a\r\nTransfer-Encoding: chunked\t\r\n\r\n0\r\n\r\n" SMUGGLED,
		0, 400, false},
	{"chunks with a vertical tab",
		POST "Host: a\r\nTransfer-Encoding: \x0b"
		     "chunked\r\n\r\n0\r\n\r\n" SMUGGLED,
		0, 400, false},
	{"a space before the colon", POST "Host: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n" SMUGGLED,
		0, 400, false},
	{"a tab before the colon", POST "Host: a\r\nContent-Length\t: 5\r\n\r\nabcde" SMUGGLED, 0, 400,
		false},
	{"a folded encoding", POST "Host: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" SMUGGLED, 0,
		400, false},
	{"a folded header", POST "Host: a\r\nX: b\r\n c\r\nContent-Length: 0\r\n\r\n" SMUGGLED, 0, 400,
		false},
	{"a folded last header", "GET /health/live HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n", 0, 400, false},
	{"a first header that is folded", "GET /health/live HTTP/1.1\r\n X: b\r\nHost: a\r\n\r\n", 0, 400,
		false},
	{"lines that end with LF", "GET /health/live HTTP/1.1\nHost: a\n\n", 0, 400, false},
	{"one line that ends with LF", "GET /health/live HTTP/1.1\r\nX: y\nHost: a\r\n\r\n", 0, 400, false},
	{"a last line that ends with LF", "GET /health/live HTTP/1.1\r\nHost: a\r\n\n", 0, 400, false},
	{"a request line that ends with LF", "GET /health/live HTTP/1.1\nHost: a\r\n\r\n", 0, 400, false},
	{"a lone CR in a value", "GET /health/live HTTP/1.1\r\nHost: a\r\nX: b\rY: c\r\n\r\n", 0, 400, false},
	{"NUL in a value", WITH_NUL("GET /health/live HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n"), 400, false},
	{"NUL that hides a length", WITH_NUL(POST "Host: a\r\nContent-Length: 5\0, 44\r\n\r\nabcde" SMUGGLED),
		400, false},
	{"NUL in a name", WITH_NUL("GET /health/live HTTP/1.1\r\nHost: a\r\nX\0Y: b\r\n\r\n"), 400, false},
	{"NUL in the path", WITH_NUL("GET /health/live\0x HTTP/1.1\r\nHost: a\r\n\r\n"), 400, false},
	{"%00 in the path", "GET /health/live%00x HTTP/1.1\r\nHost: a\r\n\r\n", 0, 400, false},
	{"%00 in the query", "GET /api/v1/issuers?limit=1%00 HTTP/1.1\r\nHost: a\r\n\r\n", 0, 400, false},
	{"two hosts", "GET /health/live HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 0, 400, false},
	{"no host", "GET /health/live HTTP/1.1\r\nX: a\r\n\r\n", 0, 400, false},
	{"no header at all", "GET /health/live HTTP/1.1\r\n\r\n", 0, 400, false},
	{"an empty host", "GET /health/live HTTP/1.1\r\nHost:\r\n\r\n", 0, 400, false},
	{"a host with a user", "GET /health/live HTTP/1.1\r\nHost: a@b\r\n\r\n", 0, 400, false},
	{"a host with a path", "GET /health/live HTTP/1.1\r\nHost: a/b\r\n\r\n", 0, 400, false},
	{"a header without a colon", "GET /health/live HTTP/1.1\r\nHost: a\r\nX\r\n\r\n", 0, 400, false},
	{"a header without a name", "GET /health/live HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n", 0, 400, false},
	{"a name with a space", "GET /health/live HTTP/1.1\r\nHost: a\r\nX Y: z\r\n\r\n", 0, 400, false},
	{"a name with brackets", "GET /health/live HTTP/1.1\r\nHost: a\r\nX[]: z\r\n\r\n", 0, 400, false},
	{"a control character in a value", "GET /health/live HTTP/1.1\r\nHost: a\r\nX: \x1b[2J\r\n\r\n", 0,
		400, false},
	{"a GET with a body", "GET /health/live HTTP/1.1\r\nHost: a\r\nContent-Length: 38\r\n\r\n" SMUGGLED,
		0, 400, false},
	{"a GET with chunks",
		"GET /health/live HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED,
		0, 400, false},
	{"chunks in HTTP/1.0",
		"POST /api/v1/accounts HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED,
		0, 400, false},
	{"a chunk without a size", POST "Host: a\r\n" JSON "Transfer-Encoding: chunked\r\n\r\n\r\n" SMUGGLED,
		0, 400, false},
	{"a chunk size with 0x",
		POST "Host: a\r\n" JSON "Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n" SMUGGLED,
		0, 400, false},
	{"a chunk size with a sign",
		POST "Host: a\r\n" JSON "Transfer-Encoding: chunked\r\n\r\n+2\r\n{}\r\n0\r\n\r\n" SMUGGLED, 0,
		400, false},
	{"a chunk size with spaces",
		POST "Host: a\r\n" JSON "Transfer-Encoding: chunked\r\n\r\n 2\r\n{}\r\n0\r\n\r\n" SMUGGLED, 0,
		400, false},
	{"a chunk size that overflows",
		POST "Host: a\r\n" JSON
		     "Transfer-Encoding: chunked\r\n\r\n10000000000000002\r\n{}\r\n0\r\n\r\n" SMUGGLED,
		0, 0, false},
	{"a chunk that is longer than its size",
		POST "Host: a\r\n" JSON "Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n" SMUGGLED, 0,
		400, false},
	{"an absolute address", "GET http://b/health/live HTTP/1.1\r\nHost: a\r\n\r\n", 0, 400, false},
	{"an address with a host", "GET //b/../health/live HTTP/1.1\r\nHost: a\r\n\r\n", 0, 400, false},
	{"no address", "GET  HTTP/1.1\r\nHost: a\r\n\r\n", 0, 0, false},
	{"a star", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 0, 400, false},
	{"a space in the address", "GET /health/live /x HTTP/1.1\r\nHost: a\r\n\r\n", 0, 0, false},
	{"two spaces before the address", "GET  /health/live HTTP/1.1\r\nHost: a\r\n\r\n", 0, 400, false},
	{"a tab before the address", "GET\t/health/live HTTP/1.1\r\nHost: a\r\n\r\n", 0, 0, false},
	{"a space behind the version", "GET /health/live HTTP/1.1 \r\nHost: a\r\n\r\n", 0, 400, false},
	{"a dot segment", "GET /api/v1/../../health/live HTTP/1.1\r\nHost: a\r\n\r\n", 0, 400, false},
	{"an encoded dot segment", "GET /api/%2e%2E/health/live HTTP/1.1\r\nHost: a\r\n\r\n", 0, 400, false},
	{"an encoded slash", "GET /health%2flive HTTP/1.1\r\nHost: a\r\n\r\n", 0, 400, false},
	{"a backslash", "GET /health\\live HTTP/1.1\r\nHost: a\r\n\r\n", 0, 400, false},
	{"a broken escape", "GET /health/live%zz HTTP/1.1\r\nHost: a\r\n\r\n", 0, 400, false},
	{"an encoded line break", "GET /health/live%0d%0aX:y HTTP/1.1\r\nHost: a\r\n\r\n", 0, 400, false},
	{"what is not UTF-8", "GET /health/%c0%afx HTTP/1.1\r\nHost: a\r\n\r\n", 0, 400, false},
	{"a byte above ASCII", "GET /health/live\xe9 HTTP/1.1\r\nHost: a\r\n\r\n", 0, 400, false},
	{"a fragment", "GET /health/live#x HTTP/1.1\r\nHost: a\r\n\r\n", 0, 400, false},
	{"HTTP/2.0", "GET /health/live HTTP/2.0\r\nHost: a\r\n\r\n", 0, 505, false},
	{"HTTP/1.2", "GET /health/live HTTP/1.2\r\nHost: a\r\n\r\n", 0, 505, false},
	{"HTTP/0.9", "GET /health/live\r\n\r\n", 0, 0, false},
	{"a version in small letters", "GET /health/live http/1.1\r\nHost: a\r\n\r\n", 0, 400, false},
	{"a method that is no word", "G(T /health/live HTTP/1.1\r\nHost: a\r\n\r\n", 0, 400, false},
	{"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 0, 0, false},
	{"a hello of TLS", WITH_NUL("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"), 0, false},
	{"an expectation that nobody knows",
		POST "Host: a\r\nExpect: a-pony\r\nContent-Length: 2\r\n\r\n{}" SMUGGLED, 0, 417, false},
	{"two cookies",
		"GET /api/v1/me HTTP/1.1\r\nHost: a\r\nCookie: vouch_session=a\r\nCookie: vouch_session=b\r\n\r\n",
		0, 400, false},
	{"two origins",
		POST
		"Host: a\r\nOrigin: http://a\r\nOrigin: http://b\r\nContent-Length: 2\r\n\r\n{}" SMUGGLED,
		0, 400, false},
	{"two keys",
		POST
		"Host: a\r\nIdempotency-Key: a\r\nIdempotency-Key: b\r\nContent-Length: 2\r\n\r\n{}" SMUGGLED,
		0, 400, false},
};

/*
 * One answer at most, a refusal, and the connection is closed: whatever follows
 * is not read as a request.
 */
static void
what_is_in_doubt_is_refused_and_the_connection_closed(void **state)
{
	static char out[ANSWER_SIZE];
	int wrong = 0;

	(void)state;
	assert_true(sizeof(doubtful) / sizeof(doubtful[0]) >= 38);
	for (size_t i = 0; i < sizeof(doubtful) / sizeof(doubtful[0]); i++) {
		const struct doubtful *d = &doubtful[i];
		int fd = dial(), status;
		bool is_closed;

		assert_true(fd >= 0);
		say(fd, d->bytes, d->len > 0 ? d->len : strlen(d->bytes));
		is_closed = hear_all(fd, out);
		close(fd);
		status = strncmp(out, "HTTP/1.1 ", 9) == 0 ? atoi(out + 9) : 0;
		if (!is_closed || count(out, "\nDate: ") > 1 + d->is_servers ||
		    strstr(out, "{\"live\":true}") != NULL ||
		    (d->status != 0 ? status != d->status : status != 0 && (status < 400 || status > 505))) {
			print_error("%s: %s, %d answers, status %d\n%s\n", d->what,
			    is_closed ? "closed" : "NOT CLOSED", count(out, "\nDate: "), status, out);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_in_doubt_is_refused_and_the_connection_closed),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
