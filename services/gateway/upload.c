#include "upload.h"

#include <string.h>

#include "common.pb-c.h"
#include "guard.h"
#include "header.h"
#include "multipart.h"

struct upload {
	struct gateway *gateway;
	struct arena *arena;
	struct multipart multipart;
	struct incoming incoming;
	uint64_t max;
	enum { PART_NONE, PART_FILE, PART_FIELD } part;
	bool has_file;
	char file_name[256], type[256], sha256[STORE_HASH_SIZE];
	uint64_t size;
	struct form_field *fields, **fields_end;
	char *text; /* of the field that arrives */
	size_t text_len, text_room, fields_len;
	int status; /* 0: well so far */
	const char *why;
};

static bool
fails(struct upload *u, int status, const char *why)
{
	if (u->status == 0) {
		u->status = status;
		u->why = why;
	}
	return false;
}

/* How many bytes of S are a character that people should not see in a file name; 0: it is a good one. */
static size_t
unwanted(const unsigned char *s)
{
	if (s[0] < 0x20 || s[0] == 0x7f)
		return 1;
	if (s[0] == 0xc2 && s[1] >= 0x80 && s[1] <= 0x9f) /* C1 controls */
		return 2;
	/*
	 * U+200B, 200E, 200F, 2028..202E, 2060..206F, FEFF: invisible, or they turn the direction
	 * of "fdp.exe".
	 */
	if (s[0] == 0xe2 && s[1] == 0x80 &&
	    (s[2] == 0x8b || s[2] == 0x8e || s[2] == 0x8f || (s[2] >= 0xa8 && s[2] <= 0xae)))
		return 3;
	if (s[0] == 0xe2 && s[1] == 0x81 && s[2] >= 0xa0 && s[2] <= 0xaf)
		return 3;
	return s[0] == 0xef && s[1] == 0xbb && s[2] == 0xbf ? 3 : 0;
}

