#include "redis.h"

#include <assert.h>
#include <hiredis/hiredis.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "log.h"

/* Eight keys, each with a hash tag of its own, so that a cluster can spread them over its hosts. */
enum { KEYS = 8, KEY_SIZE = 96, ARM_MAX = 1000, SCORE_SIZE = 24 };
enum { CONNECT_MS = 1000, COMMAND_MS = 2000, BACKOFF_MS = 100, BACKOFF_MAX_MS = 5000 };

/* Takes what is due and puts it a lease later in one step: nobody else can take it meanwhile. */
static const char claim_script[] =
    "local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'WITHSCORES', 'LIMIT', 0, ARGV[3])\n"
    "for i = 1, #due, 2 do redis.call('ZADD', KEYS[1], ARGV[2], due[i]) end\n"
    "return due";

struct redis {
	pthread_mutex_t lock;  /* held for a whole exchange: a context is one conversation */
	redisContext *context; /* NULL: not connected */
	char *endpoint;
	char keys[KEYS][KEY_SIZE];
	int64_t retry_at, backoff_ms; /* on clock_ms() */
	unsigned first;               /* the key that the next claim begins with, so that none starves */
	/* What one command is made of; here because it is too large for a stack. */
	char scores[ARM_MAX][SCORE_SIZE];
	const char *argv[2 + 2 * ARM_MAX];
	size_t lens[2 + 2 * ARM_MAX];
};

struct redis *
redis_open(const char *endpoint, const char *prefix)
{
	struct redis *redis = calloc(1, sizeof(*redis));

	assert(redis != NULL && strlen(prefix) < KEY_SIZE - 16);
	/* hiredis writes to sockets without MSG_NOSIGNAL: a Redis that goes away must not end the process. */
	signal(SIGPIPE, SIG_IGN);
	pthread_mutex_init(&redis->lock, NULL);
	redis->endpoint = strdup(endpoint);
	assert(redis->endpoint != NULL);
	for (int i = 0; i < KEYS; i++)
		snprintf(redis->keys[i], KEY_SIZE, "%stimers:{%d}", prefix, i);
	return redis;
}

static void
disconnect(struct redis *redis)
{
	if (redis->context != NULL)
		redisFree(redis->context);
	redis->context = NULL;
}

void
redis_close(struct redis *redis)
{
	if (redis == NULL)
		return;
	disconnect(redis);
	pthread_mutex_destroy(&redis->lock);
	free(redis->endpoint);
	free(redis);
}

static redisContext *
dial(const char *endpoint)
{
	static const struct timeval wait = {
		.tv_sec = CONNECT_MS / 1000, .tv_usec = CONNECT_MS % 1000 * 1000L};
	const char *colon = strrchr(endpoint, ':');
	char host[256];

	if (strncmp(endpoint, "unix:", 5) == 0)
		return redisConnectUnixWithTimeout(endpoint + 5, wait);
	if (colon == NULL || (size_t)(colon - endpoint) >= sizeof(host))
		return NULL;
	snprintf(host, sizeof(host), "%.*s", (int)(colon - endpoint), endpoint);
	return redisConnectWithTimeout(host, (int)strtol(colon + 1, NULL, 10), wait);
}

/* Drops the connection after a failure; the next try waits, up to twice as long each time. */
static bool
lost(struct redis *redis, const char *why)
{
	if (redis->backoff_ms == 0)
		log_warn("redis: %s", why);
	disconnect(redis);
	redis->backoff_ms = redis->backoff_ms == 0 ? BACKOFF_MS : redis->backoff_ms * 2;
	if (redis->backoff_ms > BACKOFF_MAX_MS)
		redis->backoff_ms = BACKOFF_MAX_MS;
	redis->retry_at = clock_ms() + redis->backoff_ms;
	return false;
}

static bool
connected(struct redis *redis)
{
	static const struct timeval wait = {
		.tv_sec = COMMAND_MS / 1000, .tv_usec = COMMAND_MS % 1000 * 1000L};

	if (redis->context != NULL)
		return true;
	if (clock_ms() < redis->retry_at)
		return false;
	redis->context = dial(redis->endpoint);
	if (redis->context == NULL)
		return lost(redis, "the endpoint cannot be used");
	if (redis->context->err != 0 || redisSetTimeout(redis->context, wait) != REDIS_OK)
		return lost(redis, redis->context->errstr);
	return true;
}

/* The next answer; NULL, and no connection any more, when it is an error or none comes. */
static redisReply *
answer(struct redis *redis)
{
	void *got = NULL;
	redisReply *reply;

	if (redis->context == NULL)
		return NULL;
	if (redisGetReply(redis->context, &got) != REDIS_OK || got == NULL) {
		lost(redis, redis->context->errstr);
		return NULL;
	}
	reply = got;
	if (reply->type == REDIS_REPLY_ERROR) {
		/* Read-only, out of memory, loading: the next connection may find a better server. */
		lost(redis, reply->str);
		freeReplyObject(reply);
		return NULL;
	}
	redis->backoff_ms = 0;
	return reply;
}

/* Queues a command of the first N words of argv. */
static bool
put(struct redis *redis, int n)
{
	for (int i = 0; i < n; i++)
		redis->lens[i] = strlen(redis->argv[i]);
	if (redisAppendCommandArgv(redis->context, n, redis->argv, redis->lens) == REDIS_OK)
		return true;
	return lost(redis, redis->context->errstr);
}

