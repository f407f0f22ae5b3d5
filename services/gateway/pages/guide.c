/*
 * guide.c: "/explore/guide": three questions, one after the other (CAT-3). Each shows how many there are
 * after the answers before it, so that nobody is led to nothing without being told.
 */
#include <stdlib.h>
#include <string.h>

#include "explore.h"
#include "page.h"
#include "shell.h"
#include "ui.h"
#include "words.h"

enum { STEPS = 3 };

static const struct {
	const char *facet, *question, *hint;
} steps[STEPS] = {
	{"audience", "explore.ask_audience", "explore.ask_any"},
	{"topic", "explore.ask_topic", "explore.ask_any"},
	{"evidenceType", "explore.ask_evidence", "explore.ask_kinds"},
};

/* Which question is asked, 0 to 2: the parameter "step" counts from 1. */
static int
step_of(const struct request *r)
{
	const char *text = words_parameter((struct request *)r, "step"); /* memory of its arena */
	long n = text != NULL ? strtol(text, NULL, 10) : 1;

	return n >= 1 && n <= STEPS ? (int)n - 1 : 0;
}

/* What was answered so far, in words, with the number that is left. */
static void
answers(struct html *h, const struct explore *x, int step)
{
	html_raw(h, "<p role=\"status\" class=\"soft\">");
	html_say(h, "explore.step", WORDS(NUMBER("n", step + 1), NUMBER("of", STEPS)));
	html_raw(h, " ");
	html_say(h, "explore.left", WORDS(NUMBER("n", x->list->total)));
	html_raw(h, "</p>\n<p class=\"chips mt2\">");
	for (int i = 0; i < x->n_choices; i++) {
		html_raw(h, "<span class=\"tag pen\">");
		explore_label(h, x->choices[i].facet, x->choices[i].value, x->choices[i].label);
		html_raw(h, "</span>");
	}
	html_raw(h, "</p>\n");
}

static void
values_of(struct html *h, const struct explore *x, const char *facet)
{
	size_t n;
	Vouch__FacetValue **values = explore_values(x->list->facets, facet, &n);

	for (size_t i = 0; i < n; i++) {
		html_raw(h,
		    values[i]->count == 0 ? "<label class=\"check zero\"><input type=\"checkbox\"" :
					    "<label class=\"check\"><input type=\"checkbox\"");
		html_attr(h, "name", facet);
		html_attr(h, "value", values[i]->value);
		html_raw(h, explore_is_chosen(x, facet, values[i]->value) ? " checked><span>" : "><span>");
		explore_label(h, facet, values[i]->value, values[i]->label);
		html_raw(h, "</span><span class=\"num\">");
		html_say(h, "explore.count", WORDS(NUMBER("n", values[i]->count)));
		html_raw(h, "</span></label>");
	}
}

/* "Any of these", or "only these": who has no video needs the second. */
static void
how(struct html *h, const struct explore *x)
{
	html_raw(h, "<fieldset>");
	html_say_in(h, "legend", NULL, "explore.ask_how", NULL);
	html_raw(h, "<label class=\"check\"><input type=\"radio\" name=\"onlyEvidence\" value=\"\"");
	html_raw(h, x->only_evidence ? "><span>" : " checked><span>");
	html_say(h, "explore.any_of", NULL);
	html_raw(h,
	    "</span></label><label class=\"check\"><input type=\"radio\" name=\"onlyEvidence\" value=\"true\"");
	html_raw(h, x->only_evidence ? " checked><span>" : "><span>");
	html_say(h, "explore.only", NULL);
	html_raw(h, "</span></label></fieldset>\n");
}

static void
question(struct html *h, const struct explore *x, int step)
{
	const char *const own[] = {steps[step].facet, NULL};
	bool is_last = step == STEPS - 1;

	html_raw(h,
	    is_last ? "<form action=\"/explore\" class=\"guide mt\">" :
		      "<form action=\"/explore/guide\" class=\"guide mt\">");
	explore_hidden(h, x, own, true, false, !is_last);
	html_raw(h, "<fieldset>");
	html_say_in(h, "legend", NULL, steps[step].question, NULL);
	html_say_in(h, "p", "hint", steps[step].hint, NULL);
	values_of(h, x, steps[step].facet);
	html_raw(h, "</fieldset>\n");
	if (is_last) {
		how(h, x);
	} else {
		html_raw(h, "<input type=\"hidden\" name=\"step\" value=\"");
		html_number(h, step + 2);
		html_raw(h, "\">");
	}
	html_raw(h, "<p class=\"bar\"><button class=\"btn pri lg\">");
	html_say(h, is_last ? "explore.show" : "explore.on", NULL);
	html_raw(h, "</button>");
	if (!is_last) {
		html_raw(h, "<a class=\"btn q\"");
		explore_href(h, x, NULL, NULL, "");
		html_raw(h, ">");
		html_say(h, "explore.show", NULL);
		html_raw(h, "</a>");
	}
	html_raw(h, "</p></form>\n");
}

void
page_guide(struct html *h, const struct request *r, const ProtobufCMessage *reply)
{
	struct page_head head = {.path = "/explore/guide", .place = PLACE_EXPLORE};
	int step = step_of(r);
	struct explore x;

	explore_read(&x, r, (const Vouch__MicroCredentialList *)reply);
	head.title = words_say((struct request *)r, "explore.guide_title", NULL);
	head.description = words_say((struct request *)r, "explore.description", NULL);
	shell_begin(h, r, &head);
	html_raw(h, "<div class=\"wrap narrow\">");
	html_say_in(h, "h1", NULL, "explore.guide_title", NULL);
	html_say_in(h, "p", "lead mb", "explore.guide_lead", NULL);
	answers(h, &x, step);
	question(h, &x, step);
	html_raw(h, "</div>\n");
	shell_end(h, r, &head);
}
