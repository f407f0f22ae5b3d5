#include "foreign.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { LIST_MAX = 20, HASH_BYTES = 16, SUMMARY_MAX = 600 };

void
slug_make(const char *text, const char *suffix, char slug[static SLUG_SIZE])
{
	size_t n = 0, room = SLUG_SIZE - 1 - (suffix[0] != '\0' ? strlen(suffix) + 1 : 0);
	bool is_whole = true;

	for (const char *at = text; *at != '\0'; at++) {
		char c = (char)(*at >= 'A' && *at <= 'Z' ? *at | 0x20 : *at);
		bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');

		is_whole = is_whole && (unsigned char)c < 0x80 && n < room;
		if (n < room && (fits || (n > 0 && slug[n - 1] != '-')))
			slug[n++] = (char)(fits ? c : '-');
	}
	while (n > 0 && slug[n - 1] == '-')
		n--;
	if (!is_whole || n < 3) {
		unsigned char hash[HASH_BYTES];
		char hex[2 * HASH_BYTES + 1];

		crypto_generichash(hash, sizeof(hash), (const unsigned char *)text, strlen(text), NULL, 0);
		sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
		if (n > room - 9)
			n = room - 9;
		n += (size_t)snprintf(slug + n, 10, "%s%.8s", n > 0 ? "-" : "", hex);
	}
	slug[n] = '\0';
	if (suffix[0] != '\0')
		snprintf(slug + n, SLUG_SIZE - n, "-%s", suffix);
}

bool
is_document(const json_t *line)
{
	return json_object_get(line, "key") != NULL;
}

/* The id of LINE, which some catalogs write as a number. */
static bool
id_of(const json_t *line, char id[static IMPORT_WHY])
{
	const json_t *value = json_object_get(line, "id");

	id[0] = '\0';
	if (json_is_integer(value))
		snprintf(id, IMPORT_WHY, "%lld", (long long)json_integer_value(value));
	else if (json_is_string(value) && json_string_length(value) < IMPORT_WHY)
		snprintf(id, IMPORT_WHY, "%s", json_string_value(value));
	return id[0] != '\0';
}

/* The language as a suffix: two languages of one text have one id. */
static void
suffix_of(const json_t *line, char suffix[static 9])
{
	const char *lang = text_of(line, "lang");
	size_t n = 0;

	for (; n < 8 && lang[n] != '\0'; n++) {
		char c = (char)(lang[n] >= 'A' && lang[n] <= 'Z' ? lang[n] | 0x20 : lang[n]);

		suffix[n] = (char)((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '-');
	}
	while (n > 0 && suffix[n - 1] == '-')
		n--;
	suffix[strncmp(lang, "en", 2) == 0 ? 0 : n] = '\0';
}

json_t *
foreign_stacks(const struct import_lines *lines)
{
	json_t *stacks = json_object();
	char id[IMPORT_WHY], slug[SLUG_SIZE];

	for (size_t i = 0; i < lines->n; i++) {
		const json_t *line = lines->items[i].json, *members = json_object_get(line, "members"),
			     *member;
		size_t k;

		if (!json_is_array(members) || !id_of(line, id))
			continue;
		slug_make(id, "", slug);
		json_array_foreach(members, k, member) {
			const char *of = json_string_value(member);
			json_t *list = of != NULL ? json_object_get(stacks, of) : NULL;

			if (of != NULL && list == NULL) {
				list = json_array();
				json_object_set_new(stacks, of, list);
			}
			if (list != NULL && json_array_size(list) < LIST_MAX)
				json_array_append_new(list,
				    json_pack("{s:s, s:s}", "value", slug, "label", text_of(line, "title")));
		}
	}
	return stacks;
}

/* The strings of VALUE, a list or one string: readable, each once. */
static json_t *
strings_of(const json_t *value)
{
	json_t *list = json_array(), *one = json_is_string(value) ? json_pack("[O]", value) : NULL, *item,
	       *known;
	const json_t *from = one != NULL ? one : value;
	size_t i, k;

	json_array_foreach(from, i, item) {
		bool is_new = json_is_string(item) && json_string_length(item) > 0;

		json_array_foreach(list, k, known)
			is_new = is_new && !json_equal(known, item);
		if (is_new && json_array_size(list) < LIST_MAX)
			json_array_append(list, item);
	}
	json_decref(one);
	return list;
}

/* The first sentences of TEXT, as a summary of it: cut at a sentence's end, else at a space. */
static json_t *
summary_make(const char *text)
{
	size_t len = strlen(text), end = 0, space = 0;

	if (len <= SUMMARY_MAX)
		return json_string(text);
	for (size_t i = 1; i < SUMMARY_MAX; i++)
		if (text[i] == ' ' || text[i] == '\n') {
			space = i;
			end = text[i - 1] == '.' ? i : end;
		}
	if (end == 0)
		end = space;
	/* A script without spaces: whole characters at least. */
	for (len = SUMMARY_MAX; end == 0 && ((unsigned char)text[len] & 0xc0) == 0x80; len--)
		;
	return json_stringn(text, end != 0 ? end : len);
}

json_t *
foreign_document(const json_t *line, const json_t *stacks, char why[IMPORT_WHY])
{
	char id[IMPORT_WHY], slug[SLUG_SIZE], suffix[9];
	const char *title = text_of(line, "title"), *summary = text_of(line, "summary");
	const char *description = text_of(line, "description"), *lang = text_of(line, "lang");

	if (!id_of(line, id) || title[0] == '\0') {
		snprintf(
		    why, IMPORT_WHY, "neither a document (key) nor a line of another catalog (id, title)");
		return NULL;
	}
	suffix_of(line, suffix);
	slug_make(id, suffix, slug);
	if (description[0] == '\0')
		description = summary[0] != '\0' ? summary : title;
	json_t *topics = json_object_get(line, "topics"), *audience = json_object_get(line, "audience");
	json_t *of = json_object_get(stacks, id);
	json_t *document = json_pack("{s:s, s:s, s:o, s:s, s:s, s:o, s:o, s:o}", "key", slug, "title", title,
	    "summary", summary[0] != '\0' ? json_string(summary) : summary_make(description), "language",
	    lang[0] != '\0' ? lang : "en", "competency", description, "audiences",
	    strings_of(audience != NULL ? audience : json_object_get(line, "audiences")), "topics",
	    strings_of(topics), "stacks", of != NULL ? json_incref(of) : json_array());
	if (document == NULL)
		snprintf(why, IMPORT_WHY, "not enough memory");
	else if (text_of(line, "abstract")[0] != '\0')
		json_object_set(document, "keyMethod", json_object_get(line, "abstract"));
	return document;
}
