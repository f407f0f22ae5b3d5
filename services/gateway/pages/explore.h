/*
 * explore.h: finding a micro-credential (CAT-1..3): what is asked for stands in the
 * address alone, so that it can be sent, kept and gone back to.
 */
#ifndef EXPLORE_H
#define EXPLORE_H

#include "catalog.pb-c.h"
#include "html.h"
#include "request.h"
#include "submission.pb-c.h"

enum { EXPLORE_CHOICES_MAX = 60, EXPLORE_WITHOUT_MAX = 5, EXPLORE_FACETS = 5 };

/* One value that was chosen. */
struct explore_choice {
	const char *facet, *value; /* "evidenceType", "video" */
	const char *label;         /* as the catalog calls it */
};

struct explore {
	const struct request *request;
	const Vouch__MicroCredentialList *list; /* NULL: the catalog does not answer */
	const Vouch__SubmissionList *mine;      /* of the reader; NULL: not known */
	const char *q, *sort, *cursor;          /* "" when not given */
	struct explore_choice choices[EXPLORE_CHOICES_MAX];
	int n_choices;
	bool only_evidence; /* no other kinds than those that are chosen */
	bool is_reader_known;
};

/* Names of the facets in the address, and the keys of what they are called. */
struct explore_facet {
	const char *name, *title;
};
extern const struct explore_facet explore_facets[EXPLORE_FACETS];

/* Reads the address of R; LIST may be NULL. */
void explore_read(struct explore *x, const struct request *r, const Vouch__MicroCredentialList *list);

/* Is VALUE of FACET among what is asked for? */
bool explore_is_chosen(const struct explore *x, const char *facet, const char *value);

/* The values of the facet NAME, *N of them. */
Vouch__FacetValue **explore_values(const Vouch__Facets *facets, const char *name, size_t *n);

/* What a value is called: kinds of evidence in the reader's language, all else as the catalog has it. */
void explore_label(struct html *h, const char *facet, const char *value, const char *label);

/*
 * ' href="/explore?..."' with everything that is asked for but the choice WITHOUT (NULL: with all;
 * one whose facet is "q": without the words), in the order SORT (NULL: as it is), at CURSOR ("": the first page).
 */
void explore_href(struct html *h, const struct explore *x, const struct explore_choice *without,
    const char *sort, const char *cursor);

/*
 * Hidden fields for all choices but those of the facets SKIP names, ended by NULL; and where told
 * for words, order, and that no other evidence is to be asked for.
 */
void explore_hidden(
    struct html *h, const struct explore *x, const char *const *skip, bool q, bool sort, bool only);

/* The filters beside the results, and the results. */
void explore_filters(struct html *h, const struct explore *x);
void explore_results(struct html *h, const struct explore *x);

#endif
