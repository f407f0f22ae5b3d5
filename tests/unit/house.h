/*
 * house.h: what the tests of the house's rules share: the source tree as text,
 * and what a rule says of it.
 *
 * A rule is a function of a path and its text, so that each can be tried on
 * samples first: a rule that cannot fail proves nothing.
 */
#ifndef HOUSE_H
#define HOUSE_H

#include <ctype.h>
#include <fts.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WHY_SIZE = 300, HOUSE_FILE_MAX = 1 << 20 };

/*
 * Looks at TEXT, the file at PATH below the top. False: it breaks the rule, and
 * WHY names the line and what is wrong.
 */
typedef bool house_rule(const char *path, const char *text, char why[static WHY_SIZE]);

/* The text of the file at PATH below the top, to be freed; NULL when there is none. At most HOUSE_FILE_MAX bytes. */
static inline char *
house_read(const char *path)
{
	char full[600];
	char *text = calloc(1, HOUSE_FILE_MAX);
	FILE *f;
	size_t n;

	snprintf(full, sizeof(full), "%s/%s", SOURCE_TREE, path);
	f = fopen(full, "re");
	if (f == NULL || text == NULL) {
		free(text);
		return NULL;
	}
	n = fread(text, 1, HOUSE_FILE_MAX - 1, f);
	fclose(f);
	if (n == HOUSE_FILE_MAX - 1)
		fail_msg("%s is too large to be read", path);
	return text;
}

static inline bool
house_exists(const char *path)
{
	char *text = house_read(path);

	free(text);
	return text != NULL;
}

static inline bool
ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && strcmp(text + n - m, end) == 0;
}

static inline bool
begins_with(const char *text, const char *begin)
{
	return strncmp(text, begin, strlen(begin)) == 0;
}

static inline bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Where WORD stands in TEXT as a word of its own, from FROM on; NULL: nowhere. */
static inline const char *
find_word(const char *text, const char *from, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = from; (at = strstr(at, word)) != NULL; at++)
		if ((at == text || !is_word(at[-1])) && !is_word(at[n]))
			return at;
	return NULL;
}

static inline int
line_of(const char *text, const char *at)
{
	int line = 1;

	for (; text < at; text++)
		line += *text == '\n';
	return line;
}

/* Always false, for the rules: WHY becomes "line N: ..." of where AT stands in TEXT. */
__attribute__((format(printf, 4, 5))) static inline bool
broken(char why[static WHY_SIZE], const char *text, const char *at, const char *format, ...)
{
	int n = at != NULL ? snprintf(why, WHY_SIZE, "line %d: ", line_of(text, at)) : 0;
	va_list ap;

	va_start(ap, format);
	vsnprintf(why + n, (size_t)(WHY_SIZE - n), format, ap);
	va_end(ap);
	return false;
}

/* Where the quoted thing at S, a string or a character of C, ends: at its last quote, or at the NUL. */
static inline const char *
quote_end(const char *s)
{
	char quote = *s;

	for (s++; *s != '\0' && *s != quote; s++)
		if (*s == '\\' && s[1] != '\0')
			s++;
	return s;
}

/* TEXT without what comments say and strings hold: blanks in their place, lines where they were. To be freed. */
static inline char *
house_bare(const char *text)
{
	char *bare = strdup(text);

	assert_non_null(bare);
	for (char *s = bare; *s != '\0'; s++) {
		const char *end = s;

		if (s[0] == '/' && s[1] == '*') {
			end = strstr(s + 2, "*/");
			end = end != NULL ? end + 1 : s + strlen(s) - 1;
		} else if (s[0] == '/' && s[1] == '/') {
			end = s + strcspn(s, "\n") - 1;
		} else if (*s == '"' || *s == '\'') {
			end = quote_end(s);
			if (*end == '\0')
				return bare;
		} else {
			continue;
		}
		bool is_quoted = *s == '"' || *s == '\'';

		for (char *c = s + is_quoted; c <= end - is_quoted; c++)
			*c = (char)(*c == '\n' ? '\n' : ' ');
		s += end - s;
	}
	return bare;
}

/* How many files below FOLDER whose names end with END break the RULE; each is printed. */
static inline int
house_breaches(const char *folder, const char *end, house_rule *rule)
{
	char root[600], why[WHY_SIZE];
	char *roots[] = {root, NULL};
	int n = 0, looked_at = 0;
	FTS *fts;

	snprintf(root, sizeof(root), "%s/%s", SOURCE_TREE, folder);
	fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	assert_non_null(fts);
	for (FTSENT *e; (e = fts_read(fts)) != NULL;) {
		const char *path = e->fts_path + strlen(SOURCE_TREE) + 1;
		char *text;

		if (e->fts_info != FTS_F || !ends_with(path, end))
			continue;
		text = house_read(path);
		assert_non_null(text);
		looked_at++;
		if (!rule(path, text, why)) {
			print_error("%s: %s\n", path, why);
			n++;
		}
		free(text);
	}
	fts_close(fts);
	assert_true(looked_at > 0); /* a rule that looks at nothing proves nothing */
	return n;
}

/* Tries RULE on a sample that keeps it, or breaks it with a complaint that has PART. */
static inline void
house_try(house_rule *rule, const char *path, const char *text, const char *part)
{
	char why[WHY_SIZE] = "";
	bool kept = rule(path, text, why);

	if (kept != (part == NULL) || (part != NULL && strstr(why, part) == NULL))
		fail_msg("%s: %s: \"%s\" of\n%s", path, kept ? "kept" : "broken", why, text);
}

#endif
