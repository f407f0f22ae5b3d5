/* credential.c: "/credentials/{id}": a credential, for anybody with its address. */
#include <stdio.h>
#include <string.h>

#include "credential.pb-c.h"
#include "field.h"
#include "instant.h"
#include "page.h"
#include "shell.h"

/* The first line says what is so: a revoked credential must not look like a valid one. */
static void
state(struct html *h, const char *word)
{
	bool is_good = strcmp(word, "issued") == 0;

	html_raw(h, is_good ? "<p class=\"state ok\">" : "<p class=\"state bad\">");
	if (is_good)
		html_raw(h, "Issued and not revoked.");
	else if (strcmp(word, "revoked") == 0)
		html_raw(h, "Revoked by its issuer. It is no longer valid.");
	else if (strcmp(word, "suspended") == 0)
		html_raw(h, "Suspended by its issuer for the time being.");
	else if (strcmp(word, "expired") == 0)
		html_raw(h, "Expired.");
	else
		html_text(h, word);
	html_raw(h, "</p>\n");
}

static void
fact(struct html *h, const char *name, const char *value)
{
	if (value == NULL || value[0] == '\0')
		return;
	html_element(h, "dt", NULL, name);
	html_raw(h, "<dd><bdi>");
	html_text(h, value);
	html_raw(h, "</bdi></dd>");
}

static void
facts(struct html *h, const Vouch__Credential *c)
{
	char day[INSTANT_SIZE] = "";
	int64_t at;

	if (c->issued_at != NULL && field_time(&c->issued_at->base, &at)) {
		instant_format(at, day);
		day[10] = '\0'; /* the date is enough for people */
	}
	html_raw(h, "<dl>");
	fact(h, "Awarded to", c->recipient_name);
	fact(h, "Issued by", c->issuer != NULL ? c->issuer->name : "");
	fact(h, "Issued on", day);
	fact(h, "Signing key", c->key_id);
	html_raw(h, "</dl>\n");
}

static void
downloads(struct html *h, const Vouch__Credential *c)
{
	html_raw(h,
	    "<h2>Check it</h2>\n<p>The signed credential (Open Badges 3.0) can be verified by anybody, "
	    "without asking us: <a href=\"/api/v1/credentials/");
	html_path(h, c->id);
	html_raw(h, ".jwt\" download>as VC-JWT</a>, <a href=\"/api/v1/credentials/");
	html_path(h, c->id);
	html_raw(h,
	    ".jsonld\">as JSON-LD</a>. Our keys are at "
	    "<a href=\"/.well-known/jwks.json\">/.well-known/jwks.json</a>.</p>");
}

/* One criterion a line, as the credential service keeps them. */
static void
list_of_lines(struct html *h, const char *text)
{
	char line[600];

	if (text[0] == '\0')
		return;
	html_raw(h, "<ul>");
	for (size_t n; text[0] != '\0'; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		snprintf(line, sizeof(line), "%.*s", (int)n, text);
		html_element(h, "li", NULL, line);
	}
	html_raw(h, "</ul>");
}

void
page_credential(struct html *h, const struct request *r, const ProtobufCMessage *reply)
{
	const Vouch__Credential *c = (const Vouch__Credential *)reply;

	struct page_head head = {.title = c->title};

	shell_begin(h, r, &head);
	html_raw(h, "<div class=\"wrap stack\">");
	html_element(h, "h1", NULL, c->title);
	state(h, c->state);
	facts(h, c);
	html_element(h, "h2", NULL, c->competency[0] != '\0' ? "Who holds it can" : "");
	html_element(h, "p", NULL, c->competency);
	if (c->n_method_components > 0) {
		html_raw(h, "<ul>");
		for (size_t i = 0; i < c->n_method_components; i++)
			html_element(h, "li", NULL, c->method_components[i]);
		html_raw(h, "</ul>");
	}
	html_element(h, "h2", NULL, c->criteria[0] != '\0' ? "What was asked for" : "");
	list_of_lines(h, c->criteria);
	downloads(h, c);
	html_raw(h, "</div>");
	shell_end(h, r, &head);
}
