#include "kinds.h"

#include <string.h>

const struct kind kinds[KINDS] = {
	/* name, mail, inbox, required, chosen */
	{"submission_received", true, true, false, true},
	{"submission_in_review", false, true, false, true},
	{"submission_withdrawn", true, true, false, true},
	{"decision", true, true, true, true},
	{"credential_issued", true, true, false, true},
	{"result_late", true, true, false, true},
	{"ticket_answered", true, true, false, true},
	{"pool_submission", false, true, false, true},
	{"review_due", true, true, false, true},
	{"review_overdue", true, true, false, true},
	{"review_escalated", true, true, false, true},
	/* Not chosen: mails that somebody has just asked for, and the news that mail does not arrive. */
	{"confirmation", true, false, true, false},
	{"password", true, false, true, false},
	{"mail_failed", false, true, false, false},
};

const struct kind *
kind_find(const char *name)
{
	for (size_t i = 0; i < KINDS; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}
