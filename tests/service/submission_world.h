/*
 * submission_world.h: the people, the micro-credential and the words of the
 * submission service's tests.
 */
#ifndef SUBMISSION_WORLD_H
#define SUBMISSION_WORLD_H

#include "harness.h"

#include <stdlib.h>
#include <string.h>

#include "instant.h"
#include "submission.rpc.h"

extern const struct service submission_service;

#define GIL "018f0000-0000-7000-8000-00000000e001"
#define HAL "018f0000-0000-7000-8000-00000000e002"
#define ISSUER "riverbend"
#define FAR "lakeside"
#define MC "018f0000-0000-7000-8000-00000000c001"
#define MC_ID ISSUER "~" MC
#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct who gil = {GIL, ISSUER, {0}}, hal = {HAL, ISSUER, {0}};

static inline void
now_is(const char *text)
{
	assert_true(instant_parse(text, &test_now));
}

/* ---- what neighbours say ------------------------------------------------------------ */

/* New York, weekends off, Thanksgiving and the day after. */
static inline bool
hear_issuer(const char *issuer, int64_t version, const char *name)
{
	Vouch__IssuerChanged changed = VOUCH__ISSUER_CHANGED__INIT;
	Vouch__IssuerCalendar calendar = VOUCH__ISSUER_CALENDAR__INIT;
	Vouch__Holiday thanks = VOUCH__HOLIDAY__INIT, after = thanks, *holidays[] = {&thanks, &after};
	char *weekend[] = {(char *)"sat", (char *)"sun"};

	thanks.date = (char *)"2026-11-26";
	thanks.name = (char *)"Thanksgiving Day";
	after.date = (char *)"2026-11-27";
	after.name = (char *)"Closed";
	calendar.version = (int32_t)version;
	calendar.time_zone = (char *)"America/New_York";
	calendar.weekend = weekend;
	calendar.n_weekend = 2;
	calendar.holidays = holidays;
	calendar.n_holidays = 2;
	changed.issuer_id = (char *)issuer;
	changed.version = version;
	changed.name = (char *)name;
	changed.calendar = &calendar;
	return hear(issuer, &rpc_submissions_on_issuer_changed, &changed, "");
}

/* What hear_version() announces; tests change it before. */
struct micro_credential {
	const char *id;
	int version;
	Vouch__CollaborationPolicy collaboration;
	Vouch__AiPolicy ai;
	Vouch__ResubmissionPolicy resubmission;
	int limit;
	int min_evidence; /* of the plan */
	const char *title;
};

static const struct micro_credential coaching = {MC, 1, VOUCH__COLLABORATION_POLICY__ALLOWED,
	VOUCH__AI_POLICY__DISCLOSED_ASSIST, VOUCH__RESUBMISSION_POLICY__LIMITED, 2, 0, "Coaching"};

static inline bool
hear_version(const char *issuer, struct micro_credential m)
{
	static char *keys[] = {(char *)"overview", (char *)"work_examples", (char *)"reflection"};
	static char *titles[] = {(char *)"Part 1", (char *)"Part 2", (char *)"Part 3"};
	Vouch__MicroCredentialPublished event = VOUCH__MICRO_CREDENTIAL_PUBLISHED__INIT;
	Vouch__MicroCredentialDocument document = VOUCH__MICRO_CREDENTIAL_DOCUMENT__INIT;
	Vouch__EvidenceRequirement plan = VOUCH__EVIDENCE_REQUIREMENT__INIT, film = plan;
	Vouch__EvidenceRequirement *asks[] = {&plan, &film};
	Vouch__Prompt prompt = VOUCH__PROMPT__INIT, *prompts[] = {&prompt};
	Vouch__Part parts[3], *list[3];
	char *papers[] = {(char *)"pdf", (char *)"docx"}, *films[] = {(char *)"mp4"};

	prompt.id = (char *)"p1";
	prompt.text = (char *)"What did you do?";
	for (int i = 0; i < 3; i++) {
		vouch__part__init(&parts[i]);
		parts[i].key = keys[i];
		parts[i].title = titles[i];
		parts[i].min_words = 2;
		parts[i].max_words = 10;
		parts[i].prompts = prompts;
		parts[i].n_prompts = 1;
		list[i] = &parts[i];
	}
	plan.id = (char *)"plan";
	plan.title = (char *)"Coaching plan";
	plan.evidence_type = (char *)"document";
	plan.min = m.min_evidence;
	plan.max = 3;
	plan.accepts = papers;
	plan.n_accepts = 2;
	film.id = (char *)"film";
	film.title = (char *)"Film of practice";
	film.evidence_type = (char *)"video";
	film.max = 1;
	film.accepts = films;
	film.n_accepts = 1;
	document.key = (char *)"coaching";
	document.title = (char *)m.title;
	document.summary = (char *)"Plan coaching.";
	document.research = (char *)"Much.";
	document.collaboration_policy = m.collaboration;
	document.ai_policy = m.ai;
	document.resubmission_policy = m.resubmission;
	document.resubmission_limit = m.limit;
	document.parts = list;
	document.n_parts = 3;
	document.evidence_requirements = asks;
	document.n_evidence_requirements = 2;
	event.micro_credential_id = (char *)m.id;
	event.version = m.version;
	event.document = &document;
	return hear(issuer, &rpc_submissions_on_micro_credential_published, &event, "");
}

