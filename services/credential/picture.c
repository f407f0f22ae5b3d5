#include "picture.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "baked.h"
#include "log.h"
#include "seal.h"

enum { SIZE = 512, KEPT = 32, DRAW_MS = 3000, PNG_MAX = 512 << 10 };

struct drawn {
	char *name; /* NULL: the place is free */
	uint8_t *png;
	size_t len;
	uint64_t used; /* the larger, the later */
};

struct pictures {
	pthread_mutex_t lock;
	uint64_t clock;
	struct drawn kept[KEPT];
};

struct pictures *
pictures_open(void)
{
	struct pictures *p = calloc(1, sizeof(*p));

	if (p != NULL)
		pthread_mutex_init(&p->lock, NULL);
	return p;
}

void
pictures_close(struct pictures *p)
{
	if (p == NULL)
		return;
	for (int i = 0; i < KEPT; i++) {
		free(p->kept[i].name);
		free(p->kept[i].png);
	}
	pthread_mutex_destroy(&p->lock);
	free(p);
}

/* ---- the child ---------------------------------------------------------------- */

/* Waits for PID up to DRAW_MS and ends it then. True: it said that all went well. */
static bool
await(pid_t pid)
{
	struct pollfd ended = {.fd = pidfd_open(pid, 0), .events = POLLIN};
	int status = -1;

	if (ended.fd < 0 || poll(&ended, 1, DRAW_MS) != 1)
		kill(pid, SIGKILL);
	if (ended.fd >= 0)
		close(ended.fd);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Runs rsvg-convert from the file IN into the file OUT; of our own environment it needs to know nothing. */
static bool
convert(int in, int out)
{
	static char program[] = "rsvg-convert", format[] = "--format=png", path[] = "PATH=/usr/bin:/bin";
	char *const argv[] = {program, format, NULL}, *const env[] = {path, NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none;
	pid_t pid;
	int rc;

	sigemptyset(&none);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, in, 0);
	posix_spawn_file_actions_adddup2(&files, out, 1);
	rc = posix_spawnp(&pid, program, &files, &attr, argv, env);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	if (rc != 0)
		log_warn("credential: %s cannot be run: %s", program, strerror(rc));
	return rc == 0 && await(pid);
}

/* The PNG of SVG, made by malloc; NULL: it could not be drawn. */
static uint8_t *
draw(const char *svg, size_t *len)
{
	int in = memfd_create("seal.svg", MFD_CLOEXEC), out = memfd_create("seal.png", MFD_CLOEXEC);
	size_t n = strlen(svg);
	uint8_t *png = NULL;
	struct stat st;

	if (in >= 0 && out >= 0 && pwrite(in, svg, n, 0) == (ssize_t)n && convert(in, out) &&
	    fstat(out, &st) == 0 && st.st_size > 0 && st.st_size <= PNG_MAX) {
		*len = (size_t)st.st_size;
		png = malloc(*len);
		if (png != NULL && pread(out, png, *len, 0) != st.st_size) {
			free(png);
			png = NULL;
		}
	}
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return png;
}

/* ---- what is kept -------------------------------------------------------------- */

/* A copy of what is kept under NAME, in ARENA. */
static ProtobufCBinaryData
recall(struct pictures *p, struct arena *arena, const char *name)
{
	ProtobufCBinaryData copy = {0};

	pthread_mutex_lock(&p->lock);
	for (int i = 0; i < KEPT; i++)
		if (p->kept[i].name != NULL && strcmp(p->kept[i].name, name) == 0) {
			copy.data = (uint8_t *)arena_dup(arena, p->kept[i].png, p->kept[i].len);
			copy.len = p->kept[i].len;
			p->kept[i].used = ++p->clock;
			break;
		}
	pthread_mutex_unlock(&p->lock);
	return copy;
}

/* Keeps PNG, which it takes, in the place that was used longest ago. */
static void
keep(struct pictures *p, const char *name, uint8_t *png, size_t len)
{
	struct drawn new = {.name = strdup(name), .png = png, .len = len}, old;
	int oldest = 0;

	if (new.name == NULL) {
		free(png);
		return;
	}
	pthread_mutex_lock(&p->lock);
	for (int i = 1; i < KEPT; i++)
		if (p->kept[i].used < p->kept[oldest].used)
			oldest = i;
	old = p->kept[oldest];
	new.used = ++p->clock;
	p->kept[oldest] = new;
	pthread_mutex_unlock(&p->lock);
	free(old.name);
	free(old.png);
}

/* ---- pictures of credentials ------------------------------------------------------ */

char *
picture_svg(struct call *call, const char *title, const char *token)
{
	char *svg = seal_svg(call->arena, title, SIZE),
	     *baked = svg != NULL ? baked_svg(call->arena, svg, token) : NULL;

	if (baked == NULL)
		refuse(call, VOUCH__STATUS__INTERNAL, "the picture is too large");
	return baked;
}

ProtobufCBinaryData
picture_png(struct call *call, struct pictures *pictures, const char *title, const char *token)
{
	ProtobufCBinaryData plain = recall(pictures, call->arena, title), baked;

	if (plain.data == NULL) {
		char *svg = seal_svg(call->arena, title, SIZE);
		uint8_t *png = svg != NULL ? draw(svg, &plain.len) : NULL;

		if (png == NULL) {
			refuse(call, VOUCH__STATUS__UNAVAILABLE, "the picture cannot be drawn just now");
			return plain;
		}
		plain.data = (uint8_t *)arena_dup(call->arena, png, plain.len);
		keep(pictures, title, png, plain.len);
	}
	baked = plain.data != NULL ? baked_png(call->arena, plain, token) : plain;
	if (baked.data == NULL)
		refuse(call, VOUCH__STATUS__INTERNAL, "the picture is too large");
	return baked;
}
