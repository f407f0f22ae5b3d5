#include "publish.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"

enum { PATH_SIZE = 120, HOURS_MAX = 10000 };

const char *const publish_parts[PUBLISH_PARTS] = {"overview", "work_examples", "reflection"};

static const char *const evidence_types[] = {"document", "plan", "student_work", "video", "audio", "image",
	"presentation", "spreadsheet", "data", "observation", "reflection", "assessment", "feedback",
	"survey", "code", "website", "other"};

bool
evidence_type_is_known(const char *type)
{
	for (size_t i = 0; i < sizeof(evidence_types) / sizeof(evidence_types[0]); i++)
		if (strcmp(evidence_types[i], type) == 0)
			return true;
	return false;
}

static void find(struct publish_findings *f, const char *rule, const char *field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void
find(struct publish_findings *f, const char *rule, const char *field, const char *format, ...)
{
	char text[300];
	const char *path, *message;
	va_list ap;

	if (f->n == PUBLISH_FINDINGS_MAX)
		return;
	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	path = arena_dup(f->arena, field, strlen(field));
	message = arena_dup(f->arena, text, strlen(text));
	f->items[f->n++] = (struct publish_finding){
		rule, path != NULL ? path : "", message != NULL ? message : ""};
}

/* "parts[1].prompts[0]" in OUT, which it returns. */
static const char *path_to(char out[static PATH_SIZE], const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static const char *
path_to(char out[static PATH_SIZE], const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(out, PATH_SIZE, format, ap);
	va_end(ap);
	return out;
}

static bool
is_blank(const char *text)
{
	return text[strspn(text, " \t\r\n")] == '\0';
}

static void
check_filled(struct publish_findings *f, const char *field, const char *text)
{
	if (is_blank(text))
		find(f, "required", field, "must not be empty");
}

static void
check_labels(struct publish_findings *f, const char *field, char *const *labels, size_t n)
{
	char path[PATH_SIZE];

	if (n == 0)
		find(f, "required", field, "must name at least one");
	for (size_t i = 0; i < n; i++)
		check_filled(f, path_to(path, "%s[%zu]", field, i), labels[i]);
}

/* ---- ids ----------------------------------------------------------------- */

/* Ids in the order of the document, with the place of each. */
struct ids {
	const char *id[100];
	char path[100][PATH_SIZE];
	size_t n;
};

/* Tells of an empty one and of one that was there before; else keeps it. */
static void
take_id(struct publish_findings *f, struct ids *ids, const char *id, const char *path)
{
	char field[PATH_SIZE];

	path_to(field, "%.100s.id", path);
	if (is_blank(id)) {
		find(f, "required", field, "must not be empty");
		return;
	}
	for (size_t i = 0; i < ids->n; i++)
		if (strcmp(ids->id[i], id) == 0) {
			find(f, "unique", field, "\"%s\" is the id of %s too", id, ids->path[i]);
			return;
		}
	if (ids->n == sizeof(ids->id) / sizeof(ids->id[0]))
		return;
	ids->id[ids->n] = id;
	path_to(ids->path[ids->n++], "%.100s", path);
}

static void
check_level_ids(struct publish_findings *f, const Vouch__Criterion *criterion, const char *path)
{
	struct ids ids = {.n = 0};
	char field[PATH_SIZE];

	for (size_t i = 0; i < criterion->n_levels; i++)
		take_id(f, &ids, criterion->levels[i]->id, path_to(field, "%.80s.levels[%zu]", path, i));
}

/* A score names its criterion by the id alone: it must be unique over all parts. */
static void
check_ids(struct publish_findings *f, const Vouch__MicroCredentialDocument *d)
{
	struct ids components = {.n = 0}, prompts = {.n = 0}, criteria = {.n = 0}, requirements = {.n = 0};
	char path[PATH_SIZE];

	for (size_t i = 0; i < d->n_method_components; i++)
		take_id(
		    f, &components, d->method_components[i]->id, path_to(path, "methodComponents[%zu]", i));
	for (size_t i = 0; i < d->n_evidence_requirements; i++)
		take_id(f, &requirements, d->evidence_requirements[i]->id,
		    path_to(path, "evidenceRequirements[%zu]", i));
	for (size_t p = 0; p < d->n_parts; p++) {
		const Vouch__Part *part = d->parts[p];

		for (size_t i = 0; i < part->n_prompts; i++)
			take_id(f, &prompts, part->prompts[i]->id,
			    path_to(path, "parts[%zu].prompts[%zu]", p, i));
		for (size_t i = 0; part->rubric != NULL && i < part->rubric->n_criteria; i++) {
			path_to(path, "parts[%zu].rubric.criteria[%zu]", p, i);
			take_id(f, &criteria, part->rubric->criteria[i]->id, path);
			check_level_ids(f, part->rubric->criteria[i], path);
		}
	}
}

/* ---- parts and rubrics (CAT-6) --------------------------------------------- */

static void
check_criterion(struct publish_findings *f, const Vouch__Criterion *c, const char *path)
{
	char field[PATH_SIZE];
	size_t passing = 0;

	path_to(field, "%.100s.levels", path);
	for (size_t i = 0; i < c->n_levels; i++)
		passing += c->levels[i]->passing;
	if (c->n_levels == 0)
		find(f, "criterion_without_level", field, "must have at least two levels");
	else if (passing == 0)
		find(f, "no_passing_level", field, "must have a level that passes");
	else if (passing == c->n_levels)
		find(f, "only_passing_levels", field, "must have a level that does not pass");
}

static void
check_part(struct publish_findings *f, const Vouch__Part *part, size_t p)
{
	char path[PATH_SIZE];

	if (part->min_words < 0 || part->max_words < 0)
		find(f, "words", path_to(path, "parts[%zu].minWords", p), "word limits must not be negative");
	else if (part->max_words > 0 && part->min_words > part->max_words)
		find(f, "words", path_to(path, "parts[%zu].minWords", p),
		    "must not be more than maxWords, %d", part->max_words);
	if (part->rubric == NULL || part->rubric->n_criteria == 0)
		find(f, "part_without_criterion", path_to(path, "parts[%zu].rubric.criteria", p),
		    "the part %s must have a criterion", part->key);
	for (size_t i = 0; part->rubric != NULL && i < part->rubric->n_criteria; i++)
		check_criterion(
		    f, part->rubric->criteria[i], path_to(path, "parts[%zu].rubric.criteria[%zu]", p, i));
}

static void
check_parts(struct publish_findings *f, const Vouch__MicroCredentialDocument *d)
{
	bool in_order = d->n_parts == PUBLISH_PARTS;

	for (size_t i = 0; i < d->n_parts; i++) {
		in_order = in_order && strcmp(d->parts[i]->key, publish_parts[i]) == 0;
		check_part(f, d->parts[i], i);
	}
	if (!in_order)
		find(f, "parts", "parts", "must be overview, work_examples and reflection, in this order");
}

/* ---- components (CAT-5) ------------------------------------------------------ */

/* Marks the components that REFS name; tells of those that do not exist. */
static void
address(struct publish_findings *f, const Vouch__MicroCredentialDocument *d, bool *addressed,
    char *const *refs, size_t n, const char *path)
{
	char field[PATH_SIZE];

	for (size_t i = 0; i < n; i++) {
		bool exists = false;

		for (size_t c = 0; c < d->n_method_components; c++)
			if (strcmp(d->method_components[c]->id, refs[i]) == 0)
				exists = addressed[c] = true;
		if (!exists)
			find(f, "component_unknown", path_to(field, "%.90s.components[%zu]", path, i),
			    "there is no method component with this id");
	}
}

static void
check_components(struct publish_findings *f, const Vouch__MicroCredentialDocument *d)
{
	bool addressed[64] = {false};
	char path[PATH_SIZE];

	if (d->n_method_components > sizeof(addressed))
		return; /* its bound is 20 */
	for (size_t p = 0; p < d->n_parts; p++) {
		const Vouch__Part *part = d->parts[p];

		for (size_t i = 0; i < part->n_prompts; i++)
			address(f, d, addressed, part->prompts[i]->components, part->prompts[i]->n_components,
			    path_to(path, "parts[%zu].prompts[%zu]", p, i));
		for (size_t i = 0; part->rubric != NULL && i < part->rubric->n_criteria; i++)
			address(f, d, addressed, part->rubric->criteria[i]->components,
			    part->rubric->criteria[i]->n_components,
			    path_to(path, "parts[%zu].rubric.criteria[%zu]", p, i));
	}
	for (size_t c = 0; c < d->n_method_components; c++)
		if (!addressed[c])
			find(f, "component_unaddressed", path_to(path, "methodComponents[%zu]", c),
			    "no prompt and no criterion looks at this component");
}

/* ---- evidence and policies ------------------------------------------------------ */

static void
check_evidence(struct publish_findings *f, const Vouch__MicroCredentialDocument *d)
{
	char path[PATH_SIZE];

	for (size_t i = 0; i < d->n_evidence_requirements; i++) {
		const Vouch__EvidenceRequirement *r = d->evidence_requirements[i];

		if (!evidence_type_is_known(r->evidence_type))
			find(f, "evidence_type", path_to(path, "evidenceRequirements[%zu].evidenceType", i),
			    "is none of the kinds of evidence that are known");
		if (r->max < 1 || r->min < 0)
			find(f, "evidence_range", path_to(path, "evidenceRequirements[%zu].max", i),
			    "must allow at least one piece of evidence");
		else if (r->min > r->max)
			find(f, "evidence_range", path_to(path, "evidenceRequirements[%zu].min", i),
			    "must not be more than max, %d", r->max);
	}
}

static bool
is_requirement(const Vouch__MicroCredentialDocument *d, const char *id)
{
	for (size_t i = 0; i < d->n_evidence_requirements; i++)
		if (strcmp(d->evidence_requirements[i]->id, id) == 0)
			return true;
	return false;
}

/* POL-1: shared artifacts are named requirements, and only that policy has them. */
static void
check_collaboration(struct publish_findings *f, const Vouch__MicroCredentialDocument *d)
{
	bool shares = d->collaboration_policy == VOUCH__COLLABORATION_POLICY__ALLOWED_SHARED_ARTIFACTS;
	char path[PATH_SIZE];

	if (d->collaboration_policy != VOUCH__COLLABORATION_POLICY__INDIVIDUAL &&
	    is_blank(d->collaboration_note))
		find(f, "policy_note", "collaborationNote", "must say what collaboration is allowed");
	if (shares && d->n_shared_artifacts == 0)
		find(f, "shared_artifacts", "sharedArtifacts", "must name the evidence that may be shared");
	if (!shares && d->n_shared_artifacts > 0)
		find(f, "shared_artifacts", "sharedArtifacts", "need the policy allowed_shared_artifacts");
	for (size_t i = 0; i < d->n_shared_artifacts; i++)
		if (!is_requirement(d, d->shared_artifacts[i]))
			find(f, "shared_artifacts", path_to(path, "sharedArtifacts[%zu]", i),
			    "there is no evidence requirement with this id");
}

static void
check_policies(struct publish_findings *f, const Vouch__MicroCredentialDocument *d)
{
	check_collaboration(f, d);
	if (d->ai_policy != VOUCH__AI_POLICY__PROHIBITED && is_blank(d->ai_note))
		find(f, "policy_note", "aiNote",
		    "must say what use of AI is allowed and what is to be disclosed");
	if (d->resubmission_policy == VOUCH__RESUBMISSION_POLICY__UNLIMITED)
		return;
	if (d->resubmission_limit < 1)
		find(f, "resubmission_limit", "resubmissionLimit", "must be at least 1 under this policy");
	if (is_blank(d->resubmission_note))
		find(f, "policy_note", "resubmissionNote", "must say how one may submit again");
}

void
publish_checks(const Vouch__MicroCredentialDocument *d, struct publish_findings *f)
{
	check_filled(f, "title", d->title);
	check_filled(f, "summary", d->summary);
	check_labels(f, "audiences", d->audiences, d->n_audiences);
	check_labels(f, "topics", d->topics, d->n_topics);
	if (!(d->estimated_hours >= 0 && d->estimated_hours <= HOURS_MAX))
		find(f, "hours", "estimatedHours", "must be 0 to %d", HOURS_MAX);
	check_parts(f, d);
	check_ids(f, d);
	check_components(f, d);
	check_evidence(f, d);
	check_policies(f, d);
}
