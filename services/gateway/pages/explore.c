/* explore.c: "/" and "/explore": finding a micro-credential (CAT-1, CAT-2). */
#include <string.h>

#include "beside.h"
#include "catalog.rpc.h"
#include "explore.h"
#include "page.h"
#include "shell.h"
#include "submission.rpc.h"
#include "ui.h"
#include "words.h"

enum { MINE_MAX = 100 };

/* ---- what is asked besides ------------------------------------------------------------- */

/* The same question without one of the choices; only the count matters. */
static ProtobufCMessage *
ask_without(struct request *r, const struct explore *x, int skip)
{
	Vouch__SearchMicroCredentials *ask = arena_alloc(&r->arena, sizeof(*ask));
	char **lists = arena_alloc(&r->arena, sizeof(*lists) * EXPLORE_CHOICES_MAX * EXPLORE_FACETS);

	if (ask == NULL || lists == NULL)
		return NULL;
	vouch__search_micro_credentials__init(ask);
	ask->q = skip < 0 ? "" : (char *)x->q;
	ask->limit = 1;
	ask->only_evidence = x->only_evidence;
	ask->audience = lists;
	ask->topic = lists + EXPLORE_CHOICES_MAX;
	ask->evidence_type = ask->topic + EXPLORE_CHOICES_MAX;
	ask->stack = ask->evidence_type + EXPLORE_CHOICES_MAX;
	ask->issuer = ask->stack + EXPLORE_CHOICES_MAX;
	for (int i = 0; i < x->n_choices; i++) {
		const struct explore_choice *c = &x->choices[i];

		if (i == skip)
			continue;
		if (strcmp(c->facet, "audience") == 0)
			ask->audience[ask->n_audience++] = (char *)c->value;
		else if (strcmp(c->facet, "topic") == 0)
			ask->topic[ask->n_topic++] = (char *)c->value;
		else if (strcmp(c->facet, "evidenceType") == 0)
			ask->evidence_type[ask->n_evidence_type++] = (char *)c->value;
		else if (strcmp(c->facet, "stack") == 0)
			ask->stack[ask->n_stack++] = (char *)c->value;
		else
			ask->issuer[ask->n_issuer++] = (char *)c->value;
	}
	return &ask->base;
}

int
page_ask_mine(struct request *r, struct beside *ask)
{
	Vouch__ListSubmissions *mine = arena_alloc(&r->arena, sizeof(*mine));

	if (request_account(r)[0] == '\0' || mine == NULL)
		return 0;
	vouch__list_submissions__init(mine);
	mine->limit = MINE_MAX;
	*ask = (struct beside){.rpc = &rpc_submissions_list, .ask = &mine->base};
	return 1;
}

int
page_explore_beside(struct request *r, const ProtobufCMessage *reply, struct beside asks[BESIDE_MAX])
{
	struct explore x;
	int n = page_ask_mine(r, &asks[0]), without = 0;

	explore_read(&x, r, (const Vouch__MicroCredentialList *)reply);
	for (int i = x.q[0] != '\0' ? -1 : 0;
	    x.list->total == 0 && i < x.n_choices && without < EXPLORE_WITHOUT_MAX; i++, without++) {
		ProtobufCMessage *ask = ask_without(r, &x, i);

		if (ask == NULL)
			break;
		asks[n++] = (struct beside){.rpc = &rpc_micro_credentials_search, .ask = ask};
	}
	return n;
}

/* ---- the finder --------------------------------------------------------------------------- */

/* A choice of one value of a facet, as a word of the sentence. */
static void
blank(struct html *h, const struct explore *x, const char *facet, const char *any, const char *label)
{
	const char *chosen = "";
	size_t n;
	Vouch__FacetValue **values = explore_values(x->list != NULL ? x->list->facets : NULL, facet, &n);

	for (int i = x->n_choices - 1; i >= 0; i--)
		if (strcmp(x->choices[i].facet, facet) == 0)
			chosen = x->choices[i].value;
	html_raw(h, "<label>");
	html_say_in(h, "span", "vh", label, NULL);
	html_raw(h, "<select");
	html_attr(h, "name", facet);
	html_raw(h, chosen[0] != '\0' ? " class=\"on\"><option value=\"\">" : "><option value=\"\">");
	html_say(h, any, NULL);
	html_raw(h, "</option>");
	for (size_t i = 0; i < n; i++) {
		html_raw(h, "<option");
		html_attr(h, "value", values[i]->value);
		html_raw(h, strcmp(values[i]->value, chosen) == 0 ? " selected>" : ">");
		explore_label(h, facet, values[i]->value, values[i]->label);
		html_raw(h, "</option>");
	}
	html_raw(h, "</select></label>");
}

