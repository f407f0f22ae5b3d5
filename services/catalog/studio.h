/*
 * studio.h: the steps that handlers of the studio share: a micro-credential
 * with its newest version, from the table and back (3.3).
 */
#ifndef STUDIO_H
#define STUDIO_H

#include "call.h"
#include "catalog.pb-c.h"

/*
 * Reads the micro-credential ID of the call's issuer with its newest version
 * into ROW and keeps it from others until the commit. NOT_FOUND when there is
 * none, CONFLICT when all of it was given up.
 */
bool studio_row_lock(struct call *call, const char *id, Vouch__StudioState *row);

/* Keeps what the step has changed in the locked ROW. */
bool studio_row_save(struct call *call, const Vouch__StudioState *row);

/* Moves VERSION of ROW to STATE; NOTE NULL leaves the note as it is. */
bool studio_row_move(
    struct call *call, const Vouch__StudioState *row, int32_t version, const char *state, const char *note);

/* Puts in VERSION of micro-credential ID, a draft written by the caller. */
bool studio_row_put(
    struct call *call, const char *id, int32_t version, const Vouch__MicroCredentialDocument *document);

/* Starts micro-credential ID with KEY and version 1, a draft. *IS_NEW false: the key is taken. NOT_FOUND: no
 * such issuer. */
bool studio_row_start(struct call *call, const char *id, const char *key,
    const Vouch__MicroCredentialDocument *document, bool *is_new);

/*
 * Publishes VERSION, which stands in the table as a draft or in review with
 * DOCUMENT, of the locked ROW: the one before is superseded, the catalog shows
 * it unless intake is paused, and everybody hears of it. ROW then says what is.
 */
bool studio_row_publish(
    struct call *call, Vouch__StudioState *row, int32_t version, Vouch__MicroCredentialDocument *document);

/* Moves the locked, published ROW to LIVE ("published", "suspended", "retired"): in the catalog, and told to
 * everybody. */
bool studio_row_live(struct call *call, Vouch__StudioState *row, const char *live);

/* Fills REP with micro-credential ID as its authors see it. */
bool studio_row_show(struct call *call, const char *id, Vouch__StudioVersion *rep);

/* Refuses a document that is larger than an event may carry. */
bool studio_document_fits(struct call *call, const Vouch__MicroCredentialDocument *document);

/* Refuses with every rule that keeps DOCUMENT from being published (publish.h). */
bool studio_document_is_complete(struct call *call, const Vouch__MicroCredentialDocument *document);

#endif
