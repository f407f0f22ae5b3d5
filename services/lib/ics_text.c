#include "ics_text.h"

#include <string.h>
#include <strings.h>

#include "arena.h"
#include "holidays.h"
#include "instant.h"

bool
ics_open(struct ics_reader *reader, struct arena *arena, const char *text, size_t len)
{
	static const char mark[] = "\xef\xbb\xbf";

	*reader = (struct ics_reader){.at = text, .end = text + len, .number = 1};
	if (len >= 3 && memcmp(text, mark, 3) == 0)
		reader->at += 3;
	reader->line = arena_alloc(arena, ICS_LINE_MAX + 1);
	return reader->line != NULL;
}

/* Goes past one end of line (CRLF, LF or CR); false when there is none at AT. */
static bool
skip_newline(struct ics_reader *reader)
{
	if (reader->at == reader->end || (*reader->at != '\r' && *reader->at != '\n'))
		return false;
	if (*reader->at == '\r' && reader->end - reader->at > 1 && reader->at[1] == '\n')
		reader->at++;
	reader->at++;
	reader->number++;
	return true;
}

/* Is AT the start of a line that goes on with the one before? */
static bool
is_continued(const struct ics_reader *reader)
{
	return reader->at < reader->end && (*reader->at == ' ' || *reader->at == '\t');
}

/* Collects one line with its continuations; returns its length. */
static size_t
unfold(struct ics_reader *reader, bool *is_long)
{
	size_t len = 0;

	*is_long = false;
	for (;;) {
		for (; reader->at < reader->end && *reader->at != '\r' && *reader->at != '\n'; reader->at++) {
			char c = *reader->at;

			if (c == '\0')
				c = ' ';
			if (len < ICS_LINE_MAX)
				reader->line[len++] = c;
			else
				*is_long = true;
		}
		while (skip_newline(reader))
			;
		if (!is_continued(reader))
			break;
		reader->at++;
	}
	reader->line[len] = '\0';
	return len;
}

static char *
trim(char *s)
{
	while (*s == ' ' || *s == '\t')
		s++;
	size_t len = strlen(s);
	while (len > 0 && (s[len - 1] == ' ' || s[len - 1] == '\t'))
		s[--len] = '\0';
	return s;
}

/* Splits "NAME;PARAM=...:VALUE" in place: the first colon outside quotes ends the parameters. */
static void
split(char *text, struct ics_line *line)
{
	static char none[] = "";
	char *mark = text + strcspn(text, ";:"), *colon = mark;
	bool quoted = false;

	line->name = NULL;
	while (*colon != '\0' && (quoted || *colon != ':'))
		quoted ^= *colon++ == '"';
	if (*colon == '\0' || mark == text)
		return;
	*colon = '\0';
	line->value = colon + 1;
	line->params = none;
	if (mark < colon) {
		*mark = '\0';
		line->params = mark + 1;
	}
	text = trim(text);
	line->name = *text != '\0' ? text : NULL;
}

bool
ics_next(struct ics_reader *reader, struct ics_line *line)
{
	while (skip_newline(reader))
		;
	if (reader->at == reader->end)
		return false;
	line->number = reader->number;
	unfold(reader, &line->is_long);
	split(reader->line, line);
	return true;
}

bool
ics_param(const struct ics_line *line, const char *name, char *out, size_t size)
{
	size_t name_len = strlen(name), len = 0;

	for (const char *p = line->params; *p != '\0';) {
		p += strspn(p, " \t;");
		const char *equals = p + strcspn(p, "=;");
		const char *end = equals;
		bool quoted = false;

		while (*end != '\0' && (quoted || *end != ';'))
			quoted ^= *end++ == '"';
		if (*equals == '=' && (size_t)(equals - p) >= name_len &&
		    strncasecmp(p, name, name_len) == 0 &&
		    strspn(p + name_len, " \t") == (size_t)(equals - p) - name_len) {
			for (p = equals + 1; p < end; p++)
				if (*p != '"' && len + 1 < size)
					out[len++] = *p;
			out[len] = '\0';
			return true;
		}
		p = end;
	}
	return false;
}

