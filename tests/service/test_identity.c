// links: identity_service
/* test_identity.c: accounts, sessions, tokens, roles, and what others are told. */
#include "identity_world.h"

#include <stdio.h>

/* ---- signing up and in ------------------------------------------------------------- */

static void
who_signs_up_gets_a_mail_and_others_hear_of_it(void **state)
{
	const Vouch__AccountChanged *changed;
	const Vouch__ConfirmationAsked *asked;
	const Vouch__Account *account;

	(void)state;
	assert_non_null(account = sign_up("Gil@Example.org", "correct horse"));
	assert_string_equal(account->email, "Gil@Example.org");
	assert_string_equal(account->locale, "en");
	assert_false(account->confirmed);
	assert_int_equal(account->n_roles, 0);

	assert_non_null(changed = last_announced(&rpc_notifications_on_account_changed));
	assert_string_equal(changed->account_id, account->id);
	assert_string_equal(changed->name, "Gil Amsel");
	assert_non_null(asked = last_announced(&rpc_notifications_on_confirmation_asked));
	assert_string_equal(asked->email, "Gil@Example.org");
	assert_false(asked->reset);
	assert_int_equal(strncmp(asked->token, "vl_", 3), 0);

	/* Neither the token nor the password is anywhere but in the event. */
	assert_string_equal(sql("SELECT count(*) FROM links WHERE account_id = '%s' AND hash = sha256('%s')",
				account->id, asked->token),
	    "1");
	assert_string_equal(
	    sql("SELECT left(password, 10) FROM accounts WHERE id = '%s'", account->id), "$argon2id$");
}

static void
a_link_confirms_once(void **state)
{
	const Vouch__Account *account;
	const char *token;

	(void)state;
	assert_non_null(account = sign_up("confirm@example.org", "correct horse"));
	token = last_link();
	assert_false(choose_password(token, "another horse")); /* it is for one thing only */
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);

	assert_non_null(account = confirm(token));
	assert_true(account->confirmed);
	assert_true(((const Vouch__AccountChanged *)last_announced(&rpc_notifications_on_account_changed))
		->confirmed);
	assert_null(confirm(token));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
	assert_null(confirm("vl_unknown"));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);

	assert_non_null(account = sign_up("late@example.org", "correct horse"));
	assert_string_equal(sql("SELECT round(extract(epoch FROM expires_at - clock_timestamp()) / 3600) "
				"FROM links WHERE account_id = '%s'",
				account->id),
	    "48");
	sql("UPDATE links SET expires_at = clock_timestamp() - interval '1 s' WHERE account_id = '%s'",
	    account->id);
	assert_null(confirm(last_link()));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
}

static void
a_session_is_resolved_until_it_ends(void **state)
{
	Vouch__EndSession end = VOUCH__END_SESSION__INIT;
	const Vouch__Session *session;
	const Vouch__Resolved *who;
	const Vouch__Account *account;

	(void)state;
	assert_non_null(account = sign_up("in@example.org", "correct horse"));
	assert_non_null(session = sign_in("in@example.org", "correct horse"));
	assert_string_equal(session->account->id, account->id);
	assert_int_equal(strncmp(session->token, "vs_", 3), 0);
	assert_int_equal(strlen(session->token), 46);
	assert_string_equal(
	    sql("SELECT count(*) FROM sessions WHERE hash = sha256('%s')", session->token), "1");

	assert_non_null(who = resolve(session->token));
	assert_string_equal(who->account_id, account->id);
	assert_false(who->is_token);
	assert_string_equal(resolve("vs_nobody")->account_id, "");
	assert_string_equal(resolve("vt_nobody")->account_id, "");

	end.token = session->token;
	assert_non_null(ask(as(account->id), &rpc_sessions_end, &end, ""));
	assert_string_equal(resolve(session->token)->account_id, "");

	assert_non_null(session = sign_in("in@example.org", "correct horse"));
	sql("UPDATE sessions SET expires_at = clock_timestamp() WHERE account_id = '%s'", account->id);
	assert_string_equal(resolve(session->token)->account_id, "");
}

