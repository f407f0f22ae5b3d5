#include <stdio.h>
#include <string.h>

#include "demo.h"
#include "import.h"

enum { PATH_SIZE = 400 };

/* The code of the submission in STATE that WHO has; "" when there is none. */
static bool
code_find(struct demo *demo, const char *who, const char *state, char code[static 64])
{
	char path[PATH_SIZE];
	json_t *item;
	size_t i;

	code[0] = '\0';
	if (state[0] == '\0')
		return true;
	snprintf(path, sizeof(path), "/api/v1/submissions?limit=100&state=%s", state);
	json_t *list = demo_ask(demo, who, "GET", path, NULL, NULL);
	json_array_foreach(json_object_get(list, "items"), i, item)
		snprintf(code, 64, "%s", text_of(item, "code"));
	json_decref(list);
	return list != NULL;
}

/*
 * Opens the ticket of BODY. The helpdesk may not have heard of its submission yet,
 * and then does not know the code.
 */
static json_t *
ticket_send(struct demo *demo, const char *who, const json_t *body)
{
	struct http *http = demo_person(demo, who);
	bool has_code = json_object_get(body, "submissionCode") != NULL, is_early = http != NULL;
	int64_t start = demo_clock();
	json_t *ticket = NULL;
	char key[KEY_SIZE];

	while (is_early) {
		struct answer answer;

		key_make(key);
		if (http_send(http,
			&(struct request){
				.method = "POST", .path = "/api/v1/tickets", .body = body, .key = key},
			&answer))
			ticket = json_incref(answer.json);
		is_early = ticket == NULL && has_code &&
		    (answer.status == 404 || answer.status == 422 || answer.status == 503) &&
		    !demo_is_over(start);
		if (ticket == NULL && !is_early)
			answer_complain(&answer, "vouchctl demo: a ticket");
		answer_clear(&answer);
	}
	return ticket;
}

static json_t *
ticket_open(struct demo *demo, const json_t *plan, const char *code)
{
	const char *who = text_of(plan, "who");
	json_t *body = json_pack(
	    "{s:s, s:s}", "subject", text_of(plan, "subject"), "body", text_of(plan, "body"));
	if (code[0] != '\0')
		json_object_set_new(body, "submissionCode", json_string(code));
	json_t *ticket = ticket_send(demo, who, body);
	json_decref(body);
	return ticket;
}

/* The agent's answer, and the end of it. */
static bool
ticket_answer(struct demo *demo, const char *id, const json_t *plan)
{
	char path[PATH_SIZE];

	if (json_object_get(plan, "answer") == NULL)
		return true;
	snprintf(path, sizeof(path), "/api/v1/tickets/%s/messages", id);
	json_t *body = json_pack("{s:s}", "body", text_of(plan, "answer"));
	json_t *said = demo_ask(demo, "agent", "POST", path, body, NULL);
	json_decref(body);
	json_decref(said);
	if (said == NULL || strcmp(text_of(plan, "state"), "resolved") != 0)
		return said != NULL;
	snprintf(path, sizeof(path), "/api/v1/tickets/%s/state", id);
	body = json_pack("{s:s}", "state", "resolved");
	json_t *done = demo_ask(demo, "agent", "PUT", path, body, NULL);
	json_decref(body);
	json_decref(done);
	return done != NULL;
}

static bool
ticket_bring(struct demo *demo, const json_t *plan)
{
	json_t *list = demo_ask(demo, text_of(plan, "who"), "GET", "/api/v1/tickets?limit=100", NULL, NULL),
	       *item;
	json_t *ticket = NULL;
	char code[64];
	size_t i;

	if (list == NULL || !code_find(demo, text_of(plan, "who"), text_of(plan, "about"), code)) {
		json_decref(list);
		return false;
	}
	json_array_foreach(json_object_get(list, "items"), i, item)
		if (strcmp(text_of(item, "subject"), text_of(plan, "subject")) == 0)
			ticket = item;
	/* One that was answered is resolved, or waits for the person who asked. */
	const char *state = text_of(ticket, "state");
	bool is_answered = strcmp(state, "resolved") == 0 || strcmp(state, "waiting_person") == 0;
	if (ticket == NULL && code[0] == '\0' && text_of(plan, "about")[0] != '\0') {
		json_decref(list); /* late work is only there where the clock could be set back */
		return true;
	}
	ticket = ticket != NULL ? json_incref(ticket) : ticket_open(demo, plan, code);
	bool ok = ticket != NULL && (is_answered || ticket_answer(demo, text_of(ticket, "id"), plan));
	if (ok)
		printf("  %s asks: %s\n", text_of(plan, "who"), text_of(plan, "subject"));
	json_decref(ticket);
	json_decref(list);
	return ok;
}

bool
demo_tickets(struct demo *demo)
{
	json_t *file = demo_file(demo, "work.json"), *plan;
	bool ok = file != NULL;
	size_t i;

	json_array_foreach(json_object_get(file, "tickets"), i, plan)
		ok = ok && ticket_bring(demo, plan);
	json_decref(file);
	return ok;
}
