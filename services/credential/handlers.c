/*
 * The credential service: one function for each rpc in credential.proto.
 */
#include <stdlib.h>
#include <string.h>

#include "badge.h"
#include "config.h"
#include "credential.rpc.h"
#include "cursor.h"
#include "db.h"
#include "id.h"
#include "instant.h"
#include "outbox.h"
#include "shop.h"

enum { CRITERIA_MAX = 8000 };

static const struct jws_key *
key_of(const struct call *call)
{
	const struct shop *shop = call->state;

	return &shop->key;
}

bool
credentials_list(struct call *call, const Vouch__ListCredentials *req, Vouch__CredentialList *rep)
{
	const char *after[2];
	int limit = cursor_limit(req->limit);
	int64_t at = 0;

	if (!cursor_read(call, req->cursor, after, 2) ||
	    (after[0] != NULL && !(cursor_number(call, after[0], &at) && cursor_id(call, after[1]))) ||
	    !db_all(call, "credential_list", NULL,
		ARGS(INT("rows", limit + 1),
		    after[0] == NULL ? (struct arg)NONE("at") : (struct arg)TIME("at", at),
		    TEXT("after", after[1])),
		&rep->base, "items"))
		return false;
	if (rep->n_items > (size_t)limit) {
		const Vouch__CredentialRow *last = rep->items[limit - 1];
		const char *values[2] = {
			arena_printf(call->arena, "%lld", (long long)time_of(last->issued_at)),
			id_uuid(last->id)};

		rep->n_items = (size_t)limit;
		rep->next = cursor_write(call, values, 2);
	}
	return true;
}

bool
credentials_get(struct call *call, const Vouch__GetCredential *req, Vouch__Credential *rep)
{
	const struct shop *shop = call->state;

	if (!db_one(call, "credential_get", &req->base, NULL, &rep->base))
		return false;
	if (strcmp(req->as, "image/svg+xml") == 0)
		rep->svg = picture_svg(call, rep->title, rep->jwt);
	else if (strcmp(req->as, "image/png") == 0)
		rep->png = picture_png(call, shop->pictures, rep->title, rep->jwt);
	return call->status == VOUCH__STATUS__OK;
}

/* JSON as text in the call's arena; takes JSON. */
static char *
text_of(struct call *call, json_t *json)
{
	size_t n = json != NULL ? json_dumpb(json, NULL, 0, JSON_COMPACT) : 0;
	char *text = json != NULL ? arena_alloc(call->arena, n + 1) : NULL;

	if (text != NULL)
		json_dumpb(json, text, n, JSON_COMPACT);
	json_decref(json);
	return text;
}

bool
credentials_keys(struct call *call, const Vouch__GetKeys *req, Vouch__KeySet *rep)
{
	json_t *list = json_array();

	(void)req;
	json_array_append_new(list, jws_jwk(key_of(call)));
	rep->keys = text_of(call, list);
	return rep->keys != NULL;
}

static const char *
did_of(struct call *call)
{
	char did[300];

	badge_did(config_text(call->config, "public_url"), did, sizeof(did));
	return arena_dup(call->arena, did, strlen(did));
}

bool
credentials_did(struct call *call, const Vouch__GetKeys *req, Vouch__DidDocument *rep)
{
	const struct jws_key *key = key_of(call);
	json_t *jwk = jws_jwk(key);

	(void)req;
	rep->document = text_of(call, badge_did_document(did_of(call), key->id, jwk));
	json_decref(jwk);
	return rep->document != NULL;
}

bool
credentials_profile(struct call *call, const Vouch__GetIssuerProfile *req, Vouch__IssuerBadgeProfile *rep)
{
	Vouch__IssuerChanged issuer = VOUCH__ISSUER_CHANGED__INIT;

	if (!db_one(call, "issuer_get", &req->base, NULL, &issuer.base))
		return false;
	rep->document = text_of(call,
	    json_pack("{s:[s,s], s:o, s:[s], s:s, s:s}", "@context", "https://www.w3.org/ns/credentials/v2",
		"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", "id",
		json_sprintf(
		    "%s/api/v1/issuers/%s/profile", config_text(call->config, "public_url"), req->id),
		"type", "Profile", "name", issuer.name, "url", issuer.website));
	return rep->document != NULL;
}

bool
credentials_on_account_changed(struct call *call, const Vouch__AccountChanged *event, Vouch__Nothing *rep)
{
	(void)rep;
	return db_do(call, "person_put", &event->base, NULL);
}

bool
credentials_on_issuer_changed(struct call *call, const Vouch__IssuerChanged *event, Vouch__Nothing *rep)
{
	(void)rep;
	return db_do(call, "issuer_put", &event->base, NULL);
}

bool
credentials_on_micro_credential_published(
    struct call *call, const Vouch__MicroCredentialPublished *event, Vouch__Nothing *rep)
{
	(void)rep;
	return db_do(call, "version_put", &event->base, NULL);
}

