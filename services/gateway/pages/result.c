/* result.c: "/submissions/{id}/sent" and "/submissions/{id}/result": it is in, and what came of it. */
#include <stdio.h>
#include <string.h>

#include "beside.h"
#include "catalog.rpc.h"
#include "form.h"
#include "instant.h"
#include "page.h"
#include "shell.h"
#include "submission.pb-c.h"
#include "ui.h"
#include "words.h"

enum { PATH_SIZE = 240 };

static bool
is_decided(const Vouch__Submission *s)
{
	return s->decision != NULL && s->decision->outcome != VOUCH__OUTCOME__OUTCOME_NONE;
}

/* "/submissions/ID" with WHAT behind it, as the address of a link that is open at the end. */
static void
link_to(struct html *h, const char *class, const Vouch__Submission *s, const char *what)
{
	html_raw(h, "<a");
	html_attr(h, "class", class);
	html_raw(h, " href=\"/submissions/");
	html_path(h, s->id);
	html_raw(h, what);
	html_raw(h, "\">");
}

/* ---- handed in ------------------------------------------------------------------------------ */

static void
code(struct html *h, const Vouch__Submission *s)
{
	html_raw(h, "<section class=\"card pad bar\"");
	html_say_attr(h, "aria-label", "result.code", NULL);
	html_raw(h, "><div>");
	html_say_in(h, "p", "xs soft", "result.code_text", NULL);
	html_raw(h, "<p class=\"num\"><strong>");
	html_text(h, s->code);
	html_raw(h, "</strong></p></div><button class=\"btn s end js\" type=\"button\"");
	html_attr(h, "data-copy", s->code);
	html_say_attr(h, "data-done", "result.copied", NULL);
	html_raw(h, ">");
	html_say_in(h, "span", NULL, "result.copy", NULL);
	html_raw(h, "</button></section>\n");
}

static void
step(struct html *h, bool is_done, const char *title, const char *text, const struct word *words)
{
	html_raw(h, is_done ? "<li><div><strong>" : "<li class=\"todo\"><div><strong>");
	html_say(h, title, words);
	html_raw(h, "</strong> ");
	html_say(h, text, NULL);
	html_raw(h, "</div></li>");
}

void
page_sent(struct html *h, const struct request *r, const ProtobufCMessage *reply)
{
	const Vouch__Submission *s = (const Vouch__Submission *)reply;
	struct page_head head = {.place = PLACE_WORK, .script = "share.js"};
	const char *zone = words_zone(r);
	int32_t due = 0;
	bool is_in = date_parse(s->due_date != NULL ? s->due_date : "", &due);

	head.title = words_say((struct request *)r, "result.sent_title", WORDS(WORD("code", s->code)));
	shell_begin(h, r, &head);
	html_raw(h, "<div class=\"wrap narrow stack-l\"><header class=\"answer\">");
	if (is_in) {
		html_raw(h, "<p class=\"sm\">");
		ui_tag(h, "ok", ICON_CHECK, "result.sent_tag");
		html_raw(h, "</p><h1 class=\"big\">");
		html_say(h,
		    s->review_clock != NULL && s->review_clock->overdue ? "result.sent_late" : "result.sent",
		    WORDS(DAY("day", due), RAW("strong", "<b>"), RAW("end", "</b>")));
		html_raw(h, "</h1>");
		html_say_in(
		    h, "p", "lead", "result.sent_lead", WORDS(WORD("title", s->micro_credential->title)));
		/* The promise is of the issuer's day; who lives elsewhere is told when that is over for them. */
		if (zone[0] != '\0' && s->due_at != NULL && strcmp(zone, s->time_zone) != 0)
			html_say_in(h, "p", "sm soft", "result.sent_here",
			    WORDS(MOMENT("moment", s->due_at->seconds * INSTANT_SECOND, zone)));
	} else {
		html_say_in(h, "h1", NULL, "result.not_sent", NULL);
	}
	html_raw(h, "</header>\n");
	code(h, s);
	if (is_in) {
		html_raw(h, "<section>");
		html_say_in(h, "h2", NULL, "result.next", NULL);
		html_raw(h, "<ol class=\"log mt\">");
		step(h, true, "result.now", "result.now_text", NULL);
		step(h, s->state != VOUCH__SUBMISSION__STATE__SUBMITTED, "result.read", "result.read_text",
		    NULL);
		step(h, is_decided(s), "result.by", "result.by_text", WORDS(DAY("day", due)));
		html_raw(h, "</ol></section>\n");
	}
	html_raw(h, "<p class=\"bar\">");
	link_to(h, "btn pri", s, is_decided(s) ? "/result" : "");
	html_say(h, is_decided(s) ? "detail.see_result" : "detail.follow", NULL);
	html_raw(h, "</a><a class=\"btn\" href=\"/explore\">");
	html_say(h, "result.find", NULL);
	html_raw(h, "</a></p></div>\n");
	shell_end(h, r, &head);
}

