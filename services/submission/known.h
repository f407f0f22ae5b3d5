/*
 * known.h: what the service has read once and need not read again.
 *
 * The rules of a published version never change, and an issuer's calendar has a
 * version; both are larger than all else that a submission is judged by. So they
 * are kept, packed, and found by what names them, version included: nothing kept
 * can be out of date. (A promise, which is made of a calendar, says itself for how
 * long it holds.) Bounded; what has no room is read or made each time.
 */
#ifndef KNOWN_H
#define KNOWN_H

#include "call.h"
#include "submission.pb-c.h"

enum {
	KNOWN_MAX = 1024,          /* kept records */
	KNOWN_BYTES_MAX = 8 << 20, /* of all of them, packed */
};

struct known;

/* An empty collection, for all calls and threads; NULL when memory is short. known_close() takes it back; NULL is fine. */
struct known *known_open(void);
void known_close(struct known *known);

/* Puts the rules of the version that RECORD is pinned to into its document. False: the call is refused. */
bool known_rules(struct call *call, Vouch__SubmissionRecord *record);

/*
 * Puts the calendar of the call's issuer into RECORD; it stays NULL when the issuer is
 * not known yet. RECORD's issuer_version says which one. False: the call is refused.
 */
bool known_calendar(struct call *call, Vouch__SubmissionRecord *record);

/* A kept record of TYPE by its NAME, in the call's arena; NULL: it is not kept. */
ProtobufCMessage *known_find(
    struct known *known, struct call *call, const char *name, const ProtobufCMessageDescriptor *type);

/* Keeps a packed copy of MESSAGE under NAME, unless it has no room. */
void known_keep(struct known *known, struct call *call, const char *name, const ProtobufCMessage *message);

#endif
