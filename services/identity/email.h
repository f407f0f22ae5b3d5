/*
 * email.h: when two spellings are one address.
 */
#ifndef EMAIL_H
#define EMAIL_H

#include "arena.h"

/*
 * Returns what EMAIL is compared by, in ARENA: without blanks around it, in
 * lower case, in Unicode's form NFC. NULL when EMAIL is not UTF-8 or the arena
 * is full. The whole address is folded, as people type theirs with any case;
 * mail always goes to the spelling that was given first, never to one that
 * somebody typed later.
 */
char *email_key(struct arena *arena, const char *email);

#endif