/* ---- decided --------------------------------------------------------------------------------- */

int
page_result_beside(struct request *r, const ProtobufCMessage *reply, struct beside asks[BESIDE_MAX])
{
	const Vouch__Submission *s = (const Vouch__Submission *)reply;
	Vouch__GetMicroCredential *get = arena_alloc(&r->arena, sizeof(*get));

	if (get == NULL || s->micro_credential == NULL || s->micro_credential->issuer == NULL)
		return 0;
	vouch__get_micro_credential__init(get);
	get->id = s->micro_credential->id;
	asks[0] = (struct beside){.rpc = &rpc_micro_credentials_get,
		.ask = &get->base,
		.issuer = s->micro_credential->issuer->id};
	return 1;
}

static const Vouch__Score *
score_of(const Vouch__Decision *d, const char *criterion)
{
	for (size_t i = 0; i < d->n_scores; i++)
		if (strcmp(d->scores[i]->criterion_id, criterion) == 0)
			return d->scores[i];
	return NULL;
}

static const Vouch__Level *
level_of(const Vouch__Criterion *c, const Vouch__Score *score)
{
	for (size_t i = 0; score != NULL && i < c->n_levels; i++)
		if (strcmp(c->levels[i]->id, score->level_id) == 0)
			return c->levels[i];
	return NULL;
}

/* Does every criterion that is needed reach a level that passes? */
static bool
part_passes(const Vouch__Decision *d, const Vouch__Part *p)
{
	for (size_t i = 0; p->rubric != NULL && i < p->rubric->n_criteria; i++) {
		const Vouch__Criterion *c = p->rubric->criteria[i];
		const Vouch__Level *l = level_of(c, score_of(d, c->id));

		if (c->required && (l == NULL || !l->passing))
			return false;
	}
	return true;
}

/* The rubric by which it was judged; NULL when the catalog has a newer one, or does not answer. */
static const Vouch__MicroCredential *
rubric_of(const struct request *r, const Vouch__Submission *s)
{
	const Vouch__MicroCredential *m = (const Vouch__MicroCredential *)beside_reply(r, 0);

	return m != NULL && m->version == s->micro_credential->version ? m : NULL;
}

static void
criterion(struct html *h, const Vouch__Criterion *c, const Vouch__Score *score)
{
	const Vouch__Level *l = level_of(c, score);

	html_raw(h, "<li>");
	html_theirs(h, "strong", NULL, c->title);
	if (l != NULL) {
		html_raw(h, l->passing ? " <span class=\"tag ok\">" : " <span class=\"tag warn\">");
		html_element(h, "bdi", NULL, l->title);
		html_raw(h, "</span>");
	}
	if (score != NULL)
		html_theirs(h, "p", NULL, score->comment);
	html_raw(h, "</li>");
}

