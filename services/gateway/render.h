/*
 * render.h: a reply as the bytes of its JSON, without a tree in between.
 *
 * The text is the same that json_from() gives, to the byte (a test holds the
 * two together); most of what a read costs the gateway was that tree.
 */
#ifndef RENDER_H
#define RENDER_H

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

enum { RENDER_MAX = 16 << 20 };

/*
 * The text, *LEN bytes and a NUL, made by malloc. NULL: memory is short, or a value
 * has no JSON (json.h), or it is longer than RENDER_MAX.
 */
char *render_json(const ProtobufCMessage *message, size_t *len);

#endif
