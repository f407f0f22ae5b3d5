/* explore_results.c: the filters with their counts, and what was found. */
#include <stdio.h>
#include <string.h>

#include "beside.h"
#include "explore.h"
#include "rows.h"
#include "ui.h"
#include "words.h"

enum { SHOWN = 6 }; /* values of a facet before "show all" */

/* ---- filters ----------------------------------------------------------------------------- */

static void
filter(struct html *h, const struct explore *x, const char *facet, const Vouch__FacetValue *v)
{
	bool chosen = explore_is_chosen(x, facet, v->value);

	html_raw(h, v->count == 0 && !chosen ? "<label class=\"check zero\">" : "<label class=\"check\">");
	html_raw(h, "<input type=\"checkbox\"");
	html_attr(h, "name", facet);
	html_attr(h, "value", v->value);
	html_raw(h, chosen ? " checked><span>" : "><span>");
	explore_label(h, facet, v->value, v->label);
	html_raw(h, "</span><span class=\"num\">");
	html_say(h, "explore.count", WORDS(NUMBER("n", v->count)));
	html_raw(h, "</span></label>");
}

/* The values with most hits and those that are chosen; the others behind "show all". */
static void
facet(struct html *h, const struct explore *x, const struct explore_facet *f)
{
	size_t n, rest = 0;
	Vouch__FacetValue **values = explore_values(x->list->facets, f->name, &n);

	if (n == 0)
		return;
	html_raw(h, "<fieldset class=\"facet\">");
	html_say_in(h, "legend", NULL, f->title, NULL);
	for (size_t i = 0; i < n; i++) {
		if (i < SHOWN || explore_is_chosen(x, f->name, values[i]->value))
			filter(h, x, f->name, values[i]);
		else
			rest++;
	}
	if (rest > 0) {
		html_raw(h, "<details class=\"more sm\"");
		html_attr(h, "data-keep", f->name);
		html_raw(h, ">");
		html_say_in(h, "summary", NULL, "explore.show_all", WORDS(NUMBER("n", n)));
		for (size_t i = SHOWN; i < n; i++)
			if (!explore_is_chosen(x, f->name, values[i]->value))
				filter(h, x, f->name, values[i]);
		html_raw(h, "</details>");
	}
	if (strcmp(f->name, "evidenceType") == 0) {
		html_raw(h,
		    "<label class=\"check only\"><input type=\"checkbox\" name=\"onlyEvidence\" value=\"true\"");
		html_raw(h, x->only_evidence ? " checked>" : ">");
		html_say_in(h, "span", NULL, "explore.only", NULL);
		html_raw(h, "</label>");
	}
	html_raw(h, "</fieldset>\n");
}

void
explore_filters(struct html *h, const struct explore *x)
{
	static const char *const all[] = {"audience", "topic", "evidenceType", "stack", "issuer", NULL};

	html_raw(h, "<form action=\"/explore\" id=\"facets\">");
	explore_hidden(h, x, all, true, true, false);
	for (int i = 0; i < EXPLORE_FACETS; i++)
		facet(h, x, &explore_facets[i]);
	html_raw(h, "<button class=\"btn pri block apply\">");
	html_say(h, "explore.apply", WORDS(NUMBER("n", x->list->total)));
	html_raw(h, "</button></form>\n");
}

/* ---- results ------------------------------------------------------------------------------- */

/* What is chosen, each with a way out. */
static void
chips(struct html *h, const struct explore *x)
{
	struct explore_choice words = {"q", "", x->q};

	if (x->n_choices == 0 && x->q[0] == '\0')
		return;
	html_raw(h, "<p class=\"chips mt2\">");
	for (int i = -1; i < x->n_choices; i++) {
		const struct explore_choice *c = i < 0 ? &words : &x->choices[i];

		if (c->label[0] == '\0')
			continue;
		html_raw(h, "<a class=\"chip\" data-part");
		explore_href(h, x, c, NULL, "");
		html_raw(h, ">");
		html_say_in(h, "span", "vh", "explore.remove", NULL);
		html_raw(h, i < 0 ? " <span>“" : " <span>");
		explore_label(h, c->facet, c->value, c->label);
		html_raw(h, i < 0 ? "”</span>" : "</span>");
		ui_icon(h, ICON_CLOSE);
		html_raw(h, "</a>");
	}
	html_raw(h, "<a class=\"sm\" data-part href=\"/explore\">");
	html_say(h, "explore.clear", NULL);
	html_raw(h, "</a></p>\n");
}

static void
orders(struct html *h, const struct explore *x)
{
	static const struct {
		const char *sort, *key;
	} list[] = {{"relevance", "explore.sort_relevance"}, {"newest", "explore.sort_newest"},
		{"effort", "explore.sort_effort"}, {"title", "explore.sort_title"}};
	const char *now = x->sort[0] != '\0' ? x->sort : "relevance";

	/* Without words there is nothing to be relevant to: then it is by title. */
	if (x->q[0] == '\0' && strcmp(now, "relevance") == 0)
		now = "title";
	html_raw(h, "<nav class=\"choices end\"");
	html_say_attr(h, "aria-label", "explore.sort", NULL);
	html_raw(h, ">");
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		if (i == 0 && x->q[0] == '\0')
			continue;
		html_raw(h, "<a class=\"sm\" data-part");
		explore_href(h, x, NULL, list[i].sort, "");
		html_raw(h, strcmp(now, list[i].sort) == 0 ? " aria-current=\"true\">" : ">");
		html_say(h, list[i].key, NULL);
		html_raw(h, "</a>");
	}
	html_raw(h, "</nav>");
}

