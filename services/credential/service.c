#include "service.h"

#include <stdio.h>
#include <stdlib.h>

#include "credential.rpc.h"
#include "jws.h"

extern const char credential_queries[];
extern const struct migration credential_migrations[];
extern const struct service credential_service;

/* The signing key is loaded, or made, before anything runs: no award waits for an operator. */
static bool
open_keys(const struct config *config, struct call *call, void **state)
{
	struct jws_key *key = calloc(1, sizeof(*key));
	char file[500];

	(void)call;
	snprintf(file, sizeof(file), "%s/ed25519.seed", config_text(config, "keys_dir"));
	*state = key;
	return key != NULL && jws_key_load(key, file);
}

const struct service credential_service = {
	.name = "credential",
	.handlers = credential_handlers,
	.queries = credential_queries,
	.migrations = credential_migrations,
	.open = open_keys,
	.close = free,
};
