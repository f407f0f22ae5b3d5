/*
 * check.c: vouchctl check: the checks of a draft on files at hand. The same code
 * as in the service, so what passes here passes there (N-4).
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#include "arena.h"
#include "inspect.h"
#include "personal.h"
#include "word.h"

enum {
	FILE_BYTES_MAX = 512 << 20, /* as vouch-inspect has it */
	INSPECT_MS = 15000
};

static const char usage[] = "usage: vouchctl check text FILE [--json]          personal information in a "
			    "text\n       vouchctl check evidence FILE... [--json]   what files are, and "
			    "whether they can be opened\n  FILE  - reads standard input\n";

static int
bad_use(const char *what, const char *why)
{
	fprintf(stderr, "vouchctl check: %s%s%s\n", what, *why != '\0' ? ": " : "", why);
	return WORD_BAD_USE;
}

/*
 * Opens PATH as a regular file; standard input ("-") is copied, it may be a pipe.
 * Returns -1 after telling why not.
 */
static int
file_open(const char *path)
{
	static char block[64 << 10];
	struct stat stat;
	size_t total = 0;
	ssize_t n;

	if (strcmp(path, "-") != 0) {
		int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

		if (fd < 0 || fstat(fd, &stat) != 0) {
			bad_use(path, strerror(errno));
		} else if (!S_ISREG(stat.st_mode)) {
			bad_use(path, "not a regular file");
		} else if (stat.st_size > FILE_BYTES_MAX) {
			bad_use(path, "larger than 512 MiB");
		} else {
			return fd;
		}
		if (fd >= 0)
			close(fd);
		return -1;
	}
	int fd = memfd_create("input", MFD_CLOEXEC);
	while (fd >= 0 && (n = read(STDIN_FILENO, block, sizeof(block))) > 0) {
		total += (size_t)n;
		if (total > FILE_BYTES_MAX || write(fd, block, (size_t)n) != n) {
			bad_use("standard input", "larger than 512 MiB, or than memory");
			close(fd);
			return -1;
		}
	}
	if (fd < 0)
		bad_use("standard input", strerror(errno));
	return fd;
}

