#include "store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "log.h"

enum { THREADS = 2, CHECKED_MAX = 256, CHECKED_SECONDS = 600, LEFTOVER_SECONDS = 60, PIECE = 128 << 10 };

/* A file whose content was found right a moment ago. */
struct checked {
	char sha256[STORE_HASH_SIZE];
	struct stat stat;
	time_t at;
};

struct store {
	int dir, incoming; /* folders */
	pthread_t threads[THREADS];
	int n_threads;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct store_job *jobs, **jobs_end;
	int n_jobs;
	bool stopping;
	struct checked checked[CHECKED_MAX];
	unsigned next_checked;
};

static bool
fails(const char *what)
{
	log_error("evidence store: %s: %s", what, strerror(errno));
	return false;
}

/* ---- uploads ------------------------------------------------------------------- */

static void
random_name(char out[40])
{
	unsigned char bytes[16];

	randombytes_buf(bytes, sizeof(bytes));
	sodium_bin2hex(out, 40, bytes, sizeof(bytes));
}

bool
incoming_open(struct store *store, struct incoming *in)
{
	random_name(in->name);
	in->size = 0;
	crypto_hash_sha256_init(&in->hash);
	in->fd = openat(store->incoming, in->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
	if (in->fd < 0)
		return fails("cannot begin a file");
	/*
	 * Held until the file is named or dropped; where locks are not to be had, the sweep of
	 * another gateway waits a minute.
	 */
	flock(in->fd, LOCK_EX | LOCK_NB);
	return true;
}

bool
incoming_write(struct incoming *in, const void *data, size_t len)
{
	const char *p = data;

	crypto_hash_sha256_update(&in->hash, data, len);
	in->size += len;
	while (len > 0) {
		ssize_t n = write(in->fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return fails("cannot write");
		p += n;
		len -= (size_t)n;
	}
	return true;
}

void
incoming_drop(struct store *store, struct incoming *in)
{
	if (in->fd < 0)
		return;
	unlinkat(store->incoming, in->name, 0);
	close(in->fd);
	in->fd = -1;
}

/*
 * Opens the folder of HASH; MAKES: creates it when it is not there. The parent
 * is synced even when the folder is there already: whoever made it may have
 * died before its own sync. -1 with errno.
 */
static int
open_folder(struct store *store, const char *hash, bool makes)
{
	char name[3] = {hash[0], hash[1], '\0'};

	if (makes && mkdirat(store->dir, name, 0750) != 0 && errno != EEXIST)
		return -1;
	if (makes && fsync(store->dir) != 0)
		return -1;
	return openat(store->dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/*
 * The bytes first, then the name, then the folder that holds the name. An
 * fsync that failed may have thrown pages away: it is never tried again, the
 * upload is refused.
 */
static bool
keep(struct store *store, struct store_job *job)
{
	struct incoming *in = job->incoming;
	unsigned char hash[crypto_hash_sha256_BYTES];
	bool ok;
	int folder;

	crypto_hash_sha256_final(&in->hash, hash);
	sodium_bin2hex(job->sha256, sizeof(job->sha256), hash, sizeof(hash));
	job->size = in->size;
	if (fsync(in->fd) != 0)
		return fails("cannot sync a file");
	folder = open_folder(store, job->sha256, true);
	if (folder < 0)
		return fails("cannot open a folder");
	ok = (renameat(store->incoming, in->name, folder, job->sha256 + 2) == 0 && fsync(folder) == 0) ||
	    fails("cannot name a file");
	close(folder);
	if (ok) {
		close(in->fd);
		in->fd = -1;
	}
	return ok;
}

/* ---- reading ------------------------------------------------------------------- */

static bool
has_hash(int fd, const char *expected)
{
	static _Thread_local char piece[PIECE];
	unsigned char hash[crypto_hash_sha256_BYTES];
	char text[STORE_HASH_SIZE];
	crypto_hash_sha256_state state;
	off_t at = 0;
	ssize_t n;

	crypto_hash_sha256_init(&state);
	while ((n = pread(fd, piece, sizeof(piece), at)) > 0) {
		crypto_hash_sha256_update(&state, (unsigned char *)piece, (unsigned long long)n);
		at += n;
	}
	crypto_hash_sha256_final(&state, hash);
	return n == 0 && strcmp(sodium_bin2hex(text, sizeof(text), hash, sizeof(hash)), expected) == 0;
}

static bool
is_same(const struct checked *c, const char *sha256, const struct stat *now)
{
	return strcmp(c->sha256, sha256) == 0 && c->stat.st_ino == now->st_ino &&
	    c->stat.st_size == now->st_size && c->stat.st_mtim.tv_sec == now->st_mtim.tv_sec &&
	    c->stat.st_mtim.tv_nsec == now->st_mtim.tv_nsec && time(NULL) - c->at < CHECKED_SECONDS;
}

static bool
was_checked(struct store *store, const char *sha256, const struct stat *now)
{
	int i = 0;

	pthread_mutex_lock(&store->lock);
	while (i < CHECKED_MAX && !is_same(&store->checked[i], sha256, now))
		i++;
	pthread_mutex_unlock(&store->lock);
	return i < CHECKED_MAX;
}

static void
remember(struct store *store, const char *sha256, const struct stat *stat)
{
	pthread_mutex_lock(&store->lock);
	struct checked *c = &store->checked[store->next_checked++ % CHECKED_MAX];
	*c = (struct checked){.stat = *stat, .at = time(NULL)};
	memcpy(c->sha256, sha256, sizeof(c->sha256));
	pthread_mutex_unlock(&store->lock);
}

/* A player asks for a video in hundreds of pieces: its bytes are compared once in ten minutes. */
static enum store_result
check(struct store *store, const struct store_job *job)
{
	struct stat stat;

	if (fstat(job->fd, &stat) != 0 || !S_ISREG(stat.st_mode))
		return STORE_FAILED;
	if (was_checked(store, job->sha256, &stat))
		return (uint64_t)stat.st_size == job->size ? STORE_DONE : STORE_DAMAGED;
	if ((uint64_t)stat.st_size != job->size || !has_hash(job->fd, job->sha256)) {
		log_error("evidence store: the file %s is damaged", job->sha256);
		return STORE_DAMAGED;
	}
	remember(store, job->sha256, &stat);
	return STORE_DONE;
}

static enum store_result
fetch(struct store *store, struct store_job *job)
{
	enum store_result result;
	int folder;

	job->fd = -1;
	if (strspn(job->sha256, "0123456789abcdef") != STORE_HASH_SIZE - 1 ||
	    job->sha256[STORE_HASH_SIZE - 1] != '\0')
		return STORE_MISSING;
	folder = open_folder(store, job->sha256, false);
	if (folder >= 0) {
		job->fd = openat(folder, job->sha256 + 2, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
		close(folder);
	}
	if (job->fd < 0) {
		log_error("evidence store: the file %s is not there: %s", job->sha256, strerror(errno));
		return STORE_MISSING;
	}
	result = check(store, job);
	if (result != STORE_DONE) {
		close(job->fd);
		job->fd = -1;
	}
	return result;
}

/* ---- the threads ----------------------------------------------------------------- */

static void *
run(void *arg)
{
	struct store *store = arg;

	pthread_mutex_lock(&store->lock);
	for (;;) {
		struct store_job *job = store->jobs;

		if (job == NULL && store->stopping)
			break;
		if (job == NULL) {
			pthread_cond_wait(&store->changed, &store->lock);
			continue;
		}
		store->jobs = job->next;
		store->n_jobs--;
		if (store->jobs == NULL)
			store->jobs_end = &store->jobs;
		pthread_mutex_unlock(&store->lock);
		if (job->kind == STORE_FETCH)
			job->result = fetch(store, job);
		else
			job->result = keep(store, job) ? STORE_DONE : STORE_FAILED;
		job->done(job->arg);
		pthread_mutex_lock(&store->lock);
	}
	pthread_mutex_unlock(&store->lock);
	return NULL;
}

bool
store_submit(struct store *store, struct store_job *job)
{
	bool ok;

	job->next = NULL;
	pthread_mutex_lock(&store->lock);
	ok = store->n_jobs < STORE_JOBS_MAX && !store->stopping;
	if (ok) {
		store->n_jobs++;
		*store->jobs_end = job;
		store->jobs_end = &job->next;
		pthread_cond_signal(&store->changed);
	}
	pthread_mutex_unlock(&store->lock);
	return ok;
}

/* Removes what a crash left: old, and locked by nobody. */
static void
sweep(struct store *store)
{
	int copy = openat(store->incoming, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), swept = 0;
	DIR *dir = copy >= 0 ? fdopendir(copy) : NULL;
	struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		struct stat stat;
		int fd;

		if (entry->d_name[0] == '.')
			continue;
		fd = openat(store->incoming, entry->d_name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (fstat(fd, &stat) == 0 && time(NULL) - stat.st_mtime >= LEFTOVER_SECONDS &&
		    flock(fd, LOCK_EX | LOCK_NB) == 0 && unlinkat(store->incoming, entry->d_name, 0) == 0)
			swept++;
		close(fd);
	}
	if (dir != NULL)
		closedir(dir);
	if (swept > 0)
		log_info("evidence store: %d unfinished uploads were swept away", swept);
}

static bool
open_folders(struct store *store, const char *dir)
{
	if (mkdir(dir, 0750) != 0 && errno != EEXIST)
		return fails(dir);
	store->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (store->dir < 0)
		return fails(dir);
	if (mkdirat(store->dir, "incoming", 0750) != 0 && errno != EEXIST)
		return fails("incoming");
	store->incoming = openat(store->dir, "incoming", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return store->incoming >= 0 || fails("incoming");
}

struct store *
store_open(const char *dir)
{
	struct store *store = calloc(1, sizeof(*store));

	if (store == NULL)
		return NULL;
	store->dir = store->incoming = -1;
	store->jobs_end = &store->jobs;
	pthread_mutex_init(&store->lock, NULL);
	pthread_cond_init(&store->changed, NULL);
	if (open_folders(store, dir)) {
		sweep(store);
		while (store->n_threads < THREADS &&
		    pthread_create(&store->threads[store->n_threads], NULL, run, store) == 0)
			store->n_threads++;
		if (store->n_threads == THREADS)
			return store;
		log_error("evidence store: no thread");
	}
	store_close(store);
	return NULL;
}

void
store_close(struct store *store)
{
	if (store == NULL)
		return;
	pthread_mutex_lock(&store->lock);
	store->stopping = true;
	pthread_cond_broadcast(&store->changed);
	pthread_mutex_unlock(&store->lock);
	while (store->n_threads > 0)
		pthread_join(store->threads[--store->n_threads], NULL);
	pthread_cond_destroy(&store->changed);
	pthread_mutex_destroy(&store->lock);
	if (store->incoming >= 0)
		close(store->incoming);
	if (store->dir >= 0)
		close(store->dir);
	free(store);
}

bool
store_is_writable(struct store *store)
{
	char name[40];
	int fd;

	random_name(name);
	fd = openat(store->incoming, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
	if (fd < 0)
		return false;
	/* A full disk lets files be made, but takes no bytes. */
	bool ok = write(fd, name, sizeof(name)) == (ssize_t)sizeof(name);
	close(fd);
	unlinkat(store->incoming, name, 0);
	return ok;
}
