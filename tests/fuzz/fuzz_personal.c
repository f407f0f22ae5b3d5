// links: submission_checks
/*
 * fuzz_personal.c: any bytes through the personal information check. What it
 * reports must lie inside the text, in order, within its bounds.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "arena.h"
#include "personal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct personal_findings found;
	size_t points = 0, at = 0;

	for (size_t i = 0; i < size; i++)
		points += (data[i] & 0xc0) != 0x80;
	if (personal_find(&arena, (const char *)data, size, &found)) {
		assert(found.n <= PERSONAL_FINDINGS_MAX);
		for (size_t i = 0; i < found.n; i++) {
			assert(found.list[i].start >= at && found.list[i].start < found.list[i].end);
			assert(found.list[i].end <= points);
			assert(found.list[i].type < PERSONAL_TYPES);
			at = found.list[i].end;
		}
	} else {
		assert(found.n == 0);
	}
	arena_reset(&arena);
	return 0;
}
