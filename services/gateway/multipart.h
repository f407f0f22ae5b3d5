/*
 * multipart.h: multipart/form-data as it arrives (RFC 7578, RFC 2046).
 *
 * The body is pushed in pieces of any size; out come the parts, their content
 * in place, never gathered. Bounded: the head of a part has at most
 * MULTIPART_HEAD_MAX bytes, a body MULTIPART_PARTS_MAX parts, and nothing else
 * is kept but the few bytes that may be the start of a boundary. Pure.
 */
#ifndef MULTIPART_H
#define MULTIPART_H

#include <stdbool.h>
#include <stddef.h>

enum { MULTIPART_BOUNDARY_MAX = 70, MULTIPART_HEAD_MAX = 4096, MULTIPART_PARTS_MAX = 40 };

struct multipart_part {
	char name[100];       /* of the form field */
	char file_name[1024]; /* as sent, "" when not given; any bytes but NUL */
	bool has_file_name;
	char type[256]; /* "" when not given */
};

/* What is told of each part, in this order; false ends the parsing (the callee knows why). */
struct multipart_calls {
	bool (*begin)(void *arg, const struct multipart_part *part);
	bool (*data)(void *arg, const char *data, size_t len);
	bool (*end)(void *arg);
};

struct multipart {
	const struct multipart_calls *calls;
	void *arg;
	enum { MULTIPART_BEFORE, MULTIPART_LINE, MULTIPART_HEAD, MULTIPART_BODY, MULTIPART_AFTER } at;
	int n_parts;
	size_t n_delimiter, matched, n_line, n_head; /* matched: bytes of the delimiter seen so far */
	char delimiter[MULTIPART_BOUNDARY_MAX + 5];  /* CR LF "--" boundary */
	char line[2];                                /* what follows a boundary: "--" or CR LF */
	char head[MULTIPART_HEAD_MAX];
	const char *why; /* one sentence once it has failed by itself */
};

/* Starts, with the BOUNDARY of the Content-Type. False: it is not one of RFC 2046. */
bool multipart_start(
    struct multipart *m, const char *boundary, const struct multipart_calls *calls, void *arg);

/* Takes the next LEN bytes. False: malformed (WHY tells) or a call returned false. */
bool multipart_push(struct multipart *m, const char *data, size_t len);

/* True when the closing boundary has been seen. */
bool multipart_complete(const struct multipart *m);

#endif
