/* Handing in, taking back, trying again. */
#include <string.h>

#include "db.h"
#include "id.h"
#include "known.h"
#include "log.h"
#include "outbox.h"
#include "promise.h"
#include "record.h"
#include "shared.h"
#include "submission.rpc.h"

enum { SUBMIT_TRIES = 3, CODE_TRIES = 3, COPIES_MAX = 100 };

/* ---- checks ---------------------------------------------------------------------- */

static bool
list_findings(struct call *call, const struct findings *found, Vouch__CheckList *rep)
{
	rep->ready = found->n_blocks == 0;
	rep->checked_at = time_new(call, call->now);
	rep->items = arena_alloc(call->arena, (found->n + 1) * sizeof(*rep->items));
	for (size_t i = 0; rep->items != NULL && i < found->n; i++) {
		const struct finding *f = &found->list[i];
		Vouch__Check *item = arena_alloc(call->arena, sizeof(*item));

		if (item == NULL)
			return false;
		vouch__check__init(item);
		item->rule = (char *)f->rule;
		item->severity = (Vouch__Check__Severity)f->severity;
		item->message = (char *)f->message;
		item->part = f->part != NULL ? (char *)f->part : item->part;
		item->evidence_id = f->evidence_id != NULL ? (char *)f->evidence_id : item->evidence_id;
		item->excerpt = f->excerpt != NULL ? (char *)f->excerpt : item->excerpt;
		item->field = f->field != NULL ? (char *)f->field : item->field;
		rep->items[rep->n_items++] = item;
	}
	return rep->items != NULL && rep->checked_at != NULL;
}

bool
submissions_checks(struct call *call, const Vouch__GetSubmission *req, Vouch__CheckList *rep)
{
	struct findings found = {.arena = call->arena};
	Vouch__SubmissionRecord record;
	struct draft draft;

	if (!record_read(call, req->id, &record))
		return false;
	if (record.state != VOUCH__SUBMISSION__STATE__DRAFT)
		return refuse(call, VOUCH__STATUS__CONFLICT, "%s is %s; only a draft is checked", record.code,
		    record_state_word(record.state));
	draft = record_draft(call, &record);
	return (checks_run(&draft, &found) && list_findings(call, &found, rep)) ||
	    refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
}

/* ---- submit ---------------------------------------------------------------------- */

/* Not a draft: the same receipt again, so that nobody is left in doubt by a second click. */
static bool
refuse_again(struct call *call, const Vouch__SubmissionRecord *record, Vouch__Receipt *rep)
{
	rep->id = id_join(call, call_issuer(call), record->id);
	if (rep->id == NULL)
		return refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
	rep->code = record->code;
	rep->state = record->state;
	rep->submitted_at = record->submitted_at;
	rep->due_at = record->due_at;
	rep->due_date = record->due_date;
	rep->time_zone = record->time_zone;
	rep->attempt = record->attempt;
	return refuse_with_current(call, VOUCH__STATUS__CONFLICT, "%s is %s already", record->code,
	    record_state_word(record->state));
}

/* One error for each finding that blocks: everything at once (SUB-1). */
static bool
is_ready(struct call *call, const Vouch__SubmissionRecord *record)
{
	struct findings found = {.arena = call->arena};
	struct draft draft = record_draft(call, record);

	if (strcmp(record->intake, "published") != 0)
		return refuse(call, VOUCH__STATUS__CONFLICT,
		    "this micro-credential is %s and takes no submissions", record->intake);
	if (!checks_run_blocking(&draft, &found))
		return refuse(call, VOUCH__STATUS__INTERNAL, "a defect on our side");
	if (found.n_blocks == 0)
		return true;
	refuse(call, VOUCH__STATUS__INVALID,
	    found.n_blocks == 1 ? "%zu check stands in the way" : "%zu checks stand in the way",
	    found.n_blocks);
	for (size_t i = 0; i < found.n; i++)
		if (found.list[i].severity == BLOCKS)
			refuse_field(
			    call, found.list[i].field, found.list[i].rule, "%s", found.list[i].message);
	return false;
}

/* What is kept of a promise (known.h): its texts and days are PROMISE's own. */
static Vouch__KeptPromise
kept_of(struct promise *promise)
{
	Vouch__KeptPromise kept = VOUCH__KEPT_PROMISE__INIT;

	kept.from = promise->from;
	kept.until = promise->until;
	kept.due_at = promise->due_at;
	kept.due_date = promise->due_date;
	kept.time_zone = promise->time_zone;
	kept.calendar_version = promise->calendar_version;
	kept.days = promise->days;
	kept.n_days = promise->n_days;
	kept.days_json = promise->days_json;
	return kept;
}

