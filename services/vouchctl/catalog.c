#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "foreign.h"
#include "import.h"
#include "installation.h"
#include "search.h"
#include "word.h"

static const char usage[] =
    "usage: vouchctl catalog import FILE --issuer ID [--state DIR] [--json]\n"
    "       vouchctl catalog search QUERY [--state DIR] [--json]\n"
    "  FILE  JSON lines, each a micro-credential (key, title, ...), or a line of another\n"
    "        catalog (id, title, summary, description, audience, topics, ...); - reads standard input\n"
    "Import writes and publishes; it needs the rights of the issuer's owner. Exit 1: a line was refused.\n";

struct source {
	const char *issuer;
	const json_t *stacks;
};

static json_t *
request_make(const json_t *line, const void *arg, char **path, char why[IMPORT_WHY])
{
	const struct source *source = arg;
	json_t *document = is_document(line) ? json_incref((json_t *)line) :
					       foreign_document(line, source->stacks, why);

	*path = strdup("/api/v1/studio/imports");
	if (document == NULL || *path == NULL) {
		json_decref(document);
		return NULL;
	}
	return json_pack("{s:s, s:o}", "issuerId", source->issuer, "document", document);
}

static int
catalog_import(const struct options *o)
{
	struct import_lines lines;
	int status = WORD_BAD_USE;

	if (o->issuer == NULL) {
		fputs("vouchctl catalog: --issuer: missing\n", stderr);
		return status;
	}
	if (!import_lines_read(&lines, "catalog", o->words[2]))
		return status;
	json_t *stacks = foreign_stacks(&lines);
	const struct source source = {o->issuer, stacks};
	const struct import import = {"catalog", "POST", request_make, &source};
	struct http *http = installation_open(o, true);
	if (http != NULL)
		status = import_send(&import, http, &lines, o->json);
	http_close(http);
	json_decref(stacks);
	import_lines_clear(&lines);
	return status;
}

static void
found_print(const json_t *list)
{
	size_t i;
	json_t *item;

	json_array_foreach(json_object_get(list, "items"), i, item) {
		json_t *issuer = json_object_get(item, "issuer");

		printf("%s\t%s\t%s\n", json_string_value(json_object_get(item, "id")),
		    json_string_value(json_object_get(item, "title")),
		    json_string_value(json_object_get(issuer, "name")));
	}
	fprintf(stderr, "%lld found\n", (long long)json_integer_value(json_object_get(list, "total")));
}

int
word_catalog(int argc, char **argv)
{
	static const struct search search = {"catalog", "/api/v1/micro-credentials", found_print};
	struct options o;
	int status;

	if (!options_read(argc, argv, "issuer", &o))
		return WORD_BAD_USE;
	bool searches = o.n_words > 1 && strcmp(o.words[1], "search") == 0;
	if (options_usage(&o, searches ? "search" : "import", 3, usage, &status))
		return status;
	return searches ? search_run(&o, &search) : catalog_import(&o);
}
