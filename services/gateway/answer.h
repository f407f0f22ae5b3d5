/*
 * answer.h: what goes back to the client.
 */
#ifndef ANSWER_H
#define ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ANSWER_HEADERS_MAX = 12 };

struct stream;

struct answer {
	int status;        /* 0: there is none yet */
	const char *type;  /* media type of the body; NULL: no body */
	const char *cache; /* Cache-Control; NULL: "no-store" */
	const char *body;
	size_t len;
	bool owns_body; /* made by malloc: freed when it was sent */
	bool is_page;   /* HTML for people: other security headers than data */
	bool closes;    /* the connection ends after it */
	bool is_framed; /* a file that a page of this site shows in a frame */
	bool is_file;   /* the body is LEN bytes of FD from OFFSET on */
	int fd;
	uint64_t offset;
	struct stream *stream; /* the body never ends: server-sent events */
	int n_headers;
	struct {
		const char *name, *value; /* live as long as the request */
	} headers[ANSWER_HEADERS_MAX];
};

/* Adds a header; NAME and VALUE are borrowed. A NULL value adds nothing. */
static inline void
answer_header(struct answer *answer, const char *name, const char *value)
{
	if (value == NULL || answer->n_headers == ANSWER_HEADERS_MAX)
		return;
	answer->headers[answer->n_headers].name = name;
	answer->headers[answer->n_headers++].value = value;
}

#endif
