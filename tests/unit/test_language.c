// links: vouch_language
/* What is said to people: every message of every language, and how it is put together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/umsg.h>
#include <unicode/ustring.h>

#include "instant.h"
#include "language.h"
#include "language_files.h"

enum { SAID_SIZE = 4000 };

static struct languages *all;

struct said {
	char text[SAID_SIZE];
	size_t len;
};

static void
put(void *arg, enum piece piece, const char *text, size_t len)
{
	struct said *s = arg;

	assert_true(s->len + len + 2 < SAID_SIZE);
	if (piece == PIECE_PERSONS)
		s->text[s->len++] = '<';
	memcpy(s->text + s->len, text, len);
	s->len += len;
	if (piece == PIECE_PERSONS)
		s->text[s->len++] = '>';
	s->text[s->len] = '\0';
}

static const struct language *
in(const char *tag)
{
	const struct language *l = language_find(all, tag, strlen(tag));

	assert_non_null(l);
	return l;
}

/* What TEXT becomes; "(broken)" when it does not parse. Until the next call. */
static const char *
said(const char *tag, const char *text, const struct word *args)
{
	static struct said s;

	s = (struct said){.len = 0};
	return language_format(in(tag), text, args, put, &s) ? s.text : "(broken)";
}

static int
begin(void **state)
{
	(void)state;
	all = languages_open();
	return all == NULL;
}

static int
end(void **state)
{
	(void)state;
	languages_close(all);
	return 0;
}

/* ---- the catalogues ------------------------------------------------------------------ */

struct names {
	char list[20][40];
	int n;
};

/* Gathers the names of the arguments from P on, a message that parses, up to its end or the '}' that closes it. */
static const char *
gather(const char *p, struct names *names)
{
	while (*p != '\0' && *p != '}') {
		size_t len;
		bool known = false;

		p += strcspn(p, "{}");
		if (*p != '{')
			continue;
		len = strcspn(++p, ",}");
		for (int i = 0; i < names->n; i++)
			known = known ||
			    (strncmp(names->list[i], p, len) == 0 && names->list[i][len] == '\0');
		assert_true(len < 40 && names->n < 20);
		if (!known)
			snprintf(names->list[names->n++], 40, "%.*s", (int)len, p);
		/* The variants of a plural or a select are messages again. */
		for (p += len; *p != '}'; p++)
			if (*p == '{')
				p = gather(p + 1, names);
		p++;
	}
	return p;
}

static void
arguments_of(const char *text, char out[SAID_SIZE])
{
	struct names names = {.n = 0};

	gather(text, &names);
	qsort(
	    names.list, (size_t)names.n, sizeof(names.list[0]), (int (*)(const void *, const void *))strcmp);
	out[0] = '\0';
	for (int i = 0; i < names.n; i++) {
		strcat(out, names.list[i]);
		strcat(out, " ");
	}
}

/* ICU's own parser takes it too: the scripts of the browser read the same messages. */
static bool
is_icu(const char *tag, const char *text)
{
	UErrorCode error = U_ZERO_ERROR;
	UChar wide[SAID_SIZE];
	UMessageFormat *format;

	u_strFromUTF8(wide, SAID_SIZE, NULL, text, -1, &error);
	format = umsg_open(wide, -1, tag, NULL, &error);
	if (format != NULL)
		umsg_close(format);
	return U_SUCCESS(error);
}

static void
each_message(void (*look)(const char *tag, const char *key, const char *text))
{
	for (const struct language_file *f = language_files; f->language != NULL; f++) {
		json_t *json = json_loads(f->text, JSON_REJECT_DUPLICATES, NULL), *value;
		const char *key;

		assert_non_null(json);
		json_object_foreach(json, key, value) {
			char whole[200];

			snprintf(whole, sizeof(whole), "%s.%s", f->area, key);
			assert_true(json_is_string(value));
			look(f->language, whole, json_string_value(value));
		}
		json_decref(json);
	}
}

static void
look_at(const char *tag, const char *key, const char *text)
{
	const char *english = language_text(in("en"), key);
	char own[SAID_SIZE], first[SAID_SIZE];

	if (text[0] == '\0' || strchr(text, '\'') != NULL || strcmp(said(tag, text, NULL), "(broken)") == 0 ||
	    !is_icu(tag, text))
		fail_msg("%s of %s does not parse: %s", key, tag, text);
	if (english == NULL)
		fail_msg("%s of %s: English has no such message", key, tag);
	arguments_of(text, own);
	arguments_of(english, first);
	if (strcmp(own, first) != 0)
		fail_msg("%s of %s has the arguments %s; in English %s", key, tag, own, first);
}

static void
every_message_parses_and_has_the_arguments_of_the_english_one(void **state)
{
	(void)state;
	each_message(look_at);
}

/* ---- how they are said ------------------------------------------------------------------- */

