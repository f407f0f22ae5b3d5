/*
 * handlers_articles.c: help that is already written (HLP-1).
 */
#include <string.h>

#include "cursor.h"
#include "db.h"
#include "helpdesk.rpc.h"

/* Has TEXT a character that a word can hold? */
static bool
has_word(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text >= 0x80 || (*text >= '0' && *text <= '9') ||
		    ((*text | 32) >= 'a' && (*text | 32) <= 'z'))
			return true;
	return false;
}

/* Where the page begins: after which row of a list that is ordered BY title or by how well rows fit. */
static bool
read_cursor(struct call *call, const char *cursor, const char *by, const char *after[static 3])
{
	return cursor_read(call, cursor, after, 3) &&
	    (after[0] == NULL || strcmp(after[0], by) == 0 ||
		refuse_field(call, "cursor", "form", "is not a cursor of this list"));
}

static void
end_page(struct call *call, const char *by, int limit, Vouch__ArticleList *rep)
{
	if (rep->n_items > (size_t)limit) {
		const Vouch__ArticleRow *last = rep->items[--rep->n_items - 1];

		rep->next = cursor_write(call, (const char *[]){by, last->at, last->slug}, 3);
	}
}

static bool
search(struct call *call, const Vouch__ListArticles *req, int limit, Vouch__ArticleList *rep)
{
	Vouch__ArticleWords words = VOUCH__ARTICLE_WORDS__INIT;
	const char *after[3];
	char **queries;
	int64_t *weights;

	if (!read_cursor(call, req->cursor, "fit", after) ||
	    !db_all(call, "article_words", NULL, ARGS(TEXT("q", req->q)), &words.base, "words"))
		return false;
	queries = arena_alloc(call->arena, (words.n_words + 1) * sizeof(*queries));
	weights = arena_alloc(call->arena, (words.n_words + 1) * sizeof(*weights));
	if (queries == NULL || weights == NULL)
		return refuse(call, VOUCH__STATUS__INTERNAL, "the question is too large");
	for (size_t i = 0; i < words.n_words; i++) {
		queries[i] = words.words[i]->query;
		weights[i] = words.words[i]->weight;
	}
	const struct arg args[] = {LIST("queries", queries, words.n_words),
		NUMBERS("weights", weights, words.n_words), TEXT("after", after[1]),
		TEXT("after_slug", after[2]), INT("limit", limit + 1), {.name = NULL}};

	if (!db_all(call, "article_search", NULL, args, &rep->base, "items") ||
	    !db_one(call, "article_search_count", NULL, args, &rep->base))
		return false;
	end_page(call, "fit", limit, rep);
	return true;
}

bool
articles_list(struct call *call, const Vouch__ListArticles *req, Vouch__ArticleList *rep)
{
	const char *after[3];
	int limit = cursor_limit(req->limit);

	if (has_word(req->q))
		return search(call, req, limit, rep);
	if (!read_cursor(call, req->cursor, "title", after) ||
	    !db_all(call, "article_list", NULL,
		ARGS(TEXT("after", after[1]), TEXT("after_slug", after[2]), INT("limit", limit + 1)),
		&rep->base, "items") ||
	    !db_one(call, "article_count", NULL, NULL, &rep->base))
		return false;
	end_page(call, "title", limit, rep);
	return true;
}

bool
articles_get(struct call *call, const Vouch__GetArticle *req, Vouch__Article *rep)
{
	return db_one(call, "article_get", &req->base, NULL, &rep->base);
}

/* Articles are everybody's: who leads the desk of one issuer does not write them. */
static bool
may_write(struct call *call)
{
	size_t n;
	char **issuers = call_issuers(call, VOUCH__ROLE__HELPDESK_LEAD, &n);

	for (size_t i = 0; issuers != NULL && i < n; i++)
		if (strcmp(issuers[i], "*") == 0)
			return true;
	return call_has_role(call, VOUCH__ROLE__PLATFORM_ADMIN) ||
	    refuse(call, VOUCH__STATUS__FORBIDDEN,
		"articles are written by those who lead the desk of all issuers");
}

bool
articles_put(struct call *call, const Vouch__PutArticle *req, Vouch__Article *rep)
{
	bool changed;

	if (!may_write(call) || !db_maybe(call, "article_put", &req->base, NULL, NULL, &changed) ||
	    (changed &&
		(!db_do(call, "article_terms_remove", &req->base, NULL) ||
		    !db_do(call, "article_terms_put", &req->base, NULL))) ||
	    !db_one(call, "article_get", &req->base, NULL, &rep->base))
		return false;
	rep->changed = changed;
	return true;
}
