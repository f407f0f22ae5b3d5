/*
 * seal.h: the picture of a micro-credential, drawn from its name: the same name
 * is the same seal everywhere, and two names hardly ever look alike.
 */
#ifndef SEAL_H
#define SEAL_H

#include "arena.h"

/*
 * An SVG document of SIZE pixels each way, without text in it but its title.
 * NAME is UTF-8; characters that XML does not know are left out. In ARENA, NULL
 * when that is full.
 */
char *seal_svg(struct arena *arena, const char *name, int size);

#endif
