#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "foreign.h"
#include "import.h"
#include "installation.h"
#include "search.h"
#include "word.h"

static const char usage[] =
    "usage: vouchctl articles import FILE [--state DIR] [--json]\n"
    "       vouchctl articles search QUERY [--state DIR] [--json]\n"
    "  FILE  JSON lines: {slug, title, summary, body, keywords, language}, or {id, title, path, text};\n"
    "        - reads standard input\n"
    "Import needs the rights of a helpdesk lead. Exit 1: a line was refused.\n";

/* {id, title, path, text}: one id may be used by two sites, so the slug has title and id. */
static json_t *
foreign_article(const json_t *line, char slug[static SLUG_SIZE])
{
	const char *title = json_string_value(json_object_get(line, "title"));
	const char *text = json_string_value(json_object_get(line, "text"));
	const json_t *id = json_object_get(line, "id");
	char suffix[24] = "";

	if (title == NULL || text == NULL)
		return NULL;
	if (json_is_integer(id))
		snprintf(suffix, sizeof(suffix), "%lld", (long long)json_integer_value(id));
	else if (json_is_string(id))
		title = json_string_value(id);
	slug_make(title, suffix, slug);
	return json_pack("{s:O, s:s}", "title", json_object_get(line, "title"), "body", text);
}

static json_t *
request_make(const json_t *line, const void *arg, char **path, char why[IMPORT_WHY])
{
	const char *given = json_string_value(json_object_get(line, "slug"));
	char slug[SLUG_SIZE];
	json_t *body;

	(void)arg;
	if (given != NULL) {
		body = json_copy((json_t *)line);
		json_object_del(body, "slug");
	} else {
		body = foreign_article(line, slug);
		given = slug;
	}
	if (body == NULL) {
		snprintf(
		    why, IMPORT_WHY, "neither an article (slug, title, body) nor {id, title, path, text}");
		return NULL;
	}
	char *escaped = url_escape(given);
	if (escaped == NULL || asprintf(path, "/api/v1/studio/articles/%s", escaped) < 0) {
		snprintf(why, IMPORT_WHY, "not enough memory");
		json_decref(body);
		body = NULL;
	}
	free(escaped);
	return body;
}

static int
articles_import(const struct options *o)
{
	const struct import import = {"articles", "PUT", request_make, NULL};
	struct import_lines lines;
	int status = WORD_BAD_USE;

	if (!import_lines_read(&lines, "articles", o->words[2]))
		return status;
	struct http *http = installation_open(o, true);
	if (http != NULL)
		status = import_send(&import, http, &lines, o->json);
	http_close(http);
	import_lines_clear(&lines);
	return status;
}

static void
found_print(const json_t *list)
{
	size_t i;
	json_t *item;

	json_array_foreach(json_object_get(list, "items"), i, item)
		printf("%s\t%s\n", json_string_value(json_object_get(item, "slug")),
		    json_string_value(json_object_get(item, "title")));
}

int
word_articles(int argc, char **argv)
{
	static const struct search search = {"articles", "/api/v1/articles", found_print};
	struct options o;
	int status;

	if (!options_read(argc, argv, "", &o))
		return WORD_BAD_USE;
	bool searches = o.n_words > 1 && strcmp(o.words[1], "search") == 0;
	if (options_usage(&o, searches ? "search" : "import", 3, usage, &status))
		return status;
	return searches ? search_run(&o, &search) : articles_import(&o);
}
