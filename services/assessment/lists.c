#include "lists.h"

#include <stdlib.h>
#include <string.h>

#include "cursor.h"
#include "db.h"
#include "id.h"

char **
lists_issuers(struct call *call, Vouch__Role role, Vouch__Role other, size_t *n)
{
	size_t n_first, n_second;
	char **first = call_issuers(call, role, &n_first), **second = call_issuers(call, other, &n_second);
	char **all = arena_alloc(call->arena, (n_first + n_second + 1) * sizeof(*all));

	*n = 0;
	if (first == NULL || second == NULL || all == NULL)
		return all;
	memcpy(all, first, n_first * sizeof(*all));
	memcpy(all + n_first, second, n_second * sizeof(*all));
	*n = n_first + n_second;
	return all;
}

bool
lists_page_read(struct call *call, const char *cursor, struct lists_page *page)
{
	const char *values[3];

	*page = (struct lists_page){.is_first = true};
	if (!cursor_read(call, cursor, values, 3))
		return false;
	if (values[0] == NULL)
		return true;
	page->is_first = false;
	page->is_calm = strcmp(values[0], "1") == 0;
	page->id = values[2];
	return cursor_number(call, values[1], &page->due_at) && cursor_id(call, page->id);
}

char *
lists_page_after(struct call *call, const Vouch__ReviewRecord *last)
{
	char *due = arena_printf(call->arena, "%lld", (long long)time_of(last->due_at));
	const char *values[] = {last->escalated_at == NULL ? "1" : "0", due, last->id};

	return due != NULL ? cursor_write(call, values, 3) : NULL;
}

bool
lists_read_issuers(
    struct call *call, Vouch__ReviewRecord *const *records, size_t n, Vouch__ReviewIssuers *issuers)
{
	char **ids = arena_alloc(call->arena, (n + 1) * sizeof(*ids));
	size_t n_ids = 0;

	if (ids == NULL)
		return refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
	for (size_t i = 0; i < n; i++) {
		size_t j = 0;

		while (j < n_ids && strcmp(ids[j], records[i]->issuer_id) != 0)
			j++;
		if (j == n_ids)
			ids[n_ids++] = records[i]->issuer_id;
	}
	return n_ids == 0 ||
	    db_all(call, "issuers_of", NULL, ARGS(LIST("issuers", ids, n_ids)), &issuers->base, "items");
}

const Vouch__ReviewIssuer *
lists_issuer_of(struct call *call, const Vouch__ReviewIssuers *issuers, const char *issuer_id)
{
	for (size_t i = 0; i < issuers->n_items; i++)
		if (strcmp(issuers->items[i]->issuer_id, issuer_id) == 0)
			return issuers->items[i];
	refuse(call, VOUCH__STATUS__INTERNAL, "a defect on our side");
	return NULL;
}
