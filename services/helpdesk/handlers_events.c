/*
 * handlers_events.c: what the helpdesk hears of submissions and issuers, and
 * how tickets follow (N-6).
 */
#include <string.h>

#include "db.h"
#include "desk.h"
#include "helpdesk.rpc.h"

bool
tickets_on_issuer_changed(struct call *call, const Vouch__IssuerChanged *event, Vouch__Nothing *rep)
{
	(void)rep;
	return db_do(call, "issuer_put", &event->base, ARGS(TEXT("issuer_id", call_issuer(call))));
}

bool
tickets_on_account_changed(struct call *call, const Vouch__AccountChanged *event, Vouch__Nothing *rep)
{
	(void)rep;
	return db_do(call, "person_put", &event->base, NULL);
}

/* A ticket that waited for its submission to be known has its answer now, and its person hears of it. */
static bool
answer_late(struct call *call, Vouch__TicketRecord *ticket, const struct desk_submission *s)
{
	struct ticket_facts facts = desk_facts(s);
	const char *issuer = s->copy.issuer_id;
	char *message_id;
	bool first;

	return (!facts.is_overdue ||
		   (desk_escalate(call, issuer, ticket->id, &s->copy, &first) &&
		       desk_move(call, issuer, ticket, "waiting_review", false))) &&
	    desk_say(call, issuer, ticket->id, "system", ticket_first_answer(call->arena, &facts), false,
		&message_id) &&
	    desk_answered(call, issuer, ticket, message_id);
}

bool
tickets_on_submission_received(struct call *call, const Vouch__SubmissionReceived *event, Vouch__Nothing *rep)
{
	Vouch__TicketRecords list = VOUCH__TICKET_RECORDS__INIT;
	struct desk_submission s;

	(void)rep;
	if (!db_do(call, "submission_put", &event->base, NULL) ||
	    !db_do(call, "earner_lock", &event->base, NULL) ||
	    !db_all(call, "ticket_link", &event->base, NULL, &list.base, "items"))
		return false;
	if (list.n_items == 0)
		return true;
	if (!desk_submission(call, call_issuer(call), event->submission_id, &s))
		return false;
	for (size_t i = 0; i < list.n_items; i++)
		if (!answer_late(call, list.items[i], &s))
			return false;
	return true;
}

/*
 * Moves the copy of a submission. *MOVED false: this was heard before, or is
 * older than what is known. Of one that is not known yet the event is to come again.
 */
static bool
move(struct call *call, const char *id, int64_t version, const char *state, const struct arg ended_at,
    bool *moved)
{
	struct desk_submission s = {.copy = VOUCH__SUBMISSION_COPY__INIT};
	bool is_known;

	if (!db_maybe(call, "submission_move", NULL,
		ARGS(TEXT("submission_id", id), INT("version", version), TEXT("state", state), ended_at),
		NULL, moved))
		return false;
	if (*moved)
		return true;
	return db_maybe(
		   call, "submission_get", NULL, ARGS(TEXT("submission_id", id)), &s.copy.base, &is_known) &&
	    (is_known || refuse(call, VOUCH__STATUS__UNAVAILABLE, "this submission is not known yet"));
}

/* What became of it goes into every open ticket about it, and answers those that waited for it. */
static bool
tell_tickets(struct call *call, const char *id)
{
	const char *issuer = call_issuer(call);
	Vouch__TicketRecords list = VOUCH__TICKET_RECORDS__INIT;
	struct desk_submission s;
	struct ticket_facts facts;

	if (!desk_submission(call, issuer, id, &s) ||
	    !db_all(call, "ticket_of_submission", NULL, ARGS(TEXT("submission_id", id)), &list.base, "items"))
		return false;
	facts = desk_facts(&s);
	for (size_t i = 0; i < list.n_items; i++) {
		Vouch__TicketRecord *ticket = list.items[i];
		const char *state = strcmp(ticket->state, "waiting_review") == 0 ? "resolved" : ticket->state;

		if (!desk_say(call, issuer, ticket->id, "system", ticket_outcome(call->arena, &facts), false,
			NULL) ||
		    !desk_move(call, issuer, ticket, state, false))
			return false;
	}
	return true;
}

bool
tickets_on_submission_in_review(
    struct call *call, const Vouch__SubmissionInReview *event, Vouch__Nothing *rep)
{
	bool moved;

	(void)rep;
	return move(
	    call, event->submission_id, event->version, "in_review", (struct arg)NONE("ended_at"), &moved);
}

bool
tickets_on_submission_withdrawn(
    struct call *call, const Vouch__SubmissionWithdrawn *event, Vouch__Nothing *rep)
{
	bool moved;

	(void)rep;
	return move(call, event->submission_id, event->version, "withdrawn",
		   (struct arg)TIME("ended_at", time_of(event->withdrawn_at)), &moved) &&
	    (!moved || tell_tickets(call, event->submission_id));
}

bool
tickets_on_submission_decided(struct call *call, const Vouch__SubmissionDecided *event, Vouch__Nothing *rep)
{
	const char *state = event->outcome == VOUCH__OUTCOME__AWARDED ? "awarded" : "denied";
	bool moved;

	(void)rep;
	return move(call, event->submission_id, event->version, state,
		   (struct arg)TIME("ended_at", time_of(event->decided_at)), &moved) &&
	    (!moved || tell_tickets(call, event->submission_id));
}
