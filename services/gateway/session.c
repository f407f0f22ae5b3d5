#include "session.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"

enum { SETS = 1024, WAYS = 4, PACKED_MAX = 2048 };

struct kept {
	uint8_t hash[SESSION_HASH];
	int64_t until_ms; /* 0: the place is free */
	char account_id[40];
	uint8_t *packed;
	size_t len;
};

struct sessions {
	pthread_mutex_t lock;
	int64_t keep_ms;
	uint64_t epoch;               /* counts what was forgotten */
	struct kept kept[SETS][WAYS]; /* a token may stand in the places of its set */
};

struct sessions *
sessions_open(int64_t keep_ms)
{
	struct sessions *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	pthread_mutex_init(&s->lock, NULL);
	s->keep_ms = keep_ms;
	return s;
}

static void
drop(struct kept *k)
{
	free(k->packed);
	*k = (struct kept){0};
}

void
sessions_close(struct sessions *s)
{
	if (s == NULL)
		return;
	for (int i = 0; i < SETS; i++)
		for (int j = 0; j < WAYS; j++)
			drop(&s->kept[i][j]);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

void
session_hash(uint8_t out[SESSION_HASH], const char *token)
{
	crypto_hash_sha256(out, (const unsigned char *)token, strlen(token));
}

static struct kept *
set_of(struct sessions *s, const uint8_t hash[SESSION_HASH])
{
	return s->kept[(hash[0] | hash[1] << 8) % SETS];
}

const Vouch__Resolved *
sessions_find(struct sessions *s, const uint8_t hash[SESSION_HASH], int64_t now_ms, struct arena *arena,
    uint64_t *epoch)
{
	struct kept *set = set_of(s, hash);
	ProtobufCBinaryData copy = {0};

	pthread_mutex_lock(&s->lock);
	*epoch = s->epoch;
	for (int j = 0; j < WAYS; j++)
		if (set[j].until_ms > now_ms && memcmp(set[j].hash, hash, SESSION_HASH) == 0) {
			copy.len = set[j].len;
			copy.data = (uint8_t *)arena_dup(arena, set[j].packed, set[j].len);
		}
	pthread_mutex_unlock(&s->lock);
	if (copy.data == NULL)
		return NULL;
	return (const Vouch__Resolved *)call_unpack(arena, &vouch__resolved__descriptor, copy.len, copy.data);
}

/* The place of the same token, else a free one, else the one that ends first. */
static struct kept *
choose(struct kept *set, const uint8_t hash[SESSION_HASH])
{
	struct kept *best = &set[0];

	for (int j = 0; j < WAYS; j++) {
		if (set[j].until_ms != 0 && memcmp(set[j].hash, hash, SESSION_HASH) == 0)
			return &set[j];
		if (set[j].until_ms < best->until_ms)
			best = &set[j];
	}
	return best;
}

void
sessions_keep(struct sessions *s, const uint8_t hash[SESSION_HASH], int64_t now_ms, uint64_t epoch,
    ProtobufCBinaryData packed)
{
	struct arena arena = {0};
	const Vouch__Resolved *resolved = (const Vouch__Resolved *)call_unpack(
	    &arena, &vouch__resolved__descriptor, packed.len, packed.data);
	bool is_worth_it = resolved != NULL && s->keep_ms > 0 && packed.len <= PACKED_MAX;
	uint8_t *copy = is_worth_it ? malloc(packed.len + 1) : NULL;
	struct kept *k;

	if (copy != NULL) {
		memcpy(copy, packed.data, packed.len);
		pthread_mutex_lock(&s->lock);
		if (s->epoch == epoch) {
			k = choose(set_of(s, hash), hash);
			drop(k);
			memcpy(k->hash, hash, SESSION_HASH);
			strncpy(k->account_id, resolved->account_id, sizeof(k->account_id) - 1);
			k->until_ms = now_ms + s->keep_ms;
			k->packed = copy;
			k->len = packed.len;
			copy = NULL;
		}
		pthread_mutex_unlock(&s->lock);
	}
	free(copy);
	arena_reset(&arena);
}

static bool
is_of(const struct kept *k, const char *account_id)
{
	return account_id != NULL && account_id[0] != '\0' && strcmp(k->account_id, account_id) == 0;
}

void
sessions_forget(struct sessions *s, const char *account_id, const uint8_t *hash)
{
	pthread_mutex_lock(&s->lock);
	s->epoch++;
	for (int i = 0; i < SETS; i++)
		for (int j = 0; j < WAYS; j++) {
			struct kept *k = &s->kept[i][j];

			if (k->until_ms != 0 &&
			    (is_of(k, account_id) ||
				(hash != NULL && memcmp(k->hash, hash, SESSION_HASH) == 0)))
				drop(k);
		}
	pthread_mutex_unlock(&s->lock);
}
