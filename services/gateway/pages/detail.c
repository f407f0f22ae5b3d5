/* detail.c: "/mc/{id}": one micro-credential, everything that is asked and promised (CAT-4..6). */
#include "detail.h"

#include <stdio.h>
#include <string.h>

#include "beside.h"
#include "catalog.rpc.h"
#include "form.h"
#include "instant.h"
#include "page.h"
#include "rows.h"
#include "shell.h"
#include "ui.h"
#include "words.h"

enum { STACK_SHOWN = 5 };

/* In what order the questions stand besides (page_detail_beside). */
enum { ASK_PROMISE, ASK_STACK, ASK_MINE };

int
page_detail_beside(struct request *r, const ProtobufCMessage *reply, struct beside asks[BESIDE_MAX])
{
	const Vouch__MicroCredential *m = (const Vouch__MicroCredential *)reply;
	Vouch__GetIssuer *issuer = arena_alloc(&r->arena, sizeof(*issuer));
	Vouch__SearchMicroCredentials *stack = arena_alloc(&r->arena, sizeof(*stack));
	char **value = arena_alloc(&r->arena, sizeof(*value));

	if (issuer == NULL || stack == NULL || value == NULL || m->issuer == NULL)
		return 0;
	vouch__get_issuer__init(issuer);
	issuer->id = m->issuer->id;
	asks[ASK_PROMISE] = (struct beside){
		.rpc = &rpc_issuers_promise, .ask = &issuer->base, .issuer = issuer->id};
	vouch__search_micro_credentials__init(stack);
	*value = m->n_stacks > 0 ? m->stacks[0]->value : m->issuer->id;
	if (m->n_stacks > 0) {
		stack->stack = value;
		stack->n_stack = 1;
	} else {
		stack->issuer = value;
		stack->n_issuer = 1;
	}
	stack->limit = STACK_SHOWN;
	asks[ASK_STACK] = (struct beside){.rpc = &rpc_micro_credentials_search, .ask = &stack->base};
	return ASK_MINE + page_ask_mine(r, &asks[ASK_MINE]);
}

/* ---- beside the text: start, promise, facts -------------------------------------------------- */

/* A link to what the reader has begun, or the form that begins it. */
static void
start(struct html *h, const struct request *r, const Vouch__MicroCredential *m,
    const Vouch__SubmissionRow *work)
{
	static const struct form_error errors[] = {{"0", "account.e_offline"}, {NULL, NULL}};
	struct form form = {.api = "/api/v1/submissions",
		.verb = "POST",
		.next = "/drafts/{id}",
		.title = "detail.start_failed",
		.busy = "detail.start_busy",
		.errors = errors};

	if (request_account(r)[0] == '\0') {
		html_raw(h, "<a class=\"btn pri lg block\" href=\"/signin?next=");
		html_path(h, r->target);
		html_raw(h, "\">");
		html_say(h, "detail.start", NULL);
		ui_icon(h, ICON_ARROW);
		html_raw(h, "</a>");
		html_say_in(h, "p", "sm soft mt2", "detail.start_signin", NULL);
		return;
	}
	if (work != NULL && work->state != VOUCH__SUBMISSION__STATE__DENIED) {
		bool is_draft = work->state == VOUCH__SUBMISSION__STATE__DRAFT;
		bool is_awarded = work->state == VOUCH__SUBMISSION__STATE__AWARDED;

		html_raw(h,
		    is_draft ? "<a class=\"btn pri lg block\" href=\"/drafts/" :
			       "<a class=\"btn pri lg block\" href=\"/submissions/");
		html_path(h, work->id);
		html_raw(h, is_awarded ? "/result\">" : "\">");
		html_say(h,
		    is_draft       ? "detail.go_on" :
			is_awarded ? "detail.see_result" :
				     "detail.follow",
		    NULL);
		html_raw(h, "</a>");
		return;
	}
	if (work != NULL) {
		html_raw(h, "<a class=\"btn pri lg block\" href=\"/submissions/");
		html_path(h, work->id);
		html_raw(h, "/result\">");
		html_say(h, "detail.revise", NULL);
		html_raw(h, "</a>");
		return;
	}
	form_begin(h, &form);
	form_hidden(h, "microCredentialId", m->id);
	form_end(h, "detail.start", "btn pri lg block");
	html_say_in(h, "p", "sm soft mt2", "detail.start_note", NULL);
}

