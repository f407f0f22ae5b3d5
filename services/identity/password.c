#include "password.h"

#include <errno.h>
#include <semaphore.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "config.h"

/* What a call needs after its hash: time to write and to answer. */
enum { AFTER_MS = 500, RETRY_MS = 1000 };

struct passwords {
	unsigned long long operations;
	size_t memory; /* bytes */
	sem_t free;    /* hashes that may begin */
	char nobody[crypto_pwhash_STRBYTES];
};

struct passwords *
passwords_open(const struct config *config)
{
	struct passwords *p = calloc(1, sizeof(*p));
	char random[32];

	if (p == NULL || sodium_init() < 0) {
		free(p);
		return NULL;
	}
	p->operations = (unsigned long long)config_int(config, "argon2_passes");
	p->memory = (size_t)config_int(config, "argon2_memory_kib") * 1024;
	randombytes_buf(random, sizeof(random));
	if (crypto_pwhash_str_alg(p->nobody, random, sizeof(random), p->operations, p->memory,
		crypto_pwhash_ALG_ARGON2ID13) != 0 ||
	    sem_init(&p->free, 0, (unsigned)config_int(config, "argon2_parallel")) != 0) {
		free(p);
		return NULL;
	}
	return p;
}

void
passwords_close(struct passwords *p)
{
	if (p == NULL)
		return;
	sem_destroy(&p->free);
	free(p);
}

/* Waits for one of the places, as long as the call's deadline leaves sense in it. */
static bool
begin(struct call *call, struct passwords *p)
{
	int64_t until = call->deadline_ms - AFTER_MS;
	struct timespec at = {.tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000};

	/* clock_ms() is the monotonic clock. A signal only costs one more turn. */
	while (sem_clockwait(&p->free, CLOCK_MONOTONIC, &at) != 0) {
		if (clock_ms() < until)
			continue;
		call->retry_ms = RETRY_MS;
		return refuse(call, VOUCH__STATUS__OVERLOADED, "too many people sign in at this moment");
	}
	return true;
}

static bool
no_memory(struct call *call)
{
	call->retry_ms = RETRY_MS;
	return refuse(call, VOUCH__STATUS__OVERLOADED, "there is no memory for this at the moment");
}

char *
password_hash(struct call *call, struct passwords *p, const char *password)
{
	char *hash = arena_alloc(call->arena, crypto_pwhash_STRBYTES);
	bool ok;

	if (hash == NULL || !begin(call, p))
		return NULL;
	ok = crypto_pwhash_str_alg(hash, password, strlen(password), p->operations, p->memory,
		 crypto_pwhash_ALG_ARGON2ID13) == 0;
	sem_post(&p->free);
	return ok || no_memory(call) ? hash : NULL;
}

bool
password_check(struct call *call, struct passwords *p, const char *hash, const char *password, bool *right)
{

	bool fits, mismatch;

	*right = false;
	if (!begin(call, p))
		return false;
	errno = 0;
	fits = crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
	mismatch = errno == EINVAL; /* libsodium says so; without it there was no memory to find out */
	sem_post(&p->free);
	if (!fits && !mismatch)
		return no_memory(call);
	*right = fits;
	return true;
}

const char *
password_of_nobody(const struct passwords *p)
{
	return p->nobody;
}

bool
password_is_dated(const struct passwords *p, const char *hash)
{
	return crypto_pwhash_str_needs_rehash(hash, p->operations, p->memory) != 0;
}
