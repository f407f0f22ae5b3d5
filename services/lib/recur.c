#include "recur.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "instant.h"

enum { PERIOD_MAX = 366 };

static const char malformed[] = "the RRULE is malformed";

/* Reads a whole number LOW..HIGH, 1 <= LOW; with IS_SIGNED also -HIGH..-LOW. */
static bool
read_number(const char *s, size_t len, int low, int high, bool is_signed, int *value)
{
	bool negative = is_signed && len > 0 && *s == '-';
	int n = 0;

	if (is_signed && len > 0 && (*s == '-' || *s == '+')) {
		s++;
		len--;
	}
	if (len == 0 || len > 4)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		n = n * 10 + (s[i] - '0');
	}
	*value = negative ? -n : n;
	return n >= low && n <= high;
}

/* Reads "1,-1,15". */
static bool
read_list(const char *s, int high, bool is_signed, struct recur_list *list)
{
	list->n = 0;
	for (;;) {
		size_t len = strcspn(s, ",");
		int value;

		if (list->n == RECUR_LIST_MAX || !read_number(s, len, 1, high, is_signed, &value))
			return false;
		list->v[list->n++] = (int16_t)value;
		if (s[len] == '\0')
			return true;
		s += len + 1;
	}
}

static int
read_weekday(const char *s)
{
	static const char names[7][3] = {"SU", "MO", "TU", "WE", "TH", "FR", "SA"};

	for (int i = 0; i < 7; i++)
		if (strncasecmp(s, names[i], 2) == 0)
			return i;
	return -1;
}

/* Reads "MO,-1TH,2SU". */
static bool
read_weekdays(struct recur *rule, const char *s)
{
	struct recur_list *list = &rule->weekdays;

	list->n = 0;
	for (;;) {
		size_t len = strcspn(s, ",");
		int nth = 0, weekday = len < 2 ? -1 : read_weekday(s + len - 2);

		if (list->n == RECUR_LIST_MAX || weekday < 0 ||
		    (len > 2 && !read_number(s, len - 2, 1, 53, true, &nth)))
			return false;
		rule->nth[list->n] = (int16_t)nth;
		list->v[list->n++] = (int16_t)weekday;
		if (s[len] == '\0')
			return true;
		s += len + 1;
	}
}

static const char *
read_freq(struct recur *rule, const char *value)
{
	static const char names[4][8] = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"};

	for (int i = 0; i < 4; i++)
		if (strcasecmp(value, names[i]) == 0) {
			rule->freq = (enum recur_freq)i;
			return NULL;
		}
	return "the RRULE has a FREQ other than DAILY, WEEKLY, MONTHLY and YEARLY";
}

/* The parts of a rule: a bit for each, to see doubles and combinations. */
enum {
	FREQ = 1 << 0,
	INTERVAL = 1 << 1,
	COUNT = 1 << 2,
	UNTIL = 1 << 3,
	WKST = 1 << 4,
	BYMONTH = 1 << 5,
	BYMONTHDAY = 1 << 6,
	BYYEARDAY = 1 << 7,
	BYDAY = 1 << 8,
	BYSETPOS = 1 << 9,
	RSCALE = 1 << 10,
	SKIP = 1 << 11,
};

static unsigned
part_named(const char *name)
{
	static const char names[][12] = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYMONTH",
		"BYMONTHDAY", "BYYEARDAY", "BYDAY", "BYSETPOS", "RSCALE", "SKIP"};

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcasecmp(name, names[i]) == 0)
			return 1U << i;
	return 0;
}

static const char *
read_part(struct recur *rule, unsigned part, const char *value)
{
	bool ok = true;

	switch (part) {
	case FREQ:
		return read_freq(rule, value);
	case INTERVAL:
		ok = read_number(value, strlen(value), 1, RECUR_NUMBER_MAX, false, &rule->interval);
		break;
	case COUNT:
		ok = read_number(value, strlen(value), 1, RECUR_NUMBER_MAX, false, &rule->count);
		break;
	case UNTIL:
		ok = rule->has_until = ics_time_parse(value, strlen(value), &rule->until);
		break;
	case WKST:
		rule->week_start = read_weekday(value);
		ok = rule->week_start >= 0 && strlen(value) == 2;
		break;
	case BYMONTH:
		ok = read_list(value, 12, false, &rule->months);
		break;
	case BYMONTHDAY:
		ok = read_list(value, 31, true, &rule->month_days);
		break;
	case BYYEARDAY:
		ok = read_list(value, 366, true, &rule->year_days);
		break;
	case BYDAY:
		ok = read_weekdays(rule, value);
		break;
	case BYSETPOS:
		ok = read_list(value, 366, true, &rule->positions);
		break;
	case RSCALE: /* RFC 7529: other calendars, and what to do with days that a year lacks */
		return strcasecmp(value, "GREGORIAN") == 0 ?
		    NULL :
		    "the RRULE is of a calendar other than the Gregorian";
	case SKIP:
		return strcasecmp(value, "OMIT") == 0 ? NULL : "the RRULE has a SKIP other than OMIT";
	default:
		return "the RRULE has a part that is not understood";
	}
	return ok ? NULL : malformed;
}

