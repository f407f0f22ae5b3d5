/*
 * guard.h: which requests are let in at all.
 *
 * A request that two servers could read differently is the door to request
 * smuggling (RFC 9112, 11.2). libmicrohttpd accepts several such forms, so the
 * gateway looks at everything itself before anything else happens: what is in
 * doubt is refused, and its connection is closed. Pure: no sockets, no memory
 * of its own, the same answer for the same bytes.
 */
#ifndef GUARD_H
#define GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Headers that the gateway reads. Each of them may stand once only. */
enum known {
	KNOWN_ACCEPT,
	KNOWN_ACCEPT_ENCODING,
	KNOWN_ACCEPT_LANGUAGE,
	KNOWN_AUTHORIZATION,
	KNOWN_CONTENT_ENCODING,
	KNOWN_CONTENT_LENGTH,
	KNOWN_CONTENT_TYPE,
	KNOWN_COOKIE,
	KNOWN_EXPECT,
	KNOWN_FORWARDED_FOR,
	KNOWN_HOST,
	KNOWN_IDEMPOTENCY_KEY,
	KNOWN_IF_MATCH,
	KNOWN_IF_NONE_MATCH,
	KNOWN_IF_RANGE,
	KNOWN_LAST_EVENT_ID,
	KNOWN_ORIGIN,
	KNOWN_RANGE,
	KNOWN_SEC_FETCH_SITE,
	KNOWN_TRANSFER_ENCODING,
	KNOWN_USER_AGENT,
	KNOWN_X_PART,
	N_KNOWN
};

enum { GUARD_TARGET_MAX = 8000, GUARD_HEADERS_MAX = 100, GUARD_VALUE_MAX = 8190 };

/* The head of one request, as guard_header() gathers it. Start with {0}. */
struct head {
	const char *known[N_KNOWN]; /* borrowed values; NULL when not given */
	int n_headers;
	uint64_t content_length; /* 0 without one */
	bool has_length, chunked;
};

/* Why a request is refused: an HTTP status and a sentence; detail NULL: it is let in. */
struct refusal {
	int status;
	const char *detail;
};

/*
 * The request line: METHOD and VERSION as they came, TARGET before any
 * decoding. Only origin-form is taken ("/path?query"); the path may not hold dot segments,
 * encoded slashes or control characters, in plain or in escapes; escapes must be whole, never %00, and
 * give UTF-8. RFC 9112 asks servers to take absolute-form too: no client
 * of an origin server sends it, and proxies disagree on which host wins.
 */
struct refusal guard_line(const char *method, const char *target, const char *version);

/*
 * One header. NAME and VALUE need not end with NUL inside NAME_LEN and
 * VALUE_LEN, but the value has to end with one for later use; spaces around it
 * are taken off by writing into it. What HEAD knows is kept there.
 */
struct refusal guard_header(
    struct head *head, const char *name, size_t name_len, char *value, size_t value_len);

/* All headers together: one Host, one way to tell the length of the body, no body where none belongs. */
struct refusal guard_head(const struct head *head, const char *method, const char *version);

/* Is S, LEN bytes, valid UTF-8 without NUL (RFC 3629: no surrogates, no overlong forms)? */
bool guard_utf8(const char *s, size_t len);

#endif
