#include <stdio.h>
#include <stdlib.h>

#include "installation.h"
#include "word.h"

static const char usage[] =
    "usage: vouchctl status [--state DIR] [--json]\n"
    "Asks whether the installation and each of its services are ready. Exit 1: not all are.\n";

/* One line of the answer: what it says of NAME. */
static void
member_print(const char *name, const json_t *value)
{
	if (json_is_boolean(value)) {
		printf("%-14s %s\n", name, json_is_true(value) ? "ready" : "not ready");
	} else if (json_is_string(value)) {
		printf("%-14s %s\n", name, json_string_value(value));
	} else {
		char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);

		printf("%-14s %s\n", name, text != NULL ? text : "");
		free(text);
	}
}

/* Answers differ in what they tell of each service: an object by name, or a list of {name, ...}. */
static void
answer_print(const struct answer *answer)
{
	json_t *services = json_object_get(answer->json, "services"), *value;
	const char *name;
	size_t i;

	printf("%-14s %s\n", "installation", answer->status == 200 ? "ready" : "not ready");
	if (json_is_object(services))
		json_object_foreach(services, name, value)
			member_print(name, value);
	else if (json_is_array(services))
		json_array_foreach(services, i, value) {
			name = json_string_value(json_object_get(value, "name"));
			json_t *ready = json_object_get(value, "ready");

			member_print(name != NULL ? name : "?", ready != NULL ? ready : value);
		}
	else
		json_object_foreach(answer->json, name, value)
			member_print(name, value);
}

int
word_status(int argc, char **argv)
{
	struct options o;
	struct answer answer;
	int status;

	if (!options_read(argc, argv, "", &o))
		return WORD_BAD_USE;
	if (options_usage(&o, NULL, 1, usage, &status))
		return status;
	struct http *http = installation_open(&o, false);
	if (http == NULL)
		return WORD_BAD_USE;
	bool ok = http_send(http, &(struct request){.method = "GET", .path = "/health/ready"}, &answer);
	if (answer.status == 0) {
		answer_complain(&answer, "vouchctl status");
		if (o.json)
			puts("{\"ready\": false}");
	} else if (o.json) {
		json_t *json = json_pack("{s:b, s:O?}", "ready", ok, "answer", answer.json);

		print_json(json);
		json_decref(json);
	} else {
		answer_print(&answer);
	}
	answer_clear(&answer);
	http_close(http);
	return ok ? WORD_OK : WORD_FINDING;
}
