/*
 * handlers_issuers.c: who issues, under which policies, on which calendar.
 */
#include <stdio.h>
#include <string.h>

#include "catalog.rpc.h"
#include "cursor.h"
#include "db.h"
#include "facts.pb-c.h"
#include "ics.h"
#include "instant.h"
#include "issuer_calendar.h"
#include "outbox.h"
#include "zone.h"

bool
issuers_list(struct call *call, const Vouch__ListIssuers *req, Vouch__IssuerList *rep)
{
	const char *after[2];
	int limit = cursor_limit(req->limit);

	if (!cursor_read(call, req->cursor, after, 2) ||
	    !db_all(call, "issuer_list", NULL,
		ARGS(TEXT("after_name", after[0]), TEXT("after_id", after[1]), INT("limit", limit + 1)),
		&rep->base, "items"))
		return false;
	if (rep->n_items > (size_t)limit) {
		const Vouch__Issuer *last = rep->items[--rep->n_items - 1];

		rep->next = cursor_write(call, (const char *[]){last->name, last->id}, 2);
	}
	return true;
}

bool
issuers_get(struct call *call, const Vouch__GetIssuer *req, Vouch__Issuer *rep)
{
	(void)req; /* its id is the call's issuer */
	return db_one(call, "issuer_get", NULL, NULL, &rep->base);
}

/* Reads the issuer back into REP and tells everybody its whole state. */
static bool
tell(struct call *call, Vouch__Issuer *rep)
{
	Vouch__IssuerChanged changed = VOUCH__ISSUER_CHANGED__INIT;
	Vouch__IssuerCalendar calendar = VOUCH__ISSUER_CALENDAR__INIT;

	if (!db_one(call, "issuer_get", NULL, NULL, &rep->base))
		return false;
	calendar.version = rep->calendar_version;
	calendar.time_zone = rep->time_zone;
	calendar.weekend = rep->weekend;
	calendar.n_weekend = rep->n_weekend;
	calendar.holidays = rep->holidays;
	calendar.n_holidays = rep->n_holidays;
	changed.issuer_id = rep->id;
	changed.version = rep->version;
	changed.name = rep->name;
	changed.blind_review = rep->blind_review;
	changed.calendar = &calendar;
	changed.support_email = rep->support_email;
	changed.website = rep->website;
	changed.language = rep->language;
	return announce(call, &changed.base);
}

/* ---- calendars ------------------------------------------------------------- */

static bool
add_holidays(
    struct call *call, struct holidays *list, const char *prefix, Vouch__Holiday *const *days, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char field[80];
		int32_t day = 0;
		const char *name = holidays_name(call->arena, days[i]->name, strlen(days[i]->name));

		snprintf(field, sizeof(field), "%sholidays[%zu].date", prefix, i);
		if (!date_parse(days[i]->date, &day) || day < list->first || day > list->last)
			refuse_field(call, field, "range", "must be a date of the years 1990 to 2100");
		else if (name == NULL || !holidays_add(list, day, name))
			return refuse(call, VOUCH__STATUS__INTERNAL, "the calendar is too large");
	}
	return true;
}

/* What is not understood is told, line by line, and nothing is kept: who imports sees what would be lost. */
static bool
read_ics(struct call *call, struct holidays *list, const char *zone_name, const char *ics)
{
	struct zone *zone = zone_open(zone_name);

	if (zone == NULL)
		return refuse_field(call, "timeZone", "form", "is no time zone of the IANA database");
	ics_read(list, ics, strlen(ics), zone);
	zone_close(zone);
	for (size_t i = 0; i < list->n_problems && i < 50; i++)
		refuse_field(
		    call, "ics", "ics", "line %d: %s", list->problems[i].line, list->problems[i].text);
	return call->status == VOUCH__STATUS__OK;
}

