#include "words.h"

#include <assert.h>
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

int
words_count(const char *text, size_t len)
{
	UErrorCode error = U_ZERO_ERROR;
	UChar *wide;
	int32_t n_wide = 0;
	int n = -1;

	assert(len <= WORDS_BYTES_MAX);
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
