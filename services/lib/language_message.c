#include "language_inner.h"

#include <unicode/ustring.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instant.h"
#include "zone.h"

enum { KEYWORD_SIZE = 24, NUMBER_SIZE = 64, WORD_NAME_MAX = 40 };

#define OURS(name_, text_) {.name = (name_), .type = WORD_OURS, .text = (text_)}

/* ---- saying it ------------------------------------------------------------------------- */

struct saying {
	const struct language *language;
	const struct word *args;
	language_put *put;
	void *arg;
	const struct word *counted; /* what '#' stands for; NULL outside plurals */
	int depth;
	bool is_broken;
};

static void
put_ours(struct saying *s, const char *text)
{
	s->put(s->arg, PIECE_OURS, text, strlen(text));
}

/* "1,234.5": grouped, with two digits of a fraction at most. */
static void
put_number(struct saying *s, double number)
{
	const struct form *f = s->language->form;
	char plain[NUMBER_SIZE], *point;
	size_t whole;

	snprintf(plain, sizeof(plain), "%.2f", number < 0 ? -number : number);
	point = strchr(plain, '.');
	whole = (size_t)(point - plain);
	if (number < 0)
		put_ours(s, "-");
	for (size_t i = 0; i < whole; i++) {
		if (i > 0 && (whole - i) % 3 == 0 && whole >= (size_t)f->group_from)
			put_ours(s, f->group);
		s->put(s->arg, PIECE_OURS, plain + i, 1);
	}
	if (strcmp(point, ".00") == 0)
		return;
	put_ours(s, f->point);
	s->put(s->arg, PIECE_OURS, point + 1, point[2] == '0' ? 1 : 2);
}

/* Messages hold messages: LANGUAGE_DEPTH bounds them; those of the calendar hold none. */
// NOLINTBEGIN(misc-no-recursion)

/*
 * A date, and for WORD_TIME the time of day: seconds since 1970 on the clock of PLACE. The
 * catalogue says in which order.
 */
static void
put_date(struct saying *s, int type, int64_t local, const char *place)
{
	static const char *const weekdays[] = {"calendar.sun", "calendar.mon", "calendar.tue", "calendar.wed",
		"calendar.thu", "calendar.fri", "calendar.sat"};
	const char *key = type == WORD_DAY ? "calendar.day" :
	    type == WORD_DATE              ? "calendar.date" :
					     "calendar.moment";
	int64_t second = ((local % DAY_SECONDS) + DAY_SECONDS) % DAY_SECONDS;
	int32_t date = (int32_t)((local - second) / DAY_SECONDS);
	char month_key[NUMBER_SIZE], d[NUMBER_SIZE], y[NUMBER_SIZE], time[NUMBER_SIZE];
	int year, month, day;

	if (date < DATE_MIN || date > DATE_MAX) {
		s->is_broken = true;
		return;
	}
	date_split(date, &year, &month, &day);
	snprintf(month_key, sizeof(month_key), "calendar.month_%d", month);
	snprintf(d, sizeof(d), "%d", day);
	snprintf(y, sizeof(y), "%d", year);
	snprintf(time, sizeof(time), "%02d:%02d", (int)(second / 3600), (int)(second / 60 % 60));
	if (!language_say(s->language, key,
		WORDS(OURS("weekday", language_text(s->language, weekdays[date_weekday(date)])),
		    OURS("month", language_text(s->language, month_key)), OURS("day", d), OURS("year", y),
		    OURS("time", time), OURS("place", place)),
		s->put, s->arg))
		s->is_broken = true;
}

/* An instant is said with the place whose clock shows it: "America/New_York" is New York. */
static void
put_moment(struct saying *s, const struct word *w)
{
	struct zone *zone = zone_open(w->text);
	const char *place = strrchr(w->text, '/');
	int64_t local = w->at / INSTANT_SECOND + (zone != NULL ? zone_offset(zone, w->at) : 0);
	char name[ZONE_NAME_MAX + 1];

	snprintf(name, sizeof(name), "%s", zone == NULL ? "UTC" : place != NULL ? place + 1 : w->text);
	zone_close(zone);
	for (char *c = name; *c != '\0'; c++)
		if (*c == '_')
			*c = ' ';
	put_date(s, WORD_TIME, local, name);
}

static void
put_word(struct saying *s, const struct word *w)
{
	if (w->type == WORD_NUMBER)
		put_number(s, w->number);
	else if (w->type == WORD_TIME)
		put_moment(s, w);
	else if (w->type == WORD_DAY || w->type == WORD_DATE)
		put_date(s, w->type, w->at * DAY_SECONDS, "");
	else if (w->text != NULL)
		s->put(s->arg,
		    w->type == WORD_RAW      ? PIECE_RAW :
			w->type == WORD_OURS ? PIECE_OURS :
					       PIECE_PERSONS,
		    w->text, strlen(w->text));
}

/* ---- reading a message ------------------------------------------------------------------- */

static const char *message(struct saying *s, const char *p, bool is_said);

static const char *
skip_space(const char *p)
{
	return p + strspn(p, " \n\t");
}

