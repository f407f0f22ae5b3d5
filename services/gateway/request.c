#include "request.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "admit.h"
#include "beside.h"
#include "call.h"
#include "endpoint.h"
#include "id.h"
#include "log.h"
#include "message.h"
#include "metrics.h"
#include "page.h"
#include "reply.h"
#include "upload.h"

enum { ARENA_OF_REQUEST = 8 << 20, SCRATCH_OF_REQUEST = 24 << 20 };

static int64_t
monotonic_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

struct request *
request_open(struct gateway *gateway, const char *target, struct arena *home)
{
	struct request *r;
	struct call clock = {.arena = home};

	home->max = ARENA_OF_REQUEST;
	r = arena_alloc(home, sizeof(*r));
	if (r == NULL)
		return NULL;
	r->gateway = gateway;
	r->scratch.max = SCRATCH_OF_REQUEST;
	r->target = target != NULL ? arena_dup(home, target, strlen(target)) : "";
	r->trace = id_new(&clock);
	r->began_us = monotonic_us();
	r->method = "";
	r->address = r->identity.token = r->key = "";
	r->answer.fd = -1;
	vouch__caller__init(&r->caller);
	vouch__reply_header__init(&r->reply_header);
	if (r->target == NULL || r->trace == NULL) {
		arena_reuse(home);
		return NULL;
	}
	r->home = home;
	r->arena = *home;
	*home = (struct arena){0};
	return r;
}

/* One line for each request, but not for every look of a load balancer. */
static void
log_request(const struct request *r)
{
	double ms = (double)(monotonic_us() - r->began_us) / 1000;
	const struct rpc *rpc = r->endpoint != NULL ? r->endpoint->rpc : NULL;
	const ProtobufCEnumValue *e = protobuf_c_enum_descriptor_get_value(
	    &vouch__status__descriptor, r->status);
	const char *name = rpc != NULL ? rpc->name : r->endpoint != NULL ? r->endpoint->path : "-";
	char word[32];
	size_t n = 0;

	for (; e != NULL && e->name[n] != '\0' && n < sizeof(word) - 1; n++)
		word[n] = (char)(e->name[n] >= 'A' && e->name[n] <= 'Z' ? e->name[n] | 0x20 : e->name[n]);
	word[n] = '\0';
	if (rpc != NULL)
		metrics_call(rpc, (int)r->status, ms / 1000);
	if (r->endpoint == NULL || r->endpoint->rpc != NULL || r->endpoint->needs_account)
		log_call(r->trace, name, r->caller.issuer_id, word, ms);
}

void
request_close(struct request *r)
{
	struct arena arena, *home = r->home;

	log_request(r);
	inflight_leave(r->gateway->inflight, &r->inflight);
	upload_close(r->upload);
	beside_close(r->besides);
	free(r->body.data);
	gateway_release(r->gateway, r->held);
	arena_reset(&r->scratch);
	arena = r->arena; /* the request itself stands in it */
	arena_reuse(&arena);
	*home = arena;
}

const char *
request_account(const struct request *r)
{
	return r->identity.who != NULL ? r->identity.who->account_id : "";
}

enum next
request_wait(struct request *r, bool (*go)(struct request *), enum next (*then)(struct request *))
{
	r->go = go;
	r->then = then;
	return NEXT_WAIT;
}

/* ---- asking services ------------------------------------------------------------- */

static char *
keep_text(struct request *r, const char *text)
{
	char *copy = text != NULL ? arena_dup(&r->arena, text, strlen(text)) : NULL;

	return copy != NULL ? copy : (char *)"";
}

static void
keep_header(struct request *r, const Vouch__ReplyHeader *header)
{
	Vouch__ReplyHeader *to = &r->reply_header;

	to->status = header->status;
	to->detail = keep_text(r, header->detail);
	to->retry_ms = header->retry_ms;
	to->n_errors = 0;
	to->errors = NULL;
	if (header->n_errors > 0)
		to->errors = arena_alloc(&r->arena, header->n_errors * sizeof(Vouch__FieldError *));
	for (size_t i = 0; to->errors != NULL && i < header->n_errors; i++) {
		Vouch__FieldError *e = arena_alloc(&r->arena, sizeof(*e));

		if (e == NULL)
			return;
		vouch__field_error__init(e);
		e->field = keep_text(r, header->errors[i]->field);
		e->rule = keep_text(r, header->errors[i]->rule);
		e->message = keep_text(r, header->errors[i]->message);
		to->errors[to->n_errors++] = e;
	}
}

