#include "language.h"

#include <jansson.h>

#include <unicode/udat.h>
#include <unicode/unumberformatter.h>
#include <unicode/upluralrules.h>
#include <unicode/ustring.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "arena.h"
#include "instant.h"
#include "language_files.h"
#include "log.h"
#include "zone.h"

enum { LANGUAGES_MAX = 16, ACCEPT_MAX = 20, KEYWORD_SIZE = 24, NUMBER_SIZE = 64, NAME_MAX_ = 40 };

/* How a language writes; the digits are those of the codes and texts beside them. */
static const struct form {
	const char *tag, *name, *locale;
	bool is_rtl;
	const char *day, *date, *time; /* patterns of ICU */
} forms[] = {
	{"en", "English", "en_GB", false, "EEE d MMMM", "d MMMM y", "EEE d MMMM, HH:mm"},
	{"es", "Español", "es", false, "EEE d 'de' MMMM", "d 'de' MMMM 'de' y", "EEE d 'de' MMMM, HH:mm"},
	{"ar", "العربية", "ar@numbers=latn", true, "EEE d MMMM", "d MMMM y", "EEE d MMMM، HH:mm"},
};

struct entry {
	const char *key, *text;
};

struct language {
	const struct form *form;
	const struct language *english;
	struct entry *entries; /* sorted by key */
	size_t n_entries;
	UPluralRules *plural;
	UNumberFormatter *number;
	pthread_mutex_t mutex; /* of what stands below: ICU's date formats are of one thread at a time */
	UDateFormat *dates[3]; /* of WORD_DAY, WORD_DATE, WORD_TIME; opened when first needed */
};

struct languages {
	struct arena arena;
	struct language list[LANGUAGES_MAX];
	int n;
};

/* ---- reading the catalogues ---------------------------------------------------------- */

static int
by_key(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->key, ((const struct entry *)b)->key);
}

/* Adds the messages of FILE to L, each as "AREA.key". */
static bool
read_file(struct arena *arena, struct language *l, const struct language_file *file)
{
	json_error_t error;
	json_t *json = json_loads(file->text, JSON_REJECT_DUPLICATES, &error), *value;
	size_t n = json_object_size(json);
	struct entry *more = realloc(l->entries, (l->n_entries + n + 1) * sizeof(*more));
	const char *key;
	bool ok = json != NULL && more != NULL;

	l->entries = more != NULL ? more : l->entries;
	if (json == NULL)
		log_error("the words %s/%s: line %d: %s", file->language, file->area, error.line, error.text);
	json_object_foreach(json, key, value) {
		const char *text = json_string_value(value);
		char *whole = arena_printf(arena, "%s.%s", file->area, key);

		text = text != NULL ? arena_dup(arena, text, strlen(text)) : NULL;
		ok = ok && whole != NULL && text != NULL;
		if (ok)
			l->entries[l->n_entries++] = (struct entry){whole, text};
	}
	json_decref(json);
	return ok;
}

static bool
open_language(struct languages *all, struct language *l, const struct form *form)
{
	UErrorCode error = U_ZERO_ERROR;
	bool ok = true;

	l->form = form;
	l->english = &all->list[0];
	pthread_mutex_init(&l->mutex, NULL);
	for (const struct language_file *f = language_files; ok && f->language != NULL; f++)
		if (strcmp(f->language, form->tag) == 0)
			ok = read_file(&all->arena, l, f);
	if (l->n_entries > 0)
		qsort(l->entries, l->n_entries, sizeof(*l->entries), by_key);
	l->plural = uplrules_open(form->locale, &error);
	l->number = unumf_openForSkeletonAndLocale(u"", 0, form->locale, &error);
	if (U_FAILURE(error))
		log_error("the language %s: ICU says %s", form->tag, u_errorName(error));
	return ok && U_SUCCESS(error);
}

struct languages *
languages_open(void)
{
	struct languages *all = calloc(1, sizeof(*all));
	bool ok = all != NULL;

	if (all == NULL)
		return NULL;
	all->arena.max = 8 << 20;
	for (size_t i = 0; ok && i < sizeof(forms) / sizeof(forms[0]); i++)
		ok = open_language(all, &all->list[all->n++], &forms[i]);
	if (ok)
		return all;
	languages_close(all);
	return NULL;
}

void
languages_close(struct languages *all)
{
	if (all == NULL)
		return;
	for (int i = 0; i < all->n; i++) {
		struct language *l = &all->list[i];

		free(l->entries);
		if (l->plural != NULL)
			uplrules_close(l->plural);
		if (l->number != NULL)
			unumf_close(l->number);
		for (size_t k = 0; k < sizeof(l->dates) / sizeof(l->dates[0]); k++)
			if (l->dates[k] != NULL)
				udat_close(l->dates[k]);
		pthread_mutex_destroy(&l->mutex);
	}
	arena_reset(&all->arena);
	free(all);
}

/* ---- finding one --------------------------------------------------------------------- */

const struct language *
language_at(const struct languages *all, int i)
{
	return i >= 0 && i < all->n ? &all->list[i] : NULL;
}

const struct language *
language_find(const struct languages *all, const char *tag, size_t len)
{
	size_t first = tag != NULL ? strnlen(tag, len) : 0;

	for (size_t i = 0; i < first; i++)
		if (tag[i] == '-' || tag[i] == '_')
			first = i;
	for (int i = 0; i < all->n; i++) {
		const char *own = all->list[i].form->tag;

		if (strlen(own) == first && strncasecmp(own, tag, first) == 0)
			return &all->list[i];
	}
	return NULL;
}

