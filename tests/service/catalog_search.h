/*
 * catalog_search.h: the tests of test_catalog.c about search (CAT-1, CAT-2).
 * They run in that program, whose teardown asks whether every statement ran.
 */
#ifndef CATALOG_SEARCH_H
#define CATALOG_SEARCH_H

#include "catalog_world.h"

enum { MADE = 300, ROUNDS = 200, ISSUERS = 4, STACKS = 8, AUDIENCES = 6, TOPICS = 20, KINDS = 5, WORDS = 20 };

/* None begins another, and no two have one stem. */
static const char *const words[WORDS] = {"anchor", "basket", "cactus", "dolphin", "engine", "falcon",
	"garden", "harbor", "island", "jungle", "kettle", "ladder", "magnet", "needle", "orchid", "pepper",
	"quartz", "rocket", "saddle", "tunnel"};
static const char *const kinds[KINDS] = {"audio", "data", "plan", "student_work", "video"};
static const char *const schools[ISSUERS] = {"school-a", "school-b", "school-c", "school-d"};

/* One made-up entry: what a filter asks of it, one bit for each value. */
struct made {
	int issuer;
	unsigned stacks, audiences, topics, kinds, words;
	double hours;
	char id[80], title[80];
};

/* What one search asks for; 0: nothing. */
struct asked {
	unsigned issuers, stacks, audiences, topics, kinds, words;
	bool only_kinds; /* no other ones */
};

static struct made made[MADE];

/* The same numbers in every run. */
static unsigned
roll(unsigned below)
{
	static uint64_t seed = 20261123;

	seed = seed * UINT64_C(6364136223846793005) + 1;
	return (unsigned)(seed >> 33) % below;
}

static unsigned
some_of(unsigned n, unsigned least, unsigned most)
{
	unsigned bits = 0;

	for (unsigned i = least + roll(most - least + 1); i > 0; i--)
		bits |= 1u << roll(n);
	return bits;
}

static char **
labels(unsigned bits, const char *prefix, size_t *n)
{
	static char pool[400][32];
	static char *lists[40][20];
	static unsigned at, list;
	char **out = lists[list++ % 40];

	*n = 0;
	for (unsigned i = 0; bits >> i != 0; i++)
		if (bits >> i & 1) {
			char *s = pool[at++ % 400];

			snprintf(s, 32, "%s%u", prefix, i);
			out[(*n)++] = s;
		}
	return out;
}

static char **
names(unsigned bits, const char *const *of, size_t *n)
{
	static char *lists[20][WORDS];
	static unsigned list;
	char **out = lists[list++ % 20];

	*n = 0;
	for (unsigned i = 0; bits >> i != 0; i++)
		if (bits >> i & 1)
			out[(*n)++] = (char *)of[i];
	return out;
}

static void
fill_made(struct made *m, unsigned i)
{
	size_t len = 0;

	*m = (struct made){.issuer = (int)roll(ISSUERS),
		.stacks = some_of(STACKS, 0, 2),
		.audiences = some_of(AUDIENCES, 1, 3),
		.topics = some_of(TOPICS, 1, 3),
		.kinds = some_of(KINDS, 1, 2),
		.words = some_of(WORDS, 2, 4),
		.hours = roll(12)};
	for (unsigned w = 0; w < WORDS; w++)
		if (m->words >> w & 1)
			len += (size_t)snprintf(m->title + len, sizeof(m->title) - len, "%s ", words[w]);
	snprintf(m->title + len, sizeof(m->title) - len, "%u", i);
}

/* Puts M into the catalog as an import does. */
static void
import_made(struct made *m, unsigned i)
{
	struct page page;
	Vouch__Term terms[STACKS], *stacks[STACKS];
	Vouch__EvidenceRequirement needs[KINDS], *requirements[KINDS];
	char key[32];
	size_t n;
	char **list;

	snprintf(key, sizeof(key), "made-%u", i);
	document_of(&page, key, m->title);
	page.d.estimated_hours = m->hours;
	page.d.audiences = labels(m->audiences, "Audience ", &page.d.n_audiences);
	page.d.topics = labels(m->topics, "Topic ", &page.d.n_topics);
	list = labels(m->stacks, "Stack ", &n);
	for (size_t k = 0; k < n; k++) {
		vouch__term__init(&terms[k]);
		terms[k].label = list[k];
		stacks[k] = &terms[k];
	}
	page.d.stacks = stacks;
	page.d.n_stacks = n;
	list = names(m->kinds, kinds, &n);
	for (size_t k = 0; k < n; k++) {
		needs[k] = page.requirement;
		needs[k].evidence_type = list[k];
		requirements[k] = &needs[k];
	}
	page.d.evidence_requirements = requirements;
	page.d.n_evidence_requirements = n;
	const Vouch__ImportResult *result = import(schools[m->issuer], &page.d);
	assert_non_null(result);
	snprintf(m->id, sizeof(m->id), "%s", result->id);
}