static void
top(struct html *h, const struct explore *x)
{
	html_raw(h, "<div class=\"bar\"><p role=\"status\" id=\"found\"><strong>");
	html_say(h, "explore.found", WORDS(NUMBER("n", x->list->total)));
	html_raw(h, "</strong></p><button class=\"btn s only-s\" type=\"button\" popovertarget=\"filters\">");
	ui_icon(h, ICON_FILTER);
	html_raw(h, "<span>");
	html_say(h, "explore.filters", WORDS(NUMBER("n", x->n_choices)));
	html_raw(h, "</span></button>");
	orders(h, x);
	html_raw(h, "</div>\n");
}

/* "Without Collaboration there are 9", for what was asked beside (page_explore_beside). */
static void
nothing(struct html *h, const struct explore *x)
{
	struct explore_choice words = {"q", "", x->q};
	int at = x->is_reader_known ? 1 : 0, n = 0;

	html_raw(h, "<div class=\"card empty stack-s mt\">");
	ui_icon(h, ICON_SEARCH);
	html_say_in(h, "h2", NULL, "explore.nothing", NULL);
	html_raw(h, "<ul class=\"stack-s\">");
	for (int i = x->q[0] != '\0' ? -1 : 0; i < x->n_choices && n < EXPLORE_WITHOUT_MAX; i++, n++) {
		const struct explore_choice *c = i < 0 ? &words : &x->choices[i];
		const Vouch__MicroCredentialList *other = (const Vouch__MicroCredentialList *)beside_reply(
		    x->request, at++);
		struct html name = {.language = h->language};

		if (other == NULL || other->total == 0)
			continue;
		html_raw(&name, "<strong>");
		explore_label(&name, c->facet, c->value, c->label);
		html_raw(&name, "</strong>");
		html_raw(h, "<li><a data-part");
		explore_href(h, x, c, NULL, "");
		html_raw(h, ">");
		html_say(h, "explore.without",
		    WORDS(RAW("name", name.text != NULL ? name.text : ""), NUMBER("n", other->total)));
		html_raw(h, "</a></li>");
		html_free(&name);
	}
	html_raw(h, "</ul><p class=\"bar\"><a class=\"btn\" data-part href=\"/explore\">");
	html_say(h, "explore.clear", NULL);
	html_raw(h, "</a><a class=\"btn\" href=\"/explore/guide\">");
	html_say(h, "explore.guide", NULL);
	html_raw(h, "</a></p></div>\n");
}

static void
pages(struct html *h, const struct explore *x)
{
	bool has_next = x->list->next != NULL && x->list->next[0] != '\0';

	if (!has_next && x->cursor[0] == '\0')
		return;
	html_raw(h, "<nav class=\"bar mt\"");
	html_say_attr(h, "aria-label", "shell.pages", NULL);
	html_raw(h, ">");
	if (has_next) {
		html_raw(h, "<a class=\"btn\" data-part rel=\"next\"");
		explore_href(h, x, NULL, NULL, x->list->next);
		html_raw(h, ">");
		html_say(h, "shell.next", NULL);
		html_raw(h, "</a>");
	}
	if (x->cursor[0] != '\0') {
		html_raw(h, "<a class=\"btn q\" data-part");
		explore_href(h, x, NULL, NULL, "");
		html_raw(h, ">");
		html_say(h, "shell.first", NULL);
		html_raw(h, "</a>");
	}
	html_raw(h, "<span class=\"soft sm\">");
	html_say(h, "shell.shown", WORDS(NUMBER("shown", x->list->n_items), NUMBER("total", x->list->total)));
	html_raw(h, "</span></nav>\n");
}

void
explore_results(struct html *h, const struct explore *x)
{
	html_raw(h, "<section id=\"results\" tabindex=\"-1\"");
	html_say_attr(h, "aria-label", "explore.results", NULL);
	html_raw(h, ">");
	if (x->list == NULL) {
		ui_failure(h, "explore.failed", x->request->target, x->request->trace);
		html_raw(h, "</section>\n");
		return;
	}
	top(h, x);
	chips(h, x);
	if (x->list->n_items == 0) {
		nothing(h, x);
	} else {
		html_raw(h, "<ul class=\"rows\">");
		for (size_t i = 0; i < x->list->n_items; i++)
			rows_micro_credential(
			    h, x->list->items[i], rows_status(x->mine, x->list->items[i]->id), 2, x);
		html_raw(h, "</ul>\n");
	}
	pages(h, x);
	html_raw(h, "</section>\n");
}
