/* The earner's own words: parts, their history, declarations. */
#include <stdlib.h>
#include <string.h>

#include "cursor.h"
#include "db.h"
#include "record.h"
#include "submission.rpc.h"
#include "words.h"

/* Why a save found nothing to save into. The answer to a stale one holds the text as it is now (DRF-2). */
static bool
refuse_save(struct call *call, const Vouch__PartWrite *req, Vouch__PartText *rep)
{
	Vouch__SubmissionRecord now = VOUCH__SUBMISSION_RECORD__INIT;

	if (!db_one(call, "submission_state", NULL, ARGS(TEXT("id", req->id)), &now.base))
		return false;
	if (now.state != VOUCH__SUBMISSION__STATE__DRAFT)
		return refuse(call, VOUCH__STATUS__CONFLICT, "%s is %s; only a draft can be written",
		    now.code, record_state_word(now.state));
	return db_one(call, "part_read", &req->base, NULL, &rep->base) &&
	    refuse_with_current(call, VOUCH__STATUS__STALE,
		"somebody has written this part since version %lld; it is now version %lld",
		(long long)req->if_match, (long long)rep->version);
}

bool
submissions_write_part(struct call *call, const Vouch__PartWrite *req, Vouch__PartText *rep)
{
	int words = words_count(req->text, strlen(req->text));
	bool saved;

	if (req->if_match <= 0)
		return refuse(
		    call, VOUCH__STATUS__KEY_REQUIRED, "If-Match is required: the version that was read");
	if (words < 0)
		return refuse(call, VOUCH__STATUS__INTERNAL, "a defect on our side");
	if (!db_maybe(call, "part_write", &req->base, ARGS(INT("words", words)), &rep->base, &saved))
		return false;
	return saved || refuse_save(call, req, rep);
}

bool
submissions_history(struct call *call, const Vouch__GetHistory *req, Vouch__PartHistory *rep)
{
	Vouch__SubmissionRecord mine = VOUCH__SUBMISSION_RECORD__INIT;
	int limit = cursor_limit(req->limit);
	const char *last;
	int64_t before = 0;

	if (!cursor_read(call, req->cursor, &last, 1) ||
	    (last != NULL && !cursor_number(call, last, &before)))
		return false;
	if (!db_one(call, "submission_state", NULL, ARGS(TEXT("id", req->id)), &mine.base) ||
	    !db_all(call, "part_history", &req->base, ARGS(INT("before", before), INT("limit", limit + 1)),
		&rep->base, "items"))
		return false;
	if (rep->n_items <= (size_t)limit)
		return true;
	rep->n_items = (size_t)limit;
	last = arena_printf(call->arena, "%lld", (long long)rep->items[limit - 1]->version);
	rep->next = last != NULL ? cursor_write(call, &last, 1) : NULL;
	return rep->next != NULL || refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
}

/* Why a declaration found no draft, or one that somebody has declared for since. */
static bool
refuse_declaration(struct call *call, const Vouch__DeclareAll *req, Vouch__Submission *rep)
{
	Vouch__SubmissionRecord now;

	if (!record_read(call, req->id, &now))
		return false;
	if (now.state != VOUCH__SUBMISSION__STATE__DRAFT)
		return refuse(call, VOUCH__STATUS__CONFLICT, "%s is %s; only a draft can be changed",
		    now.code, record_state_word(now.state));
	return record_show(call, &now, rep) &&
	    refuse_with_current(call, VOUCH__STATUS__STALE,
		"the declarations were changed since version %lld; the draft is now version %lld",
		(long long)req->if_match, (long long)now.version);
}

bool
submissions_declare(struct call *call, const Vouch__DeclareAll *req, Vouch__Submission *rep)
{
	Vouch__DeclareAll given = *req;
	Vouch__AiDeclaration ai;
	bool declared;

	/* Whoever sends the group has answered the question (POL-6). */
	if (req->ai != NULL) {
		ai = *req->ai;
		ai.answered = true;
		given.ai = &ai;
	}
	if (!db_maybe(call, "draft_declare", &given.base, NULL, NULL, &declared))
		return false;
	return declared ? record_answer(call, req->id, rep) : refuse_declaration(call, req, rep);
}
