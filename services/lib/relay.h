/*
 * relay.h: carries the outbox to its listeners. One thread in each process
 * that has a database.
 */
#ifndef RELAY_H
#define RELAY_H

#include "bus.h"

struct relay;

/* Starts the thread; it delivers what is due and looks by itself each second. */
struct relay *relay_start(const struct config *config, const struct service *service, struct bus *bus);
void relay_stop(struct relay *relay);

/* Rows may have come: look now. From any thread; without a relay it does nothing. */
void relay_poke(void);

/* What the last look found: rows due and rows parked. */
void relay_state(int64_t *due, int64_t *parked);

/*
 * Delivers one batch: leases up to 100 rows in a short transaction, sends them
 * with none open, then deletes, postpones (no answer) or parks them (refused,
 * or the twelfth try). Returns how many it took, -1 without a database. For
 * the thread and for tests.
 */
int relay_deliver(struct db *db, struct bus *bus);

#endif
