/* help.c: "/help" and "/help/{slug}": articles first, then people. */
#include <cmark.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "helpdesk.pb-c.h"
#include "page.h"
#include "shell.h"
#include "ui.h"
#include "words.h"

static void
ask_us(struct html *h)
{
	html_raw(h, "<div class=\"card pad stack-s\">");
	html_say_in(h, "h2", NULL, "help.ask_title", NULL);
	html_say_in(h, "p", "sm", "help.ask_text", NULL);
	html_raw(h, "<p><a class=\"btn\" href=\"/help/new\">");
	html_say(h, "help.ask", NULL);
	html_raw(h, "</a> <a href=\"/help/tickets\">");
	html_say(h, "ticket.title", NULL);
	html_raw(h, "</a></p></div>\n");
}

static void
article_row(struct html *h, const Vouch__ArticleRow *a)
{
	html_raw(h, "<li class=\"row plain\"><h2><a href=\"/help/");
	html_path(h, a->slug);
	html_raw(h, "\" dir=\"auto\"");
	html_attr(h, "lang", a->language);
	html_raw(h, ">");
	html_text(h, a->title);
	html_raw(h, "</a></h2>");
	html_theirs(h, "p", "sm", a->summary);
	html_raw(h, "</li>\n");
}

static void
articles(struct html *h, const Vouch__ArticleList *list, const char *q)
{
	if (list->n_items == 0) {
		html_raw(h, "<div class=\"card empty\">");
		html_say_in(h, "h2", NULL, "help.none", NULL);
		html_raw(h, "<p class=\"bar\"><a class=\"btn\" href=\"/help/new?subject=");
		html_path(h, q);
		html_raw(h, "\">");
		html_say(h, "help.ask", NULL);
		html_raw(h, "</a></p></div>\n");
		return;
	}
	html_raw(h, "<ul class=\"rows\">");
	for (size_t i = 0; i < list->n_items; i++)
		article_row(h, list->items[i]);
	html_raw(h, "</ul>\n");
	if (list->next != NULL && list->next[0] != '\0') {
		html_raw(h, "<p class=\"mt\"><a class=\"btn\" href=\"/help?q=");
		html_path(h, q);
		html_raw(h, "&amp;cursor=");
		html_path(h, list->next);
		html_raw(h, "\">");
		html_say(h, "shell.next", NULL);
		html_raw(h, "</a></p>");
	}
}

void
page_help(struct html *h, const struct request *r, const ProtobufCMessage *reply)
{
	const Vouch__ArticleList *list = (const Vouch__ArticleList *)reply;
	struct page_head head = {.path = "/help", .place = PLACE_HELP};
	const char *q = words_parameter((struct request *)r, "q"); /* memory of its arena */

	q = q != NULL ? q : "";
	head.title = words_say((struct request *)r, "help.title", NULL);
	head.description = words_say((struct request *)r, "help.description", NULL);
	shell_begin(h, r, &head);
	html_raw(h, "<div class=\"wrap narrow stack\">");
	html_say_in(h, "h1", NULL, "help.headline", NULL);
	html_raw(h,
	    "<form action=\"/help\" role=\"search\"><div class=\"searchrow\"><div><label class=\"vh\" for=\"q\">");
	html_say(h, "help.search_label", NULL);
	html_raw(h, "</label>");
	ui_icon(h, ICON_SEARCH);
	html_raw(h, "<input id=\"q\" name=\"q\" type=\"search\" maxlength=\"500\"");
	html_say_attr(h, "placeholder", "help.search_label", NULL);
	html_attr(h, "value", q);
	html_raw(h, "></div><button class=\"btn pri\">");
	ui_icon(h, ICON_SEARCH);
	html_say_in(h, "span", NULL, "explore.search", NULL);
	html_raw(h, "</button></div></form>\n");
	if (list == NULL)
		ui_failure(h, "help.failed", r->target, r->trace);
	else
		articles(h, list, q);
	ask_us(h);
	html_raw(h, "</div>\n");
	shell_end(h, r, &head);
}

/* ---- an article ------------------------------------------------------------------------------- */

/* Its headings stand below the title of the page. */
static void
lower_headings(cmark_node *document)
{
	cmark_iter *i = cmark_iter_new(document);
	cmark_event_type event;
	bool has_first = false;

	for (cmark_node *n = cmark_node_first_child(document); n != NULL; n = cmark_node_next(n))
		has_first |= cmark_node_get_type(n) == CMARK_NODE_HEADING &&
		    cmark_node_get_heading_level(n) == 1;
	while (has_first && (event = cmark_iter_next(i)) != CMARK_EVENT_DONE) {
		cmark_node *n = cmark_iter_get_node(i);

		if (event == CMARK_EVENT_ENTER && cmark_node_get_type(n) == CMARK_NODE_HEADING &&
		    cmark_node_get_heading_level(n) < 6)
			cmark_node_set_heading_level(n, cmark_node_get_heading_level(n) + 1);
	}
	cmark_iter_free(i);
}

/* CommonMark as HTML. What an agent wrote holds no markup of its own: cmark leaves it out, and unsafe links. */
static void
body(struct html *h, const char *text)
{
	cmark_node *document = cmark_parse_document(text, strlen(text), CMARK_OPT_DEFAULT);
	char *made;

	lower_headings(document);
	made = cmark_render_html(document, CMARK_OPT_DEFAULT);
	if (made != NULL)
		html_raw(h, made);
	free(made);
	cmark_node_free(document);
}

void
page_article(struct html *h, const struct request *r, const ProtobufCMessage *reply)
{
	const Vouch__Article *a = (const Vouch__Article *)reply;
	char path[160];
	struct page_head head = {
		.title = a->title, .description = a->summary, .path = path, .place = PLACE_HELP};
	const char *crumbs[] = {"/help", ".shell.help", NULL};

	snprintf(path, sizeof(path), "/help/%s", a->slug);
	shell_begin(h, r, &head);
	html_raw(h, "<div class=\"wrap narrow\">");
	ui_crumbs(h, crumbs);
	html_raw(h, "<article class=\"article\" dir=\"auto\"");
	html_attr(h, "lang", a->language);
	html_raw(h, ">");
	html_element(h, "h1", NULL, a->title);
	html_element(h, "p", "lead", a->summary);
	body(h, a->body);
	html_raw(h, "</article><p class=\"sm soft mt\">");
	if (a->changed_at != NULL)
		html_say(h, "help.changed", WORDS(DATE("day", a->changed_at->seconds / 86400)));
	html_raw(h, "</p><div class=\"mt\">");
	ask_us(h);
	html_raw(h, "</div></div>\n");
	shell_end(h, r, &head);
}