static size_t
character_size(unsigned char first)
{
	return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

void
file_name_clean(const char *name, char out[256])
{
	const char *slash;
	size_t n = 0;

	while ((slash = strpbrk(name, "/\\")) != NULL)
		name = slash + 1;
	if (!guard_utf8(name, strlen(name)))
		name = "";
	for (size_t size; *name != '\0'; name += size) {
		size = unwanted((const unsigned char *)name);
		if (size > 0)
			continue;
		size = character_size((unsigned char)*name);
		if (n + size > 255)
			break;
		memcpy(out + n, name, size);
		n += size;
	}
	while (n > 0 && (out[n - 1] == ' ' || out[n - 1] == '.'))
		n--;
	out[n] = '\0';
	if (n == 0)
		memcpy(out, "file", sizeof("file"));
}

/* The media type as its sender calls it, only when it looks like one: inspect finds out the real one. */
static void
type_clean(const char *type, char out[256])
{
	size_t n = strspn(type, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&^_.+-/");
	const char *slash = memchr(type, '/', n);

	if (slash == NULL || slash == type || slash == type + n - 1 || n > 127) {
		memcpy(out, "application/octet-stream", sizeof("application/octet-stream"));
		return;
	}
	for (size_t i = 0; i < n; i++)
		out[i] = (char)(type[i] >= 'A' && type[i] <= 'Z' ? type[i] | 0x20 : type[i]);
	out[n] = '\0';
}

static bool
begin(void *arg, const struct multipart_part *part)
{
	struct upload *u = arg;
	struct form_field *f;

	if (strcmp(part->name, "file") == 0) {
		if (u->has_file)
			return fails(u, 400, "there is more than one file");
		u->has_file = true;
		u->part = PART_FILE;
		file_name_clean(part->file_name, u->file_name);
		type_clean(part->type, u->type);
		return incoming_open(u->gateway->store, &u->incoming) ||
		    fails(u, 503, "files cannot be stored at the moment");
	}
	if (part->has_file_name)
		return fails(u, 400, "the file must be called file");
	u->part = PART_FIELD;
	f = arena_alloc(u->arena, sizeof(*f));
	if (f == NULL || (f->name = arena_dup(u->arena, part->name, strlen(part->name))) == NULL)
		return fails(u, 503, "there is no memory for this at the moment");
	*u->fields_end = f;
	u->fields_end = &f->next;
	u->text = NULL;
	u->text_len = u->text_room = 0;
	return true;
}

/* Fields are short; what one says is gathered by doubling. */
static bool
add_text(struct upload *u, const char *data, size_t len)
{
	size_t room = u->text_room > 0 ? u->text_room : 128;
	char *more;

	u->fields_len += len;
	if (u->fields_len > UPLOAD_FIELDS_MAX)
		return fails(u, 413, "the fields beside the file are longer than 64 KiB");
	while (room < u->text_len + len)
		room *= 2;
	if (room > u->text_room) {
		more = arena_alloc(u->arena, room);
		if (more == NULL)
			return fails(u, 503, "there is no memory for this at the moment");
		if (u->text_len > 0)
			memcpy(more, u->text, u->text_len);
		u->text = more;
		u->text_room = room;
	}
	memcpy(u->text + u->text_len, data, len);
	u->text_len += len;
	return true;
}

static bool
take(void *arg, const char *data, size_t len)
{
	struct upload *u = arg;

	if (u->part == PART_FIELD)
		return add_text(u, data, len);
	if (u->incoming.size + len > u->max)
		return fails(u, 413, "the file is larger than this installation takes");
	return incoming_write(&u->incoming, data, len) ||
	    fails(u, 503, "files cannot be stored at the moment");
}

static bool
end(void *arg)
{
	struct upload *u = arg;

	if (u->part == PART_FIELD) {
		struct form_field *last = u->fields;

		while (last->next != NULL)
			last = last->next;
		if (!guard_utf8(u->text_len > 0 ? u->text : "", u->text_len))
			return fails(u, 400, "a field is not UTF-8");
		last->text = u->text_len > 0 ? arena_dup(u->arena, u->text, u->text_len) : "";
		if (last->text == NULL)
			return fails(u, 503, "there is no memory for this at the moment");
	}
	u->part = PART_NONE;
	return true;
}

static const struct multipart_calls calls = {begin, take, end};

struct upload *
upload_open(struct gateway *gateway, struct arena *arena, const char *content_type, const char **why)
{
	struct upload *u = arena_alloc(arena, sizeof(*u));
	char boundary[MULTIPART_BOUNDARY_MAX + 2];

	if (u == NULL || !media_type_parameter(content_type, "boundary", boundary, sizeof(boundary))) {
		*why = "the Content-Type names no boundary";
		return NULL;
	}
	u->gateway = gateway;
	u->arena = arena;
	u->incoming.fd = -1;
	u->max = (uint64_t)config_int(gateway->config, "evidence_max_bytes");
	u->fields_end = &u->fields;
	if (multipart_start(&u->multipart, boundary, &calls, u))
		return u;
	*why = u->multipart.why;
	return NULL;
}

void
upload_push(struct upload *u, const char *data, size_t len)
{
	if (u->status == 0 && !multipart_push(&u->multipart, data, len) && u->status == 0)
		fails(u, 400, u->multipart.why);
	if (u->status != 0)
		incoming_drop(u->gateway->store, &u->incoming);
}

int
upload_finish(struct upload *u, const char **why)
{
	if (u->status == 0 && !multipart_complete(&u->multipart))
		fails(u, 400, "the form ends too early");
	if (u->status == 0 && !u->has_file)
		fails(u, 422, "there is no file");
	*why = u->why;
	return u->status;
}

struct incoming *
upload_incoming(struct upload *u)
{
	return &u->incoming;
}

const struct form_field *
upload_fields(const struct upload *u)
{
	return u->fields;
}

void
upload_kept(struct upload *u, const char *sha256, uint64_t size)
{
	memcpy(u->sha256, sha256, sizeof(u->sha256));
	u->size = size;
}

ProtobufCMessage *
upload_file(const struct upload *u, struct arena *arena)
{
	Vouch__StoredFile *file = arena_alloc(arena, sizeof(*file));

	if (file == NULL)
		return NULL;
	vouch__stored_file__init(file);
	file->sha256 = (char *)u->sha256;
	file->size = (int64_t)u->size;
	file->name = (char *)u->file_name;
	file->media_type = (char *)u->type;
	return &file->base;
}

void
upload_close(struct upload *u)
{
	if (u != NULL)
		incoming_drop(u->gateway->store, &u->incoming);
}
