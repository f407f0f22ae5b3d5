// links: identity_service
// links: identity_service
/* test_identity.c: signing up and in, tokens, roles, and what others are told. */
#include "harness.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "facts.pb-c.h"
#include "identity.rpc.h"
#include "notification.rpc.h"

extern const struct service identity_service;

static const struct who nobody = {"", "", {0}};
static const struct who installation = {"", "", {VOUCH__ROLE__SERVICE}};

/* ---- steps ---------------------------------------------------------------------- */

static const Vouch__Account *
sign_up(const char *email, const char *password)
{
	Vouch__CreateAccount req = VOUCH__CREATE_ACCOUNT__INIT;

	req.email = (char *)email;
	req.name = "Gil Amsel";
	req.password = (char *)password;
	return ask(nobody, &rpc_accounts_create, &req, "");
}

static const Vouch__Session *
sign_in_at(const char *email, const char *password, const char *address, const char *old)
{
	Vouch__CreateSession req = VOUCH__CREATE_SESSION__INIT;

	req.email = (char *)email;
	req.password = (char *)password;
	req.address = (char *)address;
	req.agent = "a browser";
	req.session = (char *)old;
	return ask(nobody, &rpc_sessions_create, &req, "");
}

static const Vouch__Session *
sign_in(const char *email, const char *password)
{
	return sign_in_at(email, password, "", "");
}

static const Vouch__Resolved *
resolve(const char *token)
{
	Vouch__ResolveToken req = VOUCH__RESOLVE_TOKEN__INIT;

	req.token = (char *)token;
	return ask(installation, &rpc_sessions_resolve, &req, "");
}

static const char *
last_link(void)
{
	const Vouch__ConfirmationAsked *asked = last_announced(&rpc_notifications_on_confirmation_asked);

	return asked != NULL ? asked->token : "";
}

static const Vouch__Account *
confirm(const char *token)
{
	Vouch__ConfirmAccount req = VOUCH__CONFIRM_ACCOUNT__INIT;

	req.token = (char *)token;
	return ask(nobody, &rpc_accounts_confirm, &req, "");
}

static const Vouch__Account *
seed(const char *email, Vouch__Role role, const char *scope)
{
	Vouch__SeedAccount req = VOUCH__SEED_ACCOUNT__INIT;
	Vouch__Grant grant = VOUCH__GRANT__INIT, *grants[1] = {&grant};

	req.email = (char *)email;
	req.name = "Somebody";
	req.password = "seeded password";
	grant.issuer_id = (char *)scope;
	grant.role = role;
	req.roles = grants;
	req.n_roles = role != VOUCH__ROLE__NOBODY;
	return ask(installation, &rpc_accounts_seed, &req, "");
}

static bool
ask_mail(const char *email, Vouch__AskAccountMail__Kind kind, const char *address)
{
	Vouch__AskAccountMail req = VOUCH__ASK_ACCOUNT_MAIL__INIT;

	req.email = (char *)email;
	req.kind = kind;
	req.address = (char *)address;
	return ask(nobody, &rpc_accounts_ask_mail, &req, "") != NULL;
}

static bool
choose_password(const char *token, const char *password)
{
	Vouch__NewPassword req = VOUCH__NEW_PASSWORD__INIT;

	req.token = (char *)token;
	req.password = (char *)password;
	return ask(nobody, &rpc_accounts_reset_password, &req, "") != NULL;
}

static struct who
as(const char *account)
{
	return (struct who){account, "", {0}};
}

static const Vouch__Token *
make_token(struct who who, const char *scope, const char *key)
{
	Vouch__CreateToken req = VOUCH__CREATE_TOKEN__INIT;
	char *scopes[1] = {(char *)scope};

	req.name = "lms";
	req.scopes = scopes;
	req.n_scopes = 1;
	return ask(who, &rpc_tokens_create, &req, key);
}

static const Vouch__RoleGrant *
grant(struct who who, const char *issuer, const char *email, Vouch__Role role)
{
	Vouch__GrantRole req = VOUCH__GRANT_ROLE__INIT;

	req.issuer_id = (char *)issuer;
	req.email = (char *)email;
	req.role = role;
	return ask(who, &rpc_roles_grant, &req, "");
}

static bool
revoke(struct who who, const char *issuer, const char *id)
{
	Vouch__RevokeRole req = VOUCH__REVOKE_ROLE__INIT;

	req.issuer_id = (char *)issuer;
	req.id = (char *)id;
	return ask(who, &rpc_roles_revoke, &req, "") != NULL;
}