static void
parts(struct html *h, const Vouch__Submission *s, const Vouch__MicroCredential *m)
{
	html_raw(h, "<section>");
	html_say_in(h, "h2", NULL, "result.by_part", NULL);
	html_raw(h, "<ul class=\"card mt2\">");
	for (size_t i = 0; i < m->n_parts; i++) {
		const Vouch__Part *p = m->parts[i];
		bool passes = part_passes(s->decision, p);

		html_raw(h, "<li class=\"ev\">");
		ui_icon(h, passes ? ICON_CHECK : ICON_LEARNERS);
		html_raw(h, "<div>");
		html_theirs(h, "h3", NULL, p->title);
		html_raw(h, "<ul class=\"sm stack-s mt2\">");
		for (size_t k = 0; p->rubric != NULL && k < p->rubric->n_criteria; k++)
			criterion(
			    h, p->rubric->criteria[k], score_of(s->decision, p->rubric->criteria[k]->id));
		html_raw(h, "</ul></div>");
		ui_tag(h, passes ? "ok" : "warn", passes ? ICON_CHECK : ICONS,
		    passes ? "result.passes" : "result.strengthen");
		html_raw(h, "</li>");
	}
	html_raw(h, "</ul></section>\n");
}

static void
feedback(struct html *h, const Vouch__Submission *s)
{
	static const struct {
		const char *class, *key;
		enum icon icon;
	} kinds[] = {{"fb praise", "result.praise", ICON_CHECK},
		{"fb challenge", "result.challenge", ICON_LEARNERS},
		{"fb resource", "result.resource", ICON_DOCUMENT},
		{"fb personal", "result.personal", ICON_CHAT}};

	if (s->decision->n_feedback == 0)
		return;
	html_raw(h, "<section>");
	html_say_in(h, "h2", NULL, "result.from", NULL);
	html_raw(h, "<ul class=\"stack mt prose\">");
	for (size_t i = 0; i < s->decision->n_feedback; i++) {
		const Vouch__Feedback *f = s->decision->feedback[i];
		unsigned kind = (unsigned)f->kind < 4 ? (unsigned)f->kind : 0;

		html_raw(h, "<li");
		html_attr(h, "class", kinds[kind].class);
		html_raw(h, ">");
		ui_icon(h, kinds[kind].icon);
		html_raw(h, "<h3>");
		html_say(h, kinds[kind].key, NULL);
		for (size_t k = 0; k < s->n_parts; k++)
			if (f->part != NULL && strcmp(s->parts[k]->key, f->part) == 0) {
				html_raw(h, ": ");
				html_element(h, "bdi", NULL, s->parts[k]->title);
			}
		html_raw(h, "</h3><div>");
		ui_paragraphs(h, NULL, f->text);
		if (f->url != NULL && f->url[0] != '\0') {
			html_raw(h, "<p><a rel=\"noopener nofollow\"");
			html_url(h, "href", f->url);
			html_raw(h, ">");
			html_element(h, "bdi", NULL, f->url);
			html_raw(h, "</a></p>");
		}
		html_raw(h, "</div></li>");
	}
	html_raw(h, "</ul></section>\n");
}

/* The one thing to do next. */
static void
next(struct html *h, const Vouch__Submission *s)
{
	static const struct form_error errors[] = {{"0", "account.e_offline"}, {NULL, NULL}};
	char api[PATH_SIZE];
	struct form form = {.api = api,
		.verb = "POST",
		.next = "/drafts/{id}",
		.title = "detail.start_failed",
		.busy = "detail.start_busy",
		.errors = errors};

	if (s->decision->outcome == VOUCH__OUTCOME__AWARDED) {
		if (s->credential_id == NULL || s->credential_id[0] == '\0') {
			html_say_in(h, "p", NULL, "result.signing", NULL);
			return;
		}
		html_raw(h, "<a class=\"btn pri lg block\" href=\"/c/");
		html_path(h, s->credential_id);
		html_raw(h, "\">");
		html_say(h, "result.share", NULL);
		html_raw(h, "</a>");
		html_say_in(h, "p", "sm soft mt2", "result.share_note", NULL);
		return;
	}
	snprintf(api, sizeof(api), "/api/v1/submissions/%s/resubmission", s->id);
	form_begin(h, &form);
	form_end(h, "result.revise", "btn pri lg block");
	html_say_in(h, "p", "sm soft mt2", "result.revise_note", NULL);
}

