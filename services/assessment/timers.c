#include "timers.h"

#include <stdio.h>
#include <string.h>

#include "assessment.h"
#include "assessment.pb-c.h"
#include "db.h"
#include "facts.pb-c.h"
#include "id.h"
#include "lists.h"
#include "log.h"
#include "outbox.h"
#include "redis.h"
#include "review.h"
#include "stage.h"

enum { PAGE = 1000, FIRE_MAX = 100, SWEEP_MAX = 100, SWEEPS_MAX = 100 };
#define LEASE_US (INT64_C(10) * 1000000) /* so late an alert may be after a crash (P9) */

/* ---- telling Redis --------------------------------------------------------- */

/* The timers of records that have a next instant (or, with IDLE, of those that have none). */
static size_t
timers_of(const Vouch__ReviewRecords *records, bool idle, struct timer *timers)
{
	size_t n = 0;

	for (size_t i = 0; i < records->n_items && n < PAGE; i++) {
		const Vouch__ReviewRecord *r = records->items[i];

		if ((r->next_at == NULL) != idle)
			continue;
		snprintf(timers[n].name, sizeof(timers[n].name), "%s~%s", r->issuer_id, r->id);
		timers[n++].at = time_of(r->next_at);
	}
	return n;
}

struct columns {
	char **issuers, **ids;
	int64_t *ats;
};

/* The timers as columns, for unnest(). False: refused. */
static bool
columns_of(struct call *call, const struct timer *timers, size_t n, struct columns *columns)
{
	columns->issuers = arena_alloc(call->arena, (n + 1) * sizeof(*columns->issuers));
	columns->ids = arena_alloc(call->arena, (n + 1) * sizeof(*columns->ids));
	columns->ats = arena_alloc(call->arena, (n + 1) * sizeof(*columns->ats));
	if (columns->issuers == NULL || columns->ids == NULL || columns->ats == NULL)
		return refuse(call, VOUCH__STATUS__INTERNAL, "too many timers at once");
	for (size_t i = 0; i < n; i++) {
		columns->issuers[i] = arena_dup(call->arena, timers[i].name, strcspn(timers[i].name, "~"));
		columns->ids[i] = arena_dup(call->arena, timers[i].name, strlen(timers[i].name));
		columns->ats[i] = timers[i].at;
		if (columns->issuers[i] == NULL || columns->ids[i] == NULL)
			return refuse(call, VOUCH__STATUS__INTERNAL, "too many timers at once");
	}
	return true;
}

static bool
mark(struct call *call, const char *query, const struct timer *timers, size_t n)
{
	struct columns c;

	return n == 0 ||
	    (columns_of(call, timers, n, &c) &&
		db_do(call, query, NULL,
		    ARGS(LIST("issuers", c.issuers, n), LIST("ids", c.ids, n), NUMBERS("ats", c.ats, n))));
}

bool
timers_arm_job(struct call *call)
{
	const struct assessment *own = call->state;
	struct timer *timers = arena_alloc(call->arena, 2UL * PAGE * sizeof(*timers)), *idle = timers + PAGE;
	Vouch__ReviewRecords found = VOUCH__REVIEW_RECORDS__INIT;
	size_t n, n_idle;

	if (own->arming == NULL || timers == NULL ||
	    !db_all(call, "timers_unarmed", NULL, NULL, &found.base, "items"))
		return false;
	n = timers_of(&found, false, timers);
	n_idle = timers_of(&found, true, idle);
	/* Redis first: a mark without a timer would wait for the sweep. */
	if (n + n_idle == 0 || !timers_arm(own->arming, timers, n) ||
	    !timers_disarm(own->arming, idle, n_idle))
		return false;
	return mark(call, "timers_mark", timers, n) && mark(call, "timers_unmark", idle, n_idle) &&
	    db_commit(call) && found.n_items == PAGE;
}

/* ---- stages ------------------------------------------------------------------ */