static inline bool
hear_state(const char *id, const char *state, int64_t change)
{
	Vouch__MicroCredentialStateChanged event = VOUCH__MICRO_CREDENTIAL_STATE_CHANGED__INIT;

	event.micro_credential_id = (char *)id;
	event.state = (char *)state;
	event.change = change;
	return hear(ISSUER, &rpc_submissions_on_micro_credential_state_changed, &event, "");
}

static inline bool
hear_review(const char *submission, const char *state, int64_t version)
{
	Vouch__ReviewChanged event = VOUCH__REVIEW_CHANGED__INIT;

	event.submission_id = (char *)submission;
	event.review_id = (char *)"018f0000-0000-7000-8000-00000000b001";
	event.version = version;
	event.state = (char *)state;
	return hear(ISSUER, &rpc_submissions_on_review_changed, &event, "");
}

static inline bool
hear_decision(const char *submission, Vouch__Outcome outcome, int64_t version)
{
	Vouch__ReviewDecided event = VOUCH__REVIEW_DECIDED__INIT;
	Vouch__Decision decision = VOUCH__DECISION__INIT;
	Vouch__Feedback praise = VOUCH__FEEDBACK__INIT, *feedback[] = {&praise};

	praise.kind = VOUCH__FEEDBACK_KIND__PRAISE;
	praise.part = (char *)"overview";
	praise.text = (char *)"A clear goal.";
	decision.outcome = outcome;
	decision.reason = (char *)(outcome == VOUCH__OUTCOME__AWARDED ? "met_all" : "not_met");
	decision.feedback = feedback;
	decision.n_feedback = 1;
	event.submission_id = (char *)submission;
	event.review_id = (char *)"018f0000-0000-7000-8000-00000000b001";
	event.assessor_id = (char *)"018f0000-0000-7000-8000-00000000a001";
	event.version = version;
	event.decision = &decision;
	return hear(ISSUER, &rpc_submissions_on_review_decided, &event, "");
}

/* ---- what an earner does ------------------------------------------------------------- */

static inline const Vouch__Submission *
create(struct who who, const char *micro_credential)
{
	Vouch__CreateSubmission req = VOUCH__CREATE_SUBMISSION__INIT;

	req.micro_credential_id = (char *)micro_credential;
	return ask(who, &rpc_submissions_create, &req, "");
}

static inline const Vouch__Submission *
get(struct who who, const char *id)
{
	Vouch__GetSubmission req = VOUCH__GET_SUBMISSION__INIT;

	req.id = (char *)id;
	return ask(who, &rpc_submissions_get, &req, "");
}

static inline const Vouch__PartText *
write_part(struct who who, const char *id, const char *key, const char *text, int64_t if_match)
{
	Vouch__PartWrite req = VOUCH__PART_WRITE__INIT;

	req.id = (char *)id;
	req.key = (char *)key;
	req.text = (char *)text;
	req.if_match = if_match;
	return ask(who, &rpc_submissions_write_part, &req, "");
}

static inline const Vouch__Evidence *
add_link(struct who who, const char *id, const char *url, const char *title, const char *requirement)
{
	Vouch__NewEvidence req = VOUCH__NEW_EVIDENCE__INIT;

	req.id = (char *)id;
	req.url = (char *)url;
	req.title = (char *)title;
	req.requirement_id = (char *)requirement;
	return ask(who, &rpc_submissions_add_evidence, &req, "");
}