static void
make_catalog(void)
{
	for (int i = 0; i < ISSUERS; i++)
		assert_non_null(create_issuer(schools[i], schools[i] + 7)); /* "a": nobody searches for it */
	for (unsigned i = 0; i < MADE; i++) {
		fill_made(&made[i], i);
		import_made(&made[i], i);
		test_now += 1000000;
	}
}

/* ---- brute force ----------------------------------------------------------------------- */

enum facet { ISSUER, STACK, AUDIENCE, TOPIC, KIND, FACETS };

static unsigned
values_of(const struct made *m, enum facet facet)
{
	const unsigned values[FACETS] = {1u << m->issuer, m->stacks, m->audiences, m->topics, m->kinds};

	return values[facet];
}

static unsigned
wanted(const struct asked *a, enum facet facet)
{
	const unsigned values[FACETS] = {a->issuers, a->stacks, a->audiences, a->topics, a->kinds};

	return values[facet];
}

/* Does M pass, WITHOUT one facet left out of sight (FACETS: none)? */
static bool
passes(const struct made *m, const struct asked *a, enum facet without)
{
	for (enum facet f = ISSUER; f < FACETS; f++) {
		bool fits = f == KIND && a->only_kinds ? (values_of(m, f) & ~wanted(a, f)) == 0 :
							 (values_of(m, f) & wanted(a, f)) != 0;

		if (f != without && wanted(a, f) != 0 && !fits)
			return false;
	}
	return a->words == 0 || (a->words & m->words) != 0;
}

static int64_t
count(const struct asked *a, enum facet facet, unsigned value)
{
	int64_t n = 0;

	for (int i = 0; i < MADE; i++)
		n += passes(&made[i], a, facet) &&
		    (facet == FACETS || values_of(&made[i], facet) >> value & 1);
	return n;
}

static void
same_counts(const struct asked *a, enum facet facet, Vouch__FacetValue *const *values, size_t n)
{
	static const char *const prefixes[FACETS] = {"", "stack-", "audience-", "topic-", ""};
	static const unsigned sizes[FACETS] = {ISSUERS, STACKS, AUDIENCES, TOPICS, KINDS};

	assert_int_equal(n, sizes[facet]);
	for (unsigned v = 0; v < sizes[facet]; v++) {
		char name[32];
		size_t i = 0;

		snprintf(name, sizeof(name), "%s%u", prefixes[facet], v);
		if (facet == ISSUER || facet == KIND)
			snprintf(name, sizeof(name), "%s", facet == ISSUER ? schools[v] : kinds[v]);
		while (i < n && strcmp(values[i]->value, name) != 0)
			i++;
		assert_true(i < n);
		assert_int_equal(values[i]->count, count(a, facet, v));
	}
}

static struct asked
roll_filters(void)
{
	return (struct asked){
		.issuers = roll(3) == 0 ? some_of(ISSUERS, 1, 2) : 0,
		.stacks = roll(3) == 0 ? some_of(STACKS, 1, 3) : 0,
		.audiences = roll(3) == 0 ? some_of(AUDIENCES, 1, 2) : 0,
		.topics = roll(3) == 0 ? some_of(TOPICS, 1, 4) : 0,
		.kinds = roll(3) == 0 ? some_of(KINDS, 1, 3) : 0,
		.words = roll(2) == 0 ? some_of(WORDS, 1, 3) : 0,
		.only_kinds = roll(3) == 0,
	};
}

static Vouch__SearchMicroCredentials
search_for(const struct asked *a)
{
	static char q[200];
	Vouch__SearchMicroCredentials s = VOUCH__SEARCH_MICRO_CREDENTIALS__INIT;
	size_t n, len = 0;
	char **list = names(a->words, words, &n);

	q[0] = '\0';
	for (size_t i = 0; i < n; i++)
		len += (size_t)snprintf(q + len, sizeof(q) - len, "%s ", list[i]);
	s.q = q;
	s.issuer = names(a->issuers, schools, &s.n_issuer);
	s.evidence_type = names(a->kinds, kinds, &s.n_evidence_type);
	s.only_evidence = a->only_kinds;
	s.stack = labels(a->stacks, "stack-", &s.n_stack);
	s.audience = labels(a->audiences, "Audience ", &s.n_audience); /* a label is as good as its value */
	s.topic = labels(a->topics, "topic-", &s.n_topic);
	return s;
}

/* Is ROW, which stands behind LAST, at its place? */
static bool
in_order(const char *sort, const Vouch__MicroCredentialRow *last, const Vouch__MicroCredentialRow *row)
{
	if (strcmp(sort, "title") == 0)
		return strcmp(last->title, row->title) <= 0;
	if (strcmp(sort, "effort") == 0)
		return last->estimated_hours <= row->estimated_hours;
	return true;
}

