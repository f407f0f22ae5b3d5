#include "words.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unicode/ubrk.h>
#include <unicode/ustring.h>

static int
count(const UChar *text, int32_t len)
{
	UErrorCode error = U_ZERO_ERROR;
	/* No language: the root rules know every script, and a part may hold several. */
	UBreakIterator *breaks = ubrk_open(UBRK_WORD, "", text, len, &error);
	int n = 0;

	if (U_FAILURE(error))
		return -1;
	while (ubrk_next(breaks) != UBRK_DONE)
		n += ubrk_getRuleStatus(breaks) >= UBRK_WORD_NONE_LIMIT;
	ubrk_close(breaks);
	return n;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Does C, which is no letter and no digit, hold BEFORE and AFTER together (UAX #29, WB6, WB7, WB11, WB12)? */
static bool
joins(char before, char c, char after)
{
	if (is_letter(before) && is_letter(after))
		return c == '.' || c == '\'';
	if (is_digit(before) && is_digit(after))
		return c == '.' || c == '\'' || c == ',' || c == ';';
	return false;
}

/*
 * The same rules for ASCII, of which most texts are made, at a tenth of what ICU takes.
 * Returns -1 at the first other byte, and at '_', ':' and '@', whose part in words differs from
 * version to version.
 */
static int
count_ascii(const char *text, size_t len)
{
	bool inside = false;
	int n = 0;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if ((unsigned char)c >= 0x80 || c == '_' || c == ':' || c == '@')
			return -1;
		if (is_letter(c) || is_digit(c)) {
			n += !inside;
			inside = true;
		} else {
			inside = inside && i + 1 < len && joins(text[i - 1], c, text[i + 1]);
		}
	}
	return n;
}

int
words_count(const char *text, size_t len)
{
	UErrorCode error = U_ZERO_ERROR;
	UChar *wide;
	int32_t n_wide = 0;
	int n = count_ascii(text, len);

	assert(len <= WORDS_BYTES_MAX);
	if (n >= 0)
		return n;
	/* ICU iterates over UTF-16 twice as fast as over UTF-8, which never has fewer units. */
	wide = malloc((len + 1) * sizeof(*wide));
	if (wide == NULL)
		return -1;
	u_strFromUTF8WithSub(wide, (int32_t)len + 1, &n_wide, text, (int32_t)len, 0xfffd, NULL, &error);
	if (U_SUCCESS(error))
		n = count(wide, n_wide);
	free(wide);
	return n;
}
