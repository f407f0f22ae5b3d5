#include "guard.h"

#include <string.h>
#include <strings.h>

static const struct {
	const char *name;
	size_t len;
} known[N_KNOWN] = {
#define NAMED(index, text) [index] = {text, sizeof(text) - 1}
	NAMED(KNOWN_ACCEPT, "accept"),
	NAMED(KNOWN_ACCEPT_ENCODING, "accept-encoding"),
	NAMED(KNOWN_ACCEPT_LANGUAGE, "accept-language"),
	NAMED(KNOWN_AUTHORIZATION, "authorization"),
	NAMED(KNOWN_CONTENT_ENCODING, "content-encoding"),
	NAMED(KNOWN_CONTENT_LENGTH, "content-length"),
	NAMED(KNOWN_CONTENT_TYPE, "content-type"),
	NAMED(KNOWN_COOKIE, "cookie"),
	NAMED(KNOWN_EXPECT, "expect"),
	NAMED(KNOWN_FORWARDED_FOR, "x-forwarded-for"),
	NAMED(KNOWN_HOST, "host"),
	NAMED(KNOWN_IDEMPOTENCY_KEY, "idempotency-key"),
	NAMED(KNOWN_IF_MATCH, "if-match"),
	NAMED(KNOWN_IF_NONE_MATCH, "if-none-match"),
	NAMED(KNOWN_IF_RANGE, "if-range"),
	NAMED(KNOWN_LAST_EVENT_ID, "last-event-id"),
	NAMED(KNOWN_ORIGIN, "origin"),
	NAMED(KNOWN_RANGE, "range"),
	NAMED(KNOWN_SEC_FETCH_SITE, "sec-fetch-site"),
	NAMED(KNOWN_TRANSFER_ENCODING, "transfer-encoding"),
	NAMED(KNOWN_USER_AGENT, "user-agent"),
	NAMED(KNOWN_X_PART, "x-part"),
#undef NAMED
};

static const struct refusal fine;

static struct refusal
bad(const char *detail)
{
	return (struct refusal){400, detail};
}

/* tchar of RFC 9110, 5.6.2. */
static bool
is_token_char(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static bool
is_token(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!is_token_char((unsigned char)s[i]))
			return false;
	return len > 0;
}

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}

/* How many bytes the sequence at S has; 0 when it is not UTF-8. */
static size_t
utf8_size(const unsigned char *s, size_t left)
{
	static const struct {
		unsigned char low, high; /* of the first byte */
		size_t size;
		unsigned char second_low, second_high;
	} rows[] = {
		{0x01, 0x7f, 1, 0, 0},
		{0xc2, 0xdf, 2, 0x80, 0xbf},
		{0xe0, 0xe0, 3, 0xa0, 0xbf},
		{0xe1, 0xec, 3, 0x80, 0xbf},
		{0xed, 0xed, 3, 0x80, 0x9f},
		{0xee, 0xef, 3, 0x80, 0xbf},
		{0xf0, 0xf0, 4, 0x90, 0xbf},
		{0xf1, 0xf3, 4, 0x80, 0xbf},
		{0xf4, 0xf4, 4, 0x80, 0x8f},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (s[0] < rows[i].low || s[0] > rows[i].high)
			continue;
		if (rows[i].size > left ||
		    (rows[i].size > 1 && (s[1] < rows[i].second_low || s[1] > rows[i].second_high)))
			return 0;
		for (size_t k = 2; k < rows[i].size; k++)
			if ((s[k] & 0xc0) != 0x80)
				return 0;
		return rows[i].size;
	}
	return 0;
}

bool
guard_utf8(const char *s, size_t len)
{
	for (size_t i = 0, n; i < len; i += n) {
		n = utf8_size((const unsigned char *)s + i, len - i);
		if (n == 0)
			return false;
	}
	return true;
}

/* The next decoded byte of the target at *S, which moves on; -1 for a broken escape. */
static int
next_byte(const char **s)
{
	const char *p = *s;

	if (*p != '%') {
		(*s)++;
		return (unsigned char)*p;
	}
	if (hex(p[1]) < 0 || hex(p[2]) < 0)
		return -1;
	*s += 3;
	return hex(p[1]) << 4 | hex(p[2]);
}

static bool
is_dot_segment(const char *s, size_t len)
{
	return (len == 1 && s[0] == '.') || (len == 2 && s[0] == '.' && s[1] == '.');
}

/* The path, up to END: escapes, characters, dot segments. */
static struct refusal
guard_path(const char *s, const char *end)
{
	char segment[GUARD_TARGET_MAX];
	size_t len = 0;

	for (s++;;) {
		bool is_over = s >= end, escaped = !is_over && *s == '%';
		int c = is_over ? '/' : next_byte(&s);

		if (c < 0)
			return bad("the path holds a broken percent escape");
		if (c < 0x20 || c == 0x7f)
			return bad("the path holds a control character");
		if (c == '\\' || (escaped && c == '/'))
			return bad("the path holds an encoded slash or a backslash");
		if (c != '/') {
			segment[len++] = (char)c;
			continue;
		}
		if (is_dot_segment(segment, len))
			return bad("the path holds a dot segment");
		if (!guard_utf8(segment, len))
			return bad("the path is not UTF-8");
		if (is_over)
			return fine;
		len = 0;
	}
}

