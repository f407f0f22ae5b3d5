#include "peer.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "call.h"
#include "log.h"

struct peers {
	pthread_t watch;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool stopping;
	struct peer *first;
};

static bool
is_too_slow(const struct peer *p, int64_t now)
{
	int64_t age = now - atomic_load(&p->since_ms);

	switch (atomic_load(&p->at)) {
	case PEER_HEAD:
		return age > PEER_HEAD_MS;
	case PEER_BODY:
		return age > PEER_BODY_MS && (int64_t)atomic_load(&p->bytes) * 1000 / age < PEER_RATE;
	default:
		return false;
	}
}

static void *
watch(void *arg)
{
	struct peers *peers = arg;

	pthread_mutex_lock(&peers->lock);
	while (!peers->stopping) {
		int64_t now = clock_ms();
		struct timespec at = {.tv_sec = now / 1000 + 1, .tv_nsec = now % 1000 * 1000000};

		for (struct peer *p = peers->first; p != NULL; p = p->next)
			if (is_too_slow(p, now))
				shutdown(p->fd, SHUT_RDWR);
		pthread_cond_timedwait(&peers->changed, &peers->lock, &at);
	}
	pthread_mutex_unlock(&peers->lock);
	return NULL;
}

struct peers *
peers_open(void)
{
	struct peers *peers = calloc(1, sizeof(*peers));
	pthread_condattr_t monotonic;

	if (peers == NULL)
		return NULL;
	pthread_mutex_init(&peers->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&peers->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	if (pthread_create(&peers->watch, NULL, watch, peers) == 0)
		return peers;
	log_error("http: no thread");
	free(peers);
	return NULL;
}

void
peers_close(struct peers *peers)
{
	if (peers == NULL)
		return;
	pthread_mutex_lock(&peers->lock);
	peers->stopping = true;
	pthread_cond_signal(&peers->changed);
	pthread_mutex_unlock(&peers->lock);
	pthread_join(peers->watch, NULL);
	pthread_cond_destroy(&peers->changed);
	pthread_mutex_destroy(&peers->lock);
	free(peers);
}

struct peer *
peer_open(struct peers *peers, int fd)
{
	struct peer *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	p->fd = fd;
	atomic_store(&p->since_ms, clock_ms());
	pthread_mutex_lock(&peers->lock);
	p->next = peers->first;
	p->link = &peers->first;
	if (p->next != NULL)
		p->next->link = &p->next;
	peers->first = p;
	pthread_mutex_unlock(&peers->lock);
	return p;
}

void
peer_close(struct peers *peers, struct peer *p)
{
	pthread_mutex_lock(&peers->lock);
	*p->link = p->next;
	if (p->next != NULL)
		p->next->link = p->link;
	pthread_mutex_unlock(&peers->lock);
	arena_reset(&p->arena);
	free(p);
}
