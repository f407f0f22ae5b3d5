/*
 * handlers_event.c: what happened elsewhere, and who hears of it.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "id.h"
#include "line.h"
#include "notice.h"
#include "notification.rpc.h"
#include "review_clock.h"

enum { TITLE_CHARS = 150, CODE_CHARS = 30, NAME_CHARS = 100 };

/* ---- copies ---------------------------------------------------------------------- */

bool
notifications_on_account_changed(struct call *call, const Vouch__AccountChanged *req, Vouch__Nothing *rep)
{
	(void)rep;
	return db_do(call, "person_put", &req->base, NULL);
}

bool
notifications_on_issuer_changed(struct call *call, const Vouch__IssuerChanged *req, Vouch__Nothing *rep)
{
	(void)rep;
	return db_do(call, "issuer_put", &req->base, NULL);
}

/* ---- facts and notices ----------------------------------------------------------- */

/* What every kind tells: clean lines, and the issuer's name; its slug until the name is known. */
static bool
begin(struct call *call, const char *title, const char *code, struct facts *facts)
{
	Vouch__IssuerName issuer = VOUCH__ISSUER_NAME__INIT;
	const char *here = call_issuer(call);
	bool found = false;

	*facts = (struct facts){.clock = "", .due_date = "", .zone = "", .reader_zone = ""};
	if (here[0] != '\0' && !db_maybe(call, "issuer_name", NULL, NULL, &issuer.base, &found))
		return false;
	facts->title = line_clean(call->arena, title, TITLE_CHARS);
	facts->code = line_clean(call->arena, code, CODE_CHARS);
	facts->issuer = line_clean(call->arena, found ? issuer.name : here, NAME_CHARS);
	return (facts->title != NULL && facts->code != NULL && facts->issuer != NULL) ||
	    refuse(call, VOUCH__STATUS__OVERLOADED, "there is no memory for this at the moment");
}

/* A path with the id of a row of the call's issuer, as the API calls it. */
static const char *
path(struct call *call, const char *before, const char *uuid, const char *after)
{
	const char *here = call_issuer(call);
	const char *id = here[0] != '\0' ? id_join(call, here, uuid) : uuid;
	const char *text = id != NULL ? arena_printf(call->arena, "%s%s%s", before, id, after) : NULL;

	return text != NULL ? text : "/";
}

static const char *
event(struct call *call, const char *what, const char *id, int64_t version)
{
	const char *text = arena_printf(call->arena, "%s/%s/%" PRId64, what, id, version);

	return text != NULL ? text : call->key;
}

static struct notice
about(struct call *call, const char *kind, words_of *words, const char *name, const char *submission_id,
    const char *code)
{
	const char *id = id_join(call, call_issuer(call), submission_id);

	return (struct notice){.event = name,
		.kind = kind,
		.words = words,
		.link = path(call, "/submissions/", submission_id, ""),
		.submission_id = id != NULL ? id : "",
		.code = code};
}

/* The promise in the very words of every other place (N-2); "" when the days are not told. */
static const char *
clock_words(struct call *call, const Vouch__SubmissionReceived *req)
{
	struct review_promise promise = {.started_at = time_of(req->submitted_at),
		.due_at = time_of(req->due_at),
		.due_date = req->due_date,
		.time_zone = req->time_zone,
		.days = req->days,
		.n_days = req->n_days};
	const Vouch__ReviewClock *clock = req->n_days > 0 ?
	    review_clock(call, &promise, promise.started_at, 0, false) :
	    NULL;

	return clock != NULL && clock->sentence != NULL ? clock->sentence : "";
}

/* ---- submissions ------------------------------------------------------------------- */

bool
notifications_on_submission_received(
    struct call *call, const Vouch__SubmissionReceived *req, Vouch__Nothing *rep)
{
	struct notice receipt, pool;
	struct facts facts;

