/*
 * fuzz_json.c: any bytes as a request. What parses goes into several messages,
 * through their bounds, out again and back in: what was written from a message
 * always reads back as the same. The first byte chooses the message, and whether
 * it is a request, a stored value, a parameter, a cursor or a code.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.pb-c.h"
#include "check.h"
#include "credential.pb-c.h"
#include "cursor.h"
#include "facts.pb-c.h"
#include "id.h"
#include "identity.pb-c.h"
#include "json.h"
#include "submission.pb-c.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const ProtobufCMessageDescriptor *const types[] = {
	&vouch__write_micro_credential__descriptor,
	&vouch__declare_all__descriptor,
	&vouch__grant_role__descriptor,
	&vouch__submission_received__descriptor,
	&vouch__credential__descriptor,
	&vouch__search_micro_credentials__descriptor,
	&vouch__done_row__descriptor,
	&vouch__create_issuer__descriptor,
};

enum { TYPES = sizeof(types) / sizeof(types[0]) };

static ProtobufCMessage *
message_new(struct arena *arena, const ProtobufCMessageDescriptor *type)
{
	ProtobufCMessage *m = arena_alloc(arena, type->sizeof_message);

	if (m != NULL)
		protobuf_c_message_init(type, m);
	return m;
}

/* A refused call tells why, in words that can be answered with. */
static void
hold_refusal(const struct call *call)
{
	assert(call->status != VOUCH__STATUS__OK && call->detail != NULL);
	for (const struct field_error *e = call->errors; e != NULL; e = e->next)
		assert(e->field != NULL && e->rule != NULL && e->message != NULL);
}

static void
hold_round_trip(struct call *call, const ProtobufCMessage *m)
{
	json_t *json = json_from(m, true);
	ProtobufCMessage *back = message_new(call->arena, m->descriptor);

	if (json == NULL || back == NULL)
		return; /* a number that is not finite; a time that cannot be written was not let in */
	assert(json_into(call, json, back, "", true));
	json_t *again = json_from(back, true);
	assert(json_equal(json, again));
	json_decref(json);
	json_decref(again);
	json_decref(json_from(m, false));
}

static void
as_message(
    struct call *call, const ProtobufCMessageDescriptor *type, bool stored, const char *data, size_t size)
{
	char why[160];
	json_t *json = json_parse(data, size, why);
	ProtobufCMessage *m = message_new(call->arena, type);

	assert((json == NULL) == (why[0] != '\0'));
	if (json == NULL || m == NULL)
		return;
	if (!json_into(call, json, m, "", stored))
		hold_refusal(call);
	else if (!check_message(call, m))
		hold_refusal(call);
	else
		hold_round_trip(call, m);
	json_decref(json);
}

/* "name\0value": a parameter, then the value as what else people send as text. */
static void
as_text(struct call *call, const ProtobufCMessageDescriptor *type, const char *data, size_t size)
{
	char *name = arena_dup(call->arena, data, size), *value = name != NULL ? name + strlen(name) : NULL;
	ProtobufCMessage *m = message_new(call->arena, type);
	char code[CODE_SIZE], codes[4][CODE_SIZE];
	const char *values[2];
	bool wrong;

	if (value == NULL || m == NULL)
		return;
	value += value < name + size;
	if (json_set_text(call, m, name, value)) {
		assert(call->status == VOUCH__STATUS__OK);
		check_message(call, m);
	}
	if (cursor_read(call, value, values, 2))
		assert(value[0] == '\0' || (values[0] != NULL && values[1] != NULL));
	if (code_read(value, code) == CODE_OK)
		assert(strlen(code) == CODE_SIZE - 1 && code_find(code, codes, 4, &wrong) == 1 && !wrong);
	assert(code_find(value, codes, 4, &wrong) <= 4);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static Vouch__Caller nobody = VOUCH__CALLER__INIT;
	struct arena arena = {.max = 8 << 20};
	struct call call = {.arena = &arena, .caller = &nobody, .key = "", .trace = ""};

	if (size == 0)
		return 0;
	if (data[0] & 0x20)
		as_text(&call, types[data[0] % TYPES], (const char *)data + 1, size - 1);
	else
		as_message(&call, types[data[0] % TYPES], data[0] & 0x10, (const char *)data + 1, size - 1);
	arena_reset(&arena);
	return 0;
}
