#include "used.h"

#include <assert.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { PROBES_MAX = 16 };

struct used {
	pthread_mutex_t lock;
	struct used_note slots[USED_MAX]; /* by a hash of the id; an empty id: free */
};

struct used *
used_open(void)
{
	struct used *used = calloc(1, sizeof(*used));

	if (used != NULL)
		assert(pthread_mutex_init(&used->lock, NULL) == 0);
	return used;
}

void
used_close(struct used *used)
{
	if (used == NULL)
		return;
	pthread_mutex_destroy(&used->lock);
	free(used);
}

static uint32_t
hash(const char *s)
{
	uint32_t h = 2166136261u;

	for (; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h;
}

void
used_note(struct used *used, const char *account, const char *id, bool is_token)
{
	uint32_t at = hash(id);

	if (strlen(id) >= USED_ID_SIZE || strlen(account) >= USED_ID_SIZE)
		return;
	pthread_mutex_lock(&used->lock);
	for (uint32_t i = 0; i < PROBES_MAX; i++) {
		struct used_note *n = &used->slots[(at + i) % USED_MAX];

		if (n->id[0] != '\0' && strcmp(n->id, id) != 0)
			continue;
		memcpy(n->account, account, strlen(account) + 1);
		memcpy(n->id, id, strlen(id) + 1);
		n->is_token = is_token;
		break;
	}
	pthread_mutex_unlock(&used->lock);
}

size_t
used_take(struct used *used, bool is_token, struct used_note *out, size_t max)
{
	size_t n = 0;

	pthread_mutex_lock(&used->lock);
	for (size_t i = 0; i < USED_MAX && n < max; i++) {
		struct used_note *note = &used->slots[i];

		if (note->id[0] == '\0' || note->is_token != is_token)
			continue;
		out[n++] = *note;
		note->id[0] = '\0';
	}
	pthread_mutex_unlock(&used->lock);
	return n;
}
