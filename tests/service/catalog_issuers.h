/*
 * catalog_issuers.h: the tests of test_catalog.c about issuers and calendars.
 * They run in that program, whose teardown asks whether every statement ran.
 */
#ifndef CATALOG_ISSUERS_H
#define CATALOG_ISSUERS_H

#include "catalog_world.h"

static void
an_issuer_is_told_to_everybody_whole(void **state)
{
	const Vouch__Issuer *issuer = create_issuer("lakeside", "Lakeside");
	const Vouch__IssuerChanged *changed = last_announced(&rpc_submissions_on_issuer_changed);

	(void)state;
	assert_non_null(issuer);
	assert_string_equal(issuer->id, "lakeside");
	assert_int_equal(issuer->version, 1);
	assert_int_equal(issuer->review_business_days, 14);
	assert_string_equal(issuer->weekend[0], "sat"); /* in the order of the week */
	assert_string_equal(issuer->holidays[0]->date, "2027-01-01");
	assert_string_equal(changed->issuer_id, "lakeside");
	assert_string_equal(changed->name, "Lakeside");
	assert_true(changed->blind_review);
	assert_string_equal(changed->calendar->time_zone, "Europe/Berlin");
	assert_int_equal(changed->calendar->n_holidays, 2);
	refused(create_issuer("lakeside", "Again"), VOUCH__STATUS__CONFLICT);
	refused(create_issuer("platform", "Reserved"), VOUCH__STATUS__INVALID);
	assert_true(complained_about("id"));
}

static void
an_issuer_says_by_when_it_would_answer(void **state)
{
	Vouch__GetIssuer get = VOUCH__GET_ISSUER__INIT;
	const Vouch__IssuerPromise *promise;
	struct who nobody = {"", "nowhere", {VOUCH__ROLE__NOBODY}};
	int counted = 0;

	(void)state;
	get.id = "riverbend";
	assert_non_null(promise = ask(visitor, &rpc_issuers_promise, &get, ""));
	assert_non_null(strchr(promise->time_zone, '/'));
	assert_int_equal(promise->business_days, 14);
	for (size_t i = 0; i < promise->n_days; i++) {
		counted += promise->days[i]->counts;
		assert_int_equal(promise->days[i]->number, promise->days[i]->counts ? counted : 0);
	}
	assert_int_equal(counted, 14);
	assert_string_equal(promise->days[promise->n_days - 1]->date, promise->due_date);
	refused(ask(nobody, &rpc_issuers_promise, &get, ""), VOUCH__STATUS__NOT_FOUND);
}

static void
issuers_are_public_and_paged(void **state)
{
	Vouch__ListIssuers list = VOUCH__LIST_ISSUERS__INIT;
	Vouch__GetIssuer get = VOUCH__GET_ISSUER__INIT;
	const Vouch__IssuerList *page;
	struct who nobody = {"", "nowhere", {VOUCH__ROLE__NOBODY}};

	(void)state;
	create_issuer("lakeside", "Lakeside");
	create_issuer("aspen", "Zürich");
	list.limit = 2;
	page = ask(visitor, &rpc_issuers_list, &list, "");
	assert_int_equal(page->n_items, 2);
	assert_string_equal(page->items[0]->name, "Lakeside");
	list.cursor = page->next;
	page = ask(visitor, &rpc_issuers_list, &list, "");
	assert_int_equal(page->n_items, 1);
	assert_string_equal(page->items[0]->name, "Zürich");
	assert_string_equal(page->next, "");
	list.cursor = (char *)"x";
	refused(ask(visitor, &rpc_issuers_list, &list, ""), VOUCH__STATUS__INVALID);

	get.id = (char *)"riverbend";
	assert_string_equal(
	    ((const Vouch__Issuer *)ask(visitor, &rpc_issuers_get, &get, ""))->name, "Riverbend");
	get.id = (char *)"nowhere";
	refused(ask(nobody, &rpc_issuers_get, &get, ""), VOUCH__STATUS__NOT_FOUND);
}

static void
an_issuer_is_changed_by_its_owner_who_has_seen_it(void **state)
{
	Vouch__UpdateIssuer update = VOUCH__UPDATE_ISSUER__INIT;
	const Vouch__Issuer *issuer;

	(void)state;
	update.id = (char *)"riverbend";
	update.profile = profile_of("Riverbend College");
	update.if_match = 1;
	refused(ask(ada, &rpc_issuers_update, &update, ""), VOUCH__STATUS__FORBIDDEN);
	refused(ask(far_owner, &rpc_issuers_update, &update, ""),
	    VOUCH__STATUS__NOT_FOUND); /* theirs is another */
	assert_non_null(issuer = ask(ole, &rpc_issuers_update, &update, "same"));
	assert_int_equal(issuer->version, 2);
	assert_string_equal(issuer->name, "Riverbend College");
	assert_int_equal(announced(&rpc_submissions_on_issuer_changed), 2);
	assert_int_equal(((const Vouch__Issuer *)ask(ole, &rpc_issuers_update, &update, "same"))->version,
	    2); /* the stored answer */
	refused(ask(ole, &rpc_issuers_update, &update, ""), VOUCH__STATUS__STALE);
	assert_true(answer.shows_current);
	assert_int_equal(announced(&rpc_submissions_on_issuer_changed), 2);
}

