/* problem_page.c: a refusal, as people see it: what happened, one way on, a reference for questions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "endpoint.h"
#include "page.h"
#include "reply.h"
#include "shell.h"
#include "ui.h"
#include "words.h"

enum { KEY_SIZE = 40 };

/* The roles of which one is needed, in words. */
static void
roles(struct html *h, const struct request *r)
{
	static const struct {
		Vouch__Role role;
		const char *words;
	} names[] = {
		{VOUCH__ROLE__ASSESSOR, "problem.role_assessor"},
		{VOUCH__ROLE__POOL_LEAD, "problem.role_pool_lead"},
		{VOUCH__ROLE__ISSUER_AUTHOR, "problem.role_issuer_author"},
		{VOUCH__ROLE__ISSUER_APPROVER, "problem.role_issuer_approver"},
		{VOUCH__ROLE__ISSUER_OWNER, "problem.role_issuer_owner"},
		{VOUCH__ROLE__HELPDESK_AGENT, "problem.role_helpdesk_agent"},
		{VOUCH__ROLE__OPS, "problem.role_ops"},
		{VOUCH__ROLE__AUDITOR, "problem.role_auditor"},
		{VOUCH__ROLE__PLATFORM_ADMIN, "problem.role_platform_admin"},
	};
	uint32_t may = r->endpoint != NULL && r->endpoint->rpc != NULL ? r->endpoint->rpc->may : 0;
	int n = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if ((may >> names[i].role & 1) == 0)
			continue;
		if (n++ == 0)
			html_raw(h, "<p>");
		else
			ui_comma(h);
		if (n == 1) {
			html_say(h, "problem.needs", NULL);
			html_raw(h, " ");
		}
		html_say_in(h, "strong", NULL, names[i].words, NULL);
	}
	if (n == 0)
		return;
	html_raw(h, ". ");
	html_say(h, "problem.grants", NULL);
	html_raw(h, "</p>");
}

/* "problem.KIND_404", or of what has no words of its own. */
static const char *
key_of(const struct html *h, int status, const char *kind, char out[static KEY_SIZE])
{
	snprintf(out, KEY_SIZE, "problem.%s_%d", kind, status);
	if (language_text(h->language, out) == NULL)
		snprintf(out, KEY_SIZE, "problem.%s_%s", kind, status >= 500 ? "server" : "client");
	return out;
}

/* Signed out where an account is needed: sign in, and come back. */
static bool
leads_to_sign_in(const struct request *r, const struct problem *p)
{
	bool reads = strcmp(r->method, "GET") == 0 || strcmp(r->method, "HEAD") == 0;

	return p->status == 401 && reads && r->endpoint != NULL && r->endpoint->render != NULL &&
	    words_is_own_path(r->target);
}

static void
go_to_sign_in(struct request *r)
{
	struct html h = {.language = NULL};
	const char *location = NULL;

	html_raw(&h, "/signin?next=");
	html_path(&h, r->target);
	if (!h.is_broken)
		location = arena_dup(&r->arena, h.text, h.len);
	free(h.text);
	reply_elsewhere(r, location != NULL ? location : "/signin");
}

void
page_problem(struct request *r, const struct problem *p)
{
	struct html h = {.language = words_of(r)};
	char key[KEY_SIZE];
	struct page_head head = {.title = words_say(r, key_of(&h, p->status, "title", key), NULL)};
	int seconds = problem_retry_after(p->status, p->header != NULL ? p->header->retry_ms : 0);

	if (leads_to_sign_in(r, p)) {
		go_to_sign_in(r);
		return;
	}
	shell_begin(&h, r, &head);
	html_raw(&h, "<div class=\"wrap narrow stack\">");
	html_element(&h, "h1", NULL, head.title);
	html_raw(&h, "<p class=\"lead\">");
	html_say(&h, key_of(&h, p->status, "text", key), WORDS(NUMBER("seconds", seconds)));
	html_raw(&h, "</p>");
	if (p->status == 403)
		roles(&h, r);
	if ((p->status == 400 || p->status == 409 || p->status == 422) && p->detail != NULL) {
		html_raw(&h, "<p class=\"soft\" lang=\"en\" dir=\"ltr\">");
		html_text(&h, p->detail);
		html_raw(&h, ".</p>");
	}
	html_raw(&h, "<p class=\"bar\"><a class=\"btn pri\" href=\"/explore\">");
	html_say(&h, "problem.on", NULL);
	html_raw(&h, "</a></p><p class=\"sm soft num\">");
	html_say(&h, "shell.reference", WORDS(WORD("reference", p->trace)));
	html_raw(&h, "</p></div>");
	shell_end(&h, r, &head);
	page_finish(r, &h, p->status);
}
