/*
 * language_inner.h: for language*.c alone.
 */
#ifndef LANGUAGE_INNER_H
#define LANGUAGE_INNER_H

#include "language.h"

#include <unicode/upluralrules.h>

/* How a language writes. */
struct form {
	const char *tag, *name;
	bool is_rtl;
	const char *group, *point; /* between thousands, before fractions */
	int group_from;            /* digits from which on thousands are grouped */
};

struct entry {
	const char *key, *text;
};

struct language {
	const struct form *form;
	const struct language *english;
	struct entry *entries; /* sorted by key */
	size_t n_entries;
	UPluralRules *plural;
};

#endif
