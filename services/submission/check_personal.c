#include <string.h>

#include "arena.h"
#include "checks.h"
#include "personal.h"

/* Adds what is found in TEXT; the caller says where it stands. */
static void
look(struct findings *found, const char *text, const char *part, const char *evidence_id, const char *field)
{
	struct personal_findings in_text;

	if (!personal_find(found->arena, text, strlen(text), &in_text))
		return;
	for (size_t i = 0; i < in_text.n; i++) {
		struct finding *finding = finding_add(found, WARNS, "%s", in_text.list[i].message);

		finding->excerpt = in_text.list[i].excerpt;
		finding->part = part;
		finding->evidence_id = evidence_id;
		finding->field = field;
	}
}

/* A file name as words: what stands between them in names of files is no part of them. */
static void
look_at_file_name(struct findings *found, const Vouch__Evidence *e, const char *field)
{
	char *words = arena_dup(found->arena, e->file_name, strlen(e->file_name));

	if (words == NULL)
		return;
	for (char *c = words; *c != '\0'; c++)
		if (*c == '_')
			*c = ' ';
	look(found, words, NULL, e->id, field);
}

/* Personal information in texts, titles and file names (DRF-5); the earner may have a reason to keep it. */
bool
check_personal(const struct draft *draft, struct findings *found)
{
	size_t before = found->n;

	for (size_t i = 0; i < draft->n_parts; i++)
		look(found, draft->parts[i]->text, draft->parts[i]->key, NULL,
		    finding_text(found, "parts.%s", draft->parts[i]->key));
	for (size_t i = 0; i < draft->n_evidence; i++) {
		const Vouch__Evidence *e = draft->evidence[i];
		const char *field = finding_text(found, "evidence.%s", e->id);

		look(found, e->title, NULL, e->id, field);
		if (e->kind == VOUCH__EVIDENCE_KIND__FILE)
			look_at_file_name(found, e, field);
	}
	return found->n == before;
}
