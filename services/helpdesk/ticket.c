#include "ticket.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "id.h"
#include "instant.h"

static bool
is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

bool
ticket_is_state(const char *state)
{
	static const char *const states[] = {
		"new", "open", "waiting_person", "waiting_review", "resolved", "closed"};

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (is(states[i], state))
			return true;
	return false;
}

bool
ticket_may_reopen(int64_t at, int64_t now)
{
	return now - at <= (int64_t)TICKET_REOPEN_DAYS * DAY_SECONDS * INSTANT_SECOND;
}

const char *
ticket_after_message(const char *state, enum ticket_who who, bool note, bool in_time)
{
	if (is(state, "closed"))
		return NULL;
	if (who == TICKET_AGENT && note)
		return is(state, "new") ? "open" : state;
	if (who == TICKET_AGENT)
		return is(state, "waiting_review") || is(state, "resolved") ? state : "waiting_person";
	if (is(state, "resolved"))
		return in_time ? "open" : NULL;
	return is(state, "waiting_person") ? "open" : state;
}

const char *
ticket_after_wish(const char *state, const char *wish, enum ticket_who who, bool in_time)
{
	if (is(state, "closed"))
		return NULL;
	if (is(wish, "resolved"))
		return "resolved";
	if (!is(wish, "open"))
		return NULL;
	if (who == TICKET_AGENT)
		return "open";
	if (is(state, "resolved"))
		return in_time ? "open" : NULL;
	/* Who asked cannot pick up their own ticket; a reply to the agent can. */
	return is(state, "waiting_person") ? "open" : state;
}

/* Eight of the characters of a new submission code: the same alphabet, which nobody misreads. */
void
ticket_code_new(char out[static TICKET_CODE_SIZE])
{
	char code[CODE_SIZE];

	code_new(code);
	snprintf(out, TICKET_CODE_SIZE, "T%.10s", code + 1);
}

/* ---- words ------------------------------------------------------------------- */

char *
ticket_outcome(struct arena *arena, const struct ticket_facts *f)
{
	if (f->is_withdrawn)
		return arena_printf(arena, "%s (“%s”): %s", f->code, f->title, f->sentence);
	return arena_printf(arena, "%s (“%s”): %s The result and the feedback are on the submission’s page.",
	    f->code, f->title, f->sentence);
}

char *
ticket_escalation(struct arena *arena, const struct ticket_facts *f)
{
	return arena_printf(arena,
	    "%s (“%s”): %s Because you asked, the review has been moved to the front of the queue and "
	    "the people who assign it have been told. This ticket follows your submission: you will read "
	    "here when it is "
	    "decided.",
	    f->code, f->title, f->sentence);
}

char *
ticket_first_answer(struct arena *arena, const struct ticket_facts *f)
{
	switch (f->mention) {
	case TICKET_LINKED:
		if (f->is_overdue)
			return ticket_escalation(arena, f);
		if (!f->is_running)
			return ticket_outcome(arena, f);
		return arena_printf(arena,
		    "%s (“%s”): %s This is the promise made when you submitted; nothing more is "
		    "needed from you. If your question is another one, somebody of the help desk will answer "
		    "here.",
		    f->code, f->title, f->sentence);
	case TICKET_UNMATCHED:
		return arena_printf(arena,
		    "We could not match the submission ID in your message with one of your "
		    "submissions. Please compare it with the ID on your submission’s page. Somebody of the "
		    "help desk will "
		    "read your message and answer here.");
	case TICKET_MISTYPED:
		return arena_printf(arena,
		    "A character of the submission ID in your message is wrong: its last character "
		    "does not fit the others. Please compare it with the ID on your submission’s page and "
		    "write it here. "
		    "Somebody of the help desk will read your message too.");
	case TICKET_NO_CODE:
		return arena_printf(arena,
		    "What you gave as submission ID is none: one looks like V-7K3M-92QX-5 and stands "
		    "on your submission’s page. Somebody of the help desk will read your message and answer "
		    "here.");
	case TICKET_NO_ID:
		break;
	}
	return arena_printf(arena,
	    "Thank you. Somebody of the help desk will read your message and answer here. If it is "
	    "about a submission, write its ID (it looks like V-7K3M-92QX-5) and you will see its due date at "
	    "once.");
}
