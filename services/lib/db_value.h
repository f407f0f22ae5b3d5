/*
 * db_value.h: values between messages and PostgreSQL's binary format. For
 * db.c alone.
 */
#ifndef DB_VALUE_H
#define DB_VALUE_H

#include <libpq-fe.h>

#include "db.h"

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
