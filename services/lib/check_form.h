/*
 * check_form.h: the table behind check.h's forms. For check.c alone.
 */
#ifndef CHECK_FORM_H
#define CHECK_FORM_H

#include <stdbool.h>
#include <stddef.h>

struct form {
	const char *name;
	bool (*fits)(const char *text, size_t max); /* MAX: the field's bound, 0 without one */
	const char *message;
	size_t max; /* bytes, where the field does not say; 0: as any string */
};

/* Returns the form called NAME; NULL when there is none. */
const struct form *form_find(const char *name);

#endif
