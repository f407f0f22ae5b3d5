/* What pages may say: nothing but what stands in the catalogue, and every key that they name is there. */
#include "house.h"

#include <glib.h>
#include <jansson.h>

/* The messages of English, "area.key". */
static GHashTable *known;

static void
learn_area(const char *area)
{
	char *path = g_strdup_printf("services/locales/en/%s", area), *text = house_read(path);
	json_t *json = text != NULL ? json_loads(text, 0, NULL) : NULL, *value;
	const char *key;

	json_object_foreach(json, key, value)
		g_hash_table_add(
		    known, g_strdup_printf("%.*s.%s", (int)(strlen(area) - strlen(".json")), area, key));
	json_decref(json);
	free(text);
	g_free(path);
}

static int
begin(void **state)
{
	GDir *dir = g_dir_open(SOURCE_TREE "/services/locales/en", 0, NULL);

	(void)state;
	known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (dir == NULL)
		return -1;
	for (const char *name; (name = g_dir_read_name(dir)) != NULL;)
		if (ends_with(name, ".json"))
			learn_area(name);
	g_dir_close(dir);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	g_hash_table_destroy(known);
	return 0;
}

/* Is the string of N bytes at S the name of a message: "area.key", where the area is one of the catalogue's? */
static bool
names_a_message(const char *s, size_t n)
{
	size_t area = strspn(s, G_CSET_a_2_z), key;
	char *path;
	bool is_area;

	if (area == 0 || area >= n || s[area] != '.')
		return false;
	key = strspn(s + area + 1, G_CSET_a_2_z G_CSET_DIGITS "_");
	if (key == 0 || area + 1 + key != n)
		return false;
	path = g_strdup_printf("services/locales/en/%.*s.json", (int)area, s);
	is_area = house_exists(path);
	g_free(path);
	return is_area;
}

/* Every "area.key" of a page is in the catalogue. */
static bool
keys_are_known(const char *path, const char *text, char why[static WHY_SIZE])
{
	(void)path;
	for (const char *at = text; (at = strchr(at, '"')) != NULL; at++) {
		size_t n = strcspn(at + 1, "\"\n");
		char *name;
		bool ok;

		if (!names_a_message(at + 1, n))
			continue;
		name = g_strndup(at + 1, n);
		ok = g_hash_table_contains(known, name) || ends_with(name, ".js") || ends_with(name, ".h") ||
		    broken(why, text, at, "the catalogue has no %s", name);
		g_free(name);
		if (!ok)
			return false;
	}
	return true;
}

/*
 * No words in markup: what stands between a '>' and the next '<' of a string is punctuation
 * at most. The name of the product is no word.
 */
static bool
markup_holds_no_words(const char *path, const char *text, char why[static WHY_SIZE])
{
	(void)path;
	for (const char *at = text; (at = strstr(at, "html_raw(h, \"")) != NULL; at++) {
		bool is_inside = false;
		int letters = 0;

		for (const char *s = strchr(at, '"') + 1; *s != '\0' && *s != '"' && *s != '\n'; s++) {
			if (*s == '\\' && s[1] != '\0')
				s++;
			else if (*s == '<')
				is_inside = false;
			else if (*s == '>')
				is_inside = true, letters = 0;
			else if (is_inside && g_ascii_isalpha(*s) && strncmp(s, "Vouch", 5) != 0 &&
			    ++letters > 5)
				return broken(why, text, at, "words in markup");
		}
	}
	return true;
}

static void
every_key_of_a_page_is_in_the_catalogue(void **state)
{
	(void)state;
	house_try(keys_are_known, "a.c",
	    "html_say(h, \"shell.menu\", NULL); \"a.b\" \"form.js\" \"shell.x y\"", NULL);
	house_try(keys_are_known, "a.c",
	    "\nhtml_say(h, \"shell.me"
	    "nue\", NULL);",
	    "line 2: the catalogue has no shell.me"
	    "nue");
	assert_int_equal(house_breaches("services/gateway/pages", ".c", keys_are_known), 0);
}

static void
pages_hold_no_words(void **state)
{
	(void)state;
	house_try(markup_holds_no_words, "a.c", "html_raw(h, \"<p class=\\\"wide\\\">, </p>\");", NULL);
	house_try(markup_holds_no_words, "a.c", "\nhtml_raw(h, \"<p>Nothing here</p>\");",
	    "line 2: words in markup");
	assert_int_equal(house_breaches("services/gateway/pages", ".c", markup_holds_no_words), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_of_a_page_is_in_the_catalogue),
		cmocka_unit_test(pages_hold_no_words),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
