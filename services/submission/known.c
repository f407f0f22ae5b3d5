#include "known.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "shared.h"

enum { WAYS = 4, SETS = KNOWN_MAX / WAYS };

struct kept {
	char *name; /* NULL: the place is free */
	ProtobufCBinaryData packed;
};

struct known {
	pthread_mutex_t lock;
	size_t bytes;
	unsigned turn; /* which place of a full set goes next */
	struct kept kept[SETS][WAYS];
};

struct known *
known_open(void)
{
	struct known *known = calloc(1, sizeof(*known));

	if (known != NULL)
		pthread_mutex_init(&known->lock, NULL);
	return known;
}

static void
drop(struct known *known, struct kept *k)
{
	known->bytes -= k->packed.len;
	free(k->name);
	free(k->packed.data);
	*k = (struct kept){0};
}

void
known_close(struct known *known)
{
	if (known == NULL)
		return;
	for (int i = 0; i < SETS; i++)
		for (int j = 0; j < WAYS; j++)
			drop(known, &known->kept[i][j]);
	pthread_mutex_destroy(&known->lock);
	free(known);
}

/* FNV-1a. */
static struct kept *
set_of(struct known *known, const char *name)
{
	uint32_t h = 2166136261u;

	for (; *name != '\0'; name++)
		h = (h ^ (uint8_t)*name) * 16777619u;
	return known->kept[h % SETS];
}

ProtobufCMessage *
known_find(struct known *known, struct call *call, const char *name, const ProtobufCMessageDescriptor *type)
{
	struct kept *set = set_of(known, name);
	ProtobufCBinaryData copy = {0};

	pthread_mutex_lock(&known->lock);
	for (int j = 0; j < WAYS; j++)
		if (set[j].name != NULL && strcmp(set[j].name, name) == 0) {
			copy.len = set[j].packed.len;
			copy.data = (uint8_t *)arena_dup(call->arena, set[j].packed.data, copy.len);
		}
	pthread_mutex_unlock(&known->lock);
	return copy.data == NULL ? NULL : call_unpack(call->arena, type, copy.len, copy.data);
}

/* The place of the same name, else a free one, else one of those that are taken. */
static struct kept *
choose(struct known *known, const char *name)
{
	struct kept *set = set_of(known, name), *best = NULL;

	for (int j = 0; j < WAYS; j++) {
		if (set[j].name != NULL && strcmp(set[j].name, name) == 0)
			return &set[j];
		if (set[j].name == NULL)
			best = &set[j];
	}
	return best != NULL ? best : &set[known->turn++ % WAYS];
}

void
known_keep(struct known *known, struct call *call, const char *name, const ProtobufCMessage *message)
{
	ProtobufCBinaryData packed = call_pack(call->arena, message);
	struct kept new = {.name = strdup(name), .packed = {packed.len, malloc(packed.len + 1)}};
	struct kept *place;
	bool fits = packed.data != NULL && new.name != NULL &&new.packed.data != NULL;

	if (fits) {
		memcpy(new.packed.data, packed.data, packed.len);
		pthread_mutex_lock(&known->lock);
		place = choose(known, name);
		drop(known, place);
		fits = known->bytes + packed.len <= KNOWN_BYTES_MAX;
		if (fits) {
			known->bytes += packed.len;
			*place = new;
		}
		pthread_mutex_unlock(&known->lock);
	}
	if (!fits) {
		free(new.name);
		free(new.packed.data);
	}
}

/* ---- what is kept ------------------------------------------------------------------ */

bool
known_rules(struct call *call, Vouch__SubmissionRecord *record)
{
	struct known *known = shared_of(call)->known;
	Vouch__SubmissionRecord read = VOUCH__SUBMISSION_RECORD__INIT;
	char *name = arena_printf(call->arena, "%s~%s~%d", call_issuer(call), record->micro_credential_id,
	    record->micro_credential_version);

	if (name == NULL)
		return refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
	record->document = (Vouch__MicroCredentialDocument *)known_find(
	    known, call, name, &vouch__micro_credential_document__descriptor);
	if (record->document != NULL)
		return true;
	if (!db_one(call, "version_rules", &record->base, NULL, &read.base))
		return false;
	record->document = read.document;
	known_keep(known, call, name, &record->document->base);
	return true;
}

bool
known_calendar(struct call *call, Vouch__SubmissionRecord *record)
{
	struct known *known = shared_of(call)->known;
	Vouch__SubmissionRecord read = VOUCH__SUBMISSION_RECORD__INIT;
	char *name = arena_printf(
	    call->arena, "%s %lld", call_issuer(call), (long long)record->issuer_version);
	bool found;

	if (name == NULL)
		return refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
	record->calendar = (Vouch__IssuerCalendar *)known_find(
	    known, call, name, &vouch__issuer_calendar__descriptor);
	if (record->calendar != NULL)
		return true;
	if (!db_maybe(call, "calendar_read", NULL, NULL, &read.base, &found))
		return false;
	record->calendar = read.calendar;
	/* It may have changed between the two looks: it is kept under its own version. */
	if (found && read.issuer_version == record->issuer_version)
		known_keep(known, call, name, &record->calendar->base);
	return true;
}