/* Which parts may stand together: the notes and the table of RFC 5545, 3.3.10. */
static const char *
check_parts(const struct recur *rule, unsigned seen)
{
	const unsigned by = BYMONTH | BYMONTHDAY | BYYEARDAY | BYDAY;

	if (!(seen & FREQ))
		return "the RRULE has no FREQ";
	if ((seen & COUNT) && (seen & UNTIL))
		return "the RRULE has both COUNT and UNTIL";
	if ((seen & BYSETPOS) && !(seen & by))
		return "the RRULE has a BYSETPOS without another BY";
	if ((seen & BYMONTHDAY) && rule->freq == RECUR_WEEKLY)
		return "the RRULE has a BYMONTHDAY in a weekly rule";
	if ((seen & BYYEARDAY) && rule->freq != RECUR_YEARLY)
		return "the RRULE has a BYYEARDAY outside a yearly rule";
	for (int i = 0; i < rule->weekdays.n; i++)
		if (rule->nth[i] != 0 && rule->freq < RECUR_MONTHLY)
			return "the RRULE numbers its BYDAY in a daily or weekly rule";
	return NULL;
}

const char *
recur_parse(struct recur *rule, const char *text)
{
	char clean[2048];
	char *part, *rest = clean;
	size_t len = 0;
	unsigned seen = 0;

	*rule = (struct recur){.interval = 1, .week_start = 1};
	for (; *text != '\0'; text++)
		if (*text != ' ' && *text != '\t') {
			if (len == sizeof(clean) - 1)
				return "the RRULE is longer than 2047 bytes";
			clean[len++] = *text;
		}
	clean[len] = '\0';
	while ((part = strsep(&rest, ";")) != NULL) {
		char *value = strchr(part, '=');
		const char *why;

		if (*part == '\0') /* a semicolon too many */
			continue;
		if (value == NULL)
			return malformed;
		*value++ = '\0';
		unsigned bit = part_named(part);
		if (seen & bit)
			return "the RRULE says a part twice";
		seen |= bit;
		why = read_part(rule, bit, value);
		if (why != NULL)
			return why;
	}
	return check_parts(rule, seen);
}

/* A day as the rules see it. */
struct place {
	int month, day, month_len, year_day, year_len, weekday;
};

static struct place
place_of(int32_t date)
{
	struct place at;
	int year;
	int32_t first = 0, other;

	date_split(date, &year, &at.month, &at.day);
	date_make(year, 1, 1, &first);
	at.year_day = date - first + 1;
	at.year_len = 365 + date_make(year, 2, 29, &other);
	at.month_len = 31;
	while (!date_make(year, at.month, at.month_len, &other))
		at.month_len--;
	at.weekday = date_weekday(date);
	return at;
}

/* The same for DATE, the day after AT's, but mostly without a division. */
static struct place
place_after(struct place at, int32_t date)
{
	if (at.day == at.month_len)
		return place_of(date);
	at.day++;
	at.year_day++;
	at.weekday = at.weekday == 6 ? 0 : at.weekday + 1;
	return at;
}

/* Does LIST name the POSITIONth of LEN, counted from either end? An empty list names all. */
static bool
names(const struct recur_list *list, int position, int len)
{
	for (int i = 0; i < list->n; i++)
		if (list->v[i] == position || list->v[i] == position - len - 1)
			return true;
	return list->n == 0;
}

static bool
names_weekday(const struct recur *rule, const struct place *at)
{
	bool by_month = rule->freq == RECUR_MONTHLY || rule->months.n > 0;
	int day = by_month ? at->day : at->year_day;
	int left = (by_month ? at->month_len : at->year_len) - day;

	for (int i = 0; i < rule->weekdays.n; i++) {
		if (rule->weekdays.v[i] != at->weekday)
			continue;
		if (rule->nth[i] == 0 || rule->nth[i] == (day - 1) / 7 + 1 || rule->nth[i] == -(left / 7 + 1))
			return true;
	}
	return rule->weekdays.n == 0;
}

static bool
has(const struct recur *rule, const struct place *at)
{
	return names(&rule->months, at->month, 12) && names(&rule->month_days, at->day, at->month_len) &&
	    names(&rule->year_days, at->year_day, at->year_len) && names_weekday(rule, at);
}

