/*
 * Starting, reading and throwing away: one function for each rpc. Parts and
 * declarations are in handlers_draft.c, evidence in handlers_evidence.c, handing
 * in and what follows in handlers_submit.c, events in handlers_events.c.
 */
#include <stdlib.h>
#include <string.h>

#include "cursor.h"
#include "db.h"
#include "id.h"
#include "record.h"
#include "submission.rpc.h"

enum { CODE_TRIES = 3 };

/* Why no draft came of it. True: there is no reason but a code that was taken. */
static bool
is_free(struct call *call, const Vouch__CreateSubmission *req, Vouch__Submission *rep)
{
	Vouch__SubmissionRecord first = VOUCH__SUBMISSION_RECORD__INIT;

	if (!db_one(call, "draft_in_the_way", &req->base, NULL, &first.base))
		return false;
	if (strcmp(first.intake, "published") != 0)
		return refuse(call, VOUCH__STATUS__CONFLICT,
		    "this micro-credential is %s and takes no new work", first.intake);
	if (first.id[0] == '\0')
		return true;
	if (!record_answer(call, first.id, rep))
		return false;
	if (first.state == VOUCH__SUBMISSION__STATE__AWARDED)
		return refuse_with_current(call, VOUCH__STATUS__CONFLICT,
		    "you have earned this already, with %s (%s)", first.code, rep->id);
	if (first.state == VOUCH__SUBMISSION__STATE__DENIED)
		return refuse_with_current(call, VOUCH__STATUS__CONFLICT,
		    "%s (%s) was denied; the next attempt starts from there", first.code, rep->id);
	return refuse_with_current(call, VOUCH__STATUS__CONFLICT,
	    "there is an open submission already: %s (%s) is %s", first.code, rep->id,
	    record_state_word(first.state));
}

bool
submissions_create(struct call *call, const Vouch__CreateSubmission *req, Vouch__Submission *rep)
{
	char *id = id_new(call), code[CODE_SIZE];

	for (int i = 0; i < CODE_TRIES; i++) {
		bool opened;

		code_new(code);
		if (!db_maybe(call, "draft_open", &req->base, ARGS(TEXT("id", id), TEXT("code", code)), NULL,
			&opened))
			return false;
		if (opened)
			return db_do(call, "draft_parts", NULL, ARGS(TEXT("id", id), NONE("previous"))) &&
			    record_answer(call, id, rep);
		if (!is_free(call, req, rep))
			return false;
	}
	return refuse(call, VOUCH__STATUS__UNAVAILABLE, "please try again");
}

bool
submissions_get(struct call *call, const Vouch__GetSubmission *req, Vouch__Submission *rep)
{
	return record_answer(call, req->id, rep);
}

static bool
states_are_known(struct call *call, const Vouch__ListSubmissions *req)
{
	static const char *const states[] = {
		"draft", "submitted", "in_review", "awarded", "denied", "withdrawn"};

	for (size_t i = 0; i < req->n_state; i++) {
		bool is_known = false;

		for (size_t k = 0; k < sizeof(states) / sizeof(states[0]); k++)
			is_known = is_known || strcmp(states[k], req->state[i]) == 0;
		if (!is_known) {
			refuse(call, VOUCH__STATUS__MALFORMED, "there is no such state");
			return refuse_field(call, "state", "word",
			    "must be draft, submitted, in_review, awarded, denied or withdrawn");
		}
	}
	return true;
}

/* Where the page begins: micros of changed_at and the id of the row before it. */
static bool
cursor_place(struct call *call, const char *cursor, int64_t *before, const char **last)
{
	const char *values[2];

	if (!cursor_read(call, cursor, values, 2))
		return false;
	*before = 0;
	*last = values[1];
	return values[0] == NULL || (cursor_number(call, values[0], before) && cursor_id(call, *last));
}

bool
submissions_list(struct call *call, const Vouch__ListSubmissions *req, Vouch__SubmissionList *rep)
{
	int limit = cursor_limit(req->limit);
	int64_t before;
	const char *last;

	if (!states_are_known(call, req) || !cursor_place(call, req->cursor, &before, &last))
		return false;
	/* One more than the page has, to know whether there is another. */
	const struct arg from = before != 0 ? (struct arg)TIME("before", before) : (struct arg)NONE("before");
	if (!db_all(call, "submission_list", &req->base,
		ARGS(INT("limit", limit + 1), TEXT("last", last), from), &rep->base, "items"))
		return false;
	if (rep->n_items <= (size_t)limit)
		return true;
	rep->n_items = (size_t)limit;
	const Vouch__SubmissionRow *end = rep->items[limit - 1];
	const char *const values[] = {
		arena_printf(call->arena, "%lld", (long long)time_of(end->changed_at)), id_uuid(end->id)};
	rep->next = values[0] != NULL ? cursor_write(call, values, 2) : NULL;
	return rep->next != NULL || refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
}

bool
submissions_discard(struct call *call, const Vouch__GetSubmission *req, Vouch__Nothing *rep)
{
	bool is_draft;

	(void)rep;
	if (!db_maybe(call, "draft_discard", NULL, ARGS(TEXT("id", req->id)), NULL, &is_draft))
		return false;
	return is_draft || record_refuse(call, req->id);
}
