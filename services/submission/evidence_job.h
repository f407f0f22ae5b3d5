/*
 * evidence_job.h: looks at what was added to drafts (EVD-1..3), in the background.
 *
 * A piece is taken with a lease in a short transaction; the look itself, at a
 * hostile file or at somebody's server, runs with none open; what it saw counts
 * only while the lease is still the newest. Each call looks at one piece.
 */
#ifndef EVIDENCE_JOB_H
#define EVIDENCE_JOB_H

#include "call.h"

/* Looks at the file that has waited longest. True: there may be more. */
bool evidence_files(struct call *call);

/* The same for links: new ones, and once a day those of drafts that are worked on (N-3). */
bool evidence_links(struct call *call);

#endif