void
request_on_reply(void *arg, const Vouch__ReplyHeader *header, ProtobufCBinaryData reply)
{
	struct request *r = arg;

	keep_header(r, header);
	r->reply.len = reply.len;
	r->reply.data = (uint8_t *)arena_dup(&r->arena, reply.data, reply.len);
	if (r->reply.data == NULL) {
		r->reply.len = 0;
		r->reply_header.status = VOUCH__STATUS__INTERNAL;
	}
	r->wake(r);
}

bool
request_send(struct request *r, const struct rpc *rpc, Vouch__Caller *caller, const char *key,
    ProtobufCBinaryData packed, int64_t deadline_ms)
{
	struct bus_request request = {.rpc = rpc,
		.caller = caller,
		.key = key,
		.trace = r->trace,
		.request = packed,
		.deadline_ms = deadline_ms,
		.done = request_on_reply,
		.arg = r};
	bool is_known = bus_knows(r->gateway->bus, rpc->service);

	/* Set before it is sent: after that the request belongs to who answers. */
	r->reply_header.status = is_known ? VOUCH__STATUS__OVERLOADED : VOUCH__STATUS__UNAVAILABLE;
	r->reply_header.detail = is_known ? "too many requests are under way" :
					    "the service does not run here";
	r->reply = (ProtobufCBinaryData){0};
	return is_known && bus_send(r->gateway->bus, &request);
}

/* ---- the steps --------------------------------------------------------------------- */

void
request_header(struct request *r, const char *name, size_t name_len, char *value, size_t value_len)
{
	struct refusal no = guard_header(&r->head, name, name_len, value, value_len);

	if (no.detail != NULL && r->refusal.detail == NULL)
		r->refusal = no;
}

/* Path and query, and who answers there. True: somebody does. */
static bool
find_endpoint(struct request *r)
{
	char *path = arena_dup(&r->arena, r->target, strlen(r->target));
	char *question = path != NULL ? strchr(path, '?') : NULL;
	enum route_result result = ROUTE_NO_PATH;

	if (question != NULL) {
		*question = '\0';
		r->query = question + 1;
	}
	if (path != NULL && path_split(path, &r->path))
		result = route_find(r->gateway->routes, r->method, &r->path, &r->match);
	r->endpoint = r->match.what;
	if (result == ROUTE_NO_PATH)
		reply_refuse(r, 404, "there is nothing at this address");
	else if (result == ROUTE_NO_VERB)
		reply_refuse(r, 405, "this address takes %s", r->match.allow);
	return result == ROUTE_FOUND;
}

enum next
request_begin(struct request *r, const char *method, const char *version)
{
	struct refusal no = r->refusal;

	r->method = method;
	if (no.detail == NULL)
		no = guard_line(method, r->target, version);
	if (no.detail == NULL)
		no = guard_head(&r->head, method, version);
	if (no.detail != NULL) {
		/* Not a word of it is trusted: neither how long its body is nor what its browser wants. */
		r->target = "/api/";
		reply_refuse(r, no.status, "%s", no.detail);
		r->answer.closes = true;
		return NEXT_ANSWER;
	}
	return find_endpoint(r) ? admit(r) : admit_not(r);
}

/* A body is as long as it says, or it grows by doubling. */
static bool
grow_body(struct request *r, size_t len)
{
	struct body *b = &r->body;
	size_t need = b->len + len, room = b->room > 0 ? b->room * 2 : (size_t)r->head.content_length;
	char *more;

	if (need <= b->room)
		return true;
	room = room < need ? need : room;
	if (!gateway_hold(r->gateway, room - b->room))
		return false;
	r->held += room - b->room;
	more = realloc(b->data, room);
	if (more == NULL)
		return false;
	b->data = more;
	b->room = room;
	return true;
}

void
request_data(struct request *r, const char *data, size_t len)
{
	struct body *b = &r->body;

	if (b->is_dropped)
		return;
	if (r->upload != NULL) {
		upload_push(r->upload, data, len);
		return;
	}
	if (b->len + len > BODY_MAX) {
		reply_refuse(r, 413, "the body is larger than the %d bytes that are taken here", BODY_MAX);
		r->answer.closes = true;
		b->is_dropped = true;
	} else if (!grow_body(r, len)) {
		reply_refuse(r, 503, "there is no memory for this at the moment");
		b->is_dropped = true;
	} else {
		memcpy(b->data + b->len, data, len);
		b->len += len;
	}
}