/* Each day until then, with what it is called when it does not count. */
static void
days(struct html *h, const Vouch__IssuerPromise *p)
{
	html_raw(h, "<details class=\"xs\">");
	html_say_in(h, "summary", NULL, "detail.why", NULL);
	html_raw(h, "<ol class=\"stack-s mt2\">");
	for (size_t i = 0; i < p->n_days; i++) {
		const Vouch__ClockDay *d = p->days[i];
		int32_t day;

		if (!date_parse(d->date, &day))
			continue;
		html_raw(h, "<li>");
		if (d->counts)
			html_say(h, "detail.day_counts", WORDS(DAY("day", day), NUMBER("n", d->number)));
		else if (strcmp(d->reason, "weekend") == 0)
			html_say(h, "detail.day_weekend", WORDS(DAY("day", day)));
		else
			html_say(h, "detail.day_holiday", WORDS(DAY("day", day), WORD("name", d->reason)));
		html_raw(h, "</li>");
	}
	html_raw(h, "</ol></details>");
}

static void
promise(struct html *h, const struct request *r, const Vouch__MicroCredential *m)
{
	const Vouch__IssuerPromise *p = (const Vouch__IssuerPromise *)beside_reply(r, ASK_PROMISE);
	const char *sentence = words_say((struct request *)r, "detail.fourteen", NULL);
	int32_t due;

	html_raw(h, "<div class=\"promise\">");
	ui_f14(h, 0, "all", sentence);
	if (p == NULL || !date_parse(p->due_date, &due)) {
		html_say_in(h, "p", "sm", "detail.promise_undated", NULL);
		html_raw(h, "</div>\n");
		return;
	}
	html_raw(h, "<p class=\"sm\">");
	html_say(
	    h, "detail.promise", WORDS(DAY("day", due), RAW("strong", "<strong>"), RAW("end", "</strong>")));
	html_raw(h, "</p><p class=\"xs soft\">");
	html_say(h, "detail.promise_by",
	    WORDS(NUMBER("n", p->business_days), WORD("issuer", m->issuer->name),
		WORD("zone", words_place((struct request *)r, p->time_zone))));
	html_raw(h, "</p>");
	days(h, p);
	html_raw(h, "</div>\n");
}

static void
list(struct html *h, const char *key, char *const *values, size_t n)
{
	if (n == 0)
		return;
	ui_fact(h, key);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			ui_comma(h);
		html_element(h, "bdi", NULL, values[i]);
	}
	ui_fact_end(h);
}

static void
fee(struct html *h, const Vouch__Fee *f)
{
	bool is_free = f == NULL || f->amount[0] == '\0' || strcmp(f->amount, "0") == 0;

	ui_fact(h, "detail.fee");
	if (is_free)
		html_say(h, "detail.fee_none", NULL);
	else
		html_say(h, "detail.fee_of", WORDS(WORD("amount", f->amount), WORD("currency", f->currency)));
	if (f != NULL)
		html_theirs(h, "p", "xs soft", f->note);
	ui_fact_end(h);
}

static void
facts(struct html *h, const Vouch__MicroCredential *m)
{
	html_raw(h, "<dl class=\"facts mt\">");
	if (m->estimated_hours > 0) {
		ui_fact(h, "detail.time");
		html_say(h, "explore.hours", WORDS(NUMBER("hours", m->estimated_hours)));
		ui_fact_end(h);
	}
	fee(h, m->fee);
	list(h, "explore.audience", m->audiences, m->n_audiences);
	list(h, "explore.topic", m->topics, m->n_topics);
	ui_fact(h, "detail.learners");
	html_say(h, m->needs_learners ? "detail.learners_yes" : "detail.learners_no", NULL);
	ui_fact_end(h);
	ui_fact(h, "detail.version");
	if (m->published_at != NULL)
		html_say(h, "detail.version_of",
		    WORDS(NUMBER("n", m->version), DATE("day", m->published_at->seconds / DAY_SECONDS)));
	ui_fact_end(h);
	html_raw(h, "</dl>\n");
}

