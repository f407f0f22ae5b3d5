// links: assessment_service
/*
 * timers.c: what the timers of reviews cost, through the product and bare.
 *
 *	timers WHAT REDIS CONNINFO N
 *
 * WHAT is one of
 *
 *	rebuild		timers_rebuild(): all timers of PostgreSQL into Redis
 *	arm fire	N timers through redis.h: set, and claimed under a lease
 *	bare-rebuild	COPY out and ZADD of 100 into one key
 *	bare-arm	ZADD of 100 into one key
 *	bare-fire	a script that leases 100 of one key
 *
 * Prints one line of JSON: timers, seconds, and this process's CPU in us; the
 * CPU of the servers is for the caller to count.
 */
#include <hiredis/hiredis.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "assessment.h"
#include "db_tx.h"
#include "log.h"
#include "redis.h"
#include "service.h"
#include "timers.h"

extern const char assessment_queries[];

enum { ARM_PAGE = 1000, BARE_PAGE = 100, PENDING_MAX = 50 };
#define AT INT64_C(1796000000000000)
#define LEASE_US INT64_C(3600000000)

static double
seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static _Noreturn void
die(const char *what)
{
	fprintf(stderr, "timers: %s\n", what);
	exit(1);
}

static void
name_timer(struct timer *t, long i)
{
	snprintf(t->name, sizeof(t->name), "bench-%ld~00000000-0000-7000-8000-%012ld", i % 16, i);
	t->at = AT + i;
}

/* ---- through the product ----------------------------------------------------------- */

static long
rebuild(const char *endpoint, const char *conninfo)
{
	static const Vouch__Caller nobody = VOUCH__CALLER__INIT;
	struct assessment own = {.rebuilding = redis_open(endpoint, "assessment:")};
	struct arena arena = {0};
	struct db *db = db_open(conninfo, "assessment", assessment_queries);
	struct call call = {
		.arena = &arena, .db = db, .caller = &nobody, .key = "", .trace = "", .state = &own};
	int64_t armed = 0;

	if (!tx_ready(db, NULL) || !timers_rebuild(&call, &armed))
		die("they are not made anew");
	db_close(db);
	redis_close(own.rebuilding);
	arena_reset(&arena);
	return (long)armed;
}

static long
arm(const char *endpoint, long n)
{
	struct redis *redis = redis_open(endpoint, "bench:");
	static struct timer timers[ARM_PAGE];

	for (long i = 0; i < n; i += ARM_PAGE) {
		size_t page = n - i < ARM_PAGE ? (size_t)(n - i) : ARM_PAGE;

		for (size_t k = 0; k < page; k++)
			name_timer(&timers[k], i + (long)k);
		if (!timers_arm(redis, timers, page))
			die("Redis does not take them");
	}
	redis_close(redis);
	return n;
}

static long
fire(const char *endpoint, long n)
{
	struct redis *redis = redis_open(endpoint, "bench:");
	static struct timer timers[BARE_PAGE];
	long total = 0;
	int got;

	while ((got = timers_claim(redis, AT + n, LEASE_US, timers, BARE_PAGE)) > 0)
		total += got;
	redis_close(redis);
	return total;
}

/* ---- bare ---------------------------------------------------------------------------- */

static redisContext *
dial(const char *endpoint)
{
	redisContext *c = redisConnectUnix(strchr(endpoint, ':') + 1);

	if (c == NULL || c->err != 0)
		die("Redis does not answer");
	return c;
}

static void
await_replies(redisContext *c, int *pending, int most)
{
	for (; *pending > most; --*pending) {
		void *reply;

		if (redisGetReply(c, &reply) != REDIS_OK)
			die("Redis does not answer");
		freeReplyObject(reply);
	}
}

/* A page that becomes one ZADD. */
struct page {
	int n;
	char scores[BARE_PAGE][24], names[BARE_PAGE][80];
};

static void
send_page(redisContext *c, struct page *p, int *pending)
{
	const char *words[2 + 2 * BARE_PAGE] = {"ZADD", "bare"};

	for (int i = 0; i < p->n; i++) {
		words[2 + 2 * i] = p->scores[i];
		words[3 + 2 * i] = p->names[i];
	}
	if (p->n > 0) {
		redisAppendCommandArgv(c, 2 + 2 * p->n, words, NULL);
		++*pending;
	}
	p->n = 0;
	await_replies(c, pending, PENDING_MAX);
}

