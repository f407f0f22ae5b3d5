/*
 * serve.h: files of the evidence store, sent to who may see them.
 *
 * They are what strangers have uploaded. So they come as attachments, without
 * guessing of types, in a sandbox, and never with a type that a browser would
 * run. Their bytes are compared with the hash under which they were handed in
 * before the first one is sent: a damaged file is reported, never shown.
 */
#ifndef SERVE_H
#define SERVE_H

#include "request.h"

/* Sends the file that REPLY's field "file" names, or the range that is asked for. */
enum next serve_file(struct request *r, const ProtobufCMessage *reply);

/*
 * The type under which a file is sent that was handed in as TYPE: that of pictures,
 * sound, video, PDF, plain text; else of bytes.
 */
const char *serve_type(const char *type);

/*
 * "attachment; filename="a.pdf"; filename*=UTF-8''..." (RFC 6266, RFC 8187) in ARENA;
 * NULL when that is full.
 */
char *serve_disposition(struct arena *arena, const char *name);

#endif