static bool
tell(struct call *call, const Vouch__ReviewRecord *record, const struct stage *stage)
{
	Vouch__ClockStage fact = VOUCH__CLOCK_STAGE__INIT;

	fact.submission_id = record->submission_id;
	fact.stage = (char *)stage->name;
	fact.code = record->code;
	fact.earner_id = record->earner_id;
	fact.title = record->title;
	fact.review_id = record->id;
	fact.assessor_id = record->assignee_id;
	fact.business_days_left = stage->left;
	fact.business_days_late = stage->late;
	fact.due_at = record->due_at;
	fact.due_date = record->due_date;
	fact.time_zone = record->time_zone;
	fact.at = record->next_at;
	return announce(call, &fact.base);
}

/* The stage of RECORD has come: on to the next, and tell it, unless somebody else did or it is stale. */
static bool
fire(struct call *call, const Vouch__ReviewRecord *record, const Vouch__ReviewIssuer *issuer)
{
	struct stage_promise promise;
	struct stage stage, next = {0};
	const char *why;
	bool ends, mine, is_new;

	if (!review_promise_of(
		call, issuer, record->time_zone, record->due_date, time_of(record->due_at), &promise) ||
	    !stage_named(&promise, record->next_stage, &stage, &why)) {
		/* One review that cannot be understood must not keep the others waiting. */
		log_error("assessment: no stage %s of review %s", record->next_stage, record->id);
		call_again(call);
		return true;
	}
	ends = !stage_next(&promise, record->next_stage, &next, &why);
	call_in_issuer(call, record->issuer_id);
	if (!db_maybe(call, "stage_pass", NULL,
		ends ? ARGS(TEXT("id", record->id), TEXT("stage", record->next_stage), NONE("next_stage"),
			   NONE("next_at")) :
		       ARGS(TEXT("id", record->id), TEXT("stage", record->next_stage),
			   TEXT("next_stage", next.name), TIME("next_at", next.at)),
		NULL, &mine))
		return false;
	if (!mine || (!ends && stage_is_stale(record->next_stage, &next, call->now)))
		return true;
	return db_maybe(call, "stage_record", NULL,
		   ARGS(TEXT("submission_id", record->submission_id), TEXT("stage", record->next_stage),
		       TIME("due", time_of(record->next_at))),
		   NULL, &is_new) &&
	    (!is_new || tell(call, record, &stage));
}

/* Fires a batch in one transaction. Both queries sort, so that two instances do not lock each other out. */
static bool
fire_all(struct call *call, const Vouch__ReviewRecords *due)
{
	Vouch__ReviewIssuers issuers = VOUCH__REVIEW_ISSUERS__INIT;

	if (!lists_read_issuers(call, due->items, due->n_items, &issuers))
		return false;
	for (size_t i = 0; i < due->n_items; i++) {
		const Vouch__ReviewIssuer *issuer = lists_issuer_of(call, &issuers, due->items[i]->issuer_id);

		if (issuer == NULL || !fire(call, due->items[i], issuer))
			return false;
	}
	return due->n_items == 0 || db_commit(call);
}

static bool
has_record(const Vouch__ReviewRecords *records, const char *name)
{
	for (size_t i = 0; i < records->n_items; i++)
		if (strcmp(records->items[i]->id, id_uuid(name)) == 0)
			return true;
	return false;
}

/* What Redis gave though it is not due: sets right what still runs, forgets the rest. */
static bool
correct(struct call *call, struct redis *redis, const struct timer *timers, size_t n)
{
	Vouch__ReviewRecords running = VOUCH__REVIEW_RECORDS__INIT;
	struct timer right[FIRE_MAX], gone[FIRE_MAX];
	size_t n_right, n_gone = 0;
	struct columns c;

	if (n == 0)
		return true;
	if (!columns_of(call, timers, n, &c) ||
	    !db_all(call, "timers_named", NULL, ARGS(LIST("issuers", c.issuers, n), LIST("ids", c.ids, n)),
		&running.base, "items"))
		return false;
	n_right = timers_of(&running, false, right);
	for (size_t i = 0; i < n; i++)
		if (!has_record(&running, timers[i].name))
			gone[n_gone++] = timers[i];
	return timers_arm(redis, right, n_right) && timers_disarm(redis, gone, n_gone);
}

