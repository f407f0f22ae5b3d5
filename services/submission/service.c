#include "service.h"

#include <stdlib.h>

#include "evidence_job.h"
#include "known.h"
#include "shared.h"
#include "submission.rpc.h"

extern const char submission_queries[];
extern const struct migration submission_migrations[];
extern const struct service submission_service;

/* Links wait for other people's servers; files must not wait for links. */
static const struct job jobs[] = {
	{"evidence_files", 500, evidence_files},
	{"evidence_links", 1000, evidence_links},
	{0},
};

static void
close_shared(void *state)
{
	struct shared *shared = state;

	if (shared == NULL)
		return;
	known_close(shared->known);
	free(shared);
}

static bool
open_shared(const struct config *config, struct call *call, void **state)
{
	struct shared *shared = calloc(1, sizeof(*shared));

	(void)config, (void)call;
	*state = shared;
	if (shared == NULL)
		return false;
	shared->known = known_open();
	return shared->known != NULL;
}

const struct service submission_service = {
	.name = "submission",
	.handlers = submission_handlers,
	.queries = submission_queries,
	.migrations = submission_migrations,
	.jobs = jobs,
	.open = open_shared,
	.close = close_shared,
};
