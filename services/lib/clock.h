/*
 * clock.h: what time it is.
 *
 * Business time is the database's clock plus the offset of the test clock; a
 * call carries it (call->now), statements take it as :now. The test clock is
 * one file of eight bytes, mapped by all processes of one installation, so that
 * a change is seen by all at once; without the setting test_clock there is none.
 * Leases and sweeps compare in the database; waits use clock_ms() (call.h).
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Maps the test clock at PATH, creating it at offset 0; "" or NULL: no test clock. False when it cannot. */
bool clock_open(const char *path);

/* Offset of the test clock in microseconds, 0 without one. */
int64_t clock_offset(void);

/* Moves the test clock to OFFSET microseconds; false without one. */
bool clock_set_offset(int64_t offset);

/* This host's clock, microseconds since 1970, without the test clock. */
int64_t clock_host(void);

#endif
