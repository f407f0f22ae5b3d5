/*
 * requirement.h: which evidence a micro-credential asks for, and what fits (Part 2, EVD-5).
 */
#ifndef REQUIREMENT_H
#define REQUIREMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "common.pb-c.h"

struct arena;

enum {
	EVIDENCE_MAX = 20, /* pieces in one draft */
	TITLE_MAX = 200,   /* bytes of a title */
};

/* Returns the requirement ID of DOCUMENT; NULL when there is none, as for "". */
const Vouch__EvidenceRequirement *requirement_find(
    const Vouch__MicroCredentialDocument *document, const char *id);

/* Returns how many of the N pieces are for REQUIREMENT; IS_GOOD: without those that have a problem. */
int requirement_count(
    const Vouch__EvidenceRequirement *requirement, Vouch__Evidence *const *evidence, size_t n, bool is_good);

/*
 * Does REQUIREMENT take a file called NAME? By its extension, in either case;
 * jpg and jpeg, tif and tiff, htm and html, mpg and mpeg are the same. A
 * requirement that lists no extensions takes every name.
 */
bool requirement_takes(const Vouch__EvidenceRequirement *requirement, const char *name);

/* Are A and B, without a dot in front, the same extension? */
bool extension_is(const char *a, const char *b);

/* Returns the extension of NAME without its dot; "" when it has none. */
const char *name_extension(const char *name);

/*
 * Returns the requirement that a new piece belongs to when nobody has said so:
 * of those that take it (FILE_NAME; NULL for a link), the first that has less than
 * it needs, else the first that has room. NULL: none.
 */
const Vouch__EvidenceRequirement *requirement_choose(const Vouch__MicroCredentialDocument *document,
    Vouch__Evidence *const *evidence, size_t n, const char *file_name);

/*
 * Returns a title for a new piece that came without: that of REQUIREMENT ("Evidence"
 * for NULL), with a number where it takes several, and never one that is there.
 * In ARENA; NULL when that is full.
 */
char *requirement_title(struct arena *arena, const Vouch__EvidenceRequirement *requirement,
    Vouch__Evidence *const *evidence, size_t n);

/* Returns "pdf, docx or odt" in ARENA; NULL when that is full. */
const char *requirement_list(struct arena *arena, const Vouch__EvidenceRequirement *requirement);

#endif
