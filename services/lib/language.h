/*
 * language.h: what the product says to people, in their language.
 *
 * The words stand in services/locales/LANGUAGE/AREA.json as ICU messages:
 * "AREA.key" is {name}, {name, number}, {name, plural, one {# day} other {# days}}
 * and {name, select, a {...} other {...}}, nested as deep as LANGUAGE_DEPTH. They are
 * baked into the program. What a language lacks is said in English.
 *
 * ICU's own formatter (umsg) takes arguments by position alone, none of its formats may
 * be used by two threads at once, and its tables for numbers and dates take megabytes of each
 * process. So messages are read here, by their names, and ICU does what is hard: the plural
 * rules, which never change and are shared by all threads. How dates are written stands in
 * the catalogue like everything else that is said (calendar.json).
 * An apostrophe is an apostrophe: messages do not use ICU's quoting.
 */
#ifndef LANGUAGE_H
#define LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LANGUAGE_DEPTH = 4 };

struct languages;
struct language;

/* A named argument of a message. Made by the macros below. */
struct word {
	const char *name;
	enum {
		WORD_TEXT,   /* what a person wrote, or a name */
		WORD_NUMBER, /* in the language's digits and groups */
		WORD_DAY,    /* "Thu 10 December": a date (instant.h) */
		WORD_DATE,   /* "10 December 2026": a date */
		WORD_TIME,   /* "Thu 10 December, 17:00 (New York)": an instant in a zone */
		WORD_RAW,    /* markup of the page itself */
		WORD_OURS    /* of the catalogue: a part of a date */
	} type;
	const char *text; /* of WORD_TEXT and WORD_RAW; the zone of WORD_TIME */
	double number;
	int64_t at; /* date or instant */
};

#define WORD(name_, text_) {.name = (name_), .type = WORD_TEXT, .text = (text_)}
#define NUMBER(name_, number_) {.name = (name_), .type = WORD_NUMBER, .number = (double)(number_)}
#define DAY(name_, date_) {.name = (name_), .type = WORD_DAY, .at = (date_)}
#define DATE(name_, date_) {.name = (name_), .type = WORD_DATE, .at = (date_)}
#define MOMENT(name_, at_, zone_) {.name = (name_), .type = WORD_TIME, .at = (at_), .text = (zone_)}
#define RAW(name_, markup_) {.name = (name_), .type = WORD_RAW, .text = (markup_)}
#define WORDS(...) ((const struct word[]){__VA_ARGS__, {.name = NULL}})

/* What a piece of a message is: how it has to be escaped depends on that. */
enum piece { PIECE_OURS, PIECE_PERSONS, PIECE_RAW };

/* Takes a piece of LEN bytes of UTF-8, in order. */
typedef void language_put(void *arg, enum piece piece, const char *text, size_t len);

/* Reads all catalogues that are baked in. NULL after logging what is wrong with which. */
struct languages *languages_open(void);
void languages_close(struct languages *languages);

/* The I-th language, 0 is English; NULL behind the last. */
const struct language *language_at(const struct languages *languages, int i);

/* The language TAG ("es", "es-MX", "ES"), by its first part; NULL when there is none. LEN bytes of TAG are read. */
const struct language *language_find(const struct languages *languages, const char *tag, size_t len);

/* What Accept-Language likes best of those there are (RFC 9110, 12.5.4); English without a header. */
const struct language *language_accepted(const struct languages *languages, const char *accept_language);

/* "es"; what the language calls itself; does it run from right to left? */
const char *language_tag(const struct language *language);
const char *language_name(const struct language *language);
bool language_is_rtl(const struct language *language);

/* The message KEY, unformatted; NULL when neither the language nor English has it. */
const char *language_text(const struct language *language, const char *key);

/*
 * Says KEY with the ARGS, a WORDS() or NULL. An argument that is not given is left out.
 * False, and not all was put: there is no such message, or it is malformed.
 */
bool language_say(
    const struct language *language, const char *key, const struct word *args, language_put *put, void *arg);

/* The same for a message that is given as TEXT. */
bool language_format(
    const struct language *language, const char *text, const struct word *args, language_put *put, void *arg);

#endif
