/* start.c: "/": what this is, and what can be earned here. */
#include <stdlib.h>
#include <string.h>

#include "catalog.pb-c.h"
#include "page.h"
#include "shell.h"

static void
row(struct html *h, const Vouch__MicroCredentialRow *m)
{
	html_raw(h, "<li><a href=\"/api/v1/micro-credentials/");
	html_path(h, m->id);
	html_raw(h, "\"");
	html_attr(h, "dir", "auto");
	html_raw(h, ">");
	html_text(h, m->title);
	html_raw(h, "</a>");
	if (m->issuer != NULL) {
		html_raw(h, " <span class=\"soft\">by <bdi>");
		html_text(h, m->issuer->name);
		html_raw(h, "</bdi></span>");
	}
	html_element(h, "div", "soft", m->summary);
	html_raw(h, "</li>");
}

/* The words that were searched for, as a copy to be freed; "" without. */
static char *
words(const struct request *r)
{
	const char *question = strchr(r->target, '?');
	char *copy = strdup(question != NULL ? question + 1 : ""), *rest = copy, *name, *value, *q = NULL;

	while (q == NULL && query_next(&rest, &name, &value))
		if (strcmp(name, "q") == 0)
			q = strdup(value);
	free(copy);
	return q != NULL ? q : strdup("");
}

static void
catalog(struct html *h, const Vouch__MicroCredentialList *list, const char *q)
{
	html_raw(h,
	    "<h2>What can be earned</h2>\n<form action=\"/\" method=\"get\" role=\"search\">"
	    "<input type=\"search\" name=\"q\" aria-label=\"Search\" maxlength=\"500\"");
	html_attr(h, "value", q);
	html_raw(h, "><button>Search</button></form>\n");
	if (list == NULL) {
		html_raw(h,
		    "<p>The catalog cannot be shown just now. Nothing is lost; try again in a minute.</p>");
		return;
	}
	if (list->n_items == 0)
		html_raw(h, "<p>Nothing here matches.</p>");
	html_raw(h, "<ul class=\"rows\">");
	for (size_t i = 0; i < list->n_items; i++)
		row(h, list->items[i]);
	html_raw(h, "</ul>");
	if (list->next != NULL && list->next[0] != '\0') {
		html_raw(h, "<p><a href=\"/?q=");
		html_path(h, q);
		html_raw(h, "&amp;cursor=");
		html_path(h, list->next);
		html_raw(h, "\">More</a></p>");
	}
}

void
page_start(struct html *h, const struct request *r, const ProtobufCMessage *reply)
{
	char *q = words(r);

	struct page_head head = {.title = "Vouch", .place = PLACE_EXPLORE};

	shell_begin(h, r, &head);
	html_raw(h, "<div class=\"wrap stack\">");
	html_raw(h,
	    "<h1>Show what you do. Earn a micro-credential.</h1>\n"
	    "<p>Pick one thing you already do well. Hand in what shows it: your work, your reflection. "
	    "Trained assessors read it"
	    " beside a public rubric and answer by a day that you are told when you hand in.</p>\n");
	catalog(h, (const Vouch__MicroCredentialList *)reply, q != NULL ? q : "");
	free(q);
	html_raw(h,
	    "<h2>More</h2>\n<ul><li><a href=\"/api/v1/articles\">Help articles</a></li>"
	    "<li><a href=\"/api/v1/issuers\">Issuers</a></li>"
	    "<li><a href=\"/api/v1/openapi.json\">The API, as an OpenAPI 3.1 document</a></li></ul>");
	html_raw(h, "</div>");
	shell_end(h, r, &head);
}
