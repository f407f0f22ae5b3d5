/*
 * db_connection.c: a connection with its prepared statements, opened again with
 * backoff, and the clock of its database.
 */
#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "db_inner.h"
#include "log.h"

enum {
	CLOCK_FRESH_MS = 5000,
	CLOCK_STEP_US = 100000,
	CLOCK_READS = 3,
	CLOCK_TRIP_MS = 50,
	BACKOFF_MS = 100,
	BACKOFF_MAX_MS = 2000
};

extern const char lib_queries[];

/* Where the search for NAME begins in db->places: FNV-1a. */
static unsigned
place_of(const char *name)
{
	uint32_t h = 2166136261u;

	for (; *name != '\0'; name++)
		h = (h ^ (uint8_t)*name) * 16777619u;
	return h % PLACES;
}

static void
index_statements(struct db *db)
{
	for (int i = 0; i < db->n; i++) {
		unsigned at = place_of(db->statements[i].sql.name);

		while (db->places[at] != 0)
			at = (at + 1) % PLACES;
		db->places[at] = (uint16_t)(i + 1);
	}
}

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
	index_statements(db);
	free(read);
	db->lane = &db->alone;
	db->events_end = &db->events;
	return db;
}

void
conn_drop(struct db *db)
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
	conn_drop(db);
	lanes_close(db);
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

bool
conn_command(struct db *db, const char *sql)
{
	PGresult *res = PQexec(db->conn, sql);
	bool ok = PQresultStatus(res) == PGRES_COMMAND_OK || PQresultStatus(res) == PGRES_TUPLES_OK;

	PQclear(res);
	return ok;
}

/* Takes the results of one sent command; the first of them, and skips to the next command. */
PGresult *
conn_result(struct db *db)
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
		PGresult *prepared = conn_result(db), *described = conn_result(db);

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

/* What the database said was so in the middle of the trip. A long one is made again: it tells little. */
static bool
read_clock(struct db *db)
{
	int64_t trip = CLOCK_TRIP_MS;
	bool ok = true;

	for (int i = 0; ok && i < CLOCK_READS && trip >= CLOCK_TRIP_MS; i++) {
		int64_t sent = clock_ms();
		PGresult *res = PQexecPrepared(db->conn, "clock_read", 0, NULL, NULL, NULL, 0);

		trip = clock_ms() - sent;
		ok = PQresultStatus(res) == PGRES_TUPLES_OK && PQntuples(res) == 1;
		if (ok) {
			db->clock_base = strtoll(PQgetvalue(res, 0, 0), NULL, 10);
			db->clock_at = sent + trip / 2;
			db->clock_host_at = clock_host() - (clock_ms() - db->clock_at) * 1000;
		}
		PQclear(res);
	}
	return ok;
}

/* Is what was read still true at NOW? Not when this host's clock was set since: then the database's may have been too. */
static bool
is_clock_fresh(const struct db *db, int64_t now)
{
	int64_t step = clock_host() - db->clock_host_at - (now - db->clock_at) * 1000;

	return now - db->clock_at < CLOCK_FRESH_MS && step > -CLOCK_STEP_US && step < CLOCK_STEP_US;
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
	    "SET idle_in_transaction_session_timeout = '10s'; SET vouch.issuer = '';"
	    /* Texts and events are compressed with each write: a tenth of the CPU, where the server has it. */
	    "SELECT set_config(name, 'lz4', false) FROM pg_settings"
	    " WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)";

	conn_drop(db);
	db->conn = PQconnectdb(db->conninfo);
	if (PQstatus(db->conn) != CONNECTION_OK) {
		log_warn("db: %s", PQerrorMessage(db->conn));
		return false;
	}
	PQsetNoticeProcessor(db->conn, ignore_notice, NULL);
	return conn_command(db, session) && keeps_promises(db) && prepare(db) && read_clock(db);
}

bool
tx_ready(struct db *db, struct call *call)
{
	int64_t now = clock_ms();

	if (db->conn != NULL && PQstatus(db->conn) == CONNECTION_OK) {
		if (db->in_transaction || is_clock_fresh(db, now) || read_clock(db))
			return true;
	}
	if (now >= db->retry_at) {
		if (connect_now(db)) {
			db->backoff_ms = 0;
			db->retry_at = 0;
			atomic_store(&db->up, true);
			return true;
		}
		conn_drop(db);
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

struct statement *
conn_statement(struct db *db, const char *name)
{
	for (unsigned at = place_of(name); db->places[at] != 0; at = (at + 1) % PLACES)
		if (strcmp(db->statements[db->places[at] - 1].sql.name, name) == 0)
			return &db->statements[db->places[at] - 1];
	log_error("db: there is no statement %s", name);
	abort();
}

const char *
db_never_run(const struct db *db)
{
	for (int i = db->n_lib; i < db->n; i++)
		if (!db->statements[i].ran)
			return db->statements[i].sql.name;
	return NULL;
}
