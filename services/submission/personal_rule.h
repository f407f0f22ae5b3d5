/*
 * personal_rule.h: what a rule of the personal information check is made of.
 *
 * Inside the check only; who looks for personal information wants personal.h.
 * A rule is a PCRE2 pattern for the shape and a function for what a pattern
 * cannot say (check digits, calendars, lists of words). Rules run in the order
 * of the table: what an earlier rule has taken, a later one cannot have. So
 * strong rules stand first, then traps (rules that take a passage and report
 * nothing), then what depends on its shape alone.
 */
#ifndef PERSONAL_RULE_H
#define PERSONAL_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "personal.h"

/* What a rule says of a match. */
enum ruling {
	RULING_NO,   /* not what the rule looks for; others may have it */
	RULING_TRAP, /* taken, nothing to report */
	RULING_HIT
};

/* The text and the passage that the pattern has marked, in bytes. */
struct passage {
	const char *text;
	size_t len;
	size_t start, end; /* a check may move them inwards, or END outwards up to LEN */
	size_t match;      /* where the match began: the words before the passage */
};

struct personal_rule {
	enum personal_type type;
	const char *pattern; /* the group "v" is the passage; without it the whole match is */
	enum ruling (*check)(struct passage *passage); /* NULL: each match is a hit */
	bool is_list; /* the passage is a list of names: each name is a finding */
};

/* The rules in their order, things before names; the last one of each has no pattern. */
extern const struct personal_rule personal_thing_rules[], personal_name_rules[];

/* The pattern of one name in a list, without a group. */
extern const char personal_name_pattern[];

/* Takes a passage for a trap. */
enum ruling check_trap(struct passage *passage);

/* Checks of numbers (personal_number.c). */
enum ruling check_card(struct passage *passage);
enum ruling check_card_named(struct passage *passage);
enum ruling check_iban(struct passage *passage);
enum ruling check_phone(struct passage *passage);
enum ruling check_phone_grouped(struct passage *passage);
enum ruling check_mobile(struct passage *passage);
enum ruling check_ipv4(struct passage *passage);
enum ruling check_ipv6(struct passage *passage);
enum ruling check_birth(struct passage *passage);
enum ruling check_house(struct passage *passage);

/* Checks of identity numbers (personal_id.c). */
enum ruling check_id_named(struct passage *passage);
enum ruling check_ssn(struct passage *passage);
enum ruling check_id_format(struct passage *passage);

/* Checks of words (personal_word.c). */
enum ruling check_email(struct passage *passage);
enum ruling check_url(struct passage *passage);
enum ruling check_handle(struct passage *passage);
enum ruling check_name(struct passage *passage);
enum ruling check_name_quoted(struct passage *passage);

/*
 * Copies the letters and digits of PASSAGE to OUT, capitals for small letters of
 * ASCII, at most MAX - 1 of them, and a NUL. Returns how many the passage has.
 */
size_t passage_squeeze(const struct passage *passage, char *out, size_t max);

/* Says whether the number DIGITS (ASCII, N of them) has a right Luhn digit. */
bool luhn_is_right(const char *digits, size_t n);

#endif