	(void)rep;
	if (!begin(call, req->title, req->code, &facts))
		return false;
	facts.clock = clock_words(call, req);
	facts.due_date = req->due_date;
	facts.zone = req->time_zone;
	facts.due_at = time_of(req->due_at);
	receipt = about(call, "submission_received", words_received,
	    event(call, "received", req->submission_id, req->version), req->submission_id, facts.code);
	pool = about(call, "pool_submission", words_pool,
	    event(call, "pool", req->submission_id, req->version), req->submission_id, facts.code);
	pool.link = "/queue";
	/* Blind review: assessors get the code and no way to the earner's page. */
	pool.submission_id = "";
	return notice_to(call, &receipt, &facts, req->earner_id) &&
	    notice_to_role(call, &pool, &facts, "assessor", req->earner_id, "");
}

bool
notifications_on_submission_withdrawn(
    struct call *call, const Vouch__SubmissionWithdrawn *req, Vouch__Nothing *rep)
{
	struct notice notice;
	struct facts facts;

	(void)rep;
	if (!begin(call, req->title, req->code, &facts))
		return false;
	notice = about(call, "submission_withdrawn", words_withdrawn,
	    event(call, "withdrawn", req->submission_id, req->version), req->submission_id, facts.code);
	return notice_to(call, &notice, &facts, req->earner_id);
}

bool
notifications_on_submission_in_review(
    struct call *call, const Vouch__SubmissionInReview *req, Vouch__Nothing *rep)
{
	struct notice notice;
	struct facts facts;

	(void)rep;
	if (!begin(call, req->title, req->code, &facts))
		return false;
	notice = about(call, "submission_in_review", words_in_review,
	    event(call, "in_review", req->submission_id, req->version), req->submission_id, facts.code);
	return notice_to(call, &notice, &facts, req->earner_id);
}

bool
notifications_on_submission_decided(
    struct call *call, const Vouch__SubmissionDecided *req, Vouch__Nothing *rep)
{
	struct notice notice;
	struct facts facts;

	(void)rep;
	if (!begin(call, req->title, req->code, &facts))
		return false;
	facts.awarded = req->outcome == VOUCH__OUTCOME__AWARDED;
	facts.late = req->late;
	notice = about(call, "decision", words_decided,
	    event(call, "decided", req->submission_id, req->version), req->submission_id, facts.code);
	notice.link = path(call, "/submissions/", req->submission_id, "/result");
	return notice_to(call, &notice, &facts, req->earner_id);
}

bool
notifications_on_credential_issued(struct call *call, const Vouch__CredentialIssued *req, Vouch__Nothing *rep)
{
	struct notice notice;
	struct facts facts;

	(void)rep;
	if (!begin(call, req->title, req->code, &facts))
		return false;
	notice = about(call, "credential_issued", words_issued, event(call, "issued", req->credential_id, 1),
	    req->submission_id, facts.code);
	notice.link = path(call, "/c/", req->credential_id, "");
	return notice_to(call, &notice, &facts, req->earner_id);
}

/* ---- the clock of a review (3.2, CLK-4) --------------------------------------------- */

static bool
tell_due(struct call *call, const Vouch__ClockStage *req, const struct facts *facts, struct notice *notice)
{
	notice->kind = "review_due";
	notice->words = words_due;
	if (req->assessor_id[0] != '\0')
		return notice_to(call, notice, facts, req->assessor_id);
	/* Nobody has it: that is the lead's to change. */
	notice->link = "/queue";
	return notice_to_role(call, notice, facts, "pool_lead", req->earner_id, "");
}

static bool
tell_overdue(
    struct call *call, const Vouch__ClockStage *req, const struct facts *facts, struct notice *notice)
{
	struct notice late = *notice;

