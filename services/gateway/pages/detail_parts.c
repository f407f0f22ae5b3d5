/* detail_parts.c: what a micro-credential asks for, word for word as assessors have it. */
#include "detail.h"

#include <string.h>

#include "explore.h"
#include "ui.h"

static void
section(struct html *h, const char *id, const char *key)
{
	html_raw(h, "<section aria-labelledby=\"");
	html_raw(h, id);
	html_raw(h, "\"><h2 id=\"");
	html_raw(h, id);
	html_raw(h, "\">");
	html_say(h, key, NULL);
	html_raw(h, "</h2>\n");
}

void
detail_method(struct html *h, const Vouch__MicroCredential *m)
{
	section(h, "m", "detail.method");
	ui_paragraphs(h, "prose mt2", m->key_method);
	if (m->n_method_components > 0) {
		html_say_in(h, "p", "soft mt2", "detail.method_lead", NULL);
		html_raw(h, "<ol class=\"steps mt2 prose\">");
		for (size_t i = 0; i < m->n_method_components; i++) {
			html_raw(h, "<li id=\"step-");
			html_number(h, (long)i + 1);
			html_raw(h, "\">");
			html_theirs(h, "h3", NULL, m->method_components[i]->title);
			ui_paragraphs(h, NULL, m->method_components[i]->description);
			html_raw(h, "</li>");
		}
		html_raw(h, "</ol>");
	}
	html_raw(h, "</section>\n");
}

/* ---- parts -------------------------------------------------------------------------------- */

static void
level(struct html *h, const Vouch__Level *l)
{
	html_raw(
	    h, l->passing ? "<td class=\"pass\"><span class=\"level pass\">" : "<td><span class=\"level\">");
	html_element(h, "bdi", NULL, l->title);
	if (l->passing) {
		html_raw(h, " <span class=\"xs\">");
		html_say(h, "detail.reach", NULL);
		html_raw(h, "</span>");
	}
	html_raw(h, "</span>");
	html_theirs(h, "span", NULL, l->description);
	html_raw(h, "</td>");
}

/* Links to the steps of the method that a criterion looks at or a question asks for (CAT-5). */
static void
looks_at(struct html *h, const Vouch__MicroCredential *m, char *const *components, size_t n)
{
	int found = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < m->n_method_components; k++) {
			if (strcmp(m->method_components[k]->id, components[i]) != 0)
				continue;
			if (found++ == 0) {
				html_raw(h, "<small>");
				html_say(h, "detail.steps", NULL);
				html_raw(h, " ");
			} else {
				ui_comma(h);
			}
			html_raw(h, "<a href=\"#step-");
			html_number(h, (long)k + 1);
			html_raw(h, "\"");
			html_attr(h, "title", m->method_components[k]->title);
			html_raw(h, ">");
			html_say(h, "explore.count", WORDS(NUMBER("n", k + 1)));
			html_raw(h, "</a>");
		}
	if (found > 0)
		html_raw(h, "</small>");
}

/* A row for each criterion; as many columns as the one with most levels has. */
static void
rubric(struct html *h, const Vouch__MicroCredential *m, const Vouch__Rubric *r)
{
	size_t most = 1;

	if (r == NULL || r->n_criteria == 0)
		return;
	for (size_t i = 0; i < r->n_criteria; i++)
		most = r->criteria[i]->n_levels > most ? r->criteria[i]->n_levels : most;
	html_raw(h, "<div class=\"scroll card rub\"><table class=\"tbl fold\"><caption class=\"vh\">");
	html_say(h, "detail.rubric", NULL);
	html_raw(h, "</caption><thead><tr>");
	html_say_in(h, "th", NULL, "detail.criterion", NULL);
	html_raw(h, "<th colspan=\"");
	html_number(h, (long)most);
	html_raw(h, "\">");
	html_say(h, "detail.levels", NULL);
	html_raw(h, "</th></tr></thead><tbody>");
	for (size_t i = 0; i < r->n_criteria; i++) {
		html_raw(h, "<tr><th scope=\"row\"><strong dir=\"auto\">");
		html_text(h, r->criteria[i]->title);
		html_raw(h, "</strong>");
		if (!r->criteria[i]->required)
			html_say_in(h, "small", NULL, "detail.optional", NULL);
		looks_at(h, m, r->criteria[i]->components, r->criteria[i]->n_components);
		html_raw(h, "</th>");
		for (size_t k = 0; k < r->criteria[i]->n_levels; k++)
			level(h, r->criteria[i]->levels[k]);
		html_raw(h, "</tr>");
	}
	html_raw(h, "</tbody></table></div>\n");
}

static void
words(struct html *h, const Vouch__Part *p)
{
	html_raw(h, "<span class=\"sm soft\">");
	html_say(h, "detail.prompts", WORDS(NUMBER("n", p->n_prompts)));
	if (p->min_words > 0 && p->max_words > 0) {
		html_raw(h, ". ");
		html_say(h, "detail.words", WORDS(NUMBER("min", p->min_words), NUMBER("max", p->max_words)));
	} else if (p->min_words > 0) {
		html_raw(h, ". ");
		html_say(h, "detail.words_min", WORDS(NUMBER("min", p->min_words)));
	} else if (p->max_words > 0) {
		html_raw(h, ". ");
		html_say(h, "detail.words_max", WORDS(NUMBER("max", p->max_words)));
	}
	html_raw(h, "</span>");
}

