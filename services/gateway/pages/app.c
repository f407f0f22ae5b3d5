#include "app.h"

#include <jansson.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assessment.rpc.h"
#include "asset.h"
#include "beside.h"
#include "catalog.rpc.h"
#include "endpoint.h"
#include "helpdesk.rpc.h"
#include "identity.rpc.h"
#include "page.h"
#include "render.h"
#include "reply.h"
#include "shell.h"
#include "submission.rpc.h"
#include "words.h"

/*
 * JSON inside a script element: "</script" and "<!--" would end it or change how it is
 * read (HTML, 4.12.1.3), and both begin with "<", which in JSON stands in strings only.
 */
static void
put_json(struct html *h, const char *json)
{
	char piece[256];

	for (size_t n; *json != '\0'; json += n) {
		n = strcspn(json, "<");
		n = n < sizeof(piece) - 1 ? n : sizeof(piece) - 1;
		memcpy(piece, json, n);
		piece[n] = '\0';
		html_raw(h, piece);
		if (json[n] == '<') {
			html_raw(h, "\\u003c");
			n++;
		}
	}
}

/* Who works here: {accountId, name, timeZone, roles: [{issuerId, role}]}; null when nobody is signed in. */
static json_t *
me_of(const struct request *r)
{
	const Vouch__Resolved *who = r->identity.who;
	json_t *roles;

	if (who == NULL || who->account_id[0] == '\0')
		return json_null();
	roles = json_array();
	for (size_t i = 0; i < who->n_grants; i++) {
		const ProtobufCEnumValue *role = protobuf_c_enum_descriptor_get_value(
		    &vouch__role__descriptor, who->grants[i]->role);
		char word[32] = "";

		for (size_t k = 0; role != NULL && k < sizeof(word) - 1 && role->name[k] != '\0'; k++)
			word[k] = (char)(role->name[k] >= 'A' && role->name[k] <= 'Z' ? role->name[k] | 0x20 :
											role->name[k]);
		json_array_append_new(
		    roles, json_pack("{s:s, s:s}", "issuerId", who->grants[i]->issuer_id, "role", word));
	}
	return json_pack("{s:s, s:s, s:s, s:o}", "accountId", who->account_id, "name", who->name, "timeZone",
	    who->time_zone, "roles", roles);
}

static json_t *
params_of(const struct request *r)
{
	json_t *params = json_object();

	for (int i = 0; i < r->match.n_vars; i++)
		json_object_set_new(params, r->match.vars[i].name, json_string(r->match.vars[i].value));
	return params;
}

/* The answers to what was asked besides, in order; null where there is none. */
static void
put_beside(struct html *h, const struct request *r)
{
	const ProtobufCMessage *reply;
	char *text;
	size_t len;

	html_raw(h, ",\"beside\":[");
	for (int i = 0; i < BESIDE_MAX; i++) {
		reply = beside_reply(r, i);
		text = reply != NULL ? render_json(reply, &len) : NULL;
		html_raw(h, i > 0 ? "," : "");
		put_json(h, text != NULL ? text : "null");
		free(text);
	}
	html_raw(h, "]");
}

static void
boot(struct html *h, const struct request *r, const ProtobufCMessage *reply, const char *language)
{
	int64_t version = reply_version(reply);
	char etag[32];
	size_t len;
	json_t *json = json_pack("{s:s, s:o, s:o, s:s}", "view", r->endpoint->view, "params", params_of(r),
	    "me", me_of(r), "lang", language);
	char *head, *data = render_json(reply, &len);

	snprintf(etag, sizeof(etag), "\"%lld\"", (long long)version);
	json_object_set_new(json, "etag", version >= 0 ? json_string(etag) : json_null());
	head = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	if (head == NULL || data == NULL) {
		h->is_broken = true;
	} else {
		head[strlen(head) - 1] = '\0'; /* its "}", for the data to follow */
		html_raw(h, "<script type=\"application/json\" id=\"boot\">");
		put_json(h, head);
		html_raw(h, ",\"data\":");
		put_json(h, data);
		if (r->endpoint->beside != NULL)
			put_beside(h, r);
		html_raw(h, "}</script>\n");
	}
	free(head);
	free(data);
}

/* Where a view stands in the bar on top, and its title until its script knows a better one. */
static const struct {
	const char *app, *view; /* NULL: all views of APP that no row above names */
	enum place place;
	const char *title;
} frames[] = {
	{"earner", NULL, PLACE_WORK, "shell.work"},
	{"work", "wallet", PLACE_WALLET, "shell.wallet"},
	{"work", "inbox", PLACE_NONE, "shell.notifications"},
	{"work", "account", PLACE_NONE, "settings.title"},
	{"work", "security", PLACE_NONE, "settings.title"},
	{"work", "preferences", PLACE_NONE, "settings.title"},
	{"work", NULL, PLACE_WORK, "shell.work"},
	{"assess", NULL, PLACE_QUEUE, "shell.queue"},
	{"ops", NULL, PLACE_OPS, "shell.ops"},
	{"desk", "tickets", PLACE_HELP, "ticket.title"},
	{"desk", "ticket", PLACE_HELP, "ticket.title"},
	{"desk", NULL, PLACE_DESK, "shell.desk"},
	{"studio", NULL, PLACE_STUDIO, "shell.studio"},
};

