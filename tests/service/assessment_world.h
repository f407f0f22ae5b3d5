/*
 * assessment_world.h: the people, the work and the words of test_assessment.c.
 */
#ifndef ASSESSMENT_WORLD_H
#define ASSESSMENT_WORLD_H

#include "harness.h"

#include <stdlib.h>
#include <string.h>

#include "assessment.rpc.h"
#include "instant.h"

#define GIL "018f0000-0000-7000-8000-00000000e001" /* an earner */
#define ANN "018f0000-0000-7000-8000-00000000a001"
#define BOB "018f0000-0000-7000-8000-00000000a002"
#define LEA "018f0000-0000-7000-8000-00000000a003"
#define OPA "018f0000-0000-7000-8000-00000000a004"
#define MC "018f0000-0000-7000-8000-00000000c001"
#define FILE_ID "018f0000-0000-7000-8000-00000000f001"

static const struct who ann = {ANN, "riverbend", {VOUCH__ROLE__ASSESSOR}},
			bob = {BOB, "riverbend", {VOUCH__ROLE__ASSESSOR}},
			lea = {LEA, "riverbend", {VOUCH__ROLE__POOL_LEAD}},
			opa = {OPA, "*", {VOUCH__ROLE__OPS}},
			gil = {GIL, "riverbend", {VOUCH__ROLE__ASSESSOR}},
			far = {BOB, "lakeside", {VOUCH__ROLE__POOL_LEAD}};

static inline void
now_is(const char *text)
{
	assert_true(instant_parse(text, &test_now));
}

static inline Google__Protobuf__Timestamp *
at(const char *text)
{
	static Google__Protobuf__Timestamp ring[8];
	static int turn;
	Google__Protobuf__Timestamp *t = &ring[turn++ & 7];
	int64_t micros;

	assert_true(instant_parse(text, &micros));
	google__protobuf__timestamp__init(t);
	t->seconds = micros / 1000000;
	return t;
}

/* ---- what neighbours say ---------------------------------------------------- */

static inline bool
hear_issuer(const char *issuer, int64_t version, bool blind, const char *key)
{
	Vouch__IssuerChanged changed = VOUCH__ISSUER_CHANGED__INIT;
	Vouch__IssuerCalendar calendar = VOUCH__ISSUER_CALENDAR__INIT;
	char *weekend[] = {(char *)"sat", (char *)"sun"};

	calendar.version = 1;
	calendar.time_zone = (char *)"America/New_York";
	calendar.weekend = weekend;
	calendar.n_weekend = 2;
	changed.issuer_id = (char *)issuer;
	changed.version = version;
	changed.name = (char *)"Riverbend";
	changed.blind_review = blind;
	changed.calendar = &calendar;
	return hear(issuer, &rpc_reviews_on_issuer_changed, &changed, key);
}

/* Two parts; goal and depth are required, style is not. */
static inline bool
hear_version(const char *issuer)
{
	Vouch__MicroCredentialPublished published = VOUCH__MICRO_CREDENTIAL_PUBLISHED__INIT;
	Vouch__MicroCredentialDocument document = VOUCH__MICRO_CREDENTIAL_DOCUMENT__INIT;
	Vouch__Level met = VOUCH__LEVEL__INIT, unmet = VOUCH__LEVEL__INIT, *levels[] = {&met, &unmet};
	Vouch__Criterion goal = VOUCH__CRITERION__INIT, depth = VOUCH__CRITERION__INIT,
			 style = VOUCH__CRITERION__INIT;
	Vouch__Criterion *first[] = {&goal}, *second[] = {&depth, &style};
	Vouch__Rubric one = VOUCH__RUBRIC__INIT, two = VOUCH__RUBRIC__INIT;
	Vouch__Part overview = VOUCH__PART__INIT, reflection = VOUCH__PART__INIT,
		    *parts[] = {&overview, &reflection};

	met = (Vouch__Level){.base = met.base,
		.id = (char *)"met",
		.title = (char *)"Met",
		.description = (char *)"",
		.passing = true};
	unmet = (Vouch__Level){.base = unmet.base,
		.id = (char *)"unmet",
		.title = (char *)"Not yet",
		.description = (char *)""};
	goal.id = goal.title = (char *)"goal";
	depth.id = depth.title = (char *)"depth";
	style.id = style.title = (char *)"style";
	goal.required = depth.required = true;
	goal.levels = depth.levels = style.levels = levels;
	goal.n_levels = depth.n_levels = style.n_levels = 2;
	one.criteria = first;
	one.n_criteria = 1;
	two.criteria = second;
	two.n_criteria = 2;
	overview.key = (char *)"overview";
	overview.title = (char *)"Overview";
	overview.rubric = &one;
	reflection.key = (char *)"reflection";
	reflection.title = (char *)"Reflection";
	reflection.rubric = &two;
	document.key = document.title = (char *)"active-listening";
	document.ai_policy = VOUCH__AI_POLICY__DISCLOSED_ASSIST;
	document.parts = parts;
	document.n_parts = 2;
	published.micro_credential_id = (char *)MC;
	published.version = 1;
	published.document = &document;
	return hear(issuer, &rpc_reviews_on_micro_credential_published, &published, "");
}

