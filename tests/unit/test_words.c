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
		cmocka_unit_test(bytes_that_are_not_utf8_separate_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
