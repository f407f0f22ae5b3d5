#include "serve.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "common.pb-c.h"
#include "endpoint.h"
#include "field.h"
#include "header.h"
#include "reply.h"

enum { NAME_BYTES = 255 };

const char *
serve_type(const char *type)
{
	static const char *const harmless[] = {
		"application/pdf",
		"image/png",
		"image/jpeg",
		"image/gif",
		"image/webp",
		"text/plain",
		"audio/mpeg",
		"audio/mp4",
		"audio/ogg",
		"audio/wav",
		"audio/webm",
		"video/mp4",
		"video/mpeg",
		"video/ogg",
		"video/quicktime",
		"video/webm",
	};

	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		if (strcmp(type, harmless[i]) == 0)
			return harmless[i];
	return "application/octet-stream";
}

char *
serve_disposition(struct arena *arena, const char *name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
	char ascii[NAME_BYTES + 1], escaped[3 * NAME_BYTES + 1];
	size_t n = strnlen(name, NAME_BYTES), m = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)name[i];

		ascii[i] = '_';
		if (c >= 0x20 && c < 0x7f && strchr("\"\\%;", c) == NULL)
			ascii[i] = (char)c;
		if (strchr(plain, c) != NULL) {
			escaped[m++] = (char)c;
		} else {
			escaped[m++] = '%';
			escaped[m++] = "0123456789ABCDEF"[c >> 4];
			escaped[m++] = "0123456789ABCDEF"[c & 15];
		}
	}
	ascii[n] = escaped[m] = '\0';
	return arena_printf(arena, "attachment; filename=\"%s\"; filename*=UTF-8''%s", ascii, escaped);
}

/* Is a range meant for these bytes? If-Range names the file that the client has a piece of. */
static enum range
wanted_range(const struct request *r, const char *etag, uint64_t *first, uint64_t *length)
{
	const char *if_range = r->head.known[KNOWN_IF_RANGE];

	if (if_range != NULL && strcmp(if_range, etag) != 0)
		return RANGE_WHOLE;
	return range_read(r->head.known[KNOWN_RANGE], r->job.size, first, length);
}

static enum next
answer_file(struct request *r)
{
	struct answer *a = &r->answer;
	char *etag = arena_printf(&r->arena, "\"%s\"", r->job.sha256), *disposition;
	uint64_t first = 0, length = r->job.size;
	enum range range;

	answer_header(a, "ETag", etag);
	answer_header(a, "Accept-Ranges", "bytes");
	a->type = serve_type(r->file->media_type);
	/*
	 * PDF alone: browsers show it by a viewer of their own, which does not work in a sandbox; the scripts of a
	 * PDF see nothing of the page around it.
	 */
	a->is_framed = r->endpoint->framed && strcmp(a->type, "application/pdf") == 0;
	disposition = serve_disposition(&r->arena, r->file->name);
	if (a->is_framed && disposition != NULL)
		disposition = arena_printf(&r->arena, "inline%s", disposition + strlen("attachment"));
	answer_header(a, "Content-Disposition", disposition);
	a->cache = "private, no-cache";
	a->is_file = true;
	a->fd = r->job.fd;
	if (etag == NULL || etag_listed(r->head.known[KNOWN_IF_NONE_MATCH], etag)) {
		a->status = 304;
		return NEXT_ANSWER;
	}
	range = wanted_range(r, etag, &first, &length);
	if (range == RANGE_OUTSIDE) {
		a->is_file = false;
		a->n_headers = 0;
		close(a->fd);
		answer_header(a, "Content-Range", arena_printf(&r->arena, "bytes */%" PRIu64, r->job.size));
		return reply_refuse(r, 416, "the file has %" PRIu64 " bytes", r->job.size);
	}
	if (range == RANGE_PART)
		answer_header(a, "Content-Range",
		    arena_printf(&r->arena, "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, first,
			first + length - 1, r->job.size));
	a->status = range == RANGE_PART ? 206 : 200;
	a->offset = first;
	a->len = length;
	return NEXT_ANSWER;
}

static enum next
fetched(struct request *r)
{
	switch (r->job.result) {
	case STORE_DONE:
		return answer_file(r);
	case STORE_MISSING:
		return reply_refuse(r, 500, "the file is not in the evidence store; this has been recorded");
	case STORE_DAMAGED:
		return reply_refuse(
		    r, 500, "the file in the evidence store is damaged; this has been recorded");
	default:
		return reply_refuse(r, 503, "the evidence store cannot be read at the moment");
	}
}

static void
wake(void *arg)
{
	struct request *r = arg;

	r->wake(r);
}

static bool
submit(struct request *r)
{
	r->job.done = wake;
	r->job.arg = r;
	if (store_submit(r->gateway->store, &r->job))
		return true;
	r->job.result = STORE_FAILED;
	return false;
}

enum next
serve_file(struct request *r, const ProtobufCMessage *reply)
{
	Vouch__StoredFile *file = NULL;

	for (unsigned i = 0; i < reply->descriptor->n_fields; i++)
		if (reply->descriptor->fields[i].descriptor == &vouch__stored_file__descriptor)
			file = *(Vouch__StoredFile *const *)field_value(
			    reply, &reply->descriptor->fields[i], 0);
	if (file == NULL)
		return reply_refuse(r, 404, "there is no file");
	r->job.kind = STORE_FETCH;
	strncpy(r->job.sha256, file->sha256, sizeof(r->job.sha256) - 1);
	r->job.size = (uint64_t)file->size;
	r->file = file;
	return request_wait(r, submit, fetched);
}
