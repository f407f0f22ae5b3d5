/*
 * db_inner.h: what db_connection.c, db.c, db_tx.c and db_lane.c share: a connection,
 * its statements, and the commands that wait to travel with the next one.
 */
#ifndef DB_INNER_H
#define DB_INNER_H

#include <libpq-fe.h>
#include <stdatomic.h>

#include "db_sql.h"
#include "db_tx.h"

enum {
	PENDING_MAX = 256,
	PLACES = 2 * SQL_QUERIES_MAX,
};

struct statement {
	struct sql_query sql;
	Oid types[SQL_PARAMS_MAX];
	bool ran;
};

struct fiber;

/* Somebody who uses the connection: one of several calls beside each other (db_lane.c), or whoever has it alone. */
struct lane {
	struct call *call;   /* who waits for the answer, or waited last */
	struct fiber *fiber; /* NULL: it has the connection alone */
	PGresult *last;      /* of its last command that was sent */
	bool waits;          /* it is put aside until that is here */
	unsigned n_written;  /* its commands sent so far that write */
};

/* A command that travels with the next one. Its values live in the arena of its call. */
struct pending {
	struct statement *statement;
	struct lane *lane;
	const char *scope;     /* what vouch.issuer must be for it; NULL: whatever it is */
	ProtobufCMessage *out; /* what its rows fill (db_with()); NULL: nothing */
	const char *list;
	const char *data[SQL_PARAMS_MAX];
	int len[SQL_PARAMS_MAX];
};

struct db {
	PGconn *conn;
	char *conninfo, *schema;
	int n, n_lib; /* statements; the first n_lib are the lib's */
	struct statement statements[SQL_QUERIES_MAX];
	uint16_t places[PLACES]; /* by the hash of their names: index + 1; 0: none */
	struct pending pending[PENDING_MAX];
	int n_pending;
	bool in_transaction;
	bool is_broken;    /* a statement of the transaction has failed */
	int careful;       /* batches that still go with savepoints (tx_hurry()) */
	struct lane *lane; /* whose turn it is: &alone, or one of LANES */
	struct lane alone;
	struct lanes *lanes; /* NULL until they are needed */
	struct kept_event *events, **events_end;
	char scope[64];               /* what vouch.issuer is set to; "" unknown */
	int64_t clock_base, clock_at; /* the database's time at clock_ms() clock_at */
	int64_t clock_host_at;        /* this host's time then */
	int64_t retry_at, backoff_ms;
	atomic_bool up;
};

/* Ends the connection; what was pending on it is gone. */
void conn_drop(struct db *db);

/* Runs SQL, a constant, at once. Was it done? */
bool conn_command(struct db *db, const char *sql);

/* The result of one command of a pipeline, to be cleared; skips to the next command. NULL: there is none. */
PGresult *conn_result(struct db *db);

/* The statement called NAME. One that is missing ends the process: a defect of the program. */
struct statement *conn_statement(struct db *db, const char *name);

/*
 * Encodes STATEMENT's parameters (value_encode()) and puts it behind what is
 * pending; at PENDING_MAX that is sent first. False: refused.
 */
bool run_defer(
    struct call *call, struct statement *statement, const ProtobufCMessage *in, const struct arg *args);

/*
 * Sends all that is pending in one round trip. Returns the result of the last one
 * that is the lane's own; NULL after a failure, told to CALL.
 */
PGresult *run_flush(struct call *call);

/*
 * The round trip itself, for all lanes: each gets the result of its last command.
 * False after a failure, told to the call of the lane that it is of; then there are no results.
 */
bool run_exchange(struct db *db);

/* Puts the lane whose turn it is aside until a round trip has been made. */
void lane_wait(struct db *db);

/* Ends what db_lane.c keeps for DB. */
void lanes_close(struct db *db);

#endif
