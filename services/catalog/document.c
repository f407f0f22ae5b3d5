#include "document.h"

#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "publish.h"

size_t
document_size(const Vouch__MicroCredentialDocument *document)
{
	return vouch__micro_credential_document__get_packed_size(document);
}

static bool
is_blank(const char *text)
{
	return text[strspn(text, " \t\r\n")] == '\0';
}

/* ---- ids ------------------------------------------------------------------- */

/* Where the ids of one kind are, in the order of the document. */
struct numbered {
	char **ids[100]; /* 3 parts x 30 criteria is the most that the proto allows */
	size_t n;
};

static void
add(struct numbered *list, char **id)
{
	if (list->n < sizeof(list->ids) / sizeof(list->ids[0]))
		list->ids[list->n++] = id;
}

static bool
is_taken(const struct numbered *list, const char *id)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(*list->ids[i], id) == 0)
			return true;
	return false;
}

static bool
number(struct arena *arena, const struct numbered *list, char letter)
{
	size_t next = 1;

	for (size_t i = 0; i < list->n; i++) {
		char id[24];

		if (!is_blank(*list->ids[i]))
			continue;
		do
			snprintf(id, sizeof(id), "%c%zu", letter, next++);
		while (is_taken(list, id)); /* at most n of them are */
		*list->ids[i] = arena_dup(arena, id, strlen(id));
		if (*list->ids[i] == NULL)
			return false;
	}
	return true;
}

static bool
number_levels(struct arena *arena, Vouch__Criterion *criterion)
{
	struct numbered levels = {.n = 0};

	for (size_t i = 0; i < criterion->n_levels; i++)
		add(&levels, &criterion->levels[i]->id);
	return number(arena, &levels, 'l');
}

bool
document_number(struct arena *arena, Vouch__MicroCredentialDocument *d)
{
	struct numbered components = {.n = 0}, prompts = {.n = 0}, criteria = {.n = 0},
			requirements = {.n = 0};
	bool ok = true;

	for (size_t i = 0; i < d->n_method_components; i++)
		add(&components, &d->method_components[i]->id);
	for (size_t i = 0; i < d->n_evidence_requirements; i++)
		add(&requirements, &d->evidence_requirements[i]->id);
	for (size_t p = 0; p < d->n_parts; p++) {
		Vouch__Part *part = d->parts[p];

		for (size_t i = 0; i < part->n_prompts; i++)
			add(&prompts, &part->prompts[i]->id);
		for (size_t i = 0; part->rubric != NULL && i < part->rubric->n_criteria; i++) {
			add(&criteria, &part->rubric->criteria[i]->id);
			ok = number_levels(arena, part->rubric->criteria[i]) && ok;
		}
	}
	return ok && number(arena, &components, 'm') && number(arena, &prompts, 'p') &&
	    number(arena, &criteria, 'c') && number(arena, &requirements, 'e');
}

/* ---- the standard parts ------------------------------------------------------- */

struct standard_level {
	const char *title, *description;
};

/* What a part is when its issuer did not say: the first level passes, the others do not. */
struct standard_part {
	const char *title, *introduction, *prompt, *criterion;
	int min_words, max_words;
	struct standard_level levels[3];
	size_t n_levels;
};

static const struct standard_part standard_parts[PUBLISH_PARTS] = {
	{
		"Part 1: Overview",
		"Introduce your setting and what you set out to do.",
		"Describe where you used this practice, with whom, and what you wanted to reach.",
		"Context and purpose",
		100,
		500,
		{{"Passing",
			 "The setting, the people and the purpose are described so that the work can be understood."},
			{"Not yet", "The setting, the people or the purpose remain unclear."}},
		2,
	},
	{
		"Part 2: Work Examples",
		"Show the practice by what you made or did.",
		"Explain what each piece of evidence shows and how it follows the method.",
		"Practice shown in the evidence",
		100,
		1000,
		{{"Demonstrated", "The evidence shows every component of the method in use."},
			{"Developing",
				"The evidence shows the method in part, or leaves a component to be guessed."},
			{"Not yet", "The evidence does not show the method in use."}},
		3,
	},
	{
		"Part 3: Reflection",
		"Look back on what happened.",
		"What did you learn from using this practice, and what will you do differently?",
		"Learning from practice",
		100,
		500,
		{{"Passing", "Draws on what happened to say what was learned and what will change."},
			{"Not yet",
				"Retells what happened, or judges it without a reason or a consequence."}},
		2,
	},
};

static Vouch__Rubric *
standard_rubric(struct arena *arena, const Vouch__MicroCredentialDocument *d, const struct standard_part *s)
{
	Vouch__Rubric *rubric = arena_alloc(arena, sizeof(*rubric));
	Vouch__Criterion **list = arena_alloc(arena, sizeof(*list)), *c = arena_alloc(arena, sizeof(*c));
	char **components = arena_alloc(arena, (d->n_method_components + 1) * sizeof(*components));

	if (rubric == NULL || list == NULL || c == NULL || components == NULL)
		return NULL;
	vouch__rubric__init(rubric);
	vouch__criterion__init(c);
	rubric->criteria = list;
	rubric->n_criteria = 1;
	list[0] = c;
	c->title = (char *)s->criterion;
	c->required = true;
	for (size_t i = 0; i < d->n_method_components; i++)
		components[i] = d->method_components[i]->id;
	c->components = components;
	c->n_components = d->n_method_components;
	c->levels = arena_alloc(arena, s->n_levels * sizeof(*c->levels));
	for (size_t i = 0; c->levels != NULL && i < s->n_levels; i++) {
		Vouch__Level *level = c->levels[c->n_levels++] = arena_alloc(arena, sizeof(*level));

		if (level == NULL)
			return NULL;
		vouch__level__init(level);
		level->title = (char *)s->levels[i].title;
		level->description = (char *)s->levels[i].description;
		level->passing = i == 0;
	}
	return c->levels != NULL ? rubric : NULL;
}

