/*
 * demo.h: the parts of vouchctl demo load.
 *
 * Each part asks first what is there already and adds what is missing, so that a
 * load that was cut off can be started again. What has to travel between
 * services is asked for again until it is there, DEMO_WAIT_MS at most.
 */
#ifndef DEMO_H
#define DEMO_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "http.h"
#include "installation.h"

enum { DEMO_WAIT_MS = 60000, DEMO_LOOK_MS = 100, DEMO_PEOPLE_MAX = 16 };

struct demo {
	const struct options *options;
	const char *from;                        /* the folder with the files */
	json_t *people;                          /* accounts.json */
	struct http *signed_in[DEMO_PEOPLE_MAX]; /* by the place in people; NULL: not yet */
	bool is_past;                            /* the test clock stands weeks ago */
	int64_t due;                             /* when the promise of the late work ends */
};

/* Tells on standard error what went wrong. Always false. */
bool demo_complain(const char *what, const char *why);

/* The JSON file NAME of the folder. NULL after telling why not; the caller owns it. */
json_t *demo_file(const struct demo *demo, const char *name);

/* The client of the person NAME ("earner"), signed in. NULL after telling why not. Borrowed. */
struct http *demo_person(struct demo *demo, const char *name);

/*
 * Sends METHOD PATH with BODY (NULL: none) and IF_MATCH (NULL: none) as PERSON, patiently, under
 * a key of its own. Returns the answer's JSON, owned by the caller, an empty object when it has
 * none. NULL after telling why not.
 */
json_t *demo_ask(struct demo *demo, const char *person, const char *method, const char *path,
    const json_t *body, const char *if_match);

/* Whether DEMO_WAIT_MS since START are over; if not, waits a moment first. */
bool demo_is_over(int64_t start);

/* Milliseconds that only go forward. */
int64_t demo_clock(void);

/* Makes the accounts: by vouch-identity, which stands beside this program. */
bool demo_accounts(struct demo *demo);

/*
 * Reviews the submission CODE as ASSESSOR up to GOAL (in_review, awarded, denied): levels by the
 * criteria that PLAN names under "fail", its comments and feedback.
 */
bool demo_review(
    struct demo *demo, const char *assessor, const char *code, const char *goal, const json_t *plan);

/* Is the first of the demo's issuers there? */
bool demo_has_issuers(struct demo *demo);

/* Is PLAN, of work.json, work that is overdue? */
bool demo_is_late(const json_t *plan);

/*
 * Sets the test clock of a new installation back to the day when the late work of work.json was
 * handed in, and forward again after that: past its due instant, then to the present. Without a
 * test clock, or where the demo has been, neither does anything.
 */
bool demo_past_begin(struct demo *demo);
bool demo_past_end(struct demo *demo);

/* Work of the earners in every state: what is late where LATE, else the rest; and tickets. */
bool demo_work(struct demo *demo, bool late);
bool demo_tickets(struct demo *demo);

/*
 * TEXT as a PDF of as many pages as it takes (PDF 1.4, Helvetica, Latin-1 letters;
 * others become question marks). To be freed; NULL when memory is short.
 */
char *demo_pdf(const char *title, const char *text, size_t *size);

#endif