/* Turns all pages: each hit once, nothing else, in order. */
static void
turn_pages(Vouch__SearchMicroCredentials *s, const struct asked *a, const char *sort)
{
	bool seen[MADE] = {false};
	const Vouch__MicroCredentialRow *last = NULL;
	int64_t n = 0;

	s->sort = (char *)sort;
	s->limit = (int32_t)(20 + roll(60));
	do {
		const Vouch__MicroCredentialList *page = ask(visitor, &rpc_micro_credentials_search, s, "");

		assert_non_null(page);
		for (size_t i = 0; i < page->n_items; i++, n++) {
			unsigned k = (unsigned)atoi(page->items[i]->key + 5);

			assert_true(k < MADE && !seen[k] && passes(&made[k], a, FACETS));
			assert_string_equal(page->items[i]->id, made[k].id);
			assert_true(last == NULL || in_order(sort, last, page->items[i]));
			seen[k] = true;
			last = page->items[i];
		}
		assert_true(page->next[0] == '\0' || page->n_items == (size_t)s->limit);
		s->cursor = page->next;
	} while (s->cursor[0] != '\0');
	assert_int_equal(n, count(a, FACETS, 0));
}

/* CAT-1, CAT-3 (only these kinds of evidence): counts equal a scan by hand, for random filters. */
static void
counts_equal_a_scan_by_hand(void **state)
{
	static const char *const sorts[] = {"relevance", "title", "newest", "effort"};

	(void)state;
	make_catalog();
	for (int round = 0; round < ROUNDS; round++) {
		struct asked a = roll_filters();
		Vouch__SearchMicroCredentials s = search_for(&a);
		const Vouch__MicroCredentialList *list = ask(visitor, &rpc_micro_credentials_search, &s, "");

		assert_non_null(list);
		assert_int_equal(list->total, count(&a, FACETS, 0));
		same_counts(&a, ISSUER, list->facets->issuer, list->facets->n_issuer);
		same_counts(&a, STACK, list->facets->stack, list->facets->n_stack);
		same_counts(&a, AUDIENCE, list->facets->audience, list->facets->n_audience);
		same_counts(&a, TOPIC, list->facets->topic, list->facets->n_topic);
		same_counts(&a, KIND, list->facets->evidence_type, list->facets->n_evidence_type);
		if (round % 10 == 0)
			turn_pages(&s, &a, sorts[round / 10 % 4]);
	}
}

/* ---- words ----------------------------------------------------------------------------- */

static void
offer(const char *key, const char *language, const char *title, const char *competency)
{
	struct page page;

	document_of(&page, key, title);
	page.d.language = (char *)language;
	page.d.competency = (char *)competency;
	assert_non_null(import("riverbend", &page.d));
}

/* The keys that Q finds, the best first, with spaces between. */
static const char *
find(const char *q)
{
	static char out[400];
	Vouch__SearchMicroCredentials s = VOUCH__SEARCH_MICRO_CREDENTIALS__INIT;
	const Vouch__MicroCredentialList *list;
	size_t len = 0;

	s.q = (char *)q;
	list = ask(visitor, &rpc_micro_credentials_search, &s, "");
	assert_non_null(list);
	assert_int_equal(list->total, list->n_items);
	out[0] = '\0';
	for (size_t i = 0; i < list->n_items; i++)
		len += (size_t)snprintf(
		    out + len, sizeof(out) - len, i == 0 ? "%s" : " %s", list->items[i]->key);
	return out;
}

static void
offer_some(void)
{
	offer("formative", "en", "Formative Assessment", "The educator reads student work.");
	offer("coaching", "en", "Coaching a Colleague", "The educator plans conversations.");
	offer("resume", "en", "Writing a Résumé",
	    "The educator helps with applications, and coaches on assessment.");
	offer("lernvideos", "de", "Lernvideos gestalten", "Die Lehrkraft bewertet Filme.");
	offer("cosmos", "ja", "Azure にデータを挿入し、クエリを実行する", "");
	offer("rongqi", "zh-Hans", "在 Azure 中管理容器", "");
}

