/*
 * handlers_tickets.c: to ask, to answer, and the queue of both.
 */
#include <string.h>

#include "cursor.h"
#include "db.h"
#include "desk.h"
#include "helpdesk.rpc.h"
#include "id.h"

enum { CODE_TRIES = 3 };
#define PLATFORM "platform" /* the issuer of tickets about no submission */

/* ---- a new one ------------------------------------------------------------------- */

/* What a question says of submissions. */
struct question {
	char codes[TICKET_CODES_MAX][CODE_SIZE], *list[TICKET_CODES_MAX];
	size_t n; /* IDs in it */
	enum ticket_mention mention;
	struct desk_submission s; /* the one that it speaks of, if it is known */
};

/* The IDs in it. What the field for them holds counts before subject and body. */
static bool
find_codes(struct call *call, const Vouch__CreateTicket *req, struct question *q)
{
	/* A blank line between: no ID reaches over it. */
	char *text = arena_printf(
	    call->arena, "%s\n\n%s\n\n%s", req->submission_code, req->subject, req->body);
	bool wrong = false;

	if (text == NULL)
		return refuse(call, VOUCH__STATUS__INTERNAL, "the question is too large");
	q->n = code_find(text, q->codes, TICKET_CODES_MAX, &wrong);
	/* Alone in its field an ID needs no gaps. */
	if (req->submission_code[0] != '\0') {
		char own[CODE_SIZE];
		enum code_result result = code_read(req->submission_code, own);

		wrong = wrong || result == CODE_WRONG;
		if (result == CODE_OK && q->n < TICKET_CODES_MAX)
			memcpy(q->codes[q->n++], own, CODE_SIZE);
	}
	for (size_t i = 0; i < q->n; i++)
		q->list[i] = q->codes[i];
	q->mention = wrong                               ? TICKET_MISTYPED :
	    q->n > 0                                     ? TICKET_UNMATCHED :
	    req->submission_code[0] != '\0' && q->n == 0 ? TICKET_NO_CODE :
							   TICKET_NO_ID;
	return true;
}

/* The submission that it speaks of: the first ID in it that is the asker's. */
static bool
find_submission(struct call *call, struct question *q)
{
	bool found;

	q->s = (struct desk_submission){.copy = VOUCH__SUBMISSION_COPY__INIT};
	if (q->n == 0)
		return true;
	if (!db_do(call, "earner_lock", NULL, ARGS(TEXT("earner_id", call_account(call)))) ||
	    !db_maybe(call, "submission_of_earner", NULL, ARGS(LIST("codes", q->list, q->n)), &q->s.copy.base,
		&found))
		return false;
	if (!found)
		return true;
	q->mention = TICKET_LINKED;
	return desk_clock(call, &q->s);
}

static bool
put_ticket(struct call *call, const char *issuer, const char *id, const char *subject,
    const struct question *q, const char *state)
{
	/* One that names nothing known is linked when that is heard of. */
	size_t n = q->mention == TICKET_LINKED ? 0 : q->n;
	bool is_new = false;

	for (int i = 0; i < CODE_TRIES && !is_new; i++) {
		char code[TICKET_CODE_SIZE];

		ticket_code_new(code);
		if (!db_maybe(call, "ticket_create", NULL,
			ARGS(TEXT("issuer_id", issuer), TEXT("id", id), TEXT("code", code),
			    TEXT("state", state), TEXT("subject", subject),
			    TEXT("submission_id", q->s.copy.id), LIST("codes", q->list, n)),
			NULL, &is_new))
			return false;
	}
	return is_new || refuse(call, VOUCH__STATUS__UNAVAILABLE, "please try again");
}

bool
tickets_create(struct call *call, const Vouch__CreateTicket *req, Vouch__Ticket *rep)
{
	struct question q = {.mention = TICKET_NO_ID};
	struct ticket_facts facts;
	const char *issuer;
	char *uuid = id_new(call), *id;
	bool first;

	if (uuid == NULL || !find_codes(call, req, &q) || !find_submission(call, &q))
		return refuse(call, VOUCH__STATUS__INTERNAL, "the question is too large");
	facts = desk_facts(&q.s);
	facts.mention = q.mention;
	issuer = q.s.clock != NULL ? q.s.copy.issuer_id : PLATFORM;
	id = id_join(call, issuer, uuid);
	if (id == NULL)
		return refuse(call, VOUCH__STATUS__INTERNAL, "the question is too large");
	return put_ticket(call, issuer, id, req->subject, &q, facts.is_overdue ? "waiting_review" : "new") &&
	    desk_say(call, issuer, id, "requester", req->body, false, NULL) &&
	    (!facts.is_overdue || desk_escalate(call, issuer, id, &q.s.copy, &first)) &&
	    desk_say(call, issuer, id, "system", ticket_first_answer(call->arena, &facts), false, NULL) &&
	    desk_show(call, id, rep);
}

/* ---- lists -------------------------------------------------------------------------- */

static bool
check_states(struct call *call, const Vouch__ListTickets *req)
{
	for (size_t i = 0; i < req->n_state; i++)
		if (!ticket_is_state(req->state[i])) {
			refuse(call, VOUCH__STATUS__MALFORMED, "there is no such state");
			return refuse_field(call, "state", "word",
			    "must be new, open, waiting_person, waiting_review, resolved or closed");
		}
	return true;
}

