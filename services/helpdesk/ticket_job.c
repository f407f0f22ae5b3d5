#include "ticket_job.h"

#include "config.h"
#include "db.h"
#include "desk.h"

enum { LOT = 50 }; /* as in queries.sql */

/* Says BODY in each ticket and tells its person. */
static bool
tell_each(struct call *call, const Vouch__TicketRecords *list, const char *body)
{
	for (size_t i = 0; i < list->n_items; i++) {
		const Vouch__TicketRecord *ticket = list->items[i];
		char *issuer = desk_issuer(call, ticket->id), *message_id;

		if (issuer == NULL ||
		    !desk_say(call, issuer, ticket->id, "system", body, false, &message_id) ||
		    !desk_answered(call, issuer, ticket, message_id))
			return false;
	}
	return true;
}

bool
job_tickets(struct call *call)
{
	int64_t remind = config_int(call->config, "ticket_remind_days"),
		solve = config_int(call->config, "ticket_solve_days");
	Vouch__TicketRecords reminded = VOUCH__TICKET_RECORDS__INIT, solved = VOUCH__TICKET_RECORDS__INIT,
			     closed = VOUCH__TICKET_RECORDS__INIT;
	char *words = arena_printf(call->arena,
	    "We are waiting for your answer. Without one this ticket counts as solved in "
	    "%d day%s; you can still come back to it afterwards.",
	    (int)solve, solve == 1 ? "" : "s");

	if (!db_all(call, "ticket_remind", NULL, ARGS(INT("days", remind)), &reminded.base, "items") ||
	    !tell_each(call, &reminded, words) || !db_commit(call))
		return false;
	if (!db_all(call, "ticket_give_up", NULL, ARGS(INT("days", solve)), &solved.base, "items") ||
	    !tell_each(call, &solved,
		"As there was no answer, this ticket counts as solved. Write here if it is not.") ||
	    !db_commit(call))
		return false;
	if (!db_all(
		call, "ticket_close", NULL, ARGS(INT("days", TICKET_REOPEN_DAYS)), &closed.base, "items") ||
	    !db_commit(call))
		return false;
	return reminded.n_items == LOT || solved.n_items == LOT || closed.n_items == LOT;
}
