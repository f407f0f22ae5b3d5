#include "requirement.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "arena.h"

const Vouch__EvidenceRequirement *
requirement_find(const Vouch__MicroCredentialDocument *document, const char *id)
{
	for (size_t i = 0; i < document->n_evidence_requirements; i++)
		if (strcmp(document->evidence_requirements[i]->id, id) == 0)
			return document->evidence_requirements[i];
	return NULL;
}

int
requirement_count(
    const Vouch__EvidenceRequirement *requirement, Vouch__Evidence *const *evidence, size_t n, bool is_good)
{
	int count = 0;

	for (size_t i = 0; i < n; i++)
		count += strcmp(evidence[i]->requirement_id, requirement->id) == 0 &&
		    !(is_good && strcmp(evidence[i]->state, "problem") == 0);
	return count;
}

const char *
name_extension(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot == NULL || dot == name || strchr(dot, '/') != NULL ? "" : dot + 1;
}

bool
extension_is(const char *a, const char *b)
{
	static const char *const same[][2] = {
		{"jpg", "jpeg"}, {"tif", "tiff"}, {"htm", "html"}, {"mpg", "mpeg"}};

	if (strcasecmp(a, b) == 0)
		return true;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		if ((strcasecmp(a, same[i][0]) == 0 && strcasecmp(b, same[i][1]) == 0) ||
		    (strcasecmp(a, same[i][1]) == 0 && strcasecmp(b, same[i][0]) == 0))
			return true;
	return false;
}

bool
requirement_takes(const Vouch__EvidenceRequirement *requirement, const char *name)
{
	const char *extension = name_extension(name);

	for (size_t i = 0; i < requirement->n_accepts; i++) {
		const char *accepted = requirement->accepts[i];

		if (extension_is(extension, accepted[0] == '.' ? accepted + 1 : accepted))
			return true;
	}
	return requirement->n_accepts == 0;
}

const Vouch__EvidenceRequirement *
requirement_choose(const Vouch__MicroCredentialDocument *document, Vouch__Evidence *const *evidence, size_t n,
    const char *file_name)
{
	const Vouch__EvidenceRequirement *has_room = NULL;

	for (size_t i = 0; i < document->n_evidence_requirements; i++) {
		const Vouch__EvidenceRequirement *r = document->evidence_requirements[i];
		int count = requirement_count(r, evidence, n, false);

		if (file_name != NULL && !requirement_takes(r, file_name))
			continue;
		if (count < r->min)
			return r;
		if (has_room == NULL && (r->max == 0 || count < r->max))
			has_room = r;
	}
	return has_room;
}

static bool
is_used(const char *title, Vouch__Evidence *const *evidence, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcasecmp(evidence[i]->title, title) == 0)
			return true;
	return false;
}

char *
requirement_title(struct arena *arena, const Vouch__EvidenceRequirement *requirement,
    Vouch__Evidence *const *evidence, size_t n)
{
	const char *base = requirement != NULL ? requirement->title : "Evidence";
	/* Room for the number; a title of another script is cut between two characters. */
	int len = (int)strnlen(base, TITLE_MAX - 8);
	char title[TITLE_MAX + 1];

	while (len > 0 && ((unsigned char)base[len] & 0xc0) == 0x80)
		len--;
	snprintf(title, sizeof(title), "%.*s", len, base);
	if (requirement == NULL || requirement->max != 1 || is_used(title, evidence, n))
		for (size_t number = 1; number <= n + 1; number++) {
			snprintf(title, sizeof(title), "%.*s %zu", len, base, number);
			if (!is_used(title, evidence, n))
				break;
		}
	return arena_dup(arena, title, strlen(title));
}

const char *
requirement_list(struct arena *arena, const Vouch__EvidenceRequirement *requirement)
{
	const char *list = "";

	for (size_t i = 0; list != NULL && i < requirement->n_accepts; i++)
		list = arena_printf(arena, "%s%s%s", list,
		    i == 0                              ? "" :
			i + 1 == requirement->n_accepts ? " or " :
							  ", ",
		    requirement->accepts[i]);
	return list;
}
