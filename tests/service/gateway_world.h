/*
 * gateway_world.h: a gateway with the real services behind it, each a process
 * of its own on a database of this test; and a browser that has a cookie.
 */
#ifndef GATEWAY_WORLD_H
#define GATEWAY_WORLD_H

#include <libpq-fe.h>

#include <jansson.h>

#include "http_client.h"

enum { SERVICES = 7, BODY_SIZE = 400 << 10 };

static const char *const services[SERVICES] = {
	"identity",
	"catalog",
	"submission",
	"assessment",
	"notification",
	"helpdesk",
	"credential",
};
static pid_t pids[SERVICES];
static char database[64];
static PGconn *admin;

/* Runs one statement as superuser; the first value as text, valid until the next call. */
__attribute__((format(printf, 1, 2))) static inline const char *
sql(const char *format, ...)
{
	static char text[400], statement[1000];
	va_list ap;
	PGresult *result;

	va_start(ap, format);
	vsnprintf(statement, sizeof(statement), format, ap);
	va_end(ap);
	result = PQexec(admin, statement);
	if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
		print_error("%s: %s\n", statement, PQresultErrorMessage(result));
	snprintf(text, sizeof(text), "%s", PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "");
	PQclear(result);
	return text;
}

static inline PGconn *
connect_to(const char *name)
{
	char info[300];

	snprintf(info, sizeof(info), "host=%s user=postgres dbname=%s", getenv("VOUCH_TEST_PG"), name);
	return PQconnectdb(info);
}

__attribute__((format(printf, 2, 3))) static inline void
set(const char *name, const char *format, ...)
{
	char value[1000];
	va_list ap;

	va_start(ap, format);
	vsnprintf(value, sizeof(value), format, ap);
	va_end(ap);
	setenv(name, value, 1);
}

/*
 * Runs vouch-SERVICE with up to two arguments, with REQUEST on its standard input
 * (NULL: none), as a child.
 */
static inline pid_t
spawn(const char *service, const char *first, const char *second, const char *request)
{
	char program[500];
	int in[2];
	pid_t pid;

	snprintf(program, sizeof(program), "%s/vouch-%s", getenv("VOUCH_TEST_BIN"), service);
	set("VOUCH_LISTEN", "ipc://%s/%s", folder, service);
	set("VOUCH_DATABASE", "host=%s user=vouch_%s dbname=%s", getenv("VOUCH_TEST_PG"), service, database);
	assert_int_equal(pipe(in), 0);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(in[0], 0);
		close(in[1]);
		if (first != NULL)
			dup2(in[0], 1); /* what it prints is of no interest */
		execl(program, program, first, second, (char *)NULL);
		_exit(127);
	}
	close(in[0]);
	if (request != NULL && write(in[1], request, strlen(request)) < 0)
		print_error("%s does not read\n", service);
	close(in[1]);
	return pid;
}

/* ---- a browser --------------------------------------------------------------------- */

struct browser {
	char cookie[300]; /* the session's token; "" when signed out */
	char token[300];  /* for programs; "" without */
	bool no_origin;
	int status; /* of the last answer */
	char head[8192], body[BODY_SIZE];
	size_t body_len;
	json_t *json; /* the body, when it is JSON; until the next request */
};

/* A header of the last answer, valid until the next call; NULL without. */
static inline const char *
header(const struct browser *b, const char *name)
{
	static char value[1000];
	char mark[100];
	const char *at;

	snprintf(mark, sizeof(mark), "\r\n%s: ", name);
	at = strcasestr(b->head, mark);
	if (at == NULL)
		return NULL;
	at += strlen(mark);
	snprintf(value, sizeof(value), "%.*s", (int)strcspn(at, "\r"), at);
	return value;
}

static inline void
keep_cookie(struct browser *b)
{
	const char *set_cookie = header(b, "Set-Cookie");

	if (set_cookie != NULL && strncmp(set_cookie, "vouch_session=", 14) == 0)
		snprintf(b->cookie, sizeof(b->cookie), "%.*s", (int)strcspn(set_cookie + 14, ";"),
		    set_cookie + 14);
}

/* Writes the request on a new connection and returns it. EXTRA: more headers, each with its CR LF. */
static inline int
send_request(const struct browser *b, const char *verb, const char *path, const char *extra, const void *body,
    size_t len)
{
	static char request[BODY_SIZE];
	int fd = dial(), n;

	assert_true(fd >= 0);
	n = snprintf(request, sizeof(request), "%s %s HTTP/1.1\r\nHost: vouch.example\r\n%s%s%s%s%s%s%s",
	    verb, path, b->no_origin ? "" : "Origin: http://vouch.example\r\n",
	    b->cookie[0] != '\0' ? "Cookie: vouch_session=" : "", b->cookie,
	    b->cookie[0] != '\0' ? "\r\n" : "", b->token[0] != '\0' ? "Authorization: Bearer " : "", b->token,
	    b->token[0] != '\0' ? "\r\n" : "");
	if (body != NULL)
		n += snprintf(request + n, sizeof(request) - (size_t)n, "Content-Length: %zu\r\n", len);
	n += snprintf(request + n, sizeof(request) - (size_t)n, "%s\r\n", extra);
	say(fd, request, (size_t)n);
	if (body != NULL)
		say(fd, body, len);
	return fd;
}

