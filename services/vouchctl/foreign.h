/*
 * foreign.h: lines of other catalogs as documents of ours.
 *
 * A foreign line has id and title, and perhaps summary, description, abstract,
 * audience, topics, lang, members. What it does not say (parts, evidence,
 * policies) the catalog fills with its standard.
 */
#ifndef FOREIGN_H
#define FOREIGN_H

#include <jansson.h>

#include "import.h"

enum { SLUG_SIZE = 121 };

/*
 * Writes TEXT as a slug: lower case letters and digits, a hyphen for everything
 * else. What has too few of them for a slug, or is too long, ends in a hash of
 * TEXT, so that two texts do not become one. SUFFIX ("" or a language) goes last.
 */
void slug_make(const char *text, const char *suffix, char slug[static SLUG_SIZE]);

/* Is LINE a document of ours already: has it a key? */
bool is_document(const json_t *line);

/*
 * Which stacks the lines belong to: a line with members (ids of other lines) is a
 * stack for these. An object: id -> [{value, label}]. The caller owns it.
 */
json_t *foreign_stacks(const struct import_lines *lines);

/*
 * Makes a document of LINE, owned by the caller. NULL and a sentence in WHY when
 * it has no id or title. At most 20 audiences, topics and stacks are kept.
 */
json_t *foreign_document(const json_t *line, const json_t *stacks, char why[IMPORT_WHY]);

#endif
