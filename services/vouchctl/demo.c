/*
 * demo.c: vouchctl demo load: an installation that can be looked at.
 */
#include "demo.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "foreign.h"
#include "import.h"
#include "word.h"

static const char usage[] =
    "usage: vouchctl demo load [--from FOLDER] [--state DIR]\n"
    "  FOLDER  accounts.json, issuers.json, catalog/, articles.jsonl, work.json; deploy/demo unless told\n"
    "Fills a new installation on this machine. After a stop half-way it may be run again.\n";

bool
demo_complain(const char *what, const char *why)
{
	fprintf(stderr, "vouchctl demo: %s: %s\n", what, why);
	return false;
}

json_t *
demo_file(const struct demo *demo, const char *name)
{
	json_error_t error;
	char *path = NULL;

	if (asprintf(&path, "%s/%s", demo->from, name) < 0)
		return NULL;
	json_t *json = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
	if (json == NULL)
		fprintf(stderr, "vouchctl demo: %s:%d: %s\n", path, error.line, error.text);
	free(path);
	return json;
}

int64_t
demo_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool
demo_is_over(int64_t start)
{
	if (demo_clock() - start >= DEMO_WAIT_MS)
		return true;
	nanosleep(&(struct timespec){.tv_nsec = DEMO_LOOK_MS * 1000000L}, NULL);
	return false;
}

struct http *
demo_person(struct demo *demo, const char *name)
{
	json_t *person;
	size_t i, len = strlen(name);

	json_array_foreach(demo->people, i, person) {
		const char *email = json_string_value(json_object_get(person, "email"));
		struct options o = *demo->options;

		if (email == NULL || strncmp(email, name, len) != 0 || email[len] != '@' ||
		    i >= DEMO_PEOPLE_MAX)
			continue;
		o.email = email;
		o.password = json_string_value(json_object_get(person, "password"));
		if (demo->signed_in[i] == NULL)
			demo->signed_in[i] = installation_open(&o, true);
		return demo->signed_in[i];
	}
	demo_complain(name, "no such person in accounts.json");
	return NULL;
}

json_t *
demo_ask(struct demo *demo, const char *person, const char *method, const char *path, const json_t *body,
    const char *if_match)
{
	struct http *http = demo_person(demo, person);
	struct answer answer;
	char key[KEY_SIZE], prefix[256];
	json_t *json = NULL;

	if (http == NULL)
		return NULL;
	key_make(key);
	const struct request request = {
		.method = method, .path = path, .body = body, .key = key, .if_match = if_match};
	if (send_patiently(http, &request, &answer)) {
		json = answer.json != NULL ? json_incref(answer.json) : json_object();
	} else {
		snprintf(prefix, sizeof(prefix), "vouchctl demo: %s: %s %s", person, method, path);
		answer_complain(&answer, prefix);
	}
	answer_clear(&answer);
	return json;
}

/* One issuer of the file as the API takes it: the calendar's members apart from the profile's. */
static json_t *
issuer_make(const json_t *line)
{
	json_t *profile = json_copy((json_t *)line);
	json_t *body = json_pack("{s:O, s:{s:O, s:O, s:O}}", "id", json_object_get(line, "id"), "calendar",
	    "timeZone", json_object_get(line, "timeZone"), "weekend", json_object_get(line, "weekend"),
	    "holidays", json_object_get(line, "holidays"));

	json_object_del(profile, "id");
	json_object_del(profile, "timeZone");
	json_object_del(profile, "weekend");
	json_object_del(profile, "holidays");
	json_object_set_new(body, "profile", profile);
	return body;
}

