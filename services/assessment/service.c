#include "service.h"

#include <stdlib.h>

#include "assessment.h"
#include "assessment.rpc.h"
#include "timers.h"

extern const struct handler assessment_handlers[];
extern const char assessment_queries[];
extern const struct migration assessment_migrations[];
extern const struct service assessment_service;

static bool
open_redis(const struct config *config, struct call *call, void **state)
{
	const char *endpoint = config_text(config, "redis"), *prefix = "assessment:";
	struct assessment *own = calloc(1, sizeof(*own));

	(void)call;
	if (own == NULL)
		return false;
	if (endpoint[0] != '\0') {
		own->arming = redis_open(endpoint, prefix);
		own->firing = redis_open(endpoint, prefix);
		own->sweeping = redis_open(endpoint, prefix);
		own->rebuilding = redis_open(endpoint, prefix);
	}
	*state = own;
	return true;
}

static void
close_redis(void *state)
{
	struct assessment *own = state;

	if (own == NULL)
		return;
	redis_close(own->arming);
	redis_close(own->firing);
	redis_close(own->sweeping);
	redis_close(own->rebuilding);
	free(own);
}

static const struct job jobs[] = {
	{"arm", 200, timers_arm_job},
	{"timers", 100, timers_fire_job},
	{"sweep", 5000, timers_sweep_job},
	{0},
};

const struct service assessment_service = {
	.name = "assessment",
	.handlers = assessment_handlers,
	.queries = assessment_queries,
	.migrations = assessment_migrations,
	.jobs = jobs,
	.open = open_redis,
	.close = close_redis,
};
