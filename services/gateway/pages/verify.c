/* verify.c: "/verify": an address, an id or a signed file of a credential: does it hold? */
#include <jansson.h>
#include <string.h>

#include "beside.h"
#include "credential.h"
#include "credential.rpc.h"
#include "jws.h"
#include "page.h"
#include "shell.h"
#include "ui.h"
#include "words.h"

enum { ID_MAX = 160 };

static const char *
asked(const struct request *r)
{
	const char *text = words_parameter((struct request *)r, "credential"); /* memory of its arena */

	return text != NULL ? text + strspn(text, " \t\r\n") : "";
}

/* A signed token has three parts, the first of which is JSON. */
static bool
is_token(const char *text)
{
	return strncmp(text, "eyJ", 3) == 0 && strchr(text, '.') != NULL;
}

/* The id at the end of an address, or alone: "issuer~uuid". In ARENA; NULL: there is none. */
static char *
id_in(struct arena *arena, const char *text)
{
	const char *tilde = strrchr(text, '~'), *begin = tilde;
	size_t len;

	while (begin != NULL && begin > text && begin[-1] != '/')
		begin--;
	len = tilde != NULL ? (size_t)(tilde - begin) + 1 + strspn(tilde + 1, "0123456789abcdefABCDEF-") : 0;
	return len > 0 && len < ID_MAX ? arena_dup(arena, begin, len) : NULL;
}

/* What the token says its id is, unproven: it only tells what to look up. */
static char *
id_of_token(struct arena *arena, const char *token)
{
	const char *dot = strchr(token, '.');
	size_t n = 0, part = dot != NULL ? strcspn(dot + 1, ".") : 0;
	uint8_t *bytes = part > 0 ? base64url_read(arena, dot + 1, part, &n) : NULL;
	json_t *claims = bytes != NULL ? json_loadb((char *)bytes, n, 0, NULL) : NULL;
	const char *jti = json_string_value(json_object_get(claims, "jti"));
	char *id = jti != NULL ? id_in(arena, jti) : NULL;

	json_decref(claims);
	return id;
}

int
page_verify_beside(struct request *r, const ProtobufCMessage *reply, struct beside asks[BESIDE_MAX])
{
	const char *text = asked(r);
	char *id = is_token(text) ? id_of_token(&r->arena, text) : id_in(&r->arena, text);
	Vouch__GetCredential *get = arena_alloc(&r->arena, sizeof(*get));
	char *issuer = id != NULL ? arena_dup(&r->arena, id, strcspn(id, "~")) : NULL;

	(void)reply;
	if (get == NULL || issuer == NULL)
		return 0;
	vouch__get_credential__init(get);
	get->id = id;
	asks[0] = (struct beside){.rpc = &rpc_credentials_get, .ask = &get->base, .issuer = issuer};
	return 1;
}

static void
found(struct html *h, const struct request *r, const Vouch__Credential *c, enum signature signature)
{
	bool holds = signature == SIGNATURE_HOLDS && credential_is_good(c);

	html_raw(h, "<section class=\"card pad stack\" role=\"status\"><p>");
	ui_tag(h,
	    holds                              ? "ok" :
		signature == SIGNATURE_UNKNOWN ? "" :
						 "bad",
	    holds ? ICON_SHIELD : ICON_ALERT,
	    holds                              ? "credential.tag_verified" :
		signature == SIGNATURE_UNKNOWN ? "credential.tag_unknown" :
						 "verify.fails");
	html_raw(h, "</p>");
	html_theirs(h, "h2", NULL, c->title);
	html_raw(h, "<p>");
	html_say(h, "credential.awarded",
	    WORDS(WORD("name", c->recipient_name), WORD("issuer", c->issuer != NULL ? c->issuer->name : ""),
		DATE("day", c->issued_at != NULL ? c->issued_at->seconds / 86400 : 0)));
	html_raw(h, "</p>");
	credential_checks(h, r, c, signature);
	html_raw(h, "<p><a class=\"btn\" href=\"/c/");
	html_path(h, c->id);
	html_raw(h, "\">");
	html_say(h, "verify.open", NULL);
	html_raw(h, "</a></p></section>\n");
}

static void
result(struct html *h, const struct request *r, const Vouch__KeySet *keys)
{
	const Vouch__Credential *c = (const Vouch__Credential *)beside_reply(r, 0);
	const char *text = asked(r);

	if (text[0] == '\0')
		return;
	if (c != NULL) {
		/* Who brings a file is told of that file, not of ours. */
		found(h, r, c, credential_signature(r, is_token(text) ? text : c->jwt, keys));
		return;
	}
	html_raw(h, "<div role=\"status\">");
	ui_note(h, "warn", ICON_ALERT);
	html_say_in(h, "strong", NULL, "verify.none", NULL);
	html_say_in(h, "p", NULL, "verify.none_text", NULL);
	ui_note_end(h);
	html_raw(h, "</div>");
}

void
page_verify(struct html *h, const struct request *r, const ProtobufCMessage *reply)
{
	struct page_head head = {.path = "/verify", .place = PLACE_VERIFY, .script = "verify.js"};
	const char *text = asked(r);

	head.title = words_say((struct request *)r, "verify.title", NULL);
	head.description = words_say((struct request *)r, "verify.lead", NULL);
	shell_begin(h, r, &head);
	html_raw(h, "<div class=\"wrap narrow stack\">");
	html_element(h, "h1", NULL, head.title);
	html_say_in(h, "p", "lead", "verify.lead", NULL);
	result(h, r, (const Vouch__KeySet *)reply);
	html_raw(h,
	    "<form action=\"/verify\" class=\"stack\" id=\"verify\"><div class=\"field\">"
	    "<label for=\"credential\">");
	html_say(h, "verify.label", NULL);
	html_raw(h, "</label><p class=\"hint\" id=\"credential-hint\">");
	html_say(h, "verify.hint", NULL);
	html_raw(h,
	    "</p><textarea id=\"credential\" name=\"credential\" rows=\"3\" maxlength=\"7000\" spellcheck=\"false\" "
	    "dir=\"ltr\" aria-describedby=\"credential-hint\">");
	html_text(h, text);
	html_raw(h, "</textarea></div><div class=\"bar\"><button class=\"btn pri\">");
	html_say(h, "verify.verify", NULL);
	html_raw(h, "</button><label class=\"btn js\" data-file>");
	html_say_in(h, "span", NULL, "verify.file", NULL);
	html_raw(h,
	    "<input class=\"vh\" type=\"file\" accept=\".jwt,.svg,.png,.txt\"></label></div>"
	    "<p class=\"errmsg\" role=\"alert\" hidden");
	html_say_attr(h, "data-none", "verify.file_none", NULL);
	html_raw(h, "></p></form>\n");
	html_say_in(h, "p", "sm soft", "verify.foreign", NULL);
	html_raw(h, "</div>\n");
	shell_end(h, r, &head);
}
