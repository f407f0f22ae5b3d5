/*
 * personal.h: personal information in a text (rule DRF-5).
 *
 * Finds what points at a living person: addresses, numbers, names. It reads
 * plain text and knows nothing of drafts. A finding is a hint for the earner,
 * who may keep the passage; so precision goes before recall, and a name alone
 * is reported only where the words around it say that it is somebody of the
 * earner's own surroundings ("my student ...", "submitted by ...").
 *
 * What looks like personal information and is not, is known too: ISBN, DOI,
 * versions, standards, scores, dates of lessons, authors that are quoted.
 */
#ifndef PERSONAL_H
#define PERSONAL_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum personal_type {
	PERSONAL_EMAIL,
	PERSONAL_PHONE,
	PERSONAL_NATIONAL_ID, /* of a state or of a school: social security, student number, passport */
	PERSONAL_CARD,        /* payment card, ISO/IEC 7812, with a right Luhn digit */
	PERSONAL_IBAN,        /* ISO 13616, right modulo 97 */
	PERSONAL_IP_ADDRESS,
	PERSONAL_STREET, /* a postal address, from the number of the house on */
	PERSONAL_URL,    /* a page of a person, not any link */
	PERSONAL_USER_NAME,
	PERSONAL_BIRTH_DATE,
	PERSONAL_PERSON,
	PERSONAL_TYPES
};

enum {
	PERSONAL_FINDINGS_MAX = 200, /* findings of one text */
	PERSONAL_TEXT_MAX = 1 << 20  /* bytes of one text */
};

/* One passage. START and END count Unicode code points, END is exclusive. */
struct personal_finding {
	enum personal_type type;
	size_t start, end;
	const char *excerpt; /* the passage, at most 80 code points of it; never for a log */
	const char *message; /* one sentence for the earner; constant */
};

/* What was found, by START, without overlaps. */
struct personal_findings {
	struct personal_finding *list;
	size_t n;      /* at most PERSONAL_FINDINGS_MAX */
	bool complete; /* false: a bound was reached, there may be more */
};

/* Returns the word of TYPE in the API: "email" ... "person". Constant. */
const char *personal_type_name(enum personal_type type);

/*
 * Fills FOUND with the personal information in the LEN bytes of TEXT, UTF-8, a
 * NUL is a character like others. The list and the excerpts live in ARENA.
 * Returns false, and leaves FOUND empty, if TEXT is not UTF-8, if it is longer
 * than PERSONAL_TEXT_MAX, or if ARENA is at its ceiling. Work is bounded by
 * match limits: no text takes more than linear time with a fixed factor. Any
 * number of threads may call this; the first call compiles the rules.
 */
bool personal_find(struct arena *arena, const char *text, size_t len, struct personal_findings *found);

#endif
