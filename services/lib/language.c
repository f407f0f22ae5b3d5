#include "language_inner.h"

#include <jansson.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "arena.h"
#include "language_files.h"
#include "log.h"

enum { LANGUAGES_MAX = 16, ACCEPT_MAX = 20 };

/* The digits are Latin everywhere: those of the codes and texts beside them. */
static const struct form forms[] = {
	{"en", "English", false, ",", ".", 4},
	{"es", "Español", false, ".", ",", 5},
	{"ar", "العربية", true, ",", ".", 4},
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
	for (const struct language_file *f = language_files; ok && f->language != NULL; f++)
		if (strcmp(f->language, form->tag) == 0)
			ok = read_file(&all->arena, l, f);
	if (l->n_entries > 0)
		qsort(l->entries, l->n_entries, sizeof(*l->entries), by_key);
	l->plural = uplrules_open(form->tag, &error);
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

static const char *
find_text(const struct language *l, const char *key)
{
	struct entry wanted = {key, NULL};
	const struct entry *e = l->n_entries == 0 ?
	    NULL :
	    bsearch(&wanted, l->entries, l->n_entries, sizeof(*l->entries), by_key);

	return e != NULL ? e->text : NULL;
}

const char *
language_text(const struct language *l, const char *key)
{
	const char *text = find_text(l, key);

	return text != NULL ? text : find_text(l->english, key);
}
