#include "db.h"

#include <assert.h>
#include <errno.h>
#include <libpq-fe.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "common.pb-c.h"
#include "db_sql.h"
#include "db_tx.h"
#include "db_value.h"
#include "log.h"

enum { PENDING_MAX = 64, CLOCK_FRESH_MS = 5000, BACKOFF_MS = 100, BACKOFF_MAX_MS = 5000 };

extern const char lib_queries[];

struct statement {
	struct sql_query sql;
	Oid types[SQL_PARAMS_MAX];
	bool ran;
};

/* A command that travels with the next one. Its values live in the arena of its call. */
struct pending {
	struct statement *statement;
	const char *data[SQL_PARAMS_MAX];
	int len[SQL_PARAMS_MAX];
};

struct db {
	PGconn *conn;
	char *conninfo, *schema;
	int n, n_lib; /* statements; the first n_lib are the lib's */
	struct statement statements[SQL_QUERIES_MAX];
	struct pending pending[PENDING_MAX];
	int n_pending;
	bool in_transaction;
	char scope[64];               /* what vouch.issuer is set to; "" unknown */
	char job_issuer[64];          /* call_in_issuer() */
	int64_t clock_base, clock_at; /* the database's time at clock_ms() clock_at */
	int64_t retry_at, backoff_ms;
	atomic_bool up;
};

/* ---- connecting -------------------------------------------------------- */

struct db *
db_open(const char *conninfo, const char *schema, const char *queries)
{
	struct db *db = calloc(1, sizeof(*db));
	struct sql_query *read = calloc(SQL_QUERIES_MAX, sizeof(*read));
	int n;

	assert(db != NULL && read != NULL);
	db->conninfo = strdup(conninfo);
	db->schema = strdup(schema);
	db->n_lib = sql_read(lib_queries, read, SQL_QUERIES_MAX);
	assert(db->n_lib > 0);
	n = sql_read(queries, read + db->n_lib, SQL_QUERIES_MAX - db->n_lib);
	if (n < 0) {
		log_error("db: queries.sql of %s is malformed near statement %d", schema, -n);
		abort(); /* it is baked into the program */
	}
	db->n = db->n_lib + n;
	for (int i = 0; i < db->n; i++)
		db->statements[i].sql = read[i];
	free(read);
	return db;
}

static void
disconnect(struct db *db)
{
	PQfinish(db->conn);
	db->conn = NULL;
	db->n_pending = 0;
	db->in_transaction = false;
	db->scope[0] = '\0';
	atomic_store(&db->up, false);
}

void
db_close(struct db *db)
{
	if (db == NULL)
		return;
	disconnect(db);
	for (int i = 0; i < db->n; i++)
		sql_query_free(&db->statements[i].sql);
	free(db->conninfo);
	free(db->schema);
	free(db);
}

bool
db_is_up(const struct db *db)
{
	return atomic_load(&db->up);
}

static bool
command(struct db *db, const char *sql)
{
	PGresult *res = PQexec(db->conn, sql);
	bool ok = PQresultStatus(res) == PGRES_COMMAND_OK || PQresultStatus(res) == PGRES_TUPLES_OK;

	PQclear(res);
	return ok;
}

/* Takes the results of one sent command; the first of them, and skips to the next command. */
static PGresult *
next_result(struct db *db)
{
	PGresult *res = PQgetResult(db->conn), *more;

	while (res != NULL && PQresultStatus(res) != PGRES_PIPELINE_SYNC &&
	    (more = PQgetResult(db->conn)) != NULL)
		PQclear(more);
	return res;
}