/* Reads the answer to it; its status. */
static inline int
read_answer(struct browser *b, int fd, bool is_head)
{
	static char out[ANSWER_SIZE + BODY_SIZE];
	char *end;

	json_decref(b->json);
	b->json = NULL;
	b->status = hear_one(fd, out, is_head);
	close(fd);
	end = strstr(out, "\r\n\r\n");
	assert_non_null(end);
	snprintf(b->head, sizeof(b->head), "%.*s", (int)(end - out + 2), out);
	b->body_len = is_head || header(b, "Content-Length") == NULL ?
	    0 :
	    strtoul(header(b, "Content-Length"), NULL, 10);
	assert_true(b->body_len < sizeof(b->body));
	memcpy(b->body, end + 4, b->body_len);
	b->body[b->body_len] = '\0';
	b->json = json_loadb(b->body, b->body_len, 0, NULL);
	keep_cookie(b);
	return b->status;
}

/* One request with a JSON body (NULL: none). */
static inline int
ask(struct browser *b, const char *verb, const char *path, const char *extra, const char *body)
{
	char headers[1000];

	snprintf(headers, sizeof(headers), "%s%s", extra,
	    body != NULL ? "Content-Type: application/json\r\n" : "");
	return read_answer(b, send_request(b, verb, path, headers, body, body != NULL ? strlen(body) : 0),
	    strcmp(verb, "HEAD") == 0);
}

/* Its window is closed; the session stays. */
static inline void
leave(struct browser *b)
{
	json_decref(b->json);
	b->json = NULL;
}

/* A string of the last answer, "" when it is not there; names of nested objects with dots. */
static inline const char *
text_of(const struct browser *b, const char *path)
{
	const json_t *at = b->json;
	char step[100];

	while (at != NULL && *path != '\0') {
		size_t n = strcspn(path, ".");

		snprintf(step, sizeof(step), "%.*s", (int)n, path);
		at = json_is_array(at) ? json_array_get(at, (size_t)atoi(step)) : json_object_get(at, step);
		path += n + (path[n] == '.');
	}
	return json_is_string(at) ? json_string_value(at) : "";
}

static inline void
sign_in(struct browser *b, const char *email)
{
	char body[300];

	snprintf(body, sizeof(body), "{\"email\":\"%s\",\"password\":\"open sesame 7\"}", email);
	assert_int_equal(ask(b, "POST", "/api/v1/sessions", "", body), 201);
}

/* ---- the world ------------------------------------------------------------------------ */

static inline bool
seed(const char *email, const char *roles)
{
	char request[500];
	int status = -1;
	pid_t pid;

	snprintf(request, sizeof(request),
	    "{\"email\":\"%s\",\"name\":\"Somebody\",\"password\":\"open sesame 7\",\"roles\":%s}", email,
	    roles);
	pid = spawn("identity", "--call", "Accounts.Seed", request);
	waitpid(pid, &status, 0);
	return status == 0;
}

static inline bool
await_ready(void)
{
	struct browser b = {.status = 0};

	for (int i = 0; i < 600 && ask(&b, "GET", "/health/ready", "", NULL) != 200; i++)
		usleep(100000);
	if (b.status != 200)
		print_error("%s\n", b.body);
	json_decref(b.json);
	return b.status == 200;
}

static inline int
open_world(void **state)
{
	char peers[1500] = "", *end = peers;
	PGconn *postgres;

	(void)state;
	if (getenv("VOUCH_TEST_PG") == NULL)
		print_error("VOUCH_TEST_PG is not set: run this through scripts/test\n");
	if (getenv("VOUCH_TEST_PG") == NULL || getenv("VOUCH_TEST_BIN") == NULL || mkdtemp(folder) == NULL)
		return -1;
	snprintf(database, sizeof(database), "test_gateway_%d", (int)getpid());
	postgres = connect_to("postgres");
	admin = postgres;
	sql("SELECT pg_advisory_lock(77)"); /* copies of one template wait for each other */
	sql("CREATE DATABASE %s TEMPLATE vouch_template", database);
	PQfinish(postgres);
	admin = connect_to(database);
	for (int i = 0; i < SERVICES; i++)
		end += sprintf(end, "%s%s=ipc://%s/%s", i > 0 ? ";" : "", services[i], folder, services[i]);
	setenv("VOUCH_PEERS", peers, 1);
	set("VOUCH_REDIS", "unix:%s", getenv("VOUCH_TEST_REDIS") != NULL ? getenv("VOUCH_TEST_REDIS") : "");
	set("VOUCH_KEYS_DIR", "%s", folder);
	set("VOUCH_MAIL_URL", "spool:%s", folder);
	set("VOUCH_EVIDENCE_DIR", "%s/evidence", folder);
	set("VOUCH_EVIDENCE_MAX_BYTES", "%d", 200000);
	set("VOUCH_ARGON2_MEMORY_KIB", "%d", 8);
	set("VOUCH_ARGON2_PASSES", "%d", 1);
	set("VOUCH_SESSION_CACHE_MS", "%d", 60000);
	set("VOUCH_LOG_LEVEL", "error");
	for (int i = 0; i < SERVICES; i++)
		pids[i] = spawn(services[i], NULL, NULL, NULL);
	gateway = start_gateway();
	return await_gateway() != 0 || !await_ready();
}

static inline int
close_world(void **state)
{
	int status = end_gateway(gateway), bad = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
	char command[300];

	(void)state;
	for (int i = 0; i < SERVICES; i++) {
		status = end_gateway(pids[i]);
		bad |= !WIFEXITED(status) || WEXITSTATUS(status) != 0;
	}
	PQfinish(admin);
	admin = connect_to("postgres");
	sql("DROP DATABASE %s WITH (FORCE)", database);
	PQfinish(admin);
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return system(command) != 0 || bad;
}

#endif
