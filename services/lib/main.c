/*
 * main.c: the program of every service.
 *
 *	vouch-NAME [--config FILE]			serve
 *	vouch-NAME --migrate				bring the schema up to date (VOUCH_ADMIN_DATABASE)
 *	vouch-NAME --call METHOD [ISSUER]		run one rpc as SERVICE, request as JSON on stdin
 *	vouch-NAME [--config FILE] --unpark		send events that were parked again
 *	vouch-NAME --help | --print-env			the settings
 */
#include <getopt.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bus.h"
#include "clock.h"
#include "config.h"
#include "db_tx.h"
#include "ending.h"
#include "health.h"
#include "jobs.h"
#include "json.h"
#include "log.h"
#include "migrate.h"
#include "relay.h"

extern const struct service SERVICE;

enum { INPUT_MAX = 1 << 20 };

static void
fill_start_call(struct call *call, struct arena *arena, const struct config *config)
{
	static Vouch__Grant grant = VOUCH__GRANT__INIT, *grants[1] = {&grant};
	static Vouch__Caller caller = VOUCH__CALLER__INIT;

	grant.issuer_id = "*";
	grant.role = VOUCH__ROLE__SERVICE;
	caller.grants = grants;
	caller.n_grants = 1;
	*call = (struct call){.arena = arena,
		.caller = &caller,
		.key = "",
		.trace = "",
		.config = config,
		.deadline_ms = clock_ms() + 60000};
}

/* The service's own start: keys, an index. DB may not be there yet: up to a minute of tries. */
static bool
open_state(const struct config *config, void **state)
{
	struct arena arena = {0};
	struct call call;
	struct db *db = SERVICE.queries != NULL ?
	    db_open(config_text(config, "database"), SERVICE.name, SERVICE.queries) :
	    NULL;
	int64_t end = clock_ms() + 60000;
	bool ok;

	*state = NULL;
	fill_start_call(&call, &arena, config);
	while (db != NULL && !tx_ready(db, NULL) && clock_ms() < end && !ending_asked())
		usleep(20000);
	call.db = db;
	call.now = db != NULL ? tx_now(db) : 0;
	ok = SERVICE.open == NULL || SERVICE.open(config, &call, state);
	if (db != NULL && tx_is_open(db))
		tx_rollback(db);
	if (!ok)
		log_error("the service cannot start: %s", call.detail != NULL ? call.detail : "see above");
	db_close(db);
	arena_reset(&arena);
	return ok;
}

static bool
is_ready(void *server, char *why, size_t size)
{
	return server_ready(server, why, size);
}

static int
serve(const struct config *config)
{
	void *state;
	struct bus *bus;
	struct server *server;
	struct relay *relay;
	struct jobs *jobs;
	struct health *health;

	ending_block();
	if (!open_state(config, &state) || (bus = bus_open(config)) == NULL)
		return 1;
	server = server_start(config, &SERVICE, state);
	if (server == NULL)
		return 1;
	relay = SERVICE.queries != NULL ? relay_start(config, &SERVICE, bus) : NULL;
	jobs = jobs_start(config, &SERVICE, state);
	if (!health_start(&health, config_text(config, "health"), is_ready, server))
		return 1;
	log_info("serving on %s", config_text(config, "listen"));
	ending_await();
	log_info("ending");
	ending_hasten();
	health_stop(health);
	server_stop(server, config_int(config, "drain_ms"));
	jobs_stop(jobs);
	relay_stop(relay);
	bus_close(bus);
	if (SERVICE.close != NULL)
		SERVICE.close(state);
	return 0;
}

static ProtobufCMessage *
read_request(struct call *call, const struct rpc *rpc)
{
	static char input[INPUT_MAX];
	size_t n = fread(input, 1, sizeof(input), stdin);
	char why[160];
	json_t *json = json_parse(input, n, why);
	ProtobufCMessage *req = arena_alloc(call->arena, rpc->in->sizeof_message);

	if (json == NULL || req == NULL) {
		fprintf(stderr, "the request is not JSON: %s\n", why);
		return NULL;
	}
	protobuf_c_message_init(rpc->in, req);
	if (!json_into(call, json, req, "", false)) {
		fprintf(stderr, "%s\n", call->detail);
		req = NULL;
	}
	json_decref(json);
	return req;
}

