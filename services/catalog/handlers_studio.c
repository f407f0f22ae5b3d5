/*
 * handlers_studio.c: how a micro-credential comes to be, and ends (3.3).
 */
#include <string.h>

#include "catalog.rpc.h"
#include "cursor.h"
#include "db.h"
#include "document.h"
#include "id.h"
#include "publish.h"
#include "studio.h"

/* ---- reads -------------------------------------------------------------------- */

static bool
is_studio_state(const char *state)
{
	static const char *const states[] = {
		"", "draft", "in_review", "published", "suspended", "retired", "discarded"};

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (strcmp(states[i], state) == 0)
			return true;
	return false;
}

bool
studio_list(struct call *call, const Vouch__ListStudio *req, Vouch__StudioList *rep)
{
	const char *after[1];
	int limit = cursor_limit(req->limit);

	if (!is_studio_state(req->state)) {
		refuse(call, VOUCH__STATUS__MALFORMED, "there is no such state");
		return refuse_field(call, "state", "word",
		    "must be draft, in_review, published, suspended, retired or discarded");
	}
	if (!cursor_read(call, req->cursor, after, 1))
		return false;
	if (after[0] != NULL && !cursor_id(call, after[0]))
		return false;
	if (!db_all(call, "studio_list", NULL,
		ARGS(TEXT("state", req->state), TEXT("after", after[0]), INT("limit", limit + 1)), &rep->base,
		"items"))
		return false;
	if (rep->n_items > (size_t)limit) {
		const Vouch__StudioRow *last = rep->items[--rep->n_items - 1];

		rep->next = cursor_write(call, (const char *[]){id_uuid(last->id)}, 1);
	}
	return true;
}

bool
studio_get(struct call *call, const Vouch__GetMicroCredential *req, Vouch__StudioVersion *rep)
{
	return studio_row_show(call, req->id, rep);
}

bool
studio_check(struct call *call, const Vouch__GetMicroCredential *req, Vouch__StudioChecks *rep)
{
	Vouch__StudioState row = VOUCH__STUDIO_STATE__INIT;
	struct publish_findings findings = {.arena = call->arena};

	if (!db_one(call, "studio_get", NULL, ARGS(TEXT("id", req->id)), &row.base))
		return false;
	publish_checks(row.document, &findings);
	rep->ready = findings.n == 0;
	rep->items = arena_alloc(call->arena, (findings.n + 1) * sizeof(*rep->items));
	for (size_t i = 0; i < findings.n; i++) {
		Vouch__StudioCheck *check = arena_alloc(call->arena, sizeof(*check));

		if (rep->items == NULL || check == NULL)
			return refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
		vouch__studio_check__init(check);
		check->rule = (char *)findings.items[i].rule;
		check->field = (char *)findings.items[i].field;
		check->message = (char *)findings.items[i].message;
		rep->items[rep->n_items++] = check;
	}
	return true;
}

/* ---- writing ------------------------------------------------------------------- */

bool
studio_create(struct call *call, const Vouch__CreateMicroCredential *req, Vouch__StudioVersion *rep)
{
	char *id = id_new(call);
	bool is_new;

	if (id == NULL || !document_number(call->arena, req->document))
		return refuse(call, VOUCH__STATUS__INTERNAL, "the document is too large");
	if (!studio_document_fits(call, req->document) ||
	    !studio_row_start(call, id, req->document->key, req->document, &is_new))
		return false;
	if (!is_new)
		return refuse(call, VOUCH__STATUS__CONFLICT,
		    "this issuer has a micro-credential with this key already");
	return studio_row_show(call, id, rep);
}

/* Refuses to write over what the author has not seen, and where nothing is written any more. */
static bool
may_write(struct call *call, const Vouch__StudioState *row, const Vouch__WriteMicroCredential *req,
    Vouch__StudioVersion *rep)
{
	if (row->edit != req->if_match)
		return studio_row_show(call, req->id, rep) &&
		    refuse_with_current(call, VOUCH__STATUS__STALE, "somebody has written in between");
	if (strcmp(row->live, "retired") == 0)
		return refuse(call, VOUCH__STATUS__CONFLICT, "it is retired for good");
	if (strcmp(row->state, "in_review") == 0)
		return refuse(call, VOUCH__STATUS__CONFLICT, "it is in review: an approver may give it back");
	if (strcmp(row->key, req->document->key) != 0)
		return refuse_field(call, "document.key", "fixed", "does not change: it is %s", row->key);
	return studio_document_fits(call, req->document);
}