/* The promise that was made under NAME a moment ago, if it holds for now as well. */
static bool
find_promise(struct call *call, const char *name, struct promise *out)
{
	const Vouch__KeptPromise *kept = (const Vouch__KeptPromise *)known_find(
	    shared_of(call)->known, call, name, &vouch__kept_promise__descriptor);

	if (kept == NULL || call->now < kept->from || call->now >= kept->until ||
	    strlen(kept->due_date) >= sizeof(out->due_date))
		return false;
	*out = (struct promise){.due_at = kept->due_at,
		.time_zone = kept->time_zone,
		.calendar_version = kept->calendar_version,
		.days = kept->days,
		.n_days = kept->n_days,
		.days_json = kept->days_json};
	memcpy(out->due_date, kept->due_date, strlen(kept->due_date) + 1);
	return true;
}

static bool
promise(struct call *call, Vouch__SubmissionRecord *record, struct promise *out)
{
	char *name = arena_printf(
	    call->arena, "%s %lld promise", call_issuer(call), (long long)record->issuer_version);
	const Vouch__IssuerCalendar *calendar;
	Vouch__KeptPromise kept;
	const char *why = "";

	if (name == NULL)
		return refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
	if (find_promise(call, name, out))
		return true;
	if (!known_calendar(call, record))
		return false;
	calendar = record->calendar;
	if (calendar == NULL)
		return refuse(call, VOUCH__STATUS__UNAVAILABLE,
		    "the issuer's calendar is not known yet; please try again");
	if (promise_make(call->arena, calendar, call->now, out, &why) && promise_write(call->arena, out)) {
		kept = kept_of(out);
		known_keep(shared_of(call)->known, call, name, &kept.base);
		return true;
	}
	log_error("submission: no due date in the calendar of %s: %s", call_issuer(call), why);
	return refuse(call, VOUCH__STATUS__INTERNAL, "a defect on our side");
}

/* The fact, with everything that a review needs. */
static Vouch__SubmissionReceived
received(const struct call *call, const Vouch__SubmissionRecord *record, const struct promise *promised)
{
	Vouch__SubmissionReceived event = VOUCH__SUBMISSION_RECEIVED__INIT;

	event.submission_id = record->id;
	event.version = record->version + 1;
	event.code = record->code;
	event.earner_id = (char *)call_account(call);
	event.micro_credential_id = record->micro_credential_id;
	event.micro_credential_version = record->micro_credential_version;
	event.title = record->document->title;
	event.attempt = record->attempt;
	event.previous_id = record->previous_id;
	event.parts = record->parts;
	event.n_parts = record->n_parts;
	event.evidence = record->evidence;
	event.n_evidence = record->n_evidence;
	event.declarations = record->declarations;
	event.due_date = (char *)promised->due_date;
	event.time_zone = promised->time_zone;
	event.calendar_version = promised->calendar_version;
	event.days = promised->days;
	event.n_days = promised->n_days;
	return event;
}

bool
submissions_submit(struct call *call, const Vouch__SubmitSubmission *req, Vouch__Receipt *rep)
{
	for (int i = 0; i < SUBMIT_TRIES; i++) {
		Vouch__SubmissionRecord record;
		Vouch__SubmissionReceived event;
		struct promise promised = {0};
		bool is_frozen;

		if (!record_read(call, req->id, &record))
			return false;
		if (record.state != VOUCH__SUBMISSION__STATE__DRAFT)
			return refuse_again(call, &record, rep);
		if (!is_ready(call, &record) || !promise(call, &record, &promised))
			return false;
		event = received(call, &record, &promised);
		event.submitted_at = time_new(call, call->now);
		event.due_at = time_new(call, promised.due_at);
		if (!db_maybe(call, "submission_submit", &event.base,
			ARGS(TEXT("id", record.id), INT("version", record.version),
			    TEXT("days", promised.days_json)),
			&rep->base, &is_frozen))
			return false;
		if (is_frozen)
			return announce(call, &event.base);
		/* It was written between the look and the freeze: look again. */
	}
	return refuse(call, VOUCH__STATUS__UNAVAILABLE, "the draft is being written; please try again");
}

/* ---- withdraw -------------------------------------------------------------------- */