/* A key of its own for each run. */
static char *
random_key(struct arena *arena)
{
	unsigned char bytes[16];
	char *key = arena_alloc(arena, 33);

	randombytes_buf(bytes, sizeof(bytes));
	return key == NULL ? NULL : sodium_bin2hex(key, 33, bytes, sizeof(bytes));
}

/* Whoever can read the service's database may run what other services may. */
static int
call_once(const struct config *config, const char *method, const char *issuer)
{
	struct arena arena = {0};
	struct call call;
	const struct rpc *rpc = rpc_find(method);
	ProtobufCMessage *req, *out;
	ProtobufCBinaryData request, reply;
	Vouch__Caller caller;
	void *state;
	char *text;
	json_t *json;

	fill_start_call(&call, &arena, config);
	if (rpc == NULL || strcmp(rpc->service, SERVICE.name) != 0) {
		fprintf(stderr, "%s has no method %s\n", SERVICE.name, method);
		return 2;
	}
	if (!open_state(config, &state) || (req = read_request(&call, rpc)) == NULL)
		return 1;
	caller = *call.caller;
	caller.issuer_id = (char *)issuer;
	call.caller = &caller;
	call.key = random_key(&arena);
	call.state = state;
	call.db = db_open(config_text(config, "database"), SERVICE.name, SERVICE.queries);
	request = call_pack(&arena, req);
	if (!call_run(&call, SERVICE.handlers, method, request, &reply)) {
		fprintf(stderr, "%s\n", call.detail);
		return 1;
	}
	out = call_unpack(&arena, rpc->out, reply.len, reply.data);
	json = out != NULL ? json_from(out, false) : NULL;
	text = json != NULL ? json_dumps(json, JSON_INDENT(1)) : NULL;
	puts(text != NULL ? text : "{}");
	free(text);
	json_decref(json);
	db_close(call.db);
	if (SERVICE.close != NULL)
		SERVICE.close(state);
	arena_reset(&arena);
	return 0;
}

static int
unpark(const struct config *config)
{
	int64_t n;

	if (!relay_unpark(config, &SERVICE, &n))
		return 1;
	printf("%lld events are sent again\n", (long long)n);
	return 0;
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
		{"config", required_argument, NULL, 'c'},
		{"migrate", no_argument, NULL, 'm'},
		{"call", required_argument, NULL, 'r'},
		{"unpark", no_argument, NULL, 'u'},
		{"help", no_argument, NULL, 'h'},
		{"print-env", no_argument, NULL, 'e'},
		{0},
	};
	const char *file = NULL, *method = NULL, *admin = getenv("VOUCH_ADMIN_DATABASE");
	struct config *config;
	bool migrates = false, unparks = false;
	int o, rc;

	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (o) {
		case 'c':
			file = optarg;
			break;
		case 'm':
			migrates = true;
			break;
		case 'r':
			method = optarg;
			break;
		case 'u':
			unparks = true;
			break;
		case 'h':
			config_help(stdout);
			return 0;
		case 'e':
			config_env(stdout);
			return 0;
		default:
			return 2;
		}
	if (sodium_init() < 0 || (config = config_open(file)) == NULL)
		return 2;
	log_open(SERVICE.name, (enum log_level)config_level(config_text(config, "log_level")));
	if (migrates)
		rc = migrate(&SERVICE, admin != NULL ? admin : "") ? 0 : 1;
	else if (!clock_open(config_text(config, "test_clock")))
		rc = 2;
	else if (unparks)
		rc = unpark(config);
	else if (method != NULL)
		rc = call_once(config, method, optind < argc ? argv[optind] : "");
	else
		rc = serve(config);
	config_close(config);
	return rc;
}
