#include "jobs.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "db_tx.h"
#include "relay.h"

enum { JOBS_MAX = 8, DEADLINE_MS = 60000 };

struct thread {
	struct jobs *jobs;
	const struct job *job;
	pthread_t thread;
};

struct jobs {
	const struct config *config;
	const struct service *service;
	void *state;
	int n;
	struct thread threads[JOBS_MAX];
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool stopping;
};

bool
job_run(const struct job *job, struct db *db, const struct config *config, void *state)
{
	Vouch__Caller caller = VOUCH__CALLER__INIT;
	Vouch__Grant grant = VOUCH__GRANT__INIT, *grants[1] = {&grant};
	struct arena arena = {0};
	struct call call = {.arena = &arena,
		.db = db,
		.caller = &caller,
		.key = "",
		.trace = "",
		.config = config,
		.state = state,
		.deadline_ms = clock_ms() + DEADLINE_MS};
	bool more;

	if (db != NULL && !tx_ready(db, NULL))
		return false;
	grant.issuer_id = "*";
	grant.role = VOUCH__ROLE__SERVICE;
	caller.grants = grants;
	caller.n_grants = 1;
	call.now = db != NULL ? tx_now(db) : 0;
	more = job->run(&call);
	if (db != NULL && tx_is_open(db))
		tx_rollback(db);
	arena_reset(&arena);
	relay_poke();
	return more && call.status == VOUCH__STATUS__OK;
}

/* Sleeps for PERIOD_MS, or until the end. False: it is the end. */
static bool
pause_for(struct jobs *jobs, int period_ms)
{
	struct timespec until;
	bool go_on;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += period_ms / 1000;
	until.tv_nsec += (long)(period_ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&jobs->lock);
	while (!jobs->stopping && period_ms > 0)
		if (pthread_cond_timedwait(&jobs->changed, &jobs->lock, &until) != 0)
			break;
	go_on = !jobs->stopping;
	pthread_mutex_unlock(&jobs->lock);
	return go_on;
}

static void *
thread_run(void *arg)
{
	struct thread *t = arg;
	struct jobs *jobs = t->jobs;
	struct db *db = jobs->service->queries == NULL ?
	    NULL :
	    db_open(config_text(jobs->config, "database"), jobs->service->name, jobs->service->queries);
	bool more;

	do
		more = job_run(t->job, db, jobs->config, jobs->state);
	while (pause_for(jobs, more ? 0 : t->job->period_ms));
	db_close(db);
	return NULL;
}

struct jobs *
jobs_start(const struct config *config, const struct service *service, void *state)
{
	struct jobs *jobs = calloc(1, sizeof(*jobs));

	assert(jobs != NULL);
	jobs->config = config;
	jobs->service = service;
	jobs->state = state;
	pthread_mutex_init(&jobs->lock, NULL);
	pthread_cond_init(&jobs->changed, NULL);
	for (const struct job *job = service->jobs; job != NULL && job->name != NULL; job++) {
		struct thread *t = &jobs->threads[jobs->n++];

		assert(jobs->n <= JOBS_MAX);
		t->jobs = jobs;
		t->job = job;
		assert(pthread_create(&t->thread, NULL, thread_run, t) == 0);
	}
	return jobs;
}

void
jobs_stop(struct jobs *jobs)
{
	pthread_mutex_lock(&jobs->lock);
	jobs->stopping = true;
	pthread_cond_broadcast(&jobs->changed);
	pthread_mutex_unlock(&jobs->lock);
	for (int i = 0; i < jobs->n; i++)
		pthread_join(jobs->threads[i].thread, NULL);
	pthread_mutex_destroy(&jobs->lock);
	pthread_cond_destroy(&jobs->changed);
	free(jobs);
}
