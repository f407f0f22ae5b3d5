#include "import.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "json.h"
#include "word.h"

static bool
line_add(struct import_lines *lines, size_t *room, int number, const char *text, size_t len)
{
	if (lines->n == *room) {
		size_t more = *room == 0 ? 64 : *room * 2;
		struct import_line *grown = reallocarray(lines->items, more, sizeof(*grown));

		if (grown == NULL)
			return false;
		lines->items = grown;
		*room = more;
	}
	struct import_line *line = &lines->items[lines->n++];
	*line = (struct import_line){.number = number};
	if (len > IMPORT_LINE_MAX)
		snprintf(line->why, sizeof(line->why), "longer than 1 MiB");
	else
		line->json = json_parse(text, len, line->why);
	if (line->json != NULL && !json_is_object(line->json)) {
		snprintf(line->why, sizeof(line->why), "not an object");
		json_decref(line->json);
		line->json = NULL;
	}
	return true;
}

bool
import_lines_read(struct import_lines *lines, const char *word, const char *file)
{
	FILE *in = strcmp(file, "-") == 0 ? stdin : fopen(file, "r");
	const char *why = NULL;
	char *text = NULL;
	size_t size = 0, room = 0;
	ssize_t len;

	*lines = (struct import_lines){0};
	for (int number = 1; in != NULL && why == NULL && (len = getline(&text, &size, in)) >= 0; number++) {
		if (strspn(text, " \t\r\n") == (size_t)len)
			continue;
		if (lines->n == IMPORT_LINES_MAX)
			why = "more than 100000 lines";
		else if (!line_add(lines, &room, number, text, (size_t)len))
			why = "not enough memory";
	}
	if (why == NULL && (in == NULL || ferror(in)))
		why = strerror(errno);
	if (in != NULL && in != stdin)
		fclose(in);
	free(text);
	if (why == NULL)
		return true;
	fprintf(stderr, "vouchctl %s: %s: %s\n", word, file, why);
	import_lines_clear(lines);
	return false;
}

void
import_lines_clear(struct import_lines *lines)
{
	for (size_t i = 0; i < lines->n; i++)
		json_decref(lines->items[i].json);
	free(lines->items);
	*lines = (struct import_lines){0};
}

void
key_make(char key[static KEY_SIZE])
{
	unsigned char bytes[KEY_SIZE / 2];

	randombytes_buf(bytes, sizeof(bytes));
	sodium_bin2hex(key, KEY_SIZE, bytes, sizeof(bytes));
}

bool
send_patiently(struct http *http, const struct request *request, struct answer *answer)
{
	int64_t wait_ms = 200;

	for (int tries = 1;; tries++) {
		bool ok = http_send(http, request, answer);

		if (ok || tries == IMPORT_TRIES_MAX ||
		    (answer->status != 429 && answer->status != 503 && answer->status != 504))
			return ok;
		answer_clear(answer);
		nanosleep(
		    &(struct timespec){.tv_sec = wait_ms / 1000, .tv_nsec = wait_ms % 1000 * 1000000}, NULL);
		wait_ms *= 2;
	}
}

/* What became of the lines. */
struct sum {
	int sent, changed, refused;
	json_t *refusals;
};

static void
refusal_note(const struct import *import, const struct import_line *line, const char *why,
    const struct answer *answer, struct sum *sum)
{
	char prefix[64];
	const json_t *errors = answer != NULL ? json_object_get(answer->json, "errors") : NULL;
	const char *detail = answer != NULL ? json_string_value(json_object_get(answer->json, "detail")) :
					      NULL;

	sum->refused++;
	snprintf(prefix, sizeof(prefix), "vouchctl %s: line %d", import->word, line->number);
	if (answer != NULL)
		answer_complain(answer, prefix);
	else
		fprintf(stderr, "%s: %s\n", prefix, why);
	json_array_append_new(sum->refusals,
	    json_pack("{s:i, s:s, s:O?}", "line", line->number, "reason", detail != NULL ? detail : why,
		"errors", errors));
}

/* Sends one line. False when going on makes no sense: nobody is there, or the rights are missing. */
static bool
line_send(const struct import *import, struct http *http, const struct import_line *line, struct sum *sum)
{
	char why[IMPORT_WHY] = "", key[KEY_SIZE], *path = NULL;
	struct answer answer;
	json_t *body = line->json != NULL ? import->make(line->json, import->arg, &path, why) : NULL;

	if (body == NULL) {
		refusal_note(import, line, line->json != NULL ? why : line->why, NULL, sum);
		free(path);
		return true;
	}
	key_make(key);
	const struct request request = {.method = import->method, .path = path, .body = body, .key = key};
	if (send_patiently(http, &request, &answer)) {
		sum->sent++;
		sum->changed += json_is_true(json_object_get(answer.json, "changed"));
	} else {
		refusal_note(import, line, answer.status == 0 ? answer.why : "refused", &answer, sum);
	}
	bool goes_on = answer.status != 0 && answer.status != 401 && answer.status != 403;
	answer_clear(&answer);
	json_decref(body);
	free(path);
	return goes_on;
}

int
import_send(const struct import *import, struct http *http, const struct import_lines *lines, bool as_json)
{
	struct sum sum = {.refusals = json_array()};
	size_t i = 0;

	while (i < lines->n && line_send(import, http, &lines->items[i], &sum))
		i++;
	bool complete = i == lines->n;
	if (!complete)
		fprintf(stderr, "vouchctl %s: stopped; %zu lines were not sent\n", import->word,
		    lines->n - i - 1);
	if (as_json) {
		json_t *json = json_pack("{s:I, s:i, s:i, s:O}", "lines", (json_int_t)lines->n, "imported",
		    sum.sent, "changed", sum.changed, "refused", sum.refusals);

		print_json(json);
		json_decref(json);
	} else {
		printf("%zu lines: %d imported (%d changed something), %d refused\n", lines->n, sum.sent,
		    sum.changed, sum.refused);
	}
	json_decref(sum.refusals);
	return sum.refused == 0 && complete ? WORD_OK : WORD_FINDING;
}
