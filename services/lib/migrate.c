#include "migrate.h"

#include <libpq-fe.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "log.h"

extern const struct migration lib_migrations[];

static bool
run(PGconn *conn, const char *sql)
{
	PGresult *res = PQexec(conn, sql);
	bool ok = PQresultStatus(res) == PGRES_COMMAND_OK || PQresultStatus(res) == PGRES_TUPLES_OK;

	if (!ok)
		log_error("migrate: %s", PQresultErrorMessage(res));
	PQclear(res);
	return ok;
}

/* Runs a statement made of a template and the service's name, which is a constant of the program. */
static bool
run_named(PGconn *conn, const char *template, const char *name)
{
	char sql[2048], *out = sql;

	for (const char *s = template; *s != '\0' && out < sql + sizeof(sql) - 64; s++)
		if (*s == '@')
			out += snprintf(out, 64, "%s", name);
		else
			*out++ = *s;
	*out = '\0';
	return run(conn, sql);
}

static void
fingerprint(const char *sql, char out[33])
{
	unsigned char digest[16];

	crypto_generichash(digest, sizeof(digest), (const unsigned char *)sql, strlen(sql), NULL, 0);
	sodium_bin2hex(out, 33, digest, sizeof(digest));
}

/* Has the file run? -1: it ran with other content. */
static int
has_run(PGconn *conn, const char *set, const struct migration *m)
{
	char mine[33];
	const char *const values[] = {set, m->name};
	PGresult *res = PQexecParams(conn, "SELECT digest FROM migrations WHERE set = $1 AND name = $2", 2,
	    NULL, values, NULL, NULL, 0);
	int result = PQresultStatus(res) == PGRES_TUPLES_OK && PQntuples(res) == 1;

	fingerprint(m->sql, mine);
	if (result && strcmp(PQgetvalue(res, 0, 0), mine) != 0)
		result = -1;
	PQclear(res);
	return result;
}

static bool
record(PGconn *conn, const char *set, const struct migration *m)
{
	char mine[33];
	const char *const values[] = {set, m->name, mine};
	PGresult *res;
	bool ok;

	fingerprint(m->sql, mine);
	res = PQexecParams(conn, "INSERT INTO migrations (set, name, digest) VALUES ($1, $2, $3)", 3, NULL,
	    values, NULL, NULL, 0);
	ok = PQresultStatus(res) == PGRES_COMMAND_OK;
	PQclear(res);
	return ok;
}

static bool
run_set(PGconn *conn, const char *set, const struct migration *list)
{
	char count[16];
	const char *const values[] = {set};
	PGresult *res;
	int known = 0;
	bool newer;

	for (const struct migration *m = list; m->name != NULL; m++, known++) {
		int done = has_run(conn, set, m);

		if (done < 0) {
			log_error("migrate: %s of %s was changed after it ran", m->name, set);
			return false;
		}
		if (done == 0 &&
		    !(run(conn, "BEGIN") && run(conn, m->sql) && record(conn, set, m) &&
			run(conn, "COMMIT"))) {
			log_error("migrate: %s of %s failed", m->name, set);
			run(conn, "ROLLBACK");
			return false;
		}
	}
	snprintf(count, sizeof(count), "%d", known);
	res = PQexecParams(
	    conn, "SELECT count(*) FROM migrations WHERE set = $1", 1, NULL, values, NULL, NULL, 0);
	newer = PQntuples(res) != 1 || strcmp(PQgetvalue(res, 0, 0), count) != 0;
	PQclear(res);
	if (newer)
		log_error("migrate: the database is newer than this program (%s)", set);
	return !newer;
}

/* The login role of a service may use its own schema's rows, and nothing else. */
static bool
make_place(PGconn *conn, const char *name)
{
	return run_named(conn,
		   "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'vouch_@') THEN"
		   " CREATE ROLE vouch_@ LOGIN NOINHERIT; END IF; END $$",
		   name) &&
	    run_named(conn, "ALTER ROLE vouch_@ SET search_path = @, public", name) &&
	    run_named(conn, "CREATE SCHEMA IF NOT EXISTS @", name) &&
	    run_named(conn, "SET search_path = @, public", name) &&
	    run(conn,
		"CREATE TABLE IF NOT EXISTS migrations (set text NOT NULL, name text NOT NULL, digest text NOT NULL,"
		" at timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (set, name))");
}

static bool
grant(PGconn *conn, const char *name)
{
	return run_named(conn, "GRANT USAGE ON SCHEMA @ TO vouch_@", name) &&
	    run_named(
		conn, "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA @ TO vouch_@", name) &&
	    run_named(conn, "REVOKE INSERT, UPDATE, DELETE ON @.migrations FROM vouch_@", name) &&
	    run_named(conn, "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA @ TO vouch_@", name) &&
	    run_named(conn, "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA @ TO vouch_@", name);
}

bool
migrate(const struct service *service, const char *admin)
{
	PGconn *conn = PQconnectdb(admin);
	bool ok = PQstatus(conn) == CONNECTION_OK;

	if (!ok)
		log_error("migrate: %s", PQerrorMessage(conn));
	/* One at a time in the whole database: roles and extensions are shared. */
	ok = ok && run(conn, "SET client_min_messages = warning") &&
	    run(conn, "SELECT pg_advisory_lock(8656)") &&
	    run(conn, "CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public") &&
	    run(conn, "CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA public") &&
	    make_place(conn, service->name) && run_set(conn, "lib", lib_migrations) &&
	    run_set(conn, service->name, service->migrations) && grant(conn, service->name);
	PQfinish(conn);
	return ok;
}
