// links: identity_service
/* test_sign_in.c: who does not get in: limits, wrong passwords, and roles that are not given (A13, A14). */
#include "identity_world.h"

#include <sodium.h>
#include <stdio.h>

static void
an_address_is_one_in_any_case(void **state)
{
	(void)state;
	assert_non_null(sign_up("case@example.org", "correct horse"));
	assert_null(sign_up("CASE@Example.ORG", "another horse"));
	assert_int_equal(answer.status, VOUCH__STATUS__CONFLICT);
	assert_non_null(sign_in(" Case@example.org ", "correct horse"));
	assert_string_equal(sql("SELECT count(*) FROM accounts WHERE email_key = 'case@example.org'"), "1");
}

static void
every_wrong_field_is_named(void **state)
{
	Vouch__CreateAccount req = VOUCH__CREATE_ACCOUNT__INIT;

	(void)state;
	req.email = "wrong@example.org";
	req.name = "Gil\r\nBcc: all@example.org";
	req.password = "WRONG@example.org";
	assert_null(ask(nobody, &rpc_accounts_create, &req, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__INVALID);
	assert_true(complained_about("name"));
	assert_true(complained_about("password"));
	req.name = " \t ";
	assert_null(ask(nobody, &rpc_accounts_create, &req, ""));
	assert_true(complained_about("name"));
	req.name = "Gil";
	req.password = "short";
	assert_null(ask(nobody, &rpc_accounts_create, &req, ""));
	assert_true(complained_about("password"));
	assert_string_equal(sql("SELECT count(*) FROM accounts WHERE email_key = 'wrong@example.org'"), "0");
}

static void
the_same_key_signs_up_once(void **state)
{
	Vouch__CreateAccount req = VOUCH__CREATE_ACCOUNT__INIT;
	const Vouch__Account *first, *again;

	(void)state;
	req.email = "twice@example.org";
	req.name = "Twice";
	req.password = "correct horse";
	assert_non_null(first = ask(nobody, &rpc_accounts_create, &req, "sign-up-1"));
	assert_non_null(again = ask(nobody, &rpc_accounts_create, &req, "sign-up-1"));
	assert_string_equal(first->id, again->id);
	assert_string_equal(sql("SELECT count(*) FROM links WHERE account_id = '%s'", first->id), "1");
}

static void
one_network_signs_up_only_so_often(void **state)
{
	Vouch__CreateAccount req = VOUCH__CREATE_ACCOUNT__INIT;
	static char *const emails[] = {
		"n1@example.org", "n1@example.org", "n2@example.org", "n3@example.org"};
	static const Vouch__Status wanted[] = {
		VOUCH__STATUS__OK, VOUCH__STATUS__CONFLICT, VOUCH__STATUS__OK, VOUCH__STATUS__RATE_LIMITED};

	(void)state;
	req.name = "N";
	req.password = "correct horse";
	for (int i = 0; i < 4; i++) {
		char address[20];

		snprintf(address, sizeof(address), "198.51.100.%d", i); /* one /24 */
		req.email = emails[i];
		req.address = address;
		ask(nobody, &rpc_accounts_create, &req, "");
		assert_int_equal(answer.status, wanted[i]); /* what was refused counts too */
	}
	assert_in_range(answer.retry_ms, 1, 3600000);
	req.address = "198.51.101.1";
	assert_non_null(ask(nobody, &rpc_accounts_create, &req, ""));
}

/* ---- signing in -------------------------------------------------------------------- */

static void
an_unknown_address_and_a_wrong_password_get_one_answer(void **state)
{
	const char *detail;

	(void)state;
	assert_non_null(sign_up("one@example.org", "correct horse"));
	assert_null(sign_in("one@example.org", "wrong horse"));
	assert_int_equal(answer.status, VOUCH__STATUS__UNAUTHENTICATED);
	detail = answer.detail;
	assert_null(sign_in("no-one@example.org", "wrong horse"));
	assert_int_equal(answer.status, VOUCH__STATUS__UNAUTHENTICATED);
	assert_string_equal(answer.detail, detail);
	assert_null(sign_in("not an address at all", "wrong horse"));
	assert_int_equal(answer.status, VOUCH__STATUS__UNAUTHENTICATED);
	assert_null(sign_in("\xff\xfe", "wrong horse"));
	assert_int_not_equal(answer.status, VOUCH__STATUS__INTERNAL);
}

static void
signing_in_again_ends_the_browsers_old_session(void **state)
{
	const Vouch__Session *first, *second, *other;

	(void)state;
	assert_non_null(sign_up("rotate@example.org", "correct horse"));
	assert_non_null(first = sign_in("rotate@example.org", "correct horse"));
	assert_non_null(other = sign_in("rotate@example.org", "correct horse"));
	assert_non_null(second = sign_in_at("rotate@example.org", "correct horse", "", first->token));
	assert_string_not_equal(first->token, second->token);
	assert_string_equal(resolve(first->token)->account_id, "");
	assert_string_equal(resolve(second->token)->account_id, second->account->id);
	assert_string_equal(resolve(other->token)->account_id, second->account->id);
}

static void
an_account_has_only_so_many_sessions(void **state)
{
	const Vouch__Session *first, *last = NULL;

	(void)state;
	assert_non_null(sign_up("many@example.org", "correct horse"));
	assert_non_null(first = sign_in("many@example.org", "correct horse"));
	sql("UPDATE sessions SET created_at = created_at - interval '1 h' WHERE account_id = '%s'",
	    first->account->id);
	for (int i = 0; i < 50; i++)
		assert_non_null(last = sign_in("many@example.org", "correct horse"));
	assert_string_equal(
	    sql("SELECT count(*) FROM sessions WHERE account_id = '%s'", last->account->id), "50");
	assert_string_equal(resolve(first->token)->account_id, "");
}

static void
a_hash_of_older_settings_is_renewed(void **state)
{
	char old[crypto_pwhash_STRBYTES];
	const Vouch__Account *account;

	(void)state;
	assert_non_null(account = sign_up("old@example.org", "correct horse"));
	assert_int_equal(
	    crypto_pwhash_str_alg(old, "correct horse", 13, 2, 32768, crypto_pwhash_ALG_ARGON2ID13), 0);
	sql("UPDATE accounts SET password = '%s' WHERE id = '%s'", old, account->id);
	assert_non_null(sign_in("old@example.org", "correct horse"));
	assert_string_equal(
	    sql("SELECT password = '%s' FROM accounts WHERE id = '%s'", old, account->id), "f");
	assert_non_null(sign_in("old@example.org", "correct horse"));
}

/* ---- limits ------------------------------------------------------------------------ */

static void
failures_lock_an_account_for_strangers_alone(void **state)
{
	(void)state;
	assert_non_null(sign_up("target@example.org", "correct horse"));
	assert_non_null(sign_in_at("target@example.org", "correct horse", "2001:db8:1:1::5", ""));
	for (int i = 0; i < 10; i++) {
		assert_null(sign_in_at("Target@example.org", "guess", "203.0.113.9", ""));
		assert_int_equal(answer.status, VOUCH__STATUS__UNAUTHENTICATED);
	}

	/* Each failure was kept although its call was refused; now even the right password is not tried. */
	assert_null(sign_in_at("target@example.org", "correct horse", "192.0.2.1", ""));
	assert_int_equal(answer.status, VOUCH__STATUS__RATE_LIMITED);
	assert_in_range(answer.retry_ms, 3500000, 3600000);

	/* Where the owner usually is, the door is open; elsewhere it opens when the hour is over. */
	assert_non_null(sign_in_at("target@example.org", "correct horse", "2001:db8:1:1::77", ""));
	assert_null(sign_in_at("target@example.org", "correct horse", "2001:db8:1:2::77", ""));
	assert_int_equal(answer.status, VOUCH__STATUS__RATE_LIMITED);
	sql("UPDATE attempts SET since = since - interval '1 hour'");
	assert_non_null(sign_in_at("target@example.org", "correct horse", "192.0.2.1", ""));
	assert_null(sign_in_at("target@example.org", "guess", "203.0.113.9", ""));
	assert_int_equal(answer.status, VOUCH__STATUS__UNAUTHENTICATED);
}

static void
an_unknown_address_is_limited_like_a_known_one(void **state)
{
	(void)state;
	for (int i = 0; i < 10; i++)
		assert_null(sign_in("unknown@example.org", "guess"));
	assert_null(sign_in("unknown@example.org", "guess"));
	assert_int_equal(answer.status, VOUCH__STATUS__RATE_LIMITED);
	assert_null(sign_in("unknown2@example.org", "guess"));
	assert_int_equal(answer.status, VOUCH__STATUS__UNAUTHENTICATED);
}

static void
a_network_that_fails_too_often_waits(void **state)
{
	char email[40];

	(void)state;
	for (int i = 0; i < 20; i++) {
		snprintf(email, sizeof(email), "spray%d@example.org", i);
		assert_null(sign_in_at(email, "guess", "100.64.7.9", ""));
		assert_int_equal(answer.status, VOUCH__STATUS__UNAUTHENTICATED);
	}
	assert_null(sign_in_at("spray99@example.org", "guess", "100.64.7.200", ""));
	assert_int_equal(answer.status, VOUCH__STATUS__RATE_LIMITED);
	assert_null(sign_in_at("spray99@example.org", "guess", "100.64.8.9", ""));
	assert_int_equal(answer.status, VOUCH__STATUS__UNAUTHENTICATED);
}

static void
the_right_password_clears_earlier_failures(void **state)
{
	(void)state;
	assert_non_null(sign_up("typist@example.org", "correct horse"));
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 9; i++)
			assert_null(sign_in("typist@example.org", "typo typo typo"));
		assert_non_null(sign_in("typist@example.org", "correct horse"));
	}
}

