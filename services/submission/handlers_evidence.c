/* Files and links: added, looked at again, taken out, served to their earner. */
#include <string.h>

#include "db.h"
#include "id.h"
#include "record.h"
#include "requirement.h"
#include "submission.rpc.h"

/* A file or a link, not both and not neither. */
static bool
is_one_thing(struct call *call, const Vouch__NewEvidence *req)
{
	bool is_file = req->file != NULL && req->file->sha256[0] != '\0', is_link = req->url[0] != '\0';

	if (is_file && is_link)
		return refuse_field(
		    call, "url", "either", "cannot go with a file; add the two one after the other");
	if (!is_file && !is_link)
		return refuse_field(call, "url", "required",
		    "is missing: send a file, or the address of what you want to show");
	return true;
}

/* The requirement that was named, or the one that fits; NULL: none. False: refused. */
static bool
find_place(struct call *call, const Vouch__NewEvidence *req, const Vouch__SubmissionRecord *record,
    const Vouch__EvidenceRequirement **place)
{
	const char *name = req->file != NULL && req->file->sha256[0] != '\0' ? req->file->name : NULL;
	const Vouch__EvidenceRequirement *r;

	if (req->requirement_id[0] == '\0') {
		*place = requirement_choose(record->document, record->evidence, record->n_evidence, name);
		return true;
	}
	*place = r = requirement_find(record->document, req->requirement_id);
	if (r == NULL)
		return refuse_field(
		    call, "requirementId", "exists", "is not among the evidence that is asked for");
	if (r->max > 0 && requirement_count(r, record->evidence, record->n_evidence, false) >= r->max)
		return refuse_field(
		    call, "requirementId", "max", "has its %d already; take one out first", r->max);
	if (name != NULL && !requirement_takes(r, name)) {
		const char *list = requirement_list(call->arena, r);

		return refuse_field(call, "file", "accepts", "is of another type; %s takes %s", r->title,
		    list != NULL ? list : "");
	}
	return true;
}

bool
submissions_add_evidence(struct call *call, const Vouch__NewEvidence *req, Vouch__Evidence *rep)
{
	Vouch__StoredFile none = VOUCH__STORED_FILE__INIT;
	const Vouch__StoredFile *file = req->file != NULL ? req->file : &none;
	const Vouch__EvidenceRequirement *place;
	Vouch__SubmissionRecord record;
	const char *title = req->title;

	/* Held first, then read: of two that come at once, the second counts the first. */
	if (!is_one_thing(call, req) || !record_touch(call, req->id) || !record_read(call, req->id, &record))
		return false;
	if (record.n_evidence >= EVIDENCE_MAX)
		return refuse(call, VOUCH__STATUS__CONFLICT,
		    "a draft holds at most %d pieces of evidence; take one out first", EVIDENCE_MAX);
	if (!find_place(call, req, &record, &place))
		return false;
	if (!text_is_there(title))
		title = requirement_title(call->arena, place, record.evidence, record.n_evidence);
	return db_one(call, "evidence_add", NULL,
	    ARGS(TEXT("id", req->id), TEXT("evidence_id", id_new(call)),
		TEXT("kind", req->url[0] != '\0' ? "link" : "file"), TEXT("title", title),
		TEXT("requirement_id", place != NULL ? place->id : ""), TEXT("url", req->url),
		TEXT("name", file->name), TEXT("media_type", file->media_type), INT("size", file->size),
		TEXT("sha256", file->sha256)),
	    &rep->base);
}

bool
submissions_remove_evidence(struct call *call, const Vouch__EvidenceRemoval *req, Vouch__Nothing *rep)
{
	(void)rep;
	return record_touch(call, req->id) && db_one(call, "evidence_remove", &req->base, NULL, NULL);
}

bool
submissions_recheck(struct call *call, const Vouch__EvidenceAgain *req, Vouch__Evidence *rep)
{
	return record_touch(call, req->id) && db_one(call, "evidence_again", &req->base, NULL, &rep->base);
}

bool
submissions_evidence_file(struct call *call, const Vouch__GetEvidenceFile *req, Vouch__FileReply *rep)
{
	rep->file = arena_alloc(call->arena, sizeof(*rep->file));
	if (rep->file == NULL)
		return refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
	vouch__stored_file__init(rep->file);
	return db_one(call, "evidence_file", &req->base, NULL, &rep->file->base);
}
