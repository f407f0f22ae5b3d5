#include "rows.h"

#include <string.h>

#include "explore.h"
#include "ui.h"

const Vouch__SubmissionRow *
rows_status(const Vouch__SubmissionList *mine, const char *id)
{
	for (size_t i = 0; mine != NULL && i < mine->n_items; i++)
		if (mine->items[i]->micro_credential != NULL &&
		    strcmp(mine->items[i]->micro_credential->id, id) == 0 &&
		    mine->items[i]->state != VOUCH__SUBMISSION__STATE__WITHDRAWN &&
		    mine->items[i]->state != VOUCH__SUBMISSION__STATE__DISCARDED)
			return mine->items[i];
	return NULL;
}

static void
status(struct html *h, const Vouch__SubmissionRow *work)
{
	switch (work->state) {
	case VOUCH__SUBMISSION__STATE__DRAFT:
		ui_tag(h, "now", ICONS, "explore.mine_draft");
		break;
	case VOUCH__SUBMISSION__STATE__SUBMITTED:
	case VOUCH__SUBMISSION__STATE__IN_REVIEW:
		ui_tag(h, "pen", ICON_CLOCK, "explore.mine_review");
		break;
	case VOUCH__SUBMISSION__STATE__AWARDED:
		ui_tag(h, "ok", ICON_CHECK, "explore.mine_awarded");
		break;
	case VOUCH__SUBMISSION__STATE__DENIED:
		ui_tag(h, "warn", ICONS, "explore.mine_denied");
		break;
	default:
		break;
	}
}

void
rows_hours(struct html *h, double hours)
{
	if (hours <= 0)
		return;
	html_raw(h, "<li>");
	ui_icon(h, ICON_CLOCK);
	html_raw(h, "<span>");
	html_say(h, "explore.hours", WORDS(NUMBER("hours", hours)));
	html_raw(h, "</span></li>");
}

static enum icon
icon_of(const char *type)
{
	static const struct {
		const char *type;
		enum icon icon;
	} icons[] = {{"audio", ICON_AUDIO}, {"video", ICON_VIDEO}, {"image", ICON_PICTURE},
		{"student_work", ICON_LEARNERS}, {"spreadsheet", ICON_SUM}, {"data", ICON_SUM},
		{"presentation", ICON_SLIDES}, {"link", ICON_LINK}};

	for (size_t i = 0; i < sizeof(icons) / sizeof(icons[0]); i++)
		if (strcmp(icons[i].type, type) == 0)
			return icons[i].icon;
	return ICON_DOCUMENT;
}

void
rows_evidence(struct html *h, char *const *types, size_t n)
{
	if (n == 0)
		return;
	html_raw(h, "<li>");
	ui_icon(h, icon_of(types[0]));
	html_raw(h, "<span>");
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			ui_comma(h);
		explore_label(h, "evidenceType", types[i], types[i]);
	}
	html_raw(h, "</span></li>");
}

void
rows_rules(struct html *h, Vouch__AiPolicy ai, Vouch__CollaborationPolicy collaboration)
{
	static const char *const ais[] = {"prohibited", "assist", "open"};
	bool is_alone = collaboration == VOUCH__COLLABORATION_POLICY__INDIVIDUAL;

	html_raw(h, "<li>");
	ui_icon(h, is_alone ? ICON_AI : ICON_PEOPLE);
	html_raw(h, "<span>");
	html_say(h, "explore.rules",
	    WORDS(WORD("ai", ais[ai >= 0 && ai < 3 ? ai : 0]), WORD("together", is_alone ? "no" : "yes")));
	html_raw(h, "</span></li>");
}

static bool
is_among(const char *value, Vouch__Term *const *terms, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(terms[i]->value, value) == 0)
			return true;
	return false;
}

/* Does M have what was chosen? */
static bool
fits(const Vouch__MicroCredentialRow *m, const struct explore_choice *c)
{
	if (strcmp(c->facet, "audience") == 0)
		return is_among(c->value, m->audiences, m->n_audiences);
	if (strcmp(c->facet, "topic") == 0)
		return is_among(c->value, m->topics, m->n_topics);
	if (strcmp(c->facet, "stack") == 0)
		return is_among(c->value, m->stacks, m->n_stacks);
	for (size_t i = 0; strcmp(c->facet, "evidenceType") == 0 && i < m->n_evidence_types; i++)
		if (strcmp(m->evidence_types[i], c->value) == 0)
			return true;
	return false;
}

/* What of the choices it meets: with one choice that is plain, with several it is not. */
static void
reasons(struct html *h, const Vouch__MicroCredentialRow *m, const struct explore *x)
{
	int n = 0;

	for (int i = 0; x != NULL && x->n_choices > 1 && i < x->n_choices; i++) {
		const struct explore_choice *c = &x->choices[i];

		if (!fits(m, c))
			continue;
		if (n++ == 0) {
			html_raw(h, "<p class=\"by\">");
			html_say(h, "explore.because", NULL);
			html_raw(h, " ");
		} else {
			ui_comma(h);
		}
		explore_label(h, c->facet, c->value, c->label);
	}
	if (n > 0)
		html_raw(h, "</p>");
}

void
rows_micro_credential(struct html *h, const Vouch__MicroCredentialRow *m, const Vouch__SubmissionRow *work,
    int level, const struct explore *x)
{
	const char *group = m->n_stacks > 0 ? m->stacks[0]->value : m->issuer != NULL ? m->issuer->id : "";

	html_raw(h, "<li class=\"row\">");
	ui_seal(h, m->title, group, 60);
	html_raw(h, level == 2 ? "<h2><a href=\"/mc/" : "<h3><a href=\"/mc/");
	html_path(h, m->id);
	html_raw(h, "\" dir=\"auto\"");
	if (m->language[0] != '\0')
		html_attr(h, "lang", m->language);
	html_raw(h, ">");
	html_text(h, m->title);
	html_raw(h, "</a> ");
	if (work != NULL)
		status(h, work);
	html_raw(h, level == 2 ? "</h2>" : "</h3>");
	html_theirs(h, "p", "sm", m->summary);
	if (m->issuer != NULL) {
		html_raw(h, "<p class=\"by\">");
		html_element(h, "bdi", NULL, m->issuer->name);
		html_raw(h, "</p>");
	}
	reasons(h, m, x);
	html_raw(h, "<ul class=\"meta\">");
	rows_hours(h, m->estimated_hours);
	rows_evidence(h, m->evidence_types, m->n_evidence_types);
	rows_rules(h, m->ai_policy, m->collaboration_policy);
	html_raw(h, "</ul></li>\n");
}