static inline const Vouch__Evidence *
add_file(struct who who, const char *id, const char *sha256, const char *name, const char *title,
    const char *requirement)
{
	Vouch__NewEvidence req = VOUCH__NEW_EVIDENCE__INIT;
	Vouch__StoredFile file = VOUCH__STORED_FILE__INIT;

	file.sha256 = (char *)sha256;
	file.size = 1234;
	file.name = (char *)name;
	file.media_type = (char *)"application/pdf";
	req.id = (char *)id;
	req.file = &file;
	req.title = (char *)title;
	req.requirement_id = (char *)requirement;
	return ask(who, &rpc_submissions_add_evidence, &req, "");
}

/* Alone, without AI, with care, own work. */
static inline const Vouch__Submission *
declare_all(struct who who, const char *id)
{
	Vouch__DeclareAll req = VOUCH__DECLARE_ALL__INIT;
	Vouch__CollaborationDeclaration collaboration = VOUCH__COLLABORATION_DECLARATION__INIT;
	Vouch__AiDeclaration ai = VOUCH__AI_DECLARATION__INIT;
	Vouch__PersonalInformationDeclaration care = VOUCH__PERSONAL_INFORMATION_DECLARATION__INIT;
	Vouch__OwnWorkDeclaration own = VOUCH__OWN_WORK_DECLARATION__INIT;

	care.reviewed = own.confirmed = true;
	req.id = (char *)id;
	req.collaboration = &collaboration;
	req.ai = &ai;
	req.personal_information = &care;
	req.own_work = &own;
	return ask(who, &rpc_submissions_declare, &req, "");
}

static inline const Vouch__CheckList *
check(struct who who, const char *id)
{
	Vouch__GetSubmission req = VOUCH__GET_SUBMISSION__INIT;

	req.id = (char *)id;
	return ask(who, &rpc_submissions_checks, &req, "");
}

static inline const Vouch__Receipt *
submit(struct who who, const char *id, const char *key)
{
	Vouch__SubmitSubmission req = VOUCH__SUBMIT_SUBMISSION__INIT;

	req.id = (char *)id;
	return ask(who, &rpc_submissions_submit, &req, key[0] == '\0' ? key_new() : key);
}

static inline const Vouch__Submission *
withdraw(struct who who, const char *id)
{
	Vouch__WithdrawSubmission req = VOUCH__WITHDRAW_SUBMISSION__INIT;

	req.id = (char *)id;
	req.reason = (char *)"the wrong file";
	return ask(who, &rpc_submissions_withdraw, &req, "");
}

static inline const Vouch__Submission *
resubmit(struct who who, const char *id)
{
	Vouch__GetSubmission req = VOUCH__GET_SUBMISSION__INIT;

	req.id = (char *)id;
	return ask(who, &rpc_submissions_resubmit, &req, "");
}

/* A draft that could be handed in, of the micro-credential ID. */
static inline const Vouch__Submission *
ready_draft(struct who who, const char *micro_credential)
{
	const Vouch__Submission *s = create(who, micro_credential);

	assert_non_null(s);
	assert_non_null(write_part(who, s->id, "overview", "We set a goal.", s->version));
	assert_non_null(write_part(who, s->id, "work_examples", "The plan has steps.", s->version));
	assert_non_null(write_part(who, s->id, "reflection", "I learned to ask.", s->version));
	assert_non_null(s = declare_all(who, s->id));
	return s;
}

/* Handed in. Returns the id with its issuer. */
static inline const char *
handed_in(struct who who, const char *micro_credential)
{
	const Vouch__Submission *s = ready_draft(who, micro_credential);

	assert_non_null(submit(who, s->id, ""));
	return s->id;
}

/* The UUID behind '~'. */
static inline const char *
uuid_in(const char *id)
{
	return strchr(id, '~') + 1;
}

/* Empties what tests have written; the copies of others stay. */
static inline int
clean(void **state)
{
	(void)state;
	sql("DELETE FROM evidence; DELETE FROM part_history; DELETE FROM parts; DELETE FROM submissions;"
	    "DELETE FROM done; DELETE FROM outbox");
	now_is("2026-11-24T17:00:00Z");
	return 0;
}

#endif
