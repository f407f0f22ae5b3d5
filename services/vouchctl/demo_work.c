/*
 * demo_work.c: work.json, brought to its states through the API by the people who
 * would do so. Each step looks at the state that is there and does the next thing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demo.h"
#include "import.h"

enum { PATH_SIZE = 400, STEPS_MAX = 12 };

/* One piece of work on its way. */
struct work {
	const json_t *plan; /* what work.json says of it */
	const char *who, *assessor, *goal;
	char id[160]; /* of the submission */
	json_t *now;  /* as the API shows it to its earner */
};

/* Asks anew how the submission stands. */
static bool
work_look(struct demo *demo, struct work *work)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "/api/v1/submissions/%s", work->id);
	json_decref(work->now);
	work->now = demo_ask(demo, work->who, "GET", path, NULL, NULL);
	return work->now != NULL;
}

/* Waits until the submission is in one of STATES ("awarded denied"). */
static bool
work_await(struct demo *demo, struct work *work, const char *states)
{
	int64_t start = demo_clock();

	while (work_look(demo, work)) {
		if (strstr(states, text_of(work->now, "state")) != NULL)
			return true;
		if (demo_is_over(start))
			return demo_complain(work->id, "its state did not come after a minute");
	}
	return false;
}

/* The id of the micro-credential; it is searched for until it can be found. */
static bool
micro_credential_find(struct demo *demo, const json_t *plan, char id[static 160])
{
	const char *issuer = text_of(plan, "issuer"), *key = text_of(plan, "key");
	int64_t start = demo_clock();
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "/api/v1/micro-credentials?issuer=%s&limit=100", issuer);
	do {
		json_t *list = demo_ask(demo, text_of(plan, "who"), "GET", path, NULL, NULL), *item;
		bool found = false;
		size_t i;

		if (list == NULL)
			return false;
		json_array_foreach(json_object_get(list, "items"), i, item)
			if (strcmp(text_of(item, "key"), key) == 0) {
				snprintf(id, 160, "%s", text_of(item, "id"));
				found = true;
			}
		json_decref(list);
		if (found)
			return true;
	} while (!demo_is_over(start));
	return demo_complain(key, "not in the catalog after a minute");
}

/* The newest submission of the earner for MICRO_CREDENTIAL, if any. */
static bool
work_find(struct demo *demo, struct work *work, const char *micro_credential)
{
	json_t *list = demo_ask(demo, work->who, "GET", "/api/v1/submissions?limit=100", NULL, NULL), *item;
	size_t i;

	json_array_foreach(json_object_get(list, "items"), i, item) {
		const json_t *of = json_object_get(item, "microCredential");

		if (work->id[0] == '\0' && strcmp(text_of(of, "id"), micro_credential) == 0 &&
		    strcmp(text_of(item, "state"), "discarded") != 0)
			snprintf(work->id, sizeof(work->id), "%s", text_of(item, "id"));
	}
	json_decref(list);
	return list != NULL;
}

/* Starts the draft. The service may not have heard of the micro-credential yet: then 404 or 503. */
static bool
work_create(struct demo *demo, struct work *work, const char *micro_credential)
{
	struct http *http = demo_person(demo, work->who);
	json_t *body = json_pack("{s:s}", "microCredentialId", micro_credential);
	char key[KEY_SIZE];
	const struct request request = {
		.method = "POST", .path = "/api/v1/submissions", .body = body, .key = key};
	int64_t start = demo_clock();
	bool ok = false, is_early = http != NULL;

	key_make(key);
	while (is_early) {
		struct answer answer;

		ok = http_send(http, &request, &answer);
		is_early = (answer.status == 404 || answer.status == 503) && !demo_is_over(start);
		if (ok)
			snprintf(work->id, sizeof(work->id), "%s", text_of(answer.json, "id"));
		else if (!is_early)
			answer_complain(&answer, "vouchctl demo: a draft");
		answer_clear(&answer);
	}
	json_decref(body);
	return ok;
}

