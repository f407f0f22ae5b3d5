#include "inspect.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#include "arena.h"

enum {
	REPORT_MAX = 64 << 10, /* bytes of the report */
	NAME_BYTES_MAX = 1024, /* of the hint; the rest is cut */
	TYPE_MAX = 32,
	RULE_MAX = 40,
	MESSAGE_MAX = 240
};

/* The program while it runs. */
struct child {
	pid_t pid;
	int pipe;     /* what it prints */
	char *report; /* REPORT_MAX + 1 bytes */
	size_t n;
};

static const char *const verdicts[] = {"accept", "warn", "policy", "reject"};

const char *
inspect_verdict_name(enum inspect_verdict verdict)
{
	assert(verdict >= INSPECT_ACCEPT && verdict <= INSPECT_REJECT);
	return verdicts[verdict];
}

/* Milliseconds until DEADLINE_MS, not negative. */
static int
left(int64_t deadline_ms)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	int64_t ms = deadline_ms - ((int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000);
	return ms <= 0 ? 0 : ms > INT32_MAX ? INT32_MAX : (int)ms;
}

/* The child gets three descriptors, no environment, no signals of ours. */
static bool
actions_prepare(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes, int file, int out)
{
	sigset_t none, all;

	sigemptyset(&none);
	sigfillset(&all);
	return posix_spawn_file_actions_adddup2(actions, file, STDIN_FILENO) == 0 &&
	    posix_spawn_file_actions_adddup2(actions, out, STDOUT_FILENO) == 0 &&
	    posix_spawn_file_actions_addopen(actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) == 0 &&
	    posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1) == 0 &&
	    posix_spawnattr_setsigmask(attributes, &none) == 0 &&
	    posix_spawnattr_setsigdefault(attributes, &all) == 0 &&
	    posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) == 0;
}

static bool
child_spawn(struct child *child, const char *program, int file, int out, char *name)
{
	char *argv[] = {(char[]){"vouch-inspect"}, name, NULL}, *environment[] = {NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return false;
	if (posix_spawnattr_init(&attributes) != 0) {
		posix_spawn_file_actions_destroy(&actions);
		return false;
	}
	bool started = actions_prepare(&actions, &attributes, file, out) &&
	    posix_spawn(&child->pid, program, &actions, &attributes, argv, environment) == 0;
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return started;
}

/* Starts the program with FD as its input. Closes what only the child needs. */
static bool
child_start(struct child *child, const char *program, int fd, char *name)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	/* Above the three that the child gets, so that none is overwritten. */
	int file = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	int out = fcntl(ends[1], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	bool started = file >= 0 && out >= 0 && child_spawn(child, program, file, out, name);
	if (file >= 0)
		close(file);
	if (out >= 0)
		close(out);
	close(ends[1]);
	child->pipe = ends[0];
	if (!started)
		close(ends[0]);
	return started;
}

/* Waits for FD to be readable or at its end; false when the deadline comes first. */
static bool
wait_for(int fd, int64_t deadline_ms)
{
	for (;;) {
		struct pollfd poller = {.fd = fd, .events = POLLIN};
		int rc = poll(&poller, 1, left(deadline_ms));

		if (rc > 0)
			return true;
		if (rc == 0 || errno != EINTR)
			return false;
	}
}

/* Reads the report to its end. Returns false when it is too late or too long. */
static bool
child_read(struct child *child, int64_t deadline_ms)
{
	while (wait_for(child->pipe, deadline_ms)) {
		ssize_t n = read(child->pipe, child->report + child->n, REPORT_MAX + 1 - child->n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		if (n == 0)
			return true;
		child->n += (size_t)n;
		if (child->n > REPORT_MAX)
			return false;
	}
	return false;
}

/*
 * Ends the child, by force if it does not end in time, and returns its status. It
 * is not waited for before, so its number cannot be another process.
 */
static int
child_end(struct child *child, bool is_done, int64_t deadline_ms)
{
	int status = -1, fd = pidfd_open(child->pid, 0);

	/* Without a descriptor for it we kill: the report has been read. */
	if (!is_done || fd < 0 || !wait_for(fd, deadline_ms))
		kill(child->pid, SIGKILL);
	if (fd >= 0)
		close(fd);
	close(child->pipe);
	while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

/* What is said when the program could not say it. */
static void
finding_unsafe(struct inspection *out)
{
	*out = (struct inspection){.type = "unknown",
		.verdict = INSPECT_REJECT,
		.n_problems = 1,
		.pages = -1,
		.width = -1,
		.height = -1,
		.entries = -1,
		.seconds = -1,
		.text = -1};
	out->problems[0] = (struct inspect_problem){"unsafe",
		"This file could not be opened safely. Save it again from the program you made it with, or as "
		"PDF, and upload that."};
}

/* A copy of a string of the report: at most MAX bytes of printable text; NULL when it is something else. */
static const char *
text_of(struct arena *arena, const json_t *object, const char *name, size_t max)
{
	const json_t *value = json_object_get(object, name);
	const char *s = json_string_value(value);
	size_t n = s == NULL ? 0 : json_string_length(value);

	if (n == 0 || n > max)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] < 0x20 || (unsigned char)s[i] >= 0x7f)
			return NULL;
	return arena_dup(arena, s, n);
}

static int64_t
number_of(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	return json_is_integer(value) && json_integer_value(value) >= 0 ? json_integer_value(value) : -1;
}

static bool
problems_take(struct arena *arena, const json_t *list, struct inspection *out)
{
	size_t n = json_array_size(list);

	if (!json_is_array(list) || n > INSPECT_PROBLEMS_MAX)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct inspect_problem *problem = &out->problems[out->n_problems++];

		problem->rule = text_of(arena, json_array_get(list, i), "rule", RULE_MAX);
		problem->message = text_of(arena, json_array_get(list, i), "message", MESSAGE_MAX);
		if (problem->rule == NULL || problem->message == NULL)
			return false;
	}
	return true;
}

