/*
 * delivery.h: hands a mail over to an SMTP server, or to a folder.
 */
#ifndef DELIVERY_H
#define DELIVERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config.h"

enum delivery_result {
	DELIVERY_DONE,  /* the server or the disk has it */
	DELIVERY_LATER, /* this mail was not taken now (4xx, or its fate is unclear) */
	DELIVERY_NEVER, /* this mail will not be taken (5xx) */
	DELIVERY_DOWN,  /* no mail is taken now: no connection, no login, no disk */
};

struct delivery;

/*
 * Reads the settings mail_*. Connects to nothing. NULL after logging which one
 * is wrong; *NONE is set, and NULL returned, when mail_url is empty. Ends with
 * delivery_close. For one thread at a time. Call curl_global_init() and
 * g_mime_init() once before.
 */
struct delivery *delivery_open(const struct config *config, bool *none);
void delivery_close(struct delivery *delivery);

/*
 * Hands over LEN bytes of MAIL, whose Message-ID is ID, to ADDRESS. Waits at
 * most mail_timeout_ms. WHY gets a few words without personal data when the
 * result is not DONE. A connection stays open for the next one until
 * delivery_pause().
 *
 * Into a folder: a file ID.eml, written, synced and then renamed, so that there
 * is one whole file however often the same mail comes. Over SMTP: if the answer
 * to the whole mail is lost, it is sent again, with the same Message-ID; no
 * client of SMTP can do better.
 */
enum delivery_result delivery_send(struct delivery *delivery, const char *id, const char *address,
    const char *mail, size_t len, char why[static 64]);

/* Closes what is open to the server until the next mail. */
void delivery_pause(struct delivery *delivery);

/*
 * How long a mail waits after its TRIES-th try, in ms: one minute doubling to
 * four hours, a quarter more or less by chance.
 */
int64_t delivery_delay(int tries);

#endif
