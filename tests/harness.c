#include "harness.h"

#include <libpq-fe.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "db_tx.h"
#include "jobs.h"
#include "log.h"

struct call answer;
int64_t test_now;

static struct {
	const struct service *service;
	struct config *config;
	struct db *db;
	PGconn *admin;
	void *state;
	char database[64];
	bool called[512]; /* by rpc index */
} world;
static struct arena arena;

static const char *
socket_folder(void)
{
	const char *folder = getenv("VOUCH_TEST_PG");

	if (folder == NULL) {
		fprintf(stderr, "VOUCH_TEST_PG is not set: run this through scripts/test\n");
		exit(2);
	}
	return folder;
}

static bool
command(PGconn *conn, const char *sql)
{
	PGresult *res = PQexec(conn, sql);
	bool ok = PQresultStatus(res) == PGRES_COMMAND_OK || PQresultStatus(res) == PGRES_TUPLES_OK;

	if (!ok)
		fprintf(stderr, "%s: %s", sql, PQresultErrorMessage(res));
	PQclear(res);
	return ok;
}

static bool
make_database(void)
{
	char conninfo[512], text[256];
	PGconn *conn;
	bool ok;

	snprintf(world.database, sizeof(world.database), "test_%s_%d", world.service->name, (int)getpid());
	snprintf(conninfo, sizeof(conninfo), "host=%s user=postgres dbname=postgres", socket_folder());
	conn = PQconnectdb(conninfo);
	snprintf(text, sizeof(text), "CREATE DATABASE %s TEMPLATE vouch_template", world.database);
	/* Copies of one template wait for each other. */
	ok = PQstatus(conn) == CONNECTION_OK && command(conn, "SELECT pg_advisory_lock(77)") &&
	    command(conn, text);
	PQfinish(conn);
	snprintf(conninfo, sizeof(conninfo),
	    "host=%s user=postgres dbname=%s options='-c search_path=%s,public'", socket_folder(),
	    world.database, world.service->name);
	world.admin = PQconnectdb(conninfo);
	return ok && PQstatus(world.admin) == CONNECTION_OK;
}

struct db *
harness_db(void)
{
	return world.db;
}

static void
fill_call(struct call *call)
{
	static const Vouch__Caller nobody = VOUCH__CALLER__INIT;

	*call = (struct call){.arena = &arena,
		.db = world.db,
		.caller = &nobody,
		.key = "",
		.trace = "test",
		.deadline_ms = clock_ms() + 30000,
		.now = test_now,
		.config = world.config,
		.state = world.state};
}

int
harness_open(const struct service *service)
{
	char conninfo[512];
	struct call call;

	if (sodium_init() < 0)
		return 1;
	world.service = service;
	log_open(service->name, LOG_LEVEL_WARN);
	if (!make_database())
		return 1;
	snprintf(conninfo, sizeof(conninfo), "host=%s user=vouch_%s dbname=%s", socket_folder(),
	    service->name, world.database);
	setenv("VOUCH_DATABASE", conninfo, 1);
	if (getenv("VOUCH_TEST_REDIS") != NULL) {
		snprintf(conninfo, sizeof(conninfo), "unix:%s", getenv("VOUCH_TEST_REDIS"));
		setenv("VOUCH_REDIS", conninfo, 1);
	}
	world.config = config_open(NULL);
	if (world.config == NULL)
		return 1;
	world.db = db_open(config_text(world.config, "database"), service->name, service->queries);
	if (!tx_ready(world.db, NULL))
		return 1;
	fill_call(&call);
	if (service->open == NULL || service->open(world.config, &call, &world.state))
		return 0;
	fprintf(stderr, "the service cannot open: %s\n", call.detail != NULL ? call.detail : "");
	return 1;
}

static int
complain_about_gaps(void)
{
	int gaps = 0;
	const char *query = db_never_run(world.db);

	if (query != NULL) {
		fprintf(stderr, "no test runs the statement %s\n", query);
		gaps++;
	}
	for (const struct handler *h = world.service->handlers; h->rpc != NULL; h++)
		if (!world.called[h->rpc->index]) {
			fprintf(stderr, "no test calls %s\n", h->rpc->name);
			gaps++;
		}
	return gaps;
}

int
harness_close(void)
{
	char conninfo[512], text[128];
	int gaps = complain_about_gaps();
	PGconn *conn;

	if (world.service->close != NULL)
		world.service->close(world.state);
	db_close(world.db);
	PQfinish(world.admin);
	config_close(world.config);
	arena_reset(&arena);
	snprintf(conninfo, sizeof(conninfo), "host=%s user=postgres dbname=postgres", socket_folder());
	conn = PQconnectdb(conninfo);
	snprintf(text, sizeof(text), "DROP DATABASE %s", world.database);
	command(conn, text);
	PQfinish(conn);
	return gaps > 0;
}

