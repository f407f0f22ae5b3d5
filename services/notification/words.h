/*
 * words.h: what is written to people, one function for each kind.
 *
 * Whatever comes from a person is a single clean line (line.h) before it gets
 * here. A mail says no more than the title of the micro-credential, the code
 * and the date: no outcome, no feedback, no names (NTF-1). The inbox may tell
 * the outcome: only the signed-in person sees it.
 */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"

/* What is told. Texts are never NULL; "" where a kind has no use for one. */
struct facts {
	const char *title;           /* of the micro-credential, or the subject of a ticket */
	const char *code;            /* of the submission or ticket */
	const char *issuer;          /* its name */
	const char *clock;           /* the sentence of the review clock (N-2) */
	const char *due_date, *zone; /* the last day, in the issuer's zone */
	int64_t due_at;              /* its end, exclusive; microseconds; 0: none */
	const char *reader_zone;     /* "": not known */
	int days_left, days_late;    /* business days */
	bool awarded, late, earner_told;
	int64_t expires_at; /* of a link */
};

struct words {
	const char *title, *body;
	const char *mail_title, *mail_body; /* NULL: the same */
	const char *action;                 /* what the link does */
};

/* Each writes OUT in ARENA; false when that is full. */
typedef bool words_of(struct arena *arena, const struct facts *facts, struct words *out);

words_of words_received, words_in_review, words_withdrawn, words_decided, words_issued, words_late,
    words_ticket;
words_of words_pool, words_due, words_overdue, words_escalated;
words_of words_confirmation, words_password, words_mail_failed;

#endif
