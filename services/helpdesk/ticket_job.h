/*
 * ticket_job.h: what happens to tickets by itself (3.7).
 */
#ifndef TICKET_JOB_H
#define TICKET_JOB_H

#include "call.h"

/*
 * Reminds people whose answer is missing (setting ticket_remind_days), resolves
 * what stays unanswered (ticket_solve_days after the reminder), closes what was
 * resolved and cannot be opened again. At most 50 of each; true: there may be more.
 */
bool job_tickets(struct call *call);

#endif
