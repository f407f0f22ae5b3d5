/*
 * ending.h: how a process hears that it shall end. SIGTERM and SIGINT are
 * blocked in all threads from the first line of serving on, so that none is
 * cut off in the middle; whoever waits asks here.
 */
#ifndef ENDING_H
#define ENDING_H

#include <stdbool.h>

/* Blocks both signals. Before the first thread starts: threads inherit it. */
void ending_block(void);

/* Has one of them come? For waits before the process serves; takes nothing. */
bool ending_asked(void);

/* Waits, without bound, until one comes. */
void ending_await(void);

/* From now on a signal ends the process at once: who asks twice does not want to wait for the drain. */
void ending_hasten(void);

#endif