/* Prepares all statements in one round trip and learns their parameters' types. */
static bool
prepare(struct db *db)
{
	bool ok = PQenterPipelineMode(db->conn) == 1;

	for (int i = 0; ok && i < db->n; i++)
		ok = PQsendPrepare(
			 db->conn, db->statements[i].sql.name, db->statements[i].sql.sql, 0, NULL) == 1 &&
		    PQsendDescribePrepared(db->conn, db->statements[i].sql.name) == 1;
	ok = ok && PQpipelineSync(db->conn) == 1;
	for (int i = 0; ok && i < db->n; i++) {
		struct statement *s = &db->statements[i];
		PGresult *prepared = next_result(db), *described = next_result(db);

		if (PQresultStatus(prepared) != PGRES_COMMAND_OK ||
		    PQresultStatus(described) != PGRES_COMMAND_OK) {
			log_error("db: %s: %s", s->sql.name, PQresultErrorMessage(prepared));
			ok = false;
		}
		for (int p = 0; ok && p < s->sql.n_params && p < PQnparams(described); p++)
			s->types[p] = PQparamtype(described, p);
		PQclear(prepared);
		PQclear(described);
	}
	if (ok) {
		PQclear(PQgetResult(db->conn)); /* the sync */
		ok = PQexitPipelineMode(db->conn) == 1;
	}
	return ok;
}

static bool
is_on(struct db *db, const char *sql)
{
	PGresult *res = PQexec(db->conn, sql);
	bool on = PQntuples(res) == 1 && strcmp(PQgetvalue(res, 0, 0), "off") != 0;

	PQclear(res);
	return on;
}

/* A server that does not keep what it acknowledged would break every promise; only test clusters may. */
static bool
keeps_promises(struct db *db)
{
	if (getenv("VOUCH_TEST_PG") != NULL ||
	    (is_on(db, "SHOW fsync") && is_on(db, "SHOW synchronous_commit")))
		return true;
	log_error(
	    "db: the server runs with fsync or synchronous_commit off: acknowledged work could be lost");
	return false;
}

static bool
read_clock(struct db *db)
{
	PGresult *res = PQexecPrepared(db->conn, "clock_read", 0, NULL, NULL, NULL, 0);
	bool ok = PQresultStatus(res) == PGRES_TUPLES_OK && PQntuples(res) == 1;

	if (ok) {
		db->clock_base = strtoll(PQgetvalue(res, 0, 0), NULL, 10);
		db->clock_at = clock_ms();
	}
	PQclear(res);
	return ok;
}

/* Notices are for people at a terminal; libpq's own processor would write them between the log's lines. */
static void
ignore_notice(void *arg, const char *message)
{
	(void)arg, (void)message;
}

static bool
connect_now(struct db *db)
{
	static const char session[] =
	    "SET statement_timeout = '5s'; SET lock_timeout = '2s';"
	    "SET idle_in_transaction_session_timeout = '10s'; SET vouch.issuer = ''";

	disconnect(db);
	db->conn = PQconnectdb(db->conninfo);
	if (PQstatus(db->conn) != CONNECTION_OK) {
		log_warn("db: %s", PQerrorMessage(db->conn));
		return false;
	}
	PQsetNoticeProcessor(db->conn, ignore_notice, NULL);
	return command(db, session) && keeps_promises(db) && prepare(db) && read_clock(db);
}

bool
tx_ready(struct db *db, struct call *call)
{
	int64_t now = clock_ms();

	if (db->conn != NULL && PQstatus(db->conn) == CONNECTION_OK) {
		if (db->in_transaction || now - db->clock_at < CLOCK_FRESH_MS || read_clock(db))
			return true;
	}
	if (now >= db->retry_at) {
		if (connect_now(db)) {
			db->backoff_ms = 0;
			db->retry_at = 0;
			atomic_store(&db->up, true);
			return true;
		}
		disconnect(db);
		db->backoff_ms = db->backoff_ms == 0 ? BACKOFF_MS : db->backoff_ms * 2;
		if (db->backoff_ms > BACKOFF_MAX_MS)
			db->backoff_ms = BACKOFF_MAX_MS;
		/* Full jitter, so that instances do not come back all at once. */
		db->retry_at = clock_ms() + 20 + (int64_t)randombytes_uniform((uint32_t)db->backoff_ms);
	}
	return call != NULL && refuse(call, VOUCH__STATUS__UNAVAILABLE, "please try again");
}

int64_t
tx_now(struct db *db)
{
	return db->clock_base + (clock_ms() - db->clock_at) * 1000 + clock_offset();
}

/* ---- statements ---------------------------------------------------------- */

