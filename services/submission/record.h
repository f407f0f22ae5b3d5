/*
 * record.h: a submission as it stands in the database, for the handlers.
 */
#ifndef RECORD_H
#define RECORD_H

#include "call.h"
#include "checks.h"
#include "submission.pb-c.h"

/* Reads the caller's submission ID (with or without its issuer). NOT_FOUND when it is none, or discarded. */
bool record_read(struct call *call, const char *id, Vouch__SubmissionRecord *record);

/* Fills REP, empty, with what the earner sees of RECORD. False: the call is refused, its arena is full. */
bool record_show(struct call *call, const Vouch__SubmissionRecord *record, Vouch__Submission *rep);

/* Reads and shows. */
bool record_answer(struct call *call, const char *id, Vouch__Submission *rep);

/* What the checks look at; RECORD is borrowed. */
struct draft record_draft(const struct call *call, const Vouch__SubmissionRecord *record);

/*
 * Says why the caller's submission ID could not be changed as a draft: NOT_FOUND,
 * or CONFLICT. Always false. Reads the record anew.
 */
bool record_refuse(struct call *call, const char *id);

/* Counts a change of the caller's draft ID and holds it to the transaction's end; else as record_refuse(). */
bool record_touch(struct call *call, const char *id);

/* Returns the word for STATE in a sentence: "handed in". Constant. */
const char *record_state_word(Vouch__Submission__State state);

#endif
