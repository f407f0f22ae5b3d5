/*
 * timers.h: the clocks of all reviews, run as jobs.
 *
 * A review's row says which stage comes next and when; that is the truth. Redis
 * holds the same instants and is only quicker: arm tells it, fire takes what is
 * due, sweep finds in PostgreSQL what Redis missed and tells Redis again what it
 * lost. A stage comes once: the row's stage is compared, and clock_stages holds
 * each one that was told (P9).
 */
#ifndef TIMERS_H
#define TIMERS_H

#include "call.h"

/* The three jobs (service.h): each returns whether there is more to do at once. */
bool timers_arm_job(struct call *call);
bool timers_fire_job(struct call *call);
bool timers_sweep_job(struct call *call);

/*
 * Forgets all timers in Redis and makes them anew, soonest first; sets *ARMED to
 * how many. False: Redis does not answer, or the call was refused.
 */
bool timers_rebuild(struct call *call, int64_t *armed);

#endif
