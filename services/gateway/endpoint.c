#include "endpoint.h"

#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "assessment.rpc.h"
#include "asset.h"
#include "catalog.rpc.h"
#include "credential.rpc.h"
#include "events.h"
#include "helpdesk.rpc.h"
#include "identity.rpc.h"
#include "log.h"
#include "metrics.h"
#include "notification.rpc.h"
#include "page.h"
#include "ready.h"
#include "reply.h"
#include "submission.rpc.h"
#include "ui.h"
#include "words.h"

extern const char openapi_json[];

enum { PUBLIC_MAX = 512 };

struct endpoints {
	int n;
	struct endpoint list[PUBLIC_MAX]; /* one for each public rpc */
};

static enum next
openapi(struct request *r)
{
	r->answer.cache = "no-cache";
	return reply_text(r, 200, "application/json", openapi_json);
}

/* Whoever reads the site by a program finds pages, not links that set cookies or lists in every order. */
static enum next
robots(struct request *r)
{
	r->answer.cache = "public, max-age=86400";
	return reply_text(r, 200, "text/plain; charset=utf-8",
	    "User-agent: *\nDisallow: /preferences\nDisallow: /*sort=\nDisallow: /*cursor=\n");
}

/* For a collector on this host. Whoever came through a proxy is somebody else. */
static enum next
metrics(struct request *r)
{
	bool is_local = strcmp(r->address, "127.0.0.1") == 0 || strcmp(r->address, "::1") == 0 ||
	    r->address[0] == '\0';
	char *text;

	if (!is_local || r->head.known[KNOWN_FORWARDED_FOR] != NULL)
		return reply_refuse(r, 404, "there is nothing at this address");
	text = metrics_render();
	if (text == NULL)
		return reply_refuse(r, 503, "there is no memory for this at the moment");
	reply_text(r, 200, "text/plain; version=0.0.4; charset=utf-8", text);
	r->answer.owns_body = true;
	return NEXT_ANSWER;
}

/* A page that is worked in: SCRIPT shows VIEW, which begins with what RPC and, unless NULL, BESIDE say. */
#define APP(SCRIPT, VIEW, PATH, RPC, BESIDE) \
	{.verb = "GET", \
		.prefix = "", \
		.path = (PATH), \
		.rpc = (RPC), \
		.render = page_app, \
		.beside = (BESIDE), \
		.app = (SCRIPT), \
		.view = (VIEW)}

/* A page that asks no service. */
#define PAGE(PATH, RENDER) \
	{.verb = "GET", \
		.prefix = "", \
		.path = (PATH), \
		.run = page_alone, \
		.render = (RENDER), \
		.asks_who = true, \
		.takes_query = true}

#define EXPLORE(PATH) \
	{.verb = "GET", \
		.prefix = "", \
		.path = (PATH), \
		.rpc = &rpc_micro_credentials_search, \
		.render = page_explore, \
		.alone = true, \
		.beside = page_explore_beside}

/* How people see a record of the API. */
#define RECORD(PATH, RPC, RENDER, BESIDE) \
	{.verb = "GET", \
		.prefix = "", \
		.path = (PATH), \
		.rpc = (RPC), \
		.render = (RENDER), \
		.beside = (BESIDE), \
		.stands_for = true}

/* The address of a credential's page in older mails. */
static enum next
credential_moved(struct request *r)
{
	const char *id = strrchr(r->target, '/') + 1;

	return reply_elsewhere(r, arena_printf(&r->arena, "/c/%s", id));
}

