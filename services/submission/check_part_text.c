#include <string.h>

#include "checks.h"

static const char *
text_of(const struct draft *draft, const char *key)
{
	for (size_t i = 0; i < draft->n_parts; i++)
		if (strcmp(draft->parts[i]->key, key) == 0)
			return draft->parts[i]->text;
	return "";
}

/* Each part has a text (DRF-1). */
bool
check_part_text(const struct draft *draft, struct findings *found)
{
	size_t before = found->n;

	for (size_t i = 0; i < draft->document->n_parts; i++) {
		const Vouch__Part *part = draft->document->parts[i];
		struct finding *finding;

		if (text_is_there(text_of(draft, part->key)))
			continue;
		finding = finding_add(found, BLOCKS, "“%s” is empty.", part->title);
		finding->part = part->key;
		finding->field = finding_text(found, "parts.%s", part->key);
	}
	return found->n == before;
}
