#include "page.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "endpoint.h"
#include "header.h"
#include "reply.h"
#include "words.h"

enum { PACKED_FROM = 1400 }; /* bytes: less fits into one packet as it is */

/*
 * The page packed by gzip, made by malloc, *LEN bytes; NULL: it stays as it is. The longest list
 * becomes a sixth of itself.
 */
static char *
pack(const struct html *h, size_t *len)
{
	z_stream z = {.next_in = (Bytef *)h->text, .avail_in = (uInt)h->len};
	size_t room = h->len / 2;
	char *out = NULL;

	if (h->len < PACKED_FROM || deflateInit2(&z, 5, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return NULL;
	out = malloc(room);
	z.next_out = (Bytef *)out;
	z.avail_out = out != NULL ? (uInt)room : 0;
	if (out == NULL || deflate(&z, Z_FINISH) != Z_STREAM_END) {
		free(out);
		out = NULL;
	}
	*len = z.total_out;
	deflateEnd(&z);
	return out;
}

/*
 * A page that is worked in is sent as it is: it holds what its reader wrote, and how well that packs
 * beside what somebody else put into its address would tell of it.
 */
static void
pack_body(struct request *r, struct html *h)
{
	struct answer *a = &r->answer;
	bool is_app = r->endpoint != NULL && r->endpoint->app != NULL;
	bool takes = !is_app && encoding_accepted(r->head.known[KNOWN_ACCEPT_ENCODING], "gzip");
	size_t len;
	char *packed = takes ? pack(h, &len) : NULL;

	if (packed == NULL)
		return;
	free(h->text);
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
	} else {
		pack_body(r, h);
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
	/* Kept, so that "back" shows it at once, but asked about before it is shown anew. */
	r->answer.cache = "private, no-cache";
	return page_finish(r, &h, 200);
}

enum next
page_alone(struct request *r)
{
	return page_answer(r, NULL);
}
