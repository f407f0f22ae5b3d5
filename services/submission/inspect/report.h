/*
 * report.h: what vouch-inspect has to say about one file (rules EVD-1, EVD-2).
 *
 * A report begins as "accept" and only ever gets worse. Messages are for
 * teachers: what is wrong, and what to do. They hold nothing from the file, so
 * whoever made the file cannot speak through them.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From good to bad. */
enum verdict {
	VERDICT_ACCEPT,
	VERDICT_WARN,   /* usable, but somebody should look */
	VERDICT_POLICY, /* sound, but of a kind that the issuer must have allowed */
	VERDICT_REJECT
};

enum { PROBLEMS_MAX = 16, MESSAGE_MAX = 240 };

struct problem {
	const char *rule; /* lower-case words with underscores; constant */
	char message[MESSAGE_MAX];
};

struct report {
	const char *type; /* short name of what the file really is; constant */
	enum verdict verdict;
	struct problem problems[PROBLEMS_MAX];
	size_t n_problems;
	int64_t pages, width, height, entries, seconds; /* -1: unknown, or not of this type */
	int text;                                       /* 1: has readable text, 0: has none, -1: unknown */
};

/* Makes REPORT the report of a file of TYPE with which nothing is wrong. */
void report_begin(struct report *report, const char *type);

/*
 * Adds a problem. A RULE that is there already is not added again, nor is one
 * past PROBLEMS_MAX; the verdict becomes at least VERDICT all the same. MESSAGE
 * is cut at MESSAGE_MAX.
 */
void report_add(struct report *report, enum verdict verdict, const char *rule, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Says whether REPORT has the problem RULE. */
bool report_has(const struct report *report, const char *rule);

/*
 * Writes REPORT as one line of JSON with a newline into OUT of MAX bytes. Returns
 * its length; 0 if it does not fit (8 KiB always do).
 */
size_t report_print(const struct report *report, char *out, size_t max);

#endif
