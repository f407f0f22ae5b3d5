#include <stdio.h>
#include <string.h>

#include "assessment.rpc.h"
#include "db.h"
#include "outbox.h"
#include "review.h"
#include "rubric.h"

static bool
is_lead(const struct call *call)
{
	return call_has_role(call, VOUCH__ROLE__POOL_LEAD);
}

static bool
is_holder(const struct call *call, const Vouch__ReviewRecord *record)
{
	return strcmp(record->assignee_id, call_account(call)) == 0;
}

static bool
is_state(const Vouch__ReviewRecord *record, const char *state)
{
	return strcmp(record->state, state) == 0;
}

/* Reads a review; ANY: also one that somebody else has. */
static bool
read_review(
    struct call *call, const char *id, bool any, Vouch__ReviewRecord *record, Vouch__ReviewIssuer *issuer)
{
	return db_one(call, "review_get", NULL, ARGS(TEXT("id", id), BOOL("any", any)), &record->base) &&
	    db_one(call, "issuer_get", NULL, NULL, &issuer->base);
}

/* The same, and nobody else changes it until this call has ended. */
static bool
hold_review(
    struct call *call, const char *id, bool any, Vouch__ReviewRecord *record, Vouch__ReviewIssuer *issuer)
{
	return db_do(call, "review_lock", NULL, ARGS(TEXT("id", id))) &&
	    read_review(call, id, any, record, issuer);
}

/* Only who has a review works on it, and only until it is decided. */
static bool
holder_only(struct call *call, const Vouch__ReviewRecord *record)
{
	if (is_state(record, "decided"))
		return refuse(call, VOUCH__STATUS__CONFLICT, "the review is decided; a decision is final");
	if (is_state(record, "cancelled"))
		return refuse(
		    call, VOUCH__STATUS__CONFLICT, "the work was taken back; the review is cancelled");
	if (is_state(record, "queued"))
		return refuse(call, VOUCH__STATUS__CONFLICT, "claim the review first");
	return is_holder(call, record) ||
	    refuse(call, VOUCH__STATUS__CONFLICT, "another assessor has this review");
}

static bool
announce_change(struct call *call, const Vouch__ReviewRecord *record)
{
	Vouch__ReviewChanged changed = VOUCH__REVIEW_CHANGED__INIT;

	changed.submission_id = record->submission_id;
	changed.version = record->version;
	changed.review_id = record->id;
	changed.state = record->state;
	changed.code = record->code;
	return announce(call, &changed.base);
}

bool
reviews_get(struct call *call, const Vouch__GetReview *req, Vouch__Review *rep)
{
	Vouch__ReviewRecord record = VOUCH__REVIEW_RECORD__INIT;
	Vouch__ReviewIssuer issuer = VOUCH__REVIEW_ISSUER__INIT;

	return read_review(call, req->id, is_lead(call), &record, &issuer) &&
	    review_show(call, &record, &issuer, rep);
}

bool
reviews_claim(struct call *call, const Vouch__GetReview *req, Vouch__Review *rep)
{
	Vouch__ReviewRecord record = VOUCH__REVIEW_RECORD__INIT;
	Vouch__ReviewIssuer issuer = VOUCH__REVIEW_ISSUER__INIT;

	if (!hold_review(call, req->id, true, &record, &issuer))
		return false;
	if (!is_state(&record, "queued")) /* to take what one has is no mistake */
		return holder_only(call, &record) && review_show(call, &record, &issuer, rep);
	return db_one(call, "review_claim", NULL, ARGS(TEXT("id", req->id)), &record.base) &&
	    announce_change(call, &record) && review_show(call, &record, &issuer, rep);
}

/* May the caller give RECORD back? The one who has it, or a lead. */
static bool
may_release(struct call *call, const Vouch__ReviewRecord *record)
{
	return (is_state(record, "in_review") && is_lead(call)) || holder_only(call, record);
}

static bool
release(struct call *call, const char *id, Vouch__ReviewRecord *record)
{
	record->assignee_id = (char *)"";
	return db_one(call, "review_release", NULL, ARGS(TEXT("id", id)), &record->base) &&
	    announce_change(call, record);
}

bool
reviews_release(struct call *call, const Vouch__GetReview *req, Vouch__Review *rep)
{
	Vouch__ReviewRecord record = VOUCH__REVIEW_RECORD__INIT;
	Vouch__ReviewIssuer issuer = VOUCH__REVIEW_ISSUER__INIT;

	return hold_review(call, req->id, is_lead(call), &record, &issuer) && may_release(call, &record) &&
	    release(call, req->id, &record) && review_show(call, &record, &issuer, rep);
}

