/*
 * rubric.h: what the levels that an assessor chose come to (CAT-6, ASM-4).
 *
 * Each part of a micro-credential has criteria, each criterion has levels, some
 * of them passing. An award needs every required criterion at a passing level;
 * otherwise the work is denied. Nothing here reads a call or a database.
 */
#ifndef RUBRIC_H
#define RUBRIC_H

#include <stdbool.h>
#include <stddef.h>

#include "common.pb-c.h"

/* One criterion, and the part of the work that it looks at. Both are borrowed from the document. */
struct rubric_place {
	const Vouch__Part *part;
	const Vouch__Criterion *criterion;
};

/* At most so many criteria count: three parts of thirty (the bounds of common.proto). */
enum { RUBRIC_MAX = 90 };

/* Finds the criterion called ID in DOCUMENT; false when there is none. */
bool rubric_find(const Vouch__MicroCredentialDocument *document, const char *id, struct rubric_place *place);

/* Returns the level called ID of CRITERION; NULL when it has none. */
const Vouch__Level *rubric_level(const Vouch__Criterion *criterion, const char *id);

/*
 * Returns what N SCORES come to: DENIED as soon as one required criterion stands
 * at a level that does not pass, AWARDED when every criterion has its level,
 * OUTCOME_NONE while neither is so, and for a document without criteria.
 */
Vouch__Outcome rubric_outcome(
    const Vouch__MicroCredentialDocument *document, Vouch__Score *const *scores, size_t n);

/* Lists the criteria that none of N SCORES names, in the document's order; returns how many. */
size_t rubric_unscored(const Vouch__MicroCredentialDocument *document, Vouch__Score *const *scores, size_t n,
    struct rubric_place out[static RUBRIC_MAX]);

/*
 * Lists the required criteria that are not met and have no challenge: none of
 * the N_FEEDBACK remarks is a challenge about that criterion or about its part.
 * Returns how many. (ASM-4: who is denied is told what would meet the criterion.)
 */
size_t rubric_unchallenged(const Vouch__MicroCredentialDocument *document, Vouch__Score *const *scores,
    size_t n, Vouch__Feedback *const *feedback, size_t n_feedback,
    struct rubric_place out[static RUBRIC_MAX]);

#endif
