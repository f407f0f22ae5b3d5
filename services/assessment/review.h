/*
 * review.h: a review, from its row to what assessors and leads see of it.
 *
 * Rows are ReviewRecord (assessment.proto). Nobody sees the earner's id, the
 * hashes of files, or, where the issuer reviews blind, what the files were
 * called (ASM-3).
 */
#ifndef REVIEW_H
#define REVIEW_H

#include "assessment.pb-c.h"
#include "calendar.h"
#include "call.h"
#include "stage.h"

/*
 * Makes the calendar of an ISSUER for a promise in TIME_ZONE (both are
 * borrowed), in the call's arena. False: refused, INTERNAL; the catalog lets no
 * such calendar pass.
 */
bool review_calendar(
    struct call *call, const Vouch__ReviewIssuer *issuer, const char *time_zone, struct calendar *calendar);

/* Makes the promise of a review. False: refused as above. */
bool review_promise_of(struct call *call, const Vouch__ReviewIssuer *issuer, const char *time_zone,
    const char *due_date, int64_t due_at, struct stage_promise *promise);

/*
 * Business days at AT up to the last one of RECORD, 0 on that day; negative: late
 * by so many. Sets *DAYS. False: refused as above.
 */
bool review_days_left(struct call *call, const Vouch__ReviewRecord *record, const Vouch__ReviewIssuer *issuer,
    int64_t at, int32_t *days);

/* Sets *DAYS to the business days that have begun after the local day of SINCE. False: refused as above. */
bool review_age(struct call *call, const struct calendar *calendar, int64_t since, int32_t *days);

/* Is it queued or in review? */
bool review_is_open(const Vouch__ReviewRecord *record);

/* The micro-credential of RECORD as the API names it; NULL when the arena is full. */
Vouch__ReviewMicroCredential *review_micro_credential(
    struct call *call, const Vouch__ReviewRecord *record, const Vouch__ReviewIssuer *issuer);

/* Whom the caller may see as the one who has it: "" nobody, "me", an account's id for leads, else "other". */
char *review_assignee(struct call *call, const Vouch__ReviewRecord *record);

/* Fills a ROW of a list. False: refused. */
bool review_row(struct call *call, const Vouch__ReviewRecord *record, const Vouch__ReviewIssuer *issuer,
    Vouch__ReviewRow *row);

/* Fills REP with the whole review. False: refused. */
bool review_show(struct call *call, const Vouch__ReviewRecord *record, const Vouch__ReviewIssuer *issuer,
    Vouch__Review *rep);

/* The name of the Ith file (from 0) where the issuer reviews blind: "evidence-1.pdf", with its own extension. */
char *review_blind_name(struct call *call, const Vouch__Evidence *evidence, size_t i);

#endif
