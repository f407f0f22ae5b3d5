/*
 * fiber.h: a stack of its own for linear code that may be put aside in its
 * middle and gone on with later, in the thread that started it.
 *
 * A handler waits for its database as if it were alone; while it does, the
 * worker runs the next one (db_lane.c). What runs in a fiber must not hold a lock
 * while it pauses: the next one runs in the same thread.
 */
#ifndef FIBER_H
#define FIBER_H

#include <stdbool.h>

enum { FIBER_STACK = 512 << 10 }; /* bytes; only what is touched costs memory, a page below it traps */

struct fiber;

/* NULL when memory is short. To be closed in the thread that ran it, never in its middle. */
struct fiber *fiber_open(void);
void fiber_close(struct fiber *fiber);

/* Runs RUN(ARG) in FIBER until it pauses or returns. FIBER is not in the middle of another run. */
void fiber_start(struct fiber *fiber, void (*run)(void *arg), void *arg);

/* Goes on behind the pause, until the next one or the end. */
void fiber_resume(struct fiber *fiber);

/* From within: back to whoever started or resumed FIBER. */
void fiber_pause(struct fiber *fiber);

/* Has it been started, and not returned yet? */
bool fiber_is_paused(const struct fiber *fiber);

#endif
