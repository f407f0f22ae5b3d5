/*
 * account.c: steps that several handlers take.
 */
#include <string.h>

#include "db.h"
#include "email.h"
#include "facts.pb-c.h"
#include "identity.h"
#include "name.h"
#include "outbox.h"
#include "place.h"
#include "secret.h"

enum { CONFIRMATION_HOURS = 48, PASSWORD_HOURS = 1 };

struct identity *
identity_of(const struct call *call)
{
	return call->state;
}

bool
account_tell(struct call *call, const char *account_id)
{
	Vouch__AccountChanged changed = VOUCH__ACCOUNT_CHANGED__INIT;
	const struct arg args[] = {TEXT("account_id", account_id), {.name = NULL}};

	return db_one(call, "account_bump", NULL, args, &changed.base) &&
	    db_all(call, "grants_of", NULL, args, &changed.base, "roles") && announce(call, &changed.base);
}

bool
account_show(struct call *call, const char *account_id, Vouch__Account *rep)
{
	const struct arg args[] = {TEXT("account_id", account_id), {.name = NULL}};

	return db_one(call, "account_get", NULL, args, &rep->base) &&
	    db_all(call, "grants_of", NULL, args, &rep->base, "roles");
}

bool
account_link(struct call *call, const Vouch__KnownAccount *account, Vouch__AskAccountMail__Kind kind)
{
	Vouch__ConfirmationAsked asked = VOUCH__CONFIRMATION_ASKED__INIT;
	bool reset = kind == VOUCH__ASK_ACCOUNT_MAIL__KIND__PASSWORD;
	char *token = secret_new(call->arena, SECRET_LINK);
	ProtobufCBinaryData hash;

	if (token == NULL)
		return refuse(call, VOUCH__STATUS__OVERLOADED, "there is no memory for this at the moment");
	hash = secret_hash(call->arena, token);
	asked.account_id = account->account_id;
	asked.email = account->email;
	asked.name = account->name;
	asked.locale = account->locale;
	asked.token = token;
	asked.reset = reset;
	return db_one(call, "link_add", NULL,
		   ARGS(TEXT("account_id", account->account_id), BYTES("hash", hash),
		       TEXT("kind", reset ? "password" : "confirmation"),
		       INT("hours", reset ? PASSWORD_HOURS : CONFIRMATION_HOURS)),
		   &asked.base) &&
	    announce(call, &asked.base);
}

void
account_check_name(struct call *call, const char *name)
{
	if (!name_is_plain(name))
		refuse_field(call, "name", "form", "must be one line of text without control characters");
}

char *
account_key(struct call *call, const char *email)
{
	char *key = email_key(call->arena, email);

	if (key == NULL)
		refuse_field(call, "email", "form", "must be an address");
	return key;
}

const char *
account_place(struct call *call, const char *address)
{
	char place[PLACE_SIZE], *copy;

	place_of(address, place);
	copy = arena_dup(call->arena, place, strlen(place));
	return copy != NULL ? copy : "";
}
