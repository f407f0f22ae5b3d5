#include "report.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
report_begin(struct report *report, const char *type)
{
	memset(report, 0, sizeof(*report));
	report->type = type;
	report->pages = report->width = report->height = report->entries = report->seconds = -1;
	report->text = -1;
}

bool
report_has(const struct report *report, const char *rule)
{
	for (size_t i = 0; i < report->n_problems; i++)
		if (strcmp(report->problems[i].rule, rule) == 0)
			return true;
	return false;
}

void
report_add(struct report *report, enum verdict verdict, const char *rule, const char *format, ...)
{
	va_list ap;

	if (verdict > report->verdict)
		report->verdict = verdict;
	if (report->n_problems == PROBLEMS_MAX || report_has(report, rule))
		return;
	struct problem *problem = &report->problems[report->n_problems++];
	problem->rule = rule;
	va_start(ap, format);
	vsnprintf(problem->message, sizeof(problem->message), format, ap);
	va_end(ap);
}

/* Appends to OUT at *AT; past MAX nothing more is written, and *AT stays past it. */
static void put(char *out, size_t max, size_t *at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void
put(char *out, size_t max, size_t *at, const char *format, ...)
{
	va_list ap;

	if (*at >= max)
		return;
	va_start(ap, format);
	int n = vsnprintf(out + *at, max - *at, format, ap);
	va_end(ap);
	assert(n >= 0);
	*at += (size_t)n;
}

static void
put_number(char *out, size_t max, size_t *at, const char *name, int64_t number)
{
	if (number >= 0)
		put(out, max, at, ",\"%s\":%lld", name, (long long)number);
}

/* Our own words in ASCII: only quotes and backslashes need a thought. */
static void
put_string(char *out, size_t max, size_t *at, const char *s)
{
	put(out, max, at, "\"");
	for (; *s != '\0'; s++)
		put(out, max, at, *s == '"' || *s == '\\' ? "\\%c" : "%c", *s);
	put(out, max, at, "\"");
}

size_t
report_print(const struct report *report, char *out, size_t max)
{
	static const char *const verdicts[] = {"accept", "warn", "policy", "reject"};
	size_t at = 0;

	put(out, max, &at, "{\"type\":\"%s\",\"verdict\":\"%s\",\"problems\":[", report->type,
	    verdicts[report->verdict]);
	for (size_t i = 0; i < report->n_problems; i++) {
		put(out, max, &at, "%s{\"rule\":\"%s\",\"message\":", i == 0 ? "" : ",",
		    report->problems[i].rule);
		put_string(out, max, &at, report->problems[i].message);
		put(out, max, &at, "}");
	}
	put(out, max, &at, "]");
	put_number(out, max, &at, "pages", report->pages);
	put_number(out, max, &at, "width", report->width);
	put_number(out, max, &at, "height", report->height);
	put_number(out, max, &at, "entries", report->entries);
	put_number(out, max, &at, "seconds", report->seconds);
	if (report->text >= 0)
		put(out, max, &at, ",\"text\":%s", report->text ? "true" : "false");
	put(out, max, &at, "}\n");
	return at < max ? at : 0;
}
