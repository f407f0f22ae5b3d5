#include <string.h>

#include "checks.h"

/* Whether work is taken now (3.3). Handing in answers the same as a conflict. */
bool
check_intake(const struct draft *draft, struct findings *found)
{
	if (strcmp(draft->intake, "published") == 0)
		return true;
	finding_add(found, BLOCKS, "%s",
	    strcmp(draft->intake, "retired") == 0 ?
		"This micro-credential is retired; it takes no submissions any more." :
		"This micro-credential takes no submissions at the moment; your draft stays as it is.")
	    ->field = "microCredential";
	return false;
}
