#include <string.h>

#include "checks.h"

static bool
is_same(const Vouch__Evidence *a, const Vouch__Evidence *b)
{
	return a->kind == b->kind && strcmp(a->sha256, b->sha256) == 0 && strcmp(a->url, b->url) == 0;
}

/* The same file or the same link twice is most often a slip. */
bool
check_evidence_twice(const struct draft *draft, struct findings *found)
{
	size_t before = found->n;

	for (size_t i = 1; i < draft->n_evidence; i++)
		for (size_t k = 0; k < i; k++) {
			struct finding *finding;

			if (!is_same(draft->evidence[k], draft->evidence[i]))
				continue;
			finding = finding_add(found, WARNS, "“%s” and “%s” are the same %s.",
			    draft->evidence[k]->title, draft->evidence[i]->title,
			    draft->evidence[i]->kind == VOUCH__EVIDENCE_KIND__FILE ? "file" : "link");
			finding->evidence_id = draft->evidence[i]->id;
			finding->field = finding_text(found, "evidence.%s", draft->evidence[i]->id);
			break;
		}
	return found->n == before;
}
