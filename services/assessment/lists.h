/*
 * lists.h: what the lists of reviews share: issuers, pages, cursors.
 */
#ifndef LISTS_H
#define LISTS_H

#include "assessment.pb-c.h"
#include "call.h"

/* In which issuers the caller holds ROLE or OTHER; {"*"}: in all. */
char **lists_issuers(struct call *call, Vouch__Role role, Vouch__Role other, size_t *n);

/* Where a page begins: after a review that is escalated or not, with its due time and id. */
struct lists_page {
	bool is_first, is_calm;
	int64_t due_at;
	const char *id; /* NULL on the first page */
};

/* Reads CURSOR. False: refused (INVALID, field "cursor"). */
bool lists_page_read(struct call *call, const char *cursor, struct lists_page *page);

/* The cursor that continues after LAST; NULL when the arena is full. */
char *lists_page_after(struct call *call, const Vouch__ReviewRecord *last);

/* Reads what is known of the issuers of N records. False: refused. */
bool lists_read_issuers(
    struct call *call, Vouch__ReviewRecord *const *records, size_t n, Vouch__ReviewIssuers *issuers);

/* The issuer called ISSUER_ID among ISSUERS. NULL, and refused (INTERNAL): it is missing, which cannot be. */
const Vouch__ReviewIssuer *lists_issuer_of(
    struct call *call, const Vouch__ReviewIssuers *issuers, const char *issuer_id);

#endif
