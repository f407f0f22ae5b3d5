/*
 * html.h: pages written in C. Text is escaped by where it stands; the buffer
 * has a bound, and what does not fit makes the whole page fail rather than
 * break off in the middle.
 */
#ifndef HTML_H
#define HTML_H

#include <stdbool.h>
#include <stddef.h>

#include "language.h"

enum { HTML_MAX = 512 << 10 };

struct html {
	const struct language *language; /* in which html_say() speaks */
	char *text;                      /* made by malloc */
	size_t len, room;
	bool is_broken; /* it grew past HTML_MAX, memory is short, or a message is missing */
};

/* Gives back the text of a piece that was written aside. */
void html_free(struct html *html);

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

/* The same for what a person wrote, whose direction is its own: with dir="auto". */
void html_theirs(struct html *html, const char *tag, const char *class, const char *text);

/* Writes the bytes of a path segment or parameter that need an escape as %XX. */
void html_path(struct html *html, const char *segment);

/* A whole number, in the digits of markup. */
void html_number(struct html *html, long number);

/* "text", quoted and escaped as JSON that may stand inside a <script>. */
void html_json(struct html *html, const char *text);

/* The message KEY in the page's language (language.h). What people wrote stands in <bdi>; RAW() as it is. */
void html_say(struct html *html, const char *key, const struct word *args);

/* ' name="message"'; RAW() arguments are left out. */
void html_say_attr(struct html *html, const char *name, const char *key, const struct word *args);

/* <tag>message</tag>, with class="CLASS" unless that is NULL. */
void html_say_in(
    struct html *html, const char *tag, const char *class, const char *key, const struct word *args);

#endif
