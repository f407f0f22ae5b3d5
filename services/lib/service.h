/*
 * service.h: what a service gives to the lib. It has no main() of its own.
 */
#ifndef SERVICE_H
#define SERVICE_H

#include "call.h"
#include "config.h"

struct migration {
	const char *name; /* "0001_submissions.sql" */
	const char *sql;
};

/*
 * Background work: RUN is called each PERIOD_MS, and at once after it returned
 * true ("there is more"). The call is SERVICE's own, across issuers, without a
 * key; its first write opens a transaction, db_commit() ends it, and what is
 * open when RUN returns is rolled back. RUN may wait on the network while no
 * transaction is open. Each job has a thread and a connection of its own.
 */
struct job {
	const char *name;
	int period_ms;
	bool (*run)(struct call *call);
};

struct service {
	const char *name;                   /* folder, schema, login role and name in the book */
	const struct handler *handlers;     /* X_handlers, generated */
	const char *queries;                /* X_queries, embedded; NULL: without a database */
	const struct migration *migrations; /* X_migrations, embedded; ends with {0} */
	const struct job *jobs;             /* ends with {0}; NULL: none */
	/* Makes what all calls share (call->state) before anything runs; NULL when there is nothing. False: the process ends. */
	bool (*open)(const struct config *config, struct call *call, void **state);
	void (*close)(void *state);
};

#endif
