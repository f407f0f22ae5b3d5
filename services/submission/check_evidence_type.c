#include "checks.h"
#include "requirement.h"

/* Files of the types that their requirement takes, by name; what they really are, the inspector has seen. */
bool
check_evidence_type(const struct draft *draft, struct findings *found)
{
	size_t before = found->n;

	for (size_t i = 0; i < draft->n_evidence; i++) {
		const Vouch__Evidence *e = draft->evidence[i];
		const Vouch__EvidenceRequirement *r = requirement_find(draft->document, e->requirement_id);
		struct finding *finding;
		const char *list;

		if (r == NULL || e->kind != VOUCH__EVIDENCE_KIND__FILE || requirement_takes(r, e->file_name))
			continue;
		list = requirement_list(found->arena, r);
		finding = finding_add(found, BLOCKS, "“%s” takes %s; “%s” is another type.", r->title,
		    list != NULL ? list : "other types", e->title);
		finding->evidence_id = e->id;
		finding->field = finding_text(found, "evidence.%s", e->id);
	}
	return found->n == before;
}
