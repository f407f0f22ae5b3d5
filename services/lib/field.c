#include "field.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "google/protobuf/timestamp.pb-c.h"
#include "instant.h"

size_t
field_size(const ProtobufCFieldDescriptor *field)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
	case PROTOBUF_C_TYPE_DOUBLE:
		return 8;
	case PROTOBUF_C_TYPE_STRING:
	case PROTOBUF_C_TYPE_MESSAGE:
		return sizeof(void *);
	case PROTOBUF_C_TYPE_BYTES:
		return sizeof(ProtobufCBinaryData);
	default:
		return 4; /* numbers of 32 bits, bools and enums */
	}
}

static const void *
at(const ProtobufCMessage *message, unsigned offset)
{
	return (const char *)message + offset;
}

size_t
field_count(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	if (field->label != PROTOBUF_C_LABEL_REPEATED)
		return 1;
	return *(const size_t *)at(message, field->quantifier_offset);
}

const void *
field_value(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, size_t i)
{
	const void *value = at(message, field->offset);

	assert(i < field_count(message, field));
	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		value = *(const char *const *)value + i * field_size(field);
	return value;
}

bool
field_is_time(const ProtobufCFieldDescriptor *field)
{
	return field->type == PROTOBUF_C_TYPE_MESSAGE &&
	    field->descriptor == &google__protobuf__timestamp__descriptor;
}

bool
field_time(const ProtobufCMessage *timestamp, int64_t *micros)
{
	const Google__Protobuf__Timestamp *t = (const Google__Protobuf__Timestamp *)timestamp;
	int64_t first = (int64_t)DATE_MIN * DAY_SECONDS, end = ((int64_t)DATE_MAX + 1) * DAY_SECONDS;

	if (t->seconds < first || t->seconds >= end || t->nanos < 0 || t->nanos > 999999999)
		return false;
	*micros = t->seconds * INSTANT_SECOND + t->nanos / 1000;
	return true;
}

bool
field_is_hidden(const struct bound *bound)
{
	return bound->inner || bound->cookie || bound->session || bound->source[0] != '\0';
}

/* Returns how many bytes stand in OUT now. */
static size_t
write_step(const struct field_path *path, char *out) /* NOLINT(misc-no-recursion): as deep as messages are */
{
	size_t n = path->up != NULL ? write_step(path->up, out) : 0;
	int more;

	if (path->index == FIELD_NO_INDEX)
		more = snprintf(out + n, FIELD_PATH_SIZE - n, "%s%s", n > 0 ? "." : "", path->name);
	else
		more = snprintf(out + n, FIELD_PATH_SIZE - n, "[%ld]", path->index);
	n += more > 0 ? (size_t)more : 0;
	return n < FIELD_PATH_SIZE ? n : FIELD_PATH_SIZE - 1;
}

const char *
field_path_write(const struct field_path *path, char out[static FIELD_PATH_SIZE])
{
	out[0] = '\0';
	if (path != NULL)
		write_step(path, out);
	return out;
}