bool
studio_write(struct call *call, const Vouch__WriteMicroCredential *req, Vouch__StudioVersion *rep)
{
	Vouch__StudioState row = VOUCH__STUDIO_STATE__INIT;

	if (!document_number(call->arena, req->document))
		return refuse(call, VOUCH__STATUS__INTERNAL, "the document is too large");
	if (!studio_row_lock(call, req->id, &row) || !may_write(call, &row, req, rep))
		return false;
	if (strcmp(row.state, "draft") == 0) {
		if (!db_do(call, "version_write", NULL,
			ARGS(TEXT("id", req->id), INT("version", row.newest_version),
			    MESSAGE("document", &req->document->base))))
			return false;
	} else {
		row.newest_version = row.last_version + 1;
		if (!studio_row_put(call, req->id, row.newest_version, req->document))
			return false;
	}
	return studio_row_save(call, &row) && studio_row_show(call, req->id, rep);
}

bool
studio_discard(struct call *call, const Vouch__GetMicroCredential *req, Vouch__StudioVersion *rep)
{
	Vouch__StudioState row = VOUCH__STUDIO_STATE__INIT;
	Vouch__Count before = VOUCH__COUNT__INIT;

	if (!studio_row_lock(call, req->id, &row))
		return false;
	if (strcmp(row.state, "draft") != 0)
		return refuse(call, VOUCH__STATUS__CONFLICT, "there is no draft to give up");
	if (!studio_row_move(call, &row, row.newest_version, "discarded", NULL) ||
	    !db_one(call, "version_before", NULL, ARGS(TEXT("id", req->id)), &before.base))
		return false;
	if (before.n > 0)
		row.newest_version = (int32_t)before.n;
	else
		row.live = "discarded";
	return studio_row_save(call, &row) && studio_row_show(call, req->id, rep);
}

bool
studio_propose(struct call *call, const Vouch__GetMicroCredential *req, Vouch__StudioVersion *rep)
{
	Vouch__StudioState row = VOUCH__STUDIO_STATE__INIT;

	if (!studio_row_lock(call, req->id, &row))
		return false;
	if (strcmp(row.state, "draft") != 0 || strcmp(row.live, "retired") == 0)
		return refuse(call, VOUCH__STATUS__CONFLICT, "only a draft can be proposed");
	return studio_document_is_complete(call, row.document) &&
	    studio_row_move(call, &row, row.newest_version, "in_review", "") && studio_row_save(call, &row) &&
	    studio_row_show(call, req->id, rep);
}

bool
studio_give_back(struct call *call, const Vouch__ReturnMicroCredential *req, Vouch__StudioVersion *rep)
{
	Vouch__StudioState row = VOUCH__STUDIO_STATE__INIT;

	if (!studio_row_lock(call, req->id, &row))
		return false;
	if (strcmp(row.state, "in_review") != 0)
		return refuse(call, VOUCH__STATUS__CONFLICT, "only what is in review can be given back");
	return studio_row_move(call, &row, row.newest_version, "draft", req->note) &&
	    studio_row_save(call, &row) && studio_row_show(call, req->id, rep);
}

/* The rules are asked again: a release in between may have sharpened them. */
bool
studio_publish(struct call *call, const Vouch__GetMicroCredential *req, Vouch__StudioVersion *rep)
{
	Vouch__StudioState row = VOUCH__STUDIO_STATE__INIT;

	if (!studio_row_lock(call, req->id, &row))
		return false;
	if (strcmp(row.state, "in_review") != 0 || strcmp(row.live, "retired") == 0)
		return refuse(call, VOUCH__STATUS__CONFLICT, "only what is in review can be published");
	if (strcmp(row.author_id, call_account(call)) == 0 && !row.author_may_publish)
		return refuse(call, VOUCH__STATUS__FORBIDDEN,
		    "somebody other than its last author publishes a version");
	return studio_document_is_complete(call, row.document) &&
	    studio_row_publish(call, &row, row.newest_version, row.document) &&
	    studio_row_show(call, req->id, rep);
}

/* ---- out of the catalog, and back --------------------------------------------------- */

