#include "words.h"

#include <string.h>

#include "when.h"

enum { MINUTE_US = 60000000 };

static bool
is_whole(const struct words *w)
{
	return w->title != NULL && w->body != NULL && w->action != NULL;
}

/* " For you: ..." when the reader's clock shows something else than the issuer's; else "". */
static const char *
for_you(struct arena *arena, const struct facts *f)
{
	const char *there, *here, *cut;

	if (f->due_at == 0 || f->reader_zone[0] == '\0' || strcmp(f->reader_zone, f->zone) == 0)
		return "";
	/* The promise is to the end of the day: its last minute is what people understand. */
	here = when_instant(arena, f->due_at - MINUTE_US, f->reader_zone);
	there = when_instant(arena, f->due_at - MINUTE_US, f->zone);
	if (here == NULL || there == NULL || here[0] == '\0')
		return "";
	cut = strchr(here, '(');
	if (cut != NULL && strncmp(here, there, (size_t)(cut - here)) == 0)
		return "";
	here = arena_printf(arena, " For you that is %s.", here);
	return here != NULL ? here : "";
}

static const char *
due(struct arena *arena, const struct facts *f)
{
	const char *date = when_date(arena, f->due_date, f->zone);

	return date != NULL ? date : f->due_date;
}

bool
words_received(struct arena *arena, const struct facts *f, struct words *out)
{
	out->title = arena_printf(arena, "We have your work: %s", f->title);
	out->body = f->clock[0] != '\0' ?
	    arena_printf(arena, "Your submission %s to %s has arrived. %s%s", f->code, f->issuer, f->clock,
		for_you(arena, f)) :
	    arena_printf(arena, "Your submission %s to %s has arrived. You will have the result by %s.%s",
		f->code, f->issuer, due(arena, f), for_you(arena, f));
	out->action = "Follow the review";
	return is_whole(out);
}

bool
words_in_review(struct arena *arena, const struct facts *f, struct words *out)
{
	out->title = arena_printf(arena, "Somebody reads your work: %s", f->title);
	out->body = arena_printf(arena,
	    "An assessor of %s has begun with your submission %s. It cannot be taken back any more.",
	    f->issuer, f->code);
	out->action = "Follow the review";
	return is_whole(out);
}

bool
words_withdrawn(struct arena *arena, const struct facts *f, struct words *out)
{
	out->title = arena_printf(arena, "You have taken back: %s", f->title);
	out->body = arena_printf(arena,
	    "Your submission %s is withdrawn, and its review clock has stopped. Nobody reads it.", f->code);
	out->action = "Open the submission";
	return is_whole(out);
}

bool
words_decided(struct arena *arena, const struct facts *f, struct words *out)
{
	const char *sorry = f->late ? " It took longer than we promised, and we are sorry for that." : "";

	out->title = f->awarded ? arena_printf(arena, "Awarded: %s", f->title) :
				  arena_printf(arena, "Not awarded yet: %s", f->title);
	out->body = f->awarded ?
	    arena_printf(arena, "Your submission %s met what %s asks for. The feedback is there to read.%s",
		f->code, f->issuer, sorry) :
	    arena_printf(arena,
		"The result of your submission %s says which parts to strengthen, and how to go on.%s",
		f->code, sorry);
	out->mail_title = arena_printf(arena, "Your result is there: %s", f->title);
	out->mail_body = arena_printf(arena,
	    "%s has decided about your submission %s. The result and the feedback wait for you.%s", f->issuer,
	    f->code, sorry);
	out->action = "Read the result";
	return is_whole(out) && out->mail_title != NULL && out->mail_body != NULL;
}

bool
words_issued(struct arena *arena, const struct facts *f, struct words *out)
{
	out->title = arena_printf(arena, "Your credential is ready: %s", f->title);
	out->body = arena_printf(arena, "%s has signed it. You decide who may see it.", f->issuer);
	out->action = "See the credential";
	return is_whole(out);
}

