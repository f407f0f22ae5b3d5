#include "message.h"

#include <assert.h>
#include <string.h>

#include "check.h"
#include "common.pb-c.h"
#include "endpoint.h"
#include "field.h"
#include "id.h"
#include "json.h"
#include "reply.h"
#include "upload.h"

enum { FIELDS_MAX = 128, AGENT_MAX = 300 };

/* The index of the field that PROTO files call NAME, or -1. */
static int
field_named(const ProtobufCMessageDescriptor *type, const char *name)
{
	for (unsigned i = 0; i < type->n_fields; i++)
		if (strcmp(type->fields[i].name, name) == 0)
			return (int)i;
	return -1;
}

/* The same by the name in JSON; hidden fields have none. */
static int
field_shown(const ProtobufCMessageDescriptor *type, const struct bound *bounds, const char *name)
{
	for (unsigned i = 0; i < type->n_fields; i++)
		if (!field_is_hidden(&bounds[i]) && strcmp(bounds[i].json, name) == 0)
			return (int)i;
	return -1;
}

static char **
text_at(ProtobufCMessage *m, int field)
{
	return (char **)((char *)m + m->descriptor->fields[field].offset);
}

static ProtobufCMessage **
message_at(ProtobufCMessage *m, unsigned field)
{
	return (ProtobufCMessage **)((char *)m + m->descriptor->fields[field].offset);
}

static bool
is_text(const ProtobufCFieldDescriptor *f)
{
	return f->type == PROTOBUF_C_TYPE_STRING && f->label != PROTOBUF_C_LABEL_REPEATED;
}

/* Sets the field called NAME in JSON from text, once unless it is a list. */
static bool
set_text(struct call *call, ProtobufCMessage *m, const char *name, const char *text, bool seen[FIELDS_MAX])
{
	const struct bound *bounds = bounds_of(m->descriptor);
	int i = field_shown(m->descriptor, bounds, name);

	if (i >= 0 && seen[i] && m->descriptor->fields[i].label != PROTOBUF_C_LABEL_REPEATED) {
		refuse(call, VOUCH__STATUS__MALFORMED, "%s stands twice", bounds[i].json);
		return refuse_field(call, bounds[i].json, "twice", "stands twice");
	}
	if (i >= 0)
		seen[i] = true;
	/* An unknown name goes on too: json_set_text() tells of it, cut to a harmless length. */
	return json_set_text(call, m, i >= 0 ? m->descriptor->fields[i].name : name, text);
}

/* Only JSON names are taken: a PROTO name, "evidence_type", must stay unknown. */
static bool
is_other_spelling(const ProtobufCMessageDescriptor *type, const char *name)
{
	return field_named(type, name) >= 0 && field_shown(type, bounds_of(type), name) < 0;
}

/* A page has at least one row: a limit of zero is not the same as none. */
static bool
check_limit(struct call *call, const ProtobufCMessage *m, const char *name)
{
	int i = strcmp(name, "limit") == 0 ? field_named(m->descriptor, name) : -1;
	const ProtobufCFieldDescriptor *f = i >= 0 ? &m->descriptor->fields[i] : NULL;

	uint32_t max = f != NULL ? bounds_of(m->descriptor)[i].max : 0;
	int32_t limit = f != NULL && f->type == PROTOBUF_C_TYPE_INT32 ?
	    *(const int32_t *)field_value(m, f, 0) :
	    1;

	return (limit >= 1 && (max == 0 || (uint32_t)limit <= max)) ||
	    refuse_field(call, "limit", "range", "must be 1 to %u", max);
}

/*
 * In which language a page is shown is its own business (words.h), and so is what it reads itself; its
 * forms send fields that are empty.
 */
static bool
is_of_page(const struct request *r, const char *name, const char *value)
{
	const char *at = r->endpoint->reads;
	size_t n = strlen(name);

	if (r->endpoint->render == NULL)
		return false;
	if (strcmp(name, "lang") == 0 || value[0] == '\0')
		return true;
	for (; at != NULL && *at != '\0'; at += strcspn(at, " ") + 1)
		if (strncmp(at, name, n) == 0 && at[n] == ' ')
			return true;
	return false;
}

