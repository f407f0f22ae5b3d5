/* What others have announced. Each is heard once; an older version changes nothing. */
#include <string.h>

#include "db.h"
#include "outbox.h"
#include "submission.rpc.h"

bool
submissions_on_issuer_changed(struct call *call, const Vouch__IssuerChanged *req, Vouch__Nothing *rep)
{
	(void)rep;
	if (req->calendar == NULL)
		return refuse_field(call, "calendar", "required", "is missing");
	return db_do(call, "issuer_heard", &req->base, NULL);
}

bool
submissions_on_micro_credential_published(
    struct call *call, const Vouch__MicroCredentialPublished *req, Vouch__Nothing *rep)
{
	(void)rep;
	if (req->document == NULL)
		return refuse_field(call, "document", "required", "is missing");
	return db_do(call, "version_heard", &req->base, NULL) &&
	    db_do(call, "published_heard", &req->base, NULL);
}

bool
submissions_on_micro_credential_state_changed(
    struct call *call, const Vouch__MicroCredentialStateChanged *req, Vouch__Nothing *rep)
{
	(void)rep;
	return db_do(call, "state_heard", &req->base, NULL);
}

/*
 * A review is made of a submission, so an event about an unknown one is a defect
 * somewhere: NOT_FOUND, and the relay parks it where operators see it.
 */
static bool
is_known(struct call *call, const ProtobufCMessage *req)
{
	Vouch__SubmissionRecord known = VOUCH__SUBMISSION_RECORD__INIT;

	return db_one(call, "submission_known", req, NULL, &known.base);
}

bool
submissions_on_review_changed(struct call *call, const Vouch__ReviewChanged *req, Vouch__Nothing *rep)
{
	Vouch__SubmissionInReview event = VOUCH__SUBMISSION_IN_REVIEW__INIT;
	Vouch__SubmissionRecord changed = VOUCH__SUBMISSION_RECORD__INIT;
	bool found;

	(void)rep;
	if (!db_maybe(call, "review_heard", &req->base, NULL, &changed.base, &found))
		return false;
	if (!found)
		return is_known(call, &req->base);
	if (changed.state != VOUCH__SUBMISSION__STATE__IN_REVIEW || strcmp(req->state, "in_review") != 0)
		return true;
	event.submission_id = changed.id;
	event.version = changed.version;
	event.code = changed.code;
	event.earner_id = changed.earner_id;
	event.title = changed.title;
	return announce(call, &event.base);
}

bool
submissions_on_review_decided(struct call *call, const Vouch__ReviewDecided *req, Vouch__Nothing *rep)
{
	Vouch__SubmissionDecided event = VOUCH__SUBMISSION_DECIDED__INIT;
	Vouch__SubmissionRecord changed = VOUCH__SUBMISSION_RECORD__INIT;
	Vouch__Decision decision;
	bool found;

	(void)rep;
	if (req->decision == NULL || req->decision->outcome == VOUCH__OUTCOME__OUTCOME_NONE)
		return refuse_field(call, "decision.outcome", "required", "is missing");
	decision = *req->decision;
	if (decision.decided_at == NULL)
		decision.decided_at = time_new(call, call->now);
	if (!db_maybe(call, "decision_heard", &req->base,
		ARGS(TIME("decided_at", time_of(decision.decided_at)), MESSAGE("decision", &decision.base),
		    TEXT("outcome", decision.outcome == VOUCH__OUTCOME__AWARDED ? "awarded" : "denied")),
		&changed.base, &found))
		return false;
	/* Taken back before, or decided already: the first word stands (P3). */
	if (!found)
		return is_known(call, &req->base);
	event.submission_id = changed.id;
	event.version = changed.version;
	event.code = changed.code;
	event.earner_id = changed.earner_id;
	event.micro_credential_id = changed.micro_credential_id;
	event.micro_credential_version = changed.micro_credential_version;
	event.title = changed.title;
	event.attempt = changed.attempt;
	event.outcome = changed.outcome;
	event.decided_at = changed.decided_at;
	event.late = changed.late;
	event.submitted_at = changed.submitted_at;
	return announce(call, &event.base);
}

/* Known before it can be issued: awards are announced by this service alone. */
bool
submissions_on_credential_issued(struct call *call, const Vouch__CredentialIssued *req, Vouch__Nothing *rep)
{
	(void)rep;
	return is_known(call, &req->base) && db_do(call, "credential_heard", &req->base, NULL);
}
