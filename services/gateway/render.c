#include "render.h"

#include <assert.h>
#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "field.h"
#include "guard.h"
#include "instant.h"
#include "json.h"

struct out {
	char *text;
	size_t len, room;
	bool is_broken;
};

static void render_message(struct out *out, const ProtobufCMessage *m, int depth);

/* Room for N bytes more; NULL when there is none. */
static char *
reserve(struct out *out, size_t n)
{
	size_t room = out->room;
	char *more;

	while (room < out->len + n + 1)
		room *= 2;
	if (out->is_broken || room > RENDER_MAX ||
	    (room > out->room && (more = realloc(out->text, room)) == NULL)) {
		out->is_broken = true;
		return NULL;
	}
	if (room > out->room) {
		out->text = more;
		out->room = room;
	}
	return out->text + out->len;
}

static void
add(struct out *out, const char *s, size_t n)
{
	char *to = reserve(out, n);

	if (to == NULL)
		return;
	memcpy(to, s, n);
	out->len += n;
}

static void
add_char(struct out *out, char c)
{
	add(out, &c, 1);
}

/* Writes one character that JSON does not take as it is. */
static size_t
escape(char *to, unsigned char c)
{
	static const char short_names[] = "btn?fr"; /* 8, 9, 10, 12, 13 */

	*to++ = '\\';
	if (c == '"' || c == '\\') {
		*to = (char)c;
		return 2;
	}
	if (c >= 8 && c <= 13 && c != 11) {
		*to = short_names[c - 8];
		return 2;
	}
	to[0] = 'u';
	to[1] = to[2] = '0';
	to[3] = "0123456789ABCDEF"[c >> 4];
	to[4] = "0123456789ABCDEF"[c & 15];
	return 6;
}

static void
add_text(struct out *out, const char *s)
{
	const char *start = s, *first = NULL;
	char *to;

	for (; (unsigned char)*s >= 0x20 && *s != '"' && *s != '\\'; s++)
		if (first == NULL && (unsigned char)*s >= 0x80)
			first = s;
	if (*s == '\0') {
		/* Nothing to escape, as nearly always. */
		if (first != NULL && !guard_utf8(first, (size_t)(s - first)))
			out->is_broken = true;
		to = reserve(out, (size_t)(s - start) + 2);
		if (to == NULL)
			return;
		*to = '"';
		memcpy(to + 1, start, (size_t)(s - start));
		to[s - start + 1] = '"';
		out->len += (size_t)(s - start) + 2;
		return;
	}
	size_t len = strlen(start);
	to = reserve(out, len * 6 + 2);
	if (to == NULL)
		return;
	if (!guard_utf8(start, len))
		out->is_broken = true;
	*to++ = '"';
	for (s = start; *s != '\0'; s++) {
		if ((unsigned char)*s >= 0x20 && *s != '"' && *s != '\\')
			*to++ = *s;
		else
			to += escape(to, (unsigned char)*s);
	}
	*to++ = '"';
	out->len = (size_t)(to - out->text);
}

static void
add_integer(struct out *out, int64_t n)
{
	char text[24], *p = text + sizeof(text);
	uint64_t rest = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

	do
		*--p = (char)('0' + rest % 10);
	while ((rest /= 10) > 0);
	if (n < 0)
		*--p = '-';
	add(out, p, (size_t)(text + sizeof(text) - p));
}

/* As jansson writes it: a whole number keeps its ".0", so that it stays a real. */
static void
add_real(struct out *out, double real)
{
	json_t *json = isfinite(real) ? json_real(real) : NULL;
	char text[40];
	size_t n = json != NULL ?
	    json_dumpb(json, text, sizeof(text), JSON_ENCODE_ANY | JSON_REAL_PRECISION(15)) :
	    0;

	json_decref(json);
	if (n == 0 || n > sizeof(text))
		out->is_broken = true;
	else
		add(out, text, n);
}

static void
add_enum(struct out *out, const ProtobufCEnumDescriptor *type, int value)
{
	const ProtobufCEnumValue *e = protobuf_c_enum_descriptor_get_value(type, value);
	const char *name = e != NULL ? e->name : "unknown";
	size_t n = strlen(name);
	char *to = reserve(out, n + 2);

	if (to == NULL)
		return;
	*to++ = '"';
	for (size_t i = 0; i < n; i++)
		*to++ = (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] | 0x20 : name[i]);
	*to = '"';
	out->len += n + 2;
}

static void
add_time(struct out *out, const ProtobufCMessage *timestamp)
{
	char text[INSTANT_SIZE];
	int64_t at;

	if (!field_time(timestamp, &at)) {
		out->is_broken = true;
		return;
	}
	instant_format(at, text);
	add_char(out, '"');
	add(out, text, strlen(text));
	add_char(out, '"');
}

static void
add_bytes(struct out *out, const ProtobufCBinaryData *bytes)
{
	size_t size = sodium_base64_encoded_len(bytes->len, sodium_base64_VARIANT_ORIGINAL);
	char *to = reserve(out, size + 2);

	if (to == NULL)
		return;
	*to++ = '"';
	sodium_bin2base64(to, size, bytes->data, bytes->len, sodium_base64_VARIANT_ORIGINAL);
	to[size - 1] = '"';
	out->len += size + 1;
}