/* Prints JSON in one go and frees it. */
static void
print_json(json_t *json)
{
	json_dumpf(json, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
	putchar('\n');
	json_decref(json);
}

static int
findings_print(const struct personal_findings *found, bool as_json)
{
	json_t *list = json_array();

	for (size_t i = 0; i < found->n; i++) {
		const struct personal_finding *finding = &found->list[i];
		const char *type = personal_type_name(finding->type);

		if (as_json)
			json_array_append_new(list,
			    json_pack("{s:s, s:s, s:I, s:I, s:s, s:s}", "rule", "personal_information",
				"type", type, "start", (json_int_t)finding->start, "end",
				(json_int_t)finding->end, "excerpt", finding->excerpt, "message",
				finding->message));
		else
			printf("%zu-%zu\t%s\t%s\t%s\n", finding->start, finding->end, type, finding->excerpt,
			    finding->message);
	}
	if (as_json)
		print_json(json_pack("{s:o}", "findings", list));
	else
		json_decref(list);
	if (!found->complete)
		fprintf(stderr,
		    "vouchctl check: the text has more than can be told at once; what is found is not all\n");
	return found->n > 0 || !found->complete ? WORD_FINDING : WORD_OK;
}

static int
check_text(const char *path, bool as_json)
{
	struct arena arena = {0};
	struct personal_findings found;
	struct stat stat;
	int fd = file_open(path), rc = WORD_BAD_USE;

	if (fd < 0)
		return WORD_BAD_USE;
	if (fstat(fd, &stat) != 0 || stat.st_size > PERSONAL_TEXT_MAX) {
		close(fd);
		return bad_use(path, "a text has at most 1 MiB");
	}
	size_t size = (size_t)stat.st_size, n = 0;
	char *text = arena_alloc(&arena, size + 1);
	for (ssize_t got = 1; text != NULL && n < size && got > 0; n += (size_t)(got > 0 ? got : 0))
		got = pread(fd, text + n, size - n, (off_t)n);
	if (text == NULL || n < size)
		bad_use(path, "cannot be read");
	else if (!personal_find(&arena, text, size, &found))
		bad_use(path, "not a text in UTF-8");
	else
		rc = findings_print(&found, as_json);
	arena_reset(&arena);
	close(fd);
	return rc;
}

/* vouch-inspect stands beside the program that runs. */
static bool
program_find(char program[PATH_MAX])
{
	static const char name[] = "vouch-inspect";
	ssize_t n = readlink("/proc/self/exe", program, PATH_MAX - sizeof(name));

	if (n <= 0)
		return false;
	program[n] = '\0';
	memcpy(strrchr(program, '/') + 1, name, sizeof(name));
	return true;
}

static void
inspection_print(const char *path, const struct inspection *inspection, json_t *files)
{
	const char *verdict = inspect_verdict_name(inspection->verdict);
	json_t *problems = json_array();

	for (size_t i = 0; i < inspection->n_problems; i++)
		json_array_append_new(problems,
		    json_pack("{s:s, s:s}", "rule", inspection->problems[i].rule, "message",
			inspection->problems[i].message));
	if (files != NULL) {
		/* A path need not be UTF-8; JSON must be. */
		json_t *name = json_string(path);

		json_array_append_new(files,
		    json_pack("{s:o, s:s, s:s, s:o}", "file", name != NULL ? name : json_string("?"),
			"verdict", verdict, "type", inspection->type, "problems", problems));
		return;
	}
	json_decref(problems);
	printf("%s\t%s\t%s\n", path, verdict, inspection->type);
	for (size_t i = 0; i < inspection->n_problems; i++)
		printf("\t%s\t%s\n", inspection->problems[i].rule, inspection->problems[i].message);
}

static int64_t
deadline(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + INSPECT_MS;
}

static int
check_evidence(int n, char **paths, bool as_json)
{
	char program[PATH_MAX];
	json_t *files = as_json ? json_array() : NULL;
	int rc = WORD_OK;

	if (!program_find(program))
		return bad_use("vouch-inspect", "not found beside vouchctl");
	for (int i = 0; i < n && rc != WORD_BAD_USE; i++) {
		struct arena arena = {0};
		struct inspection inspection;
		const char *why, *slash = strrchr(paths[i], '/');
		int fd = file_open(paths[i]);

		if (fd < 0) {
			rc = WORD_BAD_USE;
		} else if (!inspect_file(&arena, program, fd, slash == NULL ? paths[i] : slash + 1,
			       deadline(), &inspection, &why)) {
			rc = bad_use(paths[i], why);
		} else {
			inspection_print(paths[i], &inspection, files);
			rc = inspection.verdict == INSPECT_ACCEPT ? rc : WORD_FINDING;
		}
		if (fd >= 0)
			close(fd);
		arena_reset(&arena);
	}
	if (files != NULL && rc != WORD_BAD_USE)
		print_json(json_pack("{s:O}", "files", files));
	json_decref(files);
	return rc;
}

int
word_check(int argc, char **argv)
{
	bool as_json = false;
	int n = 0;

	if (argc > 1 && strcmp(argv[1], "similar") == 0) {
		fputs("vouchctl check similar: texts cannot be compared yet; there are check text and check "
		      "evidence\n",
		    stderr);
		return WORD_BAD_USE;
	}
	/* Options may stand anywhere; what is left are the words and files. */
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0)
			as_json = true;
		else if (strcmp(argv[i], "--help") == 0) {
			fputs(usage, stdout);
			return WORD_OK;
		} else if (argv[i][0] == '-' && argv[i][1] != '\0')
			return bad_use(argv[i], "an unknown option");
		else
			argv[1 + n++] = argv[i];
	}
	if (n == 2 && strcmp(argv[1], "text") == 0)
		return check_text(argv[2], as_json);
	if (n >= 2 && strcmp(argv[1], "evidence") == 0)
		return check_evidence(n - 1, argv + 2, as_json);
	fputs(usage, stderr);
	return WORD_BAD_USE;
}