/* Takes N answers that are integers, of which the sum counts. -1: not all of them came. */
static int64_t
sum(struct redis *redis, int n)
{
	int64_t total = 0;

	for (int i = 0; i < n; i++) {
		redisReply *reply = answer(redis);

		if (reply == NULL)
			return -1;
		total += reply->integer;
		freeReplyObject(reply);
	}
	return total;
}

/* One command for each key, all in one round trip. -1: not all were answered. */
static int64_t
each_key(struct redis *redis, const char *command)
{
	int64_t total = -1;
	bool ok;

	pthread_mutex_lock(&redis->lock);
	ok = connected(redis);
	for (int i = 0; ok && i < KEYS; i++) {
		redis->argv[0] = command;
		redis->argv[1] = redis->keys[i];
		ok = put(redis, 2);
	}
	if (ok)
		total = sum(redis, KEYS);
	pthread_mutex_unlock(&redis->lock);
	return total;
}

bool
redis_ready(struct redis *redis)
{
	redisReply *reply = NULL;
	bool ok;

	pthread_mutex_lock(&redis->lock);
	redis->argv[0] = "PING";
	if (connected(redis) && put(redis, 1))
		reply = answer(redis);
	ok = reply != NULL;
	freeReplyObject(reply);
	pthread_mutex_unlock(&redis->lock);
	return ok;
}

/* FNV-1a: which of the keys holds NAME. */
static unsigned
key_of(const char *name)
{
	uint32_t h = 2166136261u;

	for (; *name != '\0'; name++)
		h = (h ^ (uint8_t)*name) * 16777619u;
	return h % KEYS;
}

/* Queues ZADD or ZREM of those of N timers that belong to KEY; one word per timer, or two with scores. */
static bool
put_timers(struct redis *redis, unsigned key, const struct timer *timers, size_t n, bool scored, int *sent)
{
	int words = 2;

	redis->argv[0] = scored ? "ZADD" : "ZREM";
	redis->argv[1] = redis->keys[key];
	for (size_t i = 0; i < n; i++) {
		if (key_of(timers[i].name) != key)
			continue;
		if (scored) {
			snprintf(redis->scores[i], SCORE_SIZE, "%" PRId64, timers[i].at);
			redis->argv[words++] = redis->scores[i];
		}
		redis->argv[words++] = timers[i].name;
	}
	if (words == 2)
		return true;
	++*sent;
	return put(redis, words);
}

static bool
change(struct redis *redis, const struct timer *timers, size_t n, bool scored)
{
	int sent = 0;
	bool ok;

	assert(n <= ARM_MAX);
	if (n == 0)
		return true;
	pthread_mutex_lock(&redis->lock);
	ok = connected(redis);
	for (unsigned key = 0; ok && key < KEYS; key++)
		ok = put_timers(redis, key, timers, n, scored, &sent);
	ok = ok && sum(redis, sent) >= 0;
	pthread_mutex_unlock(&redis->lock);
	return ok;
}

bool
timers_arm(struct redis *redis, const struct timer *timers, size_t n)
{
	return change(redis, timers, n, true);
}

bool
timers_disarm(struct redis *redis, const struct timer *timers, size_t n)
{
	return change(redis, timers, n, false);
}

/* Adds the pairs of name and score in REPLY to OUT; returns how many there are now. */
static size_t
take(const redisReply *reply, struct timer *out, size_t n, size_t max)
{
	for (size_t i = 0; i + 1 < reply->elements && n < max; i += 2) {
		if (reply->element[i]->len >= sizeof(out[n].name))
			continue; /* nobody here wrote it */
		memcpy(out[n].name, reply->element[i]->str, reply->element[i]->len);
		out[n].name[reply->element[i]->len] = '\0';
		out[n++].at = (int64_t)strtod(reply->element[i + 1]->str, NULL);
	}
	return n;
}

/* Queues a claim of up to MAX timers for each key, an equal share of each; the number of claims, -1: none. */
static int
put_claims(struct redis *redis, int64_t now, int64_t lease_us, size_t max)
{
	char until[SCORE_SIZE], then[SCORE_SIZE], share[SCORE_SIZE];
	int sent = 0;

	snprintf(until, sizeof(until), "%" PRId64, now);
	snprintf(then, sizeof(then), "%" PRId64, now + lease_us);
	for (size_t i = 0; i < KEYS; i++) {
		size_t part = max / KEYS + (i < max % KEYS);
		const char *const words[] = {"EVAL", claim_script, "1",
			redis->keys[(redis->first + i) % KEYS], until, then, share};

		if (part == 0)
			break;
		snprintf(share, sizeof(share), "%zu", part);
		memcpy(redis->argv, words, sizeof(words));
		if (!put(redis, (int)(sizeof(words) / sizeof(words[0]))))
			return -1;
		sent++;
	}
	redis->first++;
	return sent;
}

int
timers_claim(struct redis *redis, int64_t now, int64_t lease_us, struct timer *out, size_t max)
{
	size_t n = 0;
	int sent = -1;

	pthread_mutex_lock(&redis->lock);
	if (connected(redis))
		sent = put_claims(redis, now, lease_us, max);
	for (int i = 0; i < sent; i++) {
		redisReply *reply = answer(redis);

		if (reply == NULL) {
			/* What was claimed stays leased: better to run it now than a lease later. */
			sent = n > 0 ? i : -1;
			break;
		}
		n = take(reply, out, n, max);
		freeReplyObject(reply);
	}
	pthread_mutex_unlock(&redis->lock);
	return sent < 0 ? -1 : (int)n;
}

int64_t
timers_count(struct redis *redis)
{
	return each_key(redis, "ZCARD");
}

bool
timers_clear(struct redis *redis)
{
	return each_key(redis, "UNLINK") >= 0;
}