static struct page_head
head_of(const struct request *r)
{
	struct page_head head = {.title = "", .is_app = true};

	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		if (strcmp(frames[i].app, r->endpoint->app) != 0 ||
		    (frames[i].view != NULL && strcmp(frames[i].view, r->endpoint->view) != 0))
			continue;
		head.place = frames[i].place;
		/* Denser, for people who sit here all day. */
		head.class = frames[i].place == PLACE_QUEUE || frames[i].place == PLACE_OPS ||
			frames[i].place == PLACE_DESK || frames[i].place == PLACE_STUDIO ?
		    "desk" :
		    NULL;
		head.title = words_say((struct request *)r, frames[i].title, NULL);
		break;
	}
	return head;
}

enum { NAME_SIZE = 64 };

/* The rules that only this desk's pages have; a sheet may stand in the body (HTML, 4.2.4). */
static void
own_style(struct html *h, const struct request *r)
{
	char name[NAME_SIZE];

	snprintf(name, sizeof(name), "%s.css", r->endpoint->app);
	if (asset_find(name) == NULL)
		return;
	html_raw(h, "<link rel=\"stylesheet\"");
	html_attr(h, "href", asset_path(name));
	html_raw(h, ">");
}

void
page_app(struct html *h, const struct request *r, const ProtobufCMessage *reply)
{
	const char *language = language_tag(h->language);
	struct page_head head = head_of(r);
	char name[NAME_SIZE];

	snprintf(name, sizeof(name), "%s.%s.js", r->endpoint->app, language);
	shell_begin(h, r, &head);
	own_style(h, r);
	html_raw(h, "<div id=\"app\"></div>\n<noscript><p class=\"wrap\">");
	html_say(h, "app.needs_script", NULL);
	html_raw(h, "</p></noscript>\n");
	boot(h, r, reply, language);
	html_raw(h, "<script type=\"module\"");
	html_attr(h, "src", asset_path(name));
	html_raw(h, "></script>\n");
	shell_end(h, r, &head);
}

int
page_draft_beside(struct request *r, const ProtobufCMessage *reply, struct beside asks[BESIDE_MAX])
{
	const Vouch__Submission *s = (const Vouch__Submission *)reply;
	Vouch__GetMicroCredential *ask = arena_alloc(&r->arena, sizeof(*ask));
	const char *id = s->micro_credential != NULL ? s->micro_credential->id : "";

	if (ask == NULL || strchr(id, '~') == NULL)
		return 0;
	vouch__get_micro_credential__init(ask);
	ask->id = (char *)id;
	asks[0] = (struct beside){.rpc = &rpc_micro_credentials_get,
		.ask = &ask->base,
		.issuer = arena_dup(&r->arena, id, strcspn(id, "~"))};
	return 1;
}

int
page_security_beside(struct request *r, const ProtobufCMessage *reply, struct beside asks[BESIDE_MAX])
{
	Vouch__ListTokens *tokens = arena_alloc(&r->arena, sizeof(*tokens));
	Vouch__GetMe *me = arena_alloc(&r->arena, sizeof(*me));

	(void)reply;
	if (tokens == NULL || me == NULL)
		return 0;
	vouch__list_tokens__init(tokens);
	vouch__get_me__init(me);
	asks[0] = (struct beside){.rpc = &rpc_tokens_list, .ask = &tokens->base};
	asks[1] = (struct beside){.rpc = &rpc_accounts_me, .ask = &me->base};
	return 2;
}

enum { HELD_MAX = 50 };

int
page_queue_beside(struct request *r, const ProtobufCMessage *reply, struct beside asks[BESIDE_MAX])
{
	Vouch__ListReviews *mine = arena_alloc(&r->arena, sizeof(*mine));

	(void)reply;
	if (mine == NULL)
		return 0;
	vouch__list_reviews__init(mine);
	mine->queue = (char *)"mine";
	mine->limit = HELD_MAX;
	asks[0] = (struct beside){.rpc = &rpc_reviews_list, .ask = &mine->base};
	return 1;
}

enum { TICKETS_MAX = 100 };

int
page_desk_beside(struct request *r, const ProtobufCMessage *reply, struct beside asks[BESIDE_MAX])
{
	static char *unsolved[] = {"new", "open", "waiting_person", "waiting_review"};
	Vouch__ListTickets *desk = arena_alloc(&r->arena, sizeof(*desk));

	(void)reply;
	if (desk == NULL)
		return 0;
	vouch__list_tickets__init(desk);
	desk->queue = (char *)"desk";
	desk->state = unsolved;
	desk->n_state = sizeof(unsolved) / sizeof(unsolved[0]);
	desk->limit = TICKETS_MAX;
	asks[0] = (struct beside){.rpc = &rpc_tickets_list, .ask = &desk->base};
	return 1;
}

enum { LATE_MAX = 8 };

int
page_ops_beside(struct request *r, const ProtobufCMessage *reply, struct beside asks[BESIDE_MAX])
{
	Vouch__GetOverdue *late = arena_alloc(&r->arena, sizeof(*late));

	(void)reply;
	if (late == NULL)
		return 0;
	vouch__get_overdue__init(late);
	late->limit = LATE_MAX;
	asks[0] = (struct beside){.rpc = &rpc_ops_overdue, .ask = &late->base};
	return 1;
}

int
page_overdue_beside(struct request *r, const ProtobufCMessage *reply, struct beside asks[BESIDE_MAX])
{
	Vouch__GetQueues *queues = arena_alloc(&r->arena, sizeof(*queues));

	(void)reply;
	if (queues == NULL)
		return 0;
	vouch__get_queues__init(queues);
	asks[0] = (struct beside){.rpc = &rpc_ops_queues, .ask = &queues->base};
	return 1;
}
