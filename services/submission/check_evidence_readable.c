#include <string.h>

#include "checks.h"

static void
tell(const Vouch__Evidence *e, bool is_bad, struct findings *found)
{
	for (size_t i = 0; i < e->n_problems; i++) {
		struct finding *finding = finding_add(
		    found, is_bad ? BLOCKS : WARNS, "“%s”: %s", e->title, e->problems[i]->message);

		finding->evidence_id = e->id;
		finding->field = finding_text(found, "evidence.%s", e->id);
	}
	if (is_bad && e->n_problems == 0) {
		struct finding *finding = finding_add(found, BLOCKS, "“%s” cannot be opened.", e->title);

		finding->evidence_id = e->id;
		finding->field = finding_text(found, "evidence.%s", e->id);
	}
}

/* Files that open (EVD-1) and are clear enough (EVD-2); only what cannot be assessed blocks. */
bool
check_evidence_readable(const struct draft *draft, struct findings *found)
{
	size_t before = found->n;

	for (size_t i = 0; i < draft->n_evidence; i++)
		if (draft->evidence[i]->kind == VOUCH__EVIDENCE_KIND__FILE &&
		    strcmp(draft->evidence[i]->state, "checking") != 0)
			tell(draft->evidence[i], strcmp(draft->evidence[i]->state, "problem") == 0, found);
	return found->n == before;
}
