/*
 * import.h: files of JSON lines, each of which becomes one request.
 */
#ifndef IMPORT_H
#define IMPORT_H

#include <jansson.h>

#include "http.h"
#include "installation.h"

enum {
	IMPORT_WHY = 200,
	IMPORT_LINE_MAX = 1 << 20, /* bytes */
	IMPORT_LINES_MAX = 100000,
	IMPORT_TRIES_MAX = 6, /* for a line, while the installation is busy */
};

/* The lines of a file that are not empty. */
struct import_line {
	int number;   /* from 1 */
	json_t *json; /* NULL: not JSON */
	char why[IMPORT_WHY];
};
struct import_lines {
	struct import_line *items;
	size_t n;
};

struct import {
	const char *word; /* for messages */
	const char *method;
	/*
	 * Makes of LINE the body of a request and its PATH (to be freed, as is the
	 * body). NULL and a sentence in WHY when the line is of no known shape.
	 */
	json_t *(*make)(const json_t *line, const void *arg, char **path, char why[IMPORT_WHY]);
	const void *arg;
};

/*
 * Reads the lines of FILE ("-": standard input). False after telling why not. Ends
 * with import_lines_clear.
 */
bool import_lines_read(struct import_lines *lines, const char *word, const char *file);
void import_lines_clear(struct import_lines *lines);

/*
 * Sends a request for each line and prints what became of it: the refused ones by
 * number with their reasons, then the sum. A line that meets a busy installation
 * (429, 503, 504) is sent again under the same Idempotency-Key, IMPORT_TRIES_MAX
 * times at most. Returns a word's exit status: WORD_FINDING when a line was refused.
 */
int import_send(
    const struct import *import, struct http *http, const struct import_lines *lines, bool as_json);

/*
 * http_send, again while the installation is busy, as above. The request needs a
 * key, or must not write.
 */
bool send_patiently(struct http *http, const struct request *request, struct answer *answer);

enum { KEY_SIZE = 33 };

/* A new Idempotency-Key. */
void key_make(char key[static KEY_SIZE]);

#endif
