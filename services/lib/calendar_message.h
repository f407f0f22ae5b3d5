/*
 * calendar_message.h: an issuer's calendar, from the message that announces it.
 *
 * Who announces it has checked it (the catalog); who copies it counts by it.
 */
#ifndef CALENDAR_MESSAGE_H
#define CALENDAR_MESSAGE_H

#include "calendar.h"
#include "common.pb-c.h"

struct arena;

/*
 * Makes *OUT, in ARENA, of what an issuer announced, for local days of TIME_ZONE: that of
 * a promise, which does not move with the issuer's (NULL: the issuer's own). FROM may be NULL:
 * nothing was announced, and every day is a business day. TIME_ZONE and the names are
 * borrowed; a holiday without a name is called "holiday", and a day or weekday that cannot be
 * read is left out. False, with *WHY, as calendar_make().
 */
bool calendar_read(struct arena *arena, const Vouch__IssuerCalendar *from, const char *time_zone,
    struct calendar *out, const char **why);

#endif
