/* The rules of the house for what stands where: the top level, the pages of the services, their settings. */
#include "house.h"

#include <glib.h>

#include "config.h"

/* ---- the top level ---------------------------------------------------------------------- */

static const char *const top[] = {".ci", ".clang-format", ".clang-tidy", ".gitignore", "CMakeLists.txt",
	"LICENSE", "README.md", "deploy", "proto", "scripts", "services", "tests"};

/* NAMES, ended by NULL, are what stands at the top beside what .gitignore leaves out. False: WHY names the stranger. */
static bool
top_is_tidy(const char *const *names, char why[static WHY_SIZE])
{
	size_t known = 0;

	for (; *names != NULL; names++) {
		bool is_known = false;

		for (size_t i = 0; i < sizeof(top) / sizeof(top[0]); i++)
			is_known = is_known || strcmp(*names, top[i]) == 0;
		known += is_known;
		if (!is_known && !begins_with(*names, "build") && strcmp(*names, "var") != 0 &&
		    strcmp(*names, ".git") != 0)
			return broken(why, "", NULL, "%s", *names);
	}
	return known == sizeof(top) / sizeof(top[0]) || broken(why, "", NULL, "something is missing");
}

static void
the_top_holds_what_it_should(void **state)
{
	const char *names[100];
	char why[WHY_SIZE] = "";
	GDir *dir = g_dir_open(SOURCE_TREE, 0, NULL);
	size_t n = 0;

	(void)state;
	memcpy(names, top, sizeof(top));
	names[sizeof(top) / sizeof(top[0])] = NULL;
	assert_true(top_is_tidy(names, why));
	assert_false(top_is_tidy(names + 1, why));
	names[sizeof(top) / sizeof(top[0])] = "notes";
	names[sizeof(top) / sizeof(top[0]) + 1] = NULL;
	assert_false(top_is_tidy(names, why));
	assert_string_equal(why, "notes");

	assert_non_null(dir);
	while (n < 99 && (names[n] = g_dir_read_name(dir)) != NULL)
		n++;
	names[n] = NULL;
	if (!top_is_tidy(names, why))
		fail_msg("%s", why);
	g_dir_close(dir);
}

/* ---- pages of services ------------------------------------------------------------------ */

enum { PAGE_MIN = 40, PAGE_MAX = 100 };

/* Every word of the sources, and the name of every file: what a page may speak of. */
static GHashTable *known;

