#include "checks.h"
#include "requirement.h"

static void
count(const struct draft *draft, const Vouch__EvidenceRequirement *r, struct findings *found)
{
	int n = requirement_count(r, draft->evidence, draft->n_evidence, false);
	struct finding *finding = NULL;

	if (n < r->min)
		finding = finding_add(found, BLOCKS,
		    r->min == 1 ? "“%s” is missing." :
				  "“%s” asks for at least %d pieces of evidence; there are %d.",
		    r->title, r->min, n);
	else if (r->max > 0 && n > r->max)
		finding = finding_add(found, BLOCKS,
		    "“%s” takes at most %d pieces of evidence; there are %d.", r->title, r->max, n);
	if (finding != NULL)
		finding->field = finding_text(found, "evidence.%s", r->id);
}

/* As much evidence as each requirement asks for, and as it takes. What belongs to none is worth a look. */
bool
check_evidence_count(const struct draft *draft, struct findings *found)
{
	const Vouch__MicroCredentialDocument *document = draft->document;
	size_t before = found->n;

	for (size_t i = 0; i < document->n_evidence_requirements; i++)
		count(draft, document->evidence_requirements[i], found);
	for (size_t i = 0; i < draft->n_evidence && document->n_evidence_requirements > 0; i++)
		if (requirement_find(document, draft->evidence[i]->requirement_id) == NULL)
			finding_add(found, WARNS, "“%s” belongs to none of the evidence that is asked for.",
			    draft->evidence[i]->title)
			    ->evidence_id = draft->evidence[i]->id;
	return found->n == before;
}
