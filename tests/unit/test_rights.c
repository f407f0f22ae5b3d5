/*
 * Every rpc and every role: allowed or refused as its rule declares, in the
 * issuer of the call, in another one, everywhere, and without signing in. The
 * table is generated from the proto files; nothing here names an rpc.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "call.h"

enum { ROLES = 17 };
#define ACCOUNT "018f0000-0000-7000-8000-000000000001"

/* How CALLER fares at the door of RPC, with an empty request. */
static Vouch__Status
knock(const struct rpc *rpc, Vouch__Caller *caller)
{
	struct arena arena = {0};
	const struct handler handlers[] = {{rpc, NULL}, {0}};
	struct call call = {.arena = &arena,
		.caller = caller,
		.key = "k",
		.trace = "t",
		.deadline_ms = clock_ms() + 60000};
	Vouch__Status status;

	call_prepare(&call, handlers, rpc->name, (ProtobufCBinaryData){0});
	status = call.status;
	arena_reset(&arena);
	return status;
}

static bool
is_at_the_door(Vouch__Status status)
{
	return status == VOUCH__STATUS__UNAUTHENTICATED || status == VOUCH__STATUS__FORBIDDEN;
}

static bool
follows_from_signing_in(const struct rpc *rpc)
{
	return (rpc->may &
		   (1u << VOUCH__ROLE__ANYONE | 1u << VOUCH__ROLE__ACCOUNT | 1u << VOUCH__ROLE__EARNER)) != 0;
}

/* Is the holder of ROLE in GRANTED let in, when the call is about "riverbend"? */
static bool
is_let_in(const struct rpc *rpc, Vouch__Role role, const char *granted)
{
	Vouch__Grant grant = VOUCH__GRANT__INIT, *grants[1] = {&grant};
	Vouch__Caller caller = VOUCH__CALLER__INIT;

	grant.issuer_id = (char *)granted;
	grant.role = role;
	caller.issuer_id = rpc->across ? "" : "riverbend";
	caller.account_id = ACCOUNT;
	caller.grants = grants;
	caller.n_grants = 1;
	return !is_at_the_door(knock(rpc, &caller));
}

static void
a_role_opens_what_declares_it_and_nothing_else(void **state)
{
	int cells = 0;

	(void)state;
	for (const struct rpc *const *r = rpcs; *r != NULL; r++)
		for (int role = VOUCH__ROLE__ASSESSOR; role < ROLES; role++) {
			bool declared = follows_from_signing_in(*r) || ((*r)->may >> role & 1);

			cells += 3;
			if (is_let_in(*r, (Vouch__Role)role, "riverbend") != declared ||
			    is_let_in(*r, (Vouch__Role)role, "*") != declared)
				fail_msg("%s and role %d", (*r)->name, role);
			/* Held in another issuer it opens nothing here; across issuers the statements narrow it down. */
			if (is_let_in(*r, (Vouch__Role)role, "elsewhere") !=
			    (follows_from_signing_in(*r) || (declared && (*r)->across)))
				fail_msg("%s and role %d of another issuer", (*r)->name, role);
		}
	printf("%d cells\n", cells);
}

static void
without_signing_in_only_what_anyone_may_is_open(void **state)
{
	(void)state;
	for (const struct rpc *const *r = rpcs; *r != NULL; r++) {
		Vouch__Caller caller = VOUCH__CALLER__INIT;
		bool open = ((*r)->may >> VOUCH__ROLE__ANYONE & 1) != 0;

		caller.issuer_id = (*r)->across ? "" : "riverbend";
		if (is_at_the_door(knock(*r, &caller)) == open)
			fail_msg("%s without signing in", (*r)->name);
	}
}

static void
a_token_does_only_what_its_scopes_say(void **state)
{
	char *scopes[1] = {"catalog:read"};

	(void)state;
	for (const struct rpc *const *r = rpcs; *r != NULL; r++) {
		Vouch__Caller caller = VOUCH__CALLER__INIT;
		bool open = strcmp((*r)->service, "catalog") == 0 && !(*r)->writes;

		if (!follows_from_signing_in(*r))
			continue;
		caller.issuer_id = (*r)->across ? "" : "riverbend";
		caller.account_id = ACCOUNT;
		caller.scopes = scopes;
		caller.n_scopes = 1;
		if (is_at_the_door(knock(*r, &caller)) == open)
			fail_msg("%s with a token for catalog:read", (*r)->name);
	}
}

static void
facts_are_heard_from_services_alone(void **state)
{
	(void)state;
	for (const struct rpc *const *r = rpcs; *r != NULL; r++)
		if (strncmp(strchr((*r)->name, '.') + 1, "On", 2) == 0 &&
		    ((*r)->may != 1u << VOUCH__ROLE__SERVICE || (*r)->verb[0] != '\0' || !(*r)->writes))
			fail_msg("%s", (*r)->name);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_role_opens_what_declares_it_and_nothing_else),
		cmocka_unit_test(without_signing_in_only_what_anyone_may_is_open),
		cmocka_unit_test(a_token_does_only_what_its_scopes_say),
		cmocka_unit_test(facts_are_heard_from_services_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