/* Turns the report into OUT. A program that was taken over may have written it: each part is checked. */
static bool
report_take(struct arena *arena, const json_t *report, struct inspection *out)
{
	const char *verdict = json_string_value(json_object_get(report, "verdict"));
	const json_t *text = json_object_get(report, "text");
	size_t i = 0;

	*out = (struct inspection){.type = text_of(arena, report, "type", TYPE_MAX)};
	while (verdict != NULL && i < sizeof(verdicts) / sizeof(verdicts[0]) &&
	    strcmp(verdict, verdicts[i]) != 0)
		i++;
	if (verdict == NULL || i == sizeof(verdicts) / sizeof(verdicts[0]) || out->type == NULL ||
	    !problems_take(arena, json_object_get(report, "problems"), out))
		return false;
	out->verdict = (enum inspect_verdict)i;
	out->pages = number_of(report, "pages");
	out->width = number_of(report, "width");
	out->height = number_of(report, "height");
	out->entries = number_of(report, "entries");
	out->seconds = number_of(report, "seconds");
	out->text = json_is_boolean(text) ? json_is_true(text) : -1;
	return (out->verdict == INSPECT_ACCEPT) == (out->n_problems == 0);
}

bool
inspect_file(struct arena *arena, const char *program, int fd, const char *name, int64_t deadline_ms,
    struct inspection *out, const char **why)
{
	struct child child = {.report = arena_alloc(arena, REPORT_MAX + 1)};
	char *hint = arena_dup(arena, name, strnlen(name, NAME_BYTES_MAX));

	*why = NULL;
	finding_unsafe(out);
	if (child.report == NULL || hint == NULL) {
		*why = "no memory left for the report of vouch-inspect";
		return false;
	}
	if (!child_start(&child, program, fd, hint)) {
		*why = "vouch-inspect could not be started";
		return false;
	}
	bool is_done = child_read(&child, deadline_ms);
	int status = child_end(&child, is_done, deadline_ms);
	/* 2: it did not look, for want of a sandbox. 127: it is not there. */
	if (is_done && WIFEXITED(status) && WEXITSTATUS(status) != 0) {
		*why = "vouch-inspect refused to run: see vouch-inspect --try";
		return false;
	}
	if (!is_done || !WIFEXITED(status))
		return true;
	json_t *report = json_loadb(child.report, child.n, JSON_REJECT_DUPLICATES, NULL);
	if (!report_take(arena, report, out))
		finding_unsafe(out);
	json_decref(report);
	return true;
}
