/*
 * catalog_world.h: the people and the documents of test_catalog.c.
 */
#ifndef CATALOG_WORLD_H
#define CATALOG_WORLD_H

#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.rpc.h"
#include "catalog_page.h"
#include "facts.pb-c.h"
#include "instant.h"

#define ADA "018f0000-0000-7000-8000-00000000ad01" /* writes */
#define PIA "018f0000-0000-7000-8000-00000000ad02" /* approves */
#define OLE "018f0000-0000-7000-8000-00000000ad03" /* owns */
#define ROOT "018f0000-0000-7000-8000-00000000ad04"

static const struct who ada = {ADA, "riverbend", {VOUCH__ROLE__ISSUER_AUTHOR}},
			pia = {PIA, "riverbend", {VOUCH__ROLE__ISSUER_APPROVER}},
			ole = {OLE, "riverbend", {VOUCH__ROLE__ISSUER_OWNER}},
			far_owner = {OLE, "lakeside", {VOUCH__ROLE__ISSUER_OWNER}},
			ops = {ROOT, "riverbend", {VOUCH__ROLE__OPS}},
			visitor = {"", "riverbend", {VOUCH__ROLE__NOBODY}};

extern const struct service catalog_service;
extern const struct rpc rpc_submissions_on_issuer_changed, rpc_submissions_on_micro_credential_published,
    rpc_submissions_on_micro_credential_state_changed;

static void
refused(const void *reply, Vouch__Status status)
{
	assert_null(reply);
	if (answer.status != status)
		print_message("refused with %s\n", answer.detail);
	assert_int_equal(answer.status, status);
}

/* ---- issuers ------------------------------------------------------------------ */

static Vouch__IssuerProfile *
profile_of(const char *name)
{
	static Vouch__IssuerProfile profile;

	vouch__issuer_profile__init(&profile);
	profile.name = (char *)name;
	profile.language = (char *)"en";
	profile.blind_review = true;
	return &profile;
}

static Vouch__IssuerCalendar *
calendar_of(const char *zone)
{
	static Vouch__IssuerCalendar calendar;
	static Vouch__Holiday new_year = VOUCH__HOLIDAY__INIT, labour = VOUCH__HOLIDAY__INIT,
			      *days[] = {&labour, &new_year};
	static char *weekend[] = {(char *)"sun", (char *)"sat"};

	new_year.date = (char *)"2027-01-01";
	new_year.name = (char *)"New Year";
	labour.date = (char *)"2027-05-01";
	labour.name = (char *)"Labour Day";
	vouch__issuer_calendar__init(&calendar);
	calendar.time_zone = (char *)zone;
	calendar.weekend = weekend;
	calendar.n_weekend = 2;
	calendar.holidays = days;
	calendar.n_holidays = 2;
	return &calendar;
}

static const Vouch__Issuer *
create_issuer(const char *id, const char *name)
{
	Vouch__CreateIssuer create = VOUCH__CREATE_ISSUER__INIT;
	/* A platform admin is one for all issuers, the call is about this one. */
	struct who admin = {ROOT, id, {VOUCH__ROLE__PLATFORM_ADMIN}};

	create.id = (char *)id;
	create.profile = profile_of(name);
	create.calendar = calendar_of("Europe/Berlin");
	return ask(admin, &rpc_issuers_create, &create, "");
}

/* ---- the studio ------------------------------------------------------------------ */

static const Vouch__StudioVersion *
create_draft(const char *key, const char *title)
{
	Vouch__CreateMicroCredential create = VOUCH__CREATE_MICRO_CREDENTIAL__INIT;
	struct page page;

	create.issuer_id = (char *)"riverbend";
	create.document = document_of(&page, key, title);
	return ask(ada, &rpc_studio_create, &create, "");
}

static const void *
step(struct who who, const struct rpc *rpc, const char *id)
{
	Vouch__GetMicroCredential get = VOUCH__GET_MICRO_CREDENTIAL__INIT;

	get.id = (char *)id;
	return ask(who, rpc, &get, "");
}

static const Vouch__StudioVersion *
write_draft(const char *id, int64_t seen, const char *key, const char *title)
{
	Vouch__WriteMicroCredential write = VOUCH__WRITE_MICRO_CREDENTIAL__INIT;
	struct page page;

	write.id = (char *)id;
	write.if_match = seen;
	write.document = document_of(&page, key, title);
	return ask(ada, &rpc_studio_write, &write, "");
}

/* A published micro-credential, by the way that every one goes. */
static const Vouch__StudioVersion *
publish(const char *key, const char *title)
{
	const Vouch__StudioVersion *v = create_draft(key, title);

	assert_non_null(v);
	assert_non_null(step(ada, &rpc_studio_propose, v->id));
	v = step(pia, &rpc_studio_publish, v->id);
	assert_non_null(v);
	return v;
}

static const Vouch__ImportResult *
import(const char *issuer, Vouch__MicroCredentialDocument *document)
{
	Vouch__ImportMicroCredential req = VOUCH__IMPORT_MICRO_CREDENTIAL__INIT;
	struct who owner = {OLE, issuer, {VOUCH__ROLE__ISSUER_OWNER}};

	req.issuer_id = (char *)issuer;
	req.document = document;
	return ask(owner, &rpc_studio_import, &req, "");
}

#endif
