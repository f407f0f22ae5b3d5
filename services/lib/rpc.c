#include "rpc.h"

#include <assert.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>

/*
 * Both tables are constants that are written by protogen in the order of the
 * proto files; these indexes over them are made once. Each is at most half
 * full, so that a look ends soon.
 */
enum { SLOTS = 2048 };

static const struct rpc *rpc_slots[SLOTS];
static const struct message_bounds *bound_slots[SLOTS];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static size_t
hash_name(const char *name)
{
	size_t h = 5381;

	while (*name != '\0')
		h = h * 33 ^ (unsigned char)*name++;
	return h % SLOTS;
}

static size_t
hash_type(const ProtobufCMessageDescriptor *type)
{
	return ((uintptr_t)type >> 4) * 2654435761u % SLOTS;
}

static void
index_make(void)
{
	size_t n = 0;

	for (const struct rpc *const *r = rpcs; *r != NULL; r++) {
		size_t slot = hash_name((*r)->name);

		assert(++n <= SLOTS / 2);
		while (rpc_slots[slot] != NULL)
			slot = (slot + 1) % SLOTS;
		rpc_slots[slot] = *r;
	}
	n = 0;
	for (const struct message_bounds *b = message_bounds; b->type != NULL; b++) {
		size_t slot = hash_type(b->type);

		assert(++n <= SLOTS / 2);
		while (bound_slots[slot] != NULL)
			slot = (slot + 1) % SLOTS;
		bound_slots[slot] = b;
	}
}

const struct rpc *
rpc_find(const char *name)
{
	pthread_once(&once, index_make);
	for (size_t slot = hash_name(name); rpc_slots[slot] != NULL; slot = (slot + 1) % SLOTS)
		if (strcmp(rpc_slots[slot]->name, name) == 0)
			return rpc_slots[slot];
	return NULL;
}

const struct bound *
bounds_of(const ProtobufCMessageDescriptor *type)
{
	pthread_once(&once, index_make);
	for (size_t slot = hash_type(type); bound_slots[slot] != NULL; slot = (slot + 1) % SLOTS)
		if (bound_slots[slot]->type == type)
			return bound_slots[slot]->fields;
	return NULL;
}