static Vouch__Part *
standard_part(struct arena *arena, size_t i)
{
	const struct standard_part *s = &standard_parts[i];
	Vouch__Part *part = arena_alloc(arena, sizeof(*part));
	Vouch__Prompt **prompts = arena_alloc(arena, sizeof(*prompts)),
		      *prompt = arena_alloc(arena, sizeof(*prompt));

	if (part == NULL || prompts == NULL || prompt == NULL)
		return NULL;
	vouch__part__init(part);
	vouch__prompt__init(prompt);
	prompt->text = (char *)s->prompt;
	prompts[0] = prompt;
	part->key = (char *)publish_parts[i];
	part->title = (char *)s->title;
	part->introduction = (char *)s->introduction;
	part->prompts = prompts;
	part->n_prompts = 1;
	part->min_words = s->min_words;
	part->max_words = s->max_words;
	return part;
}

static bool
fill_parts(struct arena *arena, Vouch__MicroCredentialDocument *d)
{
	d->parts = arena_alloc(arena, PUBLISH_PARTS * sizeof(*d->parts));
	for (size_t i = 0; d->parts != NULL && i < PUBLISH_PARTS; i++) {
		d->parts[d->n_parts++] = standard_part(arena, i);
		if (d->parts[i] == NULL)
			return false;
	}
	return d->parts != NULL;
}

/* The standard of the part called KEY; NULL for a key that no part has, which publish_checks() tells. */
static const struct standard_part *
standard_of(const char *key)
{
	for (size_t i = 0; i < PUBLISH_PARTS; i++)
		if (strcmp(publish_parts[i], key) == 0)
			return &standard_parts[i];
	return NULL;
}

static bool
fill_rubrics(struct arena *arena, Vouch__MicroCredentialDocument *d, bool *standard)
{
	for (size_t i = 0; i < d->n_parts; i++) {
		Vouch__Part *part = d->parts[i];
		const struct standard_part *s = standard_of(part->key);

		if (s == NULL || (part->rubric != NULL && part->rubric->n_criteria > 0))
			continue;
		*standard = true;
		part->rubric = standard_rubric(arena, d, s);
		if (part->rubric == NULL)
			return false;
	}
	return true;
}

/* ---- evidence and policies -------------------------------------------------------- */

static bool
fill_evidence(struct arena *arena, Vouch__MicroCredentialDocument *d)
{
	Vouch__EvidenceRequirement *r = arena_alloc(arena, sizeof(*r));

	for (size_t i = 0; i < d->n_evidence_requirements; i++)
		if (d->evidence_requirements[i]->max == 0)
			d->evidence_requirements[i]->max = d->evidence_requirements[i]->min > 1 ?
			    d->evidence_requirements[i]->min :
			    1;
	if (d->n_evidence_requirements > 0)
		return true;
	d->evidence_requirements = arena_alloc(arena, sizeof(*d->evidence_requirements));
	if (r == NULL || d->evidence_requirements == NULL)
		return false;
	vouch__evidence_requirement__init(r);
	r->title = "Evidence of the practice";
	r->description = "What you made or did, so that an assessor can see the practice in use.";
	r->evidence_type = "document";
	r->min = 1;
	r->max = 5;
	d->evidence_requirements[0] = r;
	d->n_evidence_requirements = 1;
	return true;
}

static void
fill_notes(Vouch__MicroCredentialDocument *d)
{
	if (d->collaboration_policy != VOUCH__COLLABORATION_POLICY__INDIVIDUAL &&
	    is_blank(d->collaboration_note))
		d->collaboration_note = "You may work with colleagues. Declare the collaboration in Part 1; "
					"Parts 1 and 3 are your own words.";
	if (d->ai_policy != VOUCH__AI_POLICY__PROHIBITED && is_blank(d->ai_note))
		d->ai_note = "Say whether you used AI, for what, how, and what you changed afterwards.";
	if (d->resubmission_policy != VOUCH__RESUBMISSION_POLICY__UNLIMITED && is_blank(d->resubmission_note))
		d->resubmission_note =
		    "You may revise your work and submit it again within the limit given here.";
}

bool
document_complete(struct arena *arena, Vouch__MicroCredentialDocument *d, bool *standard)
{
	*standard = d->n_parts == 0;
	if (d->n_parts == 0 && !fill_parts(arena, d))
		return false;
	if (!fill_rubrics(arena, d, standard) || !fill_evidence(arena, d))
		return false;
	fill_notes(d);
	return document_number(arena, d);
}
