/*
 * zones.h: keeps the time zones of issuers open.
 *
 * To open a zone costs 0.2 ms, more than all else that handing in computes; one
 * that somebody holds open costs next to nothing (zone.h). So the service holds
 * each zone that it has met. They are shared by all its calls.
 */
#ifndef ZONES_H
#define ZONES_H

#include <stdbool.h>

struct call;
struct config;

enum { ZONES_MAX = 100 }; /* kept open; further ones are opened each time */

/* As the service's open(): *STATE becomes the empty collection. */
bool zones_open(const struct config *config, struct call *call, void **state);

/* Closes all; NULL is fine. */
void zones_close(void *state);

/* Keeps the zone NAME open from now on, if there is one and room for it. STATE may be NULL. Any thread. */
void zones_keep(void *state, const char *name);

#endif