static void
list_set(struct recur_list *list, int value)
{
	list->n = 1;
	list->v[0] = (int16_t)value;
}

/* What the rule leaves open is as on START. */
static void
fill_in(struct recur *rule, int32_t start)
{
	struct place at = place_of(start);

	if (rule->freq == RECUR_WEEKLY && rule->weekdays.n == 0) {
		list_set(&rule->weekdays, at.weekday);
		rule->nth[0] = 0;
	}
	if (rule->freq < RECUR_MONTHLY || rule->weekdays.n > 0 || rule->month_days.n > 0 ||
	    rule->year_days.n > 0)
		return;
	list_set(&rule->month_days, at.day);
	if (rule->freq == RECUR_YEARLY && rule->months.n == 0)
		list_set(&rule->months, at.month);
}

/* Returns what makes a date the number of days since the start of some week long before DATE_MIN. */
static int
week_shift(const struct recur *rule)
{
	enum { LONG_AGO = 110000 }; /* weeks */

	return LONG_AGO * 7 + 4 - rule->week_start; /* day 0 was a Thursday */
}

/* Days, weeks, months or years are numbered; returns the number of the one that DATE is in. */
static int
period_of(const struct recur *rule, int32_t date)
{
	int year, month, day;

	if (rule->freq == RECUR_DAILY)
		return date;
	if (rule->freq == RECUR_WEEKLY)
		return (date + week_shift(rule)) / 7;
	date_split(date, &year, &month, &day);
	return rule->freq == RECUR_MONTHLY ? year * 12 + month - 1 : year;
}

/* Returns the first day of the period NUMBER; past year 9999, a day past DATE_MAX. */
static int32_t
period_start(const struct recur *rule, int number)
{
	int32_t date = DATE_MAX + 1;

	if (rule->freq == RECUR_DAILY)
		return number;
	if (rule->freq == RECUR_WEEKLY)
		return number * 7 - week_shift(rule);
	if (rule->freq == RECUR_MONTHLY)
		date_make(number / 12, number % 12 + 1, 1, &date);
	else
		date_make(number, 1, 1, &date);
	return date;
}

/* Writes the days of the period NUMBER to DAYS, at most PERIOD_MAX; returns how many. */
static int
period_days(const struct recur *rule, int number, int32_t *days, struct recur_budget *budget)
{
	int32_t from = period_start(rule, number), to = period_start(rule, number + 1);
	int n = 0, kept = 0;

	int lists = rule->months.n + rule->month_days.n + rule->year_days.n + rule->weekdays.n;

	budget->days -= (int64_t)(to - from) * (1 + lists / 8); /* long lists make a day dear */
	if (from < DATE_MIN)
		from = DATE_MIN;
	assert(to - from <= PERIOD_MAX);
	if (to > DATE_MAX + 1)
		to = DATE_MAX + 1;
	struct place at = place_of(from);
	for (int32_t date = from; date < to; at = ++date < to ? place_after(at, date) : at)
		if (has(rule, &at))
			days[n++] = date;
	if (rule->positions.n == 0)
		return n;
	for (int i = 0; i < n; i++)
		if (names(&rule->positions, i + 1, n))
			days[kept++] = days[i];
	return kept;
}

size_t
recur_days(const struct recur *given, int32_t start, int32_t first, int32_t last, int32_t *days, size_t max,
    struct recur_budget *budget, bool *is_odd)
{
	struct recur rule = *given;
	int32_t found[PERIOD_MAX];
	size_t n = 0;
	int n_found, left = rule.count > 0 ? rule.count : INT32_MAX;

	fill_in(&rule, start);
	int number = period_of(&rule, start);
	*is_odd = true;
	n_found = period_days(&rule, number, found, budget);
	for (int i = 0; i < n_found; i++)
		if (found[i] == start)
			*is_odd = false;
	if (*is_odd) {
		left--;
		if (start >= first && start <= last && n++ < max)
			days[0] = start;
	}
	if (rule.count == 0 && first > start) /* nobody counts: begin where it matters */
		number += (period_of(&rule, first) - number) / rule.interval * rule.interval;

	for (; period_start(&rule, number) <= last && left > 0; number += rule.interval) {
		n_found = period_days(&rule, number, found, budget);
		if (budget->days < 0)
			return 0;
		for (int i = 0; i < n_found && left > 0; i++) {
			if (found[i] < start)
				continue;
			left--;
			if (found[i] < first || found[i] > last)
				continue;
			if (n >= max)
				return max + 1;
			days[n++] = found[i];
		}
	}
	return n;
}
