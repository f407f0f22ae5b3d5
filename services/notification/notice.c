#include "notice.h"

#include <assert.h>
#include <stdio.h>

#include "db.h"
#include "id.h"
#include "log.h"
#include "notification.pb-c.h"

/* People are told a page at a time, so that their texts need not be held all at once. */
enum { PAGE = 500, PAGES_MAX = 20, UUID_SIZE = 37 };

static bool
no_memory(struct call *call)
{
	return refuse(call, VOUCH__STATUS__OVERLOADED, "there is no memory for this at the moment");
}

static bool
put_inbox(struct call *call, const struct notice *n, const struct words *w, const char *account)
{
	return db_do(call, "inbox_put", NULL,
	    ARGS(TEXT("account_id", account), TEXT("id", id_new(call)), TEXT("event", n->event),
		TEXT("kind", n->kind), TEXT("title", w->title), TEXT("body", w->body), TEXT("link", n->link),
		TEXT("submission_id", n->submission_id), TEXT("submission_code", n->code)));
}

static bool
put_mail(struct call *call, const struct notice *n, const struct words *w, const char *account,
    const char *address, const char *name, int64_t expires_at)
{
	return db_do(call, "mail_put", NULL,
	    ARGS(TEXT("account_id", account), TEXT("id", id_new(call)), TEXT("event", n->event),
		TEXT("kind", n->kind), TEXT("address", address), TEXT("name", name),
		TEXT("title", w->mail_title != NULL ? w->mail_title : w->title),
		TEXT("body", w->mail_body != NULL ? w->mail_body : w->body), TEXT("action", w->action),
		TEXT("link", n->link), BOOL("urgent", expires_at != 0),
		expires_at != 0 ? (struct arg)TIME("expires_at", expires_at) :
				  (struct arg)NONE("expires_at")));
}

static bool
tell(struct call *call, const struct notice *n, const struct facts *facts, const Vouch__Reader *reader)
{
	struct facts f = *facts;
	struct words w = {0};

	if (!reader->inbox && !reader->mail)
		return true;
	f.reader_zone = reader->time_zone;
	if (!n->words(call->arena, &f, &w))
		return no_memory(call);
	return (!reader->inbox || put_inbox(call, n, &w, reader->account_id)) &&
	    (!reader->mail || put_mail(call, n, &w, reader->account_id, "", "", 0));
}

bool
notice_to(struct call *call, const struct notice *n, const struct facts *facts, const char *account)
{
	const struct kind *kind = kind_find(n->kind);
	Vouch__Reader reader = VOUCH__READER__INIT;

	assert(kind != NULL);
	if (account[0] == '\0')
		return true;
	return db_one(call, "reader_get", NULL,
		   ARGS(TEXT("account_id", account), TEXT("kind", n->kind), BOOL("mail", kind->mail),
		       BOOL("inbox", kind->inbox), BOOL("required", kind->required)),
		   &reader.base) &&
	    tell(call, n, facts, &reader);
}

/* Tells a page of them, those after the account *LAST, which becomes the last of the page. *N: how many they were. */
static bool
tell_page(struct call *call, const struct notice *n, const struct facts *facts, const struct arg *args,
    char last[static UUID_SIZE], size_t *count)
{
	Vouch__Readers readers = VOUCH__READERS__INIT;

	if (!db_all(call, "readers_with_role", NULL, args, &readers.base, "items"))
		return false;
	for (size_t i = 0; i < readers.n_items; i++)
		if (!tell(call, n, facts, readers.items[i]))
			return false;
	*count = readers.n_items;
	if (readers.n_items > 0)
		snprintf(last, UUID_SIZE, "%s", readers.items[readers.n_items - 1]->account_id);
	return true;
}

bool
notice_to_role(struct call *call, const struct notice *n, const struct facts *facts, const char *role,
    const char *earner, const char *assessor)
{
	const struct kind *kind = kind_find(n->kind);
	char last[UUID_SIZE] = "";
	size_t count = PAGE;

	assert(kind != NULL);
	for (int page = 0; page < PAGES_MAX && count == PAGE; page++) {
		struct arena_mark before = arena_mark(call->arena);
		Vouch__IssuerName name = VOUCH__ISSUER_NAME__INIT;
		bool found;

		if (!tell_page(call, n, facts,
			ARGS(TEXT("role", role), TEXT("kind", n->kind), BOOL("mail", kind->mail),
			    BOOL("inbox", kind->inbox), BOOL("required", kind->required),
			    TEXT("earner", earner), TEXT("assessor", assessor),
			    TEXT("after", last[0] != '\0' ? last : NULL)),
			last, &count))
			return false;
		if (count < PAGE)
			return true;
		/* What was put off is in the arena until it was sent; a look sends it. */
		if (!db_maybe(call, "issuer_name", NULL, NULL, &name.base, &found))
			return false;
		arena_rewind(call->arena, before);
	}
	log_error("notification: of those who are %s only the first %d were told of %s", role,
	    PAGES_MAX * PAGE, n->event);
	return true;
}

bool
notice_link(struct call *call, const struct notice *n, const struct facts *facts, const char *account,
    const char *address, const char *name, int64_t expires_at)
{
	struct words w = {0};

	if (!n->words(call->arena, facts, &w))
		return no_memory(call);
	return put_mail(call, n, &w, account, address, name, expires_at);
}
