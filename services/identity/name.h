/*
 * name.h: what may stand in the name of a person.
 */
#ifndef NAME_H
#define NAME_H

#include <stdbool.h>

/*
 * May NAME stand in a list, a mail or a credential? It is UTF-8, has something
 * to see, and no control characters, line breaks or marks that turn the
 * direction of the text around it.
 */
bool name_is_plain(const char *name);

#endif