static bool
list_tickets(struct call *call, const Vouch__ListTickets *req, const char *query, char **issuers, size_t n,
    Vouch__TicketList *rep)
{
	const char *after[1];
	int limit = cursor_limit(req->limit);

	if (!cursor_read(call, req->cursor, after, 1))
		return false;
	if (after[0] != NULL && !cursor_id(call, after[0]))
		return false;
	if (!db_all(call, query, NULL,
		ARGS(LIST("issuers", issuers, n), LIST("states", req->state, req->n_state),
		    TEXT("after", after[0]), INT("limit", limit + 1)),
		&rep->base, "items"))
		return false;
	if (rep->n_items > (size_t)limit) {
		const Vouch__TicketRow *last = rep->items[--rep->n_items - 1];

		rep->next = cursor_write(call, (const char *[]){id_uuid(last->id)}, 1);
	}
	return true;
}

bool
tickets_list(struct call *call, const Vouch__ListTickets *req, Vouch__TicketList *rep)
{
	char **issuers;
	size_t n;

	if (!check_states(call, req) || !desk_issuers(call, &issuers, &n))
		return false;
	if (req->queue[0] == '\0' || strcmp(req->queue, "mine") == 0)
		return list_tickets(call, req, "ticket_list_mine", NULL, 0, rep);
	if (strcmp(req->queue, "desk") != 0) {
		refuse(call, VOUCH__STATUS__MALFORMED, "there is no such queue");
		return refuse_field(call, "queue", "word", "must be mine or desk");
	}
	if (n == 0)
		return refuse(call, VOUCH__STATUS__FORBIDDEN, "the desk is for agents");
	return list_tickets(call, req, "ticket_list_desk", issuers, n, rep);
}

bool
tickets_get(struct call *call, const Vouch__GetTicket *req, Vouch__Ticket *rep)
{
	return desk_show(call, req->id, rep);
}

/* ---- what is said ---------------------------------------------------------------------- */

/* A submission may have become overdue since the ticket was written: asking again escalates it then. */
static bool
follow_up(struct call *call, const char *issuer, Vouch__TicketRecord *ticket)
{
	struct desk_submission s;
	struct ticket_facts facts;
	bool first;

	if (!desk_submission(call, issuer, ticket->submission_id, &s))
		return false;
	facts = desk_facts(&s);
	if (!facts.is_overdue || s.copy.escalated)
		return true;
	return desk_escalate(call, issuer, ticket->id, &s.copy, &first) &&
	    desk_say(
		call, issuer, ticket->id, "system", ticket_escalation(call->arena, &facts), false, NULL) &&
	    desk_move(call, issuer, ticket, "waiting_review", false);
}

bool
tickets_say(struct call *call, const Vouch__SayInTicket *req, Vouch__Ticket *rep)
{
	Vouch__TicketRecord ticket = VOUCH__TICKET_RECORD__INIT;
	enum ticket_who who;
	const char *state;
	char *issuer, *message_id;

	if (!desk_ticket(call, req->id, true, &ticket, &who) ||
	    (issuer = desk_issuer(call, ticket.id)) == NULL)
		return false;
	if (req->internal && who == TICKET_REQUESTER)
		return refuse_field(call, "internal", "agents", "is for agents: you asked here yourself");
	state = ticket_after_message(
	    ticket.state, who, req->internal, ticket_may_reopen(time_of(ticket.resolved_at), call->now));
	if (state == NULL)
		return refuse(call, VOUCH__STATUS__CONFLICT, "this ticket is closed: please write a new one");
	if (!desk_say(call, issuer, ticket.id, who == TICKET_AGENT ? "agent" : "requester", req->body,
		req->internal, &message_id) ||
	    !desk_move(call, issuer, &ticket, state, who == TICKET_AGENT && !req->internal))
		return false;
	if (who == TICKET_REQUESTER ? !follow_up(call, issuer, &ticket) :
				      !req->internal && !desk_answered(call, issuer, &ticket, message_id))
		return false;
	return desk_show(call, ticket.id, rep);
}

bool
tickets_set_state(struct call *call, const Vouch__SetTicketState *req, Vouch__Ticket *rep)
{
	Vouch__TicketRecord ticket = VOUCH__TICKET_RECORD__INIT;
	enum ticket_who who;
	const char *state;
	char *issuer;

	if (strcmp(req->state, "resolved") != 0 && strcmp(req->state, "open") != 0)
		return refuse_field(call, "state", "word", "must be resolved or open");
	if (!desk_ticket(call, req->id, true, &ticket, &who) ||
	    (issuer = desk_issuer(call, ticket.id)) == NULL)
		return false;
	state = ticket_after_wish(
	    ticket.state, req->state, who, ticket_may_reopen(time_of(ticket.resolved_at), call->now));
	if (state == NULL)
		return refuse(call, VOUCH__STATUS__CONFLICT, "this ticket is closed: please write a new one");
	return (strcmp(state, ticket.state) == 0 || desk_move(call, issuer, &ticket, state, false)) &&
	    desk_show(call, ticket.id, rep);
}