/* The quality behind a language, in thousandths; 1000 unless it says otherwise. */
static int
quality(const char *s, size_t len)
{
	const char *q = memmem(s, len, "q=", 2);
	double value = q != NULL ? strtod(q + 2, NULL) : 1;

	return value >= 0 && value <= 1 ? (int)(value * 1000) : 0;
}

const struct language *
language_accepted(const struct languages *all, const char *accept)
{
	const struct language *best = &all->list[0];
	int best_quality = 0;

	for (int i = 0; accept != NULL && *accept != '\0' && i < ACCEPT_MAX; i++) {
		size_t len, tag;

		accept += strspn(accept, " ,\t");
		len = strcspn(accept, ",");
		tag = strcspn(accept, ",; \t");
		const struct language *l = language_find(all, accept, tag);
		int q = l != NULL ? quality(accept, len) : 0;

		if (q > best_quality) {
			best = l;
			best_quality = q;
		}
		accept += len;
	}
	return best;
}

const char *
language_tag(const struct language *l)
{
	return l->form->tag;
}

const char *
language_name(const struct language *l)
{
	return l->form->name;
}

bool
language_is_rtl(const struct language *l)
{
	return l->form->is_rtl;
}

const char *
language_text(const struct language *l, const char *key)
{
	struct entry wanted = {key, NULL};
	const struct entry *e = l->n_entries == 0 ?
	    NULL :
	    bsearch(&wanted, l->entries, l->n_entries, sizeof(*l->entries), by_key);

	if (e != NULL)
		return e->text;
	return l != l->english ? language_text(l->english, key) : NULL;
}

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

static void
put_number(struct saying *s, double number)
{
	UErrorCode error = U_ZERO_ERROR;
	UFormattedNumber *result = unumf_openResult(&error);
	UChar wide[NUMBER_SIZE];
	char text[NUMBER_SIZE * 3] = "";

	unumf_formatDouble(s->language->number, number, result, &error);
	unumf_resultToString(result, wide, NUMBER_SIZE, &error);
	u_strToUTF8(text, sizeof(text), NULL, wide, -1, &error);
	unumf_closeResult(result);
	if (U_SUCCESS(error))
		put_ours(s, text);
	else
		s->is_broken = true;
}

static UDateFormat *
open_dates(const struct form *form, const char *pattern)
{
	UErrorCode error = U_ZERO_ERROR;
	UChar wide[NUMBER_SIZE];
	UDateFormat *dates;

	u_strFromUTF8(wide, NUMBER_SIZE, NULL, pattern, -1, &error);
	dates = udat_open(UDAT_PATTERN, UDAT_PATTERN, form->locale, u"GMT", -1, wide, -1, &error);
	return U_SUCCESS(error) ? dates : NULL;
}

/* LOCAL: seconds since 1970 on the clock of the place. */
static void
put_date(struct saying *s, int type, double local)
{
	struct language *l = (struct language *)s->language; /* its formats are opened when they are needed */
	const char *patterns[] = {l->form->day, l->form->date, l->form->time};
	int which = type - WORD_DAY;
	UErrorCode error = U_ZERO_ERROR;
	UChar wide[LANGUAGE_DATE_SIZE];
	char text[LANGUAGE_DATE_SIZE * 3] = "";

	pthread_mutex_lock(&l->mutex);
	if (l->dates[which] == NULL)
		l->dates[which] = open_dates(l->form, patterns[which]);
	if (l->dates[which] != NULL)
		udat_format(l->dates[which], local * 1000, wide, LANGUAGE_DATE_SIZE, NULL, &error);
	s->is_broken |= l->dates[which] == NULL;
	pthread_mutex_unlock(&l->mutex);
	if (s->is_broken)
		return;
	u_strToUTF8(text, sizeof(text), NULL, wide, -1, &error);
	if (U_SUCCESS(error))
		put_ours(s, text);
	else
		s->is_broken = true;
}

/* An instant is said with the place whose clock shows it: "America/New_York" is New York. */
static void
put_moment(struct saying *s, const struct word *w)
{
	struct zone *zone = zone_open(w->text);
	const char *place = strrchr(w->text, '/');
	double local = (double)w->at / INSTANT_SECOND + (zone != NULL ? zone_offset(zone, w->at) : 0);
	char name[ZONE_NAME_MAX + 1];

	snprintf(name, sizeof(name), "%s", zone == NULL ? "UTC" : place != NULL ? place + 1 : w->text);
	zone_close(zone);
	for (char *c = name; *c != '\0'; c++)
		*c = *c == '_' ? ' ' : *c;
	put_date(s, WORD_TIME, local);
	put_ours(s, " (");
	put_ours(s, name);
	put_ours(s, ")");
}

static void
put_word(struct saying *s, const struct word *w)
{
	if (w->type == WORD_NUMBER)
		put_number(s, w->number);
	else if (w->type == WORD_TIME)
		put_moment(s, w);
	else if (w->type == WORD_DAY || w->type == WORD_DATE)
		put_date(s, w->type, (double)w->at * DAY_SECONDS);
	else if (w->text != NULL)
		s->put(s->arg, w->type == WORD_RAW ? PIECE_RAW : PIECE_PERSONS, w->text, strlen(w->text));
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
	if (end == name || end - name > NAME_MAX_ || (*p != '}' && *p != ','))
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
