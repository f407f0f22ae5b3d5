/*
 * store.h: the evidence store: files by the SHA-256 of what is in them.
 *
 *	DIR/ab/cdef...		the file whose SHA-256 begins with "abcdef"
 *	DIR/incoming/UUID	an upload that is not complete
 *
 * A file gets its name only when all of it is on disk: what can be found there
 * is complete, whatever was killed at which moment. The same content is there
 * once. Files and folders are for the owner and its group only. Several
 * gateways may share a store: each incoming file is locked by who writes it, and
 * what nobody holds any more is swept away at start.
 *
 * Slow work (fsync, reading a file to check it) is done by threads of its own.
 */
#ifndef STORE_H
#define STORE_H

#include <sodium.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

enum { STORE_HASH_SIZE = 65, STORE_JOBS_MAX = 256 };

/* An upload on its way. Start with {.fd = -1}. */
struct incoming {
	int fd; /* -1: none */
	uint64_t size;
	crypto_hash_sha256_state hash;
	char name[40]; /* below incoming/ */
};

enum store_result {
	STORE_DONE,
	STORE_MISSING, /* there is no such file */
	STORE_DAMAGED, /* its bytes are not those that were handed in */
	STORE_FAILED,  /* the disk: full, broken, read only; logged */
};

/* Work for the store's threads. Lives in its request until DONE was called. */
struct store_job {
	struct store_job *next;
	enum { STORE_KEEP, STORE_FETCH } kind;
	struct incoming *incoming;    /* of STORE_KEEP */
	char sha256[STORE_HASH_SIZE]; /* of STORE_FETCH; STORE_KEEP fills it */
	uint64_t size;                /* likewise */
	int fd;                       /* STORE_FETCH opens it, its caller closes it; -1 without */
	enum store_result result;
	void (*done)(void *arg); /* on a thread of the store */
	void *arg;
};

/* Opens DIR, making it when it is not there, and sweeps. NULL after logging. */
struct store *store_open(const char *dir);

/* Ends the threads when all jobs are done. */
void store_close(struct store *store);

/* Begins an upload; false: logged. */
bool incoming_open(struct store *store, struct incoming *incoming);

/* Adds bytes; false: logged. */
bool incoming_write(struct incoming *incoming, const void *data, size_t len);

/* Throws an upload away; nothing when there is none. */
void incoming_drop(struct store *store, struct incoming *incoming);

/*
 * Queues JOB: KEEP syncs and names the incoming file; FETCH opens a file whose size
 * and SHA-256 are right. False: the queue is full.
 */
bool store_submit(struct store *store, struct store_job *job);

/* Can files be written? Tries it. */
bool store_is_writable(struct store *store);

#endif