static Vouch__NewCalendar
new_calendar(const char *zone)
{
	Vouch__NewCalendar calendar = VOUCH__NEW_CALENDAR__INIT;
	const Vouch__IssuerCalendar *of = calendar_of(zone);

	calendar.id = (char *)"riverbend";
	calendar.time_zone = of->time_zone;
	calendar.weekend = of->weekend;
	calendar.n_weekend = of->n_weekend;
	calendar.holidays = of->holidays;
	calendar.n_holidays = of->n_holidays;
	return calendar;
}

static void
a_calendar_has_versions(void **state)
{
	Vouch__NewCalendar calendar = new_calendar("Europe/Berlin");
	const Vouch__Issuer *issuer = ask(ole, &rpc_issuers_set_calendar, &calendar, "");

	(void)state;
	assert_int_equal(issuer->calendar_version, 1); /* it says the same */
	assert_int_equal(announced(&rpc_submissions_on_issuer_changed), 1);
	calendar = new_calendar("Asia/Riyadh");
	issuer = ask(ole, &rpc_issuers_set_calendar, &calendar, "");
	assert_int_equal(issuer->calendar_version, 2);
	assert_int_equal(issuer->version, 2);
	assert_string_equal(issuer->time_zone, "Asia/Riyadh");
	assert_int_equal(((const Vouch__IssuerChanged *)last_announced(&rpc_submissions_on_issuer_changed))
			     ->calendar->version,
	    2);
	assert_string_equal(sql("SELECT string_agg(time_zone, ' ' ORDER BY version) FROM calendars"),
	    "Europe/Berlin Asia/Riyadh");
	refused(ask(ada, &rpc_issuers_set_calendar, &calendar, ""), VOUCH__STATUS__FORBIDDEN);
	refused(ask(far_owner, &rpc_issuers_set_calendar, &calendar, ""), VOUCH__STATUS__NOT_FOUND);
}

static void
a_calendar_comes_from_a_file_or_is_refused_line_by_line(void **state)
{
	Vouch__NewCalendar calendar = new_calendar("Europe/Berlin");
	const Vouch__Issuer *issuer;

	(void)state;
	calendar.ics = (char *)"2026-12-25 Christmas\n2026-12-26 Boxing Day\n";
	refused(
	    ask(ops, &rpc_issuers_set_calendar, &calendar, ""), VOUCH__STATUS__INVALID); /* and a list too */
	calendar.n_holidays = 0;
	assert_non_null(issuer = ask(ops, &rpc_issuers_set_calendar, &calendar, ""));
	assert_int_equal(issuer->n_holidays, 2);
	assert_string_equal(issuer->holidays[1]->name, "Boxing Day");
	calendar.ics = (char *)"2026-12-25 Christmas\n2026-02-30 never\n";
	refused(ask(ops, &rpc_issuers_set_calendar, &calendar, ""), VOUCH__STATUS__INVALID);
	assert_true(complained_about("ics"));
	assert_string_equal(sql("SELECT max(version) FROM calendars"), "2");
}

static void
a_calendar_must_leave_business_days_that_exist(void **state)
{
	static char *week[] = {(char *)"mon", (char *)"someday"};
	static Vouch__Holiday old = VOUCH__HOLIDAY__INIT, *days[] = {&old};
	Vouch__NewCalendar calendar = new_calendar("Europe/Berlin");

	(void)state;
	old.date = (char *)"1899-01-01";
	calendar.weekend = week;
	calendar.holidays = days;
	calendar.n_holidays = 1;
	refused(ask(ole, &rpc_issuers_set_calendar, &calendar, ""), VOUCH__STATUS__INVALID);
	assert_true(complained_about("weekend[1]"));
	assert_true(complained_about("holidays[0].date"));
}

#define ISSUER_TESTS \
	TEST(an_issuer_is_told_to_everybody_whole), TEST(issuers_are_public_and_paged), \
	    TEST(an_issuer_says_by_when_it_would_answer), \
	    TEST(an_issuer_is_changed_by_its_owner_who_has_seen_it), TEST(a_calendar_has_versions), \
	    TEST(a_calendar_comes_from_a_file_or_is_refused_line_by_line), \
	    TEST(a_calendar_must_leave_business_days_that_exist)

#endif
