#include "desk.h"

#include <string.h>

#include "calendar_message.h"
#include "db.h"
#include "facts.pb-c.h"
#include "id.h"
#include "instant.h"
#include "outbox.h"
#include "review_clock.h"

static bool
full(struct call *call)
{
	return refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
}

/* ---- who --------------------------------------------------------------------- */

bool
desk_issuers(struct call *call, char ***list, size_t *n)
{
	size_t n_agent, n_lead;
	char **agent = call_issuers(call, VOUCH__ROLE__HELPDESK_AGENT, &n_agent);
	char **lead = call_issuers(call, VOUCH__ROLE__HELPDESK_LEAD, &n_lead);

	*list = arena_alloc(call->arena, (n_agent + n_lead + 1) * sizeof(**list));
	*n = 0;
	if (agent == NULL || lead == NULL || *list == NULL)
		return full(call);
	for (size_t i = 0; i < n_agent; i++)
		(*list)[(*n)++] = agent[i];
	for (size_t i = 0; i < n_lead; i++)
		(*list)[(*n)++] = lead[i];
	return true;
}

char *
desk_issuer(struct call *call, const char *id)
{
	return arena_dup(call->arena, id, strcspn(id, "~"));
}

bool
desk_ticket(struct call *call, const char *id, bool lock, Vouch__TicketRecord *ticket, enum ticket_who *who)
{
	char **issuers, *issuer = desk_issuer(call, id);
	size_t n;

	if (issuer == NULL || !desk_issuers(call, &issuers, &n))
		return full(call);
	if (!db_one(call, lock ? "ticket_lock" : "ticket_get", NULL,
		ARGS(TEXT("issuer_id", issuer), TEXT("id", id), LIST("issuers", issuers, n)), &ticket->base))
		return false;
	/* Whoever asked is the person who asked, an agent's role or not: agents do not answer themselves. */
	*who = strcmp(ticket->requester_id, call_account(call)) == 0 ? TICKET_REQUESTER : TICKET_AGENT;
	return true;
}

/* ---- the submission and its clock ------------------------------------------------ */

bool
desk_clock(struct call *call, struct desk_submission *s)
{
	struct calendar calendar;
	const char *why;
	struct review_promise promise = {.started_at = time_of(s->copy.submitted_at),
		.due_at = time_of(s->copy.due_at),
		.due_date = s->copy.due_date,
		.time_zone = s->copy.time_zone,
		.days = s->copy.days,
		.n_days = s->copy.n_days};

	/* For days late; what cannot be counted is not told. */
	if (s->copy.calendar != NULL &&
	    calendar_read(call->arena, s->copy.calendar, s->copy.time_zone, &calendar, &why))
		promise.calendar = &calendar;
	s->clock = review_clock(
	    call, &promise, call->now, time_of(s->copy.ended_at), strcmp(s->copy.state, "withdrawn") == 0);
	return s->clock != NULL || full(call);
}

bool
desk_submission(struct call *call, const char *issuer, const char *id, struct desk_submission *out)
{
	*out = (struct desk_submission){.copy = VOUCH__SUBMISSION_COPY__INIT};
	if (id[0] == '\0')
		return true;
	return db_one(call, "submission_get", NULL,
		   ARGS(TEXT("issuer_id", issuer), TEXT("submission_id", id)), &out->copy.base) &&
	    desk_clock(call, out);
}

struct ticket_facts
desk_facts(const struct desk_submission *s)
{
	if (s->clock == NULL)
		return (struct ticket_facts){.mention = TICKET_NO_ID};
	return (struct ticket_facts){.mention = TICKET_LINKED,
		.code = s->copy.code,
		.title = s->copy.title,
		.sentence = s->clock->sentence,
		.is_running = s->copy.ended_at == NULL,
		.is_overdue = s->clock->overdue,
		.is_withdrawn = strcmp(s->copy.state, "withdrawn") == 0};
}

/* ---- what happens in a ticket ------------------------------------------------------ */

/* What a ticket holds must fit into one answer. */
static bool
has_room(struct call *call, const char *issuer, const char *ticket_id, size_t more)
{
	Vouch__TicketSize size = VOUCH__TICKET_SIZE__INIT;

	if (!db_one(call, "ticket_size", NULL, ARGS(TEXT("issuer_id", issuer), TEXT("id", ticket_id)),
		&size.base))
		return false;
	return (size.messages < TICKET_MESSAGES_MAX && size.bytes + (int64_t)more <= TICKET_BYTES_MAX) ||
	    refuse(call, VOUCH__STATUS__CONFLICT, "this ticket is full: please write a new one");
}

