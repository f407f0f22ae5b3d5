#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "checks.h"
#include "requirement.h"

/* What cameras, scanners and programs call things: the word, then at most numbers and signs. */
static bool
is_machine_name(const char *title)
{
	static const char *const words[] = {"img", "image", "dsc", "dscn", "dcim", "pxl", "mvi", "mov", "vid",
		"gopr", "photo", "picture", "video", "screenshot", "screen shot", "bildschirmfoto", "scan",
		"scanned document", "document", "dokument", "doc", "untitled", "unnamed", "new document",
		"file", "upload", "attachment", "presentation", "whatsapp image", "whatsapp video"};
	size_t len = 0;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t n = strlen(words[i]);

		if (n > len && strncasecmp(title, words[i], n) == 0)
			len = n;
	}
	for (const char *c = title + len; *c != '\0'; c++)
		if (isalpha((unsigned char)*c) || (unsigned char)*c >= 0x80)
			return false;
	return true; /* also a title of numbers alone */
}

/* "final(2)", "plan copy", "essay v3 final": the name tells how it came about, not what it shows. */
static bool
is_leftover_name(const char *title)
{
	static const char *const ends[] = {"final", "copy", "new", "neu", "kopie", "version"};
	size_t end = strlen(title);

	while (
	    end > 0 && (isdigit((unsigned char)title[end - 1]) || strchr("()[]_-. ", title[end - 1]) != NULL))
		end--;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t n = strlen(ends[i]);

		if (end >= n && strncasecmp(title + end - n, ends[i], n) == 0 &&
		    (end == n || !isalnum((unsigned char)title[end - n - 1])))
			return true;
	}
	return false;
}

/* A name of a file, not a title: "lesson_plan.pdf". */
static bool
is_file_name(const char *title)
{
	const char *dot = strrchr(title, '.');
	size_t n = dot != NULL ? strlen(dot + 1) : 0;

	return dot != NULL && dot != title && n >= 2 && n <= 4 &&
	    strspn(dot + 1,
		"abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == n &&
	    strspn(dot + 1, "0123456789") != n;
}

static bool
is_doubled(const struct draft *draft, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (strcasecmp(draft->evidence[i]->title, draft->evidence[at]->title) == 0)
			return true;
	return false;
}

/* Made of the requirement's title, which says what is asked for. */
static bool
is_of_requirement(const struct draft *draft, const Vouch__Evidence *e)
{
	const Vouch__EvidenceRequirement *r = requirement_find(draft->document, e->requirement_id);

	return r != NULL && strncmp(e->title, r->title, strlen(r->title)) == 0;
}

static bool
is_unclear(const struct draft *draft, const Vouch__Evidence *e)
{
	return !is_of_requirement(draft, e) &&
	    (is_machine_name(e->title) || is_leftover_name(e->title) || is_file_name(e->title));
}

/* Titles that tell the assessor what a piece shows (EVD-5). */
bool
check_evidence_title(const struct draft *draft, struct findings *found)
{
	size_t before = found->n;

	for (size_t i = 0; i < draft->n_evidence; i++) {
		const Vouch__Evidence *e = draft->evidence[i];
		struct finding *finding;

		if (is_doubled(draft, i))
			finding = finding_add(found, WARNS,
			    "There are several pieces called “%s”; give each a title of its own.", e->title);
		else if (is_unclear(draft, e))
			finding = finding_add(found, WARNS,
			    "“%s” does not say what the piece shows; give it a title for the assessor.",
			    e->title);
		else
			continue;
		finding->evidence_id = e->id;
		finding->field = finding_text(found, "evidence.%s", e->id);
	}
	return found->n == before;
}
