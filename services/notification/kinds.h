/*
 * kinds.h: what people hear of, and where unless they choose (NTF-2).
 */
#ifndef KINDS_H
#define KINDS_H

#include <stdbool.h>
#include <stddef.h>

struct kind {
	const char *name;
	bool mail, inbox; /* the defaults */
	bool required;    /* always both: nobody switches a decision off */
	bool chosen;      /* shown among the preferences */
};

enum { KINDS = 14 };

/* In the order in which the preferences show them. */
extern const struct kind kinds[KINDS];

/* The kind called NAME; NULL when there is none. */
const struct kind *kind_find(const char *name);

#endif