static void
sentence(struct html *h, const struct explore *x)
{
	struct html parts[3] = {
		{.language = h->language}, {.language = h->language}, {.language = h->language}};

	blank(&parts[0], x, "audience", "explore.any_audience", "explore.audience");
	blank(&parts[1], x, "topic", "explore.any_topic", "explore.topic");
	blank(&parts[2], x, "evidenceType", "explore.any_evidence", "explore.evidence");
	html_raw(h, "<p class=\"sentence\">");
	if (parts[0].text != NULL && parts[1].text != NULL && parts[2].text != NULL)
		html_say(h, "explore.sentence",
		    WORDS(RAW("audience", parts[0].text), RAW("topic", parts[1].text),
			RAW("evidence", parts[2].text)));
	for (int i = 0; i < 3; i++) {
		h->is_broken |= parts[i].is_broken;
		html_free(&parts[i]);
	}
	html_raw(h, " <button class=\"btn s\">");
	html_say(h, "explore.show", NULL);
	html_raw(h, "</button> <a class=\"sm\" href=\"/explore/guide\">");
	html_say(h, "explore.guide", NULL);
	html_raw(h, "</a></p>");
}

static void
finder(struct html *h, const struct explore *x)
{
	static const char *const spoken[] = {"audience", "topic", "evidenceType", NULL};

	html_raw(h, "<section class=\"finder\"><div class=\"wrap\">");
	html_say_in(h, "h1", NULL, "explore.headline", NULL);
	html_raw(h, "<form action=\"/explore\" role=\"search\" id=\"finder\">");
	explore_hidden(h, x, spoken, false, true, true);
	html_raw(h, "<div class=\"searchrow\"><div><label class=\"vh\" for=\"q\">");
	html_say(h, "explore.search_label", NULL);
	html_raw(h, "</label>");
	ui_icon(h, ICON_SEARCH);
	html_raw(h,
	    "<input id=\"q\" name=\"q\" type=\"search\" maxlength=\"500\" autocomplete=\"off\" "
	    "enterkeyhint=\"search\"");
	html_say_attr(h, "placeholder", "explore.search_hint", NULL);
	html_attr(h, "value", x->q);
	html_raw(h, "></div><button class=\"btn pri\">");
	ui_icon(h, ICON_SEARCH);
	html_say_in(h, "span", NULL, "explore.search", NULL);
	html_raw(h, "</button></div>");
	sentence(h, x);
	html_raw(h, "</form></div></section>\n");
}

void
page_explore(struct html *h, const struct request *r, const ProtobufCMessage *reply)
{
	struct page_head head = {.path = "/explore", .place = PLACE_EXPLORE, .script = "explore.js"};
	struct explore x;

	explore_read(&x, r, (const Vouch__MicroCredentialList *)reply);
	x.is_reader_known = request_account(r)[0] != '\0';
	x.mine = x.is_reader_known ? (const Vouch__SubmissionList *)beside_reply(r, 0) : NULL;
	/* Only what changes: for the script, which swaps it. */
	if (r->head.known[KNOWN_X_PART] != NULL && x.list != NULL) {
		explore_filters(h, &x);
		explore_results(h, &x);
		return;
	}
	head.title = x.q[0] != '\0' && x.list != NULL ?
	    words_say((struct request *)r, "explore.title_found",
		WORDS(WORD("q", x.q), NUMBER("n", x.list->total))) :
	    words_say((struct request *)r, "explore.title", NULL);
	head.description = words_say((struct request *)r, "explore.description", NULL);
	shell_begin(h, r, &head);
	finder(h, &x);
	html_raw(h, "<div class=\"wrap explore\"><aside class=\"filters\" id=\"filters\" popover");
	html_say_attr(h, "aria-label", "explore.filters_title", NULL);
	html_raw(h, "><div class=\"bar mb sheet-top\">");
	html_say_in(h, "h2", NULL, "explore.filters_title", NULL);
	html_raw(h,
	    "<button class=\"btn q end\" type=\"button\" popovertarget=\"filters\" "
	    "popovertargetaction=\"hide\">");
	ui_icon(h, ICON_CLOSE);
	html_say_in(h, "span", "vh", "explore.close", NULL);
	html_raw(h, "</button></div>");
	if (x.list != NULL)
		explore_filters(h, &x);
	html_raw(h, "</aside>\n");
	explore_results(h, &x);
	html_raw(h, "</div>\n");
	shell_end(h, r, &head);
}
