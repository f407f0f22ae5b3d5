/*
 * jobs.h: the background work of a service (struct job), a thread each.
 */
#ifndef JOBS_H
#define JOBS_H

#include "service.h"

struct jobs;

/* Starts a thread with a connection of its own for each job of SERVICE. CONFIG, SERVICE and STATE must outlive it. */
struct jobs *jobs_start(const struct config *config, const struct service *service, void *state);

/* Waits until each has finished what it does now. */
void jobs_stop(struct jobs *jobs);

/* Runs JOB once on DB, as its thread does: what it leaves open is rolled back. Returns what RUN returned. */
bool job_run(const struct job *job, struct db *db, const struct config *config, void *state);

#endif