/* The calendar as it is kept; every broken rule is told, fields below PREFIX. */
static bool
make_calendar(struct call *call, const char *prefix, const Vouch__IssuerCalendar *in, const char *ics,
    Vouch__IssuerCalendar *out)
{
	struct holidays list;
	size_t bad;
	char field[80];
	int32_t today = (int32_t)(call->now / INSTANT_SECOND / DAY_SECONDS);
	bool is_file = ics[0] != '\0', ok;

	out->time_zone = in->time_zone;
	if (!issuer_weekend(call->arena, out, in->weekend, in->n_weekend, &bad)) {
		snprintf(
		    field, sizeof(field), bad < in->n_weekend ? "%sweekend[%zu]" : "%sweekend", prefix, bad);
		refuse_field(call, field, "weekday",
		    bad < in->n_weekend ? "must be one of mon, tue, wed, thu, fri, sat, sun" :
					  "must leave a business day");
	}
	if (is_file && in->n_holidays > 0)
		return refuse_field(call, "ics", "exclusive", "must not be given together with holidays");
	if (!holidays_start(&list, call->arena, is_file ? today - ISSUER_ICS_PAST : HOLIDAYS_FIRST,
		is_file ? today + ISSUER_ICS_AHEAD : HOLIDAYS_LAST))
		return refuse(call, VOUCH__STATUS__INTERNAL, "the calendar is too large");
	ok = is_file ?
	    read_ics(call, &list, in->time_zone, ics) :
	    add_holidays(call, &list, prefix, in->holidays, in->n_holidays) && holidays_finish(&list);
	if (!ok || call->status != VOUCH__STATUS__OK)
		return refuse(call, VOUCH__STATUS__INTERNAL, "the calendar is too large");
	if (list.n_items > ISSUER_HOLIDAYS_MAX)
		return refuse_field(call, is_file ? "ics" : "holidays", "max", "must hold at most %d days",
		    ISSUER_HOLIDAYS_MAX);
	return issuer_holidays(call->arena, out, &list) ||
	    refuse(call, VOUCH__STATUS__INTERNAL, "the calendar is too large");
}

static bool
put_calendar(struct call *call, const Vouch__IssuerCalendar *calendar, int64_t version)
{
	return db_do(call, "calendar_put", &calendar->base, ARGS(INT("calendar_version", version)));
}

/* ---- writes ------------------------------------------------------------------ */

bool
issuers_create(struct call *call, const Vouch__CreateIssuer *req, Vouch__Issuer *rep)
{
	Vouch__IssuerCalendar calendar = VOUCH__ISSUER_CALENDAR__INIT;
	bool is_new;

	if (strcmp(req->id, "platform") == 0)
		refuse_field(call, "id", "reserved", "is a word that Vouch keeps for itself");
	if (!make_calendar(call, "calendar.", req->calendar, "", &calendar) ||
	    call->status != VOUCH__STATUS__OK ||
	    !db_maybe(call, "issuer_create", &req->profile->base, NULL, NULL, &is_new))
		return false;
	if (!is_new)
		return refuse(call, VOUCH__STATUS__CONFLICT, "there is an issuer with this id already");
	return put_calendar(call, &calendar, 1) && tell(call, rep);
}

bool
issuers_update(struct call *call, const Vouch__UpdateIssuer *req, Vouch__Issuer *rep)
{
	bool is_written;

	if (!db_maybe(call, "issuer_update", &req->profile->base, ARGS(INT("if_match", req->if_match)), NULL,
		&is_written))
		return false;
	if (is_written)
		return tell(call, rep);
	return db_one(call, "issuer_get", NULL, NULL, &rep->base) &&
	    refuse_with_current(call, VOUCH__STATUS__STALE, "somebody has changed the issuer in between");
}

/* The same calendar again is no new version: promises would name versions that say the same. */
bool
issuers_set_calendar(struct call *call, const Vouch__NewCalendar *req, Vouch__Issuer *rep)
{
	Vouch__IssuerCalendar given = VOUCH__ISSUER_CALENDAR__INIT, calendar = VOUCH__ISSUER_CALENDAR__INIT;
	Vouch__Count version = VOUCH__COUNT__INIT;
	bool is_same;

	given.time_zone = req->time_zone;
	given.weekend = req->weekend;
	given.n_weekend = req->n_weekend;
	given.holidays = req->holidays;
	given.n_holidays = req->n_holidays;
	if (!make_calendar(call, "", &given, req->ics, &calendar) ||
	    !db_maybe(call, "calendar_same", &calendar.base, NULL, NULL, &is_same))
		return false;
	if (is_same)
		return db_one(call, "issuer_get", NULL, NULL, &rep->base);
	return db_one(call, "calendar_next", NULL, NULL, &version.base) &&
	    put_calendar(call, &calendar, version.n) && tell(call, rep);
}
