/*
 * publish.h: what a micro-credential must say before anybody may earn it
 * (CAT-5, CAT-6, POL-1, POL-5, SUB-5).
 *
 * Pure: one document in, a list of what stands in the way out. All rules are
 * asked, so that an author sees everything at once.
 */
#ifndef PUBLISH_H
#define PUBLISH_H

#include <stdbool.h>
#include <stddef.h>

#include "common.pb-c.h"

struct arena;

enum {
	PUBLISH_FINDINGS_MAX = 100, /* more are not told */
	PUBLISH_PARTS = 3,
};

struct publish_finding {
	const char *rule; /* constant: "required", "parts", "words", "unique", "component_unaddressed", ... */
	const char *field;   /* JSON path in the document: "parts[1].rubric.criteria" */
	const char *message; /* one sentence without its subject, lower case: "must not be empty" */
};

struct publish_findings {
	struct arena *arena; /* where the texts live */
	struct publish_finding items[PUBLISH_FINDINGS_MAX];
	size_t n;
};

/* The keys of the parts, in their order: overview, work_examples, reflection. */
extern const char *const publish_parts[PUBLISH_PARTS];

/* Is TYPE one of the kinds of evidence that Vouch knows: "video", "student_work", ...? */
bool evidence_type_is_known(const char *type);

/*
 * Fills FINDINGS, whose arena is set and whose n is 0, with every rule that
 * DOCUMENT breaks; none: it may be published. DOCUMENT has passed its bounds
 * (check.h). Costs at most the number of references times the number of
 * components, both bounded there. A text for which the arena has no room is
 * left out, the finding stays (its field is then "").
 */
void publish_checks(const Vouch__MicroCredentialDocument *document, struct publish_findings *findings);

#endif