static void
side(struct html *h, const struct request *r, const Vouch__MicroCredential *m,
    const Vouch__SubmissionRow *work)
{
	html_raw(h, "<aside class=\"side card pad\" id=\"start\"");
	html_say_attr(h, "aria-label", "detail.start", NULL);
	html_raw(h, ">");
	if (strcmp(m->state, "published") == 0 || work != NULL)
		start(h, r, m, work);
	if (strcmp(m->state, "published") == 0)
		promise(h, r, m);
	facts(h, m);
	html_raw(h, "</aside>\n");
}

/* ---- the text ------------------------------------------------------------------------------- */

static void
hero(struct html *h, const Vouch__MicroCredential *m, const char *group)
{
	html_raw(h, "<header class=\"hero\">");
	ui_seal(h, m->title, group, 132);
	html_raw(h, "<div><p class=\"sm soft\"><a href=\"/issuers/");
	html_path(h, m->issuer->id);
	html_raw(h, "\">");
	html_element(h, "bdi", NULL, m->issuer->name);
	html_raw(h, "</a></p><h1 dir=\"auto\"");
	html_attr(h, "lang", m->language);
	html_raw(h, ">");
	html_text(h, m->title);
	html_raw(h, "</h1>");
	html_theirs(h, "p", "lead", m->summary);
	html_raw(h, "</div></header>\n");
}

static void
banner(struct html *h, const Vouch__MicroCredential *m)
{
	bool is_retired = strcmp(m->state, "retired") == 0;

	if (strcmp(m->state, "published") == 0)
		return;
	ui_note(h, "warn", ICON_ALERT);
	html_say_in(h, "strong", NULL, is_retired ? "detail.retired" : "detail.suspended", NULL);
	html_say_in(h, "p", NULL, is_retired ? "detail.retired_text" : "detail.suspended_text", NULL);
	ui_note_end(h);
}

static void
text_section(struct html *h, const char *key, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	html_raw(h, "<section>");
	html_say_in(h, "h2", NULL, key, NULL);
	ui_paragraphs(h, "prose mt2", text);
	html_raw(h, "</section>\n");
}

static void
resources(struct html *h, const Vouch__MicroCredential *m)
{
	if (m->n_resources == 0)
		return;
	html_raw(h, "<section>");
	html_say_in(h, "h2", NULL, "detail.resources", NULL);
	html_raw(h, "<ul class=\"stack mt2 prose\">");
	for (size_t i = 0; i < m->n_resources; i++) {
		html_raw(h, "<li><a rel=\"noopener\"");
		html_url(h, "href", m->resources[i]->url);
		html_raw(h, " dir=\"auto\">");
		html_text(h, m->resources[i]->title);
		html_raw(h, "</a>");
		html_theirs(h, "p", "sm soft", m->resources[i]->note);
		html_raw(h, "</li>");
	}
	html_raw(h, "</ul></section>\n");
}

/* Others of the same stack, or of the same issuer. */
static void
others(struct html *h, const struct request *r, const Vouch__MicroCredential *m,
    const Vouch__SubmissionList *mine)
{
	const Vouch__MicroCredentialList *l = (const Vouch__MicroCredentialList *)beside_reply(r, ASK_STACK);
	int n = 0;

	if (l == NULL || l->total < 2)
		return;
	html_raw(h, "<section><h2>");
	html_say(h, m->n_stacks > 0 ? "detail.stack" : "detail.issuer",
	    WORDS(WORD("name", m->n_stacks > 0 ? m->stacks[0]->label : m->issuer->name)));
	html_raw(h, "</h2><ul class=\"rows mt2\">");
	for (size_t i = 0; i < l->n_items && n < STACK_SHOWN - 1; i++)
		if (strcmp(l->items[i]->id, m->id) != 0) {
			rows_micro_credential(h, l->items[i], rows_status(mine, l->items[i]->id), 3, NULL);
			n++;
		}
	html_raw(h, "</ul><p class=\"mt\"><a href=\"/explore?");
	html_raw(h, m->n_stacks > 0 ? "stack=" : "issuer=");
	html_path(h, m->n_stacks > 0 ? m->stacks[0]->value : m->issuer->id);
	html_raw(h, "\">");
	html_say(h, "explore.show_all", WORDS(NUMBER("n", l->total)));
	html_raw(h, "</a></p></section>\n");
}

