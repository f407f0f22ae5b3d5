/*
 * harness.h: what service tests stand on: a real database of their own, and
 * requests that go through call_run(), so that rule, bounds, idempotency and
 * commit are the real ones.
 *
 * scripts/test starts PostgreSQL and Redis and names them in VOUCH_TEST_PG (a
 * socket folder) and VOUCH_TEST_REDIS (a socket); the database vouch_template
 * holds all schemas, and each test program works in a copy of it.
 */
#ifndef HARNESS_H
#define HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "call.h"
#include "db.h"
#include "service.h"

/* Who asks: an account with up to four roles in one issuer; "" and "*" as in Caller and Grant. */
struct who {
	const char *account;
	const char *issuer;
	Vouch__Role roles[4];
};

/* How the last ask() ended: status, detail, errors; valid until the next one. */
extern struct call answer;

/* The time that calls get as their business time; 0: the database's. */
extern int64_t test_now;

/*
 * Group setup and teardown. harness_open makes the database, connects as
 * SERVICE's login role and calls its open(). harness_close fails (returns 1,
 * naming them) when a statement of queries.sql has not run or an rpc of the
 * service was not called by any test.
 */
int harness_open(const struct service *service);
int harness_close(void);

/* Runs TESTS (an array) as cmocka_run_group_tests() does, which forgets a group whose setup or teardown failed: here that counts. */
#define harness_run(tests, setup, teardown) \
	harness_run_group(#tests, tests, sizeof(tests) / sizeof((tests)[0]), setup, teardown)
int harness_run_group(const char *name, const struct CMUnitTest *tests, size_t n, CMFixtureFunction setup,
    CMFixtureFunction teardown);

/* Calls RPC as WHO in the issuer of WHO. The reply lives until harness_close; NULL: answer tells why. KEY "" makes a new key for rpcs that write. */
const void *ask(struct who who, const struct rpc *rpc, const void *req, const char *key);

/* Delivers EVENT to RPC (an On<Event>) as the relay does, as service, in ISSUER, under KEY ("" a new one). True when it was taken. */
bool hear(const char *issuer, const struct rpc *rpc, const void *event, const char *key);

/* What the service has announced: how many rows for the listener RPC wait in the outbox; the newest one's event (NULL: none). */
int announced(const struct rpc *rpc);
const void *last_announced(const struct rpc *rpc);

/* One value, as text, by a connection that sees everything: for assertions and for moving dates. "" for NULL or no row. PRINTF-like; test data only. */
const char *sql(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The connection of the tests, for those that bring calls of their own; it lives until harness_close. */
struct db *harness_db(void);

/* Runs JOB of the service once, as its thread would. Returns what it returned. */
bool run_job(const char *name);

/* Is field FIELD among the errors of the last answer? */
bool complained_about(const char *field);

/* A valid UUID made of N: the same N, the same UUID. Valid until eight more were made. */
char *uuid_of(unsigned n);

/* A fresh idempotency key. Valid until eight more were made. */
const char *key_new(void);

#endif
