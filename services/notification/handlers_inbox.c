/*
 * handlers_inbox.c: what a person reads and chooses, and the live streams.
 */
#include <stdio.h>
#include <string.h>

#include "cursor.h"
#include "db.h"
#include "id.h"
#include "kinds.h"
#include "notification.rpc.h"

bool
notifications_list(struct call *call, const Vouch__ListNotifications *req, Vouch__NotificationList *rep)
{
	int limit = cursor_limit(req->limit);
	Vouch__Count unread = VOUCH__COUNT__INIT;
	const char *before;

	if (!cursor_read(call, req->cursor, &before, 1) || (before != NULL && !cursor_id(call, before)))
		return false;
	if (!db_all(call, "inbox_list", &req->base, ARGS(TEXT("before", before), INT("limit", limit + 1)),
		&rep->base, "items") ||
	    !db_one(call, "inbox_unread", NULL, NULL, &unread.base))
		return false;
	rep->unread = unread.n;
	if (rep->n_items > (size_t)limit) {
		const char *last = rep->items[limit - 1]->id;

		rep->n_items = (size_t)limit;
		rep->next = cursor_write(call, &last, 1);
	}
	return true;
}

bool
notifications_read(struct call *call, const Vouch__ReadNotification *req, Vouch__Notification *rep)
{
	return db_one(call, "inbox_read", &req->base, NULL, &rep->base);
}

bool
notifications_read_all(struct call *call, const Vouch__ReadAllNotifications *req, Vouch__Nothing *rep)
{
	(void)req, (void)rep;
	return db_do(call, "inbox_read_all", NULL, NULL);
}

/* ---- preferences --------------------------------------------------------------- */

static void
apply(Vouch__Preference *p, const Vouch__Preferences *stored)
{
	for (size_t i = 0; i < stored->n_items; i++)
		if (strcmp(stored->items[i]->kind, p->kind) == 0 && !p->required) {
			p->mail = stored->items[i]->mail;
			p->inbox = stored->items[i]->inbox;
		}
}

bool
notifications_list_preferences(struct call *call, const Vouch__AskPreferences *req, Vouch__Preferences *rep)
{
	Vouch__Preferences stored = VOUCH__PREFERENCES__INIT;

	(void)req;
	if (!db_all(call, "preference_list", NULL, NULL, &stored.base, "items"))
		return false;
	rep->items = arena_alloc(call->arena, KINDS * sizeof(Vouch__Preference *));
	for (size_t i = 0; rep->items != NULL && i < KINDS; i++) {
		Vouch__Preference *p;

		if (!kinds[i].chosen)
			continue;
		p = arena_alloc(call->arena, sizeof(*p));
		if (p == NULL)
			break;
		vouch__preference__init(p);
		p->kind = (char *)kinds[i].name;
		p->mail = kinds[i].mail;
		p->inbox = kinds[i].inbox;
		p->required = kinds[i].required;
		apply(p, &stored);
		rep->items[rep->n_items++] = p;
	}
	return true;
}

static bool
check_preferences(struct call *call, const Vouch__Preferences *req)
{
	for (size_t i = 0; i < req->n_items; i++) {
		const Vouch__Preference *p = req->items[i];
		const struct kind *kind = kind_find(p->kind);
		char field[40];

		if (kind == NULL || !kind->chosen) {
			snprintf(field, sizeof(field), "items[%zu].kind", i);
			refuse_field(call, field, "kind", "is none that can be chosen");
			continue;
		}
		if (kind->required && !p->mail) {
			snprintf(field, sizeof(field), "items[%zu].mail", i);
			refuse_field(call, field, "required", "cannot be switched off for this kind");
		}
		if (kind->required && !p->inbox) {
			snprintf(field, sizeof(field), "items[%zu].inbox", i);
			refuse_field(call, field, "required", "cannot be switched off for this kind");
		}
	}
	return call->status == VOUCH__STATUS__OK;
}

bool
notifications_set_preferences(struct call *call, const Vouch__Preferences *req, Vouch__Preferences *rep)
{
	if (!check_preferences(call, req))
		return false;
	for (size_t i = 0; i < req->n_items; i++)
		if (!db_do(call, "preference_put", &req->items[i]->base, NULL))
			return false;
	return notifications_list_preferences(call, NULL, rep);
}

/* ---- live ---------------------------------------------------------------------- */

/* Where the accounts stand that asked for nothing else. */
static bool
add_ends(struct call *call, char **accounts, size_t n, Vouch__LiveEvents *rep)
{
	Vouch__LiveEvents ends = VOUCH__LIVE_EVENTS__INIT;
	Vouch__LiveEvent **all;

	if (n == 0)
		return true;
	if (!db_all(call, "live_ends", NULL, ARGS(LIST("accounts", accounts, n)), &ends.base, "items"))
		return false;
	all = arena_alloc(call->arena, (rep->n_items + ends.n_items) * sizeof(Vouch__LiveEvent *));
	if (all == NULL)
		return refuse(call, VOUCH__STATUS__OVERLOADED, "there is no memory for this at the moment");
	if (rep->n_items > 0)
		memcpy(all, rep->items, rep->n_items * sizeof(Vouch__LiveEvent *));
	if (ends.n_items > 0)
		memcpy(all + rep->n_items, ends.items, ends.n_items * sizeof(Vouch__LiveEvent *));
	rep->items = all;
	rep->n_items += ends.n_items;
	return true;
}

bool
notifications_since(struct call *call, const Vouch__LiveQuery *req, Vouch__LiveEvents *rep)
{
	char **accounts = arena_alloc(call->arena, (req->n_cursors + 1) * sizeof(*accounts));
	char **ends = arena_alloc(call->arena, (req->n_cursors + 1) * sizeof(*ends));
	int64_t *afters = arena_alloc(call->arena, (req->n_cursors + 1) * sizeof(*afters));
	size_t n = 0, n_ends = 0;

	if (accounts == NULL || ends == NULL || afters == NULL)
		return refuse(call, VOUCH__STATUS__OVERLOADED, "there is no memory for this at the moment");
	for (size_t i = 0; i < req->n_cursors; i++) {
		const Vouch__LiveCursor *c = req->cursors[i];

		if (c->account_id[0] == '\0')
			continue;
		if (c->end) {
			ends[n_ends++] = c->account_id;
		} else {
			accounts[n] = c->account_id;
			afters[n++] = c->after;
		}
	}
	return (n == 0 ||
		   db_all(call, "live_list", NULL,
		       ARGS(LIST("accounts", accounts, n), NUMBERS("afters", afters, n)), &rep->base,
		       "items")) &&
	    add_ends(call, ends, n_ends, rep);
}