static void
learn(const char *text)
{
	for (const char *s = text; *s != '\0';) {
		size_t n = strspn(s, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_");

		if (n > 0)
			g_hash_table_add(known, g_strndup(s, n));
		s += n > 0 ? n : 1;
	}
}

static void
learn_below(const char *folder)
{
	char root[600];
	char *roots[] = {root, NULL};
	FTS *fts;

	snprintf(root, sizeof(root), "%s/%s", SOURCE_TREE, folder);
	fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	assert_non_null(fts);
	for (FTSENT *e; (e = fts_read(fts)) != NULL;) {
		char *text;

		if (e->fts_info != FTS_F || ends_with(e->fts_name, ".md"))
			continue;
		g_hash_table_add(known, g_strdup(e->fts_name));
		text = house_read(e->fts_path + strlen(SOURCE_TREE) + 1);
		assert_non_null(text);
		learn(text);
		free(text);
	}
	fts_close(fts);
}

static int
begin(void **state)
{
	(void)state;
	known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	learn_below("services");
	learn_below("proto");
	learn_below("scripts");
	learn_below("tests/unit");
	learn_below("tests/service");
	learn_below("tests/fuzz");
	return 0;
}

static int
end(void **state)
{
	(void)state;
	g_hash_table_destroy(known);
	return 0;
}

/* Is WORD a name of the code: of a file, or with an underscore or a capital inside? Other words are prose. */
static bool
is_a_name(const char *word)
{
	size_t n = strlen(word);

	if (n == 0)
		return false;
	if (ends_with(word, ".c") || ends_with(word, ".h") || ends_with(word, ".sql") ||
	    ends_with(word, ".proto"))
		return strpbrk(word, "*{}<" G_CSET_A_2_Z) == NULL; /* not "check_NAME.c" */
	if (strspn(word, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_") != n || word[0] == '_' ||
	    word[n - 1] == '_')
		return false;
	if (strpbrk(word, G_CSET_a_2_z) == NULL)
		return false;
	return strchr(word, '_') != NULL || strpbrk(word + 1, G_CSET_A_2_Z) != NULL;
}

/* What a page names between backticks is there; "Service.Method" and paths are looked at part by part. */
static bool
pages_name_what_is_there(const char *path, const char *text, char why[static WHY_SIZE])
{
	(void)path;
	for (const char *at = text; (at = strchr(at, '`')) != NULL; at++) {
		size_t n = strcspn(at + 1, "`\n");
		char **words, *quoted;
		bool ok = true;

		if (begins_with(at, "```")) {
			at = strstr(at + 3, "```");
			if (at == NULL)
				break;
			at += 2;
			continue;
		}
		quoted = g_strndup(at + 1, n);
		words = g_strsplit_set(quoted, " /=:,()[]\"'$", -1);
		for (char **w = words; ok && *w != NULL; w++) {
			char **parts = strchr(*w, '.') == NULL || is_a_name(*w) ? NULL :
										  g_strsplit(*w, ".", -1);

			if (is_a_name(*w) && !g_hash_table_contains(known, *w))
				ok = broken(why, text, at, "there is no %s", *w);
			for (char **p = parts; ok && p != NULL && *p != NULL; p++)
				if (is_a_name(*p) && !g_hash_table_contains(known, *p))
					ok = broken(why, text, at, "there is no %s", *p);
			g_strfreev(parts);
		}
		g_strfreev(words);
		g_free(quoted);
		if (!ok)
			return false;
		at += n + 1;
		if (*at == '\0')
			break;
	}
	return true;
}

static bool
pages_are_short(const char *path, const char *text, char why[static WHY_SIZE])
{
	int n = line_of(text, text + strlen(text)) - 1;

	(void)path;
	return (n >= PAGE_MIN && n <= PAGE_MAX) ||
	    broken(why, text, NULL, "%d lines; %d to %d", n, PAGE_MIN, PAGE_MAX);
}

static void
every_service_has_a_true_page(void **state)
{
	GDir *dir = g_dir_open(SOURCE_TREE "/services", 0, NULL);
	char text[1000] = "";

	(void)state;
	house_try(pages_name_what_is_there, "README.md",
	    "`call_run()`, `Sessions.Resolve`, `proto/rule.proto`, `no word`, `\n`a_` and\n```\nno_such_name\n```\n",
	    NULL);
	house_try(pages_name_what_is_there, "README.md",
	    "\n`call.c` and `cal"
	    "l_rum()`",
	    "line 2: there is no cal"
	    "l_rum");
	house_try(pages_name_what_is_there, "README.md",
	    "`Sessions.Res"
	    "olveIt`",
	    "there is no Res"
	    "olveIt");
	house_try(pages_name_what_is_there, "README.md",
	    "`cal"
	    "ler.c`",
	    "there is no cal"
	    "ler.c");
	for (int i = 0; i < 39; i++)
		strcat(text, "x\n");
	house_try(pages_are_short, "README.md", text, "39 lines");
	strcat(text, "x\n");
	house_try(pages_are_short, "README.md", text, NULL);

	assert_non_null(dir);
	for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
		snprintf(text, sizeof(text), "services/%s/README.md", name);
		if (!house_exists(text))
			fail_msg("there is no %s", text);
	}
	g_dir_close(dir);
	assert_int_equal(house_breaches("services", "/README.md", pages_are_short) +
		house_breaches("services", "/README.md", pages_name_what_is_there),
	    0);
}

/* ---- settings ------------------------------------------------------------------------------ */

/* A file of a service reads by name only settings that the page of the service names. */
static bool
settings_stand_on_the_page(const char *path, const char *text, char why[static WHY_SIZE])
{
	static const char *const reads[] = {"config_text(", "config_int("};
	char *name = g_strdup_printf(
	    "%.*s/README.md", (int)(strcspn(path + strlen("services/"), "/") + strlen("services/")), path);
	char *page = house_read(name);
	bool ok = page != NULL || broken(why, text, NULL, "there is no %s", name);

	for (size_t i = 0; i < 2; i++)
		for (const char *at = text; ok && (at = strstr(at, reads[i])) != NULL; at++) {
			const char *setting = at + strcspn(at, "\";") + 1;
			size_t n = strcspn(setting, "\"\n");
			char *quoted = g_strdup_printf("`%.*s`", (int)n, setting);

			if (setting[-1] == '"' && strstr(page, quoted) == NULL)
				ok = broken(why, text, at, "%s does not name %s", name, quoted);
			g_free(quoted);
		}
	g_free(name);
	free(page);
	return ok;
}

static void
every_setting_is_explained(void **state)
{
	char *env = house_read("deploy/vouch.env"), *made = NULL;
	size_t size;
	FILE *out = open_memstream(&made, &size);

	(void)state;
	house_try(settings_stand_on_the_page, "services/credential/a.c",
	    "config_text(call->config, \"keys_dir\"); config_text(c, name);\n", NULL);
	house_try(settings_stand_on_the_page, "services/credential/a.c",
	    "\nconfig_int(c, \"http_threads\");\n",
	    "line 2: services/credential/README.md does not name `http_threads`");
	house_try(settings_stand_on_the_page, "services/nothing/a.c", "\n",
	    "there is no services/nothing/README.md");
	assert_int_equal(house_breaches("services", ".c", settings_stand_on_the_page), 0);

	/* It is what a program prints with --print-env. */
	assert_non_null(env);
	assert_non_null(out);
	config_env(out);
	fclose(out);
	assert_true(strlen(made) > 1000);
	assert_string_equal(env, made);
	free(made);
	free(env);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_top_holds_what_it_should),
		cmocka_unit_test(every_service_has_a_true_page),
		cmocka_unit_test(every_setting_is_explained),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