static void
trim_span(const char **s, size_t *len)
{
	while (*len > 0 && (**s == ' ' || **s == '\t')) {
		(*s)++;
		(*len)--;
	}
	while (*len > 0 && ((*s)[*len - 1] == ' ' || (*s)[*len - 1] == '\t'))
		(*len)--;
}

static bool
digits(const char *s, int n, int *value)
{
	*value = 0;
	for (int i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		*value = *value * 10 + (s[i] - '0');
	}
	return true;
}

bool
ics_time_parse(const char *s, size_t len, struct ics_time *time)
{
	enum { DATE_LEN = 8, LOCAL_LEN = 15, UTC_LEN = 16 };
	struct ics_time t = {.form = ICS_DATE};
	int year, month, day, hour, minute, second;

	trim_span(&s, &len);
	if (len != DATE_LEN && len != LOCAL_LEN && len != UTC_LEN)
		return false;
	if (!digits(s, 4, &year) || !digits(s + 4, 2, &month) || !digits(s + 6, 2, &day) ||
	    !date_make(year, month, day, &t.day))
		return false;
	if (len > DATE_LEN) {
		if ((s[8] != 'T' && s[8] != 't') || !digits(s + 9, 2, &hour) || !digits(s + 11, 2, &minute) ||
		    !digits(s + 13, 2, &second) || hour > 23 || minute > 59 || second > 60)
			return false;
		/* A leap second is told as the second before it (RFC 5545, 3.3.5). */
		t.second = hour * 3600 + minute * 60 + (second < 60 ? second : 59);
		t.form = len == UTC_LEN ? ICS_UTC : ICS_LOCAL;
	}
	if (len == UTC_LEN && s[15] != 'Z' && s[15] != 'z')
		return false;
	*time = t;
	return true;
}

bool
ics_duration_parse(const char *s, size_t len, int64_t *seconds)
{
	const int64_t max = (int64_t)ICS_SPAN_MAX * DAY_SECONDS;
	int64_t sum = 0;
	bool in_time = false, any = false;

	trim_span(&s, &len);
	if (len > 0 && *s == '+') {
		s++;
		len--;
	}
	if (len == 0 || (*s != 'P' && *s != 'p'))
		return false;
	for (size_t i = 1; i < len; i++) {
		int64_t n = 0;
		size_t first = i;
		int unit;

		if ((s[i] == 'T' || s[i] == 't') && !in_time) {
			in_time = true;
			continue;
		}
		for (; i < len && s[i] >= '0' && s[i] <= '9'; i++)
			if (n <= max)
				n = n * 10 + (s[i] - '0');
		if (i == first || i == len)
			return false;
		switch (s[i] & ~0x20) { /* upper case */
		case 'W':
			unit = in_time ? 0 : 7 * DAY_SECONDS;
			break;
		case 'D':
			unit = in_time ? 0 : DAY_SECONDS;
			break;
		case 'H':
			unit = in_time ? 3600 : 0;
			break;
		case 'M':
			unit = in_time ? 60 : 0;
			break;
		case 'S':
			unit = in_time ? 1 : 0;
			break;
		default:
			unit = 0;
		}
		if (unit == 0 || n > max / unit || (sum += n * unit) > max)
			return false;
		any = true;
	}
	*seconds = sum;
	return any;
}

const char *
ics_name(struct arena *arena, const char *value)
{
	char text[4 * HOLIDAYS_NAME_MAX];
	size_t len = 0;

	for (; *value != '\0' && len < sizeof(text); value++) {
		char c = *value;

		if (c == '\\' && value[1] != '\0') {
			c = *++value;
			if (c == 'n' || c == 'N')
				c = ' ';
		}
		text[len++] = c;
	}
	return holidays_name(arena, text, len);
}
