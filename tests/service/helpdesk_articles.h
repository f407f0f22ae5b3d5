/*
 * helpdesk_articles.h: the tests of test_helpdesk.c about articles (HLP-1).
 * They run in that program, whose teardown asks whether every statement ran.
 */
#ifndef HELPDESK_ARTICLES_H
#define HELPDESK_ARTICLES_H

#include "helpdesk_world.h"

static const Vouch__Article *
put_article(struct who who, const char *slug, const char *title, const char *body)
{
	Vouch__PutArticle put = VOUCH__PUT_ARTICLE__INIT;

	put.slug = (char *)slug;
	put.title = (char *)title;
	put.summary = (char *)"";
	put.body = (char *)body;
	put.language = (char *)"en";
	return ask(who, &rpc_articles_put, &put, "");
}

static void
put_articles(void)
{
	assert_non_null(put_article(
	    lou, "due-date", "When the result is due", "Fourteen business days after you submit."));
	assert_non_null(
	    put_article(lou, "password", "Forgotten password", "Ask for a link to set a new one."));
	assert_non_null(
	    put_article(lou, "resume", "Uploading a résumé", "Documents are checked after the upload."));
	assert_non_null(put_article(
	    lou, "evidence", "What counts as evidence", "Videos, documents and the work of learners."));
}

static const Vouch__ArticleList *
list_articles(const char *q, int limit, const char *cursor)
{
	Vouch__ListArticles list = VOUCH__LIST_ARTICLES__INIT;

	list.q = (char *)q;
	list.limit = limit;
	list.cursor = (char *)cursor;
	return ask(nobody, &rpc_articles_list, &list, "");
}

static void
an_article_is_written_by_its_slug(void **state)
{
	Vouch__GetArticle get_it = VOUCH__GET_ARTICLE__INIT;
	const Vouch__Article *article;

	(void)state;
	refused(put_article(gil, "due-date", "Mine", "Body"), VOUCH__STATUS__FORBIDDEN);
	/* It would be read in every issuer's help. */
	refused(put_article(
		    (struct who){AMY, "riverbend", {VOUCH__ROLE__HELPDESK_LEAD}}, "due-date", "Ours", "Body"),
	    VOUCH__STATUS__FORBIDDEN);
	assert_non_null(article = put_article(lou, "due-date", "When", "Then."));
	assert_int_equal(article->version, 1);
	assert_true(article->changed);
	article = put_article(lou, "due-date", "When", "Then."); /* the same text */
	assert_int_equal(article->version, 1);
	assert_false(article->changed);
	article = put_article(
	    (struct who){LOU, "*", {VOUCH__ROLE__PLATFORM_ADMIN}}, "due-date", "When", "Now.");
	assert_int_equal(article->version, 2);
	get_it.slug = (char *)"due-date";
	article = ask(nobody, &rpc_articles_get, &get_it, "");
	assert_string_equal(article->body, "Now.");
	get_it.slug = (char *)"no-such";
	refused(ask(nobody, &rpc_articles_get, &get_it, ""), VOUCH__STATUS__NOT_FOUND);
}

static void
articles_are_found_by_any_of_the_words(void **state)
{
	static const struct {
		const char *q, *slug; /* the best one; NULL: none */
		int64_t total;
	} facts[] = {
		{"i forgot my pasword", "password", 1}, /* typed wrongly, "forgot" is not "forgotten" */
		{"when will i get my result", "due-date", 1},
		{"resume", "resume", 1},
		{"documents", "resume", 2},
		{"a video of learners", "evidence", 1},
		{"evid", "evidence", 1}, /* still typing */
		{"zeppelin", NULL, 0},
		{"?!", "password", 4}, /* no question at all: by title */
		{"'; drop table articles --", NULL, 0},
	};

	(void)state;
	put_articles();
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		const Vouch__ArticleList *list = list_articles(facts[i].q, 0, "");

		if (list->total != facts[i].total)
			print_message("%s\n", facts[i].q);
		assert_int_equal(list->total, facts[i].total);
		assert_int_equal(list->n_items, facts[i].total);
		if (facts[i].slug != NULL)
			assert_string_equal(list->items[0]->slug, facts[i].slug);
	}
}

static void
articles_come_in_pages(void **state)
{
	const Vouch__ArticleList *page;
	char *by_title;

	(void)state;
	put_articles();
	page = list_articles("", 3, "");
	assert_int_equal(page->total, 4);
	assert_string_equal(page->items[0]->title, "Forgotten password");
	by_title = page->next;
	page = list_articles("", 3, by_title);
	assert_int_equal(page->n_items, 1);
	assert_string_equal(page->items[0]->title, "When the result is due");
	assert_string_equal(page->next, "");

	page = list_articles("documents", 1, "");
	assert_string_equal(page->items[0]->slug, "resume");
	page = list_articles("documents", 1, page->next);
	assert_string_equal(page->items[0]->slug, "evidence");
	assert_string_equal(page->next, "");
	refused(list_articles("documents", 1, by_title), VOUCH__STATUS__INVALID);
	assert_true(complained_about("cursor"));
}

#define ARTICLE_TESTS \
	TEST(an_article_is_written_by_its_slug), TEST(articles_are_found_by_any_of_the_words), \
	    TEST(articles_come_in_pages)

#endif
