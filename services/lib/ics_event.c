#include "ics_event.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "holidays.h"
#include "instant.h"
#include "zone.h"

/* An instance of an event that another event tells anew. */
struct override {
	const char *uid;
	int32_t day;
};

/* What is left out of one event. */
struct gone {
	const int32_t *days; /* of EXDATE, ascending */
	size_t n_days;
	const struct override *overrides; /* of all events, by uid and day */
	size_t n_overrides;
	const char *uid;
};

/* Returns the zone of EVENT's local times: that of DTSTART, or the reader's when that is not known here. */
static const struct zone *
zone_of(struct ics_events *events, const struct ics_event *event)
{
	if (event->tzid == NULL)
		return events->zone;
	if (events->last_tzid == NULL || strcmp(events->last_tzid, event->tzid) != 0) {
		zone_close(events->last_zone);
		events->last_zone = zone_open(event->tzid);
		events->last_tzid = event->tzid;
	}
	return events->last_zone != NULL ? events->last_zone : events->zone;
}

/* Returns TIME as EVENT's own dates are told: a time in UTC beside a local DTSTART becomes local. */
static struct ics_time
in_frame(struct ics_events *events, const struct ics_event *event, struct ics_time time)
{
	if (event->start.form != ICS_LOCAL || time.form != ICS_UTC)
		return time;

	int64_t second = (int64_t)time.day * DAY_SECONDS + time.second;
	int64_t local = second + zone_offset(zone_of(events, event), second * INSTANT_SECOND);
	int32_t day = (int32_t)(local / DAY_SECONDS - (local % DAY_SECONDS < 0));
	return (struct ics_time){
		.form = ICS_LOCAL, .day = day, .second = (int)(local - (int64_t)day * DAY_SECONDS)};
}

const char *
ics_event_measure(struct ics_events *events, struct ics_event *event)
{
	if (event->has_end && event->has_length)
		return "the event has both DTEND and DURATION";
	if (event->has_end) {
		struct ics_time end = in_frame(events, event, event->end);

		if (end.form != event->start.form)
			return "DTSTART and DTEND are not both dates or both times";
		event->length = ((int64_t)end.day - event->start.day) * DAY_SECONDS;
		event->length += end.second - event->start.second;
		if (event->length < 0)
			return "the event ends before it begins";
		if (event->length > (int64_t)ICS_SPAN_MAX * DAY_SECONDS)
			return "the event lasts longer than 366 days";
	}
	/* A date without an end is one day; so is one whose end is itself, as many programs write it. */
	if (event->start.form == ICS_DATE)
		event->length = event->length == 0 ?
		    DAY_SECONDS :
		    (event->length + DAY_SECONDS - 1) / DAY_SECONDS * DAY_SECONDS;
	return NULL;
}

/* Adds the days from TIME on, for SECONDS. */
static void
add_span(struct ics_events *events, const char *name, struct ics_time time, int64_t seconds)
{
	struct holidays *list = events->list;

	if (time.day < list->first - ICS_SPAN_MAX - 1 || time.day > list->last + 1)
		return;
	int64_t from = (int64_t)time.day * DAY_SECONDS + time.second;
	int64_t to = seconds > 0 ? from + seconds - 1 : from;
	bool is_utc = time.form == ICS_UTC;
	int32_t first = is_utc ? zone_day(events->zone, from * INSTANT_SECOND) : time.day;
	int32_t last = is_utc ? zone_day(events->zone, to * INSTANT_SECOND) :
				time.day + (int32_t)((time.second + (to - from)) / DAY_SECONDS);

	for (int32_t day = first; day <= last; day++)
		if (!holidays_add(list, day, name))
			return;
}