static bool
fill_query(struct request *r, struct call *call, ProtobufCMessage *m)
{
	bool seen[FIELDS_MAX] = {false}, ok = true;
	/* Parameters are for what has no body; a POST says everything in its body. */
	bool takes = strcmp(r->endpoint->verb, "GET") == 0 || strcmp(r->endpoint->verb, "DELETE") == 0;
	char *rest = r->query, *name, *value;

	for (int i = 0; i < r->match.n_vars; i++) {
		int f = field_named(m->descriptor, r->match.vars[i].name);

		assert(f >= 0 && f < FIELDS_MAX);
		seen[f] = true;
	}
	while (query_next(&rest, &name, &value)) {
		if (is_of_page(r, name, value))
			continue;
		if (!takes || is_other_spelling(m->descriptor, name)) {
			refuse(
			    call, VOUCH__STATUS__MALFORMED, "%.60s is not a parameter of this request", name);
			ok = refuse_field(
			    call, "query", "unknown", "%.60s is not a parameter of this request", name);
		} else {
			ok = set_text(call, m, name, value, seen) && check_limit(call, m, name) && ok;
		}
	}
	return ok;
}

static bool
fill_body(struct request *r, struct call *call, ProtobufCMessage *m)
{
	char why[160];
	json_t *json;
	bool ok;

	if (r->body.len == 0)
		return true;
	json = json_parse(r->body.data, r->body.len, why);
	if (json == NULL)
		return refuse(call, VOUCH__STATUS__MALFORMED, "the body %s", why);
	ok = json_is_object(json) ? json_into(call, json, m, "", false) :
				    refuse(call, VOUCH__STATUS__MALFORMED, "the body must be a JSON object");
	json_decref(json);
	return ok;
}

static bool
fill_form(struct request *r, struct call *call, ProtobufCMessage *m)
{
	bool seen[FIELDS_MAX] = {false}, ok = true;

	if (r->upload == NULL)
		return true;
	for (const struct form_field *f = upload_fields(r->upload); f != NULL; f = f->next)
		ok = set_text(call, m, f->name, f->text, seen) && ok;
	for (unsigned i = 0; i < m->descriptor->n_fields; i++)
		if (m->descriptor->fields[i].descriptor == &vouch__stored_file__descriptor)
			*message_at(m, i) = upload_file(r->upload, call->arena);
	return ok;
}

/* The path names the record: a body that names another one contradicts it. */
static bool
fill_path(struct request *r, struct call *call, ProtobufCMessage *m)
{
	bool ok = true;

	for (int i = 0; i < r->match.n_vars; i++) {
		const char *name = r->match.vars[i].name, *value = r->match.vars[i].value;
		int f = field_named(m->descriptor, name);
		const struct bound *b = &bounds_of(m->descriptor)[f];

		if (!is_text(&m->descriptor->fields[f])) {
			ok = json_set_text(call, m, name, value) && ok;
			continue;
		}
		char **text = text_at(m, f);
		if (*text != NULL && (*text)[0] != '\0' && strcmp(*text, value) != 0) {
			refuse(call, VOUCH__STATUS__MALFORMED, "%s differs from the one in the address",
			    b->json);
			ok = refuse_field(call, b->json, "path", "differs from the one in the address");
		}
		*text = (char *)value;
	}
	return ok;
}

/* What a client says of itself, in printable ASCII: it ends in records and mails. */
static char *
agent(struct request *r, struct call *call)
{
	const char *s = r->head.known[KNOWN_USER_AGENT];
	char *copy = arena_dup(call->arena, s != NULL ? s : "", s != NULL ? strnlen(s, AGENT_MAX) : 0);

	for (char *c = copy; c != NULL && *c != '\0'; c++)
		if (*c < 0x20 || *c > 0x7e)
			*c = '?';
	return copy;
}

