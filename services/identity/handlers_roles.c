/*
 * handlers_roles.c: who holds which role where (3.1).
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cursor.h"
#include "db.h"
#include "id.h"
#include "identity.h"
#include "identity.rpc.h"
#include "role.h"

/* The gateway puts the named issuer into the caller; nobody else's word counts for it. */
static bool
is_here(struct call *call, const char *issuer_id)
{
	return strcmp(issuer_id, call_issuer(call)) == 0 ||
	    refuse(call, VOUCH__STATUS__NOT_FOUND, "there is no such record");
}

static bool
may_grant(struct call *call, Vouch__Role role, const char *scope)
{
	return role_may_grant(call_has_role(call, VOUCH__ROLE__PLATFORM_ADMIN),
		   call_has_role(call, VOUCH__ROLE__ISSUER_OWNER), role, scope) ||
	    refuse(call, VOUCH__STATUS__FORBIDDEN, "your role does not allow to give or take this one");
}

static bool
check_grant(struct call *call, const Vouch__GrantRole *req)
{
	if (!role_is_granted(req->role))
		refuse_field(call, "role", "role", "is none that can be granted");
	else if (!role_fits_scope(req->role, req->issuer_id))
		refuse_field(call, "role", "role", "is granted for all issuers only, with issuerId *");
	if (req->expires_at != NULL && time_of(req->expires_at) <= call->now)
		refuse_field(call, "expiresAt", "range", "must lie in the future");
	return call->status == VOUCH__STATUS__OK;
}

/*
 * A confirmed account: else whoever signs up first with a colleague's address would get the
 * colleague's role.
 */
static bool
find_confirmed(struct call *call, const char *email, Vouch__KnownAccount *account)
{
	char *key = account_key(call, email);
	bool found;

	if (key == NULL ||
	    !db_maybe(call, "account_find", NULL, ARGS(TEXT("email_key", key)), &account->base, &found))
		return false;
	return (found && account->confirmed) ||
	    refuse(call, VOUCH__STATUS__NOT_FOUND, "no account has confirmed this address");
}

/* A second grant of the same role sets its end anew. */
static bool
put_grant(struct call *call, const Vouch__GrantRole *req, const char *account_id)
{
	const struct arg args[] = {TEXT("account_id", account_id), TEXT("id", id_new(call)),
		TEXT("scope", req->issuer_id), TEXT("granted_by", call_account(call)), {.name = NULL}};
	Vouch__Count count = VOUCH__COUNT__INIT;
	bool added;

	if (!db_maybe(call, "grant_add", &req->base, args, NULL, &added) ||
	    !db_one(call, "grant_count", NULL, args, &count.base))
		return false;
	if (count.n > ACCOUNT_GRANTS_MAX)
		return refuse(
		    call, VOUCH__STATUS__CONFLICT, "an account holds at most %d roles", ACCOUNT_GRANTS_MAX);
	return added || db_do(call, "grant_renew", &req->base, args);
}

bool
roles_grant(struct call *call, const Vouch__GrantRole *req, Vouch__RoleGrant *rep)
{
	Vouch__KnownAccount account = VOUCH__KNOWN_ACCOUNT__INIT;

	return is_here(call, req->issuer_id) && check_grant(call, req) &&
	    may_grant(call, req->role, req->issuer_id) && find_confirmed(call, req->email, &account) &&
	    put_grant(call, req, account.account_id) && account_tell(call, account.account_id) &&
	    db_one(call, "grant_get", &req->base, ARGS(TEXT("account_id", account.account_id)), &rep->base);
}

/* Where the page begins: microseconds and id of the row before it. */
static bool
read_cursor(struct call *call, const char *cursor, struct arg before[static 2])
{
	const char *values[2];
	int64_t at;

	before[0] = (struct arg)NONE("before_at");
	before[1] = (struct arg)NONE("before_id");
	if (!cursor_read(call, cursor, values, 2))
		return false;
	if (values[0] == NULL)
		return true;
	if (!cursor_number(call, values[0], &at) || !cursor_id(call, values[1]))
		return false;
	before[0] = (struct arg)TIME("before_at", at);
	before[1] = (struct arg)TEXT("before_id", values[1]);
	return true;
}

bool
roles_list(struct call *call, const Vouch__ListRoles *req, Vouch__RoleList *rep)
{
	int limit = cursor_limit(req->limit);
	struct arg before[2];

	if (!is_here(call, req->issuer_id) || !read_cursor(call, req->cursor, before) ||
	    !db_all(call, "grant_list", &req->base, ARGS(before[0], before[1], INT("limit", limit + 1)),
		&rep->base, "items"))
		return false;
	if (rep->n_items > (size_t)limit) {
		const Vouch__RoleGrant *last = rep->items[limit - 1];
		const char *values[2] = {
			arena_printf(call->arena, "%" PRId64, time_of(last->granted_at)), last->id};

		rep->n_items = (size_t)limit;
		rep->next = cursor_write(call, values, 2);
	}
	return true;
}

/* Somebody must be left who can grant. */
static bool
keep_an_admin(struct call *call, Vouch__Role role)
{
	Vouch__AccountRefs admins = VOUCH__ACCOUNT_REFS__INIT;

	if (role != VOUCH__ROLE__PLATFORM_ADMIN)
		return true;
	if (!db_all(call, "admins_lock", NULL, NULL, &admins.base, "items"))
		return false;
	return admins.n_items > 0 || refuse(call, VOUCH__STATUS__CONFLICT, "this is the last administrator");
}

bool
roles_revoke(struct call *call, const Vouch__RevokeRole *req, Vouch__Nothing *rep)
{
	Vouch__RoleGrant grant = VOUCH__ROLE_GRANT__INIT;

	(void)rep;
	return is_here(call, req->issuer_id) && db_one(call, "grant_end", &req->base, NULL, &grant.base) &&
	    may_grant(call, grant.role, req->issuer_id) && keep_an_admin(call, grant.role) &&
	    account_tell(call, grant.account_id);
}
