#include "review_clock.h"

#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "db.h"
#include "instant.h"
#include "zone.h"

/* The date of an entry; one that cannot be read is our defect, and as good as the due date. */
static int32_t
day_of(const char *date)
{
	int32_t day = DATE_MAX;

	date_parse(date, &day);
	return day;
}

/* The local date of the promise's zone; UTC's should the zone have left the database meanwhile. */
static int32_t
local_day(const char *zone_name, int64_t at)
{
	struct zone *zone = zone_open(zone_name);
	int32_t day = zone != NULL ? zone_day(zone, at) : (int32_t)(at / INSTANT_SECOND / DAY_SECONDS);

	zone_close(zone);
	return day;
}

/* Copies the days with numbers, and counts them. */
static bool
take_days(struct call *call, const struct review_promise *p, int32_t today, Vouch__ReviewClock *c)
{
	c->days = arena_alloc(call->arena, p->n_days * sizeof(Vouch__ClockDay *));
	for (size_t i = 0; c->days != NULL && i < p->n_days; i++) {
		Vouch__ClockDay *day = arena_alloc(call->arena, sizeof(*day));

		if (day == NULL)
			return false;
		*day = *p->days[i];
		day->number = day->counts ? ++c->business_days : 0;
		c->business_day += day->counts && day_of(day->date) <= today;
		c->days[c->n_days++] = day;
	}
	c->business_days_left = c->business_days - c->business_day;
	return c->days != NULL;
}

/* The weekend that the list shows; each of its days occurs in two weeks and more. */
static uint8_t
weekend_of(const struct review_promise *p)
{
	uint8_t weekend = 0;

	for (size_t i = 0; i < p->n_days; i++) {
		int32_t day;

		if (!p->days[i]->counts && strcmp(p->days[i]->reason, "weekend") == 0 &&
		    date_parse(p->days[i]->date, &day))
			weekend |= weekend_bit(day);
	}
	return weekend;
}

static int
days_late(const struct review_promise *p, int64_t at)
{
	struct calendar plain = {.zone = p->time_zone, .week = {.weekend = weekend_of(p)}};
	struct calendar_distance distance;
	const char *why;

	if (!calendar_days_between(
		p->calendar != NULL ? p->calendar : &plain, at, day_of(p->due_date), &distance, &why))
		return 0;
	return distance.is_late ? distance.days : 0;
}

/* ", 3 business days ago": nothing until one has begun. */
static void
late_words(char out[static DATE_WORDS_SIZE], int days, const char *word)
{
	out[0] = '\0';
	if (days > 0)
		snprintf(out, DATE_WORDS_SIZE, ", %d business day%s %s", days, days == 1 ? "" : "s", word);
}

/* Dates, not durations; whose turn it is, when that is the question (CLK-2). */
static char *
sentence(struct call *call, const Vouch__ReviewClock *c, int32_t today)
{
	char due[DATE_WORDS_SIZE], on[DATE_WORDS_SIZE], late[DATE_WORDS_SIZE], first[DATE_WORDS_SIZE] = "";
	const char *zone = c->time_zone;

	date_words(day_of(c->due_date), due);
	date_words(today, on);
	for (size_t i = 0; first[0] == '\0' && i < c->n_days; i++)
		if (c->days[i]->number == 1)
			date_words(day_of(c->days[i]->date), first);
	switch (c->state) {
	case VOUCH__REVIEW_CLOCK__STATE__CANCELLED:
		return arena_printf(call->arena, "Withdrawn on %s (%s). The clock has stopped.", on, zone);
	case VOUCH__REVIEW_CLOCK__STATE__MET:
		return arena_printf(call->arena, "Decided on %s (%s), in time: day %d of %d.", on, zone,
		    c->business_day, c->business_days);
	case VOUCH__REVIEW_CLOCK__STATE__MET_LATE:
		late_words(late, c->business_days_late, "late");
		return arena_printf(
		    call->arena, "Decided on %s (%s)%s. It was due by %s, 23:59.", on, zone, late, due);
	default:
		break;
	}
	if (c->overdue) {
		late_words(late, c->business_days_late, "ago");
		return arena_printf(call->arena,
		    "We are late: the result was due by %s, 23:59 (%s)%s. It is our turn; "
		    "nothing more is needed from the earner.",
		    due, zone, late);
	}
	if (c->business_day == 0 && first[0] != '\0')
		return arena_printf(call->arena, "Day 1 of %d is %s. Result by %s, 23:59 (%s).",
		    c->business_days, first, due, zone);
	return arena_printf(call->arena, "Day %d of %d. Result by %s, 23:59 (%s).", c->business_day,
	    c->business_days, due, zone);
}

Vouch__ReviewClock *
review_clock(struct call *call, const struct review_promise *p, int64_t now, int64_t ended_at, bool cancelled)
{
	Vouch__ReviewClock *c = arena_alloc(call->arena, sizeof(*c));
	int64_t at = ended_at != 0 ? ended_at : now;
	int32_t today = local_day(p->time_zone, at);

	if (c == NULL)
		return NULL;
	vouch__review_clock__init(c);
	c->started_at = time_new(call, p->started_at);
	c->due_at = time_new(call, p->due_at);
	c->due_date = (char *)p->due_date;
	c->time_zone = (char *)p->time_zone;
	if (c->started_at == NULL || c->due_at == NULL || !take_days(call, p, today, c))
		return NULL;
	if (cancelled)
		c->state = VOUCH__REVIEW_CLOCK__STATE__CANCELLED;
	else if (ended_at != 0)
		c->state = ended_at < p->due_at ? VOUCH__REVIEW_CLOCK__STATE__MET :
						  VOUCH__REVIEW_CLOCK__STATE__MET_LATE;
	c->overdue = c->state == VOUCH__REVIEW_CLOCK__STATE__RUNNING && at >= p->due_at;
	if (c->overdue || c->state == VOUCH__REVIEW_CLOCK__STATE__MET_LATE)
		c->business_days_late = days_late(p, at);
	c->sentence = sentence(call, c, today);
	return c->sentence != NULL ? c : NULL;
}
