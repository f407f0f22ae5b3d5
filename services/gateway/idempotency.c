#include "idempotency.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "guard.h"

enum { BUCKETS = 1024 };

struct inflight {
	pthread_mutex_t lock;
	struct inflight_entry *buckets[BUCKETS];
};

struct inflight *
inflight_open(void)
{
	struct inflight *t = calloc(1, sizeof(*t));

	if (t != NULL)
		pthread_mutex_init(&t->lock, NULL);
	return t;
}

void
inflight_close(struct inflight *t)
{
	if (t == NULL)
		return;
	pthread_mutex_destroy(&t->lock);
	free(t);
}

/* Each part with its NUL, so that no two different triples read alike. */
static void
digest(uint8_t out[16], const char *who, const char *route, const char *key)
{
	crypto_generichash_state state;

	crypto_generichash_init(&state, NULL, 0, 16);
	crypto_generichash_update(&state, (const unsigned char *)who, strlen(who) + 1);
	crypto_generichash_update(&state, (const unsigned char *)route, strlen(route) + 1);
	crypto_generichash_update(&state, (const unsigned char *)key, strlen(key) + 1);
	crypto_generichash_final(&state, out, 16);
}

bool
inflight_enter(
    struct inflight *t, struct inflight_entry *entry, const char *who, const char *route, const char *key)
{
	struct inflight_entry **bucket, *e;

	digest(entry->digest, who, route, key);
	bucket = &t->buckets[(entry->digest[0] | entry->digest[1] << 8) % BUCKETS];
	pthread_mutex_lock(&t->lock);
	for (e = *bucket; e != NULL && memcmp(e->digest, entry->digest, 16) != 0; e = e->next)
		;
	if (e == NULL) {
		entry->next = *bucket;
		entry->link = bucket;
		if (entry->next != NULL)
			entry->next->link = &entry->next;
		*bucket = entry;
	}
	pthread_mutex_unlock(&t->lock);
	return e == NULL;
}

void
inflight_leave(struct inflight *t, struct inflight_entry *entry)
{
	if (entry->link == NULL)
		return;
	pthread_mutex_lock(&t->lock);
	*entry->link = entry->next;
	if (entry->next != NULL)
		entry->next->link = entry->link;
	entry->link = NULL;
	pthread_mutex_unlock(&t->lock);
}

bool
key_is_valid(const char *key)
{
	size_t len = strlen(key);

	return len > 0 && len <= KEY_MAX && guard_utf8(key, len);
}
