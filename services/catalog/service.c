#include "service.h"

extern const struct handler catalog_handlers[];
extern const char catalog_queries[];
extern const struct migration catalog_migrations[];

extern const struct service catalog_service;
const struct service catalog_service = {
	.name = "catalog",
	.handlers = catalog_handlers,
	.queries = catalog_queries,
	.migrations = catalog_migrations,
};
