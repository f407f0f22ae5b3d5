/*
 * language_inner.h: for language*.c alone.
 */
#ifndef LANGUAGE_INNER_H
#define LANGUAGE_INNER_H

#include "language.h"

#include <pthread.h>

#include <unicode/udat.h>
#include <unicode/unumberformatter.h>
#include <unicode/upluralrules.h>

/* How a language writes. */
struct form {
	const char *tag, *name, *locale;
	bool is_rtl;
	const char *day, *date, *time; /* patterns of ICU */
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
	UNumberFormatter *number;
	pthread_mutex_t mutex; /* of what stands below: ICU's date formats are of one thread at a time */
	UDateFormat *dates[3]; /* of WORD_DAY, WORD_DATE, WORD_TIME; opened when first needed */
};

#endif
