// links: identity_service
/* Who may grant which role where (3.1), and what a token may do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "role.h"
#include "scope.h"

static void
roles_that_follow_from_signing_in_are_not_granted(void **state)
{
	(void)state;
	for (int role = 0; role <= 20; role++)
		assert_int_equal(role_is_granted((Vouch__Role)role),
		    role >= VOUCH__ROLE__ASSESSOR && role <= VOUCH__ROLE__PLATFORM_ADMIN);
}

static void
an_owner_grants_nothing_above_their_own(void **state)
{
	static const struct {
		bool admin, owner;
		Vouch__Role role;
		const char *scope;
		bool may;
	} rows[] = {
		{false, true, VOUCH__ROLE__ASSESSOR, "riverbend", true},
		{false, true, VOUCH__ROLE__ISSUER_OWNER, "riverbend", true},
		{false, true, VOUCH__ROLE__OPS, "riverbend", true},
		{false, true, VOUCH__ROLE__OPS, "*", false},
		{false, true, VOUCH__ROLE__PLATFORM_ADMIN, "riverbend", false},
		{false, true, VOUCH__ROLE__PLATFORM_ADMIN, "*", false},
		{true, false, VOUCH__ROLE__OPS, "*", true},
		{true, false, VOUCH__ROLE__PLATFORM_ADMIN, "*", true},
		{true, false, VOUCH__ROLE__PLATFORM_ADMIN, "riverbend", false},
		{true, true, VOUCH__ROLE__SERVICE, "*", false},
		{true, true, VOUCH__ROLE__EARNER, "riverbend", false},
		{false, false, VOUCH__ROLE__ASSESSOR, "riverbend", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(
		    role_may_grant(rows[i].admin, rows[i].owner, rows[i].role, rows[i].scope), rows[i].may);
}

static void
scopes_name_a_service_and_what_to_do(void **state)
{
	static const char *const good[] = {
		"all:read", "all:write", "submission:read", "identity:write", "credential:read"};
	static const char *const bad[] = {"", ":", "all", "all:", "all:admin", "submission:Read",
		"submissions:read", ":read", "gateway:read", "all:read ", "all:read:write", "submission",
		"sub:read", "ALL:read"};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(scope_is_valid(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(scope_is_valid(bad[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roles_that_follow_from_signing_in_are_not_granted),
		cmocka_unit_test(an_owner_grants_nothing_above_their_own),
		cmocka_unit_test(scopes_name_a_service_and_what_to_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
