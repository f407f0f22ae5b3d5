#include "page.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "endpoint.h"
#include "header.h"
#include "reply.h"
#include "words.h"

enum { PACKED_FROM = 700 }; /* bytes: less is not worth the while */

/* LEN bytes of TEXT packed by gzip, made by malloc, *PACKED bytes; NULL: they stay as they are. */
static char *
pack(const char *text, size_t len, size_t *packed)
{
	z_stream z = {.next_in = (Bytef *)text, .avail_in = (uInt)len};
	size_t room = len / 2;
	char *out = NULL;

	if (len < PACKED_FROM || deflateInit2(&z, 5, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return NULL;
	out = malloc(room);
	z.next_out = (Bytef *)out;
	z.avail_out = out != NULL ? (uInt)room : 0;
	if (out == NULL || deflate(&z, Z_FINISH) != Z_STREAM_END) {
		free(out);
		out = NULL;
	}
	*packed = z.total_out;
	deflateEnd(&z);
	return out;
}

void
page_pack(struct request *r)
{
	struct answer *a = &r->answer;
	bool takes = encoding_accepted(r->head.known[KNOWN_ACCEPT_ENCODING], "gzip");
	size_t len;
	char *packed = takes ? pack(a->body, a->len, &len) : NULL;

	if (packed == NULL)
		return;
	free((char *)a->body);
	a->body = packed;
	a->len = len;
	answer_header(a, "Content-Encoding", "gzip");
}

/*
 * The tag of what the page shows: weak, because it may be packed. True: the browser has this very page.
 * FNV-1a, 64 bits: it spares bytes; what a credential says is written anew each time before it is compared.
 */
static bool
is_known(struct request *r, const struct html *h)
{
	uint64_t x = UINT64_C(14695981039346656037);
	const char *tag;

	for (size_t i = 0; i < h->len; i++)
		x = (x ^ (unsigned char)h->text[i]) * UINT64_C(1099511628211);
	tag = arena_printf(&r->arena, "W/\"%016llx\"", (unsigned long long)x);
	answer_header(&r->answer, "ETag", tag);
	return tag != NULL && etag_listed(r->head.known[KNOWN_IF_NONE_MATCH], tag + strlen("W/"));
}

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
	if (status == 200 && is_known(r, h)) {
		a->status = 304;
		a->len = 0;
	} else if (r->endpoint == NULL || r->endpoint->app == NULL) {
		page_pack(r);
	}
	answer_header(a, "Content-Language", language_tag(h->language));
	answer_header(a, "Vary", "Accept, Accept-Encoding, Accept-Language, Cookie, X-Part");
	return NEXT_ANSWER;
}

enum next
page_answer(struct request *r, const ProtobufCMessage *reply)
{
	struct html h = {.language = words_of(r)};

	r->endpoint->render(&h, r, reply);
	/*
	 * Kept, so that "back" shows it at once, but asked about before it is shown anew. An
	 * app is not kept: what it holds of its reader's work would be old.
	 */
	r->answer.cache = r->endpoint->app == NULL ? "private, no-cache" : "no-store";
	return page_finish(r, &h, 200);
}

enum next
page_alone(struct request *r)
{
	return page_answer(r, NULL);
}
