/*
 * identity.h: what the service's handlers and jobs share.
 */
#ifndef IDENTITY_H
#define IDENTITY_H

#include "call.h"
#include "identity.pb-c.h"
#include "password.h"
#include "used.h"

struct identity {
	struct passwords *passwords;
	struct used *used;
};

enum {
	ACCOUNT_GRANTS_MAX = 100, /* they travel in every request's header */
	ACCOUNT_SESSIONS_MAX = 50,
	ACCOUNT_TOKENS_MAX = 50,
};

/* What the service's open() made. */
struct identity *identity_of(const struct call *call);

/* Raises the account's version and tells everybody how it is now, with all its roles. */
bool account_tell(struct call *call, const char *account_id);

/* Fills REP with the account and its roles. */
bool account_show(struct call *call, const char *account_id, Vouch__Account *rep);

/*
 * Makes a link for ACCOUNT (its address and name as they are) and announces
 * that a mail with it is due. The clear token is in the event alone.
 */
bool account_link(struct call *call, const Vouch__KnownAccount *account, Vouch__AskAccountMail__Kind kind);

/*
 * Refuses the field "name" when it is not plain (name.h). Always continues: ask call->status when all
 * fields are checked.
 */
void account_check_name(struct call *call, const char *name);

/* The key of an address for comparing; NULL after a refusal. */
char *account_key(struct call *call, const char *email);

/* The network of ADDRESS, in the call's arena; never NULL, "" when there is none. */
const char *account_place(struct call *call, const char *address);

/* The jobs: one batch each; true when there is more. */
bool job_mails(struct call *call);
bool job_sweep(struct call *call);

#endif
