// links: inspect_looks
/*
 * fuzz_inspect.c: any bytes through all the looks of vouch-inspect, without its
 * sandbox. The first byte chooses the end of the name.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"a", "a.pdf", "a.png", "a.jpg", "a.gif", "a.webp", "a.docx",
		"a.zip", "a.txt", "a.csv", "a.svg", "a.rtf", "a.mp4", "a.webm", "a.mp3", "a.doc"};
	struct report report;
	char line[16 << 10];

	if (size == 0)
		return 0;
	struct file file = file_of(data + 1, size - 1, names[data[0] % (sizeof(names) / sizeof(names[0]))]);
	file_look(&file, &report);
	assert(report.type != NULL && report.n_problems <= PROBLEMS_MAX);
	/* A verdict has a reason, and a reason has a verdict. */
	assert((report.verdict == VERDICT_ACCEPT) == (report.n_problems == 0));
	size_t n = report_print(&report, line, sizeof(line));
	assert(n > 2 && line[n - 1] == '\n');
	return 0;
}
