#include "cursor.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "id.h"
#include "json.h"

enum { CURSOR_SIZE = 4096 }; /* bytes of a cursor, NUL included: more than any field lets in */

char *
cursor_write(struct call *call, const char *const *values, size_t n)
{
	json_t *list = json_array();
	char *cursor = NULL;

	assert(n >= 1 && n <= CURSOR_MAX);
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_string(values[i]));
	char *text = json_array_size(list) == n ? json_dumps(list, JSON_COMPACT) : NULL;
	if (text != NULL) {
		size_t len = strlen(text),
		       size = sodium_base64_encoded_len(len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);

		cursor = arena_alloc(call->arena, size);
		if (cursor != NULL)
			sodium_bin2base64(cursor, size, (unsigned char *)text, len,
			    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
		free(text);
	}
	json_decref(list);
	return cursor;
}

/* The list of N strings that CURSOR is; NULL when it is none. */
static json_t *
decode(const char *cursor, size_t n)
{
	unsigned char text[CURSOR_SIZE];
	size_t len;
	char why[160];
	json_t *list;

	if (sodium_base642bin(text, sizeof(text), cursor, strlen(cursor), NULL, &len, NULL,
		sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
		return NULL;
	list = json_parse((char *)text, len, why);
	bool fits = json_is_array(list) && json_array_size(list) == n;
	for (size_t i = 0; fits && i < n; i++)
		fits = json_is_string(json_array_get(list, i));
	if (!fits) {
		json_decref(list);
		return NULL;
	}
	return list;
}

static bool
refuse_strange(struct call *call)
{
	return refuse_field(call, "cursor", "form", "is not a cursor of this list");
}

bool
cursor_read(struct call *call, const char *cursor, const char **values, size_t n)
{
	bool ok = true;

	assert(n >= 1 && n <= CURSOR_MAX);
	for (size_t i = 0; i < n; i++)
		values[i] = NULL;
	if (cursor == NULL || cursor[0] == '\0')
		return true;
	json_t *list = decode(cursor, n);
	if (list == NULL)
		return refuse_strange(call);
	for (size_t i = 0; i < n; i++) {
		const json_t *value = json_array_get(list, i);

		values[i] = arena_dup(call->arena, json_string_value(value), json_string_length(value));
		ok = ok && values[i] != NULL;
	}
	json_decref(list);
	return ok || refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
}

bool
cursor_number(struct call *call, const char *value, int64_t *number)
{
	char *end = NULL;

	errno = 0;
	*number = strtoll(value, &end, 10);
	return (errno == 0 && end != value && *end == '\0') || refuse_strange(call);
}

bool
cursor_id(struct call *call, const char *value)
{
	return id_is_uuid(value) || refuse_strange(call);
}

int
cursor_limit(int limit)
{
	return limit == 0 ? 25 : limit < 1 ? 1 : limit > 100 ? 100 : limit;
}