static void
mails_with_a_link_are_few(void **state)
{
	int before;

	(void)state;
	assert_non_null(sign_up("few@example.org", "correct horse"));
	before = announced(&rpc_notifications_on_confirmation_asked);
	for (int i = 0; i < 7; i++) {
		assert_true(ask_mail("few@example.org", VOUCH__ASK_ACCOUNT_MAIL__KIND__CONFIRMATION, ""));
		assert_true(run_job("mails"));
	}
	assert_int_equal(announced(&rpc_notifications_on_confirmation_asked), before + 5);

	for (int i = 0; i < 6; i++)
		assert_true(
		    ask_mail("few@example.org", VOUCH__ASK_ACCOUNT_MAIL__KIND__PASSWORD, "192.0.2.70"));
	assert_false(ask_mail("few@example.org", VOUCH__ASK_ACCOUNT_MAIL__KIND__PASSWORD, "192.0.2.71"));
	assert_int_equal(answer.status, VOUCH__STATUS__RATE_LIMITED);
	run_job("mails");
}

static void
what_is_confirmed_is_not_confirmed_again(void **state)
{
	int before;

	(void)state;
	assert_non_null(sign_up("done@example.org", "correct horse"));
	assert_non_null(confirm(last_link()));
	before = announced(&rpc_notifications_on_confirmation_asked);
	assert_true(ask_mail("done@example.org", VOUCH__ASK_ACCOUNT_MAIL__KIND__CONFIRMATION, ""));
	assert_true(run_job("mails"));
	assert_int_equal(announced(&rpc_notifications_on_confirmation_asked), before);
}

