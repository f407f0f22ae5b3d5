#include "outbox.h"

#include <assert.h>
#include <string.h>

#include "db.h"
#include "db_tx.h"

enum { EVENTS_MAX = 64 };

/* What EVENT is about: its first field. */
static const char *
subject_of(const ProtobufCMessage *event)
{
	const ProtobufCFieldDescriptor *f = &event->descriptor->fields[0];

	assert(f->type == PROTOBUF_C_TYPE_STRING && f->label != PROTOBUF_C_LABEL_REPEATED);
	return *(char *const *)(const void *)((const char *)event + f->offset);
}

/* The rpcs that hear of EVENT, with spaces between; "" for nobody. NULL: no memory. */
static char *
find_listeners(struct arena *arena, const ProtobufCMessage *event)
{
	char *names = arena_dup(arena, "", 0);

	for (const struct rpc *const *r = rpcs; *r != NULL && names != NULL; r++)
		if ((*r)->in == event->descriptor && strncmp(strchr((*r)->name, '.') + 1, "On", 2) == 0)
			names = arena_printf(arena, "%s%s%s", names, names[0] != '\0' ? " " : "", (*r)->name);
	return names;
}

/* The columns of the rows of outbox_put. In an arena, as what is put off is not copied. */
struct columns {
	char *issuers[EVENTS_MAX], *accounts[EVENTS_MAX], *rpcs[EVENTS_MAX], *subjects[EVENTS_MAX],
	    *traces[EVENTS_MAX];
	ProtobufCBinaryData payloads[EVENTS_MAX];
};

static bool
put(struct call *call, const struct columns *c, size_t n)
{
	return db_do(call, "outbox_put", NULL,
	    ARGS(LIST("issuers", c->issuers, n), LIST("accounts", c->accounts, n), LIST("rpcs", c->rpcs, n),
		LIST("subjects", c->subjects, n), LIST("traces", c->traces, n),
		BLOBS("payloads", c->payloads, n)));
}

/* Puts EVENT and those behind it, EVENTS_MAX a statement. */
static bool
put_all(struct call *call, const struct kept_event *event)
{
	while (event != NULL) {
		struct columns *c = arena_alloc(call->arena, sizeof(*c));
		size_t n = 0;

		if (c == NULL)
			return refuse(call, VOUCH__STATUS__INTERNAL, "the request is too large");
		for (; event != NULL && n < EVENTS_MAX; event = event->next, n++) {
			c->issuers[n] = event->issuer_id;
			c->accounts[n] = event->account_id;
			c->rpcs[n] = event->rpcs;
			c->subjects[n] = event->subject;
			c->traces[n] = event->trace;
			c->payloads[n] = event->payload;
		}
		if (!put(call, c, n))
			return false;
	}
	return true;
}

bool
announce_all(struct call *common)
{
	return put_all(common, lanes_take(common->db));
}

bool
announce(struct call *call, const ProtobufCMessage *event)
{
	struct kept_event *kept = arena_alloc(call->arena, sizeof(*kept));

	if (call->status != VOUCH__STATUS__OK)
		return false;
	assert(tx_is_open(call->db));
	if (kept == NULL || (kept->rpcs = find_listeners(call->arena, event)) == NULL)
		return refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
	kept->payload = call_pack(call->arena, event);
	if (kept->payload.data == NULL || kept->payload.len > (960u << 10))
		return refuse(
		    call, VOUCH__STATUS__INVALID, "this is too large to be passed on; at most 960 KiB");
	if (kept->rpcs[0] == '\0')
		return true;
	kept->issuer_id = (char *)call_issuer(call);
	kept->account_id = (char *)call_account(call);
	kept->subject = arena_dup(call->arena, subject_of(event), strlen(subject_of(event)));
	kept->trace = (char *)call->trace;
	if (kept->subject == NULL)
		return refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
	if (!lane_is_shared(call->db))
		return put_all(call, kept);
	/* Events of one subject must stand in the order of what they tell of. */
	if (lane_owes(call->db) && !db_settle(call))
		return false;
	lane_keep(call->db, kept);
	return true;
}
