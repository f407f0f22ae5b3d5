#include "record.h"

#include <string.h>

#include "calendar_message.h"
#include "db.h"
#include "id.h"
#include "known.h"
#include "promise.h"
#include "review_clock.h"

/*
 * The record first: what is written between the looks makes its version old, and a
 * change that compares it fails.
 */
bool
record_read(struct call *call, const char *id, Vouch__SubmissionRecord *record)
{
	const struct arg args[] = {TEXT("id", id), {.name = NULL}};

	vouch__submission_record__init(record);
	if (!db_with(call, "submission_read", NULL, args, &record->base, NULL) ||
	    !db_with(call, "submission_parts", NULL, args, &record->base, "parts") ||
	    !db_all(call, "submission_evidence", NULL, args, &record->base, "evidence"))
		return false;
	if (record->id[0] == '\0')
		return refuse(call, VOUCH__STATUS__NOT_FOUND, "there is no such record");
	return known_rules(call, record);
}

static bool
no_room(struct call *call)
{
	return refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
}

static bool
show_micro_credential(struct call *call, const Vouch__SubmissionRecord *record, Vouch__Submission *rep)
{
	Vouch__SubmissionMicroCredential *m = arena_alloc(call->arena, sizeof(*m));
	Vouch__IssuerRef *issuer = arena_alloc(call->arena, sizeof(*issuer));

	if (m == NULL || issuer == NULL)
		return no_room(call);
	vouch__issuer_ref__init(issuer);
	issuer->id = (char *)call_issuer(call);
	issuer->name = record->issuer_name;
	vouch__submission_micro_credential__init(m);
	m->id = id_join(call, call_issuer(call), record->micro_credential_id);
	m->title = record->document->title;
	m->version = record->micro_credential_version;
	m->issuer = issuer;
	rep->micro_credential = m;
	return m->id != NULL || no_room(call);
}

static const Vouch__PartText *
find_text(const Vouch__SubmissionRecord *record, const char *key)
{
	for (size_t i = 0; i < record->n_parts; i++)
		if (strcmp(record->parts[i]->key, key) == 0)
			return record->parts[i];
	return NULL;
}

/* In the order of the micro-credential, each with its bounds. */
static bool
show_parts(struct call *call, const Vouch__SubmissionRecord *record, Vouch__Submission *rep)
{
	const Vouch__MicroCredentialDocument *document = record->document;

	rep->parts = arena_alloc(call->arena, (document->n_parts + 1) * sizeof(*rep->parts));
	for (size_t i = 0; rep->parts != NULL && i < document->n_parts; i++) {
		const Vouch__Part *part = document->parts[i];
		const Vouch__PartText *text = find_text(record, part->key);
		Vouch__SubmissionPart *shown = arena_alloc(call->arena, sizeof(*shown));

		if (shown == NULL)
			return no_room(call);
		vouch__submission_part__init(shown);
		shown->key = part->key;
		shown->title = part->title;
		shown->min_words = part->min_words;
		shown->max_words = part->max_words;
		if (text != NULL) {
			shown->text = text->text;
			shown->version = text->version;
			shown->words = text->words;
		}
		rep->parts[rep->n_parts++] = shown;
	}
	return rep->parts != NULL || no_room(call);
}

/* How late it is, the issuer's calendar of today tells. */
static bool
find_calendar(struct call *call, const Vouch__SubmissionRecord *record, struct calendar *calendar)
{
	Vouch__SubmissionRecord current = *record;
	const char *why;

	return known_calendar(call, &current) && current.calendar != NULL &&
	    calendar_read(call->arena, current.calendar, NULL, calendar, &why);
}

