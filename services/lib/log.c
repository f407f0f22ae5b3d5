#include "log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "instant.h"

enum { LINE_MAX_BYTES = 2048, TAIL = 4 };	/* TAIL: closing quote, brace, newline, NUL */

/* Set by log_open() before threads start. */
static char service_name[32];
static enum log_level lowest = LOG_LEVEL_INFO;

static const char *const levels[] = {"debug", "info", "warn", "error"};

/* One line in the making: what does not fit is left out, and the line still ends as JSON. */
struct line {
	char text[LINE_MAX_BYTES];
	size_t n;
};

void
log_open(const char *service, enum log_level level)
{
	snprintf(service_name, sizeof(service_name), "%s", service);
	lowest = level;
}

static bool
put(struct line *line, const char *bytes, size_t len)
{
	if (len > sizeof(line->text) - TAIL - line->n)
		return false;
	memcpy(line->text + line->n, bytes, len);
	line->n += len;
	return true;
}

/* Returns how many bytes the character at S takes, 0 when it is not UTF-8. */
static size_t
character(const unsigned char *s)
{
	size_t len = *s < 0x80 ? 1 : *s >= 0xc2 && *s < 0xe0 ? 2 : (*s & 0xf0) == 0xe0 ? 3 : *s >= 0xf0 && *s < 0xf5 ? 4 : 0;

	for (size_t i = 1; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((*s == 0xe0 && s[1] < 0xa0) || (*s == 0xed && s[1] > 0x9f) || (*s == 0xf0 && s[1] < 0x90) ||
	    (*s == 0xf4 && s[1] > 0x8f))
		return 0;
	return len;
}

/* A JSON string, cut where the line is full, or at MAX bytes. */
static void
put_string(struct line *line, const char *text, size_t max)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t end = line->n + max;
	bool fits = put(line, "\"", 1);

	while (fits && *s != '\0' && line->n < end) {
		size_t len = character(s);
		char escaped[8];

		if (len == 0)
			fits = put(line, "\xef\xbf\xbd", 3);
		else if (*s == '"' || *s == '\\')
			fits = put(line, (char[]){'\\', (char)*s}, 2);
		else if (*s < 0x20 || *s == 0x7f)
			fits = put(line, escaped, (size_t)snprintf(escaped, sizeof(escaped), "\\u%04x", *s));
		else
			fits = put(line, (const char *)s, len);
		s += len > 0 ? len : 1;
	}
	/* There is always room for these. */
	line->text[line->n++] = '"';
}

static void
put_member(struct line *line, const char *name, const char *value, size_t max)
{
	char text[48];
	int len = snprintf(text, sizeof(text), "%c\"%s\":", line->n == 0 ? '{' : ',', name);

	if (value != NULL && value[0] != '\0' && put(line, text, (size_t)len))
		put_string(line, value, max);
}