/* Fields that no client sets: the session, the connection, the version of If-Match. */
static void
fill_hidden(struct request *r, struct call *call, ProtobufCMessage *m)
{
	const struct bound *bounds = bounds_of(m->descriptor);

	for (unsigned i = 0; i < m->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *f = &m->descriptor->fields[i];

		if (bounds[i].session)
			*text_at(m, (int)i) = (char *)r->identity.token;
		else if (strcmp(bounds[i].source, "address") == 0)
			*text_at(m, (int)i) = (char *)r->address;
		else if (strcmp(bounds[i].source, "agent") == 0)
			*text_at(m, (int)i) = agent(r, call);
		else if (strcmp(bounds[i].source, "as") == 0)
			*text_at(m, (int)i) = (char *)reply_type(r);
		else if (strcmp(f->name, "if_match") == 0 && f->type == PROTOBUF_C_TYPE_INT64)
			*(int64_t *)((char *)m + f->offset) = r->if_match;
	}
}

/* ---- the issuer ----------------------------------------------------------------- */

/* The field that names the issuer (rule.proto); -1: none. */
static int
issuer_field(const struct rpc *rpc)
{
	const struct bound *bounds = bounds_of(rpc->in);

	if (rpc->issuer[0] != '\0')
		return field_named(rpc->in, rpc->issuer);
	for (unsigned i = 0; i < rpc->in->n_fields; i++)
		if (strcmp(bounds[i].form, "id") == 0 && is_text(&rpc->in->fields[i]))
			return (int)i;
	return field_named(rpc->in, "issuer_id");
}

/* The issuer that TEXT names, in the arena; NULL: none. */
static char *
issuer_of(struct call *call, const char *text, const char *form)
{
	const char *tilde = strchr(text, '~');

	if (strcmp(form, "id") == 0) {
		/* "*~uuid" is a row of all issuers. */
		if (!id_is_joined(text) && (strncmp(text, "*~", 2) != 0 || !id_is_uuid(text + 2)))
			return NULL;
		return arena_dup(call->arena, text, (size_t)(tilde - text));
	}
	if (id_is_slug(text) || (strcmp(form, "scope") == 0 && strcmp(text, "*") == 0))
		return arena_dup(call->arena, text, strlen(text));
	return NULL;
}

static bool
is_in_path(const struct request *r, const char *name)
{
	for (int i = 0; i < r->match.n_vars; i++)
		if (strcmp(r->match.vars[i].name, name) == 0)
			return true;
	return false;
}

/* Everything that is wrong with the message is told, not the issuer alone. */
static bool
find_issuer(struct request *r, struct call *call, ProtobufCMessage *m)
{
	const struct rpc *rpc = r->endpoint->rpc;
	int i = rpc->across ? -1 : issuer_field(rpc);
	const struct bound *b;

	r->caller.issuer_id = "";
	if (i < 0)
		return true;
	b = &bounds_of(rpc->in)[i];
	const char *text = *text_at(m, i);
	char *issuer = issuer_of(call, text != NULL ? text : "", b->form);

	if (issuer != NULL) {
		r->caller.issuer_id = issuer;
		return true;
	}
	if (is_in_path(r, rpc->in->fields[i].name))
		return refuse(call, VOUCH__STATUS__NOT_FOUND, "there is no such record");
	if (!check_message(call, m))
		return false;
	return refuse_field(call, b->json, "form", "must name an issuer");
}

ProtobufCMessage *
message_build(struct request *r, struct call *call)
{
	ProtobufCMessage *m = arena_alloc(call->arena, call->rpc->in->sizeof_message);
	bool ok;

	if (m == NULL) {
		refuse(call, VOUCH__STATUS__OVERLOADED, "there is no memory for this at the moment");
		return NULL;
	}
	assert(call->rpc->in->n_fields <= FIELDS_MAX);
	protobuf_c_message_init(call->rpc->in, m);
	ok = fill_body(r, call, m);
	ok = fill_form(r, call, m) && ok;
	ok = fill_query(r, call, m) && ok;
	ok = fill_path(r, call, m) && ok;
	fill_hidden(r, call, m);
	return ok && find_issuer(r, call, m) ? m : NULL;
}
