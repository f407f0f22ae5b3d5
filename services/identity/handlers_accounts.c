/*
 * handlers_accounts.c: signing up, and what a person changes about themselves.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "config.h"
#include "db.h"
#include "id.h"
#include "identity.h"
#include "identity.rpc.h"
#include "limit.h"
#include "role.h"
#include "secret.h"

/* A password that stands beside it in every list of leaked addresses is none. */
static void
check_password(struct call *call, const char *password, const char *email, const char *name)
{
	if (strcasecmp(password, email) == 0 || strcasecmp(password, name) == 0)
		refuse_field(call, "password", "guessable", "must not be the address or the name");
}

static bool
find_account(struct call *call, const char *email_key, Vouch__KnownAccount *out, bool *found)
{
	return db_maybe(call, "account_find", NULL, ARGS(TEXT("email_key", email_key)), &out->base, found);
}

static bool
add_account(struct call *call, const Vouch__KnownAccount *account, const char *key, const char *time_zone,
    bool confirmed)
{
	return db_do(call, "account_add", &account->base,
	    ARGS(TEXT("email_key", key), TEXT("time_zone", time_zone), BOOL("confirmed", confirmed),
		TEXT("account_id", account->account_id)));
}

bool
accounts_create(struct call *call, const Vouch__CreateAccount *req, Vouch__Account *rep)
{
	Vouch__KnownAccount account = VOUCH__KNOWN_ACCOUNT__INIT, other = VOUCH__KNOWN_ACCOUNT__INIT;
	const char *place = account_place(call, req->address);
	char *key = account_key(call, req->email);
	bool exists;

	account_check_name(call, req->name);
	check_password(call, req->password, req->email, req->name);
	if (call->status != VOUCH__STATUS__OK ||
	    !limit_count(call, "sign_up", place, config_int(call->config, "signups_per_address_hour")) ||
	    !find_account(call, key, &other, &exists))
		return false;
	if (exists) {
		call->keeps = true; /* the try counts: nobody asks for address after address */
		return refuse(call, VOUCH__STATUS__CONFLICT,
		    "there is an account with this address: sign in, or ask for a new password");
	}

	account.account_id = id_new(call);
	account.email = req->email;
	account.name = req->name;
	account.locale = req->locale;
	account.password = password_hash(call, identity_of(call)->passwords, req->password);
	return account.password != NULL && add_account(call, &account, key, req->time_zone, false) &&
	    account_tell(call, account.account_id) &&
	    account_link(call, &account, VOUCH__ASK_ACCOUNT_MAIL__KIND__CONFIRMATION) &&
	    account_show(call, account.account_id, rep);
}

/* Whose link of KIND TOKEN is; it and its like are used up. */
static bool
use_link(struct call *call, const char *token, const char *kind, Vouch__AccountRef *out)
{
	bool found;

	if (!db_maybe(call, "link_use", NULL,
		ARGS(BYTES("hash", secret_hash(call->arena, token)), TEXT("kind", kind)), &out->base, &found))
		return false;
	return found ||
	    refuse(call, VOUCH__STATUS__NOT_FOUND,
		"this link was used, or its time is over: ask for a new mail");
}

bool
accounts_confirm(struct call *call, const Vouch__ConfirmAccount *req, Vouch__Account *rep)
{
	Vouch__AccountRef account = VOUCH__ACCOUNT_REF__INIT;
	bool first;

	return use_link(call, req->token, "confirmation", &account) &&
	    db_maybe(call, "account_confirm", &account.base, NULL, NULL, &first) &&
	    (!first || account_tell(call, account.account_id)) && account_show(call, account.account_id, rep);
}

bool
accounts_ask_mail(struct call *call, const Vouch__AskAccountMail *req, Vouch__Nothing *rep)
{
	const char *place = account_place(call, req->address);
	char *key = account_key(call, req->email);

	(void)rep;
	/* Whether the address is known is looked up later, by a job: here both cost the same. */
	return key != NULL &&
	    limit_count(call, "ask", place, config_int(call->config, "mail_asks_per_address_hour")) &&
	    db_do(call, "ask_put", &req->base, ARGS(TEXT("email_key", key)));
}

