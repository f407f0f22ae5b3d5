/*
 * handlers_sessions.c: signing in and out, and whose a token is.
 */
#include <string.h>

#include "config.h"
#include "db.h"
#include "email.h"
#include "id.h"
#include "identity.h"
#include "identity.rpc.h"
#include "limit.h"
#include "secret.h"

/* The account of an unknown address. */
#define NOBODY "00000000-0000-0000-0000-000000000000"

/*
 * Whose failures count together: the account's, but apart for a network from
 * which it has signed in before. So a stranger who tries passwords locks the
 * owner out nowhere where the owner usually is (A14).
 */
static const char *
counted_as(struct call *call, const char *email_key, const Vouch__KnownAccount *account, const char *place)
{
	const char *who = email_key;

	if (account->known_place)
		who = arena_printf(call->arena, "%s %s", email_key, place);
	return who != NULL ? who : email_key;
}

/*
 * One answer for an unknown address and a wrong password. The failure is kept although the call is
 * refused.
 */
static bool
fail(struct call *call, const char *who, const char *place)
{
	call->keeps = true;
	return limit_count(call, "place", place, config_int(call->config, "signin_per_address_hour")) &&
	    limit_count(call, "account", who, config_int(call->config, "signin_per_account_hour")) &&
	    refuse(call, VOUCH__STATUS__UNAUTHENTICATED, "the address or the password is wrong");
}

/* A hash made with older settings is replaced while the password is at hand. */
static bool
renew_hash(struct call *call, Vouch__KnownAccount *account, const char *password)
{
	if (!password_is_dated(identity_of(call)->passwords, account->password))
		return true;
	account->password = password_hash(call, identity_of(call)->passwords, password);
	return account->password != NULL && db_do(call, "account_password", &account->base, NULL);
}

/* A new token each time; what the browser had before ends, so that nobody can have set it there. */
static bool
open_session(struct call *call, const Vouch__CreateSession *req, const char *account_id, const char *place,
    Vouch__Session *rep)
{
	rep->token = secret_new(call->arena, SECRET_SESSION);
	if (rep->token == NULL)
		return refuse(call, VOUCH__STATUS__OVERLOADED, "there is no memory for this at the moment");
	if (req->session[0] != '\0' &&
	    !db_do(call, "session_end", NULL, ARGS(BYTES("hash", secret_hash(call->arena, req->session)))))
		return false;
	return db_do(call, "session_add", &req->base,
		   ARGS(TEXT("account_id", account_id), TEXT("id", id_new(call)),
		       BYTES("hash", secret_hash(call->arena, rep->token)), TEXT("place", place),
		       INT("days", config_int(call->config, "session_days")))) &&
	    db_do(call, "session_trim", NULL,
		ARGS(TEXT("account_id", account_id), INT("most", ACCOUNT_SESSIONS_MAX))) &&
	    db_do(call, "place_seen", NULL, ARGS(TEXT("account_id", account_id), TEXT("place", place)));
}

bool
sessions_create(struct call *call, const Vouch__CreateSession *req, Vouch__Session *rep)
{
	struct passwords *passwords = identity_of(call)->passwords;
	Vouch__KnownAccount account = VOUCH__KNOWN_ACCOUNT__INIT;
	const char *place = account_place(call, req->address), *key = email_key(call->arena, req->email),
		   *who;
	bool right;

	/* What is not even UTF-8 is nobody's address, and takes its time like any other. */
	if (key == NULL)
		key = "?";
	if (!db_one(call, "account_sign_in", NULL,
		ARGS(TEXT("email_key", key), TEXT("place", place), TEXT("nobody", NOBODY),
		    TEXT("password", password_of_nobody(passwords))),
		&account.base))
		return false;
	who = counted_as(call, key, &account, place);
	if (!limit_allows(call, "place", place, config_int(call->config, "signin_per_address_hour")) ||
	    !limit_allows(call, "account", who, config_int(call->config, "signin_per_account_hour")) ||
	    !password_check(call, passwords, account.password, req->password, &right))
		return false;
	if (!right || !account.known)
		return fail(call, who, place);

	rep->account = arena_alloc(call->arena, sizeof(*rep->account));
	if (rep->account == NULL)
		return refuse(call, VOUCH__STATUS__OVERLOADED, "there is no memory for this at the moment");
	vouch__account__init(rep->account);
	return renew_hash(call, &account, req->password) && limit_clear(call, "account", who) &&
	    open_session(call, req, account.account_id, place, rep) &&
	    account_show(call, account.account_id, rep->account);
}

bool
sessions_end(struct call *call, const Vouch__EndSession *req, Vouch__Nothing *rep)
{
	(void)rep;
	return db_do(call, "session_end", NULL, ARGS(BYTES("hash", secret_hash(call->arena, req->token))));
}

bool
sessions_list(struct call *call, const Vouch__ListSessions *req, Vouch__SessionList *rep)
{
	return db_all(call, "session_list", NULL, ARGS(BYTES("hash", secret_hash(call->arena, req->token))),
	    &rep->base, "items");
}

bool
sessions_end_other(struct call *call, const Vouch__EndOtherSession *req, Vouch__Nothing *rep)
{
	(void)rep;
	return db_one(call, "session_end_other", &req->base, NULL, NULL);
}

bool
sessions_resolve(struct call *call, const Vouch__ResolveToken *req, Vouch__Resolved *rep)
{
	Vouch__KeyHolder holder = VOUCH__KEY_HOLDER__INIT;
	bool is_token = strncmp(req->token, SECRET_TOKEN, strlen(SECRET_TOKEN)) == 0, found;

	if (!db_maybe(call, is_token ? "token_holder" : "session_holder", NULL,
		ARGS(BYTES("hash", secret_hash(call->arena, req->token))), &holder.base, &found))
		return false;
	if (!found)
		return true; /* nobody's */
	used_note(identity_of(call)->used, holder.account_id, holder.id, is_token);
	rep->account_id = holder.account_id;
	rep->scopes = holder.scopes;
	rep->n_scopes = holder.n_scopes;
	rep->is_token = is_token;
	rep->name = holder.name;
	rep->locale = holder.locale;
	rep->time_zone = holder.time_zone;
	return db_all(
	    call, "grants_of", NULL, ARGS(TEXT("account_id", holder.account_id)), &rep->base, "grants");
}
