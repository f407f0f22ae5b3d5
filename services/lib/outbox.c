#include "outbox.h"

#include <assert.h>
#include <string.h>

#include "db.h"
#include "db_tx.h"

/* What EVENT is about: its first field. */
static const char *
subject_of(const ProtobufCMessage *event)
{
	const ProtobufCFieldDescriptor *f = &event->descriptor->fields[0];

	assert(f->type == PROTOBUF_C_TYPE_STRING && f->label != PROTOBUF_C_LABEL_REPEATED);
	return *(char *const *)(const void *)((const char *)event + f->offset);
}

bool
announce(struct call *call, const ProtobufCMessage *event)
{
	ProtobufCBinaryData payload;

	if (call->status != VOUCH__STATUS__OK)
		return false;
	assert(tx_is_open(call->db));
	payload = call_pack(call->arena, event);
	if (payload.data == NULL || payload.len > (960u << 10))
		return refuse(
		    call, VOUCH__STATUS__INVALID, "this is too large to be passed on; at most 960 KiB");
	for (const struct rpc *const *r = rpcs; *r != NULL; r++) {
		const char *method = strchr((*r)->name, '.') + 1;

		if ((*r)->in == event->descriptor && strncmp(method, "On", 2) == 0 &&
		    !db_do(call, "outbox_put", NULL,
			ARGS(TEXT("rpc", (*r)->name), TEXT("subject", subject_of(event)),
			    TEXT("trace", call->trace), BYTES("payload", payload))))
			return false;
	}
	return true;
}
