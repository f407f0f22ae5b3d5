#include <string.h>

#include "checks.h"

/* Nothing is handed in that nobody has looked at (EVD-6). */
bool
check_evidence_checked(const struct draft *draft, struct findings *found)
{
	size_t before = found->n;

	for (size_t i = 0; i < draft->n_evidence; i++) {
		const Vouch__Evidence *e = draft->evidence[i];
		struct finding *finding;

		if (strcmp(e->state, "checking") != 0)
			continue;
		finding = finding_add(
		    found, BLOCKS, "“%s” is still being checked; this takes a few seconds.", e->title);
		finding->evidence_id = e->id;
		finding->field = finding_text(found, "evidence.%s", e->id);
	}
	return found->n == before;
}
