/* personal.c: runs the rules over a text, see personal.h. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "personal.h"

#include <assert.h>
#include <pcre2.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include "arena.h"
#include "personal_rule.h"

enum {
	RULES_MAX = 96,
	SPANS_MAX = 2000,   /* findings and traps of one text */
	STEPS_MAX = 200000, /* PCRE2's match limit: steps of one match */
	EXCERPT_MAX = 80,   /* code points */
	STACK_MIN = 32 << 10,
	STACK_MAX = 512 << 10
};

/* The compiled rules: made once, constant afterwards, shared by all threads. */
static struct {
	struct {
		const struct personal_rule *rule;
		pcre2_code *code;
		uint32_t group; /* of the passage; 0: the whole match */
	} rules[RULES_MAX];
	size_t n;
	pcre2_code *name;
} compiled;

/* A passage that a rule has taken. */
struct span {
	size_t start, end; /* bytes */
	enum personal_type type;
	bool is_finding;
};

struct scan {
	const char *text;
	size_t len;
	pcre2_match_context *context;
	pcre2_match_data *data;
	struct span *spans; /* by start, without overlaps */
	size_t n, n_findings;
	bool complete;
};

static pcre2_code *
pattern_compile(const char *pattern)
{
	int error;
	PCRE2_SIZE at;
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
	    PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C, &error, &at, NULL);

	assert(code != NULL);
	/* Without JIT the rules are slower and find the same. */
	pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	return code;
}

static void
rules_add(const struct personal_rule *rule)
{
	for (; rule->pattern != NULL; rule++) {
		assert(compiled.n < RULES_MAX);
		pcre2_code *code = pattern_compile(rule->pattern);
		int group = pcre2_substring_number_from_name(code, (PCRE2_SPTR) "v");

		compiled.rules[compiled.n].rule = rule;
		compiled.rules[compiled.n].code = code;
		compiled.rules[compiled.n].group = group > 0 ? (uint32_t)group : 0;
		compiled.n++;
	}
}

static void
rules_compile(void)
{
	rules_add(personal_thing_rules);
	rules_add(personal_name_rules);
	compiled.name = pattern_compile(personal_name_pattern);
}