/* ---- signing up ------------------------------------------------------------------- */

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
	assert_string_equal(sql("SELECT count(*) FROM links WHERE account_id = '%s' AND hash = sha256('%s')", account->id, asked->token), "1");
	assert_string_equal(sql("SELECT left(password, 10) FROM accounts WHERE id = '%s'", account->id), "$argon2id$");
}

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
	static char *const emails[] = {"n1@example.org", "n1@example.org", "n2@example.org", "n3@example.org"};
	static const Vouch__Status wanted[] = {VOUCH__STATUS__OK, VOUCH__STATUS__CONFLICT, VOUCH__STATUS__OK,
	    VOUCH__STATUS__RATE_LIMITED};

	(void)state;
	req.name = "N";
	req.password = "correct horse";
	for (int i = 0; i < 4; i++) {
		char address[20];

		snprintf(address, sizeof(address), "198.51.100.%d", i);	/* one /24 */
		req.email = emails[i];
		req.address = address;
		ask(nobody, &rpc_accounts_create, &req, "");
		assert_int_equal(answer.status, wanted[i]);	/* what was refused counts too */
	}
	assert_in_range(answer.retry_ms, 1, 3600000);
	req.address = "198.51.101.1";
	assert_non_null(ask(nobody, &rpc_accounts_create, &req, ""));
}

static void
a_link_confirms_once(void **state)
{
	const Vouch__Account *account;
	const char *token;

	(void)state;
	assert_non_null(account = sign_up("confirm@example.org", "correct horse"));
	token = last_link();
	assert_false(choose_password(token, "another horse"));	/* it is for one thing only */
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);

	assert_non_null(account = confirm(token));
	assert_true(account->confirmed);
	assert_true(((const Vouch__AccountChanged *)last_announced(&rpc_notifications_on_account_changed))->confirmed);
	assert_null(confirm(token));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
	assert_null(confirm("vl_unknown"));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);

	assert_non_null(account = sign_up("late@example.org", "correct horse"));
	assert_string_equal(sql("SELECT round(extract(epoch FROM expires_at - clock_timestamp()) / 3600) FROM links WHERE account_id = '%s'",
	    account->id), "48");
	sql("UPDATE links SET expires_at = clock_timestamp() - interval '1 s' WHERE account_id = '%s'", account->id);
	assert_null(confirm(last_link()));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
}

/* ---- signing in ------------------------------------------------------------------- */

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
	assert_string_equal(sql("SELECT count(*) FROM sessions WHERE hash = sha256('%s')", session->token), "1");

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

static void
an_account_has_only_so_many_sessions(void **state)
{
	const Vouch__Session *first, *last = NULL;

	(void)state;
	assert_non_null(sign_up("many@example.org", "correct horse"));
	assert_non_null(first = sign_in("many@example.org", "correct horse"));
	sql("UPDATE sessions SET created_at = created_at - interval '1 h' WHERE account_id = '%s'", first->account->id);
	for (int i = 0; i < 50; i++)
		assert_non_null(last = sign_in("many@example.org", "correct horse"));
	assert_string_equal(sql("SELECT count(*) FROM sessions WHERE account_id = '%s'", last->account->id), "50");
	assert_string_equal(resolve(first->token)->account_id, "");
}

static void
a_hash_of_older_settings_is_renewed(void **state)
{
	char old[crypto_pwhash_STRBYTES];
	const Vouch__Account *account;

	(void)state;
	assert_non_null(account = sign_up("old@example.org", "correct horse"));
	assert_int_equal(crypto_pwhash_str_alg(old, "correct horse", 13, 2, 32768, crypto_pwhash_ALG_ARGON2ID13), 0);
	sql("UPDATE accounts SET password = '%s' WHERE id = '%s'", old, account->id);
	assert_non_null(sign_in("old@example.org", "correct horse"));
	assert_string_equal(sql("SELECT password = '%s' FROM accounts WHERE id = '%s'", old, account->id), "f");
	assert_non_null(sign_in("old@example.org", "correct horse"));
}

/* ---- limits ----------------------------------------------------------------------- */

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

/* ---- mails with a link --------------------------------------------------------------- */

