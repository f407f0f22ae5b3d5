#include "service.h"

#include <stdio.h>
#include <stdlib.h>

#include "credential.rpc.h"
#include "shop.h"

extern const char credential_queries[];
extern const struct migration credential_migrations[];
extern const struct service credential_service;

static void
close_shop(void *state)
{
	struct shop *shop = state;

	if (shop != NULL)
		pictures_close(shop->pictures);
	free(shop);
}

/* The signing key is loaded, or made, before anything runs: no award waits for an operator. */
static bool
open_shop(const struct config *config, struct call *call, void **state)
{
	struct shop *shop = calloc(1, sizeof(*shop));
	char file[500];

	(void)call;
	snprintf(file, sizeof(file), "%s/ed25519.seed", config_text(config, "keys_dir"));
	*state = shop;
	if (shop == NULL)
		return false;
	shop->pictures = pictures_open();
	return shop->pictures != NULL && jws_key_load(&shop->key, file);
}

const struct service credential_service = {
	.name = "credential",
	.handlers = credential_handlers,
	.queries = credential_queries,
	.migrations = credential_migrations,
	.open = open_shop,
	.close = close_shop,
};
