/* credential.c: "/c/{id}": a credential, for anybody with its address. */
#include "credential.h"

#include <stdio.h>
#include <string.h>

#include "beside.h"
#include "catalog.rpc.h"
#include "credential.rpc.h"
#include "explore.h"
#include "field.h"
#include "instant.h"
#include "jws.h"
#include "page.h"
#include "shell.h"
#include "ui.h"
#include "words.h"

/* In what order the questions stand besides (page_credential_beside). */
enum { ASK_KEYS, ASK_MICRO_CREDENTIAL };

int
page_credential_beside(struct request *r, const ProtobufCMessage *reply, struct beside asks[BESIDE_MAX])
{
	const Vouch__Credential *c = (const Vouch__Credential *)reply;
	Vouch__GetKeys *keys = arena_alloc(&r->arena, sizeof(*keys));
	Vouch__GetMicroCredential *get = arena_alloc(&r->arena, sizeof(*get));

	if (keys == NULL || get == NULL)
		return 0;
	vouch__get_keys__init(keys);
	asks[ASK_KEYS] = (struct beside){.rpc = &rpc_credentials_keys, .ask = &keys->base};
	if (c->micro_credential_id[0] == '\0' || c->issuer == NULL)
		return 1;
	vouch__get_micro_credential__init(get);
	get->id = c->micro_credential_id;
	asks[ASK_MICRO_CREDENTIAL] = (struct beside){
		.rpc = &rpc_micro_credentials_get, .ask = &get->base, .issuer = c->issuer->id};
	return 2;
}

/* ---- what is checked ------------------------------------------------------------------------- */

enum signature
credential_signature(const struct request *r, const char *jwt, const Vouch__KeySet *keys)
{
	struct arena *arena = &((struct request *)r)->arena;
	json_t *set = keys != NULL ? json_loads(keys->keys, 0, NULL) : NULL;
	/* The message holds the set, or the list in it. */
	json_t *whole = json_is_array(set) ? json_pack("{s:O}", "keys", set) : json_incref(set);
	const char *why;
	json_t *claims = whole != NULL ? jws_verify(arena, jwt, whole, &why) : NULL;
	enum signature result = whole == NULL ? SIGNATURE_UNKNOWN :
	    claims != NULL                    ? SIGNATURE_HOLDS :
						SIGNATURE_BROKEN;

	json_decref(claims);
	json_decref(whole);
	json_decref(set);
	return result;
}

bool
credential_is_good(const Vouch__Credential *c)
{
	return strcmp(c->state, "issued") == 0;
}

static void
line(struct html *h, bool is_good, bool is_known, const char *title, const char *text,
    const struct word *words)
{
	html_raw(h, is_good ? "<li>" : is_known ? "<li class=\"no\">" : "<li class=\"open\">");
	ui_icon(h, is_good ? ICON_CHECK : is_known ? ICON_CLOSE : ICON_HELP);
	html_say_in(h, "strong", NULL, title, NULL);
	html_say_in(h, "p", NULL, text, words);
	html_raw(h, "</li>");
}

void
credential_checks(
    struct html *h, const struct request *r, const Vouch__Credential *c, enum signature signature)
{
	bool is_revoked = strcmp(c->state, "revoked") == 0, is_suspended = strcmp(c->state, "suspended") == 0;
	bool is_expired = strcmp(c->state, "expired") == 0;

	(void)r;
	html_raw(h, "<ul class=\"verify\">");
	line(h, signature == SIGNATURE_HOLDS, signature != SIGNATURE_UNKNOWN,
	    signature == SIGNATURE_HOLDS      ? "credential.signature" :
		signature == SIGNATURE_BROKEN ? "credential.signature_broken" :
						"credential.signature_unknown",
	    signature == SIGNATURE_UNKNOWN ? "credential.signature_later" : "credential.signature_text",
	    WORDS(WORD("issuer", c->issuer != NULL ? c->issuer->name : "")));
	line(h, !is_revoked && !is_suspended, true,
	    is_revoked       ? "credential.revoked" :
		is_suspended ? "credential.suspended" :
			       "credential.not_revoked",
	    is_revoked       ? "credential.revoked_text" :
		is_suspended ? "credential.suspended_text" :
			       "credential.not_revoked_text",
	    NULL);
	line(h, !is_expired, true, is_expired ? "credential.expired" : "credential.not_expired",
	    is_expired ? "credential.expired_text" : "credential.not_expired_text", NULL);
	line(h, true, true, "credential.person", "credential.person_text",
	    WORDS(WORD("name", c->recipient_name)));
	html_raw(h, "</ul>\n");
}

/* ---- the page -------------------------------------------------------------------------------- */

static int32_t
day_of(const Vouch__Credential *c)
{
	return c->issued_at != NULL ? (int32_t)(c->issued_at->seconds / DAY_SECONDS) : 0;
}

