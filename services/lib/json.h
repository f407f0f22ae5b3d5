/*
 * json.h: protobuf messages as JSON, by their descriptors and bounds.
 *
 * Names are lowerCamelCase. Times are RFC 3339 in UTC, enums are lower case
 * words, int64 is a number up to 2^53. A message, a time or a list that is not
 * set is left out; so is an empty string, a zero or a false whose field says
 * "absent". Fields that are "inner", "cookie", "session" or have a source never
 * stand in JSON for clients. An unknown name in a request is an error: a typo
 * must not look like a default.
 */
#ifndef JSON_H
#define JSON_H

#include <jansson.h>

#include "call.h"

/*
 * Returns MESSAGE as a new object, owned by the caller. STORED: for a jsonb
 * column, with inner fields and without leaving anything out. NULL when memory
 * is short or a "raw" field does not hold JSON.
 */
json_t *json_from(const ProtobufCMessage *message, bool stored);

/*
 * Fills MESSAGE, already initialised, from an object. Every wrong field is told
 * through refuse_field (MALFORMED for unknown names and wrong types). STORED:
 * from a jsonb column; unknown names are skipped, as an older version may have
 * written them. PATH is put in front of field names; "" at the top.
 */
bool json_into(struct call *call, const json_t *json, ProtobufCMessage *message, const char *path, bool stored);

/*
 * Sets the field with the JSON name (or proto name) NAME from the TEXT of a
 * path or query parameter; a repeated field gets one item more.
 */
bool json_set_text(struct call *call, ProtobufCMessage *message, const char *name, const char *text);

/* Parses LEN bytes: one value, no duplicate names, no NUL, at most 32 levels deep. NULL and a sentence in WHY. */
json_t *json_parse(const char *data, size_t len, char why[160]);

#endif
