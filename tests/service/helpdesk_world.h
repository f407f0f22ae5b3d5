/*
 * helpdesk_world.h: the people and the submissions of test_helpdesk.c.
 */
#ifndef HELPDESK_WORLD_H
#define HELPDESK_WORLD_H

#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "facts.pb-c.h"
#include "helpdesk.rpc.h"
#include "id.h"
#include "instant.h"

#define GIL "018f0000-0000-7000-8000-00000000e001" /* an earner */
#define HAL "018f0000-0000-7000-8000-00000000e002" /* another */
#define AMY "018f0000-0000-7000-8000-00000000de01" /* an agent */
#define LOU "018f0000-0000-7000-8000-00000000de02" /* leads the desk of all issuers */

static const struct who gil = {GIL, "", {VOUCH__ROLE__NOBODY}}, hal = {HAL, "", {VOUCH__ROLE__NOBODY}},
			amy = {AMY, "riverbend", {VOUCH__ROLE__HELPDESK_AGENT}},
			far_agent = {AMY, "lakeside", {VOUCH__ROLE__HELPDESK_AGENT}},
			lou = {LOU, "*", {VOUCH__ROLE__HELPDESK_LEAD}},
			nobody = {"", "", {VOUCH__ROLE__NOBODY}};

extern const struct service helpdesk_service;
extern const struct rpc rpc_reviews_on_overdue_inquired, rpc_notifications_on_ticket_answered;

static inline void
refused(const void *reply, Vouch__Status status)
{
	assert_null(reply);
	if (answer.status != status)
		print_message("refused with %s\n", answer.detail);
	assert_int_equal(answer.status, status);
}

static inline void
now_is(const char *text)
{
	assert_true(instant_parse(text, &test_now));
}

static inline Google__Protobuf__Timestamp *
at(const char *text)
{
	static Google__Protobuf__Timestamp ring[8];
	static int turn;
	Google__Protobuf__Timestamp *t = &ring[turn++ & 7];
	int64_t micros;

	assert_true(instant_parse(text, &micros));
	google__protobuf__timestamp__init(t);
	t->seconds = micros / INSTANT_SECOND;
	return t;
}

/* ---- what neighbours say ---------------------------------------------------------- */

static inline bool
hear_issuer(const char *issuer, int64_t version, const char *name, const char *key)
{
	static Vouch__Holiday christmas = VOUCH__HOLIDAY__INIT, *days[] = {&christmas};
	static char *weekend[] = {(char *)"sat", (char *)"sun"};
	Vouch__IssuerChanged changed = VOUCH__ISSUER_CHANGED__INIT;
	Vouch__IssuerCalendar calendar = VOUCH__ISSUER_CALENDAR__INIT;

	christmas.date = (char *)"2026-12-14"; /* the first day after everything is due */
	christmas.name = (char *)"Early Christmas";
	calendar.time_zone = (char *)"America/New_York";
	calendar.weekend = weekend;
	calendar.n_weekend = 2;
	calendar.holidays = days;
	calendar.n_holidays = 1;
	changed.issuer_id = (char *)issuer;
	changed.version = version;
	changed.name = (char *)name;
	changed.calendar = &calendar;
	return hear(issuer, &rpc_tickets_on_issuer_changed, &changed, key);
}

/* The code of submission N: always the same one in a run. Without a digit it would be words to a reader of
 * running text. */
static inline char *
code_of(unsigned n)
{
	static char codes[8][CODE_SIZE];

	while (strpbrk(codes[n], "23456789") == NULL)
		code_new(codes[n]);
	return codes[n];
}