/* Work N of Gil: handed in on Monday 2026-11-23, due on Friday 2026-12-11. */
static inline bool
hear_work(const char *issuer, unsigned n, int version, const char *key)
{
	Vouch__SubmissionReceived received = VOUCH__SUBMISSION_RECEIVED__INIT;
	Vouch__PartText overview = VOUCH__PART_TEXT__INIT, *parts[] = {&overview};
	Vouch__Evidence file = VOUCH__EVIDENCE__INIT, *evidence[] = {&file};
	Vouch__Declarations declared = VOUCH__DECLARATIONS__INIT;
	Vouch__CollaborationDeclaration together = VOUCH__COLLABORATION_DECLARATION__INIT;
	Vouch__Partner partner = VOUCH__PARTNER__INIT, *partners[] = {&partner};

	partner.name = (char *)"Pat Partner";
	partner.email = (char *)"pat@example.org";
	partner.task = (char *)"Recorded it.";
	together.collaborative = true;
	together.partners = partners;
	together.n_partners = 1;
	declared.collaboration = &together;
	received.declarations = &declared;
	overview.key = (char *)"overview";
	overview.text = (char *)"I listened.";
	overview.words = 2;
	file.id = (char *)FILE_ID;
	file.title = (char *)"Recording";
	file.file_name = (char *)"gil-smith.MP4";
	file.sha256 = (char *)"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
	file.size = 17;
	file.media_type = (char *)"video/mp4";
	file.state = (char *)"ok";
	received.submission_id = uuid_of(n);
	received.version = 2;
	received.code = (char *)"V-7K3M-92QX-5";
	received.earner_id = (char *)GIL;
	received.micro_credential_id = (char *)MC;
	received.micro_credential_version = version;
	received.title = (char *)"Active listening";
	received.attempt = 1;
	received.parts = parts;
	received.evidence = evidence;
	received.n_parts = received.n_evidence = 1;
	received.submitted_at = at("2026-11-23T15:00:00Z");
	received.due_at = at("2026-12-12T05:00:00Z");
	received.due_date = (char *)"2026-12-11";
	received.time_zone = (char *)"America/New_York";
	return hear(issuer, &rpc_reviews_on_submission_received, &received, key);
}

static inline bool
hear_withdrawal(unsigned n)
{
	Vouch__SubmissionWithdrawn withdrawn = VOUCH__SUBMISSION_WITHDRAWN__INIT;

	withdrawn.submission_id = uuid_of(n);
	withdrawn.version = 3;
	return hear("riverbend", &rpc_reviews_on_submission_withdrawn, &withdrawn, "");
}

static inline bool
hear_inquiry(unsigned n)
{
	Vouch__OverdueInquired inquired = VOUCH__OVERDUE_INQUIRED__INIT;

	inquired.submission_id = uuid_of(n);
	return hear("riverbend", &rpc_reviews_on_overdue_inquired, &inquired, "");
}

/* ---- what people do ---------------------------------------------------------- */

/* The id of the review of work N, which is received first. */
static inline char *
review_of(unsigned n)
{
	const char *id;

	assert_true(hear_work("riverbend", n, 1, ""));
	id = sql("SELECT 'riverbend~' || id FROM reviews WHERE submission_id = '%s'", uuid_of(n));
	return (char *)id;
}

static inline const Vouch__Review *
on_review(struct who who, const struct rpc *rpc, char *id)
{
	Vouch__GetReview req = VOUCH__GET_REVIEW__INIT;

	req.id = id;
	return ask(who, rpc, &req, "");
}

/* Scores "goal", "depth", "style" with m, u or - (none); CHALLENGED: a part that gets a challenge. */
static inline const Vouch__Review *
score(struct who who, char *id, int64_t version, const char *levels, const char *challenged)
{
	static const char *const criteria[] = {"goal", "depth", "style"};
	Vouch__ScoreReview req = VOUCH__SCORE_REVIEW__INIT;
	Vouch__Score scores[3], *list[3];
	Vouch__Feedback remark = VOUCH__FEEDBACK__INIT, *remarks[] = {&remark};

	req.id = id;
	req.if_match = version;
	req.scores = list;
	for (size_t i = 0; i < 3 && levels[i] != '\0'; i++) {
		if (levels[i] == '-')
			continue;
		vouch__score__init(&scores[req.n_scores]);
		scores[req.n_scores].criterion_id = (char *)criteria[i];
		scores[req.n_scores].level_id = (char *)(levels[i] == 'm' ? "met" : "unmet");
		list[req.n_scores] = &scores[req.n_scores];
		req.n_scores++;
	}
	remark.kind = VOUCH__FEEDBACK_KIND__CHALLENGE;
	remark.part = (char *)challenged;
	remark.text = (char *)"Show how you checked that you understood.";
	req.feedback = remarks;
	req.n_feedback = challenged[0] != '\0';
	return ask(who, &rpc_reviews_score, &req, "");
}

static inline const Vouch__Review *
decide(struct who who, char *id, Vouch__Outcome outcome, const char *key)
{
	Vouch__DecideReview req = VOUCH__DECIDE_REVIEW__INIT;

	req.id = id;
	req.outcome = outcome;
	return ask(who, &rpc_reviews_decide, &req, key);
}

static inline const Vouch__ReviewList *
list(struct who who, const char *queue, const char *state, int limit, const char *cursor)
{
	Vouch__ListReviews req = VOUCH__LIST_REVIEWS__INIT;
	char *states[] = {(char *)state};

	req.queue = (char *)queue;
	req.state = states;
	req.n_state = state[0] != '\0';
	req.limit = limit;
	req.cursor = (char *)cursor;
	return ask(who, &rpc_reviews_list, &req, "");
}

/* The call was refused with STATUS. */
static inline void
refused(const void *reply, Vouch__Status status)
{
	assert_null(reply);
	assert_int_equal(answer.status, status);
}

#endif
