/*
 * baked.h: a credential inside a picture, so that the picture can be verified
 * wherever it goes (Open Badges 3.0, "Baked Badges"): an iTXt chunk of a PNG
 * with the keyword "openbadgecredential", or the element openbadges:credential
 * of an SVG with the attribute "verify". The token is a compact JWS.
 */
#ifndef BAKED_H
#define BAKED_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

#include "arena.h"

/* SVG, which begins with its root element, with TOKEN in it. NULL: it does not begin so, or the arena is full. */
char *baked_svg(struct arena *arena, const char *svg, const char *token);

/* The same for a PNG: data is NULL when PNG is none, or the arena is full. */
ProtobufCBinaryData baked_png(struct arena *arena, ProtobufCBinaryData png, const char *token);

/*
 * The token of a baked SVG or PNG of LEN bytes, as a copy; NULL: there is none.
 * Takes any bytes. Only text that is not compressed is looked at, as the
 * standard says it has to be.
 */
char *baked_find(struct arena *arena, const uint8_t *data, size_t len);

#endif