static void
arguments_stand_where_the_message_says(void **state)
{
	(void)state;
	assert_string_equal(said("en", "a {x} b {y}", WORDS(WORD("y", "2"), WORD("x", "1"))), "a <1> b <2>");
	assert_string_equal(said("en", "{x}, {x}", WORDS(RAW("x", "<b>"))), "<b>, <b>");
	assert_string_equal(said("en", "{x} of {n, number}", WORDS(NUMBER("n", 12345.5))), " of 12,345.5");
	assert_string_equal(said("es", "{n, number}", WORDS(NUMBER("n", 12345.5))), "12.345,5");
	assert_string_equal(said("es", "{n}", WORDS(NUMBER("n", 1234))), "1234");
	assert_string_equal(said("ar", "{n}", WORDS(NUMBER("n", -1234567.25))), "-1,234,567.25");
	/* What a person wrote is never read as a message. */
	assert_string_equal(said("en", "{x}", WORDS(WORD("x", "{y} # '"))), "<{y} # '>");
	assert_string_equal(said("en", "it’s # 1", NULL), "it’s # 1");
}

static void
plurals_follow_the_rules_of_the_language(void **state)
{
	static const char days[] = "{n, plural, =0 {none} one {# day} other {# days}}";
	static const char arabic[] = "{n, plural, zero {z} one {o} two {t} few {f#} many {m#} other {x#}}";

	(void)state;
	assert_string_equal(said("en", days, WORDS(NUMBER("n", 0))), "none");
	assert_string_equal(said("en", days, WORDS(NUMBER("n", 1))), "1 day");
	assert_string_equal(said("en", days, WORDS(NUMBER("n", 1400))), "1,400 days");
	assert_string_equal(said("ar", arabic, WORDS(NUMBER("n", 0))), "z");
	assert_string_equal(said("ar", arabic, WORDS(NUMBER("n", 2))), "t");
	assert_string_equal(said("ar", arabic, WORDS(NUMBER("n", 7))), "f7");
	assert_string_equal(said("ar", arabic, WORDS(NUMBER("n", 30))), "m30");
	assert_string_equal(said("ar", arabic, WORDS(NUMBER("n", 100))), "x100");
	assert_string_equal(said("en", "{s, select, a {A} other {?}}", WORDS(WORD("s", "a"))), "A");
	assert_string_equal(
	    said("en", "{s, select, a {A} other {?}}", WORDS(WORD("s", "other things"))), "?");
	assert_string_equal(said("en", "{s, select, a {{n, plural, one {# x} other {# y}}} other {}}",
				WORDS(WORD("s", "a"), NUMBER("n", 3))),
	    "3 y");
}

static void
dates_are_written_out(void **state)
{
	int32_t day;
	int64_t at;

	(void)state;
	assert_true(date_make(2026, 12, 10, &day));
	assert_true(instant_parse("2026-12-10T22:00:00Z", &at));
	assert_string_equal(said("en", "{d}", WORDS(DAY("d", day))), "Thu 10 December");
	assert_string_equal(said("en", "{d}", WORDS(DATE("d", day))), "10 December 2026");
	assert_string_equal(said("es", "{d}", WORDS(DATE("d", day))), "10 de diciembre de 2026");
	assert_string_equal(said("en", "{d}", WORDS(MOMENT("d", at, "America/New_York"))),
	    "Thu 10 December, 17:00 (New York)");
	assert_string_equal(
	    said("en", "{d}", WORDS(MOMENT("d", at, "Nowhere/Else"))), "Thu 10 December, 22:00 (UTC)");
	assert_string_equal(said("ar", "{d}", WORDS(DATE("d", day))), "10 ديسمبر 2026");
	assert_string_equal(said("es", "{d}", WORDS(MOMENT("d", INT64_C(-1000000), "UTC"))),
	    "mié 31 de diciembre, 23:59 (UTC)");
}

static void
what_is_malformed_is_told(void **state)
{
	static const char deep[] =
	    "{x, select, a {{x, select, a {{x, select, a {{x, select, a {{x}} other {}}} other {}}} other {}}} other {}}";
	static const char *const texts[] = {"{", "{}", "}", "{x", "{x,", "{x, plural}", "{x, plural, one}",
		"{x, plural, one {a}", "{x, plural, one {a}}", "{x, date}", "{x y}", "{ , number}", deep};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_string_equal(said("en", texts[i], WORDS(WORD("x", "a"))), "(broken)");
}

static void
a_language_is_found_by_what_the_browser_likes(void **state)
{
	static const struct {
		const char *accept, *tag;
	} facts[] = {
		{NULL, "en"},
		{"", "en"},
		{"es", "es"},
		{"es-MX,en;q=0.8", "es"},
		{"de-DE, fr;q=0.9, es;q=0.5, en;q=0.4", "es"},
		{"de", "en"},
		{"en;q=0.1, AR;q=0.3", "ar"},
		{"es;q=0", "en"},
		{"*", "en"},
		{",,,;q=1,,", "en"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		assert_string_equal(language_tag(language_accepted(all, facts[i].accept)), facts[i].tag);
	assert_null(language_find(all, "de", 2));
	assert_null(language_find(all, "", 0));
	assert_ptr_equal(language_find(all, "es_419", 6), in("es"));
	assert_true(language_is_rtl(in("ar")));
	assert_string_equal(language_name(in("es")), "Español");
	assert_null(language_at(all, 99));
	assert_null(language_text(in("es"), "shell.no_such_message"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_message_parses_and_has_the_arguments_of_the_english_one),
		cmocka_unit_test(arguments_stand_where_the_message_says),
		cmocka_unit_test(plurals_follow_the_rules_of_the_language),
		cmocka_unit_test(dates_are_written_out),
		cmocka_unit_test(what_is_malformed_is_told),
		cmocka_unit_test(a_language_is_found_by_what_the_browser_likes),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
