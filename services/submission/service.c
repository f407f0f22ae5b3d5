#include "service.h"

#include "evidence_job.h"
#include "submission.rpc.h"
#include "zones.h"

extern const char submission_queries[];
extern const struct migration submission_migrations[];
extern const struct service submission_service;

/* Links wait for other people's servers; files must not wait for links. */
static const struct job jobs[] = {
	{"evidence_files", 500, evidence_files},
	{"evidence_links", 1000, evidence_links},
	{0},
};

const struct service submission_service = {
	.name = "submission",
	.handlers = submission_handlers,
	.queries = submission_queries,
	.migrations = submission_migrations,
	.jobs = jobs,
	.open = zones_open,
	.close = zones_close,
};
