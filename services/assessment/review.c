#include "review.h"

#include <ctype.h>
#include <string.h>

#include "calendar_message.h"
#include "db.h"
#include "id.h"
#include "instant.h"
#include "log.h"
#include "review_clock.h"
#include "rubric.h"
#include "zone.h"

enum { EXTENSION_MAX = 8 };

static bool
is_word(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static bool
full(struct call *call)
{
	return refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
}

bool
review_calendar(
    struct call *call, const Vouch__ReviewIssuer *issuer, const char *time_zone, struct calendar *calendar)
{
	const char *why;

	if (calendar_read(call->arena, issuer->calendar, time_zone, calendar, &why))
		return true;
	log_error("assessment: the calendar of %s: %s", issuer->issuer_id, why);
	return refuse(call, VOUCH__STATUS__INTERNAL, "a defect on our side");
}

bool
review_promise_of(struct call *call, const Vouch__ReviewIssuer *issuer, const char *time_zone,
    const char *due_date, int64_t due_at, struct stage_promise *promise)
{
	promise->due_at = due_at;
	if (!date_parse(due_date, &promise->due_day))
		return refuse(call, VOUCH__STATUS__INTERNAL, "a defect on our side");
	return review_calendar(call, issuer, time_zone, &promise->calendar);
}

bool
review_days_left(struct call *call, const Vouch__ReviewRecord *record, const Vouch__ReviewIssuer *issuer,
    int64_t at, int32_t *days)
{
	struct calendar_distance distance;
	struct stage_promise promise;
	const char *why;

	if (!review_promise_of(
		call, issuer, record->time_zone, record->due_date, time_of(record->due_at), &promise))
		return false;
	if (!calendar_days_between(&promise.calendar, at, promise.due_day, &distance, &why)) {
		log_error("assessment: the days of a review: %s", why);
		return refuse(call, VOUCH__STATUS__INTERNAL, "a defect on our side");
	}
	*days = distance.is_late ? -distance.days : distance.days;
	return true;
}

bool
review_age(struct call *call, const struct calendar *calendar, int64_t since, int32_t *days)
{
	struct zone *zone = zone_open(calendar->zone);
	struct calendar_distance distance = {0};
	const char *why = "the time zone is not known";
	bool ok = zone != NULL &&
	    calendar_days_between(calendar, call->now, zone_day(zone, since), &distance, &why);

	zone_close(zone);
	if (!ok) {
		log_error("assessment: the age of a review: %s", why);
		return refuse(call, VOUCH__STATUS__INTERNAL, "a defect on our side");
	}
	*days = distance.is_late ? distance.days : 0;
	return true;
}

bool
review_is_open(const Vouch__ReviewRecord *record)
{
	return is_word(record->state, "queued") || is_word(record->state, "in_review");
}

Vouch__ReviewMicroCredential *
review_micro_credential(
    struct call *call, const Vouch__ReviewRecord *record, const Vouch__ReviewIssuer *issuer)
{
	Vouch__ReviewMicroCredential *mc = arena_alloc(call->arena, sizeof(*mc));
	Vouch__IssuerRef *ref = arena_alloc(call->arena, sizeof(*ref));

	if (mc == NULL || ref == NULL)
		return NULL;
	vouch__review_micro_credential__init(mc);
	vouch__issuer_ref__init(ref);
	ref->id = record->issuer_id;
	ref->name = issuer->name;
	mc->issuer = ref;
	mc->id = id_join(call, record->issuer_id, record->micro_credential_id);
	mc->title = record->title;
	mc->version = record->micro_credential_version;
	if (record->document != NULL) {
		mc->collaboration_policy = record->document->collaboration_policy;
		mc->ai_policy = record->document->ai_policy;
	}
	return mc->id != NULL ? mc : NULL;
}

/* Does the caller lead in the issuer of the row? A call across issuers has grants for several. */
static bool
leads(const struct call *call, const char *issuer_id)
{
	const Vouch__Caller *c = call->caller;

	for (size_t i = 0; i < c->n_grants; i++) {
		const Vouch__Grant *g = c->grants[i];

		if ((g->role == VOUCH__ROLE__POOL_LEAD || g->role == VOUCH__ROLE__OPS) &&
		    (is_word(g->issuer_id, "*") || is_word(g->issuer_id, issuer_id)))
			return true;
	}
	return false;
}

char *
review_assignee(struct call *call, const Vouch__ReviewRecord *record)
{
	if (record->assignee_id[0] == '\0')
		return (char *)"";
	if (is_word(record->assignee_id, call_account(call)))
		return (char *)"me";
	return leads(call, record->issuer_id) ? record->assignee_id : (char *)"other";
}

bool
review_row(struct call *call, const Vouch__ReviewRecord *record, const Vouch__ReviewIssuer *issuer,
    Vouch__ReviewRow *row)
{
	row->id = id_join(call, record->issuer_id, record->id);
	row->micro_credential = review_micro_credential(call, record, issuer);
	if (row->id == NULL || row->micro_credential == NULL)
		return full(call);
	row->submission_code = record->code;
	row->state = record->state;
	row->due_at = record->due_at;
	row->due_date = record->due_date;
	row->time_zone = record->time_zone;
	row->assignee = review_assignee(call, record);
	row->attempt = record->attempt;
	row->overdue = review_is_open(record) && time_of(record->due_at) <= call->now;
	row->escalated = record->escalated_at != NULL;
	row->version = record->version;
	row->submitted_at = record->submitted_at;
	return review_days_left(call, record, issuer,
	    record->ended_at != NULL ? time_of(record->ended_at) : call->now, &row->business_days_left);
}

static const Vouch__Part *
part_of(const Vouch__MicroCredentialDocument *document, const char *key)
{
	for (size_t i = 0; document != NULL && i < document->n_parts; i++)
		if (is_word(document->parts[i]->key, key))
			return document->parts[i];
	return NULL;
}

static bool
show_parts(struct call *call, const Vouch__ReviewRecord *record, Vouch__Review *rep)
{
	rep->parts = arena_alloc(call->arena, (record->n_parts + 1) * sizeof(*rep->parts));
	for (size_t i = 0; rep->parts != NULL && i < record->n_parts; i++) {
		Vouch__ReviewPart *part = arena_alloc(call->arena, sizeof(*part));
		const Vouch__Part *asked = part_of(record->document, record->parts[i]->key);

		if (part == NULL)
			return full(call);
		vouch__review_part__init(part);
		part->key = record->parts[i]->key;
		part->title = asked != NULL ? asked->title : part->key;
		part->text = record->parts[i]->text;
		part->words = record->parts[i]->words;
		rep->parts[rep->n_parts++] = part;
	}
	return rep->parts != NULL || full(call);
}

static bool
show_rubric(struct call *call, const Vouch__MicroCredentialDocument *document, Vouch__Review *rep)
{
	size_t n = document != NULL ? document->n_parts : 0;
	Vouch__ReviewRubric *rubric = arena_alloc(call->arena, sizeof(*rubric));

	if (rubric == NULL)
		return full(call);
	vouch__review_rubric__init(rubric);
	rubric->parts = arena_alloc(call->arena, (n + 1) * sizeof(*rubric->parts));
	for (size_t i = 0; rubric->parts != NULL && i < n; i++) {
		const Vouch__Part *part = document->parts[i];
		Vouch__PartRubric *own = arena_alloc(call->arena, sizeof(*own));

		if (own == NULL)
			return full(call);
		vouch__part_rubric__init(own);
		own->part = part->key;
		own->title = part->title;
		own->criteria = part->rubric != NULL ? part->rubric->criteria : NULL;
		own->n_criteria = part->rubric != NULL ? part->rubric->n_criteria : 0;
		rubric->parts[rubric->n_parts++] = own;
	}
	rep->rubric = rubric;
	return rubric->parts != NULL || full(call);
}

char *
review_blind_name(struct call *call, const Vouch__Evidence *evidence, size_t i)
{
	const char *dot = strrchr(evidence->file_name, '.');
	size_t n = 0;

	while (dot != NULL && isalnum((unsigned char)dot[n + 1]))
		n++;
	/* What is no plain extension may be a name. */
	if (dot == NULL || dot == evidence->file_name || dot[n + 1] != '\0' || n > EXTENSION_MAX)
		n = 0;
	return arena_printf(
	    call->arena, "evidence-%zu%s%.*s", i + 1, n > 0 ? "." : "", (int)n, n > 0 ? dot + 1 : "");
}

/* The evidence without what only machines need, and without names where the review is blind. */
static bool
show_evidence(struct call *call, const Vouch__ReviewRecord *record, bool blind, Vouch__Review *rep)
{
	rep->evidence = arena_alloc(call->arena, (record->n_evidence + 1) * sizeof(*rep->evidence));
	for (size_t i = 0; rep->evidence != NULL && i < record->n_evidence; i++) {
		Vouch__Evidence *evidence = arena_alloc(call->arena, sizeof(*evidence));

		if (evidence == NULL)
			return full(call);
		*evidence = *record->evidence[i];
		evidence->sha256 = (char *)"";
		if (blind)
			evidence->file_name = (char *)"";
		rep->evidence[rep->n_evidence++] = evidence;
	}
	return rep->evidence != NULL || full(call);
}

/* What the earner declared; where the review is blind without who the partners are (ASM-3). */
static bool
show_declarations(struct call *call, const Vouch__ReviewRecord *record, bool blind, Vouch__Review *rep)
{
	const Vouch__Declarations *declared = record->declarations;
	size_t n = declared != NULL && declared->collaboration != NULL ? declared->collaboration->n_partners :
									 0;
	Vouch__Declarations *shown = arena_alloc(call->arena, sizeof(*shown));
	Vouch__CollaborationDeclaration *collaboration = arena_alloc(call->arena, sizeof(*collaboration));
	Vouch__Partner **partners = arena_alloc(call->arena, (n + 1) * sizeof(Vouch__Partner *));

	rep->declarations = record->declarations;
	if (!blind || n == 0)
		return true;
	if (shown == NULL || collaboration == NULL || partners == NULL)
		return full(call);
	*shown = *declared;
	*collaboration = *declared->collaboration;
	shown->collaboration = collaboration;
	collaboration->partners = partners;
	for (size_t i = 0; i < n; i++) {
		partners[i] = arena_alloc(call->arena, sizeof(Vouch__Partner));
		if (partners[i] == NULL)
			return full(call);
		*partners[i] = *declared->collaboration->partners[i];
		partners[i]->name = arena_printf(call->arena, "Partner %zu", i + 1);
		partners[i]->email = (char *)"";
	}
	rep->declarations = shown;
	return true;
}

bool
review_show(struct call *call, const Vouch__ReviewRecord *record, const Vouch__ReviewIssuer *issuer,
    Vouch__Review *rep)
{
	struct review_promise promise = {.started_at = time_of(record->submitted_at),
		.due_at = time_of(record->due_at),
		.due_date = record->due_date,
		.time_zone = record->time_zone,
		.days = record->days,
		.n_days = record->n_days};
	Vouch__ReviewRow row = VOUCH__REVIEW_ROW__INIT;

	if (!review_row(call, record, issuer, &row))
		return false;
	rep->id = row.id;
	rep->submission_code = row.submission_code;
	rep->micro_credential = row.micro_credential;
	rep->state = row.state;
	rep->due_at = row.due_at;
	rep->due_date = row.due_date;
	rep->time_zone = row.time_zone;
	rep->business_days_left = row.business_days_left;
	rep->assignee = row.assignee;
	rep->attempt = row.attempt;
	rep->overdue = row.overdue;
	rep->escalated = row.escalated;
	rep->version = row.version;
	rep->submitted_at = row.submitted_at;
	if (!issuer->blind_review)
		rep->earner_name = record->earner_name;
	rep->scores = record->scores;
	rep->n_scores = record->n_scores;
	rep->feedback = record->feedback;
	rep->n_feedback = record->n_feedback;
	rep->decision = record->decision;
	if (record->document != NULL)
		rep->rubric_outcome = rubric_outcome(record->document, record->scores, record->n_scores);
	rep->review_clock = review_clock(
	    call, &promise, call->now, time_of(record->ended_at), is_word(record->state, "cancelled"));
	return (rep->review_clock != NULL || full(call)) && show_parts(call, record, rep) &&
	    show_evidence(call, record, issuer->blind_review, rep) &&
	    show_declarations(call, record, issuer->blind_review, rep) &&
	    show_rubric(call, record->document, rep);
}
