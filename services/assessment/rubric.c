#include "rubric.h"

#include <string.h>

/* The Ith criterion of DOCUMENT, counted through all parts; false past the last. */
static bool
place_at(const Vouch__MicroCredentialDocument *document, size_t i, struct rubric_place *place)
{
	if (i >= RUBRIC_MAX)
		return false;
	for (size_t p = 0; p < document->n_parts; p++) {
		const Vouch__Part *part = document->parts[p];
		size_t n = part->rubric != NULL ? part->rubric->n_criteria : 0;

		if (i < n) {
			*place = (struct rubric_place){part, part->rubric->criteria[i]};
			return true;
		}
		i -= n;
	}
	return false;
}

bool
rubric_find(const Vouch__MicroCredentialDocument *document, const char *id, struct rubric_place *place)
{
	for (size_t i = 0; place_at(document, i, place); i++)
		if (strcmp(place->criterion->id, id) == 0)
			return true;
	return false;
}

const Vouch__Level *
rubric_level(const Vouch__Criterion *criterion, const char *id)
{
	for (size_t i = 0; i < criterion->n_levels; i++)
		if (strcmp(criterion->levels[i]->id, id) == 0)
			return criterion->levels[i];
	return NULL;
}

/* The level that SCORES choose for CRITERION; NULL: none, or one that it does not have. */
static const Vouch__Level *
chosen(const Vouch__Criterion *criterion, Vouch__Score *const *scores, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(scores[i]->criterion_id, criterion->id) == 0)
			return rubric_level(criterion, scores[i]->level_id);
	return NULL;
}

static bool
is_failed(const Vouch__Criterion *criterion, Vouch__Score *const *scores, size_t n)
{
	const Vouch__Level *level = chosen(criterion, scores, n);

	return criterion->required && level != NULL && !level->passing;
}

Vouch__Outcome
rubric_outcome(const Vouch__MicroCredentialDocument *document, Vouch__Score *const *scores, size_t n)
{
	struct rubric_place place;
	bool complete = true;
	size_t i;

	for (i = 0; place_at(document, i, &place); i++) {
		if (is_failed(place.criterion, scores, n))
			return VOUCH__OUTCOME__DENIED;
		complete = complete && chosen(place.criterion, scores, n) != NULL;
	}
	return complete && i > 0 ? VOUCH__OUTCOME__AWARDED : VOUCH__OUTCOME__OUTCOME_NONE;
}

size_t
rubric_unscored(const Vouch__MicroCredentialDocument *document, Vouch__Score *const *scores, size_t n,
    struct rubric_place out[static RUBRIC_MAX])
{
	struct rubric_place place;
	size_t found = 0;

	for (size_t i = 0; place_at(document, i, &place); i++)
		if (chosen(place.criterion, scores, n) == NULL)
			out[found++] = place;
	return found;
}

static bool
is_challenged(const struct rubric_place *place, Vouch__Feedback *const *feedback, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const Vouch__Feedback *f = feedback[i];

		if (f->kind != VOUCH__FEEDBACK_KIND__CHALLENGE)
			continue;
		if (strcmp(f->criterion_id, place->criterion->id) == 0)
			return true;
		/* What is said about one criterion of a part does not answer for another. */
		if (f->criterion_id[0] == '\0' && strcmp(f->part, place->part->key) == 0)
			return true;
	}
	return false;
}

size_t
rubric_unchallenged(const Vouch__MicroCredentialDocument *document, Vouch__Score *const *scores, size_t n,
    Vouch__Feedback *const *feedback, size_t n_feedback, struct rubric_place out[static RUBRIC_MAX])
{
	struct rubric_place place;
	size_t found = 0;

	for (size_t i = 0; place_at(document, i, &place); i++)
		if (is_failed(place.criterion, scores, n) && !is_challenged(&place, feedback, n_feedback))
			out[found++] = place;
	return found;
}
