#include "admit.h"

#include <string.h>
#include <strings.h>

#include "endpoint.h"
#include "header.h"
#include "identity.rpc.h"
#include "origin.h"
#include "reply.h"
#include "session.h"
#include "upload.h"

/*
 * Who is in the middle of sending a body sees a broken connection, not the answer, when it ends
 * early: so what is refused is read and thrown away, up to so much.
 */
enum { DROP_MAX = 16 << 20 };

static enum next
drop(struct request *r, uint64_t max)
{
	const struct head *h = &r->head;

	r->body.is_dropped = true;
	if (!h->chunked && h->content_length == 0)
		return NEXT_READ;
	if (h->known[KNOWN_EXPECT] == NULL && !h->chunked && h->content_length <= max)
		return NEXT_READ;
	r->answer.closes = true;
	return NEXT_ANSWER;
}

enum next
admit_not(struct request *r)
{
	return drop(r, DROP_MAX);
}

/* ---- who asks -------------------------------------------------------------------- */

static enum next identified(struct request *r);

static bool
may_be_anyone(const struct request *r)
{
	if (r->endpoint->rpc == NULL)
		return !r->endpoint->needs_account;
	return (r->endpoint->rpc->may >> VOUCH__ROLE__ANYONE & 1) != 0;
}

static enum next
resolved(struct request *r)
{
	uint8_t hash[SESSION_HASH];

	session_hash(hash, r->identity.token);
	if (r->reply_header.status == VOUCH__STATUS__OK) {
		sessions_keep(r->gateway->sessions, hash, clock_ms(), r->session_epoch, r->reply);
		r->identity.who = (const Vouch__Resolved *)call_unpack(
		    &r->arena, &vouch__resolved__descriptor, r->reply.len, r->reply.data);
		return identified(r);
	}
	/* What is open to anyone stays open while nobody can say who asks. */
	if (may_be_anyone(r)) {
		r->identity.token = "";
		r->identity.is_bearer = false;
		return identified(r);
	}
	reply_refuse(r, 503, "whose session this is cannot be looked up at the moment");
	return admit_not(r);
}

static bool
resolve(struct request *r)
{
	Vouch__ResolveToken ask = VOUCH__RESOLVE_TOKEN__INIT;
	ProtobufCBinaryData packed;

	ask.token = (char *)r->identity.token;
	packed = call_pack(&r->arena, &ask.base);
	return packed.data != NULL &&
	    request_send(r, &rpc_sessions_resolve, r->gateway->self, "", packed,
		clock_ms() + rpc_sessions_resolve.deadline_ms);
}

/*
 * The token of the request: of Authorization, else of the cookie. False: Authorization
 * holds something else.
 */
static bool
find_token(struct request *r)
{
	const char *authorization = r->head.known[KNOWN_AUTHORIZATION], *token = NULL;
	size_t len = 0;

	r->identity.is_bearer = authorization != NULL;
	if (authorization != NULL) {
		token = bearer_read(authorization);
		len = token != NULL ? strlen(token) : 0;
		if (len == 0 || len > SESSION_TOKEN_MAX)
			return false;
	} else {
		token = cookie_find(r->head.known[KNOWN_COOKIE], SESSION_COOKIE, &len);
		if (token == NULL || len > SESSION_TOKEN_MAX)
			return true;
	}
	for (size_t i = 0; i < len; i++)
		if (token[i] <= 0x20 || token[i] > 0x7e)
			return !r->identity.is_bearer;
	token = arena_dup(&r->arena, token, len);
	r->identity.token = token != NULL ? token : "";
	return token != NULL;
}

static enum next
identify(struct request *r)
{
	uint8_t hash[SESSION_HASH];

	if (!find_token(r)) {
		reply_refuse(r, 401, "Authorization takes a Bearer token of this installation");
		return admit_not(r);
	}
	if (r->identity.token[0] == '\0')
		return identified(r);
	session_hash(hash, r->identity.token);
	r->identity.who = sessions_find(r->gateway->sessions, hash, clock_ms(), &r->arena, &r->session_epoch);
	return r->identity.who != NULL ? identified(r) : request_wait(r, resolve, resolved);
}

/* ---- what the head alone decides --------------------------------------------------- */

/*
 * A browser adds the cookie to whatever a foreign page makes it send: such a request
 * must not change anything.
 */
static bool
is_forged(const struct request *r)
{
	const char *const *known = r->head.known;
	enum origin origin = origin_of(
	    known[KNOWN_ORIGIN], known[KNOWN_SEC_FETCH_SITE], known[KNOWN_HOST], r->gateway->public_url);
	size_t len;

	if (strcmp(r->method, "GET") == 0 || strcmp(r->method, "HEAD") == 0 || r->identity.is_bearer)
		return false;
	if (origin == ORIGIN_UNSAID)
		return known[KNOWN_COOKIE] != NULL &&
		    cookie_find(known[KNOWN_COOKIE], SESSION_COOKIE, &len) != NULL;
	return origin == ORIGIN_FOREIGN;
}

