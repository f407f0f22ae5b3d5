#include "checks.h"

/* The earner stands for the work (POL-8). */
bool
check_own_work(const struct draft *draft, struct findings *found)
{
	const Vouch__OwnWorkDeclaration *own = draft->declarations->own_work;

	if (own != NULL && own->confirmed)
		return true;
	finding_add(found, BLOCKS, "Confirm that this is your own work.")->field =
	    "declarations.ownWork.confirmed";
	return false;
}