static bool
failed(struct call *call, const char *name, const PGresult *res)
{
	static const struct {
		const char *sqlstate;
		Vouch__Status status;
		const char *text;
	} errors[] = {
		{"23505", VOUCH__STATUS__CONFLICT, "this exists already"},
		{"23503", VOUCH__STATUS__NOT_FOUND, "it refers to something that does not exist"},
		{"23514", VOUCH__STATUS__INVALID, "a value is out of range"},
		{"57014", VOUCH__STATUS__TIMEOUT, "the deadline passed"},
		{"53100", VOUCH__STATUS__UNAVAILABLE, "please try again"},
	};
	struct db *db = call->db;
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);

	if (PQstatus(db->conn) != CONNECTION_OK || state == NULL || strncmp(state, "40", 2) == 0 ||
	    strncmp(state, "55P03", 5) == 0 || strncmp(state, "57P", 3) == 0 ||
	    strncmp(state, "08", 2) == 0) {
		log_warn("db: %s: %s", name, state != NULL ? state : "connection lost");
		call->retry = true;
		return refuse(call, VOUCH__STATUS__UNAVAILABLE, "please try again");
	}
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (strcmp(state, errors[i].sqlstate) == 0)
			return refuse(call, errors[i].status, "%s", errors[i].text);
	log_error("db: %s: %s", name, PQresultErrorMessage(res));
	return refuse(call, VOUCH__STATUS__INTERNAL, "a defect on our side");
}

static bool
is_good(const PGresult *res)
{
	ExecStatusType s = PQresultStatus(res);

	return s == PGRES_TUPLES_OK || s == PGRES_COMMAND_OK;
}

static const int binary[SQL_PARAMS_MAX] = {
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
};

/* Sends all that is pending in one round trip. Returns the last one's result; NULL after a failure, told to CALL. */
static PGresult *
flush(struct call *call)
{
	struct db *db = call->db;
	PGresult *last = NULL, *bad = NULL;
	const char *culprit = "pipeline";
	int n = db->n_pending;
	bool ok = true;

	db->n_pending = 0;
	if (n == 1) {
		struct pending *p = &db->pending[0];

		last = PQexecPrepared(
		    db->conn, p->statement->sql.name, p->statement->sql.n_params, p->data, p->len, binary, 1);
		if (is_good(last))
			return last;
		failed(call, p->statement->sql.name, last);
		PQclear(last);
		return NULL;
	}
	ok = PQenterPipelineMode(db->conn) == 1;
	for (int i = 0; ok && i < n; i++) {
		struct pending *p = &db->pending[i];

		ok = PQsendQueryPrepared(db->conn, p->statement->sql.name, p->statement->sql.n_params,
			 p->data, p->len, binary, 1) == 1;
	}
	ok = ok && PQpipelineSync(db->conn) == 1;
	for (int i = 0; ok && i < n; i++) {
		PGresult *res = next_result(db);

		if (!is_good(res) && bad == NULL) {
			bad = res;
			culprit = db->pending[i].statement->sql.name;
		} else if (i + 1 == n) {
			last = res;
		} else {
			PQclear(res);
		}
	}
	if (ok) {
		PQclear(PQgetResult(db->conn)); /* the sync */
		PQexitPipelineMode(db->conn);
	}
	if (!ok || bad != NULL) {
		failed(call, culprit, bad);
		PQclear(last);
		PQclear(bad);
		if (!ok)
			disconnect(db);
		return NULL;
	}
	return last;
}

static struct statement *
find(struct db *db, const char *name)
{
	for (int i = 0; i < db->n; i++)
		if (strcmp(db->statements[i].sql.name, name) == 0)
			return &db->statements[i];
	log_error("db: there is no statement %s", name);
	abort();
}

