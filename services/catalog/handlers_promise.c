/*
 * handlers_promise.c: by when an issuer answers (CLK-1), for who has not handed in yet. What is
 * promised to somebody is made and kept by the submission service; here it is only foretold.
 */
#include "calendar_message.h"
#include "catalog.rpc.h"
#include "db.h"
#include "instant.h"

enum { REVIEW_BUSINESS_DAYS = 14 };

static bool
no_room(struct call *call)
{
	return refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
}

/* Each day with its reason; those that count are numbered. */
static bool
list_days(struct call *call, const struct due *due, Vouch__IssuerPromise *rep)
{
	int number = 0;

	rep->days = arena_alloc(call->arena, (due->n_days + 1) * sizeof(*rep->days));
	for (size_t i = 0; rep->days != NULL && i < due->n_days; i++) {
		Vouch__ClockDay *day = arena_alloc(call->arena, sizeof(*day));
		char *date = arena_alloc(call->arena, DATE_SIZE);

		if (day == NULL || date == NULL)
			return no_room(call);
		vouch__clock_day__init(day);
		date_format(due->days[i].day, date);
		day->date = date;
		day->counts = due->days[i].counts;
		day->reason = (char *)due->days[i].reason;
		day->number = day->counts ? ++number : 0;
		rep->days[rep->n_days++] = day;
	}
	return rep->days != NULL || no_room(call);
}

static bool
say_when(struct call *call, const struct due *due, Vouch__IssuerPromise *rep)
{
	Google__Protobuf__Timestamp *at = arena_alloc(call->arena, sizeof(*at));
	char *date = arena_alloc(call->arena, DATE_SIZE);

	if (at == NULL || date == NULL)
		return no_room(call);
	google__protobuf__timestamp__init(at);
	at->seconds = due->at / INSTANT_SECOND; /* days begin at whole seconds */
	date_format(due->day, date);
	rep->due_at = at;
	rep->due_date = date;
	return list_days(call, due, rep);
}

bool
issuers_promise(struct call *call, const Vouch__GetIssuer *req, Vouch__IssuerPromise *rep)
{
	Vouch__Issuer issuer = VOUCH__ISSUER__INIT;
	Vouch__IssuerCalendar kept = VOUCH__ISSUER_CALENDAR__INIT;
	struct calendar calendar;
	struct due due;
	const char *why;

	(void)req; /* its id is the call's issuer */
	if (!db_one(call, "issuer_get", NULL, NULL, &issuer.base))
		return false;
	kept.version = issuer.calendar_version;
	kept.time_zone = issuer.time_zone;
	kept.weekend = issuer.weekend;
	kept.n_weekend = issuer.n_weekend;
	kept.holidays = issuer.holidays;
	kept.n_holidays = issuer.n_holidays;
	if (!calendar_read(call->arena, &kept, NULL, &calendar, &why) ||
	    !calendar_due(call->arena, &calendar, call->now, REVIEW_BUSINESS_DAYS, &due, &why))
		return refuse(call, VOUCH__STATUS__CONFLICT, "%s", why);
	rep->time_zone = issuer.time_zone;
	rep->business_days = REVIEW_BUSINESS_DAYS;
	return say_when(call, &due, rep);
}
