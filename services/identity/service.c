#include "service.h"

#include <stdlib.h>

#include "identity.h"
#include "log.h"

extern const struct handler identity_handlers[];
extern const char identity_queries[];
extern const struct migration identity_migrations[];

static void
identity_close(void *state)
{
	struct identity *identity = state;

	if (identity == NULL)
		return;
	passwords_close(identity->passwords);
	used_close(identity->used);
	free(identity);
}

static bool
identity_open(const struct config *config, struct call *call, void **state)
{
	struct identity *identity = calloc(1, sizeof(*identity));

	(void)call;
	*state = identity;
	if (identity == NULL)
		return false;
	identity->passwords = passwords_open(config);
	identity->used = used_open();
	if (identity->passwords != NULL && identity->used != NULL)
		return true;
	log_error("argon2 does not take its settings, or there is too little memory");
	identity_close(identity);
	*state = NULL;
	return false;
}

static const struct job jobs[] = {
	{"mails", 1000, job_mails},
	{"sweep", 60000, job_sweep},
	{0},
};

extern const struct service identity_service;
const struct service identity_service = {
	.name = "identity",
	.handlers = identity_handlers,
	.queries = identity_queries,
	.migrations = identity_migrations,
	.jobs = jobs,
	.open = identity_open,
	.close = identity_close,
};
