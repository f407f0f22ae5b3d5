/*
 * migrate.h: brings a service's schema to what its program expects.
 *
 * Forward only, under an advisory lock, each file once and in a transaction of
 * its own; a file that changed after it ran, or a database that knows files
 * this program does not, is refused.
 */
#ifndef MIGRATE_H
#define MIGRATE_H

#include <stdbool.h>

#include "service.h"

/*
 * Runs what is missing with the rights of ADMIN, a libpq conninfo of a role
 * that may create roles and schemas: makes the login role vouch_NAME and the
 * schema NAME, runs the lib's and the service's files, grants what the role
 * needs. True when the schema is as expected; tells on stderr otherwise.
 */
bool migrate(const struct service *service, const char *admin);

#endif
