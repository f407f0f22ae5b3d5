#include "html.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "log.h"

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
html_free(struct html *h)
{
	free(h->text);
	h->text = NULL;
	h->len = h->room = 0;
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

void
html_theirs(struct html *h, const char *tag, const char *class, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	html_raw(h, "<");
	html_raw(h, tag);
	if (class != NULL)
		html_attr(h, "class", class);
	html_raw(h, " dir=\"auto\">");
	html_text(h, text);
	html_raw(h, "</");
	html_raw(h, tag);
	html_raw(h, ">");
}

void
html_number(struct html *h, long number)
{
	char text[24];

	snprintf(text, sizeof(text), "%ld", number);
	html_raw(h, text);
}

void
html_json(struct html *h, const char *s)
{
	char escape[8];

	html_raw(h, "\"");
	for (size_t n; s != NULL && *s != '\0'; s++) {
		/* U+2028 and U+2029 end a line of a script; they begin with 0xe2 like many others. */
		n = strcspn(s,
		    "\"\\<>&\xe2\x7f"
		    "\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f\x10\x11\x12"
		    "\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f");
		add(h, s, n);
		s += n;
		if (*s == '\0')
			break;
		if (strncmp(s, "\xe2\x80\xa8", 3) == 0 || strncmp(s, "\xe2\x80\xa9", 3) == 0) {
			html_raw(h, s[2] == '\xa8' ? "\\u2028" : "\\u2029");
			s += 2;
		} else if (*s == '\xe2') {
			add(h, s, 1);
		} else {
			snprintf(escape, sizeof(escape), "\\u%04x", (unsigned char)*s);
			html_raw(h, escape);
		}
	}
	html_raw(h, "\"");
}

/* ---- messages ------------------------------------------------------------------------- */

/* A piece need not end with NUL: it is escaped through a buffer. */
static void
add_piece(struct html *h, const char *text, size_t len)
{
	char part[256];

	while (len > 0) {
		size_t n = len < sizeof(part) - 1 ? len : sizeof(part) - 1;

		memcpy(part, text, n);
		part[n] = '\0';
		add_escaped(h, part);
		text += n;
		len -= n;
	}
}

static void
put_in_text(void *html, enum piece piece, const char *text, size_t len)
{
	struct html *h = html;

	if (piece == PIECE_RAW) {
		add(h, text, len);
		return;
	}
	if (piece == PIECE_PERSONS)
		html_raw(h, "<bdi>");
	add_piece(h, text, len);
	if (piece == PIECE_PERSONS)
		html_raw(h, "</bdi>");
}

static void
put_in_attribute(void *html, enum piece piece, const char *text, size_t len)
{
	if (piece != PIECE_RAW)
		add_piece(html, text, len);
}

static void
say(struct html *h, const char *key, const struct word *args, language_put *put)
{
	if (language_say(h->language, key, args, put, h))
		return;
	log_error("the message %s cannot be said", key);
	h->is_broken = true;
}

void
html_say(struct html *h, const char *key, const struct word *args)
{
	say(h, key, args, put_in_text);
}

void
html_say_attr(struct html *h, const char *name, const char *key, const struct word *args)
{
	html_raw(h, " ");
	html_raw(h, name);
	html_raw(h, "=\"");
	say(h, key, args, put_in_attribute);
	html_raw(h, "\"");
}

void
html_say_in(struct html *h, const char *tag, const char *class, const char *key, const struct word *args)
{
	html_raw(h, "<");
	html_raw(h, tag);
	if (class != NULL)
		html_attr(h, "class", class);
	html_raw(h, ">");
	html_say(h, key, args);
	html_raw(h, "</");
	html_raw(h, tag);
	html_raw(h, ">");
}