/* Writes the parts that PARTS has and that are not written so. */
static bool
parts_write(struct demo *demo, struct work *work, const json_t *parts)
{
	json_t *part;
	size_t i;
	bool ok = true;

	json_array_foreach(json_object_get(work->now, "parts"), i, part) {
		const char *key = text_of(part, "key"), *text = text_of(parts, key);
		char path[PATH_SIZE], etag[32];

		if (!ok || text[0] == '\0' || strcmp(text, text_of(part, "text")) == 0)
			continue;
		snprintf(path, sizeof(path), "/api/v1/submissions/%s/parts/%s", work->id, key);
		snprintf(etag, sizeof(etag), "\"%lld\"",
		    (long long)json_integer_value(json_object_get(part, "version")));
		json_t *body = json_pack("{s:s}", "text", text);
		json_t *saved = demo_ask(demo, work->who, "PUT", path, body, etag);
		ok = saved != NULL;
		json_decref(saved);
		json_decref(body);
	}
	return ok;
}

static bool
evidence_add(struct demo *demo, const struct work *work, const json_t *piece)
{
	const char *name = text_of(piece, "name"), *text = text_of(piece, "text"),
		   *title = text_of(piece, "title");
	bool is_pdf = strstr(name, ".pdf") != NULL;
	struct http *http = demo_person(demo, work->who);
	size_t size = strlen(text);
	char *file = is_pdf ? demo_pdf(title, text, &size) : strdup(text), path[PATH_SIZE];
	json_t *form = json_pack(
	    "{s:s, s:s}", "title", title, "requirementId", text_of(piece, "requirement"));
	struct answer answer = {.why = "not enough memory"};
	char key[KEY_SIZE];

	key_make(key);
	snprintf(path, sizeof(path), "/api/v1/submissions/%s/evidence", work->id);
	bool ok = file != NULL && http != NULL &&
	    send_patiently(http,
		&(struct request){.method = "POST",
			.path = path,
			.key = key,
			.body = form,
			.file_name = name,
			.file_type = is_pdf ? "application/pdf" : "text/csv",
			.file = file,
			.file_size = size},
		&answer);
	if (!ok)
		answer_complain(&answer, "vouchctl demo: evidence");
	answer_clear(&answer);
	json_decref(form);
	free(file);
	return ok;
}

/* Adds the pieces of evidence whose titles are not there. */
static bool
evidence_complete(struct demo *demo, const struct work *work)
{
	json_t *piece, *have;
	size_t i, k;
	bool ok = true;

	json_array_foreach(json_object_get(work->plan, "evidence"), i, piece) {
		bool is_there = false;

		json_array_foreach(json_object_get(work->now, "evidence"), k, have)
			is_there = is_there || strcmp(text_of(have, "title"), text_of(piece, "title")) == 0;
		ok = ok && (is_there || evidence_add(demo, work, piece));
	}
	return ok;
}

static bool
declare(struct demo *demo, const struct work *work)
{
	json_t *body = json_copy(json_object_get(work->plan, "declarations"));
	char path[PATH_SIZE];

	if (body == NULL)
		return true;
	snprintf(path, sizeof(path), "/api/v1/submissions/%s/declarations", work->id);
	json_t *done = demo_ask(demo, work->who, "PUT", path, body, NULL);
	json_decref(done);
	json_decref(body);
	return done != NULL;
}

/* Tells what blocks. Always false. */
static bool
checks_complain(const char *id, const json_t *checks)
{
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(checks, "items"), i, item)
		if (strcmp(text_of(item, "severity"), "blocks") == 0)
			demo_complain(id, text_of(item, "message"));
	return demo_complain(id, "the draft is not ready after a minute");
}

/* Waits until nothing blocks (evidence has been looked at), and hands in. */
static bool
work_submit(struct demo *demo, const struct work *work)
{
	int64_t start = demo_clock();
	char path[PATH_SIZE];

	for (bool ready = false; !ready;) {
		snprintf(path, sizeof(path), "/api/v1/submissions/%s/checks", work->id);
		json_t *checks = demo_ask(demo, work->who, "GET", path, NULL, NULL);
		if (checks == NULL)
			return false;
		ready = json_is_true(json_object_get(checks, "ready"));
		if (!ready && demo_is_over(start)) {
			checks_complain(work->id, checks);
			json_decref(checks);
			return false;
		}
		json_decref(checks);
	}
	snprintf(path, sizeof(path), "/api/v1/submissions/%s/submit", work->id);
	json_t *receipt = demo_ask(demo, work->who, "POST", path, NULL, NULL);
	json_decref(receipt);
	return receipt != NULL;
}