static CMFixtureFunction group_setup, group_teardown;
static int group_failed;

static int
set_up(void **state)
{
	int rc = group_setup(state);

	group_failed += rc != 0;
	return rc;
}

static int
tear_down(void **state)
{
	int rc = group_teardown(state);

	group_failed += rc != 0;
	return rc;
}

int
harness_run_group(const char *name, const struct CMUnitTest *tests, size_t n, CMFixtureFunction setup,
    CMFixtureFunction teardown)
{
	group_setup = setup;
	group_teardown = teardown;
	return _cmocka_run_group_tests(name, tests, n, set_up, tear_down) + group_failed;
}

static const void *
run(struct who who, const struct rpc *rpc, const void *req, const char *key)
{
	Vouch__Caller *caller = arena_alloc(&arena, sizeof(*caller));
	ProtobufCBinaryData reply;

	vouch__caller__init(caller);
	fill_call(&answer);
	caller->issuer_id = rpc->across && rpc->may != 1u << VOUCH__ROLE__SERVICE ? (char *)"" :
										    (char *)who.issuer;
	caller->account_id = (char *)who.account;
	caller->grants = arena_alloc(&arena, 4 * sizeof(*caller->grants));
	for (int i = 0; i < 4 && who.roles[i] != VOUCH__ROLE__NOBODY; i++) {
		Vouch__Grant *g = caller->grants[caller->n_grants++] = arena_alloc(&arena, sizeof(*g));

		vouch__grant__init(g);
		g->issuer_id = (char *)who.issuer;
		g->role = who.roles[i];
	}
	answer.caller = caller;
	answer.key = rpc->writes && key[0] == '\0' ? key_new() : key;
	world.called[rpc->index] = true;
	if (!call_run(&answer, world.service->handlers, rpc->name, call_pack(&arena, req), &reply) &&
	    !answer.shows_current)
		return NULL;
	if (answer.status != VOUCH__STATUS__OK)
		return NULL;
	return call_unpack(&arena, rpc->out, reply.len, reply.data);
}

const void *
ask(struct who who, const struct rpc *rpc, const void *req, const char *key)
{
	return run(who, rpc, req, key);
}

bool
hear(const char *issuer, const struct rpc *rpc, const void *event, const char *key)
{
	struct who service = {"", issuer, {VOUCH__ROLE__SERVICE}};

	return run(service, rpc, event, key) != NULL;
}

const char *
sql(const char *format, ...)
{
	char text[8192];
	const char *value = "";
	PGresult *res;
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	res = PQexec(world.admin, text);
	if (PQresultStatus(res) != PGRES_COMMAND_OK && PQresultStatus(res) != PGRES_TUPLES_OK)
		fail_msg("%s: %s", text, PQresultErrorMessage(res));
	if (PQntuples(res) > 0 && PQnfields(res) > 0)
		value = arena_dup(&arena, PQgetvalue(res, 0, 0), (size_t)PQgetlength(res, 0, 0));
	PQclear(res);
	return value;
}

int
announced(const struct rpc *rpc)
{
	return atoi(sql("SELECT count(*) FROM outbox WHERE rpc = '%s'", rpc->name));
}

const void *
last_announced(const struct rpc *rpc)
{
	const char *text = sql(
	    "SELECT encode(payload, 'hex') FROM outbox WHERE rpc = '%s' ORDER BY id DESC LIMIT 1", rpc->name);
	size_t len = strlen(text) / 2, got;
	uint8_t *bytes = arena_alloc(&arena, len + 1);

	if (text[0] == '\0' && announced(rpc) == 0)
		return NULL;
	sodium_hex2bin(bytes, len, text, len * 2, NULL, &got, NULL);
	return call_unpack(&arena, rpc->in, got, bytes);
}

bool
run_job(const char *name)
{
	for (const struct job *job = world.service->jobs; job != NULL && job->name != NULL; job++)
		if (strcmp(job->name, name) == 0)
			return job_run(job, world.db, world.config, world.state);
	fail_msg("there is no job %s", name);
	return false;
}

bool
complained_about(const char *field)
{
	for (const struct field_error *e = answer.errors; e != NULL; e = e->next)
		if (strcmp(e->field, field) == 0)
			return true;
	return false;
}

char *
uuid_of(unsigned n)
{
	static char ring[8][37];
	static int turn;
	char *out = ring[turn++ & 7];

	snprintf(out, 37, "018f0000-0000-7000-8000-%012x", n);
	return out;
}

const char *
key_new(void)
{
	static char ring[8][24];
	static unsigned n;
	char *out = ring[n & 7];

	snprintf(out, 24, "key-%u", ++n);
	return out;
}
