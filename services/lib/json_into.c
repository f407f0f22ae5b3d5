/* json_into.c: JSON to messages. */
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "db.h"
#include "field.h"
#include "instant.h"
#include "json.h"

enum { LIST_MAX = 1000, TOLD_MAX = 100 };

/* 2^53: up to here every whole number is a double of its own, as JavaScript needs it. */
#define SAFE_MAX (INT64_C(1) << 53)

/* One object on its way into one message. */
struct reader {
	struct call *call;
	bool stored;
	int told;
};

static bool tell(struct reader *reader, const struct field_path *path, const char *rule, const char *format,
    ...) __attribute__((format(printf, 4, 5)));

static bool
tell(struct reader *reader, const struct field_path *path, const char *rule, const char *format, ...)
{
	char text[200], where[FIELD_PATH_SIZE];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	reader->told++;
	field_path_write(path, where);
	if (reader->stored)
		return refuse(reader->call, VOUCH__STATUS__INTERNAL, "a stored record cannot be read: %s %s",
		    where, text);
	/* The first refusal gives the status; refuse_field() adds the entry. */
	if (strcmp(rule, "max") != 0)
		refuse(reader->call, VOUCH__STATUS__MALFORMED, "%s%s%s", where, where[0] != '\0' ? " " : "",
		    text);
	return refuse_field(reader->call, where, rule, "%s", text);
}

static bool
no_room(struct reader *reader)
{
	reader->told = TOLD_MAX;
	return refuse(reader->call, reader->stored ? VOUCH__STATUS__INTERNAL : VOUCH__STATUS__MALFORMED,
	    "the request is too large");
}

static bool
into_text(
    struct reader *reader, const struct field_path *path, const struct bound *b, const json_t *v, void *p)
{
	char *copy;

	if (b->raw) {
		size_t len = json_dumpb(v, NULL, 0, JSON_COMPACT | JSON_ENCODE_ANY);

		copy = arena_alloc(reader->call->arena, len + 1);
		if (copy == NULL)
			return no_room(reader);
		json_dumpb(v, copy, len, JSON_COMPACT | JSON_ENCODE_ANY);
	} else {
		if (!json_is_string(v))
			return tell(reader, path, "type", "must be a string");
		if (strlen(json_string_value(v)) != json_string_length(v))
			return tell(reader, path, "type", "contains a NUL character");
		copy = arena_dup(reader->call->arena, json_string_value(v), json_string_length(v));
		if (copy == NULL)
			return no_room(reader);
	}
	*(char **)p = copy;
	return true;
}

