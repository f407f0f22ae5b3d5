/*
 * fuzz_ics.c: any bytes as a holiday calendar. Whatever they are, the reader ends, and what it
 * gives keeps the promises of holidays.h. The first byte chooses the reader's zone.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "holidays.h"
#include "ics.h"
#include "zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct holidays *list)
{
	if (list->n_items > HOLIDAYS_MAX || list->n_problems > HOLIDAYS_PROBLEMS_MAX)
		abort();
	for (size_t i = 0; i < list->n_items; i++) {
		const struct holiday *item = &list->items[i];
		size_t len = strnlen(item->name, HOLIDAYS_NAME_MAX + 1);

		if (item->day < list->first || item->day > list->last || (i > 0 && item->day <= item[-1].day))
			abort();
		if (len == 0 || len > HOLIDAYS_NAME_MAX)
			abort();
	}
	for (size_t i = 0; i < list->n_problems; i++)
		if (list->problems[i].line < 0 || list->problems[i].text == NULL)
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"UTC", "America/New_York", "Pacific/Apia", "Europe/London"};
	struct arena arena = {0};
	struct holidays list;

	if (size == 0)
		return 0;
	struct zone *zone = zone_open(names[data[0] % 4]);
	if (zone == NULL || !holidays_start(&list, &arena, HOLIDAYS_FIRST, HOLIDAYS_LAST))
		abort();
	(void)ics_read(&list, (const char *)data + 1, size - 1, zone);
	check(&list);
	zone_close(zone);
	arena_reset(&arena);
	return 0;
}
