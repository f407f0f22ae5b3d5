/*
 * checks.h: everything that the rules say of a draft (DRF-7), and what stands in
 * the way of handing it in (SUB-1). One engine for both, so that handing in never
 * fails for something that the list called fine (N-4).
 *
 * A check is a function in check_NAME.c and a row of the table in checks.c. It
 * reads a draft and adds what it has found; it knows no call and no database, and
 * the same draft always gives the same findings.
 */
#ifndef CHECKS_H
#define CHECKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common.pb-c.h"
#include "submission.pb-c.h"

struct arena;

enum { FINDINGS_MAX = 300 };

/* What is looked at. All is borrowed; DOCUMENT and DECLARATIONS are never NULL. */
struct draft {
	const Vouch__MicroCredentialDocument *document; /* of the pinned version */
	const char *intake;                             /* of the micro-credential: "published" takes work */
	int attempt;                                    /* 1 for the first */
	int64_t now;                                    /* microseconds since 1970 */
	Vouch__PartText *const *parts;
	size_t n_parts;
	Vouch__Evidence *const *evidence;
	size_t n_evidence;
	const Vouch__Declarations *declarations;
};

enum {
	BLOCKS = VOUCH__CHECK__SEVERITY__BLOCKS,
	WARNS = VOUCH__CHECK__SEVERITY__WARNS,
	PASSES = VOUCH__CHECK__SEVERITY__PASSES,
};

/* One line of the list. MESSAGE is a sentence for the earner; the others are NULL where they say nothing. */
struct finding {
	const char *rule; /* constant */
	int severity;     /* BLOCKS, WARNS, PASSES: the numbers of Check */
	const char *message, *excerpt;
	const char *part;        /* which part it is about ... */
	const char *evidence_id; /* ... or which piece of evidence */
	const char *field;       /* dotted JSON name; whatever blocks has one */
};

struct findings {
	struct arena *arena; /* for messages; set by the caller */
	struct finding *list;
	size_t n;             /* at most FINDINGS_MAX */
	size_t n_blocks;      /* of them and of those past the bound */
	bool is_complete;     /* false: a bound or the arena's ceiling was reached */
	const char *rule;     /* of the check that runs */
	struct finding spill; /* takes what finds no room */
};

/*
 * Runs every check on DRAFT: what blocks first, what passes as one line for each
 * rule. FOUND->arena is set before. False: the arena is full, and the list says
 * nothing.
 */
bool checks_run(const struct draft *draft, struct findings *found);

/* The same without the rules that only ever warn, and without lines for what passes: what handing in asks. */
bool checks_run_blocking(const struct draft *draft, struct findings *found);

/* ---- for checks ---------------------------------------------------------------- */

/*
 * Adds a finding of the running check; FORMAT makes its message. Returns it, never
 * NULL, so that the check can say what it is about.
 */
struct finding *finding_add(struct findings *found, int severity, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Returns a formatted string of the findings' arena; "" when that is full, which is remembered. */
const char *finding_text(struct findings *found, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Does TEXT hold anything but white space? */
bool text_is_there(const char *text);

/* The checks, in the order of the table. True: the rule has nothing to say. */
bool check_intake(const struct draft *draft, struct findings *found);
bool check_part_text(const struct draft *draft, struct findings *found);
bool check_word_limit(const struct draft *draft, struct findings *found);
bool check_evidence_count(const struct draft *draft, struct findings *found);
bool check_evidence_type(const struct draft *draft, struct findings *found);
bool check_evidence_checked(const struct draft *draft, struct findings *found);
bool check_evidence_readable(const struct draft *draft, struct findings *found);
bool check_link_open(const struct draft *draft, struct findings *found);
bool check_collaboration(const struct draft *draft, struct findings *found);
bool check_ai_disclosure(const struct draft *draft, struct findings *found);
bool check_care(const struct draft *draft, struct findings *found);
bool check_own_work(const struct draft *draft, struct findings *found);
bool check_personal(const struct draft *draft, struct findings *found);
bool check_evidence_title(const struct draft *draft, struct findings *found);
bool check_evidence_twice(const struct draft *draft, struct findings *found);
bool check_coach(const struct draft *draft, struct findings *found);

#endif
