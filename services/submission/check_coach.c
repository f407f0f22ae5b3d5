#include "checks.h"

/* "After the third, talk to a coach first" (SUB-5): Vouch reminds, the issuer's people judge. */
bool
check_coach(const struct draft *draft, struct findings *found)
{
	const Vouch__MicroCredentialDocument *document = draft->document;
	int denials = document->resubmission_limit > 0 ? document->resubmission_limit : 3;

	if (document->resubmission_policy != VOUCH__RESUBMISSION_POLICY__COACH_FIRST ||
	    draft->attempt <= denials)
		return true;
	if (text_is_there(document->resubmission_note))
		finding_add(found, WARNS, "%s", document->resubmission_note);
	else
		finding_add(found, WARNS,
		    "This is attempt %d; the issuer asks that you talk with a coach before you submit it.",
		    draft->attempt);
	return false;
}