bool
studio_suspend(struct call *call, const Vouch__GetMicroCredential *req, Vouch__StudioVersion *rep)
{
	Vouch__StudioState row = VOUCH__STUDIO_STATE__INIT;

	if (!studio_row_lock(call, req->id, &row))
		return false;
	if (strcmp(row.live, "published") != 0)
		return refuse(call, VOUCH__STATUS__CONFLICT, "only what is published can be suspended");
	return studio_row_live(call, &row, "suspended") && studio_row_show(call, req->id, rep);
}

bool
studio_resume(struct call *call, const Vouch__GetMicroCredential *req, Vouch__StudioVersion *rep)
{
	Vouch__StudioState row = VOUCH__STUDIO_STATE__INIT;

	if (!studio_row_lock(call, req->id, &row))
		return false;
	if (strcmp(row.live, "suspended") != 0)
		return refuse(call, VOUCH__STATUS__CONFLICT, "only what is suspended can be resumed");
	return studio_row_live(call, &row, "published") && studio_row_show(call, req->id, rep);
}

bool
studio_retire(struct call *call, const Vouch__GetMicroCredential *req, Vouch__StudioVersion *rep)
{
	Vouch__StudioState row = VOUCH__STUDIO_STATE__INIT;

	if (!studio_row_lock(call, req->id, &row))
		return false;
	if (strcmp(row.live, "published") != 0 && strcmp(row.live, "suspended") != 0)
		return refuse(
		    call, VOUCH__STATUS__CONFLICT, "only what is published or suspended can be retired");
	return studio_row_live(call, &row, "retired") && studio_row_show(call, req->id, rep);
}

/* ---- import ---------------------------------------------------------------------------- */

static bool
finish_import(const Vouch__StudioState *row, bool changed, Vouch__ImportResult *rep)
{
	rep->id = row->id;
	rep->key = row->key;
	rep->version = row->published_version;
	rep->changed = changed;
	return true;
}

/* The key is known: a new version, unless it says the same. An author's open draft is not written over. */
static bool
import_known(struct call *call, Vouch__MicroCredentialDocument *document, Vouch__StudioState *row,
    Vouch__ImportResult *rep)
{
	if (strcmp(row->live, "retired") == 0)
		return refuse(call, VOUCH__STATUS__CONFLICT, "it is retired for good");
	if (row->same)
		return finish_import(row, false, rep);
	if (strcmp(row->state, "draft") == 0 || strcmp(row->state, "in_review") == 0)
		return refuse(call, VOUCH__STATUS__CONFLICT,
		    "an author is writing a new version: publish it or give it up first");
	return studio_row_put(call, row->id, row->last_version + 1, document) &&
	    studio_row_publish(call, row, row->last_version + 1, document) && finish_import(row, true, rep);
}

static bool
import_new(struct call *call, Vouch__MicroCredentialDocument *document, Vouch__StudioState *row,
    Vouch__ImportResult *rep)
{
	char *id = id_new(call);
	bool is_new;

	if (id == NULL)
		return refuse(call, VOUCH__STATUS__INTERNAL, "the document is too large");
	if (!studio_row_start(call, id, document->key, document, &is_new))
		return false;
	if (!is_new)
		return refuse(call, VOUCH__STATUS__CONFLICT, "somebody else imports the same key");
	return studio_row_lock(call, id, row) && studio_row_publish(call, row, 1, document) &&
	    finish_import(row, true, rep);
}

bool
studio_import(struct call *call, const Vouch__ImportMicroCredential *req, Vouch__ImportResult *rep)
{
	Vouch__MicroCredentialDocument *document = req->document;
	Vouch__StudioState row = VOUCH__STUDIO_STATE__INIT;
	bool standard, found;

	if (!document_number(call->arena, document) || !document_complete(call->arena, document, &standard))
		return refuse(call, VOUCH__STATUS__INTERNAL, "the document is too large");
	rep->standard_parts = standard;
	if (!studio_document_fits(call, document) || !studio_document_is_complete(call, document) ||
	    !db_maybe(call, "studio_by_key", NULL,
		ARGS(TEXT("key", document->key), MESSAGE("document", &document->base)), &row.base, &found))
		return false;
	return found ? import_known(call, document, &row, rep) : import_new(call, document, &row, rep);
}
