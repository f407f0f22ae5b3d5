/* db_fill.c: columns in PostgreSQL's binary format, into the fields of messages. */
#include <endian.h>
#include <string.h>
#include <strings.h>

#include "db_value.h"
#include "google/protobuf/timestamp.pb-c.h"
#include "id.h"
#include "json.h"

void *
time_new(struct call *call, int64_t micros)
{
	Google__Protobuf__Timestamp *t = arena_alloc(call->arena, sizeof(*t));

	if (t == NULL)
		return NULL;
	google__protobuf__timestamp__init(t);
	t->seconds = micros >= 0 ? micros / 1000000 : -((999999 - micros) / 1000000);
	t->nanos = (int32_t)(micros - t->seconds * 1000000) * 1000;
	return t;
}

static char *
uuid_print(char *out, const uint8_t *u)
{
	static const char digits[] = "0123456789abcdef";
	char *p = out;

	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*p++ = '-';
		*p++ = digits[u[i] >> 4];
		*p++ = digits[u[i] & 15];
	}
	*p = '\0';
	return out;
}

char *
value_text(struct call *call, const PGresult *res, int row, int col)
{
	const char *data = PQgetvalue(res, row, col);

	switch (PQftype(res, col)) {
	case OID_UUID: {
		char *out = arena_alloc(call->arena, 37);

		return out == NULL ? NULL : uuid_print(out, (const uint8_t *)data);
	}
	case OID_TEXT:
	case OID_VARCHAR:
	case 18: /* "char" */
	case 19: /* name */
		return arena_dup(call->arena, data, (size_t)PQgetlength(res, row, col));
	case OID_JSONB:
		return arena_dup(call->arena, data + 1, (size_t)PQgetlength(res, row, col) - 1);
	default:
		return NULL;
	}
}

static int64_t
number_of(const PGresult *res, int row, int col)
{
	uint64_t n = 0;
	int len = PQgetlength(res, row, col);

	memcpy(&n, PQgetvalue(res, row, col), (size_t)(len <= 8 ? len : 8));
	n = be64toh(n);
	return len > 0 && len <= 8 ? (int64_t)n >> (64 - 8 * len) : 0;
}

/* A one-dimensional array of text or uuid. */
static bool
store_list(struct call *call, const PGresult *res, int row, int col, ProtobufCMessage *m,
    const ProtobufCFieldDescriptor *f)
{
	const uint8_t *p = (const uint8_t *)PQgetvalue(res, row, col), *end = p + PQgetlength(res, row, col);
	uint32_t word, n = 0, item = 0;
	char **items;

	if (end - p < 12)
		return false;
	memcpy(&word, p, 4);
	memcpy(&item, p + 8, 4);
	item = be32toh(item);
	if (be32toh(word) > 0) {
		if (be32toh(word) != 1 || end - p < 20)
			return false;
		memcpy(&word, p + 12, 4);
		n = be32toh(word);
	}
	if (n > 100000 || (item != OID_TEXT && item != OID_UUID && item != OID_VARCHAR))
		return false;
	items = arena_alloc(call->arena, (n + 1) * sizeof(*items));
	p += n > 0 ? 20 : 12;
	for (uint32_t i = 0; items != NULL && i < n; i++) {
		uint32_t len;

		if (end - p < 4)
			return false;
		memcpy(&len, p, 4);
		len = be32toh(len);
		p += 4;
		if (len == UINT32_MAX || len > (size_t)(end - p) || (item == OID_UUID && len != 16))
			return false;
		items[i] = item == OID_UUID ? arena_alloc(call->arena, 37) : arena_dup(call->arena, p, len);
		if (items[i] == NULL)
			return false;
		if (item == OID_UUID)
			uuid_print(items[i], p);
		p += len;
	}
	*(char ***)(void *)((char *)m + f->offset) = items;
	*(size_t *)(void *)((char *)m + f->quantifier_offset) = n;
	return items != NULL;
}

/* jsonb into a message, or a list of messages or strings. */
static bool
store_json(struct call *call, const PGresult *res, int row, int col, ProtobufCMessage *m,
    const ProtobufCFieldDescriptor *f)
{
	const char *data = PQgetvalue(res, row, col) + 1;
	size_t len = (size_t)PQgetlength(res, row, col) - 1;
	json_error_t error;
	json_t *json, *wrapped;
	bool ok;

	if (f->label != PROTOBUF_C_LABEL_REPEATED && f->type == PROTOBUF_C_TYPE_STRING)
		return (*(char **)(void *)((char *)m + f->offset) = arena_dup(call->arena, data, len)) !=
		    NULL;
	if (f->label == PROTOBUF_C_LABEL_REPEATED && len == 2 && data[0] == '[') /* empty, as the field is */
		return true;
	json = json_loadb(data, len, JSON_DECODE_ANY, &error);
	if (json == NULL || json_is_null(json)) {
		json_decref(json);
		return json != NULL;
	}
	wrapped = json_object();
	json_object_set_new(wrapped, bounds_of(m->descriptor)[f - m->descriptor->fields].json, json);
	ok = json_into(call, wrapped, m, "", true);
	json_decref(wrapped);
	return ok;
}

