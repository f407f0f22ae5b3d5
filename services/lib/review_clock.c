#include "review_clock.h"

#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "db.h"
#include "instant.h"
#include "zone.h"

/* "Monday 12 October 2026" */
static char *
date_words(struct call *call, const char *date)
{
	static const char *const days[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
	static const char *const months[] = {"January", "February", "March", "April", "May", "June", "July", "August",
		"September", "October", "November", "December"};
	int32_t day;
	int y, m, d;

	if (!date_parse(date, &day))
		return arena_dup(call->arena, date, strlen(date));
	date_split(day, &y, &m, &d);
	return arena_printf(call->arena, "%s %d %s %d", days[date_weekday(day)], d, months[m - 1], y);
}

/* How many days of the list that count have begun by TODAY. */
static int
days_begun(const struct review_promise *p, int32_t today)
{
	int n = 0;

	for (size_t i = 0; i < p->n_days; i++) {
		int32_t day;

		n += p->days[i]->counts && date_parse(p->days[i]->date, &day) && day <= today;
	}
	return n;
}

static int
days_late(const struct review_promise *p, int64_t now)
{
	static const struct workdays week = {.weekend = 0x41};	/* Saturday, Sunday */
	struct calendar plain = {.zone = p->time_zone, .week = week};
	struct calendar_distance distance;
	const char *why;
	int32_t due;

	if (!date_parse(p->due_date, &due) ||
	    !calendar_days_between(p->calendar != NULL ? p->calendar : &plain, now, due, &distance, &why))
		return 0;
	return distance.is_late ? distance.days : 0;
}

static char *
sentence(struct call *call, const Vouch__ReviewClock *c)
{
	const char *day = date_words(call, c->due_date);

	if (day == NULL)
		return NULL;
	if (c->state == VOUCH__REVIEW_CLOCK__STATE__CANCELLED)
		return arena_printf(call->arena, "Withdrawn. The review clock has stopped.");
	if (c->state == VOUCH__REVIEW_CLOCK__STATE__MET)
		return arena_printf(call->arena, "Decided in time. The promise was %s (%s).", day, c->time_zone);
	if (c->state == VOUCH__REVIEW_CLOCK__STATE__MET_LATE)
		return arena_printf(call->arena, "Decided late. The promise was %s (%s).", day, c->time_zone);
	if (c->overdue)
		return arena_printf(call->arena, "The review is late. The promise was %s, 23:59 (%s). It has been moved to the front.",
		    day, c->time_zone);
	return arena_printf(call->arena, "Day %d of %d. Result by %s, 23:59 (%s).", c->business_day, c->business_days, day,
	    c->time_zone);
}

Vouch__ReviewClock *
review_clock(struct call *call, const struct review_promise *p, int64_t now, int64_t ended_at, bool cancelled)
{
	Vouch__ReviewClock *c = arena_alloc(call->arena, sizeof(*c));
	int64_t until = ended_at != 0 ? ended_at : now;
	struct zone *zone = zone_open(p->time_zone);
	int32_t today = 0;

	if (c == NULL || zone == NULL) {
		zone_close(zone);
		return NULL;
	}
	today = zone_day(zone, until);
	zone_close(zone);
	vouch__review_clock__init(c);
	for (size_t i = 0; i < p->n_days; i++)
		c->business_days += p->days[i]->counts;
	c->started_at = time_new(call, p->started_at);
	c->due_at = time_new(call, p->due_at);
	c->due_date = (char *)p->due_date;
	c->time_zone = (char *)p->time_zone;
	c->days = p->days;
	c->n_days = p->n_days;
	c->business_day = days_begun(p, today);
	c->business_days_left = c->business_days - c->business_day;
	c->state = cancelled ? VOUCH__REVIEW_CLOCK__STATE__CANCELLED :
	    ended_at == 0 ? VOUCH__REVIEW_CLOCK__STATE__RUNNING :
	    ended_at < p->due_at ? VOUCH__REVIEW_CLOCK__STATE__MET : VOUCH__REVIEW_CLOCK__STATE__MET_LATE;
	c->overdue = c->state == VOUCH__REVIEW_CLOCK__STATE__RUNNING && now >= p->due_at;
	if (until >= p->due_at && !cancelled)
		c->business_days_late = days_late(p, until);
	c->sentence = sentence(call, c);
	return c->sentence != NULL ? c : NULL;
}
