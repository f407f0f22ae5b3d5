/*
 * rows.h: micro-credentials in lists: on Explore, below a stack, at an issuer.
 */
#ifndef ROWS_H
#define ROWS_H

#include "catalog.pb-c.h"
#include "html.h"
#include "submission.pb-c.h"

/* The reader's latest work for the micro-credential ID; NULL when there is none, or MINE is NULL. */
const Vouch__SubmissionRow *rows_status(const Vouch__SubmissionList *mine, const char *id);

/*
 * <li> of one micro-credential, with a tag for the reader's own WORK (NULL: none); its heading is
 * <hLEVEL>. X: why it is there, by what was asked for (CAT-3); NULL: nothing was.
 */
struct explore;
void rows_micro_credential(struct html *html, const Vouch__MicroCredentialRow *row,
    const Vouch__SubmissionRow *work, int level, const struct explore *x);

/* "10 hours" and how collaboration and AI are regarded, as <li> of a <ul class="meta">. */
void rows_hours(struct html *html, double hours);
void rows_rules(struct html *html, Vouch__AiPolicy ai, Vouch__CollaborationPolicy collaboration);

/* Kinds of evidence, as one <li>. */
void rows_evidence(struct html *html, char *const *types, size_t n);

#endif