/* Idempotency-Key and If-Match. True: well. */
static bool
read_conditions(struct request *r)
{
	const struct rpc *rpc = r->endpoint->rpc;
	const char *key = r->head.known[KNOWN_IDEMPOTENCY_KEY];
	enum match match = if_match_read(r->head.known[KNOWN_IF_MATCH], &r->if_match);

	if (rpc->writes && key != NULL && !key_is_valid(key)) {
		reply_refuse(r, 400, "Idempotency-Key takes 1 to %d bytes of UTF-8", KEY_MAX);
		return false;
	}
	if (rpc->key && key == NULL) {
		reply_refuse(r, 428, "this takes an Idempotency-Key: the same one when you send it again");
		return false;
	}
	if (rpc->if_match != VOUCH__MATCH__MATCH_NONE && match == MATCH_MALFORMED) {
		reply_refuse(r, 400, "If-Match takes the ETag of one version");
		return false;
	}
	/* "*" names no version: nothing is to be overwritten unseen. */
	if (rpc->if_match == VOUCH__MATCH__MATCH_REQUIRED && match != MATCH_VERSION) {
		reply_refuse(r, 428, "this takes If-Match with the ETag of the version that it starts from");
		return false;
	}
	r->key = rpc->writes && key != NULL ? key : "";
	return true;
}

static void
fill_caller(struct request *r)
{
	const Vouch__Resolved *who = r->identity.who;

	if (who == NULL)
		return;
	r->caller.account_id = who->account_id;
	r->caller.grants = who->grants;
	r->caller.n_grants = who->n_grants;
	r->caller.scopes = who->scopes;
	r->caller.n_scopes = who->n_scopes;
}

static bool
is_form(const struct request *r)
{
	return r->endpoint->rpc != NULL && r->endpoint->rpc->upload &&
	    media_type_is(r->head.known[KNOWN_CONTENT_TYPE], "multipart/form-data");
}

/* Bytes that a body may have. */
static uint64_t
body_max(const struct request *r)
{
	return is_form(r) ? (uint64_t)config_int(r->gateway->config, "evidence_max_bytes") + UPLOAD_OVERHEAD :
			    BODY_MAX;
}

static bool
body_is_too_large(struct request *r)
{
	uint64_t max = body_max(r);

	if (r->head.content_length <= max)
		return false;
	reply_refuse(
	    r, 413, "the body is larger than the %llu bytes that are taken here", (unsigned long long)max);
	return true;
}

/* A file on its way in, of somebody who is known. One that is a little too large is let run out, for its answer to be heard. */
static enum next
begin_upload(struct request *r)
{
	const char *why;

	if (body_is_too_large(r))
		return drop(r, 2 * body_max(r));
	r->upload = upload_open(r->gateway, &r->arena, r->head.known[KNOWN_CONTENT_TYPE], &why);
	if (r->upload != NULL)
		return NEXT_READ;
	reply_refuse(r, 400, "%s", why);
	return admit_not(r);
}

static enum next
identified(struct request *r)
{
	if (r->identity.is_bearer && request_account(r)[0] == '\0') {
		reply_refuse(r, 401, "the token is not valid (any more)");
		return admit_not(r);
	}
	if (is_forged(r)) {
		reply_refuse(r, 403, "a request with a session must come from a page of this site");
		return admit_not(r);
	}
	if (!may_be_anyone(r) && request_account(r)[0] == '\0') {
		reply_refuse(r, 401, "sign in first");
		return admit_not(r);
	}
	fill_caller(r);
	if (r->endpoint->rpc != NULL && !read_conditions(r))
		return admit_not(r);
	return is_form(r) ? begin_upload(r) : NEXT_READ;
}

/* Type and size of the body, as far as they are said. True: well. */
static bool
body_is_welcome(struct request *r)
{
	const struct head *h = &r->head;
	bool uploads = r->endpoint->rpc != NULL && r->endpoint->rpc->upload;

	if (!h->chunked && h->content_length == 0)
		return true;
	if (h->known[KNOWN_CONTENT_ENCODING] != NULL &&
	    strcasecmp(h->known[KNOWN_CONTENT_ENCODING], "identity") != 0) {
		reply_refuse(r, 415, "bodies are taken as they are, without Content-Encoding");
		return false;
	}
	if (is_form(r))
		return true;
	if (!media_type_is(h->known[KNOWN_CONTENT_TYPE], "application/json")) {
		reply_refuse(
		    r, 415, "the body must be application/json%s", uploads ? " or multipart/form-data" : "");
		return false;
	}
	return !body_is_too_large(r);
}

enum next
admit(struct request *r)
{
	bool wants = r->endpoint->rpc != NULL || r->endpoint->needs_account || r->endpoint->asks_who;

	if (!body_is_welcome(r))
		return admit_not(r);
	return wants ? identify(r) : NEXT_READ;
}