static void
part(struct html *h, const Vouch__MicroCredential *m, const Vouch__Part *p, bool is_open)
{
	html_raw(h,
	    is_open ? "<details class=\"part-ask\" open><summary>" : "<details class=\"part-ask\"><summary>");
	html_theirs(h, "h3", NULL, p->title);
	words(h, p);
	html_raw(h, "</summary>\n");
	ui_paragraphs(h, "prose", p->introduction);
	if (p->n_prompts > 0) {
		html_raw(h, "<ul class=\"prompts prose mt2 stack-s\">");
		for (size_t i = 0; i < p->n_prompts; i++) {
			html_raw(h, "<li>");
			html_theirs(h, "span", NULL, p->prompts[i]->text);
			html_raw(h, "</li>");
		}
		html_raw(h, "</ul>");
	}
	rubric(h, m, p->rubric);
	html_raw(h, "</details>\n");
}

void
detail_parts(struct html *h, const Vouch__MicroCredential *m)
{
	section(h, "w", "detail.parts");
	ui_paragraphs(h, "prose mt2", m->guidelines);
	html_say_in(h, "p", "soft mt2 prose", "detail.parts_lead", NULL);
	html_raw(h, "<div class=\"mt\">");
	for (size_t i = 0; i < m->n_parts; i++)
		part(h, m, m->parts[i], i == 0);
	html_raw(h, "</div></section>\n");
}

void
detail_evidence(struct html *h, const Vouch__MicroCredential *m)
{
	if (m->n_evidence_requirements == 0)
		return;
	section(h, "e", "detail.evidence");
	html_raw(h, "<ul class=\"card mt2\">");
	for (size_t i = 0; i < m->n_evidence_requirements; i++) {
		const Vouch__EvidenceRequirement *e = m->evidence_requirements[i];

		html_raw(h, "<li class=\"ev\">");
		ui_icon(h, ICON_DOCUMENT);
		html_raw(h, "<div>");
		html_theirs(h, "h3", NULL, e->title);
		ui_paragraphs(h, NULL, e->description);
		if (e->n_accepts > 0) {
			html_raw(h, "<p class=\"mt2\">");
			html_say(h, "detail.accepts", NULL);
			for (size_t k = 0; k < e->n_accepts; k++) {
				if (k > 0)
					ui_comma(h);
				else
					html_raw(h, " ");
				html_element(h, "bdi", NULL, e->accepts[k]);
			}
			html_raw(h, "</p>");
		}
		html_raw(h, "</div><span class=\"tag\">");
		explore_label(h, "evidenceType", e->evidence_type, e->evidence_type);
		html_raw(h, " ");
		html_say(h, "detail.pieces", WORDS(NUMBER("min", e->min), NUMBER("max", e->max)));
		html_raw(h, "</span></li>");
	}
	html_raw(h, "</ul></section>\n");
}

/* ---- rules -------------------------------------------------------------------------------- */

/* A rule in our words, then what the issuer adds in its own. */
static void
rule(struct html *h, enum icon icon, const char *title, const char *text, const char *note)
{
	html_raw(h, "<li class=\"note\">");
	ui_icon(h, icon);
	html_raw(h, "<div>");
	html_say_in(h, "h3", NULL, title, NULL);
	html_say_in(h, "p", NULL, text, NULL);
	ui_paragraphs(h, "mt2", note);
	html_raw(h, "</div></li>\n");
}

void
detail_rules(struct html *h, const Vouch__MicroCredential *m)
{
	static const char *const together[][2] = {{"detail.alone", "detail.alone_text"},
		{"detail.together", "detail.together_text"}, {"detail.shared", "detail.shared_text"}};
	static const char *const ai[][2] = {{"detail.no_ai", "detail.no_ai_text"},
		{"detail.ai_help", "detail.ai_help_text"}, {"detail.ai_open", "detail.ai_open_text"}};
	static const char *const again[][2] = {{"detail.again", "detail.again_text"},
		{"detail.again_limited", "detail.again_limited_text"},
		{"detail.again_coach", "detail.again_coach_text"}};
	unsigned c = (unsigned)m->collaboration_policy, a = (unsigned)m->ai_policy,
		 r = (unsigned)m->resubmission_policy;

	section(h, "r", "detail.rules");
	html_raw(h, "<ul class=\"stack-s mt2\">");
	c = c < 3 ? c : 0;
	a = a < 3 ? a : 0;
	r = r < 3 ? r : 0;
	rule(h, ICON_PEOPLE, together[c][0], together[c][1], m->collaboration_note);
	rule(h, ICON_AI, ai[a][0], ai[a][1], m->ai_note);
	rule(h, ICON_SHIELD, "detail.people", "detail.people_text", NULL);
	rule(h, ICON_SHARE, again[r][0], again[r][1], m->resubmission_note);
	html_raw(h, "</ul></section>\n");
}
