/*
 * search.h: the words that find something: vouchctl catalog search, articles search.
 */
#ifndef SEARCH_H
#define SEARCH_H

#include "http.h"
#include "installation.h"

struct search {
	const char *word; /* for messages: "catalog" */
	const char *path; /* of the list, which takes ?q= */
	void (*print)(const json_t *list);
};

/* Asks the installation of O for the third of its words, and prints what it found. Returns the exit status (word.h). */
int search_run(const struct options *o, const struct search *search);

#endif
