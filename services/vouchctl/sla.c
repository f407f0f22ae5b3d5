#include <stdio.h>

#include "installation.h"
#include "word.h"

static const char usage[] = "usage: vouchctl sla rebuild [--state DIR] [--json]\n"
			    "Forgets the timers of the review clocks and makes them anew from the records.\n"
			    "Needs the rights of ops.\n";

int
word_sla(int argc, char **argv)
{
	struct options o;
	struct answer answer;
	int status;

	if (!options_read(argc, argv, "", &o))
		return WORD_BAD_USE;
	if (options_usage(&o, "rebuild", 2, usage, &status))
		return status;
	struct http *http = installation_open(&o, true);
	if (http == NULL)
		return WORD_BAD_USE;
	const struct request request = {.method = "POST", .path = "/api/v1/ops/sla/rebuild"};
	bool ok = http_send(http, &request, &answer);
	if (!ok)
		answer_complain(&answer, "vouchctl sla");
	else if (o.json)
		print_json(answer.json);
	else
		printf("%lld timers armed in %lld ms\n",
		    (long long)json_integer_value(json_object_get(answer.json, "armed")),
		    (long long)json_integer_value(json_object_get(answer.json, "ms")));
	answer_clear(&answer);
	http_close(http);
	return ok ? WORD_OK : WORD_BAD_USE; /* there is nothing to find here */
}
