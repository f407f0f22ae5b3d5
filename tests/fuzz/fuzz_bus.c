/*
 * fuzz_bus.c: any bytes as the frames of the bus, on both ends. An instance
 * takes them as a header and a request, up to where the handler would run; a
 * caller takes them as the header of an answer. The first two bytes are the
 * length of the first frame; what follows it is the second.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bus.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { RPCS_MAX = 400 };

/* Every rpc that there is, of whichever service. */
static const struct handler *
all_handlers(void)
{
	static struct handler handlers[RPCS_MAX + 1];

	for (int i = 0; rpcs[i] != NULL && handlers[i].rpc == NULL; i++) {
		assert(i < RPCS_MAX);
		handlers[i].rpc = rpcs[i];
	}
	return handlers;
}

/* What a refused call is answered with, a caller can read. */
static void
hold_answer(struct call *call)
{
	Vouch__ReplyHeader header = VOUCH__REPLY_HEADER__INIT, *read;
	ProtobufCBinaryData packed;

	assert(call->status != VOUCH__STATUS__OK && call->detail != NULL);
	call_reply_header(call, &header);
	packed = call_pack(call->arena, &header.base);
	if (packed.data == NULL)
		return; /* the arena is full */
	read = (Vouch__ReplyHeader *)call_unpack(
	    call->arena, &vouch__reply_header__descriptor, packed.len, packed.data);
	assert(read == NULL || read->n_errors == header.n_errors);
}

static void
as_request(struct arena *arena, ProtobufCBinaryData head, ProtobufCBinaryData body)
{
	static const Vouch__Caller nobody = VOUCH__CALLER__INIT;
	const Vouch__RequestHeader *h = (Vouch__RequestHeader *)call_unpack(
	    arena, &vouch__request_header__descriptor, head.len, head.data);
	struct call call = {.arena = arena, .deadline_ms = INT64_MAX};

	if (h == NULL)
		return;
	call.caller = h->caller != NULL ? h->caller : &nobody;
	call.key = h->key;
	call.trace = h->trace;
	if (call_prepare(&call, all_handlers(), h->method, body) == NULL)
		hold_answer(&call);
	else
		assert(call.req != NULL && call.rep != NULL && call.status == VOUCH__STATUS__OK);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	size_t split;
	ProtobufCBinaryData head, body;

	if (size < 2)
		return 0;
	split = (size_t)data[0] << 8 | data[1];
	data += 2;
	size -= 2;
	if (split > size)
		split = size;
	head = (ProtobufCBinaryData){split, (uint8_t *)data};
	body = (ProtobufCBinaryData){size - split, (uint8_t *)data + split};
	as_request(&arena, head, body);
	call_unpack(&arena, &vouch__reply_header__descriptor, head.len, head.data);
	call_unpack(&arena, &vouch__health__descriptor, body.len, body.data);
	arena_reset(&arena);
	return 0;
}
