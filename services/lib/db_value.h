/*
 * db_value.h: values between messages and PostgreSQL's binary format. For
 * db*.c alone.
 */
#ifndef DB_VALUE_H
#define DB_VALUE_H

#include <libpq-fe.h>

#include "db.h"

/* Of the types that statements may use (pg_type). */
enum {
	OID_BOOL = 16,
	OID_BYTEA = 17,
	OID_INT8 = 20,
	OID_INT2 = 21,
	OID_INT4 = 23,
	OID_TEXT = 25,
	OID_FLOAT8 = 701,
	OID_VARCHAR = 1043,
	OID_TIMESTAMPTZ = 1184,
	OID_UUID = 2950,
	OID_TEXTS = 1009,
	OID_UUIDS = 2951,
	OID_BYTEAS = 1001,
	OID_INT8S = 1016,
	OID_JSONB = 3802
};

/* Where PostgreSQL counts instants from, in microseconds since 1970. */
#define EPOCH_2000 (INT64_C(946684800) * 1000000)

/*
 * Finds the parameter NAME (an ARG, a field of IN, what the call knows) and
 * writes it as type OID into the call's arena; *DATA NULL is SQL's NULL. False:
 * no such value, or it does not fit the type.
 */
bool value_encode(struct call *call, const char *name, const ProtobufCMessage *in, const struct arg *args,
    Oid oid, const char **data, int *len);

/* Fills MESSAGE's fields from the columns of ROW, by name. *COLUMN: the one that does not fit, on false. */
bool value_fill(
    struct call *call, const PGresult *res, int row, ProtobufCMessage *message, const char **column);

/* The text of a text or uuid value, in the call's arena; NULL for other types. */
char *value_text(struct call *call, const PGresult *res, int row, int col);

#endif
