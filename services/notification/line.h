/*
 * line.h: text of others, made fit for one line.
 */
#ifndef LINE_H
#define LINE_H

#include "arena.h"

/*
 * A copy of TEXT in ARENA as one line of at most MAX characters, "…" at its end
 * when it was longer: control characters, line breaks, marks that turn the
 * direction of what follows, and bytes that are no UTF-8 become a blank; blanks
 * are never doubled and never stand at an end. What comes out cannot break out
 * of a mail's header (A10). NULL when the arena is full.
 */
char *line_clean(struct arena *arena, const char *text, size_t max);

#endif
