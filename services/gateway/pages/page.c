#include "page.h"

#include <stdlib.h>
#include <string.h>

#include "endpoint.h"
#include "reply.h"
#include "words.h"

enum next
page_finish(struct request *r, struct html *h, int status)
{
	struct answer *a = &r->answer;

	if (h->is_broken) {
		free(h->text);
		a->status = 500;
		return NEXT_ANSWER;
	}
	a->status = status;
	a->type = "text/html; charset=utf-8";
	a->is_page = true;
	a->body = h->text;
	a->owns_body = true;
	a->len = h->len;
	answer_header(a, "Content-Language", language_tag(h->language));
	answer_header(a, "Vary", "Accept, Accept-Language, Cookie, X-Part");
	return NEXT_ANSWER;
}

enum next
page_answer(struct request *r, const ProtobufCMessage *reply)
{
	struct html h = {.language = words_of(r)};

	r->endpoint->render(&h, r, reply);
	/* Kept, so that "back" shows it at once, but asked about before it is shown anew. */
	r->answer.cache = "private, no-cache";
	return page_finish(r, &h, 200);
}

enum next
page_alone(struct request *r)
{
	return page_answer(r, NULL);
}
