#include "log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "instant.h"

enum { LINE_MAX_BYTES = 2048, TAIL = 4 }; /* TAIL: closing quote, brace, newline, NUL */

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
	if (line->n + len > sizeof(line->text) - TAIL)
		return false;
	memcpy(line->text + line->n, bytes, len);
	line->n += len;
	return true;
}

/* Returns how many bytes the character at S takes, 0 when it is not UTF-8. */
static size_t
character(const unsigned char *s)
{
	size_t len = *s < 0x80 ? 1 : *s < 0xc2 ? 0 : *s < 0xe0 ? 2 : *s < 0xf0 ? 3 : *s < 0xf5 ? 4 : 0;

	for (size_t i = 1; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((*s == 0xe0 && s[1] < 0xa0) || (*s == 0xed && s[1] > 0x9f) || (*s == 0xf0 && s[1] < 0x90) ||
	    (*s == 0xf4 && s[1] > 0x8f))
		return 0;
	return len;
}

/* A JSON string, cut where the line is full; nothing when VALUE is NULL or empty. */
static void
put_text(struct line *line, const char *name, const char *value)
{
	const unsigned char *s = (const unsigned char *)value;
	char start[48], escaped[8];
	int len = snprintf(start, sizeof(start), "%c\"%s\":\"", line->n == 0 ? '{' : ',', name);

	if (value == NULL || value[0] == '\0' || !put(line, start, (size_t)len))
		return;
	for (bool fits = true; fits && *s != '\0';) {
		size_t n = character(s);

		if (n == 0) {
			fits = put(line, "\xef\xbf\xbd", 3);
		} else if (*s == '"' || *s == '\\') {
			fits = put(line, (char[]){'\\', (char)*s}, 2);
		} else if (*s < 0x20 || *s == 0x7f) {
			snprintf(escaped, sizeof(escaped), "\\u%04x", *s);
			fits = put(line, escaped, 6);
		} else {
			fits = put(line, (const char *)s, n);
		}
		s += n > 0 ? n : 1;
	}
	line->text[line->n++] = '"'; /* TAIL keeps its place */
}

static void
put_time(struct line *line)
{
	char at[INSTANT_SIZE + 4], ms[8];
	int64_t now = clock_host();

	/* Always with three digits, so that lines sort as text. */
	instant_format(now - now % INSTANT_SECOND, at);
	snprintf(ms, sizeof(ms), ".%03dZ", (int)(now % INSTANT_SECOND / 1000));
	memcpy(at + strlen(at) - 1, ms, strlen(ms) + 1);
	put_text(line, "at", at);
}

static void
line_start(struct line *line, enum log_level level, const char *trace)
{
	put_time(line);
	put_text(line, "level", levels[level]);
	put_text(line, "svc", service_name);
	put_text(line, "trace", trace);
}

/* One write, so that lines of several threads do not mix; who cannot take it loses it. */
static void
line_end(struct line *line)
{
	line->text[line->n++] = '}';
	line->text[line->n++] = '\n';
	if (write(STDERR_FILENO, line->text, line->n) < 0)
		return;
}

void
log_line(enum log_level level, const char *trace, const char *format, ...)
{
	struct line line = {.n = 0};
	char text[LINE_MAX_BYTES];
	va_list ap;

	if (level < lowest)
		return;
	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	line_start(&line, level, trace);
	put_text(&line, "msg", text);
	line_end(&line);
}

/* A call that failed by our defect must be looked at; one that found us too slow or too busy perhaps. */
static enum log_level
level_of(const char *status)
{
	static const char *const warns[] = {"overloaded", "unavailable", "timeout"};

	if (strcmp(status, "internal") == 0)
		return LOG_LEVEL_ERROR;
	for (size_t i = 0; i < sizeof(warns) / sizeof(warns[0]); i++)
		if (strcmp(status, warns[i]) == 0)
			return LOG_LEVEL_WARN;
	return LOG_LEVEL_INFO;
}

void
log_call(const char *trace, const char *rpc, const char *issuer, const char *status, double ms)
{
	enum log_level level = level_of(status);
	struct line line = {.n = 0};
	char number[40];
	int len;

	if (level < lowest)
		return;
	line_start(&line, level, trace);
	put_text(&line, "rpc", rpc);
	put_text(&line, "issuer", issuer);
	put_text(&line, "status", status);
	len = snprintf(number, sizeof(number), ",\"ms\":%.3f", ms >= 0 && ms < 1e12 ? ms : 0);
	put(&line, number, (size_t)len);
	line_end(&line);
}
