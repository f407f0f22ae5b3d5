#include "clock.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "instant.h"

_Static_assert(
    ATOMIC_LLONG_LOCK_FREE == 2 && sizeof(_Atomic int64_t) == 8, "processes share it without a lock");

/* The mapped file; NULL without a test clock. Set before threads start. */
static _Atomic int64_t *shared;

static void
clock_close(void)
{
	if (shared != NULL)
		munmap((void *)shared, sizeof(*shared));
	shared = NULL;
}

bool
clock_open(const char *path)
{
	struct stat st;
	void *map = MAP_FAILED;

	clock_close();
	if (path == NULL || path[0] == '\0')
		return true;
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0660);
	if (fd < 0)
		return false;
	/* All processes of an installation may come here at once: a new file grown twice is as grown once. */
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    (st.st_size == 0 || st.st_size == sizeof(*shared)) && ftruncate(fd, sizeof(*shared)) == 0)
		map = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		return false;
	shared = map;
	return true;
}

int64_t
clock_offset(void)
{
	return shared != NULL ? atomic_load(shared) : 0;
}

int64_t
clock_host(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * INSTANT_SECOND + t.tv_nsec / 1000;
}

bool
clock_set_offset(int64_t offset)
{
	int64_t host = clock_host();

	/* Business time stays within what can be written (instant.h). */
	if (shared == NULL || offset > INSTANT_MAX - host || offset < INSTANT_MIN - host)
		return false;
	atomic_store(shared, offset);
	return true;
}