bool
submissions_withdraw(struct call *call, const Vouch__WithdrawSubmission *req, Vouch__Submission *rep)
{
	Vouch__SubmissionWithdrawn event = VOUCH__SUBMISSION_WITHDRAWN__INIT;
	Vouch__SubmissionRecord taken = VOUCH__SUBMISSION_RECORD__INIT;
	bool done;

	if (!db_maybe(call, "submission_withdraw", &req->base, NULL, &taken.base, &done))
		return false;
	if (!done) {
		if (!db_one(call, "submission_state", NULL, ARGS(TEXT("id", req->id)), &taken.base))
			return false;
		return refuse(call, VOUCH__STATUS__CONFLICT,
		    taken.state == VOUCH__SUBMISSION__STATE__IN_REVIEW ?
			"%s is %s: an assessor has begun, so it cannot be taken back" :
			"%s is %s; only work that waits for review can be taken back",
		    taken.code, record_state_word(taken.state));
	}
	event.submission_id = taken.id;
	event.version = taken.version;
	event.code = taken.code;
	event.earner_id = (char *)call_account(call);
	event.title = taken.title;
	event.withdrawn_at = taken.withdrawn_at;
	return announce(call, &event.base) && record_answer(call, req->id, rep);
}

/* ---- resubmission ---------------------------------------------------------------- */

/* May a new attempt start from RECORD (SUB-5)? */
static bool
may_resubmit(struct call *call, const Vouch__SubmissionRecord *record)
{
	const Vouch__MicroCredentialDocument *document = record->document;

	if (record->state != VOUCH__SUBMISSION__STATE__DENIED)
		return refuse(call, VOUCH__STATUS__CONFLICT, "%s is %s; only denied work is resubmitted",
		    record->code, record_state_word(record->state));
	if (strcmp(record->intake, "published") != 0)
		return refuse(call, VOUCH__STATUS__CONFLICT,
		    "this micro-credential is %s and takes no new work", record->intake);
	if (document->resubmission_policy == VOUCH__RESUBMISSION_POLICY__LIMITED &&
	    record->attempt > document->resubmission_limit)
		return refuse(call, VOUCH__STATUS__CONFLICT,
		    "this micro-credential allows %d %s, and all are used", document->resubmission_limit,
		    document->resubmission_limit == 1 ? "resubmission" : "resubmissions");
	return true;
}

/* Nothing was opened, though it may be: a later attempt exists. */
static bool
refuse_resubmission(struct call *call, const Vouch__SubmissionRecord *record, Vouch__Submission *rep)
{
	Vouch__SubmissionRecord newest = VOUCH__SUBMISSION_RECORD__INIT;

	if (!db_one(call, "draft_in_the_way", NULL,
		ARGS(TEXT("micro_credential_id", record->micro_credential_id)), &newest.base))
		return false;
	if (strcmp(newest.id, record->id) == 0)
		return refuse(call, VOUCH__STATUS__UNAVAILABLE, "please try again");
	return record_answer(call, newest.id, rep) &&
	    refuse_with_current(call, VOUCH__STATUS__CONFLICT,
		"there is a later attempt already: %s (%s) is %s", newest.code, rep->id,
		record_state_word(newest.state));
}

/* As many ids as the old attempt has pieces of evidence. */
static bool
copy_evidence(struct call *call, const char *from, const char *to, size_t n)
{
	char *ids[COPIES_MAX];

	n = n < COPIES_MAX ? n : COPIES_MAX;
	for (size_t i = 0; i < n; i++)
		if ((ids[i] = id_new(call)) == NULL)
			return refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
	return db_do(
	    call, "evidence_copy", NULL, ARGS(TEXT("id", to), TEXT("previous", from), LIST("ids", ids, n)));
}

bool
submissions_resubmit(struct call *call, const Vouch__GetSubmission *req, Vouch__Submission *rep)
{
	char *id = id_new(call), code[CODE_SIZE];
	Vouch__SubmissionRecord old;

	if (!record_read(call, req->id, &old) || !may_resubmit(call, &old))
		return false;
	for (int i = 0; i < CODE_TRIES; i++) {
		bool opened;

		code_new(code);
		if (!db_maybe(call, "resubmission_open", NULL,
			ARGS(TEXT("id", old.id), TEXT("new_id", id), TEXT("code", code)), NULL, &opened))
			return false;
		if (opened)
			return db_do(call, "draft_parts", NULL,
				   ARGS(TEXT("id", id), TEXT("previous", old.id))) &&
			    copy_evidence(call, old.id, id, old.n_evidence) && record_answer(call, id, rep);
	}
	return refuse_resubmission(call, &old, rep);
}