static enum next
called(struct request *r)
{
	Vouch__Status status = r->reply_header.status;
	const ProtobufCMessage *m = NULL;

	inflight_leave(r->gateway->inflight, &r->inflight);
	if (r->endpoint->alone && status >= VOUCH__STATUS__OVERLOADED && status <= VOUCH__STATUS__TIMEOUT) {
		r->status = status;
		return page_answer(r, NULL);
	}
	if (status == VOUCH__STATUS__OK && r->endpoint->beside != NULL)
		m = call_unpack(&r->arena, r->endpoint->rpc->out, r->reply.len, r->reply.data);
	return m != NULL ? beside_begin(r, m, reply_service) : reply_service(r);
}

static bool
call_service(struct request *r)
{
	const struct rpc *rpc = r->endpoint->rpc;
	ProtobufCBinaryData packed = r->packed;
	struct arena scratch = r->scratch;
	bool ok;

	/* The bus copies; while it is waited for, nothing of the request's body is kept. */
	r->scratch = (struct arena){.max = SCRATCH_OF_REQUEST};
	ok = request_send(r, rpc, &r->caller, r->key, packed, clock_ms() + rpc->deadline_ms);
	arena_reset(&scratch);
	return ok;
}

/*
 * The same key may run once at a time; without one of the client's the gateway makes
 * one, so that its own repeats are safe.
 */
static bool
claim_key(struct request *r, struct call *call)
{
	const struct rpc *rpc = r->endpoint->rpc;
	const char *who = request_account(r)[0] != '\0' ? request_account(r) : r->address;

	if (!rpc->writes)
		return true;
	if (r->key[0] == '\0') {
		call->arena = &r->arena;
		r->key = id_new(call);
		call->arena = &r->scratch;
		return r->key != NULL ||
		    refuse(call, VOUCH__STATUS__OVERLOADED, "there is no memory for this at the moment");
	}
	if (inflight_enter(r->gateway->inflight, &r->inflight, who, rpc->name, r->key))
		return true;
	call->retry_ms = 1000;
	return refuse(
	    call, VOUCH__STATUS__CONFLICT, "the first request under this Idempotency-Key is still running");
}

static enum next
compose(struct request *r)
{
	struct call call = {.arena = &r->scratch,
		.rpc = r->endpoint->rpc,
		.caller = &r->caller,
		.key = "",
		.trace = r->trace,
		.config = r->gateway->config};
	ProtobufCMessage *m = message_build(r, &call);

	free(r->body.data);
	r->body = (struct body){0};
	gateway_release(r->gateway, r->held);
	r->held = 0;
	if (m == NULL || !claim_key(r, &call))
		return reply_call(r, &call);
	/* The issuer is of the scratch arena, which goes when the call is sent. */
	r->caller.issuer_id = keep_text(r, r->caller.issuer_id);
	r->packed = call_pack(&r->scratch, m);
	if (r->packed.data == NULL || r->packed.len > BUS_MESSAGE_MAX)
		return reply_refuse(r, 413, "the request is larger than a service takes");
	return request_wait(r, call_service, called);
}

/* ---- files ---------------------------------------------------------------------------- */

static enum next
file_kept(struct request *r)
{
	if (r->job.result != STORE_DONE)
		return reply_refuse(r, 503, "files cannot be stored at the moment");
	upload_kept(r->upload, r->job.sha256, r->job.size);
	return compose(r);
}

static void
wake(void *arg)
{
	struct request *r = arg;

	r->wake(r);
}

static bool
keep_file(struct request *r)
{
	r->job.kind = STORE_KEEP;
	r->job.incoming = upload_incoming(r->upload);
	r->job.done = wake;
	r->job.arg = r;
	r->job.result = STORE_FAILED;
	return store_submit(r->gateway->store, &r->job);
}

static enum next
finish_upload(struct request *r)
{
	const char *why;
	int status = upload_finish(r->upload, &why);

	if (status != 0)
		return reply_refuse(r, status, "%s", why);
	return request_wait(r, keep_file, file_kept);
}

enum next
request_end(struct request *r)
{
	if (r->answer.status != 0)
		return NEXT_ANSWER;
	if (r->endpoint->rpc == NULL && !r->endpoint->takes_query && r->query != NULL && r->query[0] != '\0')
		return reply_refuse(r, 400, "this address takes no parameters");
	if (r->endpoint->rpc == NULL)
		return r->endpoint->run(r);
	if (reply_is_elsewhere(r))
		return NEXT_ANSWER;
	return r->upload != NULL ? finish_upload(r) : compose(r);
}
