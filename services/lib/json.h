/*
 * json.h: protobuf messages as JSON, by their descriptors and bounds.
 *
 * Names are lowerCamelCase. Times are RFC 3339 in UTC, enums are lower case
 * words, int64 is a number up to 2^53, bytes are base64. Lists are always
 * there; a message or a time that is not set is left out; so is an empty
 * string, an empty list, a zero or a false whose field says "absent". Fields
 * that are "inner", "cookie", "session" or have a source never stand in JSON
 * for clients. An unknown name in a request is an error: a typo must not look
 * like a default.
 */
#ifndef JSON_H
#define JSON_H

#include <jansson.h>

#include "call.h"

/*
 * Returns MESSAGE as a new object, owned by the caller. STORED: for a jsonb
 * column, with inner fields and without leaving zeros out. NULL when memory is
 * short, or a value has no JSON: a string that is not UTF-8, a "raw" field that
 * does not hold JSON, a number that is not finite, a time before year 1 or
 * after 9999.
 */
json_t *json_from(const ProtobufCMessage *message, bool stored);

/*
 * Fills MESSAGE, already initialised, from an object. Every wrong field is told
 * by its path, up to 100 of them: MALFORMED for unknown names and wrong types,
 * INVALID for a list that is longer than its bound (its items are not looked
 * at). Times may have any offset; whole numbers may be written 2.0; null is as
 * good as absent. What the fields may hold is asked by check.h, not here.
 *
 * STORED: from a jsonb column. Unknown names are skipped, as an older version
 * may have written them; anything else that does not fit is refused INTERNAL.
 * PATH is put in front of field names; "" at the top.
 */
bool json_into(
    struct call *call, const json_t *json, ProtobufCMessage *message, const char *path, bool stored);

/*
 * Sets the field with the JSON name (or proto name) NAME from the TEXT of a
 * path or query parameter; a repeated field gets one item more, up to its bound.
 * False: refused, MALFORMED, for an unknown name or what is no value of the type.
 */
bool json_set_text(struct call *call, ProtobufCMessage *message, const char *name, const char *text);

enum {
	JSON_LEVELS_MAX = 32,
	JSON_VALUES_MAX = 200000, /* values and names: jansson takes some 100 bytes for each */
};

/*
 * Parses LEN bytes: one value, valid UTF-8, no duplicate names, no NUL even as
 * \u0000, at most JSON_LEVELS_MAX deep and JSON_VALUES_MAX large; numbers that
 * neither int64 nor double can hold are refused. The caller owns what it
 * returns; NULL and a sentence, without a word of the text itself, in WHY.
 */
json_t *json_parse(const char *data, size_t len, char why[160]);

#endif