static bool
work_withdraw(struct demo *demo, const struct work *work)
{
	json_t *body = json_pack("{s:s}", "reason", text_of(work->plan, "reason"));
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "/api/v1/submissions/%s/withdraw", work->id);
	json_t *done = demo_ask(demo, work->who, "POST", path, body, NULL);
	json_decref(done);
	json_decref(body);
	return done != NULL;
}

/* A draft that goes on from the denied one, with the changes that the plan has for it. */
static bool
work_resubmit(struct demo *demo, struct work *work)
{
	const json_t *again = json_object_get(work->plan, "resubmission");
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "/api/v1/submissions/%s/resubmission", work->id);
	json_t *draft = demo_ask(demo, work->who, "POST", path, NULL, NULL);
	if (draft == NULL)
		return false;
	snprintf(work->id, sizeof(work->id), "%s", text_of(draft, "id"));
	json_decref(draft);
	return work_look(demo, work) && parts_write(demo, work, json_object_get(again, "parts"));
}

/* A draft is written as far as the plan goes, and handed in unless it is to stay one. */
static bool
draft_go_on(struct demo *demo, struct work *work)
{
	return parts_write(demo, work, json_object_get(work->plan, "parts")) &&
	    evidence_complete(demo, work) && declare(demo, work) &&
	    (strcmp(work->goal, "draft") == 0 || work_submit(demo, work));
}

static bool
work_step(struct demo *demo, struct work *work, bool *is_done)
{
	const char *state = text_of(work->now, "state"), *goal = work->goal;
	bool is_draft = strcmp(state, "draft") == 0;
	bool is_second = json_integer_value(json_object_get(work->now, "attempt")) > 1;
	const json_t *again = json_object_get(work->plan, "resubmission");

	*is_done = false;
	if (is_draft && is_second) {
		*is_done = true;
		return parts_write(demo, work, json_object_get(again, "parts"));
	}
	if (is_draft) {
		*is_done = strcmp(goal, "draft") == 0;
		return draft_go_on(demo, work);
	}
	if (strcmp(state, goal) == 0) {
		*is_done = true;
		return again == NULL || work_resubmit(demo, work);
	}
	if (strcmp(goal, "withdrawn") == 0)
		return work_withdraw(demo, work);
	if (strcmp(state, "submitted") == 0 || strcmp(state, "in_review") == 0)
		return demo_review(demo, work->assessor, text_of(work->now, "code"), goal, work->plan) &&
		    work_await(demo, work, goal);
	return demo_complain(work->id, "it is in a state that does not lead to the one that is wanted");
}

static bool
work_bring(struct demo *demo, const json_t *plan)
{
	struct work work = {.plan = plan,
		.who = text_of(plan, "who"),
		.assessor = text_of(plan, "assessor"),
		.goal = text_of(plan, "state")};
	char micro_credential[160];
	bool is_done = false;

	bool ok = micro_credential_find(demo, plan, micro_credential) &&
	    work_find(demo, &work, micro_credential) &&
	    (work.id[0] != '\0' || work_create(demo, &work, micro_credential));
	for (int step = 0; ok && !is_done && step < STEPS_MAX; step++)
		ok = work_look(demo, &work) && work_step(demo, &work, &is_done);
	if (ok)
		printf("  %s: %s, %s\n", work.who, text_of(plan, "key"), work.goal);
	fflush(stdout);
	json_decref(work.now);
	return ok && is_done;
}

bool
demo_work(struct demo *demo, bool late)
{
	json_t *file = demo_file(demo, "work.json"), *plan;
	bool ok = file != NULL;
	size_t i;

	json_array_foreach(json_object_get(file, "work"), i, plan) {
		if (demo_is_late(plan) == late)
			ok = ok && work_bring(demo, plan);
	}
	json_decref(file);
	return ok;
}