static void
sessions_are_listed_and_ended_by_their_owner(void **state)
{
	Vouch__ListSessions list = VOUCH__LIST_SESSIONS__INIT;
	Vouch__EndOtherSession end = VOUCH__END_OTHER_SESSION__INIT;
	const Vouch__Session *here, *there, *stranger;
	const Vouch__SessionList *sessions;
	const char *account;

	(void)state;
	assert_non_null(sign_up("list@example.org", "correct horse"));
	assert_non_null(sign_up("stranger@example.org", "correct horse"));
	assert_non_null(there = sign_in("list@example.org", "correct horse"));
	assert_non_null(here = sign_in("list@example.org", "correct horse"));
	assert_non_null(stranger = sign_in("stranger@example.org", "correct horse"));
	account = here->account->id;

	list.token = here->token;
	assert_non_null(sessions = ask(as(account), &rpc_sessions_list, &list, ""));
	assert_int_equal(sessions->n_items, 2);
	assert_int_equal(sessions->items[0]->current + sessions->items[1]->current, 1);
	assert_string_equal(sessions->items[0]->agent, "a browser");

	end.id = sessions->items[sessions->items[0]->current]->id;
	assert_null(ask(as(stranger->account->id), &rpc_sessions_end_other, &end, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
	assert_non_null(ask(as(account), &rpc_sessions_end_other, &end, ""));
	assert_string_equal(resolve(there->token)->account_id, "");
	assert_string_equal(resolve(here->token)->account_id, account);
	assert_null(ask(as(account), &rpc_sessions_end_other, &end, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
}

/* ---- mails with a link ------------------------------------------------------------- */

static void
asking_for_a_mail_never_tells_whether_the_address_is_known(void **state)
{
	int before;

	(void)state;
	assert_non_null(sign_up("ask@example.org", "correct horse"));
	before = announced(&rpc_notifications_on_confirmation_asked);
	assert_true(ask_mail("ASK@example.org", VOUCH__ASK_ACCOUNT_MAIL__KIND__PASSWORD, ""));
	assert_true(ask_mail("never@example.org", VOUCH__ASK_ACCOUNT_MAIL__KIND__PASSWORD, ""));
	assert_true(
	    ask_mail("never@example.org", VOUCH__ASK_ACCOUNT_MAIL__KIND__PASSWORD, "")); /* waits already */
	assert_string_equal(sql("SELECT count(*) FROM asks"), "2");

	assert_true(run_job("mails"));
	assert_false(run_job("mails"));
	assert_string_equal(sql("SELECT count(*) FROM asks"), "0");
	assert_int_equal(announced(&rpc_notifications_on_confirmation_asked), before + 1);
	assert_string_equal(
	    ((const Vouch__ConfirmationAsked *)last_announced(&rpc_notifications_on_confirmation_asked))
		->email,
	    "ask@example.org");
	assert_true(
	    ((const Vouch__ConfirmationAsked *)last_announced(&rpc_notifications_on_confirmation_asked))
		->reset);
}

static void
a_new_password_ends_every_session(void **state)
{
	const Vouch__Session *session;
	const Vouch__Token *token;
	const char *link, *account;

	(void)state;
	account = sign_up("reset@example.org", "correct horse")->id;
	assert_non_null(session = sign_in("reset@example.org", "correct horse"));
	assert_non_null(token = make_token(as(account), "all:read", ""));
	assert_true(ask_mail("reset@example.org", VOUCH__ASK_ACCOUNT_MAIL__KIND__PASSWORD, ""));
	assert_true(run_job("mails"));
	link = last_link();
	for (int i = 0; i < 10; i++)
		assert_null(sign_in("reset@example.org", "forgotten"));

	assert_false(choose_password(link, "RESET@example.org")); /* refused, and the link is still good */
	assert_true(complained_about("password"));
	assert_true(choose_password(link, "battery staple"));
	assert_string_equal(resolve(session->token)->account_id, "");
	/* Nobody had confirmed the address: whoever made the account may not have been its owner. */
	assert_string_equal(resolve(token->token)->account_id, "");
	assert_non_null(
	    session = sign_in("reset@example.org", "battery staple")); /* and the failures are forgotten */
	assert_true(session->account->confirmed);
	assert_null(sign_in("reset@example.org", "correct horse"));
	assert_false(choose_password(link, "a third password"));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);

	/* The next time it is confirmed, and tokens stay. */
	assert_non_null(token = make_token(as(account), "all:read", ""));
	assert_true(ask_mail("reset@example.org", VOUCH__ASK_ACCOUNT_MAIL__KIND__PASSWORD, ""));
	assert_true(run_job("mails"));
	assert_true(choose_password(last_link(), "battery staple 2"));
	assert_string_equal(resolve(token->token)->account_id, account);
}

static void
a_person_changes_name_and_zone(void **state)
{
	Vouch__GetMe get = VOUCH__GET_ME__INIT;
	Vouch__UpdateMe update = VOUCH__UPDATE_ME__INIT;
	const Vouch__AccountChanged *changed;
	const Vouch__Session *me;
	const char *account;
	int64_t version;

	(void)state;
	account = sign_up("me@example.org", "correct horse")->id;
	version =
	    ((const Vouch__AccountChanged *)last_announced(&rpc_notifications_on_account_changed))->version;
	update.name = "Gil Müller";
	update.time_zone = "Europe/Berlin";
	assert_non_null(ask(as(account), &rpc_accounts_update, &update, ""));
	assert_non_null(me = ask(as(account), &rpc_accounts_me, &get, ""));
	assert_string_equal(me->account->name, "Gil Müller");
	assert_string_equal(me->account->time_zone, "Europe/Berlin");
	assert_string_equal(me->account->locale, "en"); /* what is left out stays */
	assert_string_equal(me->token, "");
	assert_non_null(changed = last_announced(&rpc_notifications_on_account_changed));
	assert_string_equal(changed->time_zone, "Europe/Berlin");
	assert_true(changed->version > version);

	update.name = "Gil\nMüller";
	assert_null(ask(as(account), &rpc_accounts_update, &update, ""));
	assert_true(complained_about("name"));
	assert_null(ask(nobody, &rpc_accounts_me, &get, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__UNAUTHENTICATED);
	assert_null(ask(as(uuid_of(99)), &rpc_accounts_me, &get, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
}

/* ---- API tokens -------------------------------------------------------------------- */

static void
a_token_is_shown_once_and_taken_back(void **state)
{
	Vouch__ListTokens list = VOUCH__LIST_TOKENS__INIT;
	Vouch__RevokeToken back = VOUCH__REVOKE_TOKEN__INIT;
	const Vouch__Token *token;
	const Vouch__TokenList *tokens;
	const Vouch__Resolved *who;
	const char *account;

	(void)state;
	account = sign_up("token@example.org", "correct horse")->id;
	assert_non_null(token = make_token(as(account), "submission:read", "token-1"));
	assert_int_equal(strncmp(token->token, "vt_", 3), 0);
	assert_true(token->expires_at->seconds - token->created_at->seconds == 365 * 86400);
	assert_non_null(who = resolve(token->token));
	assert_string_equal(who->account_id, account);
	assert_true(who->is_token);
	assert_int_equal(who->n_scopes, 1);
	assert_string_equal(who->scopes[0], "submission:read");

	assert_non_null(tokens = ask(as(account), &rpc_tokens_list, &list, ""));
	assert_int_equal(tokens->n_items, 1);
	assert_string_equal(tokens->items[0]->token, "");
	assert_string_equal(tokens->items[0]->name, "lms");

	back.id = token->id;
	assert_null(ask(as(uuid_of(7)), &rpc_tokens_revoke, &back, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
	assert_non_null(ask(as(account), &rpc_tokens_revoke, &back, ""));
	assert_string_equal(resolve(token->token)->account_id, "");
	assert_null(ask(as(account), &rpc_tokens_revoke, &back, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
}

/* ---- roles ------------------------------------------------------------------------- */

static void
a_role_runs_out(void **state)
{
	Vouch__GrantRole req = VOUCH__GRANT_ROLE__INIT;
	Google__Protobuf__Timestamp end = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
	const Vouch__RoleGrant *given;
	const Vouch__Session *session;
	const char *id;

	(void)state;
	assert_non_null(seed("temp@example.org", VOUCH__ROLE__NOBODY, ""));
	assert_non_null(session = sign_in("temp@example.org", "seeded password"));
	req.issuer_id = "riverbend";
	req.email = "temp@example.org";
	req.role = VOUCH__ROLE__ASSESSOR;
	req.expires_at = &end;
	end.seconds = 1000000000;
	assert_null(ask(owner_of("riverbend"), &rpc_roles_grant, &req, ""));
	assert_true(complained_about("expiresAt"));
	end.seconds = atoll(sql("SELECT extract(epoch FROM clock_timestamp() + interval '1 day')::bigint"));
	assert_non_null(given = ask(owner_of("riverbend"), &rpc_roles_grant, &req, ""));
	assert_true(given->expires_at->seconds == end.seconds);
	id = given->id;
	assert_int_equal(resolve(session->token)->n_grants, 1);

	/* Granted again: one grant, with the new end. */
	end.seconds += 86400;
	assert_non_null(given = ask(owner_of("riverbend"), &rpc_roles_grant, &req, ""));
	assert_string_equal(given->id, id);
	assert_true(given->expires_at->seconds == end.seconds);

	/* It counts no more from its end on, and everybody is told soon after. */
	test_now = (end.seconds + 1) * 1000000;
	assert_int_equal(resolve(session->token)->n_grants, 0);
	test_now = 0;
	sql("UPDATE grants SET granted_at = '2020-01-01', expires_at = '2020-01-02' WHERE id = '%s'", id);
	assert_true(run_job("sweep"));
	assert_false(run_job("sweep"));
	assert_string_equal(told()->email, "temp@example.org");
	assert_int_equal(told()->n_roles, 0);
	assert_string_equal(
	    sql("SELECT ended_at IS NOT NULL AND ended_by IS NULL FROM grants WHERE id = '%s'", id), "t");
}

static void
roles_are_listed_page_by_page(void **state)
{
	Vouch__ListRoles req = VOUCH__LIST_ROLES__INIT;
	const Vouch__RoleList *page;
	char email[40], first[40];

	(void)state;
	for (int i = 0; i < 5; i++) {
		snprintf(email, sizeof(email), "page%d@example.org", i);
		test_now = INT64_C(1791864000000000) + i * 1000;
		assert_non_null(seed(email, VOUCH__ROLE__ASSESSOR, "paged"));
	}
	test_now = 0;
	req.issuer_id = "paged";
	req.limit = 3;
	assert_non_null(page = ask(owner_of("paged"), &rpc_roles_list, &req, ""));
	assert_int_equal(page->n_items, 3);
	assert_string_equal(page->items[0]->email, "page4@example.org");
	snprintf(first, sizeof(first), "%s", page->items[2]->email);
	req.cursor = page->next;
	assert_non_null(
	    page = ask((struct who){uuid_of(1), "paged", {VOUCH__ROLE__AUDITOR}}, &rpc_roles_list, &req, ""));
	assert_int_equal(page->n_items, 2);
	assert_string_equal(page->items[1]->email, "page0@example.org");
	assert_string_not_equal(page->items[0]->email, first);
	assert_string_equal(page->next, "");
	assert_null(ask(owner_of("riverbend"), &rpc_roles_list, &req, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
	req.cursor = "WyJ4IiwieSJd"; /* ["x","y"] */
	assert_null(ask(owner_of("paged"), &rpc_roles_list, &req, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__INVALID);
}

static void
a_role_is_taken_back_where_it_was_given(void **state)
{
	const Vouch__RoleGrant *given;

	(void)state;
	assert_non_null(seed("back@example.org", VOUCH__ROLE__NOBODY, ""));
	assert_non_null(
	    given = grant(owner_of("riverbend"), "riverbend", "back@example.org", VOUCH__ROLE__POOL_LEAD));
	assert_false(revoke(owner_of("northfield"), "northfield", given->id));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
	assert_false(revoke(owner_of("northfield"), "riverbend", given->id));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
	assert_true(revoke(owner_of("riverbend"), "riverbend", given->id));
	assert_int_equal(told()->n_roles, 0);
	assert_string_equal(sql("SELECT ended_by FROM grants WHERE id = '%s'", given->id), uuid_of(1));
	assert_false(revoke(owner_of("riverbend"), "riverbend", given->id));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
	assert_non_null(
	    grant(owner_of("riverbend"), "riverbend", "back@example.org", VOUCH__ROLE__POOL_LEAD));
}

static void
the_last_administrator_stays(void **state)
{
	struct who admin = {uuid_of(1), "*", {VOUCH__ROLE__PLATFORM_ADMIN}};
	const Vouch__RoleGrant *second;
	char *first;

	(void)state;
	assert_non_null(seed("root@example.org", VOUCH__ROLE__PLATFORM_ADMIN, "*"));
	assert_non_null(seed("root2@example.org", VOUCH__ROLE__NOBODY, ""));
	first = (char *)sql("SELECT id FROM grants WHERE role = 'platform_admin'");
	assert_false(revoke(admin, "*", first));
	assert_int_equal(answer.status, VOUCH__STATUS__CONFLICT);

	assert_non_null(second = grant(admin, "*", "root2@example.org", VOUCH__ROLE__PLATFORM_ADMIN));
	assert_string_equal(second->issuer_id, "*");
	assert_false(revoke(owner_of("*"), "*", first));
	assert_int_equal(answer.status, VOUCH__STATUS__FORBIDDEN);
	assert_true(revoke(admin, "*", first));
	assert_false(revoke(admin, "*", second->id));
	assert_int_equal(answer.status, VOUCH__STATUS__CONFLICT);
}

/* ---- housekeeping ------------------------------------------------------------------ */

static void
what_was_used_is_written_down(void **state)
{
	const Vouch__Session *session;
	const Vouch__Token *token;
	const char *account;

	(void)state;
	account = sign_up("used@example.org", "correct horse")->id;
	assert_non_null(session = sign_in("used@example.org", "correct horse"));
	assert_non_null(token = make_token(as(account), "all:read", ""));
	sql("UPDATE sessions SET used_at = used_at - interval '1 h' WHERE account_id = '%s'", account);
	resolve(session->token);
	resolve(token->token);
	run_job("sweep");
	assert_string_equal(
	    sql("SELECT used_at > clock_timestamp() - interval '1 min' FROM sessions WHERE account_id = '%s'",
		account),
	    "t");
	assert_string_equal(
	    sql("SELECT used_at > clock_timestamp() - interval '1 min' FROM tokens WHERE account_id = '%s'",
		account),
	    "t");
}

static void
what_is_over_is_swept_away(void **state)
{
	const char *account;

	(void)state;
	account = sign_up("sweep@example.org", "correct horse")->id;
	assert_non_null(sign_in_at("sweep@example.org", "correct horse", "192.0.2.200", ""));
	assert_non_null(make_token(as(account), "all:read", ""));
	assert_null(sign_in("sweep@example.org", "a wrong one"));
	sql("UPDATE sessions SET expires_at = clock_timestamp() - interval '1 s' WHERE account_id = '%s'",
	    account);
	sql("UPDATE links SET expires_at = clock_timestamp() - interval '1 s' WHERE account_id = '%s'",
	    account);
	sql("UPDATE places SET seen_at = clock_timestamp() - interval '91 days' WHERE account_id = '%s'",
	    account);
	sql("UPDATE tokens SET created_at = '2020-01-01', expires_at = '2020-01-02' WHERE account_id = '%s'",
	    account);
	sql("UPDATE attempts SET since = clock_timestamp() - interval '61 min'");
	run_job("sweep");
	assert_string_equal(sql("SELECT (SELECT count(*) FROM sessions WHERE account_id = '%s') + (SELECT "
				"count(*) FROM links WHERE account_id = '%s')"
				" + (SELECT count(*) FROM places WHERE account_id = '%s') + (SELECT count(*) "
				"FROM tokens WHERE account_id = '%s')"
				" + (SELECT count(*) FROM attempts)",
				account, account, account, account),
	    "0");
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
	return harness_close();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_signs_up_gets_a_mail_and_others_hear_of_it),
		cmocka_unit_test(a_link_confirms_once),
		cmocka_unit_test(a_session_is_resolved_until_it_ends),
		cmocka_unit_test(sessions_are_listed_and_ended_by_their_owner),
		cmocka_unit_test(asking_for_a_mail_never_tells_whether_the_address_is_known),
		cmocka_unit_test(a_new_password_ends_every_session),
		cmocka_unit_test(a_person_changes_name_and_zone),
		cmocka_unit_test(a_token_is_shown_once_and_taken_back),
		cmocka_unit_test(a_role_runs_out),
		cmocka_unit_test(roles_are_listed_page_by_page),
		cmocka_unit_test(a_role_is_taken_back_where_it_was_given),
		cmocka_unit_test(the_last_administrator_stays),
		cmocka_unit_test(what_was_used_is_written_down),
		cmocka_unit_test(what_is_over_is_swept_away),
	};

	return harness_run(tests, open_group, close_group);
}