static bool
defer(struct call *call, struct statement *s, const ProtobufCMessage *in, const struct arg *args)
{
	struct db *db = call->db;
	struct pending *p;

	if (db->n_pending == PENDING_MAX) {
		PGresult *res = flush(call);

		if (res == NULL)
			return false;
		PQclear(res);
	}
	p = &db->pending[db->n_pending];
	p->statement = s;
	for (int i = 0; i < s->sql.n_params; i++)
		if (!value_encode(call, s->sql.params[i], in, args, s->types[i], &p->data[i], &p->len[i])) {
			log_error("db: %s: no value of type %u for :%s", s->sql.name, s->types[i],
			    s->sql.params[i]);
			return refuse(call, VOUCH__STATUS__INTERNAL, "a defect on our side");
		}
	s->ran = true;
	db->n_pending++;
	return true;
}

/* Row level security: the connection works in the call's issuer, or across all. */
static bool
set_scope(struct call *call)
{
	struct db *db = call->db;
	const char *issuer = call_issuer(call), *scope = issuer[0] == '\0' ? "*" : issuer;

	if ((call->rpc != NULL && call->rpc->across) || call->rpc == NULL)
		scope = "*";
	if (strcmp(db->scope, scope) == 0)
		return true;
	snprintf(db->scope, sizeof(db->scope), "%s", scope);
	return defer(call, find(db, "scope_set"), NULL, ARGS(TEXT("scope", db->scope)));
}

/* Readies STATEMENT to run in CALL: opens a job's transaction, sets the scope, encodes. */
static bool
enqueue(struct call *call, const char *name, const ProtobufCMessage *in, const struct arg *args)
{
	struct db *db = call->db;
	struct statement *s;

	if (call->status != VOUCH__STATUS__OK || call->replay != NULL)
		return false;
	s = find(db, name);
	assert(s->sql.reads || call->rpc == NULL || call->rpc->writes); /* its rule says so */
	if (db->conn == NULL && !tx_ready(db, call))
		return false;
	if (!s->sql.reads && !db->in_transaction) {
		assert(call->rpc == NULL); /* the dispatcher opens those of rpcs */
		if (!tx_begin(db, call))
			return false;
	}
	return set_scope(call) && defer(call, s, in, args);
}

static PGresult *
run(struct call *call, const char *name, const ProtobufCMessage *in, const struct arg *args)
{
	return enqueue(call, name, in, args) ? flush(call) : NULL;
}

bool
db_do(struct call *call, const char *query, const ProtobufCMessage *in, const struct arg *args)
{
	return enqueue(call, query, in, args);
}

static bool
fill(struct call *call, const PGresult *res, int row, ProtobufCMessage *m, const char *query)
{
	const char *column = "";

	if (value_fill(call, res, row, m, &column))
		return true;
	log_error("db: %s: column %s does not fit %s", query, column, m->descriptor->name);
	return refuse(call, VOUCH__STATUS__INTERNAL, "a defect on our side");
}

bool
db_maybe(struct call *call, const char *query, const ProtobufCMessage *in, const struct arg *args,
    ProtobufCMessage *out, bool *found)
{
	PGresult *res = run(call, query, in, args);
	bool ok = res != NULL;

	*found = false;
	if (ok) {
		*found = PQntuples(res) > 0 || (PQnfields(res) == 0 && strcmp(PQcmdTuples(res), "0") != 0);
		if (out != NULL && PQntuples(res) > 0)
			ok = fill(call, res, 0, out, query);
	}
	PQclear(res);
	return ok;
}

bool
db_one(struct call *call, const char *query, const ProtobufCMessage *in, const struct arg *args,
    ProtobufCMessage *out)
{
	bool found;

	return db_maybe(call, query, in, args, out, &found) &&
	    (found || refuse(call, VOUCH__STATUS__NOT_FOUND, "there is no such record"));
}

static bool
collect(struct call *call, const PGresult *res, ProtobufCMessage *out, const ProtobufCFieldDescriptor *f,
    const char *query)
{
	const ProtobufCMessageDescriptor *type = f->descriptor;
	size_t n = (size_t)PQntuples(res);
	void **items = arena_alloc(call->arena, (n + 1) * sizeof(*items));

	if (items == NULL)
		return refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
	for (size_t i = 0; i < n; i++) {
		if (f->type == PROTOBUF_C_TYPE_STRING) {
			items[i] = value_text(call, res, (int)i, 0);
		} else if ((items[i] = arena_alloc(call->arena, type->sizeof_message)) != NULL) {
			protobuf_c_message_init(type, items[i]);
			if (!fill(call, res, (int)i, items[i], query))
				return false;
		}
		if (items[i] == NULL)
			return refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
	}
	*(void ***)(void *)((char *)out + f->offset) = items;
	*(size_t *)(void *)((char *)out + f->quantifier_offset) = n;
	return true;
}

