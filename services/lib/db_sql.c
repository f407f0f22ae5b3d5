#include "db_sql.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NAME_MAX_BYTES = 60 };

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* The end of what begins with a quote at S: doubled quotes stay inside, backslashes too after an E. */
static const char *
skip_quoted(const char *s, const char *end, bool escapes)
{
	char quote = *s++;

	while (s < end) {
		if (escapes && *s == '\\' && s + 1 < end) {
			s += 2;
		} else if (*s == quote) {
			if (s + 1 >= end || s[1] != quote)
				return s + 1;
			s += 2;
		} else {
			s++;
		}
	}
	return end;
}

/* The end of a $tag$...$tag$ at S; S + 1 when it is none. */
static const char *
skip_dollar(const char *s, const char *end)
{
	const char *tag = s + 1;
	size_t len;

	if (tag < end && isdigit((unsigned char)*tag))
		return s + 1;
	while (tag < end && is_word(*tag))
		tag++;
	if (tag >= end || *tag != '$')
		return s + 1;
	len = (size_t)(tag - s) + 1;
	for (const char *p = tag + 1; p + len <= end; p++)
		if (memcmp(p, s, len) == 0)
			return p + len;
	return end;
}

static const char *
skip_comment(const char *s, const char *end)
{
	int depth = 0;

	if (s[0] == '-') {
		while (s < end && *s != '\n')
			s++;
		return s;
	}
	while (s < end) {
		if (s + 1 < end && s[0] == '/' && s[1] == '*') {
			depth++;
			s += 2;
		} else if (s + 1 < end && s[0] == '*' && s[1] == '/') {
			s += 2;
			if (--depth == 0)
				return s;
		} else {
			s++;
		}
	}
	return end;
}

/* The number of the parameter called S, LEN long; 0 when there are too many. */
static int
param_number(struct sql_query *q, const char *s, size_t len)
{
	for (int i = 0; i < q->n_params; i++)
		if (strncmp(q->params[i], s, len) == 0 && q->params[i][len] == '\0')
			return i + 1;
	if (q->n_params == SQL_PARAMS_MAX || len > NAME_MAX_BYTES)
		return 0;
	q->params[q->n_params] = strndup(s, len);
	return q->params[q->n_params] != NULL ? ++q->n_params : 0;
}

/* Where the token at S ends: a quoted thing, a comment, a cast, or one character. */
static const char *
skip_token(const char *s, const char *from, const char *end)
{
	bool after_e = s > from && (s[-1] == 'e' || s[-1] == 'E') && (s - 1 == from || !is_word(s[-2]));

	if (*s == '\'' || *s == '"')
		return skip_quoted(s, end, *s == '\'' && after_e);
	if (*s == '$' && (s == from || !is_word(s[-1])))
		return skip_dollar(s, end);
	if (s + 1 < end && ((s[0] == '-' && s[1] == '-') || (s[0] == '/' && s[1] == '*')))
		return skip_comment(s, end);
	if (s + 1 < end && s[0] == ':' && s[1] == ':')
		return s + 2;
	return s + 1;
}

static bool
number_params(struct sql_query *q, const char *from, const char *end)
{
	const char *s = from;
	char *out = q->sql = malloc((size_t)(end - s) * 2 + 1);

	if (out == NULL)
		return false;
	while (s < end) {
		const char *next;

		if (s[0] == ':' && s + 1 < end && (isalpha((unsigned char)s[1]) || s[1] == '_')) {
			size_t len = 1;
			int number;

			while (s + 1 + len < end && is_word(s[1 + len]))
				len++;
			number = param_number(q, s + 1, len);
			if (number == 0) {
				*out = '\0';
				return false;
			}
			out += sprintf(out, "$%d", number);
			s += 1 + len;
			continue;
		}
		next = skip_token(s, from, end);
		if (!(s[0] == '-' && s + 1 < end && s[1] == '-')) { /* comments need not travel */
			memcpy(out, s, (size_t)(next - s));
			out += next - s;
		}
		s = next;
	}
	*out = '\0';
	return true;
}

static bool
has_word(const char *sql, const char *word)
{
	size_t len = strlen(word);

	for (const char *p = sql; *p != '\0'; p++)
		if (strncasecmp(p, word, len) == 0 && !is_word(p[len]) && (p == sql || !is_word(p[-1])))
			return true;
	return false;
}

static bool
only_reads(const char *sql)
{
	static const char *const writes[] = {
		"insert", "update", "delete", "for share", "nextval", "pg_advisory_xact_lock"};

	/* NOLINTNEXTLINE(clang-analyzer-core.uninitialized.ArraySubscript): number_params() ended it */
	while (isspace((unsigned char)*sql) || *sql == '(')
		sql++;
	if (strncasecmp(sql, "select", 6) != 0 && strncasecmp(sql, "with", 4) != 0)
		return false;
	for (size_t i = 0; i < sizeof(writes) / sizeof(writes[0]); i++)
		if (has_word(sql, writes[i]))
			return false;
	return true;
}

int
sql_read(const char *text, struct sql_query *out, int max)
{
	static const char mark[] = "-- name: ";
	int n = 0;

	for (const char *p = strstr(text, mark); p != NULL;) {
		const char *name = p + sizeof(mark) - 1, *body = strchr(p, '\n'),
			   *next = body != NULL ? strstr(body, mark) : NULL;
		size_t len = strcspn(name, " \r\n");

		if (n == max || body == NULL || len == 0 || len > NAME_MAX_BYTES)
			return -1;
		out[n] = (struct sql_query){.name = strndup(name, len)};
		n++;
		if (out[n - 1].name == NULL ||
		    !number_params(&out[n - 1], body + 1, next != NULL ? next : body + strlen(body)))
			return -1;
		out[n - 1].reads = only_reads(out[n - 1].sql);
		p = next;
	}
	return n;
}

void
sql_query_free(struct sql_query *query)
{
	for (int i = 0; i < query->n_params; i++)
		free(query->params[i]);
	free(query->name);
	free(query->sql);
	*query = (struct sql_query){0};
}
