#include <string.h>

#include "checks.h"

static void
compare(const Vouch__Part *part, const Vouch__PartText *text, struct findings *found)
{
	struct finding *finding = NULL;

	if (part->max_words > 0 && text->words > part->max_words)
		finding = finding_add(found, BLOCKS, "“%s” has %d words; at most %d are allowed.",
		    part->title, text->words, part->max_words);
	else if (text->words < part->min_words)
		finding = finding_add(found, BLOCKS, "“%s” has %d words; at least %d are asked for.",
		    part->title, text->words, part->min_words);
	if (finding == NULL)
		return;
	finding->part = part->key;
	finding->field = finding_text(found, "parts.%s", part->key);
}

/* Word limits of parts (DRF-1). An empty part is check_part_text's. */
bool
check_word_limit(const struct draft *draft, struct findings *found)
{
	size_t before = found->n;

	for (size_t i = 0; i < draft->document->n_parts; i++)
		for (size_t k = 0; k < draft->n_parts; k++)
			if (strcmp(draft->document->parts[i]->key, draft->parts[k]->key) == 0 &&
			    text_is_there(draft->parts[k]->text))
				compare(draft->document->parts[i], draft->parts[k], found);
	return found->n == before;
}
