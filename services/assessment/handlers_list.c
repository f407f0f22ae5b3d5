/* The lists: for assessors their reviews, for leads and operators what waits and what is late. */
#include <string.h>

#include "assessment.rpc.h"
#include "cursor.h"
#include "db.h"
#include "lists.h"
#include "review.h"
#include "timers.h"

/* A word of a query parameter that is none of those it may be: the request itself is malformed. */
static bool
bad_word(struct call *call, const char *field, const char *allowed)
{
	refuse(call, VOUCH__STATUS__MALFORMED, "%s must be %s", field, allowed);
	return refuse_field(call, field, "word", "must be %s", allowed);
}

static const char *
queue_query(struct call *call, const char *queue)
{
	if (queue[0] == '\0' || strcmp(queue, "pool") == 0)
		return "reviews_pool";
	if (strcmp(queue, "mine") == 0)
		return "reviews_mine";
	if (strcmp(queue, "all") == 0) {
		if (call_has_role(call, VOUCH__ROLE__POOL_LEAD))
			return "reviews_all";
		refuse(call, VOUCH__STATUS__FORBIDDEN, "only leads see all reviews");
		return NULL;
	}
	bad_word(call, "queue", "mine, pool or all");
	return NULL;
}

static bool
check_states(struct call *call, const Vouch__ListReviews *req)
{
	static const char *const states[] = {"queued", "in_review", "decided", "cancelled"};

	for (size_t i = 0; i < req->n_state; i++) {
		size_t j = 0;

		while (j < 4 && strcmp(states[j], req->state[i]) != 0)
			j++;
		if (j == 4)
			return bad_word(call, "state", "queued, in_review, decided or cancelled");
	}
	return true;
}

bool
reviews_list(struct call *call, const Vouch__ListReviews *req, Vouch__ReviewList *rep)
{
	Vouch__ReviewRecords found = VOUCH__REVIEW_RECORDS__INIT;
	Vouch__ReviewIssuers known = VOUCH__REVIEW_ISSUERS__INIT;
	const char *query = queue_query(call, req->queue);
	bool is_lead = query != NULL && strcmp(query, "reviews_all") == 0;
	size_t limit = (size_t)cursor_limit(req->limit), n;
	char **issuers = lists_issuers(
	    call, VOUCH__ROLE__POOL_LEAD, is_lead ? VOUCH__ROLE__POOL_LEAD : VOUCH__ROLE__ASSESSOR, &n);
	struct lists_page page;

	if (query == NULL || !check_states(call, req) || !lists_page_read(call, req->cursor, &page) ||
	    !db_all(call, query, &req->base,
		ARGS(LIST("issuers", issuers, n), INT("limit", (int64_t)limit + 1),
		    BOOL("first", page.is_first), BOOL("after_calm", page.is_calm),
		    TIME("after_due", page.due_at), TEXT("after_id", page.id)),
		&found.base, "items"))
		return false;
	if (found.n_items > limit) {
		found.n_items = limit;
		rep->next = lists_page_after(call, found.items[limit - 1]);
	}
	rep->items = arena_alloc(call->arena, (found.n_items + 1) * sizeof(*rep->items));
	if (rep->items == NULL || rep->next == NULL)
		return refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
	if (!lists_read_issuers(call, found.items, found.n_items, &known))
		return false;
	for (size_t i = 0; i < found.n_items; i++) {
		const Vouch__ReviewIssuer *issuer = lists_issuer_of(call, &known, found.items[i]->issuer_id);
		Vouch__ReviewRow *row = arena_alloc(call->arena, sizeof(*row));

		if (row == NULL || issuer == NULL)
			return refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
		vouch__review_row__init(row);
		if (!review_row(call, found.items[i], issuer, row))
			return false;
		rep->items[rep->n_items++] = row;
	}
	return true;
}

/* How many business days the oldest work of a queue waits. */
static bool
queue_age(struct call *call, const Vouch__QueueRecord *record, const Vouch__ReviewIssuer *issuer,
    Vouch__Queue *queue)
{
	struct calendar calendar;

	return record->oldest_submitted_at == NULL ||
	    (review_calendar(call, issuer, record->calendar->time_zone, &calendar) &&
		review_age(
		    call, &calendar, time_of(record->oldest_submitted_at), &queue->oldest_business_days));
}

