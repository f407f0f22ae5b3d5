#include "reply.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "endpoint.h"
#include "events.h"
#include "field.h"
#include "header.h"
#include "json.h"
#include "log.h"
#include "page.h"
#include "render.h"
#include "serve.h"
#include "session.h"

enum { REPRESENTATIONS_MAX = 6 };

bool
reply_wants_page(const struct request *r)
{
	static const char *const types[] = {"application/json", "application/problem+json", "text/html"};
	bool reads = r->method != NULL && (strcmp(r->method, "GET") == 0 || strcmp(r->method, "HEAD") == 0);

	return reads && r->head.known[KNOWN_ACCEPT] != NULL &&
	    accept_pick(r->head.known[KNOWN_ACCEPT], types, 3) == 2;
}

/* ---- refusals --------------------------------------------------------------------- */

/* Where people look at pages they get a page: outside the API, when their browser asks for HTML. */
static bool
is_for_people(const struct request *r)
{
	if (r->endpoint != NULL && r->endpoint->render != NULL)
		return true;
	return strncmp(r->target, "/api/", 5) != 0 && strncmp(r->target, "/.well-known/", 13) != 0 &&
	    reply_wants_page(r);
}

static enum next
answer_problem(struct request *r, struct problem p, uint32_t retry_ms)
{
	struct answer *a = &r->answer;
	int after = problem_retry_after(p.status, retry_ms);

	p.trace = r->trace;
	a->status = p.status;
	if (after > 0)
		answer_header(a, "Retry-After", arena_printf(&r->arena, "%d", after));
	if (p.status == 401)
		answer_header(a, "WWW-Authenticate",
		    r->identity.is_bearer ? "Bearer error=\"invalid_token\"" : "Bearer");
	if (p.status == 405 && r->match.allow[0] != '\0')
		answer_header(a, "Allow", r->match.allow);
	if (is_for_people(r)) {
		page_problem(r, &p);
		return NEXT_ANSWER;
	}
	a->body = problem_text(&p);
	a->owns_body = a->body != NULL;
	a->len = a->body != NULL ? strlen(a->body) : 0;
	a->type = "application/problem+json";
	return NEXT_ANSWER;
}

/* How the log calls what the gateway itself refused. */
static Vouch__Status
status_of(int http)
{
	switch (http) {
	case 401:
		return VOUCH__STATUS__UNAUTHENTICATED;
	case 403:
		return VOUCH__STATUS__FORBIDDEN;
	case 404:
	case 405:
		return VOUCH__STATUS__NOT_FOUND;
	case 409:
		return VOUCH__STATUS__CONFLICT;
	case 422:
		return VOUCH__STATUS__INVALID;
	case 428:
		return VOUCH__STATUS__KEY_REQUIRED;
	case 429:
		return VOUCH__STATUS__RATE_LIMITED;
	case 500:
		return VOUCH__STATUS__INTERNAL;
	case 503:
		return VOUCH__STATUS__OVERLOADED;
	default:
		return VOUCH__STATUS__MALFORMED;
	}
}

enum next
reply_refuse(struct request *r, int status, const char *format, ...)
{
	struct problem p = problem_http(status);
	char text[300];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	p.detail = text;
	r->status = status_of(status);
	return answer_problem(r, p, 0);
}

static enum next
refused(struct request *r, const Vouch__ReplyHeader *header, json_t *current)
{
	struct problem p = problem_of(header->status);

	p.detail = header->detail;
	p.header = header;
	p.current = current;
	r->status = header->status;
	return answer_problem(r, p, header->retry_ms);
}

enum next
reply_call(struct request *r, struct call *call)
{
	Vouch__ReplyHeader header = VOUCH__REPLY_HEADER__INIT;

	assert(call->status != VOUCH__STATUS__OK);
	call_reply_header(call, &header);
	return refused(r, &header, NULL);
}

static enum next
defect(struct request *r, const char *what)
{
	log_line(LOG_LEVEL_ERROR, r->trace, "%s: %s", r->endpoint->rpc->name, what);
	return reply_refuse(r, 500, "a defect on our side");
}

/* ---- what a service replied --------------------------------------------------------- */

enum next
reply_text(struct request *r, int status, const char *type, const char *text)
{
	r->answer.status = status;
	r->answer.type = type;
	r->answer.body = text;
	r->answer.len = strlen(text);
	return NEXT_ANSWER;
}

enum next
reply_elsewhere(struct request *r, const char *location)
{
	r->answer.status = 303;
	answer_header(&r->answer, "Location", location);
	answer_header(&r->answer, "Vary", "Accept");
	return NEXT_ANSWER;
}