bool
reviews_recuse(struct call *call, const Vouch__RecuseReview *req, Vouch__Review *rep)
{
	Vouch__ReviewRecord record = VOUCH__REVIEW_RECORD__INIT;
	Vouch__ReviewIssuer issuer = VOUCH__REVIEW_ISSUER__INIT;

	if (!hold_review(call, req->id, is_lead(call), &record, &issuer) || !may_release(call, &record))
		return false;
	/* A lead who sees a conflict keeps the review from its holder, not from themselves. */
	return db_do(call, "recusal_add", &req->base, ARGS(TEXT("who", record.assignee_id))) &&
	    release(call, req->id, &record) && review_show(call, &record, &issuer, rep);
}

/* Each score names a criterion of the rubric once, and one of its levels. */
static bool
check_scores(
    struct call *call, const Vouch__MicroCredentialDocument *document, Vouch__Score *const *scores, size_t n)
{
	bool ok = true;

	for (size_t i = 0; i < n; i++) {
		struct rubric_place place;
		char field[64];

		snprintf(field, sizeof(field), "scores[%zu].criterionId", i);
		if (!rubric_find(document, scores[i]->criterion_id, &place)) {
			ok = refuse_field(call, field, "criterion", "is no criterion of the rubric");
			continue;
		}
		for (size_t j = 0; j < i; j++)
			if (strcmp(scores[j]->criterion_id, scores[i]->criterion_id) == 0) {
				ok = refuse_field(call, field, "unique", "has a level already");
				break;
			}
		snprintf(field, sizeof(field), "scores[%zu].levelId", i);
		if (rubric_level(place.criterion, scores[i]->level_id) == NULL)
			ok = refuse_field(call, field, "level", "is no level of this criterion");
	}
	return ok;
}

static bool
check_feedback(struct call *call, const Vouch__MicroCredentialDocument *document,
    Vouch__Feedback *const *feedback, size_t n)
{
	bool ok = true;

	for (size_t i = 0; i < n; i++) {
		struct rubric_place place;
		bool is_part = feedback[i]->part[0] == '\0';
		char field[64];

		for (size_t p = 0; !is_part && p < document->n_parts; p++)
			is_part = strcmp(document->parts[p]->key, feedback[i]->part) == 0;
		if (!is_part) {
			snprintf(field, sizeof(field), "feedback[%zu].part", i);
			ok = refuse_field(call, field, "part", "is no part of this micro-credential");
		}
		if (feedback[i]->criterion_id[0] != '\0' &&
		    !rubric_find(document, feedback[i]->criterion_id, &place)) {
			snprintf(field, sizeof(field), "feedback[%zu].criterionId", i);
			ok = refuse_field(call, field, "criterion", "is no criterion of the rubric");
		}
	}
	return ok;
}

bool
reviews_score(struct call *call, const Vouch__ScoreReview *req, Vouch__Review *rep)
{
	Vouch__ReviewRecord record = VOUCH__REVIEW_RECORD__INIT;
	Vouch__ReviewIssuer issuer = VOUCH__REVIEW_ISSUER__INIT;

	if (!hold_review(call, req->id, is_lead(call), &record, &issuer) || !holder_only(call, &record))
		return false;
	if (req->if_match != record.version) {
		review_show(call, &record, &issuer, rep);
		return refuse_with_current(call, VOUCH__STATUS__STALE, "the review was changed meanwhile");
	}
	bool scores_fit = check_scores(call, record.document, req->scores, req->n_scores);
	if (!check_feedback(call, record.document, req->feedback, req->n_feedback) || !scores_fit)
		return false;

	record.scores = req->scores;
	record.n_scores = req->n_scores;
	record.feedback = req->feedback;
	record.n_feedback = req->n_feedback;
	return db_one(call, "review_score", &req->base, NULL, &record.base) &&
	    review_show(call, &record, &issuer, rep);
}

