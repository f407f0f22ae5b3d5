#include "asset.h"

#include <stdlib.h>
#include <string.h>

#include "header.h"
#include "reply.h"

#define ASSET_PREFIX "/assets/"

static int
by_name(const void *name, const void *asset)
{
	return strcmp(name, ((const struct asset *)asset)->name);
}

const struct asset *
asset_find(const char *name)
{
	return bsearch(name, assets, (size_t)assets_n, sizeof(*assets), by_name);
}

const char *
asset_path(const char *name)
{
	const struct asset *a = asset_find(name);

	return a != NULL ? a->path : "";
}

/* NAME as it stands in the path; the table has a few dozen rows. */
static const struct asset *
asset_at(const char *name)
{
	for (int i = 0; i < assets_n; i++)
		if (strcmp(assets[i].path + strlen(ASSET_PREFIX), name) == 0)
			return &assets[i];
	return NULL;
}

static const struct asset_bytes *
pick(const struct request *r, const struct asset *a, const char **encoding)
{
	const char *accepts = r->head.known[KNOWN_ACCEPT_ENCODING];

	*encoding = "br";
	if (a->br.len > 0 && encoding_accepted(accepts, "br"))
		return &a->br;
	*encoding = "gzip";
	if (a->gz.len > 0 && encoding_accepted(accepts, "gzip"))
		return &a->gz;
	*encoding = NULL;
	return &a->raw;
}

enum next
asset_serve(struct request *r)
{
	const struct asset *a = asset_at(r->match.vars[0].value);
	const struct asset_bytes *bytes;
	const char *encoding;

	if (a == NULL)
		return reply_refuse(r, 404, "there is nothing at this address");
	bytes = pick(r, a, &encoding);
	r->answer.status = 200;
	r->answer.type = a->type;
	r->answer.body = bytes->data;
	r->answer.len = bytes->len;
	r->answer.cache = "public, max-age=31536000, immutable";
	answer_header(&r->answer, "Content-Encoding", encoding);
	if (a->br.len > 0 || a->gz.len > 0)
		answer_header(&r->answer, "Vary", "Accept-Encoding");
	return NEXT_ANSWER;
}
