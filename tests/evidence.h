/*
 * evidence.h: files that tests make and have looked at by the real vouch-inspect
 * in its sandbox; VOUCH_TEST_BIN names its folder.
 */
#ifndef EVIDENCE_H
#define EVIDENCE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "arena.h"
#include "inspect.h"

enum { WAIT_MS = 20000 };

static char program[4096];
static struct arena arena;

/* A file that a test makes: bytes, and later a descriptor. */
struct draft {
	uint8_t *data;
	size_t n, room;
};

static inline void
add(struct draft *draft, const void *data, size_t n)
{
	if (n == 0)
		return;
	if (draft->n + n > draft->room) {
		draft->room = (draft->n + n) * 2;
		draft->data = realloc(draft->data, draft->room);
		assert_non_null(draft->data);
	}
	memcpy(draft->data + draft->n, data, n);
	draft->n += n;
}

static inline void
say(struct draft *draft, const char *text)
{
	add(draft, text, strlen(text));
}

static inline int64_t
soon(int64_t ms)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + ms;
}

static inline int
to_file(const void *data, size_t n)
{
	int fd = memfd_create("evidence", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, n), n);
	return fd;
}

static inline struct inspection
look(const void *data, size_t n, const char *name)
{
	struct inspection inspection;
	const char *why;
	int fd = to_file(data, n);
	bool done = inspect_file(&arena, program, fd, name, soon(WAIT_MS), &inspection, &why);

	close(fd);
	if (!done)
		fail_msg("%s: %s", name, why);
	return inspection;
}

/* Looks at DRAFT, frees it, and holds the verdict and RULE (NULL: no problem at all) against it. */
static inline struct inspection
hold(struct draft *draft, const char *name, enum inspect_verdict verdict, const char *type, const char *rule)
{
	struct inspection inspection = look(draft->data, draft->n, name);
	bool has_rule = rule == NULL && inspection.n_problems == 0;

	for (size_t i = 0; rule != NULL && i < inspection.n_problems; i++)
		has_rule = has_rule || strcmp(inspection.problems[i].rule, rule) == 0;
	free(draft->data);
	*draft = (struct draft){0};
	if (inspection.verdict != verdict || strcmp(inspection.type, type) != 0 || !has_rule)
		fail_msg("%s is %s, %s, %zu problems, the first: %s", name,
		    inspect_verdict_name(inspection.verdict), inspection.type, inspection.n_problems,
		    inspection.n_problems > 0 ? inspection.problems[0].rule : "none");
	return inspection;
}

static inline void
hold_text(
    const char *text, const char *name, enum inspect_verdict verdict, const char *type, const char *rule)
{
	struct draft draft = {0};

	say(&draft, text);
	hold(&draft, name, verdict, type, rule);
}

static inline int
program_find(void **state)
{
	const char *bin = getenv("VOUCH_TEST_BIN");

	(void)state;
	if (bin == NULL ||
	    snprintf(program, sizeof(program), "%s/vouch-inspect", bin) >= (int)sizeof(program))
		return 1;
	return access(program, X_OK);
}

static inline int
arena_end(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

#endif