/* What was judged, in words: the criteria of all parts. */
static char *
criteria_of(struct call *call, const Vouch__MicroCredentialDocument *document)
{
	char *text = arena_dup(call->arena, "", 0);

	for (size_t i = 0; i < document->n_parts; i++) {
		const Vouch__Rubric *rubric = document->parts[i]->rubric;

		for (size_t k = 0; rubric != NULL && k < rubric->n_criteria; k++)
			if (text != NULL && strlen(text) + strlen(rubric->criteria[k]->title) < CRITERIA_MAX)
				text = arena_printf(call->arena, "%s%s%s", text, text[0] != '\0' ? "\n" : "",
				    rubric->criteria[k]->title);
	}
	return text;
}

struct award {
	const Vouch__SubmissionDecided *event;
	const Vouch__AwardSources *sources;
	const char *id;
	char *criteria, *document, *jwt;
	struct badge badge;
};

static bool
sign_award(struct call *call, struct award *a)
{
	const struct jws_key *key = key_of(call);
	const char *base = config_text(call->config, "public_url"), *issuer = call_issuer(call);
	char *valid_from = arena_alloc(call->arena, INSTANT_SIZE);
	json_t *document, *claims;

	if (valid_from == NULL)
		return refuse(call, VOUCH__STATUS__INTERNAL, "a defect on our side");
	instant_format(time_of(a->event->decided_at), valid_from);
	a->criteria = criteria_of(call, a->sources->document);
	a->badge = (struct badge){
		.url = arena_printf(call->arena, "%s/api/v1/credentials/%s~%s", base, issuer, a->id),
		.did = did_of(call),
		.issuer_url = arena_printf(call->arena, "%s/api/v1/issuers/%s/profile", base, issuer),
		.issuer_name = a->sources->issuer,
		.achievement_url = arena_printf(call->arena, "%s/api/v1/micro-credentials/%s~%s", base,
		    issuer, a->event->micro_credential_id),
		.title = a->sources->document->title,
		.description = a->sources->document->competency[0] != '\0' ?
		    a->sources->document->competency :
		    a->sources->document->summary,
		.criteria = a->criteria,
		.recipient_name = a->sources->person,
		.valid_from = valid_from,
	};
	document = badge_document(&a->badge);
	if (document == NULL)
		return refuse(call, VOUCH__STATUS__INTERNAL, "a defect on our side");
	claims = badge_claims(document, &a->badge, time_of(a->event->decided_at) / 1000000);
	a->jwt = jws_sign(
	    call->arena, key, "vc+jwt", arena_printf(call->arena, "%s#%s", a->badge.did, key->id), claims);
	json_decref(claims);
	a->document = text_of(call, document);
	return (a->jwt != NULL && a->document != NULL) ||
	    refuse(call, VOUCH__STATUS__INTERNAL, "a defect on our side");
}

static bool
keep_award(struct call *call, const struct award *a, bool *first)
{
	const struct jws_key *key = key_of(call);
	const Vouch__MicroCredentialDocument *d = a->sources->document;
	char **components = arena_alloc(call->arena, (d->n_method_components + 1) * sizeof(*components));

	for (size_t i = 0; components != NULL && i < d->n_method_components; i++)
		components[i] = d->method_components[i]->title;
	return db_maybe(call, "credential_put", &a->event->base,
	    ARGS(TEXT("id", a->id), TEXT("title", d->title), TEXT("recipient_name", a->sources->person),
		TEXT("competency", d->competency),
		LIST("method_components", components, d->n_method_components), TEXT("criteria", a->criteria),
		TIME("issued_at", call->now), TEXT("key_id", key->id), TEXT("url", a->badge.url),
		TEXT("jwt", a->jwt), TEXT("document", a->document)),
	    NULL, first);
}

bool
credentials_on_submission_decided(
    struct call *call, const Vouch__SubmissionDecided *event, Vouch__Nothing *rep)
{
	Vouch__AwardSources sources = VOUCH__AWARD_SOURCES__INIT;
	Vouch__CredentialIssued issued = VOUCH__CREDENTIAL_ISSUED__INIT;
	struct award award = {.event = event, .sources = &sources};
	bool found, first;

	(void)rep;
	if (event->outcome != VOUCH__OUTCOME__AWARDED)
		return true;
	if (!db_maybe(call, "award_sources", &event->base, NULL, &sources.base, &found))
		return false;
	if (!found || sources.document == NULL)
		return refuse(
		    call, VOUCH__STATUS__UNAVAILABLE, "not yet: what it is made of has not arrived");
	award.id = id_new(call);
	if (award.id == NULL || !sign_award(call, &award) || !keep_award(call, &award, &first))
		return false;
	if (!first)
		return true; /* an earlier delivery made it */
	issued.submission_id = event->submission_id;
	issued.credential_id = (char *)award.id;
	issued.earner_id = event->earner_id;
	issued.title = sources.document->title;
	issued.code = event->code;
	issued.issued_at = time_new(call, call->now);
	return announce(call, &issued.base);
}
