/*
 * desk.h: the steps that handlers of tickets share. Most calls of the helpdesk
 * are across issuers, so every step names the issuer of the ticket it works on.
 */
#ifndef DESK_H
#define DESK_H

#include "call.h"
#include "helpdesk.pb-c.h"
#include "ticket.h"

/* A submission with its clock as it stands now. */
struct desk_submission {
	Vouch__SubmissionCopy copy;
	Vouch__ReviewClock *clock; /* NULL: there is no submission */
};

/* The issuers whose tickets the caller works on, {"*"} for all; in *LIST, *N long. */
bool desk_issuers(struct call *call, char ***list, size_t *n);

/*
 * Reads the ticket called ID ("issuer~uuid") if it is the caller's own or one
 * they work on, and keeps it from others until the commit when LOCK. *WHO says as
 * whom they see it. NOT_FOUND otherwise.
 */
bool desk_ticket(
    struct call *call, const char *id, bool lock, Vouch__TicketRecord *ticket, enum ticket_who *who);

/* The issuer of a ticket, in the call's arena. */
char *desk_issuer(struct call *call, const char *id);

/* Reads submission ID (a plain UUID) of ISSUER with its clock; NULL clock when ID is "". */
bool desk_submission(struct call *call, const char *issuer, const char *id, struct desk_submission *out);

/* Computes the clock of a copy that was read otherwise. */
bool desk_clock(struct call *call, struct desk_submission *submission);

/* What the first answer and those that follow say of SUBMISSION. */
struct ticket_facts desk_facts(const struct desk_submission *submission);

/* Adds a message by AUTHOR ("requester", "agent", "system"); *MESSAGE_ID, if not NULL, is its id. BODY NULL:
 * there was no memory for it. */
bool desk_say(struct call *call, const char *issuer, const char *ticket_id, const char *author,
    const char *body, bool internal, char **message_id);

/*
 * Escalates the overdue SUBMISSION for TICKET_ID, once however many ask: its
 * review is told (N-6). *FIRST: nobody had asked before.
 */
bool desk_escalate(struct call *call, const char *issuer, const char *ticket_id,
    const Vouch__SubmissionCopy *submission, bool *first);

/* Moves a locked ticket to STATE; AGAIN: the person is asked anew, so the days of waiting begin again. */
bool desk_move(
    struct call *call, const char *issuer, Vouch__TicketRecord *ticket, const char *state, bool again);

/* Announces EVENT in ISSUER, whatever the call's own is. */
bool desk_announce(struct call *call, const char *issuer, const ProtobufCMessage *event);

/* Tells the requester of TICKET that MESSAGE_ID answers them. */
bool desk_answered(
    struct call *call, const char *issuer, const Vouch__TicketRecord *ticket, const char *message_id);

/* Fills REP with the ticket ID as the caller may see it: notes between agents only for agents. */
bool desk_show(struct call *call, const char *id, Vouch__Ticket *rep);

#endif
