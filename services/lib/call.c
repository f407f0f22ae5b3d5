#include "call.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "check.h"
#include "db_tx.h"
#include "log.h"

enum { RUNS_MAX = 5 };

static bool refuse_v(struct call *call, Vouch__Status status, const char *format, va_list ap)
    __attribute__((format(printf, 3, 0)));

static bool
refuse_v(struct call *call, Vouch__Status status, const char *format, va_list ap)
{
	char text[512];

	if (call->status != VOUCH__STATUS__OK)
		return false;
	vsnprintf(text, sizeof(text), format, ap);
	call->status = status;
	call->detail = arena_dup(call->arena, text, strlen(text));
	return false;
}

bool
refuse(struct call *call, Vouch__Status status, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	refuse_v(call, status, format, ap);
	va_end(ap);
	return false;
}

bool
refuse_with_current(struct call *call, Vouch__Status status, const char *format, ...)
{
	va_list ap;

	if (call->status == VOUCH__STATUS__OK)
		call->shows_current = true;
	va_start(ap, format);
	refuse_v(call, status, format, ap);
	va_end(ap);
	return false;
}

bool
refuse_field(struct call *call, const char *field, const char *rule, const char *format, ...)
{
	struct field_error **end = &call->errors, *e = arena_alloc(call->arena, sizeof(*e));
	char text[512];
	va_list ap;
	int n = 0;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	refuse(call, VOUCH__STATUS__INVALID, "%s %s", field, text);
	while (*end != NULL && n++ < 200)
		end = &(*end)->next;
	if (e == NULL || n >= 200)
		return false;
	e->field = arena_dup(call->arena, field, strlen(field));
	e->rule = rule;
	e->message = arena_dup(call->arena, text, strlen(text));
	if (e->field != NULL && e->message != NULL)
		*end = e;
	return false;
}

const char *
call_account(const struct call *call)
{
	return call->caller->account_id;
}

const char *
call_issuer(const struct call *call)
{
	return call->caller->issuer_id;
}

static bool
grant_covers(const Vouch__Grant *grant, const char *issuer)
{
	/* A call across issuers is allowed to whoever holds the role anywhere; its statements narrow it down. */
	return issuer[0] == '\0' || strcmp(grant->issuer_id, "*") == 0 ||
	    strcmp(grant->issuer_id, issuer) == 0;
}

bool
call_has_role(const struct call *call, Vouch__Role role)
{
	const Vouch__Caller *c = call->caller;

	for (size_t i = 0; i < c->n_grants; i++)
		if (c->grants[i]->role == role && grant_covers(c->grants[i], c->issuer_id))
			return true;
	return false;
}

char **
call_issuers(struct call *call, Vouch__Role role, size_t *n)
{
	const Vouch__Caller *c = call->caller;
	char **list = arena_alloc(call->arena, (c->n_grants + 1) * sizeof(*list));

	*n = 0;
	for (size_t i = 0; list != NULL && i < c->n_grants; i++)
		if (c->grants[i]->role == role)
			list[(*n)++] = c->grants[i]->issuer_id;
	return list;
}

int64_t
clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void *
take(void *arena, size_t size)
{
	return arena_alloc(arena, size);
}

static void
keep(void *arena, void *p)
{
	(void)arena, (void)p; /* goes with the arena */
}

ProtobufCAllocator
call_allocator(struct call *call)
{
	return (ProtobufCAllocator){take, keep, call->arena};
}

struct budget {
	struct arena *arena;
	size_t left;
};

static void *
take_within(void *data, size_t size)
{
	struct budget *b = data;

	if (size > b->left)
		return NULL;
	b->left -= size;
	return arena_alloc(b->arena, size);
}

ProtobufCMessage *
call_unpack(struct arena *arena, const ProtobufCMessageDescriptor *type, size_t len, const uint8_t *data)
{
	size_t most = 8u << 20, least = 64u << 10, left = len * 16;
	struct budget budget = {arena, left < least ? least : left > most ? most : left};
	ProtobufCAllocator allocator = {take_within, keep, &budget};

	return protobuf_c_message_unpack(type, &allocator, len, data);
}

ProtobufCBinaryData
call_pack(struct arena *arena, const ProtobufCMessage *message)
{
	ProtobufCBinaryData out = {.len = protobuf_c_message_get_packed_size(message)};

	out.data = arena_alloc(arena, out.len + 1);
	if (out.data != NULL)
		protobuf_c_message_pack(message, out.data);
	return out;
}

/* "submission:read" allows the reads of a service, "submission:write" both, "all:..." every service. */
static bool
scope_allows(const struct call *call)
{
	const Vouch__Caller *c = call->caller;

	if (c->n_scopes == 0)
		return true;
	for (size_t i = 0; i < c->n_scopes; i++) {
		const char *colon = strchr(c->scopes[i], ':');
		size_t n = colon != NULL ? (size_t)(colon - c->scopes[i]) : 0;
		bool area = n == 3 && strncmp(c->scopes[i], "all", 3) == 0;

		if (colon == NULL)
			continue;
		area = area ||
		    (n == strlen(call->rpc->service) && strncmp(c->scopes[i], call->rpc->service, n) == 0);
		if (area &&
		    (strcmp(colon + 1, "write") == 0 ||
			(!call->rpc->writes && strcmp(colon + 1, "read") == 0)))
			return true;
	}
	return false;
}