/* ---- tokens and roles -------------------------------------------------------------- */

static void
a_token_has_real_scopes_and_an_end(void **state)
{
	Vouch__CreateToken req = VOUCH__CREATE_TOKEN__INIT;
	Google__Protobuf__Timestamp end = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
	char *scopes[3] = {"all:read", "submissions:read", "catalog:delete"};
	const Vouch__Token *token;
	const char *account;

	(void)state;
	account = sign_up("scope@example.org", "correct horse")->id;
	req.name = "x";
	req.scopes = scopes;
	req.n_scopes = 3;
	req.expires_at = &end;
	end.seconds = 1;
	assert_null(ask(as(account), &rpc_tokens_create, &req, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__INVALID);
	assert_false(complained_about("scopes[0]"));
	assert_true(complained_about("scopes[1]"));
	assert_true(complained_about("scopes[2]"));
	assert_true(complained_about("expiresAt"));
	req.n_scopes = 1;
	end.seconds = atoll(
	    sql("SELECT extract(epoch FROM clock_timestamp() + interval '400 days')::bigint"));
	assert_null(ask(as(account), &rpc_tokens_create, &req, ""));
	assert_true(complained_about("expiresAt"));
	end.seconds -= 390 * 86400;
	assert_non_null(token = ask(as(account), &rpc_tokens_create, &req, ""));
	assert_true(token->expires_at->seconds == end.seconds);

	/* Its end is a date of business time. */
	test_now = (end.seconds + 1) * 1000000;
	assert_string_equal(resolve(token->token)->account_id, "");
	test_now = 0;
	assert_string_equal(resolve(token->token)->account_id, account);
}

static void
an_account_has_only_so_many_tokens(void **state)
{
	const char *account;

	(void)state;
	account = sign_up("tokens@example.org", "correct horse")->id;
	for (int i = 0; i < 50; i++)
		assert_non_null(make_token(as(account), "all:read", ""));
	assert_null(make_token(as(account), "all:read", ""));
	assert_int_equal(answer.status, VOUCH__STATUS__CONFLICT);
}

static void
an_owner_grants_roles_in_the_own_issuer(void **state)
{
	const Vouch__RoleGrant *given;
	const Vouch__Account *ada;
	int64_t version;

	(void)state;
	assert_non_null(ada = seed("ada@example.org", VOUCH__ROLE__OPS, "northfield"));
	version = told()->version;
	assert_non_null(
	    given = grant(owner_of("riverbend"), "riverbend", "ADA@example.org", VOUCH__ROLE__ASSESSOR));
	assert_string_equal(given->account_id, ada->id);
	assert_string_equal(given->issuer_id, "riverbend");
	assert_string_equal(given->email, "ada@example.org");
	assert_int_equal(given->role, VOUCH__ROLE__ASSESSOR);

	/* Everybody hears of all roles, those of other issuers too. */
	assert_true(told()->version > version);
	assert_int_equal(told()->n_roles, 2);
	assert_string_equal(told()->roles[0]->issuer_id, "northfield");
	assert_int_equal(told()->roles[1]->role, VOUCH__ROLE__ASSESSOR);

	assert_null(grant(owner_of("riverbend"), "northfield", "ada@example.org", VOUCH__ROLE__ASSESSOR));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
	assert_null(grant(owner_of("*"), "*", "ada@example.org", VOUCH__ROLE__OPS));
	assert_int_equal(answer.status, VOUCH__STATUS__FORBIDDEN);
	assert_null(
	    grant(owner_of("riverbend"), "riverbend", "ada@example.org", VOUCH__ROLE__PLATFORM_ADMIN));
	assert_int_equal(answer.status, VOUCH__STATUS__INVALID);
	assert_true(complained_about("role"));
	assert_null(grant(owner_of("riverbend"), "riverbend", "ada@example.org", VOUCH__ROLE__EARNER));
	assert_true(complained_about("role"));
	assert_null(grant(owner_of("riverbend"), "riverbend", "ada@example.org", VOUCH__ROLE__SERVICE));
	assert_true(complained_about("role"));
	assert_null(grant((struct who){uuid_of(1), "riverbend", {VOUCH__ROLE__POOL_LEAD}}, "riverbend",
	    "ada@example.org", VOUCH__ROLE__ASSESSOR));
	assert_int_equal(answer.status, VOUCH__STATUS__FORBIDDEN);
}

static void
a_role_needs_a_confirmed_address(void **state)
{
	(void)state;
	assert_null(grant(owner_of("riverbend"), "riverbend", "noone@example.org", VOUCH__ROLE__ASSESSOR));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
	assert_non_null(sign_up("claimed@example.org", "correct horse"));
	assert_null(grant(owner_of("riverbend"), "riverbend", "claimed@example.org", VOUCH__ROLE__ASSESSOR));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
	assert_non_null(confirm(last_link()));
	assert_non_null(
	    grant(owner_of("riverbend"), "riverbend", "claimed@example.org", VOUCH__ROLE__ASSESSOR));
}

static void
seeding_twice_changes_nothing(void **state)
{
	const Vouch__Account *first, *again;
	int announcements;

	(void)state;
	assert_non_null(first = seed("seed@example.org", VOUCH__ROLE__ISSUER_OWNER, "riverbend"));
	assert_true(first->confirmed);
	assert_int_equal(first->n_roles, 1);
	announcements = announced(&rpc_notifications_on_account_changed);
	assert_non_null(again = seed("SEED@example.org", VOUCH__ROLE__ISSUER_OWNER, "riverbend"));
	assert_string_equal(again->id, first->id);
	assert_int_equal(announced(&rpc_notifications_on_account_changed), announcements);
	assert_non_null(again = seed("seed@example.org", VOUCH__ROLE__OPS, "*"));
	assert_int_equal(again->n_roles, 2);
	assert_int_equal(announced(&rpc_notifications_on_account_changed), announcements + 1);

	assert_null(seed("seed@example.org", VOUCH__ROLE__PLATFORM_ADMIN, "riverbend"));
	assert_true(complained_about("roles[0].role"));
	assert_null(seed("seed@example.org", VOUCH__ROLE__OPS, "Not A Slug"));
	assert_true(complained_about("roles[0].issuerId"));
}

static void
seeding_does_not_give_roles_to_whoever_signed_up_first(void **state)
{
	const Vouch__Session *squatter;

	(void)state;
	assert_non_null(sign_up("admin@example.org", "squatters password"));
	assert_non_null(squatter = sign_in("admin@example.org", "squatters password"));
	assert_non_null(seed("admin@example.org", VOUCH__ROLE__OPS, "*"));
	assert_string_equal(resolve(squatter->token)->account_id, "");
	assert_null(sign_in("admin@example.org", "squatters password"));
	assert_non_null(sign_in("admin@example.org", "seeded password"));
}

static int
open_group(void **state)
{
	(void)state;
	/* Small numbers, so that limits are reached soon and hashes are quick. */
	setenv("VOUCH_ARGON2_MEMORY_KIB", "64", 1);
	setenv("VOUCH_ARGON2_PASSES", "1", 1);
	setenv("VOUCH_SIGNUPS_PER_ADDRESS_HOUR", "3", 1);
	setenv("VOUCH_SIGNIN_PER_ADDRESS_HOUR", "20", 1);
	setenv("VOUCH_MAIL_ASKS_PER_ADDRESS_HOUR", "6", 1);
	return harness_open(&identity_service);
}

static int
close_group(void **state)
{
	(void)state;
	harness_close(); /* which statements ran is test_identity's matter */
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_is_one_in_any_case),
		cmocka_unit_test(every_wrong_field_is_named),
		cmocka_unit_test(the_same_key_signs_up_once),
		cmocka_unit_test(one_network_signs_up_only_so_often),
		cmocka_unit_test(an_unknown_address_and_a_wrong_password_get_one_answer),
		cmocka_unit_test(signing_in_again_ends_the_browsers_old_session),
		cmocka_unit_test(an_account_has_only_so_many_sessions),
		cmocka_unit_test(a_hash_of_older_settings_is_renewed),
		cmocka_unit_test(failures_lock_an_account_for_strangers_alone),
		cmocka_unit_test(an_unknown_address_is_limited_like_a_known_one),
		cmocka_unit_test(a_network_that_fails_too_often_waits),
		cmocka_unit_test(the_right_password_clears_earlier_failures),
		cmocka_unit_test(mails_with_a_link_are_few),
		cmocka_unit_test(what_is_confirmed_is_not_confirmed_again),
		cmocka_unit_test(a_token_has_real_scopes_and_an_end),
		cmocka_unit_test(an_account_has_only_so_many_tokens),
		cmocka_unit_test(an_owner_grants_roles_in_the_own_issuer),
		cmocka_unit_test(a_role_needs_a_confirmed_address),
		cmocka_unit_test(seeding_twice_changes_nothing),
		cmocka_unit_test(seeding_does_not_give_roles_to_whoever_signed_up_first),
	};

	return harness_run(tests, open_group, close_group);
}
