/*
 * jobs.c: what identity does by itself.
 */
#include <string.h>

#include "config.h"
#include "db.h"
#include "identity.h"
#include "limit.h"

enum { NOTES_MAX = 500 };

/*
 * One mail that was asked for: only for known addresses, only so many, and no confirmation of what is
 * confirmed.
 */
static bool
answer_ask(struct call *call, const Vouch__MailAsk *ask)
{
	Vouch__KnownAccount account = VOUCH__KNOWN_ACCOUNT__INIT;
	bool found, within;

	if (!db_maybe(call, "account_find", &ask->base, NULL, &account.base, &found))
		return false;
	if (!found || (account.confirmed && ask->kind == VOUCH__ASK_ACCOUNT_MAIL__KIND__CONFIRMATION))
		return true;
	return limit_take(call, "mail", ask->email_key,
		   config_int(call->config, "mail_asks_per_account_hour"), &within) &&
	    (!within || account_link(call, &account, ask->kind));
}

bool
job_mails(struct call *call)
{
	Vouch__MailAsks asks = VOUCH__MAIL_ASKS__INIT;

	if (!db_all(call, "asks_take", NULL, NULL, &asks.base, "items"))
		return false;
	for (size_t i = 0; i < asks.n_items; i++)
		if (!answer_ask(call, asks.items[i]))
			return false; /* rolled back, and taken again */
	return db_commit(call) && asks.n_items > 0;
}

/* Roles that ran out: everybody who keeps a copy hears of it. */
static bool
expire_grants(struct call *call, bool *more)
{
	Vouch__AccountRefs over = VOUCH__ACCOUNT_REFS__INIT;

	if (!db_all(call, "grants_expire", NULL, NULL, &over.base, "items"))
		return false;
	for (size_t i = 0; i < over.n_items; i++) {
		bool told = false;

		for (size_t k = 0; k < i && !told; k++)
			told = strcmp(over.items[k]->account_id, over.items[i]->account_id) == 0;
		if (!told && !account_tell(call, over.items[i]->account_id))
			return false;
	}
	*more = *more || over.n_items > 0;
	return db_commit(call);
}

static bool
write_used(struct call *call, bool is_token, bool *more)
{
	struct used_note *notes = arena_alloc(call->arena, NOTES_MAX * sizeof(*notes));
	char **ids = arena_alloc(call->arena, (size_t)2 * NOTES_MAX * sizeof(*ids));
	size_t n;

	if (notes == NULL || ids == NULL)
		return false;
	n = used_take(identity_of(call)->used, is_token, notes, NOTES_MAX);
	if (n == 0)
		return true;
	for (size_t i = 0; i < n; i++) {
		ids[i] = notes[i].id;
		ids[NOTES_MAX + i] = notes[i].account;
	}
	*more = *more || n == NOTES_MAX;
	return db_do(call, is_token ? "token_used" : "session_used", NULL,
		   ARGS(LIST("ids", ids, n), LIST("accounts", ids + NOTES_MAX, n))) &&
	    db_commit(call);
}

bool
job_sweep(struct call *call)
{
	static const char *const purges[] = {
		"sessions_purge", "tokens_purge", "links_purge", "attempts_purge", "places_purge"};
	bool more = false;

	if (!expire_grants(call, &more) || !write_used(call, false, &more) || !write_used(call, true, &more))
		return false;
	for (size_t i = 0; i < sizeof(purges) / sizeof(purges[0]); i++)
		if (!db_do(call, purges[i], NULL, NULL) || !db_commit(call))
			return false;
	return more;
}
