#include "studio.h"

#include <stdio.h>
#include <string.h>

#include "db.h"
#include "document.h"
#include "facts.pb-c.h"
#include "id.h"
#include "outbox.h"
#include "publish.h"

bool
studio_row_lock(struct call *call, const char *id, Vouch__StudioState *row)
{
	return db_one(call, "studio_lock", NULL, ARGS(TEXT("id", id)), &row->base) &&
	    (strcmp(row->live, "discarded") != 0 || refuse(call, VOUCH__STATUS__CONFLICT, "it was given up"));
}

bool
studio_row_save(struct call *call, const Vouch__StudioState *row)
{
	return db_do(call, "studio_save", &row->base, NULL);
}

bool
studio_row_move(
    struct call *call, const Vouch__StudioState *row, int32_t version, const char *state, const char *note)
{
	return db_do(call, "version_move", NULL,
	    ARGS(TEXT("id", row->id), INT("version", version), TEXT("state", state), TEXT("note", note)));
}

bool
studio_row_put(
    struct call *call, const char *id, int32_t version, const Vouch__MicroCredentialDocument *document)
{
	return db_do(call, "version_put", NULL,
	    ARGS(TEXT("id", id), INT("version", version), MESSAGE("document", &document->base)));
}

bool
studio_row_start(struct call *call, const char *id, const char *key,
    const Vouch__MicroCredentialDocument *document, bool *is_new)
{
	Vouch__Issuer issuer = VOUCH__ISSUER__INIT;

	return db_one(call, "issuer_get", NULL, NULL, &issuer.base) &&
	    db_maybe(call, "studio_create", NULL, ARGS(TEXT("id", id), TEXT("key", key)), NULL, is_new) &&
	    (!*is_new || studio_row_put(call, id, 1, document));
}

/* ---- what everybody sees ---------------------------------------------------- */

/* The catalog shows what takes work, and only that. */
static bool
refresh_entry(struct call *call, const Vouch__StudioState *row)
{
	const struct arg args[] = {TEXT("id", row->id), {.name = NULL}};

	return db_do(call, "entry_remove", NULL, args) &&
	    (strcmp(row->live, "published") != 0 ||
		(db_do(call, "entry_put", NULL, args) && db_do(call, "terms_put", NULL, args)));
}

static bool
tell_state(struct call *call, const Vouch__StudioState *row)
{
	Vouch__MicroCredentialStateChanged changed = VOUCH__MICRO_CREDENTIAL_STATE_CHANGED__INIT;

	changed.micro_credential_id = (char *)id_uuid(row->id);
	changed.version = row->published_version;
	changed.change = row->change;
	changed.state = row->live;
	return announce(call, &changed.base);
}

bool
studio_row_live(struct call *call, Vouch__StudioState *row, const char *live)
{
	row->live = (char *)live;
	row->change++;
	return studio_row_save(call, row) && refresh_entry(call, row) && tell_state(call, row);
}

bool
studio_row_publish(
    struct call *call, Vouch__StudioState *row, int32_t version, Vouch__MicroCredentialDocument *document)
{
	Vouch__MicroCredentialPublished published = VOUCH__MICRO_CREDENTIAL_PUBLISHED__INIT;
	int32_t before = row->published_version;
	/* Intake that was paused stays paused: a better text is no reason to take work again. */
	const char *live = strcmp(row->live, "suspended") == 0 ? "suspended" : "published";

	row->newest_version = row->published_version = version;
	if ((before > 0 && !studio_row_move(call, row, before, "superseded", NULL)) ||
	    !studio_row_move(call, row, version, "published", ""))
		return false;
	published.micro_credential_id = (char *)id_uuid(row->id);
	published.version = version;
	published.document = document;
	published.published_at = time_new(call, call->now);
	return announce(call, &published.base) && studio_row_live(call, row, live);
}

/* ---- what authors see ------------------------------------------------------- */

/* The newest version's state, unless the whole is paused or out of the catalog. */
static char *
shown_state(const Vouch__StudioState *row)
{
	bool is_over = strcmp(row->live, "retired") == 0 || strcmp(row->live, "discarded") == 0;

	return is_over || strcmp(row->state, "published") == 0 ? row->live : row->state;
}

bool
studio_row_show(struct call *call, const char *id, Vouch__StudioVersion *rep)
{
	Vouch__StudioState row = VOUCH__STUDIO_STATE__INIT;

	if (!db_one(call, "studio_get", NULL, ARGS(TEXT("id", id)), &row.base))
		return false;
	rep->id = row.id;
	rep->version = row.newest_version;
	rep->state = shown_state(&row);
	rep->edit = row.edit;
	rep->document = row.document;
	rep->note = row.note;
	rep->changed_at = row.changed_at;
	rep->published_at = row.published_at;
	rep->live = row.published_version > 0 ? row.live : "";
	return true;
}

/* ---- documents ---------------------------------------------------------------- */

bool
studio_document_fits(struct call *call, const Vouch__MicroCredentialDocument *document)
{
	size_t size = document_size(document);

	return size <= DOCUMENT_MAX ||
	    refuse_field(
		call, "document", "max", "takes %zu bytes, %d at most are allowed", size, DOCUMENT_MAX);
}

bool
studio_document_is_complete(struct call *call, const Vouch__MicroCredentialDocument *document)
{
	struct publish_findings findings = {.arena = call->arena};

	publish_checks(document, &findings);
	for (size_t i = 0; i < findings.n; i++) {
		char field[160];

		snprintf(field, sizeof(field), "document.%s", findings.items[i].field);
		refuse_field(call, field, findings.items[i].rule, "%s", findings.items[i].message);
	}
	return findings.n == 0;
}
