/*
 * db.h: PostgreSQL, as handlers see it.
 *
 * A service keeps all its SQL in queries.sql. Statements have names, and so
 * have their parameters:
 *
 *	-- name: submission_get
 *	SELECT id, state FROM submissions WHERE issuer_id = :issuer_id AND id = :id;
 *
 * Each is prepared when a connection opens; a broken one stops the service at
 * start. A parameter takes, by name, an ARGS() of the call site, else a field
 * of the request (IN), else what the call knows: issuer_id, account_id, now
 * (business time), key. Columns fill the fields of OUT that have their names; a column
 * issuer_id without such a field is allowed, and gives the ids of its row their
 * issuer. NULL leaves the field as it is. Values travel in binary, by the types
 * that PostgreSQL reports: text, uuid, ints, bool, float8, bytea, timestamptz
 * (google.protobuf.Timestamp), text for enums (lower case), text[], uuid[] and
 * int8[] for lists, jsonb for messages and lists of messages (json.h).
 *
 * An id in the API is "issuer~uuid" (form "id"). A parameter of type uuid takes
 * what stands behind the '~'; a uuid column gets its issuer in front where the
 * field's form is "id".
 *
 * A statement that begins with SELECT or WITH and neither writes nor locks is a
 * read. Others belong into rpcs that write (rule.proto), or into jobs.
 */
#ifndef DB_H
#define DB_H

#include "call.h"

struct arg {
	const char *name;
	enum {
		ARG_TEXT,
		ARG_INT,
		ARG_BOOL,
		ARG_REAL,
		ARG_BYTES,
		ARG_TIME,
		ARG_LIST,
		ARG_NUMBERS,
		ARG_BLOBS,
		ARG_MESSAGE,
		ARG_NULL
	} type;
	const char *text;
	int64_t number; /* ARG_TIME: microseconds since 1970 */
	double real;
	ProtobufCBinaryData bytes;
	char *const *list;                /* ARG_LIST: N strings */
	const int64_t *numbers;           /* ARG_NUMBERS: N numbers */
	const ProtobufCBinaryData *blobs; /* ARG_BLOBS: N of them */
	size_t n;
	const ProtobufCMessage *message; /* ARG_MESSAGE: for jsonb */
};

/* TEXT with a NULL value is SQL's NULL. */
#define TEXT(name_, value_) {.name = (name_), .type = ARG_TEXT, .text = (value_)}
#define INT(name_, value_) {.name = (name_), .type = ARG_INT, .number = (value_)}
#define BOOL(name_, value_) {.name = (name_), .type = ARG_BOOL, .number = (value_)}
#define REAL(name_, value_) {.name = (name_), .type = ARG_REAL, .real = (value_)}
#define BYTES(name_, value_) {.name = (name_), .type = ARG_BYTES, .bytes = (value_)}
#define TIME(name_, value_) {.name = (name_), .type = ARG_TIME, .number = (value_)}
#define LIST(name_, list_, n_) {.name = (name_), .type = ARG_LIST, .list = (list_), .n = (n_)}
#define NUMBERS(name_, numbers_, n_) {.name = (name_), .type = ARG_NUMBERS, .numbers = (numbers_), .n = (n_)}
#define BLOBS(name_, blobs_, n_) {.name = (name_), .type = ARG_BLOBS, .blobs = (blobs_), .n = (n_)}
#define MESSAGE(name_, message_) {.name = (name_), .type = ARG_MESSAGE, .message = (message_)}
#define NONE(name_) {.name = (name_), .type = ARG_NULL}
#define ARGS(...) ((const struct arg[]){__VA_ARGS__, {.name = NULL}})

/* Sends what CALL has put off and waits for it. False: something of it failed, and CALL says why. */
bool db_settle(struct call *call);

/* Runs QUERY; its first row fills OUT. No row: NOT_FOUND. IN, ARGS and OUT may be NULL. */
bool db_one(struct call *call, const char *query, const ProtobufCMessage *in, const struct arg *args,
    ProtobufCMessage *out);

/* The same, but no row is an answer too: *FOUND says which. */
bool db_maybe(struct call *call, const char *query, const ProtobufCMessage *in, const struct arg *args,
    ProtobufCMessage *out, bool *found);

/* Runs QUERY; each row becomes one message in the repeated field LIST of OUT, or one string of a repeated string. */
bool db_all(struct call *call, const char *query, const ProtobufCMessage *in, const struct arg *args,
    ProtobufCMessage *out, const char *list);

/*
 * Runs QUERY together with the call's next statement, in one round trip: only when that is back
 * has OUT been filled. LIST as in db_all(); NULL: the first row, and OUT stays as it is when there is none.
 */
bool db_with(struct call *call, const char *query, const ProtobufCMessage *in, const struct arg *args,
    ProtobufCMessage *out, const char *list);

/* Runs QUERY, of which no row is needed. It may travel with the next statement: its failure shows then, or at the commit. */
bool db_do(struct call *call, const char *query, const ProtobufCMessage *in, const struct arg *args);

/*
 * For jobs: ends the transaction that the first write opened. True: committed.
 * Asserts that no rpc runs (an rpc's commit is the dispatcher's).
 */
bool db_commit(struct call *call);

/* In which issuer the following statements of a job or of a call across issuers write (row level security, outbox). */
void call_in_issuer(struct call *call, const char *issuer_id);

/* Time of a google.protobuf.Timestamp field: microseconds since 1970; 0 when it is absent. */
int64_t time_of(const void *timestamp);

/* A new google.protobuf.Timestamp in the call's arena; as void * so that it fits every field. */
void *time_new(struct call *call, int64_t micros);

#endif