/* The first line says what is so: what was taken back must not look like what holds. */
static void
state(struct html *h, const Vouch__Credential *c, enum signature signature)
{
	static const struct {
		const char *state, *key;
	} gone[] = {{"revoked", "credential.tag_revoked"}, {"suspended", "credential.tag_suspended"},
		{"expired", "credential.tag_expired"}};

	html_raw(h, "<p>");
	for (size_t i = 0; i < sizeof(gone) / sizeof(gone[0]); i++)
		if (strcmp(gone[i].state, c->state) == 0)
			ui_tag(h, "bad", ICON_ALERT, gone[i].key);
	if (credential_is_good(c) && signature == SIGNATURE_HOLDS)
		ui_tag(h, "ok", ICON_SHIELD, "credential.tag_verified");
	else if (credential_is_good(c) && signature == SIGNATURE_BROKEN)
		ui_tag(h, "bad", ICON_ALERT, "credential.tag_broken");
	else if (credential_is_good(c))
		ui_tag(h, "", ICON_HELP, "credential.tag_unknown");
	html_raw(h, "</p>");
}

/* For a profile elsewhere: nothing is sent before it is clicked. */
static void
linkedin(struct html *h, const struct request *r, const Vouch__Credential *c, const char *path)
{
	int year, month, day;

	date_split(day_of(c), &year, &month, &day);
	html_raw(h,
	    "<a class=\"btn\" rel=\"noopener nofollow\" href=\"https://www.linkedin.com/profile/add?"
	    "startTask=CERTIFICATION_NAME&amp;name=");
	html_path(h, c->title);
	html_raw(h, "&amp;organizationName=");
	html_path(h, c->issuer != NULL ? c->issuer->name : "");
	html_raw(h, "&amp;issueYear=");
	html_number(h, year);
	html_raw(h, "&amp;issueMonth=");
	html_number(h, month);
	html_raw(h, "&amp;certUrl=");
	html_path(h, r->gateway->public_url);
	html_path(h, path);
	html_raw(h, "\">");
	html_say(h, "credential.linkedin", NULL);
	html_raw(h, "</a>");
}

static void
hero(struct html *h, const struct request *r, const Vouch__Credential *c, const char *path,
    enum signature signature)
{
	const Vouch__MicroCredential *m = (const Vouch__MicroCredential *)beside_reply(
	    r, ASK_MICRO_CREDENTIAL);
	const char *issuer = c->issuer != NULL ? c->issuer->id : "";

	html_raw(h, credential_is_good(c) ? "<div class=\"cred\">" : "<div class=\"cred gone\">");
	ui_seal(h, c->title, m != NULL && m->n_stacks > 0 ? m->stacks[0]->value : issuer, 272);
	html_raw(h, "<div>");
	state(h, c, signature);
	html_raw(h, "<h1 class=\"mt2\" dir=\"auto\">");
	html_text(h, c->title);
	html_raw(h, "</h1><p class=\"lead\">");
	html_say(h, "credential.awarded",
	    WORDS(WORD("name", c->recipient_name), WORD("issuer", c->issuer != NULL ? c->issuer->name : ""),
		DATE("day", day_of(c))));
	html_raw(h, "</p><div class=\"bar mt\"><button class=\"btn pri js\" type=\"button\" data-share");
	html_say_attr(h, "data-done", "credential.copied", NULL);
	html_raw(h, ">");
	ui_icon(h, ICON_SHARE);
	html_say_in(h, "span", NULL, "credential.share", NULL);
	html_raw(h, "</button>");
	if (credential_is_good(c))
		linkedin(h, r, c, path);
	html_raw(h, "<a class=\"btn\" href=\"#files\">");
	ui_icon(h, ICON_DOWNLOAD);
	html_say(h, "credential.download", NULL);
	html_raw(h, "</a></div></div></div>\n");
}

/* One criterion a line, as the credential keeps them. */
static void
criteria(struct html *h, const char *text)
{
	char title[600];

	html_raw(h, "<ul class=\"card\">");
	for (size_t n; text[0] != '\0'; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		snprintf(title, sizeof(title), "%.*s", (int)n, text);
		html_raw(h, "<li class=\"ev\">");
		ui_icon(h, ICON_CHECK);
		html_raw(h, "<div>");
		html_theirs(h, "h3", NULL, title);
		html_raw(h, "</div></li>");
	}
	html_raw(h, "</ul>\n");
}

static void
shown(struct html *h, const Vouch__Credential *c)
{
	html_raw(h, "<section class=\"stack\">");
	if (c->competency[0] != '\0') {
		html_say_in(h, "h2", NULL, "detail.competency", NULL);
		ui_paragraphs(h, "prose", c->competency);
	}
	if (c->n_method_components > 0) {
		html_raw(h, "<ol class=\"steps\">");
		for (size_t i = 0; i < c->n_method_components; i++)
			html_theirs(h, "li", NULL, c->method_components[i]);
		html_raw(h, "</ol>");
	}
	html_raw(h, "</section><section class=\"stack\">");
	if (c->criteria[0] != '\0') {
		html_say_in(h, "h2", NULL, "credential.saw", NULL);
		html_say_in(h, "p", "prose", "credential.saw_text", NULL);
		criteria(h, c->criteria);
	}
	html_say_in(h, "p", "sm soft", "credential.private", NULL);
	html_raw(h, "</section>\n");
}