static bool
store_number(int64_t n, Oid oid, ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
	void *p = (char *)m + f->offset;

	switch (f->type) {
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_BOOL:
	case PROTOBUF_C_TYPE_UINT32:
		*(int32_t *)p = (int32_t)n;
		return n >= INT32_MIN && n <= INT32_MAX;
	case PROTOBUF_C_TYPE_INT64:
		*(int64_t *)p = n;
		return true;
	case PROTOBUF_C_TYPE_DOUBLE:
		if (oid == OID_FLOAT8)
			memcpy(p, &n, 8);
		else
			*(double *)p = (double)n;
		return true;
	default:
		return false;
	}
}

static bool
store_text(struct call *call, const PGresult *res, int row, int col, ProtobufCMessage *m,
    const ProtobufCFieldDescriptor *f)
{
	void *p = (char *)m + f->offset;
	char *text = value_text(call, res, row, col);

	if (text == NULL)
		return false;
	if (f->type == PROTOBUF_C_TYPE_STRING) {
		const struct bound *b = bounds_of(m->descriptor);
		int at = PQfnumber(res, "issuer_id");

		*(char **)p = text;
		if (PQftype(res, col) == OID_UUID && b != NULL && b[f - m->descriptor->fields].form != NULL &&
		    strcmp(b[f - m->descriptor->fields].form, "id") == 0)
			*(char **)p = id_join(
			    call, at >= 0 ? PQgetvalue(res, row, at) : call_issuer(call), text);
		return *(char **)p != NULL;
	}
	if (f->type == PROTOBUF_C_TYPE_ENUM) {
		const ProtobufCEnumDescriptor *e = f->descriptor;

		for (unsigned i = 0; i < e->n_values; i++)
			if (strcasecmp(e->values[i].name, text) == 0)
				return *(int *)p = e->values[i].value, true;
	}
	return false;
}

static bool
store(struct call *call, const PGresult *res, int row, int col, ProtobufCMessage *m,
    const ProtobufCFieldDescriptor *f)
{
	void *p = (char *)m + f->offset;

	switch (PQftype(res, col)) {
	case OID_JSONB:
		return store_json(call, res, row, col, m, f);
	case OID_TEXTS:
	case OID_UUIDS:
		return f->label == PROTOBUF_C_LABEL_REPEATED && f->type == PROTOBUF_C_TYPE_STRING &&
		    store_list(call, res, row, col, m, f);
	case OID_BYTEA: {
		size_t len = (size_t)PQgetlength(res, row, col);
		uint8_t *copy = (uint8_t *)arena_dup(call->arena, PQgetvalue(res, row, col), len);

		if (f->type != PROTOBUF_C_TYPE_BYTES || copy == NULL)
			return false;
		*(ProtobufCBinaryData *)p = (ProtobufCBinaryData){len, copy};
		return true;
	}
	case OID_TIMESTAMPTZ:
		if (f->type == PROTOBUF_C_TYPE_INT64)
			return *(int64_t *)p = number_of(res, row, col) + EPOCH_2000, true;
		if (f->type != PROTOBUF_C_TYPE_MESSAGE ||
		    f->descriptor != &google__protobuf__timestamp__descriptor)
			return false;
		return (*(void **)p = time_new(call, number_of(res, row, col) + EPOCH_2000)) != NULL;
	case OID_BOOL:
	case OID_INT2:
	case OID_INT4:
	case OID_INT8:
	case OID_FLOAT8:
		return f->label != PROTOBUF_C_LABEL_REPEATED &&
		    store_number(number_of(res, row, col), PQftype(res, col), m, f);
	default:
		return f->label != PROTOBUF_C_LABEL_REPEATED && store_text(call, res, row, col, m, f);
	}
}

bool
value_fill(struct call *call, const PGresult *res, int row, ProtobufCMessage *m, const char **column)
{
	for (int c = 0; c < PQnfields(res); c++) {
		const ProtobufCFieldDescriptor *f = protobuf_c_message_descriptor_get_field_by_name(
		    m->descriptor, PQfname(res, c));

		*column = PQfname(res, c);
		if (f == NULL && strcmp(*column, "issuer_id") == 0)
			continue;
		if (f == NULL || (!PQgetisnull(res, row, c) && !store(call, res, row, c, m, f)))
			return false;
	}
	return true;
}
