/* issuer.c: "/issuers/{id}": who issues, by which calendar, and what. */
#include <stdio.h>
#include <string.h>

#include "beside.h"
#include "catalog.rpc.h"
#include "clock.h"
#include "instant.h"
#include "page.h"
#include "rows.h"
#include "shell.h"
#include "ui.h"
#include "words.h"

enum { ISSUER_ROWS = 100, HOLIDAYS_SHOWN = 6 };

/* In what order the questions stand besides (page_issuer_beside). */
enum { ASK_LIST, ASK_MINE };

int
page_issuer_beside(struct request *r, const ProtobufCMessage *reply, struct beside asks[BESIDE_MAX])
{
	const Vouch__Issuer *issuer = (const Vouch__Issuer *)reply;
	Vouch__SearchMicroCredentials *search = arena_alloc(&r->arena, sizeof(*search));
	char **value = arena_alloc(&r->arena, sizeof(*value));

	/* Nothing published: the catalog knows no such issuer. */
	if (search == NULL || value == NULL || issuer->micro_credentials == 0)
		return 0;
	vouch__search_micro_credentials__init(search);
	*value = issuer->id;
	search->issuer = value;
	search->n_issuer = 1;
	search->limit = ISSUER_ROWS;
	asks[ASK_LIST] = (struct beside){.rpc = &rpc_micro_credentials_search, .ask = &search->base};
	return ASK_MINE + page_ask_mine(r, &asks[ASK_MINE]);
}

static void
weekend(struct html *h, const Vouch__Issuer *i)
{
	char key[40];

	ui_fact(h, "issuer.weekend");
	for (size_t k = 0; k < i->n_weekend; k++) {
		if (k > 0)
			ui_comma(h);
		snprintf(key, sizeof(key), "issuer.day_%.3s", i->weekend[k]);
		html_say(h, key, NULL);
	}
	if (i->n_weekend == 0)
		html_say(h, "issuer.no_weekend", NULL);
	ui_fact_end(h);
}

/* The next ones, from the request's own day on. */
static void
holidays(struct html *h, const Vouch__Issuer *i)
{
	int32_t today = (int32_t)((clock_host() + clock_offset()) / INSTANT_SECOND / DAY_SECONDS), day;
	int n = 0;

	for (size_t k = 0; k < i->n_holidays && n < HOLIDAYS_SHOWN; k++) {
		if (!date_parse(i->holidays[k]->date, &day) || day < today)
			continue;
		if (n++ == 0)
			ui_fact(h, "issuer.holidays");
		html_raw(h, "<p>");
		html_say(h, "issuer.holiday", WORDS(DAY("day", day), WORD("name", i->holidays[k]->name)));
		html_raw(h, "</p>");
	}
	if (n > 0)
		ui_fact_end(h);
}

static void
side(struct html *h, const struct request *r, const Vouch__Issuer *i)
{
	html_raw(h, "<aside class=\"side card pad\"");
	html_say_attr(h, "aria-label", "issuer.facts", NULL);
	html_raw(h, "><dl class=\"facts\">");
	if (i->website != NULL && i->website[0] != '\0') {
		ui_fact(h, "issuer.website");
		html_raw(h, "<a rel=\"noopener\"");
		html_url(h, "href", i->website);
		html_raw(h, ">");
		html_element(h, "bdi", NULL, i->website);
		html_raw(h, "</a>");
		ui_fact_end(h);
	}
	ui_fact(h, "issuer.review");
	html_say(h, "issuer.review_text", WORDS(NUMBER("n", i->review_business_days)));
	ui_fact_end(h);
	ui_fact(h, "issuer.zone");
	html_element(h, "bdi", NULL, words_place((struct request *)r, i->time_zone));
	ui_fact_end(h);
	weekend(h, i);
	holidays(h, i);
	html_raw(h, "</dl></aside>\n");
}

void
page_issuer(struct html *h, const struct request *r, const ProtobufCMessage *reply)
{
	const Vouch__Issuer *i = (const Vouch__Issuer *)reply;
	const Vouch__MicroCredentialList *l = (const Vouch__MicroCredentialList *)beside_reply(r, ASK_LIST);
	const Vouch__SubmissionList *mine = (const Vouch__SubmissionList *)beside_reply(r, ASK_MINE);
	char path[120];
	struct page_head head = {.title = i->name,
		.description = i->summary,
		.path = path,
		.place = PLACE_EXPLORE,
		.script = NULL};
	const char *crumbs[] = {"/explore", ".shell.explore", NULL};

	snprintf(path, sizeof(path), "/issuers/%s", i->id);
	shell_begin(h, r, &head);
	html_raw(h, "<div class=\"wrap\">");
	ui_crumbs(h, crumbs);
	html_theirs(h, "h1", NULL, i->name);
	html_theirs(h, "p", "lead mb", i->summary);
	html_raw(h, "<div class=\"two mt\"><div class=\"stack-l\">");
	if (i->description[0] != '\0') {
		html_raw(h, "<section>");
		html_say_in(h, "h2", NULL, "issuer.about", NULL);
		ui_paragraphs(h, "prose mt2", i->description);
		html_raw(h, "</section>");
	}
	html_raw(h, "<section>");
	html_say_in(h, "h2", NULL, "explore.found", WORDS(NUMBER("n", i->micro_credentials)));
	if (i->micro_credentials == 0)
		html_say_in(h, "p", "soft mt2", "issuer.soon", NULL);
	else if (l == NULL)
		ui_failure(h, "explore.failed", r->target, r->trace);
	html_raw(h, "<ul class=\"rows mt2\">");
	for (size_t k = 0; l != NULL && k < l->n_items; k++)
		rows_micro_credential(h, l->items[k], rows_status(mine, l->items[k]->id), 3, NULL);
	html_raw(h, "</ul></section></div>");
	side(h, r, i);
	html_raw(h, "</div></div>\n");
	shell_end(h, r, &head);
}