static void
words_are_found_however_they_are_written(void **state)
{
	static const struct {
		const char *q, *keys;
	} facts[] = {
		{"coached", "coaching resume"},                          /* the stem; a title before a text */
		{"RESUME", "resume"},                                    /* accents and case */
		{"résumé", "resume"}, {"assesment", "formative resume"}, /* typed wrongly */
		{"formativ asessment", "formative resume"}, {"coachin", "coaching"}, /* still typing */
		{"lernvid", "lernvideos"}, {"filmen", "lernvideos"},                 /* German endings */
		{"colleague lernvideo", "lernvideos coaching"},                      /* any of the words */
		{"挿入", "cosmos"},                                                  /* no spaces to cut by */
		{"データ", "cosmos"}, {"容", "rongqi"}, {"azure", "cosmos rongqi"}, {"管理", "rongqi"},
		{"管入", ""}, /* not beside each other */
		{"zzzzzz", ""}, {"the", ""},
		{"riverbend", "cosmos coaching formative lernvideos resume rongqi"}, /* its issuer */
	};

	(void)state;
	offer_some();
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		const char *keys = find(facts[i].q);

		if (strcmp(keys, facts[i].keys) != 0)
			print_message("%s\n", facts[i].q);
		assert_string_equal(keys, facts[i].keys);
	}
}

static void
marks_that_mean_something_to_the_database_mean_nothing(void **state)
{
	static const char *const odd[] = {
		"'", "a' | 'b", "& | ! ( ) :*", "\\", "coaching:*", "%_", "''; DROP TABLE entries", "½ ©"};

	(void)state;
	offer_some();
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		Vouch__SearchMicroCredentials s = VOUCH__SEARCH_MICRO_CREDENTIALS__INIT;

		s.q = (char *)odd[i];
		assert_non_null(ask(visitor, &rpc_micro_credentials_search, &s, ""));
	}
	assert_string_equal(find("coaching:*"), "coaching resume");
	/* Nothing that a word could be made of is no question at all. */
	assert_string_equal(find("?!"), "cosmos coaching formative lernvideos resume rongqi");
}

static void
an_unknown_value_is_named(void **state)
{
	static char *values[] = {(char *)"no-such", (char *)"Literacy"};
	Vouch__SearchMicroCredentials s = VOUCH__SEARCH_MICRO_CREDENTIALS__INIT;

	(void)state;
	offer_some();
	s.topic = values;
	s.n_topic = 2;
	s.stack = s.audience = s.issuer = s.evidence_type = values;
	s.n_stack = s.n_audience = s.n_issuer = s.n_evidence_type = 1;
	refused(ask(visitor, &rpc_micro_credentials_search, &s, ""), VOUCH__STATUS__MALFORMED);
	assert_true(complained_about("topic"));
	assert_true(complained_about("stack"));
	assert_true(complained_about("audience"));
	assert_true(complained_about("issuer"));
	assert_true(complained_about("evidenceType"));
	s = (Vouch__SearchMicroCredentials)VOUCH__SEARCH_MICRO_CREDENTIALS__INIT;
	s.sort = (char *)"beauty";
	refused(ask(visitor, &rpc_micro_credentials_search, &s, ""), VOUCH__STATUS__MALFORMED);
	assert_true(complained_about("sort"));
}

static void
a_cursor_belongs_to_its_order(void **state)
{
	Vouch__SearchMicroCredentials s = VOUCH__SEARCH_MICRO_CREDENTIALS__INIT;
	const Vouch__MicroCredentialList *page;

	(void)state;
	offer_some();
	s.limit = 1;
	s.sort = (char *)"newest";
	page = ask(visitor, &rpc_micro_credentials_search, &s, "");
	s.cursor = page->next;
	s.sort = (char *)"title";
	refused(ask(visitor, &rpc_micro_credentials_search, &s, ""), VOUCH__STATUS__INVALID);
	assert_true(complained_about("cursor"));
	s.cursor = (char *)"W10";
	refused(ask(visitor, &rpc_micro_credentials_search, &s, ""), VOUCH__STATUS__INVALID);
}

static void
an_issuer_without_entries_is_no_mistake(void **state)
{
	static char *values[] = {(char *)"lakeside"};
	Vouch__SearchMicroCredentials s = VOUCH__SEARCH_MICRO_CREDENTIALS__INIT;
	const Vouch__MicroCredentialList *list;

	(void)state;
	offer_some();
	create_issuer("lakeside", "Lakeside");
	s.issuer = values;
	s.n_issuer = 1;
	list = ask(visitor, &rpc_micro_credentials_search, &s, "");
	assert_int_equal(list->total, 0);
	assert_int_equal(list->facets->n_issuer, 1);
	assert_int_equal(list->facets->issuer[0]->count, 6); /* its own choice does not count */
	assert_string_equal(list->facets->topic[0]->label, "Literacy");
	assert_int_equal(list->facets->topic[0]->count, 0);
}

#define SEARCH_TESTS \
	TEST(counts_equal_a_scan_by_hand), TEST(words_are_found_however_they_are_written), \
	    TEST(marks_that_mean_something_to_the_database_mean_nothing), TEST(an_unknown_value_is_named), \
	    TEST(a_cursor_belongs_to_its_order), TEST(an_issuer_without_entries_is_no_mistake)

#endif
