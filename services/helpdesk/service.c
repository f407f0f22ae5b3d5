#include "service.h"

#include "ticket_job.h"

extern const struct handler helpdesk_handlers[];
extern const char helpdesk_queries[];
extern const struct migration helpdesk_migrations[];

static const struct job jobs[] = {
	{"tickets", 60000, job_tickets},
	{0},
};

extern const struct service helpdesk_service;
const struct service helpdesk_service = {
	.name = "helpdesk",
	.handlers = helpdesk_handlers,
	.queries = helpdesk_queries,
	.migrations = helpdesk_migrations,
	.jobs = jobs,
};
