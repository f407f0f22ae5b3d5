/*
 * relay.h: carries the outbox to its listeners. One thread in each process
 * that has a database.
 *
 * It works in turns. One short transaction writes down what was answered and
 * leases what is due: of one subject the oldest row alone. Then, with no
 * transaction open, the rows are sent; each is settled when its own answer has
 * come: deleted when it was taken, postponed when nobody answered (1 s doubling
 * to 5 min), parked for an operator when it was refused, after its twelfth try,
 * and when it is larger than a message can be. A listener that is down or slow
 * holds up nothing but its own rows: a hundred at once may wait for one service.
 */
#ifndef RELAY_H
#define RELAY_H

#include "bus.h"

struct relay;

/* Starts the thread; it delivers what is due and looks by itself each second. One at a time in a process. */
struct relay *relay_start(const struct config *config, const struct service *service, struct bus *bus);

/* Leases no more, settles what is on its way (up to 10 s), and ends. */
void relay_stop(struct relay *relay);

/* Rows may have come: look now. From any thread; without a relay it does nothing. */
void relay_poke(void);

/*
 * Sends what is parked again, from its first try on; *N is how many rows that are. For an operator who
 * has mended why they were refused (P5). False after logging: the database does not answer.
 */
bool relay_unpark(const struct config *config, const struct service *service, int64_t *n);

/* What the last look found: rows due and rows parked. */
void relay_state(int64_t *due, int64_t *parked);

#endif
