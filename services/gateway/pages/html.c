#include "html.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void
add(struct html *h, const char *s, size_t len)
{
	size_t room = h->room > 0 ? h->room : 4096;
	char *more;

	if (h->is_broken)
		return;
	while (room < h->len + len + 1)
		room *= 2;
	if (room > HTML_MAX || (room > h->room && (more = realloc(h->text, room)) == NULL)) {
		h->is_broken = true;
		return;
	}
	if (room > h->room) {
		h->text = more;
		h->room = room;
	}
	memcpy(h->text + h->len, s, len);
	h->len += len;
	h->text[h->len] = '\0';
}

void
html_raw(struct html *h, const char *markup)
{
	add(h, markup, strlen(markup));
}

/* What is escaped, and the control characters, which are left out. */
static const char special[] = "&<>\"'\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0e\x0f\x10\x11\x12"
			      "\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x7f";

/* The five characters of HTML, in text and in quoted attributes alike; control characters are no text. */
static void
add_escaped(struct html *h, const char *s)
{
	for (size_t n; s != NULL && *s != '\0'; s += n) {
		n = strcspn(s, special);
		add(h, s, n);
		s += n;
		n = *s != '\0';
		switch (*s) {
		case '&':
			html_raw(h, "&amp;");
			break;
		case '<':
			html_raw(h, "&lt;");
			break;
		case '>':
			html_raw(h, "&gt;");
			break;
		case '"':
			html_raw(h, "&quot;");
			break;
		case '\'':
			html_raw(h, "&#39;");
			break;
		default:
			break;
		}
	}
}

void
html_text(struct html *h, const char *text)
{
	add_escaped(h, text);
}

void
html_attr(struct html *h, const char *name, const char *value)
{
	html_raw(h, " ");
	html_raw(h, name);
	html_raw(h, "=\"");
	add_escaped(h, value);
	html_raw(h, "\"");
}

void
html_url(struct html *h, const char *name, const char *url)
{
	bool is_here = url != NULL && url[0] == '/' && url[1] != '/' && url[1] != '\\';
	bool is_web = url != NULL &&
	    (strncasecmp(url, "https://", 8) == 0 || strncasecmp(url, "http://", 7) == 0);

	if (is_here || is_web)
		html_attr(h, name, url);
}

void
html_element(struct html *h, const char *tag, const char *class, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	html_raw(h, "<");
	html_raw(h, tag);
	if (class != NULL)
		html_attr(h, "class", class);
	html_raw(h, ">");
	html_text(h, text);
	html_raw(h, "</");
	html_raw(h, tag);
	html_raw(h, ">");
}

void
html_path(struct html *h, const char *segment)
{
	for (; segment != NULL && *segment != '\0'; segment++) {
		unsigned char c = (unsigned char)*segment;
		bool is_letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
		bool is_plain = is_letter || (c >= '0' && c <= '9') || strchr("-._~", c) != NULL;
		char escape[4];

		snprintf(escape, sizeof(escape), is_plain ? "%c" : "%%%02X", c);
		html_raw(h, escape);
	}
}