bool
accounts_reset_password(struct call *call, const Vouch__NewPassword *req, Vouch__Nothing *rep)
{
	Vouch__AccountRef ref = VOUCH__ACCOUNT_REF__INIT;
	Vouch__Account account = VOUCH__ACCOUNT__INIT;
	const char *hash, *key;
	bool first;

	(void)rep;
	if (!use_link(call, req->token, "password", &ref) || !account_show(call, ref.account_id, &account))
		return false;
	check_password(call, req->password, account.email, account.name);
	key = account_key(call, account.email);
	if (call->status != VOUCH__STATUS__OK ||
	    (hash = password_hash(call, identity_of(call)->passwords, req->password)) == NULL)
		return false;
	/*
	 * Who reads the mail owns the address. If nobody had proved that before, somebody else may
	 * have made the account.
	 */
	if (!db_maybe(call, "account_confirm", &ref.base, NULL, NULL, &first) ||
	    (first && !db_do(call, "token_revoke_all", &ref.base, NULL)))
		return false;
	return db_do(call, "account_password", &ref.base, ARGS(TEXT("password", hash))) &&
	    db_do(call, "session_end_all", &ref.base, NULL) && limit_clear(call, "account", key) &&
	    (!first || account_tell(call, ref.account_id));
}

bool
accounts_me(struct call *call, const Vouch__GetMe *req, Vouch__Session *rep)
{
	rep->account = arena_alloc(call->arena, sizeof(*rep->account));
	if (rep->account == NULL)
		return refuse(call, VOUCH__STATUS__OVERLOADED, "there is no memory for this at the moment");
	(void)req;
	vouch__account__init(rep->account);
	return account_show(call, call_account(call), rep->account);
}

bool
accounts_update(struct call *call, const Vouch__UpdateMe *req, Vouch__Session *rep)
{
	account_check_name(call, req->name);
	return call->status == VOUCH__STATUS__OK && db_do(call, "account_update", &req->base, NULL) &&
	    account_tell(call, call_account(call)) && accounts_me(call, NULL, rep);
}

/* ---- by whoever runs the installation -------------------------------------------- */

static bool
check_roles(struct call *call, Vouch__Grant *const *roles, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *scope = roles[i]->issuer_id;
		char field[40];

		if (strcmp(scope, "*") != 0 && !id_is_slug(scope)) {
			snprintf(field, sizeof(field), "roles[%zu].issuerId", i);
			refuse_field(call, field, "form", "must be an issuer or *");
		} else if (!role_may_grant(true, false, roles[i]->role, scope)) {
			snprintf(field, sizeof(field), "roles[%zu].role", i);
			refuse_field(call, field, "role", "cannot be granted there");
		}
	}
	return call->status == VOUCH__STATUS__OK;
}

static bool
add_roles(struct call *call, const char *account_id, Vouch__Grant *const *roles, size_t n, bool *changed)
{
	for (size_t i = 0; i < n; i++) {
		bool added;

		if (!db_maybe(call, "grant_add", &roles[i]->base,
			ARGS(TEXT("account_id", account_id), TEXT("id", id_new(call)),
			    TEXT("scope", roles[i]->issuer_id), NONE("granted_by"), NONE("expires_at")),
			NULL, &added))
			return false;
		*changed = *changed || added;
	}
	return true;
}

/*
 * An account that is its owner's keeps its password: seeding again must not undo
 * a choice. One that nobody has confirmed may be anybody's: it gets the new
 * password, and whoever made it is signed out before it gets roles.
 */
static bool
take_over(struct call *call, const Vouch__SeedAccount *req, Vouch__KnownAccount *account, bool *changed)
{
	if (account->confirmed)
		return true;
	*changed = true;
	account->password = password_hash(call, identity_of(call)->passwords, req->password);
	return account->password != NULL && db_do(call, "account_password", &account->base, NULL) &&
	    db_do(call, "session_end_all", &account->base, NULL) &&
	    db_do(call, "token_revoke_all", &account->base, NULL) &&
	    db_do(call, "account_confirm", &account->base, NULL);
}

static bool
seed_account(struct call *call, const Vouch__SeedAccount *req, Vouch__KnownAccount *account, bool *changed)
{
	char *key = account_key(call, req->email);
	bool exists;

	if (key == NULL || !find_account(call, key, account, &exists))
		return false;
	if (exists)
		return take_over(call, req, account, changed);
	*changed = true;
	account->account_id = id_new(call);
	account->email = req->email;
	account->name = req->name;
	account->locale = req->locale;
	account->password = password_hash(call, identity_of(call)->passwords, req->password);
	return account->password != NULL && add_account(call, account, key, req->time_zone, true);
}

bool
accounts_seed(struct call *call, const Vouch__SeedAccount *req, Vouch__Account *rep)
{
	Vouch__KnownAccount account = VOUCH__KNOWN_ACCOUNT__INIT;
	bool changed = false;

	account_check_name(call, req->name);
	return check_roles(call, req->roles, req->n_roles) && seed_account(call, req, &account, &changed) &&
	    add_roles(call, account.account_id, req->roles, req->n_roles, &changed) &&
	    (!changed || account_tell(call, account.account_id)) &&
	    account_show(call, account.account_id, rep);
}
