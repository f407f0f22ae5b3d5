#include "holidays.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

/* Many lists name a day more than once (a region each), so there is room for doubles until the end. */
enum { ROOM = 4 * HOLIDAYS_MAX };

bool
holidays_start(struct holidays *list, struct arena *arena, int32_t first, int32_t last)
{
	assert(first >= HOLIDAYS_FIRST && first <= last && last <= HOLIDAYS_LAST);
	*list = (struct holidays){.arena = arena, .first = first, .last = last};
	list->items = arena_alloc(arena, ROOM * sizeof(*list->items));
	list->problems = arena_alloc(arena, HOLIDAYS_PROBLEMS_MAX * sizeof(*list->problems));
	return list->items != NULL && list->problems != NULL;
}

bool
holidays_add(struct holidays *list, int32_t day, const char *name)
{
	if (day < list->first || day > list->last)
		return true;
	if (list->n_items == ROOM) {
		list->is_full = true;
		return false;
	}
	list->items[list->n_items++] = (struct holiday){.day = day, .name = name};
	return true;
}

void
holidays_problem(struct holidays *list, int line, const char *text)
{
	if (list->n_problems == HOLIDAYS_PROBLEMS_MAX)
		list->n_unlisted++;
	else
		list->problems[list->n_problems++] = (struct holidays_problem){.line = line, .text = text};
}

static int
by_day_and_name(const void *a, const void *b)
{
	const struct holiday *x = a, *y = b;

	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Joins the names of N items of one day. */
static const char *
joined_name(struct arena *arena, const struct holiday *items, size_t n)
{
	char name[HOLIDAYS_NAME_MAX + 1];
	const char *last = items[0].name;
	size_t len = strnlen(last, HOLIDAYS_NAME_MAX);
	bool several = false;

	memcpy(name, last, len);
	for (size_t i = 1; i < n; i++) {
		size_t more = strlen(items[i].name);

		if (strcmp(items[i].name, last) == 0 || len + 2 + more > HOLIDAYS_NAME_MAX)
			continue;
		name[len++] = ',';
		name[len++] = ' ';
		memcpy(name + len, items[i].name, more);
		len += more;
		last = items[i].name;
		several = true;
	}
	return several ? arena_dup(arena, name, len) : items[0].name;
}

bool
holidays_finish(struct holidays *list)
{
	size_t n = 0, end;

	qsort(list->items, list->n_items, sizeof(*list->items), by_day_and_name);
	for (size_t i = 0; i < list->n_items; i = end) {
		int32_t day = list->items[i].day;

		for (end = i + 1; end < list->n_items && list->items[end].day == day; end++)
			;
		if (n == HOLIDAYS_MAX) {
			list->is_full = true;
			break;
		}
		const char *name = joined_name(list->arena, list->items + i, end - i);
		if (name == NULL)
			return false;
		list->items[n++] = (struct holiday){.day = day, .name = name};
	}
	list->n_items = n;
	if (list->is_full)
		holidays_problem(list, 0,
		    "there are more than 5000 days off, or 20000 with doubles; the rest is left out");
	return true;
}

/* Returns how many bytes at S make one UTF-8 character (RFC 3629), 0 when they make none. */
static size_t
utf8_len(const unsigned char *s, size_t left)
{
	size_t n = s[0] < 0x80          ? 1 :
	    s[0] >= 0xc2 && s[0] < 0xe0 ? 2 :
	    (s[0] & 0xf0) == 0xe0       ? 3 :
	    s[0] >= 0xf0 && s[0] < 0xf5 ? 4 :
					  0;

	if (n == 0 || n > left)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	/* Longer than needed, a surrogate, or past U+10FFFF. */
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) || (s[0] == 0xf0 && s[1] < 0x90) ||
	    (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

const char *
holidays_name(struct arena *arena, const char *s, size_t len)
{
	static const char unknown[] = "\xef\xbf\xbd", fallback[] = "holiday";
	char name[HOLIDAYS_NAME_MAX];
	size_t used = 0;

	for (size_t i = 0, n; i < len; i += n) {
		const unsigned char *c = (const unsigned char *)s + i;
		const char *from = s + i;
		size_t add = n = utf8_len(c, len - i);

		if (n == 0) {
			n = 1;
			add = sizeof(unknown) - 1;
			from = unknown;
		} else if (*c < 0x20 || *c == 0x7f || (*c == 0xc2 && c[1] < 0xa0)) {
			add = 1;
			from = " ";
		}
		if (used + add > sizeof(name))
			break;
		if (*from == ' ' && used == 0)
			continue;
		memcpy(name + used, from, add);
		used += add;
	}
	while (used > 0 && name[used - 1] == ' ')
		used--;
	return used > 0 ? arena_dup(arena, name, used) : fallback;
}
