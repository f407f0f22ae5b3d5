#include "checks.h"

/* The earner has looked for personal information of others (POL-8). */
bool
check_care(const struct draft *draft, struct findings *found)
{
	const Vouch__PersonalInformationDeclaration *care = draft->declarations->personal_information;

	if (care != NULL && care->reviewed)
		return true;
	finding_add(found, BLOCKS, "Confirm that you have looked for names and other personal information.")
	    ->field = "declarations.personalInformation.reviewed";
	return false;
}
