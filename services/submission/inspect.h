/*
 * inspect.h: what is an uploaded file, can it be opened, is it clear (EVD-1, EVD-2)?
 *
 * The bytes are hostile. They are read by a program of its own, vouch-inspect,
 * which locks itself in before it looks; here is the other side: start it, wait
 * with a bound, take its report for no more than bounded text. If it crashes,
 * takes too long or says nonsense, that is a finding about the file.
 */
#ifndef INSPECT_H
#define INSPECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* From good to bad. The words in the API are "accept", "warn", "policy", "reject". */
enum inspect_verdict {
	INSPECT_ACCEPT,
	INSPECT_WARN,   /* usable, but somebody should look */
	INSPECT_POLICY, /* sound, but of a kind that the issuer must have allowed */
	INSPECT_REJECT
};

enum { INSPECT_PROBLEMS_MAX = 16 };

struct inspect_problem {
	const char *rule;    /* lower-case words with underscores: "encrypted", "blurry" ... */
	const char *message; /* for a teacher: what is wrong and what to do; at most 240 bytes */
};

/* All strings live in the arena. */
struct inspection {
	const char *type; /* what the file really is: "pdf", "jpeg", "docx" ... */
	enum inspect_verdict verdict;
	struct inspect_problem problems[INSPECT_PROBLEMS_MAX];
	size_t n_problems;
	int64_t pages, width, height, entries, seconds; /* -1: unknown, or not of this type */
	int text;                                       /* 1: has readable text, 0: has none, -1: unknown */
};

/* Returns the word of VERDICT in the API. Constant. */
const char *inspect_verdict_name(enum inspect_verdict verdict);

/*
 * Fills OUT with what PROGRAM (the path of vouch-inspect) finds in the regular
 * file FD, which is open for reading and stays so; its position does not matter.
 * NAME is the name that the file came with, a hint. Waits until DEADLINE_MS on
 * the monotonic clock (clock_ms()) at the latest, then the program is killed.
 * Returns false if nothing was found out, since the program could not be started
 * or refused to run on this host: a defect of the installation, to be tried
 * again; *WHY says which, for the log. Any number of threads may call this.
 */
bool inspect_file(struct arena *arena, const char *program, int fd, const char *name, int64_t deadline_ms,
    struct inspection *out, const char **why);

#endif