/* Would a program rather have one of the forms of the record than the page? */
static bool
wants_data(const struct request *r)
{
	static const char *const types[] = {"text/html", "application/json", "application/vc+jwt",
		"application/ld+json", "application/vc+ld+json", "image/png", "image/svg+xml"};

	return accept_pick(r->head.known[KNOWN_ACCEPT], types, sizeof(types) / sizeof(types[0])) > 0;
}

bool
reply_is_elsewhere(struct request *r)
{
	const struct endpoint *e = r->endpoint;
	bool as_page = e->page != NULL && r->match.suffix == NULL && reply_wants_page(r);
	const char *pattern = as_page ? e->page : e->stands_for && wants_data(r) ? e->rpc->path : NULL;
	size_t path = strcspn(r->target, "?"), last = path;

	if (pattern == NULL)
		return false;
	while (last > 0 && r->target[last - 1] != '/')
		last--;
	reply_elsewhere(r,
	    arena_printf(&r->arena, "%s%.*s%.*s", as_page ? "" : "/api/v1", (int)strcspn(pattern, "{"),
		pattern, (int)(path - last), r->target + last));
	return true;
}

/*
 * Cookies and tags are built of values of our own services; whatever else stood there
 * would split the header.
 */
static bool
is_cookie_value(const char *s)
{
	size_t len = strlen(s);

	return len <= SESSION_TOKEN_MAX &&
	    strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~+/=") == len;
}

static bool
set_cookie(struct request *r, const char *token, long seconds)
{
	if (!is_cookie_value(token))
		return false;
	answer_header(&r->answer, "Set-Cookie",
	    arena_printf(&r->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax%s; Max-Age=%ld", SESSION_COOKIE,
		token, r->gateway->is_https ? "; Secure" : "", seconds));
	return true;
}

/* Signing in sets the cookie, signing out takes it back; and what the cache knew of the account is old. */
static bool
keep_session(struct request *r, const ProtobufCMessage *m)
{
	const struct rpc *rpc = r->endpoint->rpc;
	const struct bound *in = bounds_of(rpc->in), *out = bounds_of(rpc->out);
	const char *token = NULL;
	bool ends = false, is_of_identity = strcmp(rpc->service, "identity") == 0;
	uint8_t hash[SESSION_HASH];

	if (!rpc->writes || !is_of_identity)
		return true;
	for (unsigned i = 0; i < rpc->out->n_fields; i++)
		if (out[i].cookie)
			token = *(char *const *)field_value(m, &rpc->out->fields[i], 0);
	for (unsigned i = 0; i < rpc->in->n_fields; i++)
		ends |= in[i].session;
	session_hash(hash, r->identity.token);
	sessions_forget(r->gateway->sessions, request_account(r), hash);
	if (ends && r->identity.token[0] != '\0')
		events_end_session(r->gateway->events, hash);
	if (token != NULL && token[0] != '\0')
		return set_cookie(r, token, (long)config_int(r->gateway->config, "session_days") * 86400);
	return !ends || r->identity.is_bearer || set_cookie(r, "", 0);
}

int64_t
reply_version(const ProtobufCMessage *m)
{
	const struct bound *bounds = bounds_of(m->descriptor);

	for (unsigned i = 0; i < m->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *f = &m->descriptor->fields[i];
		const void *p;

		if (!bounds[i].etag)
			continue;
		p = field_value(m, f, 0);
		return f->type == PROTOBUF_C_TYPE_INT64 ? *(const int64_t *)p : *(const int32_t *)p;
	}
	return -1;
}

/* Adds the tag of the reply's version; true: the client has this version already. */
static bool
tag(struct request *r, const ProtobufCMessage *m)
{
	int64_t version = reply_version(m);
	const char *etag = version >= 0 ? arena_printf(&r->arena, "\"%" PRId64 "\"", version) : NULL;

	answer_header(&r->answer, "ETag", etag);
	if (etag != NULL && !r->endpoint->rpc->writes)
		r->answer.cache = request_account(r)[0] != '\0' ? "private, no-cache" : "no-cache";
	return etag != NULL && !r->endpoint->rpc->writes &&
	    etag_listed(r->head.known[KNOWN_IF_NONE_MATCH], etag);
}

struct representation {
	const char *type;
	int field; /* -1: the whole message as JSON */
};

/* What the reply can be sent as; JSON first, unless it has nothing but a representation of its own. */
static int
representations(const ProtobufCMessageDescriptor *type, struct representation out[REPRESENTATIONS_MAX])
{
	const struct bound *bounds = bounds_of(type);
	int n = 1;
	bool has_others = false;

	out[0] = (struct representation){"application/json", -1};
	for (unsigned i = 0; i < type->n_fields; i++) {
		if (bounds[i].as[0] == '\0')
			has_others |= !field_is_hidden(&bounds[i]);
		else if (n < REPRESENTATIONS_MAX)
			out[n++] = (struct representation){bounds[i].as, (int)i};
	}
	if (n > 1 && !has_others)
		memmove(out, out + 1, (size_t)--n * sizeof(*out));
	return n;
}