bool
words_late(struct arena *arena, const struct facts *f, struct words *out)
{
	out->title = arena_printf(arena, "We are late: %s", f->title);
	out->body = arena_printf(arena,
	    "The result of your submission %s was promised by %s, and it is not there. We are sorry. "
	    "It is our turn: the lead of the assessors at %s was told today, and you need not do anything. "
	    "If you want to ask, the help desk answers with the number %s.",
	    f->code, due(arena, f), f->issuer, f->code);
	out->action = "See where it stands";
	return is_whole(out);
}

bool
words_ticket(struct arena *arena, const struct facts *f, struct words *out)
{
	out->title = arena_printf(arena, "Answer to your question %s", f->code);
	out->body = arena_printf(arena, "The help desk has answered: %s", f->title);
	/* The subject is the asker's own text: it may say more than a mail should. */
	out->mail_body = arena_printf(arena, "The help desk has answered your question %s.", f->code);
	out->action = "Read the answer";
	return is_whole(out) && out->mail_body != NULL;
}

bool
words_pool(struct arena *arena, const struct facts *f, struct words *out)
{
	out->title = arena_printf(arena, "New in the pool: %s", f->title);
	out->body = arena_printf(arena,
	    "Submission %s waits for an assessor. The result is promised by %s.%s", f->code, due(arena, f),
	    for_you(arena, f));
	out->action = "Open the queue";
	return is_whole(out);
}

bool
words_due(struct arena *arena, const struct facts *f, struct words *out)
{
	if (f->days_left == 0)
		out->title = arena_printf(arena, "Due today: %s", f->title);
	else
		out->title = arena_printf(arena, "Due in %d business day%s: %s", f->days_left,
		    f->days_left == 1 ? "" : "s", f->title);
	out->body = arena_printf(arena, "The result of submission %s is promised by %s.%s", f->code,
	    due(arena, f), for_you(arena, f));
	out->action = "Open the review";
	return is_whole(out);
}

bool
words_overdue(struct arena *arena, const struct facts *f, struct words *out)
{
	out->title = f->days_late > 0 ? arena_printf(arena, "Overdue by %d business day%s: %s", f->days_late,
					    f->days_late == 1 ? "" : "s", f->title) :
					arena_printf(arena, "Overdue: %s", f->title);
	out->body = arena_printf(arena,
	    "The result of submission %s was promised by %s, and there is none.%s", f->code, due(arena, f),
	    f->earner_told ? " The earner has been told." : "");
	out->action = "See what is overdue";
	return is_whole(out);
}

bool
words_escalated(struct arena *arena, const struct facts *f, struct words *out)
{
	out->title = arena_printf(arena, "Asked for: %s", f->title);
	out->body = arena_printf(arena,
	    "The earner has asked the help desk about submission %s, which is overdue. "
	    "It was moved to the front of the queue.",
	    f->code);
	out->action = "Open the review";
	return is_whole(out);
}

static const char *
link_end(struct arena *arena, const struct facts *f)
{
	const char *end = when_instant(
	    arena, f->expires_at, f->reader_zone[0] != '\0' ? f->reader_zone : "UTC");

	return end != NULL ? end : "";
}

bool
words_confirmation(struct arena *arena, const struct facts *f, struct words *out)
{
	out->title = "Please confirm your address";
	out->body = arena_printf(arena,
	    "Somebody, probably you, has made an account with this address. The link below confirms that "
	    "the address is yours. It works once, until %s. If it was not you, do nothing.",
	    link_end(arena, f));
	out->action = "Confirm the address";
	return is_whole(out);
}

bool
words_password(struct arena *arena, const struct facts *f, struct words *out)
{
	out->title = "Choose a new password";
	out->body = arena_printf(arena,
	    "Somebody, probably you, wants to choose a new password for the account with this address. "
	    "The link below works once, until %s. If it was not you, do nothing: the old password stays.",
	    link_end(arena, f));
	out->action = "Choose a new password";
	return is_whole(out);
}

bool
words_mail_failed(struct arena *arena, const struct facts *f, struct words *out)
{
	(void)arena, (void)f;
	out->title = "Mail to you did not arrive";
	out->body = "A mail that we sent to your address was refused. Everything is here in the inbox. "
		    "If your address has changed, please ask the help desk.";
	out->action = "Open the account";
	return true;
}
