/*
 * words.h: how many words a text has (DRF-1).
 *
 * A word is what Unicode's word boundaries (UAX #29) enclose and what holds a
 * letter, a number or an ideograph: "don't" and "3.14" are one, "well-known" is
 * two. Chinese, Japanese, Thai, Lao, Khmer and Burmese, which put no spaces
 * between words, are cut by ICU's dictionaries.
 */
#ifndef WORDS_H
#define WORDS_H

#include <stddef.h>

enum { WORDS_BYTES_MAX = 1 << 20 }; /* of one text */

/*
 * Counts the words in the LEN bytes of TEXT, UTF-8, LEN <= WORDS_BYTES_MAX; a
 * malformed byte separates words. Takes linear time. Any number of threads may call it: each call has an
 * iterator of its own. -1 when memory is short or ICU's data are not installed.
 */
int words_count(const char *text, size_t len);

#endif