/* What the gateway answers by itself, and the pages. */
static const struct endpoint own[] = {
	{.verb = "GET", .prefix = "", .path = "/health/live", .run = health_live},
	{.verb = "GET", .prefix = "", .path = "/health/ready", .run = health_ready},
	{.verb = "GET", .prefix = "", .path = "/metrics", .run = metrics},
	{.verb = "GET", .prefix = "/api/v1", .path = "/openapi.json", .run = openapi},
	{.verb = "GET", .prefix = "/api/v1", .path = "/events", .run = events_begin, .needs_account = true},
	{.verb = "GET", .prefix = "", .path = "/robots.txt", .run = robots},
	{.verb = "GET", .prefix = "", .path = "/favicon.svg", .run = ui_serve_icon},
	{.verb = "GET", .prefix = "", .path = "/seal/{name}", .run = ui_serve_seal},
	PAGE("/signin", page_signin),
	PAGE("/join", page_join),
	PAGE("/signout", page_signout),
	PAGE("/confirm", page_confirm),
	PAGE("/reset", page_reset),
	{.verb = "GET", .prefix = "", .path = "/preferences", .run = words_prefer, .takes_query = true},
	EXPLORE("/"),
	EXPLORE("/explore"),
	{.verb = "GET",
		.prefix = "",
		.path = "/explore/guide",
		.rpc = &rpc_micro_credentials_search,
		.render = page_guide,
		.reads = "step "},
	RECORD("/mc/{id}", &rpc_micro_credentials_get, page_detail, page_detail_beside),
	RECORD("/c/{id}", &rpc_credentials_get, page_credential, page_credential_beside),
	RECORD("/issuers/{id}", &rpc_issuers_get, page_issuer, page_issuer_beside),
	RECORD("/help/{slug}", &rpc_articles_get, page_article, NULL),
	{.verb = "GET",
		.prefix = "",
		.path = "/help",
		.rpc = &rpc_articles_list,
		.render = page_help,
		.alone = true},
	{.verb = "GET",
		.prefix = "",
		.path = "/help/new",
		.rpc = &rpc_submissions_list,
		.render = page_ask,
		.alone = true,
		.reads = "subject submission "},
	{.verb = "GET",
		.prefix = "",
		.path = "/verify",
		.rpc = &rpc_credentials_keys,
		.render = page_verify,
		.alone = true,
		.beside = page_verify_beside,
		.reads = "credential "},
	{.verb = "GET",
		.prefix = "",
		.path = "/submissions/{id}/sent",
		.rpc = &rpc_submissions_get,
		.render = page_sent},
	{.verb = "GET",
		.prefix = "",
		.path = "/submissions/{id}/result",
		.rpc = &rpc_submissions_get,
		.render = page_result,
		.beside = page_result_beside},
	{.verb = "GET", .prefix = "", .path = "/credentials/{id}", .run = credential_moved},
	{.verb = "GET", .prefix = "", .path = "/assets/{name}", .run = asset_serve},
	APP("earner", "draft", "/drafts/{id}", &rpc_submissions_get, page_draft_beside),
	APP("earner", "check", "/drafts/{id}/check", &rpc_submissions_get, page_draft_beside),
	APP("work", "work", "/work", &rpc_submissions_list, NULL),
	APP("work", "review", "/submissions/{id}", &rpc_submissions_get, NULL),
	APP("work", "wallet", "/wallet", &rpc_credentials_list, NULL),
	APP("work", "inbox", "/notifications", &rpc_notifications_list, NULL),
	APP("work", "account", "/account", &rpc_accounts_me, NULL),
	APP("work", "security", "/account/security", &rpc_sessions_list, page_security_beside),
	APP("work", "preferences", "/account/notifications", &rpc_notifications_list_preferences, NULL),
	APP("desk", "tickets", "/help/tickets", &rpc_tickets_list, NULL),
	APP("desk", "ticket", "/help/tickets/{id}", &rpc_tickets_get, NULL),
	{.verb = "GET",
		.prefix = "",
		.path = "/desk",
		.rpc = &rpc_tickets_list,
		.render = page_app,
		.beside = page_desk_beside,
		.app = "desk",
		.view = "desk",
		.reads = "view q "},
	{.verb = "GET",
		.prefix = "",
		.path = "/desk/{id}",
		.rpc = &rpc_tickets_get,
		.render = page_app,
		.beside = page_desk_beside,
		.app = "desk",
		.view = "desk",
		.reads = "view q "},
	APP("ops", "ops", "/ops", &rpc_ops_queues, page_ops_beside),
	APP("ops", "overdue", "/ops/overdue", &rpc_ops_overdue, page_overdue_beside),
	{.verb = "GET",
		.prefix = "",
		.path = "/studio",
		.rpc = &rpc_accounts_me,
		.render = page_app,
		.app = "studio",
		.view = "studio",
		.reads = "issuer state cursor "},
	APP("studio", "version", "/studio/mc/{id}", &rpc_studio_get, NULL),
	APP("assess", "queue", "/queue", &rpc_reviews_list, page_queue_beside),
	{.verb = "GET",
		.prefix = "",
		.path = "/queue/{id}",
		.rpc = &rpc_reviews_get,
		.render = page_app,
		.app = "assess",
		.view = "score",
		.frames = true},
	{.verb = "GET",
		.prefix = "",
		.path = "/queue/{id}/evidence/{evidence_id}",
		.rpc = &rpc_reviews_evidence_file,
		.framed = true},
};

/* The path of the page that stands for what RPC gives; NULL: there is none. */
static const char *
page_of(const struct rpc *rpc)
{
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (own[i].rpc == rpc && own[i].stands_for)
			return own[i].path;
	return NULL;
}

static void
fill(struct endpoint *e, const struct rpc *rpc)
{
	const struct bound *bounds = bounds_of(rpc->out);
	size_t n = 0;

	*e = (struct endpoint){.verb = rpc->verb,
		.prefix = rpc->root ? "" : "/api/v1",
		.path = rpc->path,
		.rpc = rpc,
		.page = page_of(rpc)};
	for (unsigned i = 0; i < rpc->out->n_fields; i++)
		if (bounds[i].suffix[0] != '\0' && n < sizeof(e->suffixes) / sizeof(e->suffixes[0]) - 1)
			e->suffixes[n++] = bounds[i].suffix;
}

static bool
add(struct routes *routes, const struct endpoint *e)
{
	if (routes_add(routes, e->verb, e->prefix, e->path, e->suffixes[0] != NULL ? e->suffixes : NULL, e))
		return true;
	log_error("the route %s %s%s cannot be added", e->verb, e->prefix, e->path);
	return false;
}

struct endpoints *
endpoints_open(struct routes *routes)
{
	struct endpoints *all = calloc(1, sizeof(*all));
	bool ok = all != NULL && routes != NULL;

	for (size_t i = 0; ok && i < sizeof(own) / sizeof(own[0]); i++)
		ok = add(routes, &own[i]);
	for (int i = 0; ok && rpcs[i] != NULL; i++) {
		if (rpcs[i]->verb[0] == '\0')
			continue;
		if (all->n == PUBLIC_MAX) {
			log_error("more than %d public rpcs", PUBLIC_MAX);
			ok = false;
			break;
		}
		fill(&all->list[all->n], rpcs[i]);
		ok = add(routes, &all->list[all->n++]);
	}
	if (ok)
		return all;
	free(all);
	return NULL;
}

void
endpoints_close(struct endpoints *endpoints)
{
	free(endpoints);
}
