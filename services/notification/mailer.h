/*
 * mailer.h: the job that sends.
 */
#ifndef MAILER_H
#define MAILER_H

#include "call.h"
#include "config.h"

struct mailer;

/* What the service's open() makes: the way out for mails. NULL after logging why. */
struct mailer *mailer_open(const struct config *config);
void mailer_close(struct mailer *mailer);

/* Sends up to 20 mails that are due; true when there may be more. One thread. */
bool mailer_run(struct call *call);

/* Forgets mails that are long done. */
bool mailer_purge(struct call *call);

#endif