	notice->kind = "review_overdue";
	notice->words = words_overdue;
	if (!notice_to(call, notice, facts, req->assessor_id))
		return false;
	notice->link = "/ops/overdue";
	if (!notice_to_role(call, notice, facts, "pool_lead", req->earner_id, req->assessor_id) ||
	    !notice_to_role(call, notice, facts, "ops", req->earner_id, req->assessor_id))
		return false;
	if (!facts->earner_told)
		return true;
	late = about(call, "result_late", words_late, late.event, req->submission_id, facts->code);
	return notice_to(call, &late, facts, req->earner_id);
}

bool
notifications_on_clock_stage(struct call *call, const Vouch__ClockStage *req, Vouch__Nothing *rep)
{
	bool overdue = strncmp(req->stage, "overdue_", 8) == 0;
	struct notice notice;
	struct facts facts;

	(void)rep;
	if (!overdue && strncmp(req->stage, "due_", 4) != 0)
		return true; /* a stage of a newer release */
	if (!begin(call, req->title, req->code, &facts))
		return false;
	facts.due_date = req->due_date;
	facts.zone = req->time_zone;
	facts.due_at = time_of(req->due_at);
	facts.days_left = req->business_days_left;
	facts.days_late = req->business_days_late;
	facts.earner_told = strcmp(req->stage, "overdue_1") == 0;
	notice = about(call, "", NULL,
	    arena_printf(call->arena, "clock/%s/%s", req->submission_id, req->stage), req->submission_id,
	    facts.code);
	if (notice.event == NULL)
		return refuse(call, VOUCH__STATUS__OVERLOADED, "there is no memory for this at the moment");
	notice.link = path(call, "/queue/", req->review_id, "");
	notice.submission_id = "";
	return overdue ? tell_overdue(call, req, &facts, &notice) : tell_due(call, req, &facts, &notice);
}

bool
notifications_on_review_escalated(struct call *call, const Vouch__ReviewEscalated *req, Vouch__Nothing *rep)
{
	struct notice notice;
	struct facts facts;

	(void)rep;
	if (!begin(call, req->title, req->code, &facts))
		return false;
	notice = about(call, "review_escalated", words_escalated,
	    event(call, "escalated", req->review_id, time_of(req->at)), req->submission_id, facts.code);
	notice.link = path(call, "/queue/", req->review_id, "");
	notice.submission_id = "";
	return notice_to(call, &notice, &facts, req->assessor_id) &&
	    notice_to_role(call, &notice, &facts, "pool_lead", "", req->assessor_id);
}

/* ---- the help desk, and identity ------------------------------------------------------ */

bool
notifications_on_ticket_answered(struct call *call, const Vouch__TicketAnswered *req, Vouch__Nothing *rep)
{
	struct notice notice;
	struct facts facts;

	(void)rep;
	if (!begin(call, req->subject, req->code, &facts))
		return false;
	notice = (struct notice){.event = event(call, "ticket", req->message_id, 1),
		.kind = "ticket_answered",
		.words = words_ticket,
		.link = path(call, "/help/tickets/", req->ticket_id, ""),
		.submission_id = "",
		.code = ""};
	return notice_to(call, &notice, &facts, req->requester_id);
}

bool
notifications_on_confirmation_asked(
    struct call *call, const Vouch__ConfirmationAsked *req, Vouch__Nothing *rep)
{
	/* Behind the #: browsers send that to no server, so the token is in no log and no referrer (P15). */
	const char *link = arena_printf(
	    call->arena, "%s#token=%s", req->reset ? "/reset" : "/confirm", req->token);
	struct notice notice = {.event = call->key,
		.kind = req->reset ? "password" : "confirmation",
		.words = req->reset ? words_password : words_confirmation,
		.link = link,
		.submission_id = "",
		.code = ""};
	struct facts facts;

	(void)rep;
	if (link == NULL)
		return refuse(call, VOUCH__STATUS__OVERLOADED, "there is no memory for this at the moment");
	if (!begin(call, "", "", &facts))
		return false;
	facts.expires_at = time_of(req->expires_at);
	return notice_link(call, &notice, &facts, req->account_id, req->email, req->name, facts.expires_at);
}
