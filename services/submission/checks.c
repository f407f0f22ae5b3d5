#include "checks.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"

static const struct check {
	const char *rule;
	bool (*run)(const struct draft *draft, struct findings *found);
	bool may_block;
	const char *passes; /* the line when it has nothing to say */
} checks[] = {
	{"intake", check_intake, true, "The micro-credential takes submissions."},
	{"part_text", check_part_text, true, "Every part has a text."},
	{"word_limit", check_word_limit, true, "Every part keeps its word limits."},
	{"evidence_count", check_evidence_count, true, "The evidence that is asked for is there."},
	{"evidence_type", check_evidence_type, true, "Every file is of a type that is accepted."},
	{"evidence_checked", check_evidence_checked, true, "All evidence has been looked at."},
	{"evidence_readable", check_evidence_readable, true, "Every file can be opened and read."},
	{"link_open", check_link_open, true, "Every link is open to everybody."},
	{"collaboration", check_collaboration, true, "Collaboration is declared as the policy asks."},
	{"ai_disclosure", check_ai_disclosure, true, "The use of AI is declared as the policy asks."},
	{"personal_information_reviewed", check_care, true, "You have looked for personal information."},
	{"own_work", check_own_work, true, "You have confirmed that this is your own work."},
	{"personal_information", check_personal, false,
		"No personal information was seen in texts and names."},
	{"evidence_title", check_evidence_title, false, "Every piece of evidence has a clear title."},
	{"evidence_twice", check_evidence_twice, false, "No evidence is there twice."},
	{"coach_first", check_coach, false, "Nothing has to come before handing in."},
};

enum { N_CHECKS = sizeof(checks) / sizeof(checks[0]), MESSAGE_BYTES = 512 };

static const char *keep(struct findings *found, const char *format, va_list ap)
    __attribute__((format(printf, 2, 0)));

static const char *
keep(struct findings *found, const char *format, va_list ap)
{
	char text[MESSAGE_BYTES];
	const char *kept;
	size_t len;

	vsnprintf(text, sizeof(text), format, ap);
	len = strlen(text);
	/* A cut never leaves half a character behind. */
	if (len == sizeof(text) - 1) {
		while (len > 0 && ((unsigned char)text[len - 1] & 0xc0) == 0x80)
			len--;
		len -= len > 0;
	}
	kept = arena_dup(found->arena, text, len);
	if (kept == NULL)
		found->is_complete = false;
	return kept != NULL ? kept : "";
}

const char *
finding_text(struct findings *found, const char *format, ...)
{
	va_list ap;
	const char *text;

	va_start(ap, format);
	text = keep(found, format, ap);
	va_end(ap);
	return text;
}

struct finding *
finding_add(struct findings *found, int severity, const char *format, ...)
{
	struct finding *finding = &found->spill;
	va_list ap;

	found->n_blocks += severity == BLOCKS;
	if (found->n == FINDINGS_MAX) {
		found->is_complete = false;
		return finding;
	}
	finding = &found->list[found->n++];
	va_start(ap, format);
	*finding = (struct finding){
		.rule = found->rule, .severity = severity, .message = keep(found, format, ap)};
	va_end(ap);
	return finding;
}

bool
text_is_there(const char *text)
{
	return text != NULL && text[strspn(text, " \t\r\n")] != '\0';
}

static bool
start(struct findings *found)
{
	struct arena *arena = found->arena;

	*found = (struct findings){.arena = arena, .is_complete = true};
	found->list = arena_alloc(arena, FINDINGS_MAX * sizeof(*found->list));
	return found->list != NULL;
}

/* In groups, each in the order of the table: a person mends from the top. */
static bool
sort(struct findings *found)
{
	struct finding *sorted = arena_alloc(found->arena, FINDINGS_MAX * sizeof(*sorted));
	size_t n = 0;

	if (sorted == NULL)
		return false;
	for (int severity = BLOCKS; severity <= PASSES; severity++)
		for (size_t i = 0; i < found->n; i++)
			if (found->list[i].severity == severity)
				sorted[n++] = found->list[i];
	found->list = sorted;
	return true;
}

bool
checks_run(const struct draft *draft, struct findings *found)
{
	if (!start(found))
		return false;
	for (size_t i = 0; i < N_CHECKS; i++) {
		found->rule = checks[i].rule;
		if (checks[i].run(draft, found))
			finding_add(found, PASSES, "%s", checks[i].passes);
	}
	return sort(found);
}

bool
checks_run_blocking(const struct draft *draft, struct findings *found)
{
	if (!start(found))
		return false;
	for (size_t i = 0; i < N_CHECKS; i++) {
		found->rule = checks[i].rule;
		if (checks[i].may_block)
			checks[i].run(draft, found);
	}
	return sort(found);
}
