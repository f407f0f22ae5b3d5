#include <string.h>

#include "checks.h"
#include "requirement.h"

/* A closed link blocks only where its evidence is required and there is not enough without it (EVD-3). */
static bool
is_needed(const struct draft *draft, const Vouch__Evidence *link)
{
	const Vouch__EvidenceRequirement *r = requirement_find(draft->document, link->requirement_id);

	return r != NULL && r->min > 0 &&
	    requirement_count(r, draft->evidence, draft->n_evidence, true) < r->min;
}

bool
check_link_open(const struct draft *draft, struct findings *found)
{
	size_t before = found->n;

	for (size_t i = 0; i < draft->n_evidence; i++) {
		const Vouch__Evidence *e = draft->evidence[i];
		bool is_bad = strcmp(e->state, "problem") == 0;
		struct finding *finding;

		if (e->kind != VOUCH__EVIDENCE_KIND__LINK || strcmp(e->state, "checking") == 0 ||
		    (!is_bad && e->n_problems == 0))
			continue;
		finding = finding_add(found, is_bad && is_needed(draft, e) ? BLOCKS : WARNS, "“%s”: %s",
		    e->title, e->n_problems > 0 ? e->problems[0]->message : "The link cannot be opened.");
		finding->evidence_id = e->id;
		finding->field = finding_text(found, "evidence.%s", e->id);
	}
	return found->n == before;
}
