/*
 * html.h: pages written in C. Text is escaped by where it stands; the buffer
 * has a bound, and what does not fit makes the whole page fail rather than
 * break off in the middle.
 */
#ifndef HTML_H
#define HTML_H

#include <stdbool.h>
#include <stddef.h>

enum { HTML_MAX = 512 << 10 };

struct html {
	char *text; /* made by malloc */
	size_t len, room;
	bool is_broken; /* it grew past HTML_MAX, or memory is short */
};

/* Markup of our own, as it is; FORMAT-free on purpose. */
void html_raw(struct html *html, const char *markup);

/* Words, between tags. NULL is "". */
void html_text(struct html *html, const char *text);

/* ' name="value"', escaped. */
void html_attr(struct html *html, const char *name, const char *value);

/* ' name="url"' for http, https and addresses of this site; any other scheme is left out. */
void html_url(struct html *html, const char *name, const char *url);

/* <tag>text</tag>, with class="CLASS" unless that is NULL. Nothing at all when TEXT is NULL or empty. */
void html_element(struct html *html, const char *tag, const char *class, const char *text);

/* Writes the bytes of a path segment or parameter that need an escape as %XX. */
void html_path(struct html *html, const char *segment);

#endif
