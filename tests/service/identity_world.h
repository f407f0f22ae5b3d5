/*
 * identity_world.h: what people do in the tests of identity, one step each.
 */
#ifndef IDENTITY_WORLD_H
#define IDENTITY_WORLD_H

#include "harness.h"

#include <stdlib.h>
#include <string.h>

#include "facts.pb-c.h"
#include "identity.rpc.h"
#include "notification.rpc.h"

extern const struct service identity_service;

static const struct who nobody = {"", "", {0}};
static const struct who installation = {"", "", {VOUCH__ROLE__SERVICE}};

static inline const Vouch__Account *
sign_up(const char *email, const char *password)
{
	Vouch__CreateAccount req = VOUCH__CREATE_ACCOUNT__INIT;

	req.email = (char *)email;
	req.name = "Gil Amsel";
	req.password = (char *)password;
	return ask(nobody, &rpc_accounts_create, &req, "");
}

static inline const Vouch__Session *
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

static inline const Vouch__Session *
sign_in(const char *email, const char *password)
{
	return sign_in_at(email, password, "", "");
}

static inline const Vouch__Resolved *
resolve(const char *token)
{
	Vouch__ResolveToken req = VOUCH__RESOLVE_TOKEN__INIT;

	req.token = (char *)token;
	return ask(installation, &rpc_sessions_resolve, &req, "");
}

static inline const char *
last_link(void)
{
	const Vouch__ConfirmationAsked *asked = last_announced(&rpc_notifications_on_confirmation_asked);

	return asked != NULL ? asked->token : "";
}

static inline const Vouch__Account *
confirm(const char *token)
{
	Vouch__ConfirmAccount req = VOUCH__CONFIRM_ACCOUNT__INIT;

	req.token = (char *)token;
	return ask(nobody, &rpc_accounts_confirm, &req, "");
}

static inline const Vouch__Account *
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

static inline bool
ask_mail(const char *email, Vouch__AskAccountMail__Kind kind, const char *address)
{
	Vouch__AskAccountMail req = VOUCH__ASK_ACCOUNT_MAIL__INIT;

	req.email = (char *)email;
	req.kind = kind;
	req.address = (char *)address;
	return ask(nobody, &rpc_accounts_ask_mail, &req, "") != NULL;
}

static inline bool
choose_password(const char *token, const char *password)
{
	Vouch__NewPassword req = VOUCH__NEW_PASSWORD__INIT;

	req.token = (char *)token;
	req.password = (char *)password;
	return ask(nobody, &rpc_accounts_reset_password, &req, "") != NULL;
}

static inline struct who
as(const char *account)
{
	return (struct who){account, "", {0}};
}

static inline const Vouch__Token *
make_token(struct who who, const char *scope, const char *key)
{
	Vouch__CreateToken req = VOUCH__CREATE_TOKEN__INIT;
	char *scopes[1] = {(char *)scope};

	req.name = "lms";
	req.scopes = scopes;
	req.n_scopes = 1;
	return ask(who, &rpc_tokens_create, &req, key);
}

static inline const Vouch__RoleGrant *
grant(struct who who, const char *issuer, const char *email, Vouch__Role role)
{
	Vouch__GrantRole req = VOUCH__GRANT_ROLE__INIT;

	req.issuer_id = (char *)issuer;
	req.email = (char *)email;
	req.role = role;
	return ask(who, &rpc_roles_grant, &req, "");
}

static inline bool
revoke(struct who who, const char *issuer, const char *id)
{
	Vouch__RevokeRole req = VOUCH__REVOKE_ROLE__INIT;

	req.issuer_id = (char *)issuer;
	req.id = (char *)id;
	return ask(who, &rpc_roles_revoke, &req, "") != NULL;
}

static inline struct who
owner_of(const char *issuer)
{
	return (struct who){uuid_of(1), issuer, {VOUCH__ROLE__ISSUER_OWNER}};
}

static inline const Vouch__AccountChanged *
told(void)
{
	return last_announced(&rpc_notifications_on_account_changed);
}

#endif
