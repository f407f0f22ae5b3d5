#include "json.h"

#include <stdio.h>
#include <string.h>

/* What is wrong, in words of our own: jansson's contain pieces of the text. */
static const char *
sentence(enum json_error_code code)
{
	switch (code) {
	case json_error_null_character:
	case json_error_null_byte_in_key:
		return "a string contains a NUL character";
	case json_error_duplicate_key:
		return "a name occurs twice in one object";
	case json_error_invalid_utf8:
		return "a string is not valid UTF-8";
	case json_error_premature_end_of_input:
		return "the text ends too early";
	case json_error_end_of_input_expected:
		return "something follows the end of the value";
	case json_error_numeric_overflow:
		return "a number is too large";
	case json_error_out_of_memory:
		return "it is too large";
	default:
		return "the syntax is wrong";
	}
}

/* Where the string that begins at I ends: at its quote, or LEN when it has none. Each byte is looked at twice at most. */
static size_t
string_end(const char *data, size_t len, size_t i)
{
	size_t quote = i;

	while (i < len) {
		const char *found;

		if (quote <= i) {
			found = memchr(data + i, '"', len - i);
			quote = found != NULL ? (size_t)(found - data) : len;
		}
		found = memchr(data + i, '\\', quote - i);
		if (found == NULL)
			return quote;
		i = (size_t)(found - data) + 2;
	}
	return len;
}

/*
 * Counts before anything is built: levels, and what takes memory. Strings are
 * skipped; whether the rest is JSON at all is for the parser to say. It takes a
 * NUL byte behind a number for the end of the text, though.
 */
static const char *
measure(const char *data, size_t len)
{
	int level = 0, values = 1;

	if (memchr(data, '\0', len) != NULL)
		return "it contains a NUL character";
	for (size_t i = 0; i < len; i++) {
		char c = data[i];

		if (c == '"') {
			i = string_end(data, len, i + 1);
			continue;
		}
		level += (c == '[' || c == '{') - (c == ']' || c == '}');
		values += c == '[' || c == '{' || c == ',' || c == ':';
		if (level > JSON_LEVELS_MAX)
			return "it is deeper than 32 levels";
		if (values > JSON_VALUES_MAX)
			return "it has more than 200000 values";
	}
	return NULL;
}

json_t *
json_parse(const char *data, size_t len, char why[160])
{
	const char *wrong = measure(data, len);
	json_error_t error;
	json_t *json = NULL;

	why[0] = '\0';
	if (wrong != NULL) {
		snprintf(why, 160, "is not usable JSON: %s", wrong);
		return NULL;
	}
	json = json_loadb(data, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	if (json == NULL)
		snprintf(why, 160, "is not usable JSON: %s (line %d, column %d)",
		    sentence(json_error_code(&error)), error.line, error.column);
	return json;
}
