/*
 * handlers_tokens.c: API tokens, for programs that act for a person.
 */
#include <stdio.h>

#include "config.h"
#include "db.h"
#include "id.h"
#include "identity.h"
#include "identity.rpc.h"
#include "scope.h"
#include "secret.h"

enum { DAYS_MAX = 366 };

static bool
check_token(struct call *call, const Vouch__CreateToken *req)
{
	int64_t end = time_of(req->expires_at);

	for (size_t i = 0; i < req->n_scopes; i++) {
		char field[40];

		snprintf(field, sizeof(field), "scopes[%zu]", i);
		if (!scope_is_valid(req->scopes[i]))
			refuse_field(call, field, "scope",
			    "must be a service or \"all\", then \":read\" or \":write\"");
	}
	if (req->expires_at != NULL &&
	    (end <= call->now || end > call->now + DAYS_MAX * INT64_C(86400000000)))
		refuse_field(call, "expiresAt", "range", "must lie within the next %d days", DAYS_MAX);
	return call->status == VOUCH__STATUS__OK;
}

bool
tokens_create(struct call *call, const Vouch__CreateToken *req, Vouch__Token *rep)
{
	Vouch__Count count = VOUCH__COUNT__INIT;
	char *token = secret_new(call->arena, SECRET_TOKEN);

	/* Else a token with few scopes could give itself all of them. */
	if (call->caller->n_scopes > 0)
		return refuse(call, VOUCH__STATUS__FORBIDDEN,
		    "a token is made by a person who is signed in, not by another token");
	if (!check_token(call, req) || !db_one(call, "token_count", NULL, NULL, &count.base))
		return false;
	if (count.n >= ACCOUNT_TOKENS_MAX)
		return refuse(call, VOUCH__STATUS__CONFLICT,
		    "an account has at most %d tokens: take one back first", ACCOUNT_TOKENS_MAX);
	if (token == NULL)
		return refuse(call, VOUCH__STATUS__OVERLOADED, "there is no memory for this at the moment");
	if (!db_one(call, "token_add", &req->base,
		ARGS(TEXT("id", id_new(call)), BYTES("hash", secret_hash(call->arena, token)),
		    INT("days", config_int(call->config, "token_days"))),
		&rep->base))
		return false;
	rep->token = token;
	return true;
}

bool
tokens_list(struct call *call, const Vouch__ListTokens *req, Vouch__TokenList *rep)
{
	(void)req;
	return db_all(call, "token_list", NULL, NULL, &rep->base, "items");
}

bool
tokens_revoke(struct call *call, const Vouch__RevokeToken *req, Vouch__Nothing *rep)
{
	(void)rep;
	return db_one(call, "token_revoke", &req->base, NULL, NULL);
}