static bool
show_clock(struct call *call, const Vouch__SubmissionRecord *record, Vouch__Submission *rep)
{
	int64_t withdrawn = time_of(record->withdrawn_at),
		ended = withdrawn != 0 ? withdrawn : time_of(record->decided_at);
	struct calendar calendar;
	struct review_promise promise = {
		.started_at = time_of(record->submitted_at),
		.due_at = time_of(record->due_at),
		.due_date = record->due_date,
		.time_zone = record->time_zone,
		.days = record->days,
		.n_days = record->n_days,
	};

	if (record->submitted_at == NULL)
		return true;
	if ((ended != 0 ? ended : call->now) >= promise.due_at && find_calendar(call, record, &calendar))
		promise.calendar = &calendar;
	if (call->status != VOUCH__STATUS__OK)
		return false;
	rep->review_clock = review_clock(call, &promise, call->now, ended, withdrawn != 0);
	return rep->review_clock != NULL || no_room(call);
}

bool
record_show(struct call *call, const Vouch__SubmissionRecord *record, Vouch__Submission *rep)
{
	rep->id = id_join(call, call_issuer(call), record->id);
	if (rep->id == NULL)
		return no_room(call);
	if (record->previous_id[0] != '\0' &&
	    (rep->previous_id = id_join(call, call_issuer(call), record->previous_id)) == NULL)
		return no_room(call);
	rep->code = record->code;
	rep->state = record->state;
	rep->version = record->version;
	rep->attempt = record->attempt;
	rep->n_evidence = record->n_evidence;
	rep->evidence = record->evidence;
	rep->declarations = record->declarations;
	rep->created_at = record->created_at;
	rep->changed_at = record->changed_at;
	rep->submitted_at = record->submitted_at;
	rep->due_at = record->due_at;
	rep->due_date = record->due_date;
	rep->time_zone = record->time_zone;
	rep->decision = record->decision;
	if (record->credential_id[0] != '\0' &&
	    (rep->credential_id = id_join(call, call_issuer(call), record->credential_id)) == NULL)
		return no_room(call);
	return show_micro_credential(call, record, rep) && show_parts(call, record, rep) &&
	    show_clock(call, record, rep);
}

bool
record_answer(struct call *call, const char *id, Vouch__Submission *rep)
{
	Vouch__SubmissionRecord record;

	return record_read(call, id, &record) && record_show(call, &record, rep);
}

struct draft
record_draft(const struct call *call, const Vouch__SubmissionRecord *record)
{
	return (struct draft){
		.document = record->document,
		.intake = record->intake,
		.attempt = record->attempt,
		.now = call->now,
		.parts = record->parts,
		.n_parts = record->n_parts,
		.evidence = record->evidence,
		.n_evidence = record->n_evidence,
		.declarations = record->declarations,
	};
}

const char *
record_state_word(Vouch__Submission__State state)
{
	switch (state) {
	case VOUCH__SUBMISSION__STATE__DRAFT:
		return "a draft";
	case VOUCH__SUBMISSION__STATE__SUBMITTED:
		return "handed in";
	case VOUCH__SUBMISSION__STATE__IN_REVIEW:
		return "in review";
	case VOUCH__SUBMISSION__STATE__AWARDED:
		return "awarded";
	case VOUCH__SUBMISSION__STATE__DENIED:
		return "denied";
	case VOUCH__SUBMISSION__STATE__WITHDRAWN:
		return "withdrawn";
	default:
		return "gone";
	}
}

bool
record_refuse(struct call *call, const char *id)
{
	Vouch__SubmissionRecord now = VOUCH__SUBMISSION_RECORD__INIT;

	if (!db_one(call, "submission_state", NULL, ARGS(TEXT("id", id)), &now.base))
		return false;
	return refuse(call, VOUCH__STATUS__CONFLICT, "%s is %s; only a draft can be changed", now.code,
	    record_state_word(now.state));
}

bool
record_touch(struct call *call, const char *id)
{
	bool is_draft;

	if (!db_maybe(call, "draft_touch", NULL, ARGS(TEXT("id", id)), NULL, &is_draft))
		return false;
	return is_draft || record_refuse(call, id);
}