static const char *
name_end(const char *p)
{
	return p + strspn(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
}

static const char *
broken(struct saying *s, const char *p)
{
	s->is_broken = true;
	return p + strlen(p);
}

static const struct word *
find_word(const struct saying *s, const char *name, size_t len)
{
	for (const struct word *w = s->args; w != NULL && w->name != NULL; w++)
		if (strlen(w->name) == len && strncmp(w->name, name, len) == 0)
			return w;
	return NULL;
}

/* "one", "few", ...: of the language's plural rules. */
static void
plural_keyword(struct saying *s, double number, char out[static KEYWORD_SIZE])
{
	UErrorCode error = U_ZERO_ERROR;
	UChar wide[KEYWORD_SIZE];
	int32_t n = uplrules_select(s->language->plural, number, wide, KEYWORD_SIZE, &error);

	snprintf(out, KEYWORD_SIZE, "other");
	if (U_SUCCESS(error) && n < KEYWORD_SIZE)
		u_UCharsToChars(wide, out, n + 1);
}

/* Is the selector SEL, of LEN bytes, what W asks for? 2: exactly; 1: by the language's rules; 0: no. */
static int
selects(struct saying *s, const struct word *w, bool is_plural, const char *sel, size_t len)
{
	char keyword[KEYWORD_SIZE];

	if (w == NULL)
		return 0;
	if (!is_plural)
		return w->text != NULL && strlen(w->text) == len && strncmp(w->text, sel, len) == 0 ? 2 : 0;
	if (sel[0] == '=')
		return strtod(sel + 1, NULL) == w->number ? 2 : 0;
	plural_keyword(s, w->number, keyword);
	return strlen(keyword) == len && strncmp(keyword, sel, len) == 0;
}

/* Says the variant that fits; P stands before the first selector. Returns what follows the argument's '}'. */
static const char *
variants(struct saying *s, const char *p, const struct word *w, bool is_plural, bool is_said)
{
	const char *best = NULL;
	const struct word *outer = s->counted;
	int best_fit = -1;

	for (p = skip_space(p); *p != '}'; p = skip_space(p)) {
		size_t len = strcspn(p, " \n\t{}");
		bool is_other = len == 5 && strncmp(p, "other", 5) == 0;
		int fit = len > 0 ? selects(s, w, is_plural, p, len) : -1;
		const char *body = skip_space(p + len);

		if (len == 0 || *body != '{')
			return broken(s, p);
		if (fit > 0 || is_other) {
			best = fit > best_fit ? body + 1 : best;
			best_fit = fit > best_fit ? fit : best_fit;
		}
		p = message(s, body + 1, false);
		if (*p != '}')
			return broken(s, p);
		p++;
	}
	if (best == NULL)
		return broken(s, p);
	if (is_said) {
		s->counted = is_plural ? w : outer;
		message(s, best, true);
		s->counted = outer;
	}
	return p + 1;
}

/* Behind '{'. */
static const char *
argument(struct saying *s, const char *p, bool is_said)
{
	const char *name = skip_space(p), *end = name_end(name), *type;
	const struct word *w = find_word(s, name, (size_t)(end - name));

	p = skip_space(end);
	if (end == name || end - name > WORD_NAME_MAX || (*p != '}' && *p != ','))
		return broken(s, p);
	if (*p == ',') {
		type = skip_space(p + 1);
		end = name_end(type);
		p = skip_space(end);
		bool is_plural = end - type == 6 && strncmp(type, "plural", 6) == 0;
		bool is_select = end - type == 6 && strncmp(type, "select", 6) == 0;

		if ((is_plural || is_select) && *p == ',')
			return variants(s, p + 1, w, is_plural, is_said);
		if (end - type != 6 || strncmp(type, "number", 6) != 0 || *p != '}')
			return broken(s, p);
	}
	if (is_said && w != NULL)
		put_word(s, w);
	return p + 1;
}

/* Says a message up to its end or to the '}' that closes it, and returns where that is. */
static const char *
message(struct saying *s, const char *p, bool is_said)
{
	if (++s->depth > LANGUAGE_DEPTH)
		return broken(s, p);
	while (*p != '\0' && *p != '}') {
		size_t n = strcspn(p, s->depth > 1 ? "{}#" : "{}");

		if (is_said && n > 0)
			s->put(s->arg, PIECE_OURS, p, n);
		p += n;
		if (*p == '{') {
			p = argument(s, p + 1, is_said);
		} else if (*p == '#') {
			if (is_said && s->counted != NULL)
				put_number(s, s->counted->number);
			p++;
		}
	}
	s->depth--;
	return p;
}

bool
language_format(
    const struct language *l, const char *text, const struct word *args, language_put *put, void *arg)
{
	struct saying s = {.language = l, .args = args, .put = put, .arg = arg};

	if (*message(&s, text, true) != '\0')
		s.is_broken = true;
	return !s.is_broken;
}

bool
language_say(const struct language *l, const char *key, const struct word *args, language_put *put, void *arg)
{
	const char *text = language_text(l, key);

	return text != NULL && language_format(l, text, args, put, arg);
}

// NOLINTEND(misc-no-recursion)