bool
db_all(struct call *call, const char *query, const ProtobufCMessage *in, const struct arg *args,
    ProtobufCMessage *out, const char *list)
{
	const ProtobufCFieldDescriptor *f = protobuf_c_message_descriptor_get_field_by_name(
	    out->descriptor, list);
	PGresult *res = run(call, query, in, args);
	bool ok = res != NULL;

	assert(f != NULL && f->label == PROTOBUF_C_LABEL_REPEATED);
	ok = ok && collect(call, res, out, f, query);
	PQclear(res);
	return ok;
}

void
call_in_issuer(struct call *call, const char *issuer_id)
{
	Vouch__Caller *own = arena_alloc(call->arena, sizeof(*own));

	if (own == NULL)
		return;
	*own = *call->caller;
	own->issuer_id = arena_dup(call->arena, issuer_id, strlen(issuer_id));
	call->caller = own;
}

/* ---- transactions -------------------------------------------------------- */

bool
tx_begin(struct db *db, struct call *call)
{
	assert(!db->in_transaction);
	if (!defer(call, find(db, "tx_begin"), NULL, NULL))
		return false;
	db->in_transaction = true;
	return true;
}

bool
tx_is_open(const struct db *db)
{
	return db != NULL && db->in_transaction;
}

bool
tx_commit(struct db *db, struct call *call)
{
	struct arena arena = {0};
	static const Vouch__Caller nobody = VOUCH__CALLER__INIT;
	struct call own = {.arena = &arena, .db = db, .caller = &nobody, .key = "", .trace = ""};
	PGresult *res = NULL;
	bool ok;

	assert(db->in_transaction);
	ok = defer(call != NULL ? call : &own, find(db, "tx_commit"), NULL, NULL) &&
	    (res = flush(call != NULL ? call : &own)) != NULL;
	/* COMMIT of a transaction that failed before succeeds too, with the tag of what it did. */
	if (ok && strcmp(PQcmdStatus(res), "COMMIT") != 0)
		ok = call != NULL && refuse(call, VOUCH__STATUS__INTERNAL, "a defect on our side");
	PQclear(res);
	if (ok)
		db->in_transaction = false;
	else
		tx_rollback(db);
	arena_reset(&arena);
	return ok;
}

void
tx_rollback(struct db *db)
{
	db->n_pending = 0;
	db->scope[0] = '\0'; /* the setting may have gone back with it */
	if (db->in_transaction && db->conn != NULL && !command(db, "ROLLBACK"))
		disconnect(db);
	db->in_transaction = false;
}

static void
defer_plain(struct db *db, const char *name)
{
	struct pending *p = &db->pending[db->n_pending];

	assert(db->n_pending < PENDING_MAX);
	p->statement = find(db, name);
	p->statement->ran = true;
	db->n_pending++;
}

void
tx_savepoint(struct db *db)
{
	defer_plain(db, "tx_savepoint");
}

void
tx_release(struct db *db)
{
	defer_plain(db, "tx_release");
}

bool
tx_rollback_to(struct db *db)
{
	db->n_pending = 0;
	db->scope[0] = '\0';
	return db->conn != NULL && command(db, "ROLLBACK TO SAVEPOINT one_call");
}

bool
db_commit(struct call *call)
{
	assert(call->rpc == NULL);
	if (call->status != VOUCH__STATUS__OK)
		return false;
	return !call->db->in_transaction || tx_commit(call->db, call);
}

const char *
db_never_run(const struct db *db)
{
	for (int i = db->n_lib; i < db->n; i++)
		if (!db->statements[i].ran)
			return db->statements[i].sql.name;
	return NULL;
}
