#include <stdio.h>
#include <string.h>

#include "installation.h"
#include "rpc.h"
#include "word.h"

static const char usage[] =
    "usage: vouchctl status [--state DIR] [--json]\n"
    "Asks whether the installation and each of its services are ready. Exit 1: not all are.\n";

/* What the answer says against SERVICE; NULL: nothing. */
static const char *
problem_of(const json_t *answer, const char *service)
{
	size_t i;
	json_t *item;

	json_array_foreach(json_object_get(answer, "problems"), i, item) {
		const char *name = json_string_value(json_object_get(item, "service"));

		if (name != NULL && strcmp(name, service) == 0)
			return json_string_value(json_object_get(item, "problem"));
	}
	return NULL;
}

/* Has a row before the Kth one of the table the same service? */
static bool
is_repeated(size_t k)
{
	for (size_t i = 0; i < k; i++)
		if (strcmp(rpcs[i]->service, rpcs[k]->service) == 0)
			return true;
	return false;
}

/* "installation" and every service: what is wrong with it, or nothing (NULL). */
static json_t *
members_make(const json_t *answer, bool ok)
{
	json_t *members = json_array(), *item;
	size_t i;

	for (size_t k = 0; rpcs[k] != NULL; k++)
		if (!is_repeated(k)) {
			const char *problem = problem_of(answer, rpcs[k]->service);

			json_array_append_new(members,
			    json_pack("{s:s, s:b, s:s*}", "name", rpcs[k]->service, "ready", problem == NULL,
				"problem", problem));
		}
	/* Problems of what is no service: PostgreSQL, Redis, the gateway's own. */
	json_array_foreach(json_object_get(answer, "problems"), i, item) {
		const char *name = json_string_value(json_object_get(item, "service"));
		bool is_service = false;

		for (size_t k = 0; rpcs[k] != NULL && name != NULL; k++)
			is_service = is_service || strcmp(rpcs[k]->service, name) == 0;
		if (!is_service)
			json_array_append_new(members,
			    json_pack("{s:s*, s:b, s:O?}", "name", name, "ready", 0, "problem",
				json_object_get(item, "problem")));
	}
	json_array_insert_new(members, 0, json_pack("{s:s, s:b}", "name", "installation", "ready", ok));
	return members;
}

static void
members_print(const json_t *members)
{
	size_t i;
	json_t *item;

	json_array_foreach(members, i, item) {
		const char *name = json_string_value(json_object_get(item, "name"));
		const char *problem = json_string_value(json_object_get(item, "problem"));
		bool ready = json_is_true(json_object_get(item, "ready"));

		printf("%-14s %s\n", name != NULL ? name : "?",
		    ready               ? "ready" :
			problem != NULL ? problem :
					  "not ready");
	}
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
	} else {
		json_t *members = members_make(answer.json, ok);
		json_t *json = json_pack("{s:b, s:O}", "ready", ok, "services", members);

		if (o.json)
			print_json(json);
		else
			members_print(members);
		json_decref(json);
		json_decref(members);
	}
	answer_clear(&answer);
	http_close(http);
	return ok ? WORD_OK : WORD_FINDING;
}