/* Refuses a decision that the rubric's rule does not bear (CAT-6, ASM-4); every reason is told. */
static bool
check_decision(struct call *call, const Vouch__ReviewRecord *record, Vouch__Outcome outcome)
{
	struct rubric_place places[RUBRIC_MAX];
	size_t n = rubric_unscored(record->document, record->scores, record->n_scores, places);
	Vouch__Outcome by_rule = rubric_outcome(record->document, record->scores, record->n_scores);
	char field[64];

	for (size_t i = 0; i < n; i++) {
		snprintf(field, sizeof(field), "scores.%s", places[i].criterion->id);
		refuse_field(call, field, "required", "the criterion \"%.200s\" has no level yet",
		    places[i].criterion->title);
	}
	if (outcome == VOUCH__OUTCOME__AWARDED && by_rule == VOUCH__OUTCOME__DENIED)
		refuse_field(call, "outcome", "rubric", "cannot be awarded: a required criterion is not met");
	if (outcome == VOUCH__OUTCOME__DENIED && by_rule == VOUCH__OUTCOME__AWARDED)
		refuse_field(call, "outcome", "rubric", "cannot be denied: every required criterion is met");
	n = outcome != VOUCH__OUTCOME__DENIED ?
	    0 :
	    rubric_unchallenged(record->document, record->scores, record->n_scores, record->feedback,
		record->n_feedback, places);
	for (size_t i = 0; i < n; i++) {
		snprintf(field, sizeof(field), "feedback.%s", places[i].part->key);
		refuse_field(call, field, "challenge",
		    "needs a challenge that says what would meet \"%.200s\"", places[i].criterion->title);
	}
	return call->status == VOUCH__STATUS__OK;
}

static bool
announce_decision(struct call *call, const Vouch__ReviewRecord *record)
{
	Vouch__ReviewDecided decided = VOUCH__REVIEW_DECIDED__INIT;

	decided.submission_id = record->submission_id;
	decided.version = record->version;
	decided.review_id = record->id;
	decided.assessor_id = record->assignee_id;
	decided.decision = record->decision;
	decided.late = call->now >= time_of(record->due_at);
	return announce(call, &decided.base);
}

bool
reviews_decide(struct call *call, const Vouch__DecideReview *req, Vouch__Review *rep)
{
	Vouch__ReviewRecord record = VOUCH__REVIEW_RECORD__INIT;
	Vouch__ReviewIssuer issuer = VOUCH__REVIEW_ISSUER__INIT;
	Vouch__Decision decision = VOUCH__DECISION__INIT, *kept = arena_alloc(call->arena, sizeof(*kept));

	if (!hold_review(call, req->id, is_lead(call), &record, &issuer) || !holder_only(call, &record) ||
	    !check_decision(call, &record, req->outcome))
		return false;
	decision.outcome = req->outcome;
	decision.decided_at = time_new(call, call->now);
	decision.scores = record.scores;
	decision.n_scores = record.n_scores;
	decision.feedback = record.feedback;
	decision.n_feedback = record.n_feedback;
	decision.reason = (char *)(req->outcome == VOUCH__OUTCOME__AWARDED ? "met_all" : "not_met");
	if (kept == NULL || decision.decided_at == NULL)
		return refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
	*kept = decision;
	record.decision = kept;
	record.ended_at = decision.decided_at;
	return db_one(call, "review_decide", NULL,
		   ARGS(TEXT("id", req->id), MESSAGE("decision", &kept->base)), &record.base) &&
	    announce_decision(call, &record) && review_show(call, &record, &issuer, rep);
}

bool
reviews_evidence_file(struct call *call, const Vouch__GetReviewFile *req, Vouch__FileReply *rep)
{
	Vouch__ReviewRecord record = VOUCH__REVIEW_RECORD__INIT;
	Vouch__ReviewIssuer issuer = VOUCH__REVIEW_ISSUER__INIT;
	Vouch__StoredFile *file = arena_alloc(call->arena, sizeof(*file));

	if (!read_review(call, req->id, is_lead(call), &record, &issuer))
		return false;
	for (size_t i = 0; file != NULL && i < record.n_evidence; i++) {
		const Vouch__Evidence *e = record.evidence[i];

		if (strcmp(e->id, req->evidence_id) != 0 || e->sha256[0] == '\0')
			continue;
		vouch__stored_file__init(file);
		file->sha256 = e->sha256;
		file->size = e->size;
		file->media_type = e->media_type;
		file->name = issuer.blind_review ? review_blind_name(call, e, i) : e->file_name;
		rep->file = file;
		return file->name != NULL || refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
	}
	return refuse(call, VOUCH__STATUS__NOT_FOUND, "there is no such file");
}
