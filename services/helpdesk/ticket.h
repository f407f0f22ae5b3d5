/*
 * ticket.h: the rules of a ticket (3.7, HLP-2, HLP-3): its states, its code and
 * what the first answer says. Pure.
 */
#ifndef TICKET_H
#define TICKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum {
	TICKET_REOPEN_DAYS = 14, /* after "resolved", for the person who asked */
	TICKET_CODE_SIZE = sizeof("T-7K3M-92QX"),
	TICKET_MESSAGES_MAX = 500,
	TICKET_BYTES_MAX = 512 << 10, /* all messages together: a ticket is shown whole */
	TICKET_CODES_MAX = 8,         /* submission ids looked at in one question */
};

enum ticket_who { TICKET_REQUESTER, TICKET_AGENT };

/* Is STATE one of new, open, waiting_person, waiting_review, resolved, closed? */
bool ticket_is_state(const char *state);

/* May the person come back NOW to what was resolved AT (microseconds since 1970)? Up to TICKET_REOPEN_DAYS
 * times 24 hours. */
bool ticket_may_reopen(int64_t at, int64_t now);

/*
 * Returns the state after a message in STATE by WHO; NULL: nothing more can be
 * said, a new ticket is needed. NOTE: a note between agents, which does not
 * count as an answer. IN_TIME: ticket_may_reopen(). The person's reply opens what
 * waited for them or was resolved; what waits for a review goes on waiting.
 */
const char *ticket_after_message(const char *state, enum ticket_who who, bool note, bool in_time);

/* Returns the state after WHO asks for WISH, "resolved" or "open"; NULL: not from STATE. */
const char *ticket_after_wish(const char *state, const char *wish, enum ticket_who who, bool in_time);

/* Writes a new random code, "T-7K3M-92QX". */
void ticket_code_new(char out[static TICKET_CODE_SIZE]);

/* How a question speaks of a submission. */
enum ticket_mention {
	TICKET_NO_ID,     /* not at all */
	TICKET_LINKED,    /* of one that is the asker's */
	TICKET_UNMATCHED, /* of none of the asker's: whether it exists is nobody's business */
	TICKET_MISTYPED,  /* the check character does not fit */
	TICKET_NO_CODE,   /* the field for the id holds something else */
};

/* What the first answer to a question rests on. */
struct ticket_facts {
	enum ticket_mention mention;
	/* With TICKET_LINKED: */
	const char *code, *title;
	const char *sentence; /* of the review clock (review_clock.h) */
	bool is_running;      /* neither decided nor withdrawn */
	bool is_overdue;
	bool is_withdrawn;
};

/*
 * The first answer, in ARENA; NULL when that is full. What it says of an id
 * that is not the asker's is the same whether a submission has it or not (HLP-2).
 */
char *ticket_first_answer(struct arena *arena, const struct ticket_facts *facts);

/* The message with which a ticket follows its submission, decided or withdrawn; in ARENA. */
char *ticket_outcome(struct arena *arena, const struct ticket_facts *facts);

/* The message that a review which became overdue was escalated; in ARENA. */
char *ticket_escalation(struct arena *arena, const struct ticket_facts *facts);

#endif