/* The index of the first span that ends behind START. */
static size_t
span_place(const struct scan *scan, size_t start)
{
	size_t low = 0, high = scan->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (scan->spans[mid].end <= start)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void
span_take(struct scan *scan, const struct passage *passage, enum personal_type type, bool is_finding)
{
	size_t place = span_place(scan, passage->start);

	if (passage->start >= passage->end || (place < scan->n && scan->spans[place].start < passage->end))
		return;
	if (scan->n == SPANS_MAX || (is_finding && scan->n_findings == PERSONAL_FINDINGS_MAX)) {
		scan->complete = false;
		return;
	}
	memmove(scan->spans + place + 1, scan->spans + place, (scan->n - place) * sizeof(*scan->spans));
	scan->spans[place] = (struct span){passage->start, passage->end, type, is_finding};
	scan->n++;
	scan->n_findings += is_finding;
}

/* Matches CODE from AT on, up to END; a bound that is reached ends the rule. */
static bool
pattern_next(struct scan *scan, const pcre2_code *code, size_t at, size_t end)
{
	int rc = pcre2_match(
	    code, (PCRE2_SPTR)scan->text, end, at, PCRE2_NO_UTF_CHECK, scan->data, scan->context);

	if (rc < 0 && rc != PCRE2_ERROR_NOMATCH)
		scan->complete = false;
	return rc > 0;
}

/* The start of the character behind the one at AT. */
static size_t
behind(const struct scan *scan, size_t at)
{
	do
		at++;
	while (at < scan->len && ((unsigned char)scan->text[at] & 0xc0) == 0x80);
	return at;
}

/* The names in the list of PASSAGE. */
static void
names_take(struct scan *scan, const struct personal_rule *rule, const struct passage *list)
{
	size_t at = list->start;

	while (at < list->end && pattern_next(scan, compiled.name, at, list->end)) {
		const PCRE2_SIZE *found = pcre2_get_ovector_pointer(scan->data);
		struct passage name = {scan->text, scan->len, found[0], found[1], list->match};

		at = name.end;
		if (rule->check(&name) != RULING_HIT)
			return;
		span_take(scan, &name, rule->type, true);
	}
}

static void
rule_run(struct scan *scan, size_t i)
{
	const struct personal_rule *rule = compiled.rules[i].rule;
	size_t at = 0;

	/* Each round begins behind the last one. */
	while (at < scan->len && pattern_next(scan, compiled.rules[i].code, at, scan->len)) {
		const PCRE2_SIZE *found = pcre2_get_ovector_pointer(scan->data);
		const PCRE2_SIZE *value = found + (size_t)2 * compiled.rules[i].group;
		struct passage passage = {scan->text, scan->len, value[0], value[1], found[0]};

		at = behind(scan, passage.start);
		if (rule->is_list) {
			at = passage.end;
			names_take(scan, rule, &passage);
			continue;
		}
		enum ruling ruling = rule->check == NULL ? RULING_HIT : rule->check(&passage);
		if (ruling == RULING_NO)
			continue;
		span_take(scan, &passage, rule->type, ruling == RULING_HIT);
		at = passage.end;
	}
}

static const char *const type_names[PERSONAL_TYPES] = {
	[PERSONAL_EMAIL] = "email",
	[PERSONAL_PHONE] = "phone",
	[PERSONAL_NATIONAL_ID] = "national_id",
	[PERSONAL_CARD] = "card",
	[PERSONAL_IBAN] = "iban",
	[PERSONAL_IP_ADDRESS] = "ip_address",
	[PERSONAL_STREET] = "street",
	[PERSONAL_URL] = "url",
	[PERSONAL_USER_NAME] = "user_name",
	[PERSONAL_BIRTH_DATE] = "birth_date",
	[PERSONAL_PERSON] = "person",
};

static const char *const messages[PERSONAL_TYPES] = {
	[PERSONAL_EMAIL] = "This looks like an e-mail address; take it out, assessors do not need it.",
	[PERSONAL_PHONE] = "This looks like a phone number; take it out.",
	[PERSONAL_NATIONAL_ID] = "This looks like an identity or student number; take it out.",
	[PERSONAL_CARD] = "This looks like the number of a payment card; take it out.",
	[PERSONAL_IBAN] = "This looks like a bank account number; take it out.",
	[PERSONAL_IP_ADDRESS] = "This looks like the network address of a computer; take it out.",
	[PERSONAL_STREET] = "This looks like a postal address; take it out, or name only the kind of place.",
	[PERSONAL_URL] = "This looks like the page of a person; keep it only if it is your work page.",
	[PERSONAL_USER_NAME] = "This looks like the user name of a person; take it out.",
	[PERSONAL_BIRTH_DATE] = "This looks like a date of birth; give an age or a grade instead.",
	[PERSONAL_PERSON] = "This looks like the name of a person; write initials or \"Student A\" instead.",
};

const char *
personal_type_name(enum personal_type type)
{
	assert(type >= 0 && type < PERSONAL_TYPES);
	return type_names[type];
}

/* Spans are bytes, findings are code points: one walk over the text turns all of them. */
static bool
findings_fill(struct arena *arena, const struct scan *scan, struct personal_findings *found)
{
	size_t at = 0, points = 0;

	found->list = arena_alloc(arena, (scan->n_findings + 1) * sizeof(*found->list));
	if (found->list == NULL)
		return false;
	for (size_t i = 0; i < scan->n; i++) {
		const struct span *span = &scan->spans[i];
		struct personal_finding *finding = &found->list[found->n];
		size_t cut = span->end;

		if (!span->is_finding)
			continue;
		for (; at < span->start; at++)
			points += ((unsigned char)scan->text[at] & 0xc0) != 0x80;
		finding->start = points;
		for (; at < span->end; at++) {
			if (((unsigned char)scan->text[at] & 0xc0) == 0x80)
				continue;
			if (points - finding->start == EXCERPT_MAX)
				cut = at;
			points++;
		}
		finding->end = points;
		finding->type = span->type;
		finding->message = messages[span->type];
		finding->excerpt = arena_dup(arena, scan->text + span->start, cut - span->start);
		if (finding->excerpt == NULL)
			return false;
		found->n++;
	}
	found->complete = scan->complete;
	return true;
}

static bool
is_utf8(const char *text, size_t len)
{
	/* The empty pattern: PCRE2 checks the subject and matches at once. */
	int error;
	PCRE2_SIZE at;
	pcre2_code *empty = pcre2_compile((PCRE2_SPTR) "", 0, PCRE2_UTF, &error, &at, NULL);
	pcre2_match_data *data = empty == NULL ? NULL : pcre2_match_data_create(1, NULL);
	bool valid = data != NULL && pcre2_match(empty, (PCRE2_SPTR)text, len, 0, 0, data, NULL) >= 0;

	pcre2_match_data_free(data);
	pcre2_code_free(empty);
	return valid;
}

bool
personal_find(struct arena *arena, const char *text, size_t len, struct personal_findings *found)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct scan scan = {.text = text, .len = len, .complete = true};
	pcre2_jit_stack *stack;
	bool done = false;

	*found = (struct personal_findings){NULL, 0, true};
	if (len > PERSONAL_TEXT_MAX || !is_utf8(text, len))
		return false;
	pthread_once(&once, rules_compile);

	scan.spans = arena_alloc(arena, SPANS_MAX * sizeof(*scan.spans));
	scan.context = pcre2_match_context_create(NULL);
	scan.data = pcre2_match_data_create(16, NULL);
	stack = pcre2_jit_stack_create(STACK_MIN, STACK_MAX, NULL);
	if (scan.spans != NULL && scan.context != NULL && scan.data != NULL && stack != NULL) {
		pcre2_set_match_limit(scan.context, STEPS_MAX);
		pcre2_jit_stack_assign(scan.context, NULL, stack);
		for (size_t i = 0; i < compiled.n; i++)
			rule_run(&scan, i);
		done = findings_fill(arena, &scan, found);
	}
	if (!done)
		*found = (struct personal_findings){NULL, 0, true};
	pcre2_jit_stack_free(stack);
	pcre2_match_data_free(scan.data);
	pcre2_match_context_free(scan.context);
	return done;
}