bool
timers_fire_job(struct call *call)
{
	const struct assessment *own = call->state;
	Vouch__ReviewRecords due = VOUCH__REVIEW_RECORDS__INIT;
	struct timer timers[FIRE_MAX], early[FIRE_MAX];
	size_t n = 0, n_early = 0;
	struct columns c;
	int got;

	if (own->firing == NULL ||
	    (got = timers_claim(own->firing, call->now, LEASE_US, timers, FIRE_MAX)) <= 0)
		return false;
	for (int i = 0; i < got; i++)
		if (id_is_joined(timers[i].name))
			timers[n++] = timers[i];
		else /* nobody here wrote it */
			timers_disarm(own->firing, &timers[i], 1);
	if (!columns_of(call, timers, n, &c) ||
	    !db_all(call, "reviews_named", NULL, ARGS(LIST("issuers", c.issuers, n), LIST("ids", c.ids, n)),
		&due.base, "items"))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!has_record(&due, timers[i].name))
			early[n_early++] = timers[i];
	return fire_all(call, &due) && correct(call, own->firing, early, n_early) &&
	    got >= FIRE_MAX / 2; /* each key gives its share only */
}

/* ---- without Redis, and after it lost something ------------------------------------ */

/* Arms everything that runs, soonest first, a page at a time. False: Redis or the database fails. */
static bool
arm_everything(struct call *call, struct redis *redis, int64_t *armed)
{
	char issuer[64] = "", id[40] = "00000000-0000-0000-0000-000000000000";
	int64_t at = 0; /* nothing is due before 1970 */
	size_t n = PAGE;

	for (*armed = 0; n == PAGE; *armed += (int64_t)n) {
		struct arena_mark before = arena_mark(call->arena);
		struct timer *timers = arena_alloc(call->arena, PAGE * sizeof(*timers));
		Vouch__ReviewRecords page = VOUCH__REVIEW_RECORDS__INIT;

		if (timers == NULL ||
		    !db_all(call, "timers_page", NULL,
			ARGS(TIME("after_at", at), TEXT("after_issuer", issuer), TEXT("after_id", id)),
			&page.base, "items"))
			return false;
		n = timers_of(&page, false, timers);
		if (!timers_arm(redis, timers, n))
			return false;
		if (n > 0) {
			at = time_of(page.items[n - 1]->next_at);
			snprintf(issuer, sizeof(issuer), "%s", page.items[n - 1]->issuer_id);
			snprintf(id, sizeof(id), "%s", page.items[n - 1]->id);
		}
		arena_rewind(call->arena, before);
	}
	return true;
}

bool
timers_rebuild(struct call *call, int64_t *armed)
{
	const struct assessment *own = call->state;

	return own->rebuilding != NULL && timers_clear(own->rebuilding) &&
	    arm_everything(call, own->rebuilding, armed);
}

/* Redis has fewer timers than it was given: it came back empty, or forgot some. */
static bool
mend(struct call *call, struct redis *redis)
{
	Vouch__Count stored = VOUCH__COUNT__INIT;
	int64_t held = timers_count(redis), armed = 0;

	if (held < 0 || !db_one(call, "timers_stored", NULL, NULL, &stored.base) || held >= stored.n)
		return false;
	if (arm_everything(call, redis, &armed))
		log_warn("assessment: Redis had %lld of %lld timers; armed %lld again", (long long)held,
		    (long long)stored.n, (long long)armed);
	return false;
}

bool
timers_sweep_job(struct call *call)
{
	const struct assessment *own = call->state;
	const Vouch__Caller *caller = call->caller;

	for (int i = 0; i < SWEEPS_MAX; i++) {
		struct arena_mark before = arena_mark(call->arena);
		Vouch__ReviewRecords due = VOUCH__REVIEW_RECORDS__INIT;

		if (!db_all(call, "reviews_due", NULL, ARGS(INT("limit", SWEEP_MAX)), &due.base, "items") ||
		    !fire_all(call, &due))
			return false;
		size_t n = due.n_items;
		call->caller = caller; /* the one of the last issuer goes with the page */
		arena_rewind(call->arena, before);
		if (n < SWEEP_MAX)
			return own->sweeping != NULL && mend(call, own->sweeping);
	}
	return true;
}
