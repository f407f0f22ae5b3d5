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

struct zones;

enum { ZONES_MAX = 100 }; /* kept open; further ones are opened each time */

/* An empty collection; NULL when memory is short. */
struct zones *zones_open(void);

/* Closes all; NULL is fine. */
void zones_close(struct zones *zones);

/* Keeps the zone NAME open from now on, if there is one and room for it. Any thread. */
void zones_keep(struct zones *zones, const char *name);

#endif
