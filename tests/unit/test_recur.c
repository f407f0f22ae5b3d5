/* Days that come again: rules of real holidays, examples of RFC 5545, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "instant.h"
#include "recur.h"

static int32_t
day(const char *text)
{
	int32_t date = 0;

	assert_true(date_parse(text, &date));
	return date;
}

/* Returns the days of RULE from START up to 2030 as one text, the first six of them. */
static const char *
days_of(const char *start, const char *rule, bool *is_odd)
{
	static char text[6 * DATE_SIZE + 8];
	struct recur_budget budget = {1000000};
	struct recur recur;
	int32_t days[2000];
	const char *why = recur_parse(&recur, rule);

	if (why != NULL)
		fail_msg("%s: %s", rule, why);
	size_t n = recur_days(
	    &recur, day(start), day("1990-01-01"), day("2030-12-31"), days, 2000, &budget, is_odd);
	char *p = text;
	*p = '\0';
	for (size_t i = 0; i < n && i < 6; i++) {
		if (i > 0)
			*p++ = ' ';
		date_format(days[i], p);
		p += DATE_SIZE - 1;
	}
	if (n > 6)
		strcpy(p, " ...");
	return text;
}

static void
a_rule_names_its_days(void **state)
{
	static const struct {
		const char *what, *start, *rule, *days;
	} rows[] = {
		{"Christmas", "2025-12-25", "FREQ=YEARLY;COUNT=3", "2025-12-25 2026-12-25 2027-12-25"},
		{"Thanksgiving", "2024-11-28", "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=3",
			"2024-11-28 2025-11-27 2026-11-26"},
		{"Memorial Day", "2025-05-26", "FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;COUNT=3",
			"2025-05-26 2026-05-25 2027-05-31"},
		{"the same as Outlook says it", "2025-05-26",
			"FREQ=YEARLY;BYDAY=MO;BYMONTH=5;BYSETPOS=-1;COUNT=3",
			"2025-05-26 2026-05-25 2027-05-31"},
		{"Buß- und Bettag: the Wednesday before 23 November", "2025-11-19",
			"FREQ=YEARLY;BYMONTH=11;BYDAY=WE;BYMONTHDAY=16,17,18,19,20,21,22;COUNT=3",
			"2025-11-19 2026-11-18 2027-11-17"},
		{"leap days", "2020-02-29", "FREQ=YEARLY;COUNT=3", "2020-02-29 2024-02-29 2028-02-29"},
		{"the last day of each month", "2026-01-31", "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3",
			"2026-01-31 2026-02-28 2026-03-31"},
		{"the 31st, where there is one", "2026-01-31", "FREQ=MONTHLY;COUNT=3",
			"2026-01-31 2026-03-31 2026-05-31"},
		{"Friday the 13th", "2026-02-13", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=3",
			"2026-02-13 2026-03-13 2026-11-13"},
		{"the first Friday of a quarter", "2026-01-02", "FREQ=MONTHLY;INTERVAL=3;BYDAY=1FR;COUNT=3",
			"2026-01-02 2026-04-03 2026-07-03"},
		{"the last workday of a month", "2026-01-30",
			"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3",
			"2026-01-30 2026-02-27 2026-03-31"},
		{"every other week, which begins on Monday (RFC)", "1997-08-05",
			"FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU",
			"1997-08-05 1997-08-10 1997-08-19 1997-08-24"},
		{"the same, beginning on Sunday (RFC)", "1997-08-05",
			"FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
			"1997-08-05 1997-08-17 1997-08-19 1997-08-31"},
		{"weekly, on the day it began", "2026-11-24", "FREQ=WEEKLY;COUNT=2", "2026-11-24 2026-12-01"},
		{"every third day", "2026-11-24", "FREQ=DAILY;INTERVAL=3;COUNT=3",
			"2026-11-24 2026-11-27 2026-11-30"},
		{"daily in two months", "2026-01-30", "FREQ=DAILY;BYMONTH=1,3;COUNT=3",
			"2026-01-30 2026-01-31 2026-03-01"},
		{"the 100th day of the year", "2026-04-10", "FREQ=YEARLY;BYYEARDAY=100;COUNT=3",
			"2026-04-10 2027-04-10 2028-04-09"},
		{"the 20th Monday of the year (RFC)", "1997-05-19", "FREQ=YEARLY;BYDAY=20MO;COUNT=3",
			"1997-05-19 1998-05-18 1999-05-17"},
		{"twice a year", "2026-01-06", "FREQ=YEARLY;BYMONTH=1,8;COUNT=3",
			"2026-01-06 2026-08-06 2027-01-06"},
		{"since long before the window", "1900-10-03", "FREQ=YEARLY",
			"1990-10-03 1991-10-03 1992-10-03 1993-10-03 1994-10-03 1995-10-03 ..."},
		{"counted since long before the window", "1900-10-03", "FREQ=YEARLY;COUNT=92",
			"1990-10-03 1991-10-03"},
		{"spaces and lower case", "2025-12-25", "freq = yearly; count = 2;", "2025-12-25 2026-12-25"},
		{"never again", "2026-01-30", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2026-01-30"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool is_odd;
		const char *got = days_of(rows[i].start, rows[i].rule, &is_odd);

		if (strcmp(got, rows[i].days) != 0)
			fail_msg("%s: %s", rows[i].what, got);
	}
}

static void
a_first_day_outside_the_rule_counts_and_is_told(void **state)
{
	bool is_odd;

	(void)state;
	assert_string_equal(days_of("1997-01-01", "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=3", &is_odd),
	    "1997-01-01 1997-11-27 1998-11-26");
	assert_true(is_odd);
	assert_string_equal(days_of("1997-11-27", "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=2", &is_odd),
	    "1997-11-27 1998-11-26");
	assert_false(is_odd);
}

static void
a_rule_that_is_not_wholly_understood_is_refused(void **state)
{
	static const char *const rows[] = {
		"",
		"YEARLY",
		"FREQ",
		"FREQ=",
		"FREQ=HOURLY",
		"FREQ=SECONDLY",
		"COUNT=3",
		"FREQ=YEARLY;FREQ=DAILY",
		"FREQ=YEARLY;INTERVAL=0",
		"FREQ=YEARLY;INTERVAL=-1",
		"FREQ=YEARLY;INTERVAL=10000",
		"FREQ=YEARLY;COUNT=0",
		"FREQ=YEARLY;COUNT=x",
		"FREQ=YEARLY;COUNT=2;UNTIL=20300101",
		"FREQ=YEARLY;UNTIL=2030-01-01",
		"FREQ=YEARLY;BYMONTH=13",
		"FREQ=YEARLY;BYMONTH=0",
		"FREQ=YEARLY;BYMONTH=",
		"FREQ=YEARLY;BYMONTH=1,",
		"FREQ=YEARLY;BYMONTH=-1",
		"FREQ=YEARLY;BYMONTHDAY=32",
		"FREQ=YEARLY;BYMONTHDAY=0",
		"FREQ=YEARLY;BYDAY=XX",
		"FREQ=YEARLY;BYDAY=54MO",
		"FREQ=YEARLY;BYDAY=0MO",
		"FREQ=YEARLY;BYDAY=M",
		"FREQ=WEEKLY;BYDAY=1MO",
		"FREQ=DAILY;BYDAY=-1MO",
		"FREQ=WEEKLY;BYMONTHDAY=1",
		"FREQ=MONTHLY;BYYEARDAY=1",
		"FREQ=YEARLY;BYSETPOS=1",
		"FREQ=YEARLY;BYWEEKNO=20",
		"FREQ=DAILY;BYHOUR=9",
		"FREQ=YEARLY;WKST=XX",
		"FREQ=YEARLY;EASTER=0",
		"RSCALE=HEBREW;FREQ=YEARLY",
		"RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=FORWARD",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct recur rule;

		if (recur_parse(&rule, rows[i]) == NULL)
			fail_msg("'%s' was taken", rows[i]);
	}
}

static void
a_search_ends_by_room_and_by_budget(void **state)
{
	struct recur_budget budget = {100000};
	struct recur rule;
	int32_t days[10];
	bool is_odd;

	(void)state;
	assert_null(recur_parse(&rule, "FREQ=DAILY"));
	assert_int_equal(recur_days(&rule, 20000, 20000, 30000, days, 10, &budget, &is_odd), 11);
	assert_true(budget.days > 0);
	assert_int_equal(days[9], 20009);

	assert_null(recur_parse(&rule, "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"));
	budget.days = 1000;
	assert_int_equal(recur_days(&rule, 20000, 20001, 30000, days, 10, &budget, &is_odd), 0);
	assert_true(budget.days < 0);

	/* The last year that can be written ends the search as well. */
	assert_null(recur_parse(&rule, "FREQ=YEARLY"));
	budget.days = 100000;
	assert_int_equal(recur_days(&rule, DATE_MAX, DATE_MIN, DATE_MAX, days, 10, &budget, &is_odd), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rule_names_its_days),
		cmocka_unit_test(a_first_day_outside_the_rule_counts_and_is_told),
		cmocka_unit_test(a_rule_that_is_not_wholly_understood_is_refused),
		cmocka_unit_test(a_search_ends_by_room_and_by_budget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