/* Fills DAYS with the local dates from the day after 2026-11-23 to 2026-12-11, the 14th business day. */
static inline size_t
promise_days(Vouch__ClockDay *day, Vouch__ClockDay **days)
{
	static char dates[18][DATE_SIZE];
	int32_t first;

	assert_true(date_parse("2026-11-24", &first));
	for (int i = 0; i < 18; i++) {
		int weekday = date_weekday(first + i);

		date_format(first + i, dates[i]);
		vouch__clock_day__init(&day[i]);
		day[i].date = dates[i];
		day[i].counts = weekday != 0 && weekday != 6;
		day[i].reason = (char *)(day[i].counts ? "business day" : "weekend");
		days[i] = &day[i];
	}
	return 18;
}

/* EARNER hands in submission N on 2026-11-23; due by the end of 2026-12-11 in New York. */
static inline bool
hear_work(const char *issuer, unsigned n, const char *earner, int64_t version, const char *key)
{
	Vouch__SubmissionReceived received = VOUCH__SUBMISSION_RECEIVED__INIT;
	Vouch__ClockDay day[18], *days[18];

	received.submission_id = uuid_of(n);
	received.version = version;
	received.code = code_of(n);
	received.earner_id = (char *)earner;
	received.title = (char *)"Close Reading";
	received.submitted_at = at("2026-11-23T15:00:00Z");
	received.due_at = at("2026-12-12T05:00:00Z");
	received.due_date = (char *)"2026-12-11";
	received.time_zone = (char *)"America/New_York";
	received.days = days;
	received.n_days = promise_days(day, days);
	return hear(issuer, &rpc_tickets_on_submission_received, &received, key);
}

static inline bool
hear_decision(unsigned n, int64_t version, const char *key)
{
	Vouch__SubmissionDecided decided = VOUCH__SUBMISSION_DECIDED__INIT;

	decided.submission_id = uuid_of(n);
	decided.version = version;
	decided.code = code_of(n);
	decided.outcome = VOUCH__OUTCOME__DENIED;
	decided.decided_at = at("2026-12-15T15:00:00Z");
	return hear("riverbend", &rpc_tickets_on_submission_decided, &decided, key);
}

/* ---- tickets ------------------------------------------------------------------------ */

static inline const Vouch__Ticket *
ask_about(struct who who, const char *code, const char *body)
{
	Vouch__CreateTicket create = VOUCH__CREATE_TICKET__INIT;

	create.subject = (char *)"Where is my result?";
	create.body = (char *)body;
	create.submission_code = (char *)code;
	return ask(who, &rpc_tickets_create, &create, key_new());
}

static inline const Vouch__Ticket *
get(struct who who, const char *id)
{
	Vouch__GetTicket req = VOUCH__GET_TICKET__INIT;

	req.id = (char *)id;
	return ask(who, &rpc_tickets_get, &req, "");
}

static inline const Vouch__Ticket *
say(struct who who, const char *id, const char *body, bool internal)
{
	Vouch__SayInTicket req = VOUCH__SAY_IN_TICKET__INIT;

	req.id = (char *)id;
	req.body = (char *)body;
	req.internal = internal;
	return ask(who, &rpc_tickets_say, &req, "");
}

static inline const Vouch__Ticket *
set_state(struct who who, const char *id, const char *state)
{
	Vouch__SetTicketState req = VOUCH__SET_TICKET_STATE__INIT;

	req.id = (char *)id;
	req.state = (char *)state;
	return ask(who, &rpc_tickets_set_state, &req, "");
}

static inline bool
hear_person(const char *account, int64_t version, const char *name)
{
	Vouch__AccountChanged changed = VOUCH__ACCOUNT_CHANGED__INIT;

	changed.account_id = (char *)account;
	changed.version = version;
	changed.name = (char *)name;
	return hear("", &rpc_tickets_on_account_changed, &changed, "");
}

/* Does the last message of TICKET contain TEXT? */
static inline bool
ends_with(const Vouch__Ticket *ticket, const char *text)
{
	const char *body = ticket->messages[ticket->n_messages - 1]->body;

	if (strstr(body, text) != NULL)
		return true;
	print_message("it says: %s\n", body);
	return false;
}

#endif
