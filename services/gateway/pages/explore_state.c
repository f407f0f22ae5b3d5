/* explore_state.c: what is asked for, out of the address and into addresses. */
#include <stdio.h>
#include <string.h>

#include "explore.h"
#include "query.h"
#include "words.h"

enum { KEY_SIZE = 80 };

const struct explore_facet explore_facets[EXPLORE_FACETS] = {
	{"audience", "explore.audience"},
	{"topic", "explore.topic"},
	{"evidenceType", "explore.evidence"},
	{"stack", "explore.stack"},
	{"issuer", "explore.issuer"},
};

static bool
is_facet(const char *name)
{
	for (int i = 0; i < EXPLORE_FACETS; i++)
		if (strcmp(explore_facets[i].name, name) == 0)
			return true;
	return false;
}

bool
explore_is_chosen(const struct explore *x, const char *facet, const char *value)
{
	for (int i = 0; i < x->n_choices; i++)
		if (strcmp(x->choices[i].facet, facet) == 0 && strcmp(x->choices[i].value, value) == 0)
			return true;
	return false;
}

Vouch__FacetValue **
explore_values(const Vouch__Facets *f, const char *name, size_t *n)
{
	*n = 0;
	if (f == NULL)
		return NULL;
	if (strcmp(name, "audience") == 0)
		return *n = f->n_audience, f->audience;
	if (strcmp(name, "topic") == 0)
		return *n = f->n_topic, f->topic;
	if (strcmp(name, "stack") == 0)
		return *n = f->n_stack, f->stack;
	if (strcmp(name, "issuer") == 0)
		return *n = f->n_issuer, f->issuer;
	return *n = f->n_evidence_type, f->evidence_type;
}

static const char *
label_of(const Vouch__MicroCredentialList *list, const char *facet, const char *value)
{
	size_t n;
	Vouch__FacetValue **values = explore_values(list != NULL ? list->facets : NULL, facet, &n);

	for (size_t i = 0; i < n; i++)
		if (strcmp(values[i]->value, value) == 0)
			return values[i]->label;
	return value;
}

void
explore_read(struct explore *x, const struct request *r, const Vouch__MicroCredentialList *list)
{
	struct arena *arena = &((struct request *)r)->arena; /* where all of a request's texts are */
	const char *question = strchr(r->target, '?');
	char *rest = question != NULL ? arena_dup(arena, question + 1, strlen(question + 1)) : NULL;
	char *name, *value;

	*x = (struct explore){.request = r, .list = list, .q = "", .sort = "", .cursor = ""};
	while (query_next(&rest, &name, &value)) {
		if (strcmp(name, "q") == 0)
			x->q = value;
		else if (strcmp(name, "sort") == 0)
			x->sort = value;
		else if (strcmp(name, "cursor") == 0)
			x->cursor = value;
		else if (strcmp(name, "onlyEvidence") == 0)
			x->only_evidence = strcmp(value, "true") == 0;
		else if (is_facet(name) && value[0] != '\0' && x->n_choices < EXPLORE_CHOICES_MAX)
			x->choices[x->n_choices++] = (struct explore_choice){
				name, value, label_of(list, name, value)};
	}
}

void
explore_label(struct html *h, const char *facet, const char *value, const char *label)
{
	char key[KEY_SIZE];

	snprintf(key, sizeof(key), "explore.type_%s", value);
	if (strcmp(facet, "evidenceType") == 0 && language_text(h->language, key) != NULL)
		html_say(h, key, NULL);
	else
		html_element(h, "bdi", NULL, label);
}

static void
parameter(struct html *h, int *n, const char *name, const char *value)
{
	if (value[0] == '\0')
		return;
	html_raw(h, (*n)++ == 0 ? "?" : "&amp;");
	html_raw(h, name);
	html_raw(h, "=");
	html_path(h, value);
}

void
explore_href(struct html *h, const struct explore *x, const struct explore_choice *without, const char *sort,
    const char *cursor)
{
	bool skips_words = without != NULL && strcmp(without->facet, "q") == 0;
	int n = 0;

	html_raw(h, " href=\"/explore");
	parameter(h, &n, "q", skips_words ? "" : x->q);
	for (int i = 0; i < x->n_choices; i++)
		if (without == NULL || strcmp(x->choices[i].facet, without->facet) != 0 ||
		    strcmp(x->choices[i].value, without->value) != 0)
			parameter(h, &n, x->choices[i].facet, x->choices[i].value);
	parameter(h, &n, "onlyEvidence", x->only_evidence ? "true" : "");
	parameter(h, &n, "sort", sort != NULL ? sort : x->sort);
	parameter(h, &n, "cursor", cursor);
	html_raw(h, "\"");
}

static void
hidden(struct html *h, const char *name, const char *value)
{
	if (value[0] == '\0')
		return;
	html_raw(h, "<input type=\"hidden\"");
	html_attr(h, "name", name);
	html_attr(h, "value", value);
	html_raw(h, ">");
}

void
explore_hidden(struct html *h, const struct explore *x, const char *const *skip, bool q, bool sort, bool only)
{
	if (q)
		hidden(h, "q", x->q);
	if (sort)
		hidden(h, "sort", x->sort);
	if (only)
		hidden(h, "onlyEvidence", x->only_evidence ? "true" : "");
	for (int i = 0; i < x->n_choices; i++) {
		bool is_skipped = false;

		for (const char *const *s = skip; *s != NULL; s++)
			is_skipped |= strcmp(*s, x->choices[i].facet) == 0;
		if (!is_skipped)
			hidden(h, x->choices[i].facet, x->choices[i].value);
	}
}