/* JSON that a service keeps as text: parsed once more, so that nothing can break out of the reply. */
static void
add_raw(struct out *out, const char *text)
{
	char why[160];
	json_t *json = json_parse(text, strlen(text), why);
	char *again = json != NULL ?
	    json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15)) :
	    NULL;

	json_decref(json);
	if (again == NULL)
		out->is_broken = true;
	else
		add(out, again, strlen(again));
	free(again);
}

/* NOLINTBEGIN(misc-no-recursion): messages are never recursive (protogen), at most FIELD_DEPTH_MAX deep */

static void
add_value(struct out *out, const ProtobufCFieldDescriptor *f, const struct bound *b, const void *p, int depth)
{
	const char *text;

	switch (f->type) {
	case PROTOBUF_C_TYPE_STRING:
		text = *(const char *const *)p;
		if (b->raw)
			add_raw(out, text);
		else
			add_text(out, text != NULL ? text : "");
		break;
	case PROTOBUF_C_TYPE_BOOL:
		if (*(const protobuf_c_boolean *)p)
			add(out, "true", 4);
		else
			add(out, "false", 5);
		break;
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
		add_integer(out, *(const uint32_t *)p);
		break;
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
		add_integer(out, *(const int64_t *)p);
		break;
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
		out->is_broken |= *(const uint64_t *)p > INT64_MAX;
		add_integer(out, (int64_t)*(const uint64_t *)p);
		break;
	case PROTOBUF_C_TYPE_FLOAT:
		add_real(out, *(const float *)p);
		break;
	case PROTOBUF_C_TYPE_DOUBLE:
		add_real(out, *(const double *)p);
		break;
	case PROTOBUF_C_TYPE_ENUM:
		add_enum(out, f->descriptor, *(const int *)p);
		break;
	case PROTOBUF_C_TYPE_BYTES:
		add_bytes(out, p);
		break;
	case PROTOBUF_C_TYPE_MESSAGE:
		if (field_is_time(f))
			add_time(out, *(const ProtobufCMessage *const *)p);
		else
			render_message(out, *(const ProtobufCMessage *const *)p, depth + 1);
		break;
	default:
		add_integer(out, *(const int32_t *)p);
		break;
	}
}

/* Is a value that is not in a list an empty string, a zero, a false or nothing? */
static bool
is_empty(const ProtobufCFieldDescriptor *f, const void *p)
{
	static const char zeros[8];

	if (f->type == PROTOBUF_C_TYPE_STRING)
		return *(const char *const *)p == NULL || (*(const char *const *)p)[0] == '\0';
	if (f->type == PROTOBUF_C_TYPE_BYTES)
		return ((const ProtobufCBinaryData *)p)->len == 0;
	return memcmp(p, zeros, field_size(f)) == 0;
}

static bool
is_left_out(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f, const struct bound *b)
{
	if (field_is_hidden(b))
		return true;
	if (f->label == PROTOBUF_C_LABEL_REPEATED)
		return b->absent && field_count(m, f) == 0;
	return (b->absent || b->raw || f->type == PROTOBUF_C_TYPE_MESSAGE) &&
	    is_empty(f, field_value(m, f, 0));
}

static void
add_list(struct out *out, const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f, const struct bound *b,
    int depth)
{
	size_t n = field_count(m, f);

	add_char(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			add_char(out, ',');
		add_value(out, f, b, field_value(m, f, i), depth);
	}
	add_char(out, ']');
}

static void
add_name(struct out *out, const char *name, bool is_first)
{
	size_t n = strlen(name);
	char *to = reserve(out, n + 4);

	if (to == NULL)
		return;
	if (!is_first)
		*to++ = ',';
	*to++ = '"';
	memcpy(to, name, n); /* NOLINT(bugprone-not-null-terminated-result): the text goes on */
	to[n] = '"';
	to[n + 1] = ':';
	out->len += n + 3 + !is_first;
}

static void
render_message(struct out *out, const ProtobufCMessage *m, int depth)
{
	const struct bound *bounds = bounds_of(m->descriptor);
	bool is_first = true;

	/* protogen refuses messages that contain themselves. */
	assert(bounds != NULL && depth < FIELD_DEPTH_MAX);
	add_char(out, '{');
	for (unsigned i = 0; i < m->descriptor->n_fields && !out->is_broken; i++) {
		const ProtobufCFieldDescriptor *f = &m->descriptor->fields[i];

		if (is_left_out(m, f, &bounds[i]))
			continue;
		add_name(out, bounds[i].json, is_first);
		is_first = false;
		if (f->label == PROTOBUF_C_LABEL_REPEATED)
			add_list(out, m, f, &bounds[i], depth);
		else
			add_value(out, f, &bounds[i], field_value(m, f, 0), depth);
	}
	add_char(out, '}');
}

char *
render_json(const ProtobufCMessage *message, size_t *len)
{
	struct out out = {.room = 4096};

	out.text = malloc(out.room);
	if (out.text == NULL)
		return NULL;
	render_message(&out, message, 0);
	if (out.is_broken) {
		free(out.text);
		return NULL;
	}
	out.text[out.len] = '\0';
	*len = out.len;
	return out.text;
}

/* NOLINTEND(misc-no-recursion) */
