/*
 * main.c: vouch-inspect looks at one hostile file and says what it is.
 *
 *	vouch-inspect [NAME] < FILE
 *
 * prints one line of JSON (report.h). The file is standard input, already open
 * for reading; NAME is the name that it came with, a hint. The program locks
 * itself into a sandbox before it looks at a byte (sandbox.h), so it cannot do
 * more harm than to end itself. Exits 0 with a report, 2 on a misuse.
 *
 *	vouch-inspect --try WHAT
 *
 * locks itself in and then does what it must not: open, write, socket, fork,
 * exec, memory, processor. It exits 0 if that was refused, 1 if it was possible;
 * a signal is a refusal too. Operators see with it what the host's sandbox holds.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "sandbox.h"

enum { LINE_MAX = 16 << 10 };

static int
misuse(const char *what)
{
	fprintf(stderr, "vouch-inspect: %s\n", what);
	return 2;
}

/* A pipe takes one line whole; a reader that has gone is nobody's loss. */
static bool
line_write(const char *line, size_t n)
{
	while (n > 0) {
		ssize_t wrote = write(STDOUT_FILENO, line, n);

		if (wrote <= 0)
			return false;
		line += wrote;
		n -= (size_t)wrote;
	}
	return true;
}

int
main(int argc, char **argv)
{
	static struct report report;
	static char line[LINE_MAX];
	struct stat stat;

	if (argc == 3 && strcmp(argv[1], "--try") == 0) {
		if (!sandbox_enter())
			return misuse("this host has no sandbox");
		return sandbox_try(argv[2]);
	}
	if (argc > 2)
		return misuse("usage: vouch-inspect [NAME] < FILE");
	if (fstat(STDIN_FILENO, &stat) != 0 || !S_ISREG(stat.st_mode))
		return misuse("standard input is not a regular file");
	if (stat.st_size > FILE_MAX)
		return misuse("the file is too large");

	size_t size = (size_t)stat.st_size;
	const uint8_t *data = (const uint8_t *)"";
	if (size > 0) {
		data = mmap(NULL, size, PROT_READ, MAP_PRIVATE, STDIN_FILENO, 0);
		if (data == MAP_FAILED)
			return misuse("standard input cannot be read");
	}
	if (!sandbox_enter())
		return misuse("this host has no sandbox");

	struct file file = file_of(data, size, argc == 2 ? argv[1] : "");
	file_look(&file, &report);
	size_t n = report_print(&report, line, sizeof(line));
	return n > 0 && line_write(line, n) ? 0 : 2;
}
