/* What assessment hears of its neighbours. */
#include <string.h>

#include "assessment.rpc.h"
#include "db.h"
#include "id.h"
#include "outbox.h"
#include "review.h"
#include "stage.h"

bool
reviews_on_issuer_changed(struct call *call, const Vouch__IssuerChanged *req, Vouch__Nothing *rep)
{
	(void)rep;
	return db_do(call, "issuer_put", &req->base, NULL);
}

bool
reviews_on_account_changed(struct call *call, const Vouch__AccountChanged *req, Vouch__Nothing *rep)
{
	(void)rep;
	return db_do(call, "person_put", &req->base, NULL);
}

/* A copy of the document with what a review needs: title, policies, parts with criteria. */
bool
reviews_on_micro_credential_published(
    struct call *call, const Vouch__MicroCredentialPublished *req, Vouch__Nothing *rep)
{
	Vouch__MicroCredentialDocument kept = VOUCH__MICRO_CREDENTIAL_DOCUMENT__INIT;

	(void)rep;
	if (req->document == NULL)
		return refuse(call, VOUCH__STATUS__INVALID, "a version without its document");
	kept.key = req->document->key;
	kept.title = req->document->title;
	kept.language = req->document->language;
	kept.collaboration_policy = req->document->collaboration_policy;
	kept.ai_policy = req->document->ai_policy;
	kept.parts = req->document->parts;
	kept.n_parts = req->document->n_parts;
	return db_do(call, "version_put", &req->base, ARGS(MESSAGE("document", &kept.base)));
}

static bool
not_yet(struct call *call, const char *what)
{
	return refuse(call, VOUCH__STATUS__UNAVAILABLE, "not yet: %s is not known here", what);
}

bool
reviews_on_submission_received(struct call *call, const Vouch__SubmissionReceived *req, Vouch__Nothing *rep)
{
	Vouch__ReviewIssuer issuer = VOUCH__REVIEW_ISSUER__INIT;
	struct stage_promise promise;
	struct stage first;
	const char *why = NULL;
	bool version, known;

	(void)rep;
	if (!db_maybe(call, "version_known", &req->base, NULL, NULL, &version) ||
	    !db_maybe(call, "issuer_get", NULL, NULL, &issuer.base, &known))
		return false;
	if (!version || !known)
		return not_yet(call, version ? "the issuer" : "the version of the micro-credential");
	if (!review_promise_of(call, &issuer, req->time_zone, req->due_date, time_of(req->due_at), &promise))
		return false;
	if (!stage_next(&promise, NULL, &first, &why))
		return refuse(
		    call, VOUCH__STATUS__INVALID, "the due date has no stages: %s", why != NULL ? why : "");
	return db_maybe(call, "review_add", &req->base,
	    ARGS(TEXT("id", id_new(call)), TEXT("next_stage", first.name), TIME("next_at", first.at)), NULL,
	    &known); /* known already: it stays as it is */
}

bool
reviews_on_submission_withdrawn(struct call *call, const Vouch__SubmissionWithdrawn *req, Vouch__Nothing *rep)
{
	Vouch__ReviewRecord record = VOUCH__REVIEW_RECORD__INIT;
	Vouch__ReviewChanged changed = VOUCH__REVIEW_CHANGED__INIT;
	bool found;

	(void)rep;
	if (!db_maybe(call, "review_cancel", &req->base, NULL, &record.base, &found))
		return false;
	if (!found) { /* ended already, unless the work has yet to arrive */
		return db_maybe(call, "review_of_submission", &req->base, NULL, &record.base, &found) &&
		    (found || not_yet(call, "the submission"));
	}
	changed.submission_id = record.submission_id;
	changed.version = record.version;
	changed.review_id = record.id;
	changed.state = record.state;
	changed.code = record.code;
	return announce(call, &changed.base);
}

bool
reviews_on_overdue_inquired(struct call *call, const Vouch__OverdueInquired *req, Vouch__Nothing *rep)
{
	Vouch__ReviewRecord record = VOUCH__REVIEW_RECORD__INIT;
	Vouch__ReviewEscalated escalated = VOUCH__REVIEW_ESCALATED__INIT;
	bool found;

	(void)rep;
	if (!db_maybe(call, "review_escalate", &req->base, NULL, &record.base, &found))
		return false;
	if (!found) { /* not late, ended, or asked about before, unless the work has yet to arrive */
		return db_maybe(call, "review_of_submission", &req->base, NULL, &record.base, &found) &&
		    (found || not_yet(call, "the submission"));
	}
	escalated.submission_id = record.submission_id;
	escalated.review_id = record.id;
	escalated.code = record.code;
	escalated.title = record.title;
	escalated.assessor_id = record.assignee_id;
	escalated.at = time_new(call, call->now);
	return announce(call, &escalated.base);
}
