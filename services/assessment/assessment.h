/*
 * assessment.h: what all calls and jobs of the service share.
 */
#ifndef ASSESSMENT_H
#define ASSESSMENT_H

#include "redis.h"

/*
 * Connections to Redis, one for each job, so that a slow rebuild does not keep a
 * timer waiting. All NULL when the setting "redis" is empty: then the sweep alone
 * looks for what is due.
 */
struct assessment {
	struct redis *arming, *firing, *sweeping, *rebuilding;
};

#endif
