/*
 * when.h: dates as people read them, in the issuer's zone and in the reader's.
 */
#ifndef WHEN_H
#define WHEN_H

#include <stdint.h>

#include "arena.h"

/*
 * "Monday 12 October 2026 (New York)" for the DATE "2026-10-12" of ZONE; DATE itself when it is none.
 * NULL when the arena is full.
 */
char *when_date(struct arena *arena, const char *date, const char *zone);

/*
 * "Tuesday 13 October 2026, 05:59 (Berlin)" for the instant AT (microseconds) in ZONE; "" when there
 * is no such zone.
 */
char *when_instant(struct arena *arena, int64_t at, const char *zone);

/* The place that a zone is named after: "New York" of "America/New_York". */
char *when_place(struct arena *arena, const char *zone);

#endif
