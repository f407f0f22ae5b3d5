// links: submission_service
/* Words as a person counts them (DRF-1). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "words.h"

static void
words_are_counted_in_every_script(void **state)
{
	static const struct {
		const char *text;
		int words;
	} facts[] = {
		{"", 0}, {" \t\r\n ", 0}, {"one", 1}, {"  one  two\nthree ", 3}, {"don't stop", 2},
		{"l’élève a 12 ans", 4}, /* a typographic apostrophe joins */
		{"3.14 and 1,000,000", 3}, {"well-known", 2}, {"… — ! ( )", 0}, {"🙂 👍🏽", 0},
		{"Grüße, Straße", 2}, {"привет мир", 2}, {"مرحبا بالعالم", 2}, {"한국어 단어 수", 3},
		{"日本語の文章", 3},                 /* 日本語 の 文章 */
		{"中文分词", 2}, {"ฉันรักภาษาไทย", 4}, /* I love the Thai language: no spaces */
		{"e\xcc\x81"
		 "cole",
			1}, /* a combining accent is part of its word */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		if (words_count(facts[i].text, strlen(facts[i].text)) != facts[i].words)
			fail_msg("“%s” has %d words, not %d", facts[i].text, facts[i].words,
			    words_count(facts[i].text, strlen(facts[i].text)));
}

/* With a sign of another script behind it, which is no word, ICU counts. */
static void
ascii_is_counted_as_icu_counts_it(void **state)
{
	static const char signs[] = "aZ09.,;'\"-!?()/ \t\n\r@#&+*=<>[]{}|\\^`~$%";
	char text[64];
	unsigned random = 1;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		size_t len = 0;

		while (len < 24) {
			random = random * 1103515245 + 12345;
			text[len++] = signs[(random >> 16) % (sizeof(signs) - 1)];
		}
		memcpy(text + len, " …", 5);
		if (words_count(text, len) != words_count(text, len + 4))
			fail_msg("“%.24s” has %d words, not %d", text, words_count(text, len + 4),
			    words_count(text, len));
	}
}

static void
bytes_that_are_not_utf8_separate_words(void **state)
{
	(void)state;
	assert_int_equal(words_count("a\xff"
				     "b",
			     3),
	    2);
	assert_int_equal(words_count("one \xc3", 5), 1);
	assert_int_equal(words_count("one\0two", 7), 2);
	assert_int_equal(words_count("one two", 3), 1); /* no further than it is told */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_counted_in_every_script),
		cmocka_unit_test(ascii_is_counted_as_icu_counts_it),
		cmocka_unit_test(bytes_that_are_not_utf8_separate_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