/* For search engines (schema.org, EducationalOccupationalCredential). */
static void
linked_data(struct html *h, const struct request *r, const Vouch__MicroCredential *m, const char *path)
{
	html_raw(h,
	    "<script type=\"application/ld+json\">{\"@context\":\"https://schema.org\",\"@type\":"
	    "\"EducationalOccupationalCredential\",\"credentialCategory\":\"Micro-credential\",\"name\":");
	html_json(h, m->title);
	html_raw(h, ",\"description\":");
	html_json(h, m->summary);
	html_raw(h, ",\"competencyRequired\":");
	html_json(h, m->competency);
	html_raw(h, ",\"inLanguage\":");
	html_json(h, m->language);
	html_raw(h, ",\"url\":");
	html_json(h, arena_printf(&((struct request *)r)->arena, "%s%s", r->gateway->public_url, path));
	html_raw(h, ",\"recognizedBy\":{\"@type\":\"Organization\",\"name\":");
	html_json(h, m->issuer->name);
	html_raw(h, "}}</script>\n");
}

/* On narrow screens what to do is at hand all the time. */
static void
lower_bar(struct html *h, const struct request *r, const Vouch__MicroCredential *m)
{
	const Vouch__IssuerPromise *p = (const Vouch__IssuerPromise *)beside_reply(r, ASK_PROMISE);
	int32_t due;

	if (strcmp(m->state, "published") != 0 || p == NULL || !date_parse(p->due_date, &due))
		return;
	html_raw(h, "<div class=\"send only-s\"><div><p class=\"sm\">");
	html_say(h, "detail.result_by",
	    WORDS(DAY("day", due), RAW("strong", "<strong>"), RAW("end", "</strong>")));
	html_raw(h, "</p><a class=\"btn end\" href=\"#start\">");
	html_say(h, "detail.to_start", NULL);
	html_raw(h, "</a></div></div>\n");
}

void
page_detail(struct html *h, const struct request *r, const ProtobufCMessage *reply)
{
	const Vouch__MicroCredential *m = (const Vouch__MicroCredential *)reply;
	const Vouch__SubmissionList *mine = (const Vouch__SubmissionList *)beside_reply(r, ASK_MINE);
	const char *group = m->n_stacks > 0 ? m->stacks[0]->value : m->issuer->id;
	char path[200], seal[UI_SEAL_SIZE], stack[200];
	struct page_head head = {.title = m->title,
		.description = m->summary,
		.path = path,
		.picture = seal,
		.place = PLACE_EXPLORE,
		.script = "form.js"};
	const char *crumbs[] = {"/explore", ".shell.explore", NULL, NULL, NULL};

	snprintf(path, sizeof(path), "/mc/%s", m->id);
	ui_seal_path(seal, m->title, group);
	if (m->n_stacks > 0) {
		snprintf(stack, sizeof(stack), "/explore?stack=%s", m->stacks[0]->value);
		crumbs[2] = stack;
		crumbs[3] = m->stacks[0]->label;
	}
	shell_begin(h, r, &head);
	html_raw(h, "<div class=\"wrap\">");
	ui_crumbs(h, crumbs);
	banner(h, m);
	hero(h, m, group);
	html_raw(h, "<div class=\"two\"><div class=\"stack-l\">\n");
	text_section(h, "detail.competency", m->competency);
	detail_method(h, m);
	detail_parts(h, m);
	detail_evidence(h, m);
	detail_rules(h, m);
	text_section(h, "detail.research", m->research);
	resources(h, m);
	others(h, r, m, mine);
	html_raw(h, "</div>");
	side(h, r, m, rows_status(mine, m->id));
	html_raw(h, "</div></div>\n");
	lower_bar(h, r, m);
	linked_data(h, r, m, path);
	shell_end(h, r, &head);
}