static void
asking_for_a_mail_never_tells_whether_the_address_is_known(void **state)
{
	int before;

	(void)state;
	assert_non_null(sign_up("ask@example.org", "correct horse"));
	before = announced(&rpc_notifications_on_confirmation_asked);
	assert_true(ask_mail("ASK@example.org", VOUCH__ASK_ACCOUNT_MAIL__KIND__PASSWORD, ""));
	assert_true(ask_mail("never@example.org", VOUCH__ASK_ACCOUNT_MAIL__KIND__PASSWORD, ""));
	assert_true(ask_mail("never@example.org", VOUCH__ASK_ACCOUNT_MAIL__KIND__PASSWORD, ""));	/* waits already */
	assert_string_equal(sql("SELECT count(*) FROM asks"), "2");

	assert_true(run_job("mails"));
	assert_false(run_job("mails"));
	assert_string_equal(sql("SELECT count(*) FROM asks"), "0");
	assert_int_equal(announced(&rpc_notifications_on_confirmation_asked), before + 1);
	assert_string_equal(((const Vouch__ConfirmationAsked *)last_announced(&rpc_notifications_on_confirmation_asked))->email, "ask@example.org");
	assert_true(((const Vouch__ConfirmationAsked *)last_announced(&rpc_notifications_on_confirmation_asked))->reset);
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
		assert_true(ask_mail("few@example.org", VOUCH__ASK_ACCOUNT_MAIL__KIND__PASSWORD, "192.0.2.70"));
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

	assert_false(choose_password(link, "RESET@example.org"));	/* refused, and the link is still good */
	assert_true(complained_about("password"));
	assert_true(choose_password(link, "battery staple"));
	assert_string_equal(resolve(session->token)->account_id, "");
	/* Nobody had confirmed the address: whoever made the account may not have been its owner. */
	assert_string_equal(resolve(token->token)->account_id, "");
	assert_non_null(session = sign_in("reset@example.org", "battery staple"));	/* and the failures are forgotten */
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

/* ---- oneself ---------------------------------------------------------------------- */

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
	version = ((const Vouch__AccountChanged *)last_announced(&rpc_notifications_on_account_changed))->version;
	update.name = "Gil Müller";
	update.time_zone = "Europe/Berlin";
	assert_non_null(ask(as(account), &rpc_accounts_update, &update, ""));
	assert_non_null(me = ask(as(account), &rpc_accounts_me, &get, ""));
	assert_string_equal(me->account->name, "Gil Müller");
	assert_string_equal(me->account->time_zone, "Europe/Berlin");
	assert_string_equal(me->account->locale, "en");	/* what is left out stays */
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

/* ---- API tokens --------------------------------------------------------------------- */

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
	end.seconds = atoll(sql("SELECT extract(epoch FROM clock_timestamp() + interval '400 days')::bigint"));
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

/* ---- roles ------------------------------------------------------------------------ */

static struct who
owner_of(const char *issuer)
{
	return (struct who){uuid_of(1), issuer, {VOUCH__ROLE__ISSUER_OWNER}};
}

static const Vouch__AccountChanged *
told(void)
{
	return last_announced(&rpc_notifications_on_account_changed);
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
	assert_non_null(given = grant(owner_of("riverbend"), "riverbend", "ADA@example.org", VOUCH__ROLE__ASSESSOR));
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
	assert_null(grant(owner_of("riverbend"), "riverbend", "ada@example.org", VOUCH__ROLE__PLATFORM_ADMIN));
	assert_int_equal(answer.status, VOUCH__STATUS__INVALID);
	assert_true(complained_about("role"));
	assert_null(grant(owner_of("riverbend"), "riverbend", "ada@example.org", VOUCH__ROLE__EARNER));
	assert_true(complained_about("role"));
	assert_null(grant(owner_of("riverbend"), "riverbend", "ada@example.org", VOUCH__ROLE__SERVICE));
	assert_true(complained_about("role"));
	assert_null(grant((struct who){uuid_of(1), "riverbend", {VOUCH__ROLE__POOL_LEAD}}, "riverbend", "ada@example.org", VOUCH__ROLE__ASSESSOR));
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
	assert_non_null(grant(owner_of("riverbend"), "riverbend", "claimed@example.org", VOUCH__ROLE__ASSESSOR));
}

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
	assert_string_equal(sql("SELECT ended_at IS NOT NULL AND ended_by IS NULL FROM grants WHERE id = '%s'", id), "t");
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
	assert_non_null(page = ask((struct who){uuid_of(1), "paged", {VOUCH__ROLE__AUDITOR}}, &rpc_roles_list, &req, ""));
	assert_int_equal(page->n_items, 2);
	assert_string_equal(page->items[1]->email, "page0@example.org");
	assert_string_not_equal(page->items[0]->email, first);
	assert_string_equal(page->next, "");
	assert_null(ask(owner_of("riverbend"), &rpc_roles_list, &req, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
	req.cursor = "WyJ4IiwieSJd";	/* ["x","y"] */
	assert_null(ask(owner_of("paged"), &rpc_roles_list, &req, ""));
	assert_int_equal(answer.status, VOUCH__STATUS__INVALID);
}

static void
a_role_is_taken_back_where_it_was_given(void **state)
{
	const Vouch__RoleGrant *given;

	(void)state;
	assert_non_null(seed("back@example.org", VOUCH__ROLE__NOBODY, ""));
	assert_non_null(given = grant(owner_of("riverbend"), "riverbend", "back@example.org", VOUCH__ROLE__POOL_LEAD));
	assert_false(revoke(owner_of("northfield"), "northfield", given->id));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
	assert_false(revoke(owner_of("northfield"), "riverbend", given->id));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
	assert_true(revoke(owner_of("riverbend"), "riverbend", given->id));
	assert_int_equal(told()->n_roles, 0);
	assert_string_equal(sql("SELECT ended_by FROM grants WHERE id = '%s'", given->id), uuid_of(1));
	assert_false(revoke(owner_of("riverbend"), "riverbend", given->id));
	assert_int_equal(answer.status, VOUCH__STATUS__NOT_FOUND);
	assert_non_null(grant(owner_of("riverbend"), "riverbend", "back@example.org", VOUCH__ROLE__POOL_LEAD));
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

/* ---- seeding and housekeeping ------------------------------------------------------- */

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
	assert_string_equal(sql("SELECT used_at > clock_timestamp() - interval '1 min' FROM sessions WHERE account_id = '%s'", account), "t");
	assert_string_equal(sql("SELECT used_at > clock_timestamp() - interval '1 min' FROM tokens WHERE account_id = '%s'", account), "t");
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
	sql("UPDATE sessions SET expires_at = clock_timestamp() - interval '1 s' WHERE account_id = '%s'", account);
	sql("UPDATE links SET expires_at = clock_timestamp() - interval '1 s' WHERE account_id = '%s'", account);
	sql("UPDATE places SET seen_at = clock_timestamp() - interval '91 days' WHERE account_id = '%s'", account);
	sql("UPDATE tokens SET created_at = '2020-01-01', expires_at = '2020-01-02' WHERE account_id = '%s'", account);
	sql("UPDATE attempts SET since = clock_timestamp() - interval '61 min'");
	run_job("sweep");
	assert_string_equal(sql("SELECT (SELECT count(*) FROM sessions WHERE account_id = '%s') + (SELECT count(*) FROM links WHERE account_id = '%s')"
	    " + (SELECT count(*) FROM places WHERE account_id = '%s') + (SELECT count(*) FROM tokens WHERE account_id = '%s')"
	    " + (SELECT count(*) FROM attempts)", account, account, account, account), "0");
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
		cmocka_unit_test(an_address_is_one_in_any_case),
		cmocka_unit_test(every_wrong_field_is_named),
		cmocka_unit_test(the_same_key_signs_up_once),
		cmocka_unit_test(one_network_signs_up_only_so_often),
		cmocka_unit_test(a_link_confirms_once),
		cmocka_unit_test(a_session_is_resolved_until_it_ends),
		cmocka_unit_test(an_unknown_address_and_a_wrong_password_get_one_answer),
		cmocka_unit_test(signing_in_again_ends_the_browsers_old_session),
		cmocka_unit_test(sessions_are_listed_and_ended_by_their_owner),
		cmocka_unit_test(an_account_has_only_so_many_sessions),
		cmocka_unit_test(a_hash_of_older_settings_is_renewed),
		cmocka_unit_test(failures_lock_an_account_for_strangers_alone),
		cmocka_unit_test(an_unknown_address_is_limited_like_a_known_one),
		cmocka_unit_test(a_network_that_fails_too_often_waits),
		cmocka_unit_test(the_right_password_clears_earlier_failures),
		cmocka_unit_test(asking_for_a_mail_never_tells_whether_the_address_is_known),
		cmocka_unit_test(mails_with_a_link_are_few),
		cmocka_unit_test(what_is_confirmed_is_not_confirmed_again),
		cmocka_unit_test(a_new_password_ends_every_session),
		cmocka_unit_test(a_person_changes_name_and_zone),
		cmocka_unit_test(a_token_is_shown_once_and_taken_back),
		cmocka_unit_test(a_token_has_real_scopes_and_an_end),
		cmocka_unit_test(an_account_has_only_so_many_tokens),
		cmocka_unit_test(an_owner_grants_roles_in_the_own_issuer),
		cmocka_unit_test(a_role_needs_a_confirmed_address),
		cmocka_unit_test(a_role_runs_out),
		cmocka_unit_test(roles_are_listed_page_by_page),
		cmocka_unit_test(a_role_is_taken_back_where_it_was_given),
		cmocka_unit_test(the_last_administrator_stays),
		cmocka_unit_test(seeding_twice_changes_nothing),
		cmocka_unit_test(seeding_does_not_give_roles_to_whoever_signed_up_first),
		cmocka_unit_test(what_was_used_is_written_down),
		cmocka_unit_test(what_is_over_is_swept_away),
	};

	return cmocka_run_group_tests(tests, open_group, close_group);
}