static bool
may(struct call *call)
{
	const Vouch__Caller *c = call->caller;
	uint32_t held = 1u << VOUCH__ROLE__ANYONE;

	if (c->account_id[0] != '\0')
		held |= 1u << VOUCH__ROLE__ACCOUNT | 1u << VOUCH__ROLE__EARNER;
	for (size_t i = 0; i < c->n_grants; i++)
		if ((unsigned)c->grants[i]->role < 32 && grant_covers(c->grants[i], c->issuer_id))
			held |= 1u << c->grants[i]->role;
	if ((call->rpc->may & held) == 0)
		return held == 1u << VOUCH__ROLE__ANYONE ?
		    refuse(call, VOUCH__STATUS__UNAUTHENTICATED, "sign in first") :
		    refuse(call, VOUCH__STATUS__FORBIDDEN, "your role does not allow this");
	if (!scope_allows(call))
		return refuse(call, VOUCH__STATUS__FORBIDDEN, "the token's scopes do not allow this");
	return true;
}

const struct handler *
call_prepare(struct call *call, const struct handler *h, const char *method, ProtobufCBinaryData request)
{
	while (h->rpc != NULL && strcmp(h->rpc->name, method) != 0)
		h++;
	if (h->rpc == NULL) {
		refuse(call, VOUCH__STATUS__NOT_FOUND, "there is no such method");
		return NULL;
	}
	call->rpc = h->rpc;
	call->asked_by = call->caller;
	call->request = request;
	if (clock_ms() >= call->deadline_ms) {
		refuse(call, VOUCH__STATUS__TIMEOUT, "the deadline passed in the queue");
		return NULL;
	}
	if (!may(call))
		return NULL;
	if (call->rpc->writes && call->key[0] == '\0') {
		refuse(call, VOUCH__STATUS__KEY_REQUIRED, "an Idempotency-Key is required");
		return NULL;
	}
	if (!call->rpc->across && call->caller->issuer_id[0] == '\0') {
		refuse(call, VOUCH__STATUS__NOT_FOUND, "there is no such record");
		return NULL;
	}
	call->req = call_unpack(call->arena, call->rpc->in, request.len, request.data);
	call->rep = arena_alloc(call->arena, call->rpc->out->sizeof_message);
	if (call->req == NULL || call->rep == NULL) {
		refuse(call, VOUCH__STATUS__MALFORMED, "the request is malformed or too large");
		return NULL;
	}
	if (!check_message(call, call->req))
		return NULL;
	return h;
}

void
call_again(struct call *call)
{
	if (call->asked_by != NULL)
		call->caller = call->asked_by;
	call->status = VOUCH__STATUS__OK;
	call->detail = NULL;
	call->errors = NULL;
	call->shows_current = false;
	call->replay = NULL;
	call->retry = false;
	call->keeps = false;
}

bool
call_handle(struct call *call, const struct handler *handler, ProtobufCBinaryData *reply)
{
	bool ok;

	protobuf_c_message_init(call->rpc->out, call->rep);
	ok = handler->run(call, call->req, call->rep) && call->status == VOUCH__STATUS__OK;
	if (!ok && call->status == VOUCH__STATUS__OK)
		refuse(call, VOUCH__STATUS__INTERNAL, "a defect on our side");
	if (!ok && !call->shows_current)
		return false;
	*reply = call_pack(call->arena, call->rep);
	if (reply->data == NULL)
		return refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
	return ok;
}

/* One try of a writing call in a transaction of its own. */
static bool
run_once(struct call *call, const struct handler *h, ProtobufCBinaryData *reply)
{
	bool ok = tx_begin(call->db, call) && tx_claim(call);

	if (ok && call->replay != NULL) {
		*reply = *call->replay;
		tx_rollback(call->db);
		return true;
	}
	ok = ok && call_handle(call, h, reply);
	if (ok)
		ok = tx_done(call, reply) && tx_commit(call->db, call);
	else if (call->keeps && !call->retry && tx_unclaim(call))
		tx_commit(call->db, NULL);
	if (!ok)
		tx_rollback(call->db);
	return ok;
}

bool
call_run(struct call *call, const struct handler *handlers, const char *method, ProtobufCBinaryData request,
    ProtobufCBinaryData *reply)
{
	const struct handler *h = call_prepare(call, handlers, method, request);

	*reply = (ProtobufCBinaryData){0};
	if (h == NULL)
		return false;
	for (int i = 0; i < RUNS_MAX; i++) {
		if (i > 0)
			call_again(call);
		if (call->db != NULL && !tx_ready(call->db, call))
			return false;
		if (call->db != NULL)
			call->now = call->now != 0 ? call->now : tx_now(call->db);
		if (!call->rpc->writes) {
			bool ok = call_handle(call, h, reply);

			if (!call->retry)
				return ok;
		} else if (run_once(call, h, reply)) {
			return true;
		}
		if (!call->retry || clock_ms() >= call->deadline_ms)
			return false;
	}
	return false;
}

void
call_reply_header(struct call *call, Vouch__ReplyHeader *header)
{
	size_t n = 0;

	header->status = call->status;
	header->detail = (char *)(call->detail != NULL ? call->detail : "");
	header->retry_ms = (uint32_t)call->retry_ms;
	for (const struct field_error *e = call->errors; e != NULL; e = e->next)
		n++;
	header->errors = arena_alloc(call->arena, (n + 1) * sizeof(*header->errors));
	for (const struct field_error *e = call->errors; e != NULL && header->errors != NULL; e = e->next) {
		Vouch__FieldError *f = arena_alloc(call->arena, sizeof(*f));

		if (f == NULL)
			return;
		vouch__field_error__init(f);
		f->field = (char *)e->field;
		f->rule = (char *)e->rule;
		f->message = (char *)e->message;
		header->errors[header->n_errors++] = f;
	}
}
