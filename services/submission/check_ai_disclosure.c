#include "checks.h"

static void
miss(struct findings *found, const char *field, const char *message)
{
	finding_add(found, BLOCKS, "%s", message)->field = field;
}

/* The use of AI, answered and within the policy (POL-5), with tools and purpose where it was used (POL-6). */
bool
check_ai_disclosure(const struct draft *draft, struct findings *found)
{
	const Vouch__AiDeclaration *ai = draft->declarations->ai;
	bool is_prohibited = draft->document->ai_policy == VOUCH__AI_POLICY__PROHIBITED;
	size_t before = found->n;

	if (ai == NULL || !ai->answered) {
		miss(found, "declarations.ai.used",
		    is_prohibited ? "Confirm that you did not use AI." : "Say whether you used AI.");
	} else if (ai->used && is_prohibited) {
		miss(found, "declarations.ai.used", "This micro-credential does not allow the use of AI.");
	} else if (ai->used) {
		if (!text_is_there(ai->tools))
			miss(found, "declarations.ai.tools", "Name the AI tools that you used.");
		if (!text_is_there(ai->purpose))
			miss(found, "declarations.ai.purpose", "Say what you used AI for.");
	}
	return found->n == before;
}
