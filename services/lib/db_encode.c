/* db_encode.c: what handlers have, as parameters in PostgreSQL's binary format. */
#include <ctype.h>
#include <endian.h>
#include <string.h>

#include "db_value.h"
#include "google/protobuf/timestamp.pb-c.h"
#include "id.h"
#include "json.h"

struct value {
	enum {
		V_NULL,
		V_TEXT,
		V_INT,
		V_REAL,
		V_BYTES,
		V_TIME,
		V_LIST,
		V_NUMBERS,
		V_BLOBS,
		V_MESSAGE,
		V_MESSAGES
	} type;
	const char *text;
	int64_t number; /* V_TIME: microseconds since 1970 */
	double real;
	ProtobufCBinaryData bytes;
	char *const *list;
	const int64_t *numbers;
	const ProtobufCBinaryData *blobs;
	ProtobufCMessage *const *messages;
	size_t n;
};

int64_t
time_of(const void *timestamp)
{
	const Google__Protobuf__Timestamp *t = timestamp;

	return t == NULL ? 0 : t->seconds * 1000000 + t->nanos / 1000;
}

static const char *
enum_word(struct call *call, const ProtobufCEnumDescriptor *type, int number)
{
	const ProtobufCEnumValue *e = protobuf_c_enum_descriptor_get_value(type, number);
	char *s = e == NULL ? NULL : arena_dup(call->arena, e->name, strlen(e->name));

	for (char *c = s; c != NULL && *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	return s;
}

static struct value
repeated_value(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
	const void *p = *(void *const *)(const void *)((const char *)m + f->offset);
	size_t n = *(const size_t *)(const void *)((const char *)m + f->quantifier_offset);

	if (f->type == PROTOBUF_C_TYPE_STRING)
		return (struct value){V_LIST, .list = p, .n = n};
	if (f->type == PROTOBUF_C_TYPE_MESSAGE)
		return (struct value){V_MESSAGES, .messages = p, .n = n};
	return (struct value){0};
}

static struct value
field_value(struct call *call, const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
	const void *p = (const char *)m + f->offset;

	if (f->label == PROTOBUF_C_LABEL_REPEATED)
		return repeated_value(m, f);
	switch (f->type) {
	case PROTOBUF_C_TYPE_STRING:
		return (struct value){V_TEXT, .text = *(char *const *)p};
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_BOOL:
		return (struct value){V_INT, .number = *(const int32_t *)p};
	case PROTOBUF_C_TYPE_UINT32:
		return (struct value){V_INT, .number = *(const uint32_t *)p};
	case PROTOBUF_C_TYPE_INT64:
		return (struct value){V_INT, .number = *(const int64_t *)p};
	case PROTOBUF_C_TYPE_DOUBLE:
		return (struct value){V_REAL, .real = *(const double *)p};
	case PROTOBUF_C_TYPE_BYTES:
		return (struct value){V_BYTES, .bytes = *(const ProtobufCBinaryData *)p};
	case PROTOBUF_C_TYPE_ENUM: {
		const char *word = enum_word(call, f->descriptor, *(const int *)p);

		return word == NULL ? (struct value){0} : (struct value){V_TEXT, .text = word};
	}
	case PROTOBUF_C_TYPE_MESSAGE: {
		const ProtobufCMessage *inner = *(ProtobufCMessage *const *)p;

		if (inner == NULL)
			return (struct value){0};
		if (f->descriptor == &google__protobuf__timestamp__descriptor)
			return (struct value){V_TIME, .number = time_of(inner)};
		return (struct value){V_MESSAGE, .messages = p, .n = 1};
	}
	default:
		return (struct value){0};
	}
}

static struct value
arg_value(struct call *call, const struct arg *a)
{
	switch (a->type) {
	case ARG_TEXT:
		return (struct value){a->text != NULL ? V_TEXT : V_NULL, .text = a->text};
	case ARG_INT:
	case ARG_BOOL:
		return (struct value){V_INT, .number = a->number};
	case ARG_REAL:
		return (struct value){V_REAL, .real = a->real};
	case ARG_BYTES:
		return (struct value){V_BYTES, .bytes = a->bytes};
	case ARG_TIME:
		return (struct value){V_TIME, .number = a->number};
	case ARG_LIST:
		return (struct value){V_LIST, .list = a->list, .n = a->n};
	case ARG_NUMBERS:
		return (struct value){V_NUMBERS, .numbers = a->numbers, .n = a->n};
	case ARG_BLOBS:
		return (struct value){V_BLOBS, .blobs = a->blobs, .n = a->n};
	case ARG_MESSAGE: {
		ProtobufCMessage **one = arena_alloc(call->arena, sizeof(*one));

		if (one == NULL || a->message == NULL)
			return (struct value){0};
		*one = (ProtobufCMessage *)a->message;
		return (struct value){V_MESSAGE, .messages = one, .n = 1};
	}
	default:
		return (struct value){0};
	}
}

static bool
lookup(
    struct call *call, const char *name, const ProtobufCMessage *in, const struct arg *args, struct value *v)
{
	const ProtobufCFieldDescriptor *f;

	for (; args != NULL && args->name != NULL; args++)
		if (strcmp(args->name, name) == 0)
			return *v = arg_value(call, args), true;
	if (in != NULL && (f = protobuf_c_message_descriptor_get_field_by_name(in->descriptor, name)) != NULL)
		return *v = field_value(call, in, f), true;
	if (strcmp(name, "issuer_id") == 0)
		*v = (struct value){V_TEXT, .text = call->caller->issuer_id};
	else if (strcmp(name, "account_id") == 0)
		*v = (struct value){V_TEXT, .text = call->caller->account_id};
	else if (strcmp(name, "key") == 0)
		*v = (struct value){V_TEXT, .text = call->key};
	else if (strcmp(name, "now") == 0)
		*v = (struct value){V_TIME, .number = call->now};
	else
		return false;
	return true;
}

static int
hex(char c)
{
	return isdigit((unsigned char)c) ? c - '0' :
	    isxdigit((unsigned char)c)   ? tolower((unsigned char)c) - 'a' + 10 :
					   -1;
}

static bool
uuid_parse(const char *s, uint8_t *out)
{
	s = id_uuid(s);
	for (int i = 0; i < 16; i++) {
		int hi, lo;

		if (*s == '-')
			s++;
		hi = hex(s[0]);
		lo = hi < 0 ? -1 : hex(s[1]);
		if (lo < 0)
			return false;
		out[i] = (uint8_t)(hi << 4 | lo);
		s += 2;
	}
	return *s == '\0';
}

static bool
encode_number(struct call *call, const struct value *v, Oid oid, const char **data, int *len)
{
	int size = oid == OID_BOOL ? 1 : oid == OID_INT2 ? 2 : oid == OID_INT4 ? 4 : 8;
	uint64_t n = (uint64_t)v->number;
	uint8_t *b = arena_alloc(call->arena, 8);

	if (b == NULL)
		return false;
	if (oid == OID_TIMESTAMPTZ)
		n = (uint64_t)(v->number - EPOCH_2000);
	if (oid == OID_FLOAT8) {
		double real = v->type == V_INT ? (double)v->number : v->real;

		memcpy(&n, &real, 8);
	}
	n = htobe64(n << (64 - 8 * size));
	memcpy(b, &n, 8);
	*data = (char *)b;
	*len = size;
	if (oid == OID_TIMESTAMPTZ)
		return v->type == V_TIME;
	return oid == OID_FLOAT8 ? v->type == V_REAL || v->type == V_INT : v->type == V_INT;
}

/* How many bytes item I takes. */
static uint32_t
item_size(const struct value *v, Oid oid, size_t i)
{
	switch (oid) {
	case OID_UUIDS:
		return 16;
	case OID_INT8S:
		return 8;
	case OID_BYTEAS:
		return (uint32_t)v->blobs[i].len;
	default:
		return (uint32_t)strlen(v->list[i]);
	}
}

static bool
encode_item(const struct value *v, Oid oid, size_t i, uint8_t *b)
{
	switch (oid) {
	case OID_UUIDS:
		return uuid_parse(v->list[i], b);
	case OID_INT8S: {
		uint64_t number = htobe64((uint64_t)v->numbers[i]);

		memcpy(b, &number, 8);
		return true;
	}
	case OID_BYTEAS:
		memcpy(b, v->blobs[i].data, v->blobs[i].len);
		return true;
	default:
		memcpy(b, v->list[i], strlen(v->list[i]));
		return true;
	}
}

static bool
encode_list(struct call *call, const struct value *v, Oid oid, const char **data, int *len)
{
	uint32_t item = oid == OID_UUIDS ? OID_UUID :
	    oid == OID_INT8S             ? OID_INT8 :
	    oid == OID_BYTEAS            ? OID_BYTEA :
					   OID_TEXT;
	uint32_t head[5] = {htobe32(v->n > 0), 0, htobe32(item), htobe32((uint32_t)v->n), htobe32(1)};
	size_t size = v->n > 0 ? 20 : 12;
	uint8_t *b;

	if (v->type != (oid == OID_INT8S ? V_NUMBERS : oid == OID_BYTEAS ? V_BLOBS : V_LIST))
		return false;
	for (size_t i = 0; i < v->n; i++)
		size += 4 + item_size(v, oid, i);
	b = arena_alloc(call->arena, size);
	if (b == NULL)
		return false;
	*data = (char *)b;
	*len = (int)size;
	memcpy(b, head, v->n > 0 ? 20 : 12);
	b += 20;
	for (size_t i = 0; i < v->n; i++) {
		uint32_t n = item_size(v, oid, i), be = htobe32(n);

		memcpy(b, &be, 4);
		if (!encode_item(v, oid, i, b + 4))
			return false;
		b += 4 + n;
	}
	return true;
}

static bool
encode_json(struct call *call, const struct value *v, const char **data, int *len)
{
	json_t *json = NULL;
	size_t size;
	char *b;

	if (v->type == V_TEXT) { /* already JSON */
		b = arena_printf(call->arena, "\1%s", v->text);
		*data = b;
		*len = b != NULL ? (int)strlen(v->text) + 1 : 0;
		return b != NULL;
	}
	if (v->type == V_MESSAGE) {
		json = json_from(v->messages[0], true);
	} else if (v->type == V_MESSAGES) {
		json = json_array();
		for (size_t i = 0; i < v->n; i++)
			json_array_append_new(json, json_from(v->messages[i], true));
	} else if (v->type == V_LIST) {
		json = json_array();
		for (size_t i = 0; i < v->n; i++)
			json_array_append_new(json, json_string(v->list[i]));
	}
	if (json == NULL)
		return false;
	size = json_dumpb(json, NULL, 0, JSON_COMPACT);
	b = arena_alloc(call->arena, size + 2);
	if (b != NULL) {
		b[0] = 1; /* the version of jsonb's binary format */
		json_dumpb(json, b + 1, size, JSON_COMPACT);
	}
	json_decref(json);
	*data = b;
	*len = (int)size + 1;
	return b != NULL;
}

bool
value_encode(struct call *call, const char *name, const ProtobufCMessage *in, const struct arg *args, Oid oid,
    const char **data, int *len)
{
	struct value v = {0};
	uint8_t *b;

	*data = NULL;
	*len = 0;
	if (!lookup(call, name, in, args, &v))
		return false;
	if (v.type == V_NULL)
		return true;
	switch (oid) {
	case OID_TEXT:
	case OID_VARCHAR:
		*data = v.text;
		*len = v.text == NULL ? 0 : (int)strlen(v.text);
		return v.type == V_TEXT;
	case OID_UUID:
		if (v.type == V_TEXT && v.text[0] == '\0')
			return true; /* an id that is not given */
		b = arena_alloc(call->arena, 16);
		*data = (char *)b;
		*len = 16;
		return b != NULL && v.type == V_TEXT && uuid_parse(v.text, b);
	case OID_BYTEA:
		*data = v.bytes.data != NULL ? (char *)v.bytes.data : "";
		*len = (int)v.bytes.len;
		return v.type == V_BYTES;
	case OID_BOOL:
	case OID_INT2:
	case OID_INT4:
	case OID_INT8:
	case OID_TIMESTAMPTZ:
	case OID_FLOAT8:
		return encode_number(call, &v, oid, data, len);
	case OID_TEXTS:
	case OID_UUIDS:
	case OID_INT8S:
	case OID_BYTEAS:
		return encode_list(call, &v, oid, data, len);
	case OID_JSONB:
		return encode_json(call, &v, data, len);
	default:
		return false;
	}
}
