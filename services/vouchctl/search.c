#include "search.h"

#include <stdio.h>
#include <stdlib.h>

#include "import.h"
#include "word.h"

int
search_run(const struct options *o, const struct search *search)
{
	struct answer answer;
	struct http *http = installation_open(o, false);
	char *query = url_escape(o->words[2]), *path = NULL, name[40];
	bool ok = false;

	if (http != NULL && query != NULL && asprintf(&path, "%s?q=%s", search->path, query) >= 0) {
		ok = send_patiently(http, &(struct request){.method = "GET", .path = path}, &answer);
		snprintf(name, sizeof(name), "vouchctl %s", search->word);
		if (!ok)
			answer_complain(&answer, name);
		else if (o->json)
			print_json(answer.json);
		else
			search->print(answer.json);
		answer_clear(&answer);
		free(path);
	}
	free(query);
	http_close(http);
	return ok ? WORD_OK : WORD_BAD_USE;
}
