/* The review clock in words and numbers (CLK-2): the same for everybody, at every moment of a review. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "db.h"
#include "holidays.h"
#include "instant.h"
#include "review_clock.h"

static struct arena arena;
static Vouch__Caller nobody = VOUCH__CALLER__INIT;
static struct call call;
static struct calendar calendar;

static int
new_call(void **state)
{
	(void)state;
	arena_reset(&arena);
	call = (struct call){.arena = &arena, .caller = &nobody};
	return 0;
}

static int
free_arena(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

static int64_t
instant(const char *text)
{
	int64_t at = 0;

	assert_true(instant_parse(text, &at));
	return at;
}

/* What submission stores when work is handed in AT: 14 business days of a calendar with one holiday. */
static struct review_promise
promise_of(const char *zone, const char *weekend, const char *holiday, const char *at)
{
	struct review_promise p = {.time_zone = zone};
	struct holiday day = {.name = "Labor Day"};
	struct due due;
	const char *why;
	uint8_t mask;

	assert_true(date_parse(holiday, &day.day));
	assert_true(weekend_parse(weekend, &mask));
	assert_true(calendar_make(&arena, &calendar, zone, mask, &day, 1, &why));
	p.started_at = instant(at);
	assert_true(calendar_due(&arena, &calendar, p.started_at, 14, &due, &why));
	p.due_at = due.at;
	p.due_date = arena_alloc(&arena, DATE_SIZE);
	date_format(due.day, (char *)p.due_date);
	p.n_days = due.n_days;
	p.days = arena_alloc(&arena, p.n_days * sizeof(*p.days));
	for (size_t i = 0; i < p.n_days; i++) {
		Vouch__ClockDay *d = p.days[i] = arena_alloc(&arena, sizeof(*d));

		vouch__clock_day__init(d);
		d->date = arena_alloc(&arena, DATE_SIZE);
		date_format(due.days[i].day, d->date);
		d->counts = due.days[i].counts;
		d->reason = (char *)due.days[i].reason;
	}
	return p;
}

/* Handed in on Tuesday 25 August 2026, 16:00; Labor Day is Monday 7 September; due Tuesday 15 September. */
static struct review_promise
new_york(void)
{
	return promise_of("America/New_York", "sat,sun", "2026-09-07", "2026-08-25T20:00:00Z");
}

struct row {
	const char *now, *ended;
	bool cancelled;
	Vouch__ReviewClock__State state;
	int day, left, late;
	bool overdue;
	const char *sentence;
};

static void
hold(struct review_promise promise, const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct row *r = &rows[i];
		Vouch__ReviewClock *c = review_clock(
		    &call, &promise, instant(r->now), r->ended != NULL ? instant(r->ended) : 0, r->cancelled);

		assert_non_null(c);
		if (c->state != r->state || c->business_day != r->day || c->business_days_left != r->left ||
		    c->business_days_late != r->late || c->overdue != r->overdue ||
		    strcmp(c->sentence, r->sentence) != 0)
			fail_msg("%s: state %d day %d left %d late %d overdue %d \"%s\"", r->now, c->state,
			    c->business_day, c->business_days_left, c->business_days_late, c->overdue,
			    c->sentence);
		assert_int_equal(c->business_days, 14);
		assert_int_equal(time_of(c->started_at), promise.started_at);
		assert_int_equal(time_of(c->due_at), promise.due_at);
	}
}

#define RUNNING VOUCH__REVIEW_CLOCK__STATE__RUNNING
#define MET VOUCH__REVIEW_CLOCK__STATE__MET
#define MET_LATE VOUCH__REVIEW_CLOCK__STATE__MET_LATE
#define CANCELLED VOUCH__REVIEW_CLOCK__STATE__CANCELLED
#define DUE "Result by Tuesday 15 September 2026, 23:59 (America/New_York)."
#define WAS_DUE "the result was due by Tuesday 15 September 2026, 23:59 (America/New_York)"
#define TURN " It is our turn; nothing more is needed from the earner."