static long
bare_rebuild(const char *endpoint, const char *conninfo)
{
	redisContext *c = dial(endpoint);
	PGconn *conn = PQconnectdb(conninfo);
	static struct page page;
	char *row;
	int pending = 0, len;
	long n = 0;

	freeReplyObject(redisCommand(c, "DEL bare"));
	PQclear(PQexec(conn,
	    "COPY (SELECT issuer_id || '~' || id, (extract(epoch FROM next_at) * 1000000)::bigint "
	    "FROM assessment.reviews WHERE next_at IS NOT NULL) TO STDOUT"));
	while ((len = PQgetCopyData(conn, &row, 0)) > 0) {
		char *tab = memchr(row, '\t', (size_t)len);

		if (tab == NULL)
			die("a row has no tab");
		snprintf(page.names[page.n], sizeof(page.names[0]), "%.*s", (int)(tab - row), row);
		snprintf(page.scores[page.n++], sizeof(page.scores[0]), "%.*s", (int)(row + len - tab - 2),
		    tab + 1);
		PQfreemem(row);
		n++;
		if (page.n == BARE_PAGE)
			send_page(c, &page, &pending);
	}
	send_page(c, &page, &pending);
	await_replies(c, &pending, 0);
	PQfinish(conn);
	redisFree(c);
	return n;
}

static long
bare_arm(const char *endpoint, long n)
{
	redisContext *c = dial(endpoint);
	static struct page page;
	int pending = 0;

	for (long i = 0; i < n; i++) {
		struct timer t;

		name_timer(&t, i);
		snprintf(page.names[page.n], sizeof(page.names[0]), "%s", t.name);
		snprintf(page.scores[page.n++], sizeof(page.scores[0]), "%lld", (long long)t.at);
		if (page.n == BARE_PAGE || i + 1 == n)
			send_page(c, &page, &pending);
	}
	await_replies(c, &pending, 0);
	redisFree(c);
	return n;
}

static long
bare_fire(const char *endpoint, long n)
{
	static const char script[] =
	    "local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3]) "
	    "for _, name in ipairs(due) do redis.call('ZADD', KEYS[1], ARGV[2], name) end return due";
	redisContext *c = dial(endpoint);
	long total = 0, got;

	do {
		redisReply *r = redisCommand(c, "EVAL %s 1 bare %lld %lld %d", script, (long long)(AT + n),
		    (long long)(AT + n + LEASE_US), BARE_PAGE);

		if (r == NULL || r->type != REDIS_REPLY_ARRAY)
			die("the script fails");
		got = (long)r->elements;
		total += got;
		freeReplyObject(r);
	} while (got > 0);
	redisFree(c);
	return total;
}

static long
run(const char *what, const char *redis, const char *conninfo, long n)
{
	if (strcmp(what, "rebuild") == 0)
		return rebuild(redis, conninfo);
	if (strcmp(what, "arm") == 0)
		return arm(redis, n);
	if (strcmp(what, "fire") == 0)
		return fire(redis, n);
	if (strcmp(what, "bare-rebuild") == 0)
		return bare_rebuild(redis, conninfo);
	if (strcmp(what, "bare-arm") == 0)
		return bare_arm(redis, n);
	if (strcmp(what, "bare-fire") == 0)
		return bare_fire(redis, n);
	die("there is no such measurement");
}

int
main(int argc, char **argv)
{
	struct rusage u;
	double began;
	long n;

	if (argc != 5) {
		fprintf(stderr, "usage: timers WHAT REDIS CONNINFO N\n");
		return 2;
	}
	log_open("bench", LOG_LEVEL_WARN);
	began = seconds_now();
	n = run(argv[1], argv[2], argv[3], atol(argv[4]));
	began = seconds_now() - began;
	getrusage(RUSAGE_SELF, &u);
	printf("{\"n\": %ld, \"seconds\": %.4f, \"cpu_us\": %.0f}\n", n, began,
	    (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
		(double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec));
	return 0;
}