bool
desk_say(struct call *call, const char *issuer, const char *ticket_id, const char *author, const char *body,
    bool internal, char **message_id)
{
	char *id = id_new(call);
	bool is_system = strcmp(author, "system") == 0;

	if (id == NULL || body == NULL)
		return full(call);
	if (message_id != NULL)
		*message_id = id;
	/* What the system has to say is short, and is never kept back. */
	return (is_system || has_room(call, issuer, ticket_id, strlen(body))) &&
	    db_do(call, "message_put", NULL,
		ARGS(TEXT("issuer_id", issuer), TEXT("ticket_id", ticket_id), TEXT("message_id", id),
		    TEXT("author", author), TEXT("author_id", is_system ? NULL : call_account(call)),
		    TEXT("body", body), BOOL("internal", internal)));
}

bool
desk_announce(struct call *call, const char *issuer, const ProtobufCMessage *event)
{
	const Vouch__Caller *caller = call->caller;
	bool ok;

	call_in_issuer(call, issuer);
	ok = announce(call, event);
	call->caller = caller; /* the call's own key and reply stay where they were claimed */
	return ok;
}

bool
desk_escalate(struct call *call, const char *issuer, const char *ticket_id,
    const Vouch__SubmissionCopy *submission, bool *first)
{
	Vouch__OverdueInquired inquired = VOUCH__OVERDUE_INQUIRED__INIT;

	if (!db_maybe(call, "escalation_put", NULL,
		ARGS(TEXT("issuer_id", issuer), TEXT("submission_id", submission->id),
		    TEXT("ticket_id", ticket_id)),
		NULL, first) ||
	    !*first)
		return call->status == VOUCH__STATUS__OK;
	inquired.submission_id = submission->id;
	inquired.ticket_id = (char *)id_uuid(ticket_id);
	inquired.code = submission->code;
	inquired.asked_at = time_new(call, call->now);
	return desk_announce(call, issuer, &inquired.base);
}

bool
desk_move(struct call *call, const char *issuer, Vouch__TicketRecord *ticket, const char *state, bool again)
{
	Vouch__Count version = VOUCH__COUNT__INIT;

	if (!db_one(call, "ticket_move", NULL,
		ARGS(TEXT("issuer_id", issuer), TEXT("id", ticket->id), TEXT("state", state),
		    BOOL("again", again)),
		&version.base))
		return false;
	ticket->state = (char *)state;
	ticket->version = version.n;
	return true;
}

bool
desk_answered(
    struct call *call, const char *issuer, const Vouch__TicketRecord *ticket, const char *message_id)
{
	Vouch__TicketAnswered answered = VOUCH__TICKET_ANSWERED__INIT;

	answered.ticket_id = ticket->row_id;
	answered.version = ticket->version;
	answered.code = ticket->code;
	answered.requester_id = ticket->requester_id;
	answered.subject = ticket->subject;
	answered.message_id = (char *)message_id;
	return desk_announce(call, issuer, &answered.base);
}

/* ---- what one sees ------------------------------------------------------------------- */

static bool
show_submission(struct call *call, const char *issuer, const char *id, Vouch__Ticket *rep)
{
	struct desk_submission s;
	Vouch__TicketSubmission *out = arena_alloc(call->arena, sizeof(*out));

	if (id[0] == '\0')
		return true;
	if (out == NULL || !desk_submission(call, issuer, id, &s))
		return full(call);
	vouch__ticket_submission__init(out);
	out->id = id_join(call, issuer, s.copy.id);
	out->code = s.copy.code;
	out->state = s.copy.state;
	out->title = s.copy.title;
	out->submitted_at = s.copy.submitted_at;
	out->due_at = s.copy.due_at;
	out->due_date = s.copy.due_date;
	out->time_zone = s.copy.time_zone;
	out->review_clock = s.clock;
	out->escalated = s.copy.escalated;
	rep->submission = out;
	return out->id != NULL || full(call);
}

bool
desk_show(struct call *call, const char *id, Vouch__Ticket *rep)
{
	Vouch__TicketRecord ticket = VOUCH__TICKET_RECORD__INIT;
	enum ticket_who who = TICKET_REQUESTER;
	char *issuer;

	if (!desk_ticket(call, id, false, &ticket, &who) || (issuer = desk_issuer(call, ticket.id)) == NULL)
		return false;
	rep->id = ticket.id;
	rep->code = ticket.code;
	rep->state = ticket.state;
	rep->subject = ticket.subject;
	rep->issuer = ticket.issuer;
	rep->created_at = ticket.created_at;
	rep->changed_at = ticket.changed_at;
	rep->version = ticket.version;
	return show_submission(call, issuer, ticket.submission_id, rep) &&
	    db_all(call, "message_list", NULL,
		ARGS(TEXT("issuer_id", issuer), TEXT("id", id), BOOL("sees_notes", who == TICKET_AGENT)),
		&rep->base, "messages");
}