static void
a_running_clock_tells_the_day_and_the_date(void **state)
{
	static const struct row rows[] = {
		{"2026-08-25T20:00:00Z", NULL, false, RUNNING, 0, 14, 0, false,
			"Day 1 of 14 is Wednesday 26 August 2026. " DUE},
		{"2026-08-26T03:59:59.999999Z", NULL, false, RUNNING, 0, 14, 0,
			false, /* still the day of submission there */
			"Day 1 of 14 is Wednesday 26 August 2026. " DUE},
		{"2026-08-26T04:00:00Z", NULL, false, RUNNING, 1, 13, 0, false, "Day 1 of 14. " DUE},
		{"2026-08-28T16:00:00Z", NULL, false, RUNNING, 3, 11, 0, false, "Day 3 of 14. " DUE},
		{"2026-08-29T16:00:00Z", NULL, false, RUNNING, 3, 11, 0, false,
			"Day 3 of 14. " DUE}, /* a Saturday */
		{"2026-08-31T16:00:00Z", NULL, false, RUNNING, 4, 10, 0, false, "Day 4 of 14. " DUE},
		{"2026-09-07T16:00:00Z", NULL, false, RUNNING, 8, 6, 0, false,
			"Day 8 of 14. " DUE}, /* Labor Day */
		{"2026-09-08T16:00:00Z", NULL, false, RUNNING, 9, 5, 0, false, "Day 9 of 14. " DUE},
		{"2026-09-16T03:59:59.999999Z", NULL, false, RUNNING, 14, 0, 0, false, "Day 14 of 14. " DUE},
	};

	(void)state;
	hold(new_york(), rows, sizeof(rows) / sizeof(rows[0]));
}

static void
a_late_review_says_whose_turn_it_is(void **state)
{
	static const struct row rows[] = {
		{"2026-09-16T04:00:00Z", NULL, false, RUNNING, 14, 0, 1, true,
			"We are late: " WAS_DUE ", 1 business day ago." TURN},
		{"2026-09-18T16:00:00Z", NULL, false, RUNNING, 14, 0, 3, true,
			"We are late: " WAS_DUE ", 3 business days ago." TURN},
		{"2026-09-20T16:00:00Z", NULL, false, RUNNING, 14, 0, 3, true,
			"We are late: " WAS_DUE ", 3 business days ago." TURN},
		{"2026-09-21T16:00:00Z", NULL, false, RUNNING, 14, 0, 4, true,
			"We are late: " WAS_DUE ", 4 business days ago." TURN},
	};

	(void)state;
	hold(new_york(), rows, sizeof(rows) / sizeof(rows[0]));
}

static void
a_clock_that_ended_stands_still(void **state)
{
	static const struct row rows[] = {
		{"2026-12-01T00:00:00Z", "2026-08-25T20:30:00Z", false, MET, 0, 14, 0, false,
			"Decided on Tuesday 25 August 2026 (America/New_York), in time: day 0 of 14."},
		{"2026-12-01T00:00:00Z", "2026-09-08T16:00:00Z", false, MET, 9, 5, 0, false,
			"Decided on Tuesday 8 September 2026 (America/New_York), in time: day 9 of 14."},
		{"2026-12-01T00:00:00Z", "2026-09-16T03:59:59.999999Z", false, MET, 14, 0, 0, false,
			"Decided on Tuesday 15 September 2026 (America/New_York), in time: day 14 of 14."},
		{"2026-12-01T00:00:00Z", "2026-09-16T04:00:00Z", false, MET_LATE, 14, 0, 1, false,
			"Decided on Wednesday 16 September 2026 (America/New_York), 1 business day late. "
			"It was due by Tuesday 15 September 2026, 23:59."},
		{"2026-12-01T00:00:00Z", "2026-09-18T16:00:00Z", false, MET_LATE, 14, 0, 3, false,
			"Decided on Friday 18 September 2026 (America/New_York), 3 business days late. "
			"It was due by Tuesday 15 September 2026, 23:59."},
		{"2026-12-01T00:00:00Z", "2026-08-27T16:00:00Z", true, CANCELLED, 2, 12, 0, false,
			"Withdrawn on Thursday 27 August 2026 (America/New_York). The clock has stopped."},
	};

	(void)state;
	hold(new_york(), rows, sizeof(rows) / sizeof(rows[0]));
}

static void
a_weekend_behind_the_due_day_is_not_late_yet(void **state)
{
	/* Handed in on a Monday: due on a Friday, 11 September. */
	struct review_promise p = promise_of(
	    "America/New_York", "sat,sun", "2026-12-25", "2026-08-24T12:00:00Z");
	static const struct row rows[] = {
		{"2026-09-12T12:00:00Z", NULL, false, RUNNING, 14, 0, 0, true,
			"We are late: the result was due by Friday 11 September 2026, 23:59 "
			"(America/New_York)." TURN},
		{"2026-09-13T12:00:00Z", "2026-09-12T12:00:00Z", false, MET_LATE, 14, 0, 0, false,
			"Decided on Saturday 12 September 2026 (America/New_York). "
			"It was due by Friday 11 September 2026, 23:59."},
		{"2026-09-14T12:00:00Z", NULL, false, RUNNING, 14, 0, 1, true,
			"We are late: the result was due by Friday 11 September 2026, 23:59 "
			"(America/New_York), 1 business day ago." TURN},
	};

	(void)state;
	hold(p, rows, sizeof(rows) / sizeof(rows[0]));
}

