#include "check.h"

#include <assert.h>
#include <glib.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "check_form.h"
#include "field.h"

enum { STRING_MAX = 65536, LIST_MAX = 1000, TOLD_MAX = 100 };

/* One walk through one message. */
struct walk {
	struct call *call;
	int told;
};

static bool tell(struct walk *walk, const struct field_path *path, const char *rule, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static bool
tell(struct walk *walk, const struct field_path *path, const char *rule, const char *format, ...)
{
	char text[200], where[FIELD_PATH_SIZE];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	walk->told++;
	return refuse_field(walk->call, field_path_write(path, where), rule, "%s", text);
}

/* Is C, a byte of valid UTF-8 at S, a control character other than tab, line feed, return and U+0085? */
static bool
is_control(const unsigned char *s)
{
	if (*s < 0x20)
		return *s != '\t' && *s != '\n' && *s != '\r';
	return *s == 0x7f || (*s == 0xc2 && s[1] < 0xa0 && s[1] != 0x85);
}

static bool
check_text(struct walk *walk, const struct field_path *path, const char *text, size_t len)
{
	if (!g_utf8_validate(text, (gssize)len, NULL))
		return tell(walk, path, "utf8", "is not valid UTF-8");
	for (size_t i = 0; i < len; i++)
		if (is_control((const unsigned char *)text + i))
			return tell(walk, path, "characters", "contains a control character");
	return true;
}

static bool
check_string(
    struct walk *walk, const struct field_path *path, const struct bound *b, const char *text, bool is_item)
{
	const struct form *form = b->form[0] != '\0' ? form_find(b->form) : NULL;
	const char *s = text != NULL ? text : "";
	size_t max = STRING_MAX, len = strlen(s);

	if (b->max != 0 && !is_item)
		max = b->max;
	else if (form != NULL && form->max != 0)
		max = form->max;
	assert(form != NULL || b->form[0] == '\0'); /* a word in proto/ that check.h does not have */

	if (len == 0 && b->required && !is_item)
		return tell(walk, path, "required", "must not be empty");
	if (len == 0 && (!is_item || form == NULL))
		return true;
	if (len > max)
		return tell(walk, path, "max", "must have at most %zu bytes", max);
	if (!is_item && len < b->min)
		return tell(walk, path, "min", "must have at least %u bytes", b->min);
	if (!check_text(walk, path, s, len))
		return false;
	return form == NULL || form->fits(s, max) || tell(walk, path, "form", "%s", form->message);
}

static bool
check_number(
    struct walk *walk, const struct field_path *path, const struct bound *b, double value, bool is_item)
{
	if (!isfinite(value))
		return tell(walk, path, "number", "must be a number");
	if (is_item)
		return true;
	if (value == 0 && b->required)
		return tell(walk, path, "required", "must be given");
	if (b->max != 0 && (value < b->min || value > b->max))
		return tell(walk, path, "range", "must be %u to %u", b->min, b->max);
	if (value < b->min)
		return tell(walk, path, "min", "must be at least %u", b->min);
	return true;
}

static bool
check_enum(struct walk *walk, const struct field_path *path, const struct bound *b, const void *type,
    int value, bool is_item)
{
	if (protobuf_c_enum_descriptor_get_value(type, value) == NULL)
		return tell(walk, path, "word", "is none of the words it may be");
	return value != 0 || is_item || !b->required || tell(walk, path, "required", "must be given");
}

/* NOLINTBEGIN(misc-no-recursion): messages are never recursive (protogen), at most FIELD_DEPTH_MAX deep */

static bool check_fields(
    struct walk *walk, const struct field_path *path, const ProtobufCMessage *m, int depth);

static bool
check_inner(struct walk *walk, const struct field_path *path, const ProtobufCFieldDescriptor *f,
    const struct bound *b, const ProtobufCMessage *inner, bool is_item, int depth)
{
	int64_t at;

	if (inner == NULL)
		return !(b->required || is_item) || tell(walk, path, "required", "must be given");
	if (field_is_time(f))
		return field_time(inner, &at) ||
		    tell(walk, path, "form", "must be a time of the years 1 to 9999");
	return check_fields(walk, path, inner, depth + 1);
}

static bool
check_value(struct walk *walk, const struct field_path *path, const ProtobufCFieldDescriptor *f,
    const struct bound *b, const void *p, int depth)
{
	bool is_item = f->label == PROTOBUF_C_LABEL_REPEATED;

	switch (f->type) {
	case PROTOBUF_C_TYPE_STRING:
		return check_string(walk, path, b, *(const char *const *)p, is_item);
	case PROTOBUF_C_TYPE_MESSAGE:
		return check_inner(walk, path, f, b, *(const ProtobufCMessage *const *)p, is_item, depth);
	case PROTOBUF_C_TYPE_ENUM:
		return check_enum(walk, path, b, f->descriptor, *(const int *)p, is_item);
	case PROTOBUF_C_TYPE_BOOL:
		return *(const protobuf_c_boolean *)p || !b->required || is_item ||
		    tell(walk, path, "required", "must be given");
	case PROTOBUF_C_TYPE_BYTES:
		return b->max == 0 || is_item || ((const ProtobufCBinaryData *)p)->len <= b->max ||
		    tell(walk, path, "max", "must have at most %u bytes", b->max);
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32:
		return check_number(walk, path, b, *(const int32_t *)p, is_item);
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32:
		return check_number(walk, path, b, *(const uint32_t *)p, is_item);
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64:
		return check_number(walk, path, b, (double)*(const int64_t *)p, is_item);
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64:
		return check_number(walk, path, b, (double)*(const uint64_t *)p, is_item);
	case PROTOBUF_C_TYPE_FLOAT:
		return check_number(walk, path, b, *(const float *)p, is_item);
	case PROTOBUF_C_TYPE_DOUBLE:
		return check_number(walk, path, b, *(const double *)p, is_item);
	}
	return true;
}

/* The items of a list that is too long are not looked at. */
static bool
check_list(struct walk *walk, const struct field_path *path, const ProtobufCMessage *m,
    const ProtobufCFieldDescriptor *f, const struct bound *b, int depth)
{
	size_t n = field_count(m, f), max = b->max != 0 ? b->max : (size_t)LIST_MAX;
	bool ok = true;

	if (n == 0 && b->required)
		return tell(walk, path, "required", "must have an item");
	if (n > max)
		return tell(walk, path, "max", "must have at most %zu items", max);
	if (n < b->min)
		ok = tell(
		    walk, path, "min", "must have at least %u %s", b->min, b->min == 1 ? "item" : "items");
	for (size_t i = 0; i < n && walk->told < TOLD_MAX; i++) {
		struct field_path item = {path, NULL, (long)i};

		ok = check_value(walk, &item, f, b, field_value(m, f, i), depth) && ok;
	}
	return ok;
}

static bool
check_fields(struct walk *walk, const struct field_path *path, const ProtobufCMessage *m, int depth)
{
	const struct bound *bounds = bounds_of(m->descriptor);
	bool ok = true;

	assert(depth < FIELD_DEPTH_MAX); /* protogen refuses messages that contain themselves */
	for (unsigned i = 0; bounds != NULL && i < m->descriptor->n_fields && walk->told < TOLD_MAX; i++) {
		const ProtobufCFieldDescriptor *f = &m->descriptor->fields[i];
		struct field_path step = {path, bounds[i].json, FIELD_NO_INDEX};

		if (f->label == PROTOBUF_C_LABEL_REPEATED)
			ok = check_list(walk, &step, m, f, &bounds[i], depth) && ok;
		else
			ok = check_value(walk, &step, f, &bounds[i], field_value(m, f, 0), depth) && ok;
	}
	return ok;
}

/* Does the field NAME stand in the route of the rpc that runs? */
/* NOLINTEND(misc-no-recursion) */

static bool
is_in_path(const struct rpc *rpc, const char *name)
{
	const char *at = rpc != NULL ? strchr(rpc->path, '{') : NULL;
	size_t len = strlen(name);

	for (; at != NULL; at = strchr(at + 1, '{'))
		if (strncmp(at + 1, name, len) == 0 && at[1 + len] == '}')
			return true;
	return false;
}

/* Do the fields that name the record have the form of a name? */
static bool
names_a_record(const struct call *call, const ProtobufCMessage *m)
{
	const struct bound *bounds = bounds_of(m->descriptor);

	for (unsigned i = 0; bounds != NULL && i < m->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *f = &m->descriptor->fields[i];
		const char *form = bounds[i].form;
		bool is_id = strcmp(form, "id") == 0 || strcmp(form, "uuid") == 0;
		bool in_path = is_in_path(call->rpc, f->name);
		bool is_slug = strcmp(form, "slug") == 0 && in_path && !call->rpc->writes;

		if (f->type != PROTOBUF_C_TYPE_STRING || f->label == PROTOBUF_C_LABEL_REPEATED)
			continue;
		if (!is_slug && !(is_id && (in_path || strcmp(f->name, "id") == 0)))
			continue;
		const char *text = *(const char *const *)field_value(m, f, 0);
		if (text != NULL && text[0] != '\0' && !check_form(form, text, bounds[i].max))
			return false;
	}
	return true;
}

bool
check_message(struct call *call, const ProtobufCMessage *message)
{
	struct walk walk = {.call = call};

	if (!names_a_record(call, message))
		return refuse(call, VOUCH__STATUS__NOT_FOUND, "there is no such record");
	return check_fields(&walk, NULL, message, 0);
}
