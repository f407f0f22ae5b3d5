#include "words.h"

#include <unicode/ubrk.h>
#include <unicode/utext.h>

int
words_count(const char *text, size_t len)
{
	UErrorCode error = U_ZERO_ERROR;
	/* No language: the root rules know every script, and a part may hold several. */
	UBreakIterator *breaks = ubrk_open(UBRK_WORD, "", NULL, 0, &error);
	UText *utf8 = utext_openUTF8(NULL, text, (int64_t)len, &error);
	int n = 0;

	ubrk_setUText(breaks, utf8, &error);
	if (U_SUCCESS(error))
		while (ubrk_next(breaks) != UBRK_DONE)
			n += ubrk_getRuleStatus(breaks) >= UBRK_WORD_NONE_LIMIT;
	if (utf8 != NULL)
		utext_close(utf8);
	if (breaks != NULL)
		ubrk_close(breaks);
	return U_SUCCESS(error) ? n : -1;
}