static int
by_number(const void *a, const void *b)
{
	const int32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static int
by_uid_and_day(const void *a, const void *b)
{
	const struct override *x = a, *y = b;
	int order = strcmp(x->uid, y->uid);

	return order != 0 ? order : by_number(&x->day, &y->day);
}

static bool
is_gone(const struct gone *gone, int32_t day)
{
	struct override wanted = {.uid = gone->uid, .day = day};

	if (gone->n_days > 0 && bsearch(&day, gone->days, gone->n_days, sizeof(day), by_number) != NULL)
		return true;
	return gone->uid != NULL && gone->n_overrides > 0 &&
	    bsearch(&wanted, gone->overrides, gone->n_overrides, sizeof(wanted), by_uid_and_day) != NULL;
}

/* Collects the EXDATEs of EVENT. */
static bool
list_gone(struct ics_events *events, const struct ics_event *event, struct gone *gone)
{
	size_t n = 0;

	for (const struct ics_extra *x = event->without; x != NULL; x = x->next)
		n++;
	int32_t *days = arena_alloc(events->arena, n * sizeof(*days));
	if (days == NULL)
		return false;
	n = 0;
	for (const struct ics_extra *x = event->without; x != NULL; x = x->next)
		days[n++] = in_frame(events, event, x->time).day;
	qsort(days, n, sizeof(*days), by_number);
	gone->days = days;
	gone->n_days = n;
	/* An event that tells an instance anew is not itself the instance that is gone. */
	gone->uid = event->is_override ? NULL : event->uid;
	return true;
}

/* Returns the last day on which EVENT's rule may still begin: UNTIL counts its own instant in. */
static int32_t
last_start(struct ics_events *events, const struct ics_event *event)
{
	int32_t last = events->list->last + 1;

	if (!event->rule->has_until)
		return last;
	struct ics_time until = in_frame(events, event, event->rule->until);
	if (until.form != ICS_DATE && event->start.form != ICS_DATE && until.second < event->start.second)
		until.day--;
	return until.day < last ? until.day : last;
}

static bool
add_rule(struct ics_events *events, const struct ics_event *event, const struct gone *gone, int32_t *days)
{
	bool is_odd;
	struct ics_time time = event->start;
	int32_t first = events->list->first - ICS_SPAN_MAX - 1;
	size_t n = recur_days(event->rule, time.day, first, last_start(events, event), days, HOLIDAYS_MAX,
	    &events->budget, &is_odd);

	if (events->budget.days < 0) {
		holidays_problem(events->list, event->line, "the rules of this file take too long to follow");
		return false;
	}
	if (is_odd)
		holidays_problem(events->list, event->line,
		    "the first day of the event is not one of its RRULE; it counts as well");
	if (n > HOLIDAYS_MAX) {
		events->list->is_full = true;
		n = HOLIDAYS_MAX;
	}
	for (size_t i = 0; i < n; i++) {
		time.day = days[i];
		if (!is_gone(gone, time.day))
			add_span(events, event->name, time, event->length);
	}
	return true;
}

static bool
add_event(struct ics_events *events, const struct ics_event *event, struct gone *gone, int32_t *days)
{
	if (event->rule == NULL && event->more == NULL) {
		add_span(events, event->name, event->start, event->length);
		return true;
	}
	if (!list_gone(events, event, gone))
		return false;
	if (event->rule != NULL && !add_rule(events, event, gone, days))
		return false;
	if (event->rule == NULL && !is_gone(gone, event->start.day))
		add_span(events, event->name, event->start, event->length);
	for (const struct ics_extra *x = event->more; x != NULL; x = x->next)
		if (!is_gone(gone, in_frame(events, event, x->time).day))
			add_span(events, event->name, x->time, x->seconds >= 0 ? x->seconds : event->length);
	return true;
}

bool
ics_events_days(struct ics_events *events)
{
	struct override *overrides = arena_alloc(events->arena, events->n * sizeof(*overrides));
	int32_t *days = arena_alloc(events->arena, HOLIDAYS_MAX * sizeof(*days));
	struct gone gone = {.overrides = overrides};
	size_t n = 0;

	if (overrides == NULL || days == NULL)
		return false;
	for (const struct ics_event *event = events->newest; event != NULL; event = event->next)
		if (event->is_override && !event->is_bad)
			overrides[n++] = (struct override){
				.uid = event->uid, .day = in_frame(events, event, event->instead_of).day};
	qsort(overrides, n, sizeof(*overrides), by_uid_and_day);
	gone.n_overrides = n;

	for (const struct ics_event *event = events->newest; event != NULL; event = event->next) {
		if (event->is_bad || event->is_cancelled || events->list->is_full)
			continue;
		if (!add_event(events, event, &gone, days))
			return false;
	}
	return true;
}

void
ics_events_close(struct ics_events *events)
{
	zone_close(events->last_zone);
	events->last_zone = NULL;
}