static bool
into_bytes(struct reader *reader, const struct field_path *path, const json_t *v, void *p)
{
	size_t len = json_string_length(v);
	ProtobufCBinaryData bytes = {.data = arena_alloc(reader->call->arena, len + 1)};
	const char *text = json_string_value(v);

	if (bytes.data == NULL)
		return no_room(reader);
	if (text == NULL ||
	    sodium_base642bin(
		bytes.data, len + 1, text, len, NULL, &bytes.len, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
		return tell(reader, path, "type", "must be a base64 string");
	*(ProtobufCBinaryData *)p = bytes;
	return true;
}

/* Takes a whole number of MIN..MAX; 2.0 is one too. */
static bool
into_whole(struct reader *reader, const struct field_path *path, const json_t *v, int64_t min, int64_t max,
    int64_t *out)
{
	double real = json_real_value(v);

	if (json_is_real(v) && floor(real) == real && fabs(real) <= (double)SAFE_MAX)
		*out = (int64_t)real;
	else if (json_is_integer(v))
		*out = json_integer_value(v);
	else
		return tell(reader, path, "type", "must be a whole number");
	if (*out < min || *out > max)
		return tell(reader, path, "type", "must be a whole number of %lld to %lld", (long long)min,
		    (long long)max);
	return true;
}

static bool
into_number(
    struct reader *reader, const struct field_path *path, ProtobufCType type, const json_t *v, void *p)
{
	int64_t most = reader->stored ? INT64_MAX : SAFE_MAX, n = 0;
	int64_t least = reader->stored ? INT64_MIN : -SAFE_MAX;

	switch (type) {
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
		if (!into_whole(reader, path, v, INT32_MIN, INT32_MAX, &n))
			return false;
		*(int32_t *)p = (int32_t)n;
		return true;
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
		if (!into_whole(reader, path, v, 0, UINT32_MAX, &n))
			return false;
		*(uint32_t *)p = (uint32_t)n;
		return true;
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
		least = 0;
		/* fall through */
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
		if (!into_whole(reader, path, v, least, most, &n))
			return false;
		*(int64_t *)p = n;
		return true;
	default:
		if (!json_is_number(v))
			return tell(reader, path, "type", "must be a number");
		if (type == PROTOBUF_C_TYPE_FLOAT)
			*(float *)p = (float)json_number_value(v);
		else
			*(double *)p = json_number_value(v);
		return true;
	}
}

static bool
into_enum(struct reader *reader, const struct field_path *path, const ProtobufCEnumDescriptor *type,
    const json_t *v, void *p)
{
	char words[160] = "";
	size_t used = 0;

	for (unsigned i = 0; i < type->n_values; i++) {
		char word[64];
		size_t n = 0;

		for (const char *c = type->values[i].name; *c != '\0' && n + 1 < sizeof(word); c++)
			word[n++] = (char)tolower((unsigned char)*c);
		word[n] = '\0';
		if (json_is_string(v) && strcmp(word, json_string_value(v)) == 0) {
			*(int *)p = type->values[i].value;
			return true;
		}
		if (used < sizeof(words))
			used += (size_t)snprintf(
			    words + used, sizeof(words) - used, "%s%s", i > 0 ? ", " : "", word);
	}
	if (used >= sizeof(words))
		return tell(reader, path, "word", "is none of the words it may be");
	return tell(reader, path, "word", "must be one of %s", words);
}

static bool
into_time(struct reader *reader, const struct field_path *path, const json_t *v, void *p)
{
	const char *text = json_string_value(v);
	int64_t at;

	if (text == NULL || !instant_parse(text, &at))
		return tell(reader, path, "type", "must be a time like 2026-11-24T17:00:00Z");
	*(void **)p = time_new(reader->call, at);
	return *(void **)p != NULL || no_room(reader);
}

/* NOLINTBEGIN(misc-no-recursion): messages are never recursive (protogen), at most FIELD_DEPTH_MAX deep */

static bool into_fields(
    struct reader *reader, const struct field_path *path, const json_t *json, ProtobufCMessage *m, int depth);

static bool
into_message(struct reader *reader, const struct field_path *path, const ProtobufCMessageDescriptor *type,
    const json_t *v, void *p, int depth)
{
	ProtobufCMessage *inner = arena_alloc(reader->call->arena, type->sizeof_message);

	if (inner == NULL)
		return no_room(reader);
	protobuf_c_message_init(type, inner);
	*(ProtobufCMessage **)p = inner;
	return into_fields(reader, path, v, inner, depth + 1);
}

static bool
into_value(struct reader *reader, const struct field_path *path, const ProtobufCFieldDescriptor *f,
    const struct bound *b, const json_t *v, void *p, int depth)
{
	switch (f->type) {
	case PROTOBUF_C_TYPE_STRING:
		return into_text(reader, path, b, v, p);
	case PROTOBUF_C_TYPE_BYTES:
		return into_bytes(reader, path, v, p);
	case PROTOBUF_C_TYPE_BOOL:
		if (!json_is_boolean(v))
			return tell(reader, path, "type", "must be true or false");
		*(protobuf_c_boolean *)p = json_is_true(v);
		return true;
	case PROTOBUF_C_TYPE_ENUM:
		return into_enum(reader, path, f->descriptor, v, p);
	case PROTOBUF_C_TYPE_MESSAGE:
		if (field_is_time(f))
			return into_time(reader, path, v, p);
		return into_message(reader, path, f->descriptor, v, p, depth);
	default:
		return into_number(reader, path, f->type, v, p);
	}
}

/* Where the values of a list and their number stand in a message. */
static char **
items_of(ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
	return (char **)(void *)((char *)m + f->offset);
}

static size_t *
count_of(ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
	return (size_t *)(void *)((char *)m + f->quantifier_offset);
}

static bool
into_list(struct reader *reader, const struct field_path *path, const ProtobufCFieldDescriptor *f,
    const struct bound *b, const json_t *v, ProtobufCMessage *m, int depth)
{
	size_t n = json_array_size(v), max = b->max != 0 ? b->max : (size_t)LIST_MAX, size = field_size(f);
	char *items;
	bool ok = true;

	if (!json_is_array(v))
		return tell(reader, path, "type", "must be a list");
	if (!reader->stored && n > max)
		return tell(reader, path, "max", "must have at most %zu items", max);
	items = arena_alloc(reader->call->arena, n * size);
	if (items == NULL)
		return no_room(reader);
	for (size_t i = 0; i < n && reader->told < TOLD_MAX; i++) {
		struct field_path item = {path, NULL, (long)i};

		ok = into_value(reader, &item, f, b, json_array_get(v, i), items + i * size, depth) && ok;
	}
	if (!ok)
		return false; /* an item that was not filled has no place in a message */
	*items_of(m, f) = items;
	*count_of(m, f) = n;
	return true;
}

/* The field called NAME in JSON (or PROTO files) that this reader may set; *B its bound. NULL: none. */
static const ProtobufCFieldDescriptor *
find_field(
    const ProtobufCMessageDescriptor *type, const char *name, bool proto, bool stored, const struct bound **b)
{
	const struct bound *bounds = bounds_of(type);

	for (unsigned i = 0; bounds != NULL && i < type->n_fields; i++) {
		bool is_named = strcmp(bounds[i].json, name) == 0 ||
		    (proto && strcmp(type->fields[i].name, name) == 0);

		if (is_named && (stored || !field_is_hidden(&bounds[i]))) {
			*b = &bounds[i];
			return &type->fields[i];
		}
	}
	return NULL;
}

/* A name that a client made up goes back to it short. */
static bool
tell_unknown(struct reader *reader, const struct field_path *path, const char *name)
{
	char brief[48];
	struct field_path step = {path, brief, FIELD_NO_INDEX};
	size_t n = strnlen(name, sizeof(brief));

	if (n == sizeof(brief))
		for (n = sizeof(brief) - 1; n > 0 && ((unsigned char)name[n] & 0xc0) == 0x80; n--)
			; /* not in the middle of a character */
	memcpy(brief, name, n);
	brief[n] = '\0';
	return tell(reader, &step, "unknown", "is not a field of this request");
}

static bool
into_fields(
    struct reader *reader, const struct field_path *path, const json_t *json, ProtobufCMessage *m, int depth)
{
	const char *name;
	json_t *v;
	bool ok = true;

	assert(depth < FIELD_DEPTH_MAX); /* protogen refuses messages that contain themselves */
	if (!json_is_object(json))
		return tell(reader, path, "type", "must be an object");
	json_object_foreach((json_t *)json, name, v) {
		const struct bound *b = NULL;
		const ProtobufCFieldDescriptor *f = find_field(
		    m->descriptor, name, false, reader->stored, &b);
		struct field_path step = {path, b != NULL ? b->json : NULL, FIELD_NO_INDEX};

		if (reader->told >= TOLD_MAX)
			break;
		if (f == NULL || b == NULL) {
			ok = (reader->stored || tell_unknown(reader, path, name)) && ok;
			continue;
		}
		if (json_is_null(v) && !b->raw)
			continue;
		if (f->label == PROTOBUF_C_LABEL_REPEATED)
			ok = into_list(reader, &step, f, b, v, m, depth) && ok;
		else
			ok = into_value(reader, &step, f, b, v, (char *)m + f->offset, depth) && ok;
	}
	return ok;
}

/* NOLINTEND(misc-no-recursion) */

bool
json_into(struct call *call, const json_t *json, ProtobufCMessage *message, const char *path, bool stored)
{
	struct reader reader = {.call = call, .stored = stored};
	struct field_path top = {NULL, path, FIELD_NO_INDEX};

	return into_fields(&reader, path[0] != '\0' ? &top : NULL, json, message, 0);
}

/* Makes the JSON value that TEXT stands for in a field of this type; NULL when it stands for none. */
static json_t *
text_value(const ProtobufCFieldDescriptor *f, const char *text)
{
	char *end;

	errno = 0;
	switch (f->type) {
	case PROTOBUF_C_TYPE_STRING:
	case PROTOBUF_C_TYPE_ENUM:
		return json_string(text);
	case PROTOBUF_C_TYPE_MESSAGE:
		return field_is_time(f) ? json_string(text) : NULL;
	case PROTOBUF_C_TYPE_BOOL:
		if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
			return NULL;
		return json_boolean(text[0] == 't');
	case PROTOBUF_C_TYPE_BYTES:
		return NULL;
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_DOUBLE: {
		double real = strtod(text, &end);

		/* strtod() would take spaces, hexadecimals, "inf" and "nan" too. */
		if (text[strspn(text, "0123456789.+-eE")] != '\0' || end == text || *end != '\0')
			return NULL;
		return json_real(real);
	}
	default: {
		long long whole = strtoll(text, &end, 10);

		if (text[strspn(text, "0123456789-")] != '\0' || end == text || *end != '\0' || errno != 0)
			return NULL;
		return json_integer(whole);
	}
	}
}

/* Makes room for one item more: lists grow by doubling, so their room is known from their number. */
static bool
list_grow(struct reader *reader, const struct field_path *path, const ProtobufCFieldDescriptor *f,
    const struct bound *b, ProtobufCMessage *m)
{
	size_t n = *count_of(m, f), size = field_size(f);
	char *items;

	if (n >= (b->max != 0 ? b->max : (size_t)LIST_MAX))
		return tell(reader, path, "max", "must have at most %zu items", n);
	if ((n & (n - 1)) != 0)
		return true;
	items = arena_alloc(reader->call->arena, (n > 0 ? 2 * n : 1) * size);
	if (items == NULL)
		return no_room(reader);
	if (n > 0)
		memcpy(items, *items_of(m, f), n * size);
	*items_of(m, f) = items;
	return true;
}

bool
json_set_text(struct call *call, ProtobufCMessage *m, const char *name, const char *text)
{
	struct reader reader = {.call = call};
	const struct bound *b = NULL;
	const ProtobufCFieldDescriptor *f = find_field(m->descriptor, name, true, false, &b);
	bool ok;

	if (f == NULL)
		return tell_unknown(&reader, NULL, name);
	struct field_path step = {NULL, b->json, FIELD_NO_INDEX};
	json_t *v = text_value(f, text);
	if (v == NULL)
		return tell(&reader, &step, "type", "has a value of the wrong type");
	if (f->label == PROTOBUF_C_LABEL_REPEATED) {
		ok = list_grow(&reader, &step, f, b, m) &&
		    into_value(&reader, &step, f, b, v, *items_of(m, f) + *count_of(m, f) * field_size(f), 0);
		*count_of(m, f) += ok;
	} else {
		ok = into_value(&reader, &step, f, b, v, (char *)m + f->offset, 0);
	}
	json_decref(v);
	return ok;
}