/* Chosen by the path's suffix, else by Accept; -1: none is acceptable. */
static int
choose(const struct request *r, const struct representation *list, int n)
{
	const struct bound *bounds = bounds_of(r->endpoint->rpc->out);
	const char *types[REPRESENTATIONS_MAX];

	for (int i = 0; i < n; i++) {
		types[i] = list[i].type;
		if (r->match.suffix != NULL && list[i].field >= 0 &&
		    strcmp(bounds[list[i].field].suffix, r->match.suffix) == 0)
			return i;
	}
	return n == 1 ? 0 : accept_pick(r->head.known[KNOWN_ACCEPT], types, n);
}

const char *
reply_type(const struct request *r)
{
	struct representation list[REPRESENTATIONS_MAX];
	int n = representations(r->endpoint->rpc->out, list), i = choose(r, list, n);

	return i < 0 ? "" : list[i].type;
}

static enum next
answer_json(struct request *r, const ProtobufCMessage *m)
{
	struct answer *a = &r->answer;

	a->body = render_json(m, &a->len);
	if (a->body == NULL)
		return defect(r, "the reply has no JSON");
	a->owns_body = true;
	a->type = "application/json";
	return NEXT_ANSWER;
}

static enum next
answer_field(struct request *r, const ProtobufCMessage *m, const struct representation *as)
{
	const ProtobufCFieldDescriptor *f = &m->descriptor->fields[as->field];
	const void *value = field_value(m, f, 0);
	ProtobufCBinaryData bytes = {0};
	enum next next;

	if (f->type == PROTOBUF_C_TYPE_BYTES) {
		bytes = *(const ProtobufCBinaryData *)value;
	} else if (*(char *const *)value != NULL) {
		bytes.data = *(uint8_t *const *)value;
		bytes.len = strlen((const char *)bytes.data);
	}
	if (bytes.len == 0)
		return reply_refuse(r, 404, "there is no such representation of this record");
	bytes.data = (uint8_t *)arena_dup(&r->arena, bytes.data, bytes.len);
	if (bytes.data == NULL)
		return defect(r, "the reply is too large");
	next = reply_text(r, r->answer.status, as->type, (const char *)bytes.data);
	r->answer.len = bytes.len; /* a picture may hold zeros */
	return next;
}

static enum next
answer_message(struct request *r, const ProtobufCMessage *m)
{
	struct representation list[REPRESENTATIONS_MAX];
	int n = representations(m->descriptor, list), i = choose(r, list, n);

	if (i < 0)
		return reply_refuse(r, 406, "this is to be had as %s or %s", list[0].type, list[n - 1].type);
	if (n > 1)
		answer_header(&r->answer, "Vary", "Accept");
	r->answer.status = (int)r->endpoint->rpc->success;
	if (r->answer.status == 204)
		return NEXT_ANSWER;
	if (list[i].field < 0)
		return answer_json(r, m);
	return answer_field(r, m, &list[i]);
}

static json_t *
current_json(struct request *r)
{
	ProtobufCMessage *m = r->reply.len == 0 ?
	    NULL :
	    call_unpack(&r->scratch, r->endpoint->rpc->out, r->reply.len, r->reply.data);

	return m != NULL ? json_from(m, false) : NULL;
}

enum next
reply_service(struct request *r)
{
	const struct rpc *rpc = r->endpoint->rpc;
	ProtobufCMessage *m;
	bool is_same;

	r->status = r->reply_header.status;
	if (r->status != VOUCH__STATUS__OK) {
		json_t *current = current_json(r);
		enum next next = refused(r, &r->reply_header, current);

		json_decref(current);
		return next;
	}
	m = call_unpack(&r->scratch, rpc->out, r->reply.len, r->reply.data);
	if (m == NULL)
		return defect(r, "the reply cannot be read");
	if (!keep_session(r, m))
		return defect(r, "the session has characters that a cookie cannot have");
	if (rpc->serves)
		return serve_file(r, m);
	if (r->endpoint->render != NULL)
		return page_answer(r, m);
	is_same = tag(r, m);
	answer_message(r, m);
	/*
	 * The body is made all the same: a 304 may only tell the length that the whole answer has
	 * (RFC 9110, 8.6).
	 */
	if (is_same && r->answer.status == 200)
		r->answer.status = 304;
	return NEXT_ANSWER;
}