static void
file(struct html *h, const Vouch__Credential *c, const char *suffix, const char *key)
{
	html_raw(h, "<a class=\"btn s\" download href=\"/api/v1/credentials/");
	html_path(h, c->id);
	html_raw(h, suffix);
	html_raw(h, "\">");
	html_say(h, key, NULL);
	html_raw(h, "</a>");
}

static void
files(struct html *h, const Vouch__Credential *c)
{
	html_raw(h, "<section class=\"stack\" id=\"files\">");
	html_say_in(h, "h2", NULL, "credential.files", NULL);
	html_say_in(h, "p", "prose", "credential.files_text", NULL);
	html_raw(h, "<p class=\"downloads\">");
	file(h, c, ".png", "credential.png");
	file(h, c, ".svg", "credential.svg");
	file(h, c, ".jwt", "credential.jwt");
	file(h, c, ".jsonld", "credential.jsonld");
	html_raw(h, "</p><p class=\"sm\">");
	html_say(h, "credential.keys",
	    WORDS(RAW("link", "<a href=\"/.well-known/jwks.json\">"), RAW("end", "</a>")));
	html_raw(h, "</p></section>\n");
}

static void
facts(struct html *h, const struct request *r, const Vouch__Credential *c)
{
	const Vouch__MicroCredential *m = (const Vouch__MicroCredential *)beside_reply(
	    r, ASK_MICRO_CREDENTIAL);

	html_raw(h, "<aside class=\"side\"");
	html_say_attr(h, "aria-label", "credential.facts", NULL);
	html_raw(h, "><dl class=\"facts card pad\">");
	ui_fact(h, "explore.issuer");
	html_raw(h, "<a href=\"/issuers/");
	html_path(h, c->issuer != NULL ? c->issuer->id : "");
	html_raw(h, "\">");
	html_element(h, "bdi", NULL, c->issuer != NULL ? c->issuer->name : "");
	html_raw(h, "</a>");
	ui_fact_end(h);
	if (m != NULL && m->n_stacks > 0) {
		ui_fact(h, "explore.stack");
		html_element(h, "bdi", NULL, m->stacks[0]->label);
		ui_fact_end(h);
	}
	if (m != NULL && m->estimated_hours > 0) {
		ui_fact(h, "credential.work");
		html_say(h, "credential.work_text", WORDS(NUMBER("hours", m->estimated_hours)));
		ui_fact_end(h);
	}
	if (m != NULL) {
		ui_fact(h, "credential.rubric");
		html_raw(h, "<a href=\"/mc/");
		html_path(h, m->id);
		html_raw(h, "\">");
		html_say(h, "credential.rubric_text", NULL);
		html_raw(h, "</a>");
		ui_fact_end(h);
	}
	ui_fact(h, "credential.id");
	html_element(h, "code", "num", c->id);
	ui_fact_end(h);
	ui_fact(h, "credential.key");
	html_element(h, "code", "num xs", c->key_id);
	ui_fact_end(h);
	html_raw(h, "</dl></aside>\n");
}

void
page_credential(struct html *h, const struct request *r, const ProtobufCMessage *reply)
{
	const Vouch__Credential *c = (const Vouch__Credential *)reply;
	struct request *mine = (struct request *)r; /* takes memory of its arena */
	enum signature signature = credential_signature(
	    r, c->jwt, (const Vouch__KeySet *)beside_reply(r, ASK_KEYS));
	char path[200], picture[240], data[240];
	const char *issuer = c->issuer != NULL ? c->issuer->name : "";
	struct page_head head = {.path = path,
		.picture = picture,
		.alternate = data,
		.alternate_type = "application/ld+json",
		.script = "share.js"};

	snprintf(path, sizeof(path), "/c/%s", c->id);
	snprintf(picture, sizeof(picture), "/api/v1/credentials/%s.png", c->id);
	snprintf(data, sizeof(data), "/api/v1/credentials/%s.jsonld", c->id);
	head.title = words_say(
	    mine, "credential.title", WORDS(WORD("title", c->title), WORD("name", c->recipient_name)));
	head.description = words_say(mine, "credential.awarded",
	    WORDS(WORD("name", c->recipient_name), WORD("issuer", issuer), DATE("day", day_of(c))));
	shell_begin(h, r, &head);
	html_raw(h, "<div class=\"wrap stack-l\">");
	hero(h, r, c, path, signature);
	html_raw(h, "<section class=\"card pad stack\">");
	html_say_in(h, "h2", NULL, "credential.checked", NULL);
	credential_checks(h, r, c, signature);
	html_raw(h, "<p class=\"sm\">");
	html_say(h, "credential.yourself", WORDS(RAW("link", "<a href=\"#files\">"), RAW("end", "</a>")));
	html_raw(h, "</p></section>\n<div class=\"two\"><div class=\"stack-l\">");
	shown(h, c);
	files(h, c);
	html_raw(h, "</div>");
	facts(h, r, c);
	html_raw(h, "</div></div>\n");
	shell_end(h, r, &head);
}
