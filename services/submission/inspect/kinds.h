/*
 * kinds.h: what a file is, by its bytes.
 *
 * The list is one of what is known; the last kind is text, and what is no text
 * either is refused. Where two kinds could be meant, the more dangerous one wins.
 */
#ifndef KINDS_H
#define KINDS_H

#include "file.h"

struct kind {
	const char *name;
	bool (*is)(const struct file *file);
	void (*look)(const struct file *file, struct report *report); /* NULL: nothing inside to look at */
	const char *extensions;                                       /* of honest names */
};

/* Returns the kind of FILE; there is always one. */
const struct kind *kind_of(const struct file *file);

#endif