static bool
issuer_load(struct demo *demo, const json_t *line)
{
	const char *id = json_string_value(json_object_get(line, "id"));
	struct http *http = demo_person(demo, "admin");
	struct answer answer;
	char *path = NULL;

	if (http == NULL || id == NULL || asprintf(&path, "/api/v1/issuers/%s", id) < 0)
		return false;
	bool is_there = send_patiently(http, &(struct request){.method = "GET", .path = path}, &answer);
	answer_clear(&answer);
	free(path);
	if (is_there)
		return true;
	json_t *body = issuer_make(line);
	json_t *made = demo_ask(demo, "admin", "POST", "/api/v1/studio/issuers", body, NULL);
	json_decref(body);
	json_decref(made);
	return made != NULL;
}

/* The word import, as the person who may. */
static bool
lines_load(struct demo *demo, const char *person, const char *word, const char *file, const char *issuer)
{
	const json_t *people = demo->people;
	char email[64], *path = NULL;
	size_t i;
	json_t *one;

	snprintf(email, sizeof(email), "%s@demo.example", person);
	if (asprintf(&path, "%s/%s", demo->from, file) < 0)
		return false;
	const char *password = "";
	json_array_foreach(people, i, one)
		if (strcmp(json_string_value(json_object_get(one, "email")), email) == 0)
			password = json_string_value(json_object_get(one, "password"));
	char *argv[] = {(char *)word, "import", path, "--state", (char *)installation_state(demo->options),
		"--email", email, "--password", (char *)password, "--issuer", (char *)issuer, NULL};
	int argc = issuer != NULL ? 11 : 9;
	int status = strcmp(word, "catalog") == 0 ? word_catalog(argc, argv) : word_articles(argc, argv);

	free(path);
	return status == WORD_OK;
}

bool
demo_has_issuers(struct demo *demo)
{
	json_t *issuers = demo_file(demo, "issuers.json");
	const char *id = json_string_value(json_object_get(json_array_get(issuers, 0), "id"));
	struct http *http = demo_person(demo, "admin");
	struct answer answer;
	char path[200];
	bool is_there = false;

	if (http != NULL && id != NULL) {
		snprintf(path, sizeof(path), "/api/v1/issuers/%s", id);
		is_there = send_patiently(http, &(struct request){.method = "GET", .path = path}, &answer);
		answer_clear(&answer);
	}
	json_decref(issuers);
	return is_there;
}

static bool
catalog_load(struct demo *demo)
{
	json_t *issuers = demo_file(demo, "issuers.json"), *issuer;
	bool ok = issuers != NULL;
	size_t i;

	json_array_foreach(issuers, i, issuer) {
		const char *id = json_string_value(json_object_get(issuer, "id"));
		char file[160];

		if (!ok)
			break;
		snprintf(file, sizeof(file), "catalog/%s.jsonl", id);
		printf("issuer %s\n", id);
		fflush(stdout);
		ok = issuer_load(demo, issuer) && lines_load(demo, "author", "catalog", file, id);
	}
	json_decref(issuers);
	return ok;
}

static bool
load(struct demo *demo)
{
	puts("people");
	fflush(stdout);
	if (!demo_accounts(demo) || !demo_past_begin(demo) || !catalog_load(demo))
		return false;
	puts("help articles");
	fflush(stdout);
	if (!lines_load(demo, "agent", "articles", "articles.jsonl", NULL))
		return false;
	puts("work in every state");
	fflush(stdout);
	return (!demo->is_past || demo_work(demo, true)) && demo_past_end(demo) && demo_work(demo, false) &&
	    demo_tickets(demo);
}

int
word_demo(int argc, char **argv)
{
	struct options o;
	struct demo demo = {.options = &o};
	int status;

	if (!options_read(argc, argv, "from", &o))
		return WORD_BAD_USE;
	if (options_usage(&o, "load", 2, usage, &status))
		return status;
	demo.from = o.from != NULL ? o.from : "deploy/demo";
	demo.people = demo_file(&demo, "accounts.json");
	bool ok = demo.people != NULL && load(&demo);
	for (int i = 0; i < DEMO_PEOPLE_MAX; i++)
		http_close(demo.signed_in[i]);
	json_decref(demo.people);
	if (ok)
		puts("the demo is there");
	return ok ? WORD_OK : WORD_FINDING;
}
