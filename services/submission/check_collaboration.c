#include "checks.h"

static void
miss(struct findings *found, const char *field, const char *message)
{
	finding_add(found, BLOCKS, "%s", message)->field = field;
}

static bool
names_a_partner(const Vouch__CollaborationDeclaration *c)
{
	for (size_t i = 0; i < c->n_partners; i++)
		if (text_is_there(c->partners[i]->name) || text_is_there(c->partners[i]->email))
			return true;
	return false;
}

/* Collaboration as the policy allows it (POL-1), and declared in full (POL-2). */
bool
check_collaboration(const struct draft *draft, struct findings *found)
{
	const Vouch__CollaborationDeclaration *c = draft->declarations->collaboration;
	bool is_individual = draft->document->collaboration_policy == VOUCH__COLLABORATION_POLICY__INDIVIDUAL;
	size_t before = found->n;

	if (c == NULL) {
		if (!is_individual)
			miss(found, "declarations.collaboration", "Say whether you worked with others.");
	} else if (c->collaborative && is_individual) {
		miss(found, "declarations.collaboration.collaborative",
		    "This micro-credential is individual work; it cannot be a collaborative effort.");
	} else if (c->collaborative) {
		if (!names_a_partner(c))
			miss(found, "declarations.collaboration.partners",
			    "Name at least one educator with whom you worked; the name stays private.");
		if (!text_is_there(c->rationale))
			miss(found, "declarations.collaboration.rationale",
			    "Say what the collaboration was and why you chose it.");
		if (!text_is_there(c->delegation))
			miss(found, "declarations.collaboration.delegation", "Say who did which task.");
	}
	return found->n == before;
}
