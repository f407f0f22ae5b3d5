/*
 * upload.h: a file that comes in as multipart/form-data.
 *
 * The part "file" goes to the evidence store while it arrives, hashed on the
 * way; all other parts are fields of the message, like those of a JSON body.
 */
#ifndef UPLOAD_H
#define UPLOAD_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "gateway.h"
#include "store.h"

enum { UPLOAD_FIELDS_MAX = 64 << 10, UPLOAD_OVERHEAD = 128 << 10 };

struct upload;

struct form_field {
	struct form_field *next;
	const char *name, *text;
};

/* Starts one, for the Content-Type of a request; in ARENA. NULL: *WHY tells what is wrong with the type. */
struct upload *upload_open(
    struct gateway *gateway, struct arena *arena, const char *content_type, const char **why);

/* Takes bytes; after a failure they are thrown away. */
void upload_push(struct upload *upload, const char *data, size_t len);

/* All bytes are there. 0: well; else the HTTP status of what is wrong, and a sentence in *WHY. */
int upload_finish(struct upload *upload, const char **why);

/* The file that arrived, to be kept by store_submit(). */
struct incoming *upload_incoming(struct upload *upload);

/* The parts other than "file", in order. */
const struct form_field *upload_fields(const struct upload *upload);

/* After the store has kept the file: what it is, as a StoredFile in ARENA. */
void upload_kept(struct upload *upload, const char *sha256, uint64_t size);
ProtobufCMessage *upload_file(const struct upload *upload, struct arena *arena);

/* Throws away what was not kept; NULL is nothing. */
void upload_close(struct upload *upload);

/*
 * The name of a file as a person may see it again: without folders, control and direction
 * characters, at most 255 bytes of UTF-8; "file" when nothing is left. OUT takes 256 bytes.
 */
void file_name_clean(const char *name, char out[256]);

#endif