static struct refusal
guard_query(const char *s)
{
	char text[GUARD_TARGET_MAX];
	size_t len = 0;

	while (*s != '\0') {
		int c = next_byte(&s);

		if (c < 0)
			return bad("the query holds a broken percent escape");
		if (c == 0)
			return bad("the query holds %00");
		text[len++] = (char)c;
	}
	return guard_utf8(text, len) ? fine : bad("the query is not UTF-8");
}

struct refusal
guard_line(const char *method, const char *target, const char *version)
{
	size_t method_len = strlen(method), len = strlen(target);
	const char *question = strchr(target, '?');
	struct refusal no;

	if (method_len > 16 || !is_token(method, method_len))
		return bad("the method is malformed");
	if (strcmp(version, "HTTP/1.1") != 0 && strcmp(version, "HTTP/1.0") != 0)
		return (struct refusal){505, "only HTTP/1.1 and HTTP/1.0 are spoken here"};
	if (len >= GUARD_TARGET_MAX)
		return (struct refusal){414, "the address is longer than 8000 bytes"};
	if (target[0] != '/')
		return bad("the address must begin with a slash");
	for (const unsigned char *c = (const unsigned char *)target; *c != '\0'; c++)
		if (*c <= 0x20 || *c >= 0x7f || strchr("\"<>#\\", *c) != NULL)
			return bad("the address holds a character that has to be escaped");
	no = guard_path(target, question != NULL ? question : target + len);
	if (no.detail == NULL && question != NULL)
		no = guard_query(question + 1);
	return no;
}

/* Digits only: no sign, no list, no space (RFC 9110, 8.6). */
static bool
read_length(const char *s, uint64_t *out)
{
	uint64_t n = 0;
	size_t len = strlen(s);

	if (len == 0 || len > 18)
		return false;
	for (; *s != '\0'; s++) {
		if (*s < '0' || *s > '9')
			return false;
		n = n * 10 + (uint64_t)(*s - '0');
	}
	*out = n;
	return true;
}

static bool
is_host(const char *s)
{
	size_t len = strlen(s);

	if (len == 0 || len > 255)
		return false;
	return strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:[]") == len;
}

static enum known
known_find(const char *name, size_t len)
{
	int i = 0;

	while (i < N_KNOWN && (known[i].len != len || strncasecmp(known[i].name, name, len) != 0))
		i++;
	return (enum known)i;
}

struct refusal
guard_header(struct head *head, const char *name, size_t name_len, char *value, size_t value_len)
{
	size_t whole_len;
	enum known k;

	if (++head->n_headers > GUARD_HEADERS_MAX)
		return (struct refusal){431, "more than 100 headers"};
	if (!is_token(name, name_len))
		return bad("the name of a header is malformed");
	while (value_len > 0 && (*value == ' ' || *value == '\t'))
		value++, value_len--;
	whole_len = value_len;
	while (value_len > 0 && (value[value_len - 1] == ' ' || value[value_len - 1] == '\t'))
		value[--value_len] = '\0';
	if (value_len > GUARD_VALUE_MAX)
		return (struct refusal){431, "a header is longer than 8190 bytes"};
	for (size_t i = 0; i < value_len; i++)
		if (((unsigned char)value[i] < 0x20 && value[i] != '\t') || value[i] == 0x7f)
			return bad("a header holds a control character");
	k = known_find(name, name_len);
	if (k == N_KNOWN)
		return fine;
	if (head->known[k] != NULL)
		return bad("a header that may stand once stands twice");
	head->known[k] = value;
	if (k == KNOWN_CONTENT_LENGTH) {
		head->has_length = true;
		if (!read_length(value, &head->content_length))
			return bad("Content-Length is not a number");
	}
	if (k == KNOWN_TRANSFER_ENCODING) {
		head->chunked = true;
		/*
		 * The server's own parser keeps trailing spaces: with one, it waits for the end of
		 * the stream.
		 */
		if (value_len != whole_len || strcasecmp(value, "chunked") != 0)
			return bad("the only Transfer-Encoding taken here is chunked");
	}
	if (k == KNOWN_HOST && !is_host(value))
		return bad("Host is malformed");
	return fine;
}

struct refusal
guard_head(const struct head *head, const char *method, const char *version)
{
	bool reads = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
	bool is_old = strcmp(version, "HTTP/1.0") == 0;

	if (head->known[KNOWN_HOST] == NULL && !is_old)
		return bad("Host is missing");
	if (head->chunked && head->has_length)
		return bad("Content-Length and Transfer-Encoding contradict each other");
	if (head->chunked && is_old)
		return bad("HTTP/1.0 has no Transfer-Encoding");
	if (reads && (head->chunked || head->content_length > 0))
		return bad("a GET has no body");
	if (head->known[KNOWN_EXPECT] != NULL && strcasecmp(head->known[KNOWN_EXPECT], "100-continue") != 0)
		return (struct refusal){417, "the only expectation met here is 100-continue"};
	return fine;
}