static void
the_weekend_is_the_one_of_the_issuer(void **state)
{
	/* Friday and Saturday are the weekend. Handed in Sunday 23 August 2026; due Thursday 10 September. */
	struct review_promise p = promise_of("Asia/Riyadh", "fri,sat", "2026-12-25", "2026-08-23T06:00:00Z");
	static const struct row rows[] = {
		{"2026-09-10T20:59:59Z", NULL, false, RUNNING, 14, 0, 0, false,
			"Day 14 of 14. Result by Thursday 10 September 2026, 23:59 (Asia/Riyadh)."},
		{"2026-09-12T12:00:00Z", NULL, false, RUNNING, 14, 0, 0, true, /* a Saturday */
			"We are late: the result was due by Thursday 10 September 2026, 23:59 "
			"(Asia/Riyadh)." TURN},
		{"2026-09-13T12:00:00Z", NULL, false, RUNNING, 14, 0, 1, true, /* a Sunday counts */
			"We are late: the result was due by Thursday 10 September 2026, 23:59 (Asia/Riyadh), 1 "
			"business day ago." TURN},
	};

	(void)state;
	hold(p, rows, sizeof(rows) / sizeof(rows[0]));
}

static void
holidays_behind_the_due_day_count_when_the_calendar_is_known(void **state)
{
	struct review_promise p = promise_of(
	    "America/New_York", "sat,sun", "2026-09-07", "2026-08-14T20:00:00Z");

	(void)state;
	assert_string_equal(p.due_date, "2026-09-03");
	/* Tuesday 8 September: Friday, Labor Day and Tuesday have begun. */
	assert_int_equal(
	    review_clock(&call, &p, instant("2026-09-08T16:00:00Z"), 0, false)->business_days_late, 3);
	p.calendar = &calendar;
	assert_int_equal(
	    review_clock(&call, &p, instant("2026-09-08T16:00:00Z"), 0, false)->business_days_late, 2);
}

static void
days_that_count_are_numbered(void **state)
{
	struct review_promise p = new_york();
	Vouch__ReviewClock *c = review_clock(&call, &p, p.started_at, 0, false);
	int number = 0;

	(void)state;
	assert_int_equal(c->n_days, 21);
	for (size_t i = 0; i < c->n_days; i++) {
		assert_int_equal(c->days[i]->number, c->days[i]->counts ? ++number : 0);
		assert_string_equal(c->days[i]->date, p.days[i]->date);
		assert_int_equal(p.days[i]->number, 0); /* what is stored stays as it is */
	}
	assert_int_equal(number, 14);
	assert_string_equal(c->days[12]->date, "2026-09-07");
	assert_string_equal(c->days[12]->reason, "Labor Day");
	assert_false(c->days[12]->counts);
}

static void
a_zone_that_is_gone_still_gives_a_clock(void **state)
{
	struct review_promise p = new_york();
	Vouch__ReviewClock *c;

	(void)state;
	p.time_zone = "America/Atlantis";
	c = review_clock(&call, &p, instant("2026-09-08T16:00:00Z"), 0, false);
	assert_int_equal(c->business_day, 9);
	assert_false(c->overdue);
}

static void
a_full_arena_gives_no_clock(void **state)
{
	struct review_promise p = new_york();
	size_t used = arena.used;
	bool got = false;

	(void)state;
	for (size_t room = 0; !got && room < 10000; room += 16) {
		struct arena_mark mark = arena_mark(&arena);

		arena.max = used + room;
		got = review_clock(&call, &p, p.started_at, 0, false) != NULL;
		arena_rewind(&arena, mark);
	}
	arena.max = 0;
	assert_true(got); /* and neither crash nor half a clock on the way */
}

#define TEST(name) cmocka_unit_test_setup(name, new_call)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_running_clock_tells_the_day_and_the_date),
		TEST(a_late_review_says_whose_turn_it_is),
		TEST(a_clock_that_ended_stands_still),
		TEST(a_weekend_behind_the_due_day_is_not_late_yet),
		TEST(the_weekend_is_the_one_of_the_issuer),
		TEST(holidays_behind_the_due_day_count_when_the_calendar_is_known),
		TEST(days_that_count_are_numbered),
		TEST(a_zone_that_is_gone_still_gives_a_clock),
		TEST(a_full_arena_gives_no_clock),
	};

	return cmocka_run_group_tests(tests, NULL, free_arena);
}
