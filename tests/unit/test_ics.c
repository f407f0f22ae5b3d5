/* Holiday calendars as files: the days an event takes, what is not understood, and what that may cost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "arena.h"
#include "holidays.h"
#include "ics.h"
#include "instant.h"
#include "zone.h"

static struct arena arena;
static struct holidays list;

static bool
read_bytes(const char *text, size_t len, const char *zone_name)
{
	struct zone *zone = zone_open(zone_name);

	assert_non_null(zone);
	assert_true(holidays_start(&list, &arena, HOLIDAYS_FIRST, HOLIDAYS_LAST));
	bool ok = ics_read(&list, text, len, zone);
	zone_close(zone);
	return ok;
}

/* Reads the events of BODY for an issuer in ZONE; returns the days as "2026-12-25 Christmas Day|...". */
static const char *
days_of(const char *body, const char *zone)
{
	const char *text = arena_printf(
	    &arena, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n%s\r\nEND:VCALENDAR\r\n", body);
	char *all = "";

	assert_true(read_bytes(text, strlen(text), zone));
	for (size_t i = 0; i < list.n_items && i < 6; i++) {
		char date[DATE_SIZE];

		date_format(list.items[i].day, date);
		all = arena_printf(&arena, "%s%s%s %s", all, i > 0 ? "|" : "", date, list.items[i].name);
	}
	return all;
}

static int
end(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

/* A table row is the lines of one event between BEGIN and END. */
static const char *
event_of(const char *lines)
{
	return arena_printf(&arena, "BEGIN:VEVENT\r\n%s\r\nEND:VEVENT", lines);
}

static void
an_event_takes_the_days_it_touches(void **state)
{
	static const struct {
		const char *what, *event, *zone, *days;
	} rows[] = {
		{"a date", "DTSTART;VALUE=DATE:20261225\nSUMMARY:Christmas Day", "UTC",
			"2026-12-25 Christmas Day"},
		{"a date with its end", "DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261226\nSUMMARY:C",
			"UTC", "2026-12-25 C"},
		{"two days, the end exclusive",
			"DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261227\nSUMMARY:C", "UTC",
			"2026-12-25 C|2026-12-26 C"},
		{"an end that is the start",
			"DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261225\nSUMMARY:C", "UTC",
			"2026-12-25 C"},
		{"three days by duration", "DTSTART;VALUE=DATE:20261225\nDURATION:P3D\nSUMMARY:C", "UTC",
			"2026-12-25 C|2026-12-26 C|2026-12-27 C"},
		{"VALUE=DATE left out", "DTSTART:20261225\nSUMMARY:C", "UTC", "2026-12-25 C"},
		{"a floating day", "DTSTART:20261225T000000\nDTEND:20261226T000000\nSUMMARY:C", "Asia/Tokyo",
			"2026-12-25 C"},
		{"some hours", "DTSTART:20261225T090000\nDURATION:PT8H\nSUMMARY:C", "Asia/Tokyo",
			"2026-12-25 C"},
		{"over midnight", "DTSTART:20261224T200000\nDURATION:PT5H\nSUMMARY:C", "Asia/Tokyo",
			"2026-12-24 C|2026-12-25 C"},
		{"a zone: the date as written",
			"DTSTART;TZID=Australia/Sydney:20270101T000000\nDURATION:P1D\nSUMMARY:C",
			"Australia/Perth", "2027-01-01 C"},
		{"a zone that nobody knows",
			"DTSTART;TZID=\"Eastern: Standard\":20270101T000000\nDURATION:P1D\nSUMMARY:C", "UTC",
			"2027-01-01 C"},
		{"UTC: the date where it is read",
			"DTSTART:20261224T230000Z\nDTEND:20261225T230000Z\nSUMMARY:C", "Europe/Berlin",
			"2026-12-25 C"},
		{"the same elsewhere", "DTSTART:20261224T230000Z\nDTEND:20261225T230000Z\nSUMMARY:C", "UTC",
			"2026-12-24 C|2026-12-25 C"},
		{"the zone UTC", "DTSTART;TZID=UTC:20261224T230000\nDURATION:P1D\nSUMMARY:C", "Europe/Berlin",
			"2026-12-25 C"},
		{"an end in UTC",
			"DTSTART;TZID=Europe/Berlin:20261225T000000\nDTEND:20261225T230000Z\nSUMMARY:C",
			"UTC", "2026-12-25 C"},
		{"cancelled", "DTSTART:20261225\nSTATUS:CANCELLED\nSUMMARY:C", "UTC", ""},
		{"without a name", "DTSTART:20261225", "UTC", "2026-12-25 holiday"},
		{"an alarm is not the event",
			"DTSTART:20261225\nBEGIN:VALARM\nDTSTART:20200101\nDURATION:bad\nEND:VALARM\n"
			"SUMMARY:C",
			"UTC", "2026-12-25 C"},
		{"before and after the window", "DTSTART:19891231\nRDATE:21010101,19900101\nSUMMARY:C", "UTC",
			"1990-01-01 C"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *got = days_of(event_of(rows[i].event), rows[i].zone);

		if (strcmp(got, rows[i].days) != 0 || list.n_problems != 0)
			fail_msg("%s: %s, %zu problems", rows[i].what, got, list.n_problems);
	}
}

static void
an_event_comes_again_as_its_rule_says(void **state)
{
	static const struct {
		const char *what, *event, *zone, *days;
	} rows[] = {
		{"a rule", "DTSTART:20251225\nRRULE:FREQ=YEARLY;COUNT=2\nSUMMARY:C", "UTC",
			"2025-12-25 C|2026-12-25 C"},
		{"several days at a time",
			"DTSTART:20251225\nDURATION:P2D\nRRULE:FREQ=YEARLY;COUNT=2\nSUMMARY:C", "UTC",
			"2025-12-25 C|2025-12-26 C|2026-12-25 C|2026-12-26 C"},
		{"since before the window, over its edge",
			"DTSTART:19881231\nDURATION:P2D\nRRULE:FREQ=YEARLY;COUNT=2", "UTC",
			"1990-01-01 holiday"},
		{"until a date, inclusive", "DTSTART:20251225\nRRULE:FREQ=YEARLY;UNTIL=20261225\nSUMMARY:C",
			"UTC", "2025-12-25 C|2026-12-25 C"},
		{"until an instant, inclusive",
			"DTSTART:20251225T090000Z\nRRULE:FREQ=YEARLY;UNTIL=20261225T090000Z", "UTC",
			"2025-12-25 holiday|2026-12-25 holiday"},
		{"until a moment before",
			"DTSTART:20251225T090000Z\nRRULE:FREQ=YEARLY;UNTIL=20261225T085959Z", "UTC",
			"2025-12-25 holiday"},
		{"until an instant, in the event's own zone",
			"DTSTART;TZID=Asia/Tokyo:20251225T000000\nRRULE:FREQ=YEARLY;UNTIL=20261224T150000Z",
			"UTC", "2025-12-25 holiday|2026-12-25 holiday"},
		{"without one date",
			"DTSTART:20251225\nRRULE:FREQ=YEARLY;COUNT=3\nEXDATE:20261225\nSUMMARY:C", "UTC",
			"2025-12-25 C|2027-12-25 C"},
		{"without an instant, in the event's own zone",
			"DTSTART;TZID=Asia/Tokyo:20251225T000000\n"
			"RRULE:FREQ=YEARLY;COUNT=3\nEXDATE:20261224T150000Z,20271224T150000Z",
			"UTC", "2025-12-25 holiday"},
		{"without itself", "DTSTART:20251225\nRDATE:20251226\nEXDATE:20251225\nSUMMARY:C", "UTC",
			"2025-12-26 C"},
		{"an empty EXDATE", "DTSTART:20251225\nEXDATE:\nRDATE;VALUE=DATE: \nSUMMARY:C", "UTC",
			"2025-12-25 C"},
		{"more dates", "DTSTART:20251225\nRDATE;VALUE=DATE:20251231,20260101\nSUMMARY:C", "UTC",
			"2025-12-25 C|2025-12-31 C|2026-01-01 C"},
		{"more periods",
			"DTSTART:20251225T000000\nRDATE;VALUE=PERIOD:20251231T000000/P2D,20260105T000000/"
			"20260106T000000\nSUMMARY:C",
			"UTC", "2025-12-25 C|2025-12-31 C|2026-01-01 C|2026-01-05 C"},
		{"the rule names the date in UTC",
			"DTSTART:20251224T230000Z\nRRULE:FREQ=YEARLY;COUNT=2\nDURATION:P1D", "Europe/Berlin",
			"2025-12-25 holiday|2026-12-25 holiday"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *got = days_of(event_of(rows[i].event), rows[i].zone);

		if (strcmp(got, rows[i].days) != 0 || list.n_problems != 0)
			fail_msg("%s: %s, %zu problems", rows[i].what, got, list.n_problems);
	}
}

static void
one_instance_may_be_told_anew(void **state)
{
	static const char series[] =
	    "BEGIN:VEVENT\nUID:a\nDTSTART:20251225\nRRULE:FREQ=YEARLY;COUNT=3\nSUMMARY:C\nEND:VEVENT\n"
	    "BEGIN:VEVENT\nUID:b\nDTSTART:20261225\nSUMMARY:other\nEND:VEVENT\n";

	(void)state;
	assert_string_equal(days_of(arena_printf(&arena,
					"%sBEGIN:VEVENT\nUID:a\nRECURRENCE-ID:20261225\n"
					"DTSTART:20261228\nSUMMARY:moved\nEND:VEVENT",
					series),
				"UTC"),
	    "2025-12-25 C|2026-12-25 other|2026-12-28 moved|2027-12-25 C");
	assert_string_equal(days_of(arena_printf(&arena,
					"BEGIN:VEVENT\nUID:a\nRECURRENCE-ID:20261225\nSTATUS:CANCELLED\n"
					"DTSTART:20261225\nEND:VEVENT\n%s",
					series),
				"UTC"),
	    "2025-12-25 C|2026-12-25 other|2027-12-25 C");
	assert_int_equal(list.n_problems, 0);
}

static void
the_names_of_one_day_stand_together(void **state)
{
	(void)state;
	assert_string_equal(
	    days_of("BEGIN:VEVENT\nDTSTART:20260106\nSUMMARY:Epiphany\nEND:VEVENT\n"
		    "BEGIN:VEVENT\nDTSTART:20260105\nSUMMARY:Inventory\nDURATION:P2D\nEND:VEVENT\n"
		    "BEGIN:VEVENT\nDTSTART:20260106\nSUMMARY:Epiphany\nEND:VEVENT",
		"UTC"),
	    "2026-01-05 Inventory|2026-01-06 Epiphany, Inventory");
}

static void
a_name_is_clean_text(void **state)
{
	static const struct {
		const char *value, *name;
	} rows[] = {
		{"King\\, Jr.\\; \\\\ \\n day", "King, Jr.; \\   day"},
		{"  Three Kings\t", "Three Kings"},
		{"a\x01"
		 "b\x7f"
		 "c\xc2\x85"
		 "d",
			"a b c d"},
		{"No\xc3\xabl", "No\xc3\xabl"},
		{"No\xebl", "No\xef\xbf\xbdl"},
		{"cut \xe2\x82", "cut \xef\xbf\xbd\xef\xbf\xbd"},
		{"long \xc0\xaf \xed\xa0\x80",
			"long \xef\xbf\xbd\xef\xbf\xbd \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
		{"\\n \\n", "holiday"},
		{"ends in \\", "ends in \\"},
	};
	char x[1000];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		days_of(
		    event_of(arena_printf(&arena, "DTSTART:20260106\nSUMMARY;LANGUAGE=en:%s", rows[i].value)),
		    "UTC");
		assert_int_equal(list.n_items, 1);
		assert_string_equal(list.items[0].name, rows[i].name);
	}
	memset(x, 'x', sizeof(x) - 1);
	x[sizeof(x) - 1] = '\0';
	days_of(event_of(arena_printf(&arena, "DTSTART:20260106\nSUMMARY:%s", x)), "UTC");
	assert_int_equal(strlen(list.items[0].name), HOLIDAYS_NAME_MAX);
}

static void
lines_are_put_together_as_they_were_broken(void **state)
{
	/* The last one has spaces where no standard allows them, but calendars do. */
	static const char *const rows[] = {
		"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:2026\r\n 0106\r\nSUMMARY:Epi\r\n phany\r\nEND:VEVENT",
		"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART\n\n :20260106\nSUMMARY:Epi\n\tphany\nEND:VEVENT",
		"BEGIN:VCALENDAR\rBEGIN:VEVENT\rDTSTART:20260106\rSUMMARY:Epiphany\rEND:VEVENT",
		"\357\273\277BEGIN:VCALENDAR\n\nbegin:vevent\ndtstart:20260106\nsummary:Epiphany\nend:vevent\n",
		"\nBEGIN:VCALENDAR \nBEGIN: VEVENT \nDTSTART ; X = Y : 20260106 \nSUMMARY:Epiphany\nEND:VEVENT",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(read_bytes(rows[i], strlen(rows[i]), "UTC"));
		if (list.n_items != 1 || list.n_problems != 0)
			fail_msg("%zu: %zu days, %zu problems", i, list.n_items, list.n_problems);
		assert_int_equal(list.items[0].day, 20459);
		assert_string_equal(list.items[0].name, "Epiphany");
	}
}

static void
what_is_not_understood_is_listed_with_its_line(void **state)
{
	static const struct {
		const char *event;
		int line; /* 3 is the BEGIN of the event */
		const char *word;
	} rows[] = {
		{"SUMMARY:no day", 3, "no DTSTART"},
		{"DTSTART:tomorrow", 4, "DTSTART"},
		{"DTSTART:20260230", 4, "DTSTART"},
		{"DTSTART;VALUE=DATE:20260106T000000", 4, "DTSTART"},
		{"DTSTART;VALUE=DATE-TIME:20260106", 4, "DTSTART"},
		{"DTSTART:20260106\nDTSTART:20260107", 5, "second DTSTART"},
		{"DTSTART:20260106\nDTEND:20260106T100000", 3, "both dates"},
		{"DTSTART:20260106\nDTEND:20260105", 3, "ends before"},
		{"DTSTART:20260106\nDTEND:20270108", 3, "longer than 366 days"},
		{"DTSTART:20260106\nDTEND:20260107\nDURATION:P1D", 3, "both DTEND and DURATION"},
		{"DTSTART:20260106\nDURATION:P999999999999999999W", 5, "DURATION"},
		{"DTSTART:20260106\nDURATION:-P1D", 5, "DURATION"},
		{"DTSTART:20260106\nDURATION:P", 5, "DURATION"},
		{"DTSTART:20260106\nDURATION:PT1D", 5, "DURATION"},
		{"DTSTART:20260106\nRRULE:FREQ=HOURLY", 5, "FREQ"},
		{"DTSTART:20260106\nRRULE:FREQ=YEARLY\nRRULE:FREQ=DAILY", 6, "second RRULE"},
		{"DTSTART:20260106\nEXRULE:FREQ=YEARLY", 5, "EXRULE"},
		{"DTSTART:20260106\nRDATE:20260107,x", 5, "RDATE"},
		{"DTSTART:20260106\nEXDATE:20260107,", 5, "EXDATE"},
		{"DTSTART:20260106\nRDATE;VALUE=PERIOD:20260107/20260106", 5, "RDATE"},
		{"DTSTART:20260106\nUID:a\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260106", 6, "RANGE"},
		{"DTSTART:20260106\nRECURRENCE-ID:20260106", 3, "UID"},
		{"DTSTART:20260106\nBEGIN:VALARM", 3, "no END"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *got = days_of(
		    arena_printf(&arena, "BEGIN:VEVENT\n%s\n%sBEGIN:VEVENT\nDTSTART:20260501\nEND:VEVENT",
			rows[i].event, strstr(rows[i].word, "no END") != NULL ? "" : "END:VEVENT\n"),
		    "UTC");

		if (list.n_problems == 0 || list.problems[0].line != rows[i].line ||
		    strstr(list.problems[0].text, rows[i].word) == NULL)
			fail_msg("%s: %zu problems, %d: %s", rows[i].event, list.n_problems,
			    list.problems[0].line, list.problems[0].text);
		assert_string_equal(got, "2026-05-01 holiday"); /* the others are read all the same */
	}
}

static void
a_doubtful_event_is_kept_and_listed(void **state)
{
	(void)state;
	assert_string_equal(
	    days_of(event_of("DTSTART:20260106\nDESCRIPTION:one\ntwo\nSUMMARY:C"), "UTC"), "2026-01-06 C");
	assert_int_equal(list.n_problems, 1);
	assert_int_equal(list.problems[0].line, 6);
	assert_string_equal(
	    days_of(event_of("DTSTART:20260106\nRRULE:FREQ=YEARLY;BYMONTH=5;COUNT=2\nSUMMARY:C"), "UTC"),
	    "2026-01-06 C|2026-05-06 C");
	assert_int_equal(list.n_problems, 1);
	assert_string_equal(days_of("END:VEVENT", "UTC"), "");
	assert_int_equal(list.n_problems, 1);
}

static void
lines_of_dates_are_the_other_form(void **state)
{
	static const char text[] =
	    "# school year 2026\r\n2026-12-25 Christmas Day\n\n  2026-12-24\tChristmas Eve \n"
	    "2026-12-31\n25.12.2026 wrong\n2026-02-30 never\n2027-01-01New Year\n2026-12-25 Christmas Day";

	(void)state;
	assert_true(read_bytes(text, sizeof(text) - 1, "UTC"));
	assert_int_equal(list.n_items, 3);
	assert_string_equal(list.items[0].name, "Christmas Eve");
	assert_string_equal(list.items[1].name, "Christmas Day");
	assert_string_equal(list.items[2].name, "holiday");
	assert_int_equal(list.n_problems, 3);
	assert_int_equal(list.problems[0].line, 6);
	assert_int_equal(list.problems[1].line, 7);
	assert_int_equal(list.problems[2].line, 8);

	assert_true(read_bytes("", 0, "UTC"));
	assert_int_equal(list.n_items, 0);
	assert_int_equal(list.n_problems, 0);
}

/* Fills a file with COUNT copies of UNIT, after BEGIN:VCALENDAR when it is one. */
static bool
read_many(const char *unit, size_t count, bool is_calendar)
{
	size_t len = strlen(unit);
	char *text = arena_alloc(&arena, count * len + 32);
	char *p = text;

	if (is_calendar)
		p += sprintf(p, "BEGIN:VCALENDAR\n");
	for (size_t i = 0; i < count; i++, p += len)
		memcpy(p, unit, len);
	return read_bytes(text, (size_t)(p - text), "UTC");
}

static void
every_bound_is_kept_and_told(void **state)
{
	static const struct {
		const char *what, *unit;
		size_t count;
		bool is_calendar;
		const char *word;
	} rows[] = {
		{"a file too large", "2026-01-06 x\n", ICS_SIZE_MAX / 13 + 1, false, "1 MiB"},
		{"too many lines of dates", "#\n", ICS_LINES_MAX + 1, false, "100000 lines"},
		{"too many content lines", "X:\n", ICS_LINES_MAX + 1, true, "100000 lines"},
		{"too many events", "BEGIN:VEVENT\nEND:VEVENT\n", ICS_EVENTS_MAX + 2, true, "10000 events"},
		{"too many days", "BEGIN:VEVENT\nDTSTART:20200101\nRRULE:FREQ=DAILY\nEND:VEVENT\n", 1, true,
			"more than 5000 days"},
		{"rules that find nothing",
			"BEGIN:VEVENT\nDTSTART:20200101\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30\n"
			"END:VEVENT\n",
			9000, true, "too long"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool ok = read_many(rows[i].unit, rows[i].count, rows[i].is_calendar);

		if (ok)
			fail_msg("%s was taken", rows[i].what);
		bool told = false;
		for (size_t k = 0; k < list.n_problems; k++)
			told |= strstr(list.problems[k].text, rows[i].word) != NULL;
		if (!told && list.n_unlisted == 0)
			fail_msg("%s: %s", rows[i].what, list.problems[0].text);
		assert_true(list.n_items <= HOLIDAYS_MAX);
		arena_reset(&arena);
	}
}

static void
a_line_without_end_is_cut(void **state)
{
	size_t len = 200000;
	char *text = arena_alloc(&arena, len + 1);
	static const char head[] = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260106\nX-LONG:";

	(void)state;
	memset(text, 'x', len);
	memcpy(text, head, sizeof(head) - 1);
	memcpy(text + len - 12, "\nEND:VEVENT\n", 12);
	assert_true(read_bytes(text, len, "UTC"));
	assert_int_equal(list.n_items, 0);
	assert_int_equal(list.n_problems, 1);
	assert_int_equal(list.problems[0].line, 4);
}

static void
a_small_arena_is_a_refusal(void **state)
{
	static const char text[] =
	    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260106\nRRULE:FREQ=YEARLY\nEND:VEVENT\n";
	struct zone *zone = zone_open("UTC");

	(void)state;
	assert_non_null(zone);
	for (size_t max = 1000; max < 450000; max += 1000) {
		struct arena small = {.max = max};
		struct holidays few;

		if (holidays_start(&few, &small, HOLIDAYS_FIRST, HOLIDAYS_LAST)) {
			if (ics_read(&few, text, sizeof(text) - 1, zone))
				assert_int_equal(few.n_items, 75);
			else
				assert_non_null(strstr(few.problems[few.n_problems - 1].text, "memory"));
		}
		arena_reset(&small);
	}
	zone_close(zone);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_takes_the_days_it_touches),
		cmocka_unit_test(an_event_comes_again_as_its_rule_says),
		cmocka_unit_test(one_instance_may_be_told_anew),
		cmocka_unit_test(the_names_of_one_day_stand_together),
		cmocka_unit_test(a_name_is_clean_text),
		cmocka_unit_test(lines_are_put_together_as_they_were_broken),
		cmocka_unit_test(what_is_not_understood_is_listed_with_its_line),
		cmocka_unit_test(a_doubtful_event_is_kept_and_listed),
		cmocka_unit_test(lines_of_dates_are_the_other_form),
		cmocka_unit_test(every_bound_is_kept_and_told),
		cmocka_unit_test(a_line_without_end_is_cut),
		cmocka_unit_test(a_small_arena_is_a_refusal),
	};

	return cmocka_run_group_tests(tests, NULL, end);
}
