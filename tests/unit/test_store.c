/*
 * The evidence store on a folder of the test (store.h): nothing has a name before
 * all of it is there, and nothing damaged is given out.
 */
// links: gateway_service
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "log.h"
#include "store.h"

static char folder[] = "/tmp/vouch-store-XXXXXX";
static struct store *store;

/* One job, awaited. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void
done(void *arg)
{
	pthread_mutex_lock(&lock);
	*(bool *)arg = true;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&lock);
}

static enum store_result
run(struct store_job *job)
{
	bool is_done = false;

	job->done = done;
	job->arg = &is_done;
	assert_true(store_submit(store, job));
	pthread_mutex_lock(&lock);
	while (!is_done)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
	return job->result;
}

/* Hands in TEXT; the job has its hash. */
static struct store_job
keep(const char *text)
{
	struct incoming in = {.fd = -1};
	struct store_job job = {.kind = STORE_KEEP, .incoming = &in};

	assert_true(incoming_open(store, &in));
	assert_true(incoming_write(&in, text, strlen(text)));
	assert_int_equal(run(&job), STORE_DONE);
	assert_int_equal(in.fd, -1);
	return job;
}

static enum store_result
fetch(const char *sha256, uint64_t size, char *out, size_t room)
{
	struct store_job job = {.kind = STORE_FETCH, .size = size};
	enum store_result result;
	ssize_t n;

	snprintf(job.sha256, sizeof(job.sha256), "%s", sha256);
	result = run(&job);
	assert_true((result == STORE_DONE) == (job.fd >= 0));
	if (job.fd >= 0) {
		n = read(job.fd, out, room - 1);
		out[n > 0 ? n : 0] = '\0';
		close(job.fd);
	}
	return result;
}

static int
count(const char *name)
{
	char path[300];
	struct dirent *entry;
	int n = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	dir = opendir(path);
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL)
		n += entry->d_name[0] != '.';
	closedir(dir);
	return n;
}

static void
a_file_is_called_by_its_hash(void **state)
{
	/* FIPS 180-2, the example "abc". */
	static const char abc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
	struct store_job job = keep("abc");
	char text[100], path[300];
	struct stat stat_of;

	(void)state;
	assert_string_equal(job.sha256, abc);
	assert_int_equal(job.size, 3);
	snprintf(path, sizeof(path), "%s/ba/%s", folder, abc + 2);
	assert_int_equal(stat(path, &stat_of), 0);
	assert_int_equal(stat_of.st_mode & 0007, 0); /* nothing for the world */
	assert_int_equal(fetch(abc, 3, text, sizeof(text)), STORE_DONE);
	assert_string_equal(text, "abc");
	keep("abc");
	assert_int_equal(count("ba"), 1);
	assert_int_equal(count("incoming"), 0);
}

static void
an_upload_that_is_dropped_leaves_nothing(void **state)
{
	struct incoming in = {.fd = -1};

	(void)state;
	assert_true(incoming_open(store, &in));
	assert_true(incoming_write(&in, "half", 4));
	assert_int_equal(count("incoming"), 1);
	incoming_drop(store, &in);
	incoming_drop(store, &in);
	assert_int_equal(count("incoming"), 0);
}

static void
what_is_missing_or_damaged_is_not_given_out(void **state)
{
	struct store_job job = keep("what was handed in");
	char text[100], path[300];
	int fd;

	(void)state;
	assert_int_equal(fetch(job.sha256, job.size, text, sizeof(text)), STORE_DONE);
	assert_int_equal(fetch(job.sha256, job.size + 1, text, sizeof(text)), STORE_DAMAGED);
	snprintf(path, sizeof(path), "%s/%.2s/%s", folder, job.sha256, job.sha256 + 2);
	fd = open(path, O_WRONLY);
	assert_int_equal(pwrite(fd, "W", 1, 0), 1);
	close(fd);
	assert_int_equal(fetch(job.sha256, job.size, text, sizeof(text)), STORE_DAMAGED);
	keep("what was handed in"); /* heals it */
	assert_int_equal(fetch(job.sha256, job.size, text, sizeof(text)), STORE_DONE);
	unlink(path);
	assert_int_equal(fetch(job.sha256, job.size, text, sizeof(text)), STORE_MISSING);
	assert_int_equal(fetch("../../../../etc/passwd", 1, text, sizeof(text)), STORE_MISSING);
	assert_int_equal(fetch("", 0, text, sizeof(text)), STORE_MISSING);
	/* A link is not followed, wherever it came from. */
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_int_equal(fetch(job.sha256, job.size, text, sizeof(text)), STORE_MISSING);
	unlink(path);
}

static void
leave(const char *name, int age_seconds)
{
	char path[300];
	struct timespec times[2] = {
		{.tv_sec = time(NULL) - age_seconds}, {.tv_sec = time(NULL) - age_seconds}};
	int fd;

	snprintf(path, sizeof(path), "%s/incoming/%s", folder, name);
	fd = open(path, O_WRONLY | O_CREAT, 0640);
	assert_true(fd >= 0);
	assert_int_equal(futimens(fd, times), 0);
	close(fd);
}

static void
what_a_crash_left_is_swept_and_what_is_being_written_stays(void **state)
{
	char path[300];
	int held;

	(void)state;
	leave("old", 120);
	leave("new", 0);
	leave("held", 120);
	snprintf(path, sizeof(path), "%s/incoming/held", folder);
	held = open(path, O_WRONLY);
	assert_int_equal(flock(held, LOCK_EX | LOCK_NB), 0);
	store_close(store);
	store = store_open(folder);
	assert_non_null(store);
	assert_int_equal(count("incoming"), 2);
	assert_int_equal(access(path, F_OK), 0);
	close(held);
}

static void
a_store_that_takes_no_files_says_so(void **state)
{
	char path[300], away[300];

	(void)state;
	assert_true(store_is_writable(store));
	snprintf(path, sizeof(path), "%s/incoming", folder);
	snprintf(away, sizeof(away), "%s/away", folder);
	/* A folder that was removed under it. */
	assert_int_equal(rename(path, away), 0);
	for (const char *const *name = (const char *const[]){"new", "held", NULL}; *name != NULL; name++) {
		snprintf(path, sizeof(path), "%s/away/%s", folder, *name);
		assert_int_equal(unlink(path), 0);
	}
	assert_int_equal(rmdir(away), 0);
	assert_false(store_is_writable(store));
}

static int
open_store(void **state)
{
	(void)state;
	log_open("test", LOG_LEVEL_ERROR);
	if (sodium_init() < 0 || mkdtemp(folder) == NULL)
		return -1;
	store = store_open(folder);
	return store == NULL;
}

static int
close_store(void **state)
{
	char command[300];

	(void)state;
	store_close(store);
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return system(command);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_called_by_its_hash),
		cmocka_unit_test(an_upload_that_is_dropped_leaves_nothing),
		cmocka_unit_test(what_is_missing_or_damaged_is_not_given_out),
		cmocka_unit_test(what_a_crash_left_is_swept_and_what_is_being_written_stays),
		cmocka_unit_test(a_store_that_takes_no_files_says_so),
	};

	return cmocka_run_group_tests(tests, open_store, close_store);
}