static bool
queue_show(struct call *call, const Vouch__QueueRecord *record, Vouch__Queue *queue)
{
	Vouch__IssuerRef *ref = arena_alloc(call->arena, sizeof(*ref));
	Vouch__ReviewIssuer issuer = VOUCH__REVIEW_ISSUER__INIT;

	if (ref == NULL)
		return refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
	vouch__issuer_ref__init(ref);
	ref->id = record->issuer_id;
	ref->name = record->name;
	queue->issuer = ref;
	queue->pool = (char *)"all"; /* an issuer has one pool: all its assessors */
	queue->waiting = record->waiting;
	queue->in_review = record->in_review;
	queue->due_today = record->due_today;
	queue->overdue = record->overdue;
	queue->oldest_submitted_at = record->oldest_submitted_at;
	issuer.issuer_id = record->issuer_id;
	issuer.calendar = record->calendar;
	return queue_age(call, record, &issuer, queue);
}

bool
ops_queues(struct call *call, const Vouch__GetQueues *req, Vouch__QueueList *rep)
{
	Vouch__QueueRecords found = VOUCH__QUEUE_RECORDS__INIT;
	size_t n;
	char **issuers = lists_issuers(call, VOUCH__ROLE__POOL_LEAD, VOUCH__ROLE__OPS, &n);

	if (!db_all(call, "queues_list", &req->base, ARGS(LIST("issuers", issuers, n)), &found.base, "items"))
		return false;
	rep->items = arena_alloc(call->arena, (found.n_items + 1) * sizeof(*rep->items));
	for (size_t i = 0; rep->items != NULL && i < found.n_items; i++) {
		Vouch__Queue *queue = arena_alloc(call->arena, sizeof(*queue));

		if (queue == NULL)
			return refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
		vouch__queue__init(queue);
		if (!queue_show(call, found.items[i], queue))
			return false;
		rep->items[rep->n_items++] = queue;
	}
	return rep->items != NULL || refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
}

static bool
overdue_show(struct call *call, const Vouch__ReviewRecord *record, const Vouch__ReviewIssuer *issuer,
    Vouch__OverdueRow *row)
{
	Vouch__ReviewRow common = VOUCH__REVIEW_ROW__INIT;

	if (!review_row(call, record, issuer, &common))
		return false;
	row->review_id = common.id;
	row->submission_code = common.submission_code;
	row->micro_credential = common.micro_credential;
	row->state = common.state;
	row->due_at = common.due_at;
	row->due_date = common.due_date;
	row->time_zone = common.time_zone;
	row->business_days_late = -common.business_days_left;
	row->assignee = common.assignee;
	row->escalated = common.escalated;
	row->last_stage = record->last_stage;
	return true;
}

bool
ops_overdue(struct call *call, const Vouch__GetOverdue *req, Vouch__OverdueList *rep)
{
	Vouch__ReviewRecords found = VOUCH__REVIEW_RECORDS__INIT;
	Vouch__ReviewIssuers known = VOUCH__REVIEW_ISSUERS__INIT;
	Vouch__Count total = VOUCH__COUNT__INIT;
	size_t limit = (size_t)cursor_limit(req->limit), n;
	char **issuers = lists_issuers(call, VOUCH__ROLE__POOL_LEAD, VOUCH__ROLE__OPS, &n);
	struct lists_page page;

	if (!lists_page_read(call, req->cursor, &page) ||
	    !db_all(call, "overdue_list", &req->base,
		ARGS(LIST("issuers", issuers, n), INT("limit", (int64_t)limit + 1),
		    BOOL("first", page.is_first), TIME("after_due", page.due_at), TEXT("after_id", page.id)),
		&found.base, "items") ||
	    !db_one(call, "overdue_total", &req->base, ARGS(LIST("issuers", issuers, n)), &total.base))
		return false;
	rep->total = total.n;
	if (found.n_items > limit) {
		found.n_items = limit;
		rep->next = lists_page_after(call, found.items[limit - 1]);
	}
	rep->items = arena_alloc(call->arena, (found.n_items + 1) * sizeof(*rep->items));
	if (rep->items == NULL || rep->next == NULL)
		return refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
	if (!lists_read_issuers(call, found.items, found.n_items, &known))
		return false;
	for (size_t i = 0; i < found.n_items; i++) {
		const Vouch__ReviewIssuer *issuer = lists_issuer_of(call, &known, found.items[i]->issuer_id);
		Vouch__OverdueRow *row = arena_alloc(call->arena, sizeof(*row));

		if (row == NULL || issuer == NULL)
			return refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
		vouch__overdue_row__init(row);
		if (!overdue_show(call, found.items[i], issuer, row))
			return false;
		rep->items[rep->n_items++] = row;
	}
	return true;
}

bool
ops_rebuild_timers(struct call *call, const Vouch__TimersRebuild *req, Vouch__TimersRebuilt *rep)
{
	int64_t began = clock_ms();

	(void)req;
	if (!timers_rebuild(call, &rep->armed))
		return refuse(call, VOUCH__STATUS__UNAVAILABLE,
		    "Redis does not answer; what is due is found without it meanwhile");
	rep->ms = clock_ms() - began;
	return true;
}