static void
side(struct html *h, const struct request *r, const Vouch__Submission *s)
{
	const Vouch__ReviewClock *clock = s->review_clock;
	bool is_late = clock != NULL && clock->state == VOUCH__REVIEW_CLOCK__STATE__MET_LATE;
	const char *key = is_late ? "result.answered_late" : "result.answered", *sentence;
	int32_t day = s->decision->decided_at != NULL ?
	    (int32_t)(s->decision->decided_at->seconds / DAY_SECONDS) :
	    0;
	const struct word *words = WORDS(
	    NUMBER("n", clock != NULL ? clock->business_day : 0), DAY("day", day));

	sentence = words_say((struct request *)r, key, words);
	html_raw(h, "<aside class=\"side stack\"");
	html_say_attr(h, "aria-label", "result.next_label", NULL);
	html_raw(h, "><div class=\"card pad\">");
	next(h, s);
	html_raw(h, "<div class=\"promise\">");
	ui_f14(h, clock != NULL ? clock->business_day : 0, is_late ? "late" : "met", sentence);
	html_say_in(h, "p", "sm", key, words);
	html_raw(h, "</div></div><div class=\"card pad sm stack-s\"><p><a href=\"/help/new?submission=");
	html_path(h, s->code);
	html_raw(h, "\">");
	html_say(h, "result.ask", NULL);
	html_raw(h, "</a></p>");
	html_say_in(h, "p", "soft", "result.ask_text", NULL);
	html_raw(h, "<p class=\"soft num\">");
	html_text(h, s->code);
	html_raw(h, "</p></div></aside>\n");
}

static void
headline(struct html *h, const Vouch__Submission *s, const Vouch__MicroCredential *m)
{
	bool is_awarded = s->decision->outcome == VOUCH__OUTCOME__AWARDED;
	int weak = 0;

	for (size_t i = 0; m != NULL && i < m->n_parts; i++)
		weak += !part_passes(s->decision, m->parts[i]);
	html_raw(h, "<header><p class=\"sm soft\">");
	html_say(
	    h, "result.attempt", WORDS(WORD("title", s->micro_credential->title), NUMBER("n", s->attempt)));
	html_raw(h, "</p><h1>");
	html_say(h, is_awarded ? "result.awarded" : "result.denied", WORDS(NUMBER("n", weak)));
	html_raw(h, "</h1>");
	html_say_in(h, "p", "lead", is_awarded ? "result.awarded_lead" : "result.denied_lead", NULL);
	html_raw(h, "</header>\n");
}

void
page_result(struct html *h, const struct request *r, const ProtobufCMessage *reply)
{
	const Vouch__Submission *s = (const Vouch__Submission *)reply;
	const Vouch__MicroCredential *m = rubric_of(r, s);
	char back[PATH_SIZE];
	struct page_head head = {.place = PLACE_WORK, .script = "form.js"};
	const char *crumbs[] = {"/work", ".shell.work", back, s->micro_credential->title, NULL};

	snprintf(back, sizeof(back), "/submissions/%s", s->id);
	head.title = words_say(
	    (struct request *)r, "result.title", WORDS(WORD("title", s->micro_credential->title)));
	shell_begin(h, r, &head);
	html_raw(h, "<div class=\"wrap\">");
	ui_crumbs(h, crumbs);
	if (!is_decided(s)) {
		html_say_in(h, "h1", NULL, "result.open", NULL);
		html_raw(h, "<p class=\"mt\">");
		link_to(h, "btn pri", s, "");
		html_say(h, "detail.follow", NULL);
		html_raw(h, "</a></p></div>\n");
		shell_end(h, r, &head);
		return;
	}
	html_raw(h, "<div class=\"two\"><div class=\"stack-l\">");
	headline(h, s, m);
	if (m != NULL)
		parts(h, s, m);
	feedback(h, s);
	html_raw(h, "</div>");
	side(h, r, s);
	html_raw(h, "</div></div>\n");
	shell_end(h, r, &head);
}
