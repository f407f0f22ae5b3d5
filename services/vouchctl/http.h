/*
 * http.h: what vouchctl says to an installation, over its HTTP API.
 *
 * One client is one person: a bearer token, or a session cookie that is kept in
 * memory. Every request has a time limit, and an answer has a size limit.
 */
#ifndef HTTP_H
#define HTTP_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum {
	HTTP_ANSWER_MAX = 16 << 20, /* bytes of an answer */
	HTTP_CONNECT_MS = 5000,
	HTTP_TIMEOUT_MS = 70000, /* of a whole request; the longest deadline of the API is 60 s */
};

struct http;

/*
 * A client of the installation at BASE ("http://127.0.0.1:8080"), with TOKEN as
 * its bearer token, or NULL. Copies both. NULL when memory is short. Ends with
 * http_close.
 */
struct http *http_open(const char *base, const char *token);
void http_close(struct http *http);

/* One request. METHOD and PATH ("/api/v1/me") are needed, the rest may be NULL. */
struct request {
	const char *method, *path;
	const json_t *body;
	const char *key;      /* Idempotency-Key */
	const char *if_match; /* with its quotes, as an ETag gave it */
	const char
	    *file_name; /* a file for the field "file": then BODY's strings are the form's other fields */
	const char *file_type;
	const void *file;
	size_t file_size;
};

struct answer {
	long status;   /* of HTTP; 0: there was no answer */
	json_t *json;  /* NULL: the answer has no JSON */
	char etag[96]; /* "": none */
	char why[256]; /* when status is 0 */
};

/*
 * Sends REQUEST and fills ANSWER, which ends with answer_clear. True when the
 * status is 200..299. It is sent once: who wants another try decides that.
 */
bool http_send(struct http *http, const struct request *request, struct answer *answer);
void answer_clear(struct answer *answer);

/* Signs in; the session's cookie goes with all later requests. False and the answer otherwise. */
bool http_sign_in(struct http *http, const char *email, const char *password, struct answer *answer);

/*
 * Tells on standard error, after PREFIX, in sentences why ANSWER is not a yes: its
 * detail, and a line for each field that is wrong (problem+json, RFC 9457).
 */
void answer_complain(const struct answer *answer, const char *prefix);

/* The text NAME of JSON; "" when there is none. As long as JSON lives. */
static inline const char *
text_of(const json_t *json, const char *name)
{
	const char *text = json_string_value(json_object_get(json, name));

	return text != NULL ? text : "";
}

/* Returns PART escaped for a path or a query (RFC 3986). To be freed; NULL when memory is short. */
char *url_escape(const char *part);

#endif
