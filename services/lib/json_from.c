/* json_from.c: messages to JSON. */
#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "field.h"
#include "instant.h"
#include "json.h"

static json_t *message_json(const ProtobufCMessage *message, bool stored, int depth);

static json_t *
enum_json(const ProtobufCEnumDescriptor *type, int value)
{
	const ProtobufCEnumValue *e = protobuf_c_enum_descriptor_get_value(type, value);
	const char *name = e != NULL ? e->name : "unknown"; /* a word of a newer version */
	char word[64];
	size_t n = 0;

	for (; name[n] != '\0' && n < sizeof(word); n++)
		word[n] = (char)tolower((unsigned char)name[n]);
	return json_stringn(word, n);
}

static json_t *
time_json(const ProtobufCMessage *timestamp)
{
	char text[INSTANT_SIZE];
	int64_t at;

	if (!field_time(timestamp, &at))
		return NULL;
	instant_format(at, text);
	return json_string(text);
}

static json_t *
bytes_json(const ProtobufCBinaryData *bytes)
{
	size_t size = sodium_base64_encoded_len(bytes->len, sodium_base64_VARIANT_ORIGINAL);
	char *text = malloc(size);
	json_t *json;

	if (text == NULL)
		return NULL;
	sodium_bin2base64(text, size, bytes->data, bytes->len, sodium_base64_VARIANT_ORIGINAL);
	json = json_string(text);
	free(text);
	return json;
}

static json_t *
string_json(const struct bound *b, const char *text)
{
	char why[160];

	if (text == NULL)
		text = "";
	return b->raw ? json_parse(text, strlen(text), why) : json_string(text);
}

/* NOLINTBEGIN(misc-no-recursion): messages are never recursive (protogen), at most FIELD_DEPTH_MAX deep */

/* One value. NULL: it has no JSON, or memory is short. */
static json_t *
value_json(const ProtobufCFieldDescriptor *f, const struct bound *b, const void *p, bool stored, int depth)
{
	switch (f->type) {
	case PROTOBUF_C_TYPE_STRING:
		return string_json(b, *(const char *const *)p);
	case PROTOBUF_C_TYPE_BOOL:
		return json_boolean(*(const protobuf_c_boolean *)p);
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
		return json_integer(*(const int32_t *)p);
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
		return json_integer(*(const uint32_t *)p);
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
		return json_integer(*(const int64_t *)p);
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
		return *(const uint64_t *)p > INT64_MAX ? NULL : json_integer((int64_t)*(const uint64_t *)p);
	case PROTOBUF_C_TYPE_FLOAT:
		return json_real(*(const float *)p);
	case PROTOBUF_C_TYPE_DOUBLE:
		return json_real(*(const double *)p);
	case PROTOBUF_C_TYPE_ENUM:
		return enum_json(f->descriptor, *(const int *)p);
	case PROTOBUF_C_TYPE_BYTES:
		return bytes_json(p);
	case PROTOBUF_C_TYPE_MESSAGE:
		if (field_is_time(f))
			return time_json(*(const ProtobufCMessage *const *)p);
		return message_json(*(const ProtobufCMessage *const *)p, stored, depth + 1);
	}
	return NULL;
}

/* Is the only value of FIELD an empty string, a zero, a false or nothing? */
static bool
is_empty(const ProtobufCFieldDescriptor *f, const void *p)
{
	static const char zeros[sizeof(void *) > 8 ? sizeof(void *) : 8];
	const char *text;

	switch (f->type) {
	case PROTOBUF_C_TYPE_STRING:
		text = *(const char *const *)p;
		return text == NULL || text[0] == '\0';
	case PROTOBUF_C_TYPE_BYTES:
		return ((const ProtobufCBinaryData *)p)->len == 0;
	default:
		return memcmp(p, zeros, field_size(f)) == 0;
	}
}

/* Does FIELD stay away from the object? */
static bool
is_left_out(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f, const struct bound *b, bool stored)
{
	if (!stored && field_is_hidden(b))
		return true;
	if (f->label == PROTOBUF_C_LABEL_REPEATED)
		return !stored && b->absent && field_count(m, f) == 0;
	/* A message that is not there has no JSON, and an empty raw string holds none. */
	if (f->type == PROTOBUF_C_TYPE_MESSAGE || b->raw)
		return is_empty(f, field_value(m, f, 0));
	return !stored && b->absent && is_empty(f, field_value(m, f, 0));
}

static json_t *
list_json(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f, const struct bound *b, bool stored,
    int depth)
{
	json_t *list = json_array();
	size_t n = field_count(m, f);

	for (size_t i = 0; i < n; i++) {
		/* json_array_append_new refuses a NULL item. */
		if (json_array_append_new(list, value_json(f, b, field_value(m, f, i), stored, depth)) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static json_t *
message_json(const ProtobufCMessage *m, bool stored, int depth)
{
	const struct bound *bounds = bounds_of(m->descriptor);
	json_t *object = json_object();

	assert(bounds != NULL && depth < FIELD_DEPTH_MAX);
	for (unsigned i = 0; i < m->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *f = &m->descriptor->fields[i];
		json_t *value;

		if (is_left_out(m, f, &bounds[i], stored))
			continue;
		if (f->label == PROTOBUF_C_LABEL_REPEATED)
			value = list_json(m, f, &bounds[i], stored, depth);
		else
			value = value_json(f, &bounds[i], field_value(m, f, 0), stored, depth);
		if (json_object_set_new(object, bounds[i].json, value) != 0) {
			json_decref(object);
			return NULL;
		}
	}
	return object;
}

/* NOLINTEND(misc-no-recursion) */

json_t *
json_from(const ProtobufCMessage *message, bool stored)
{
	return message_json(message, stored, 0);
}
