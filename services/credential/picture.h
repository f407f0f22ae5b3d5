/*
 * picture.h: a credential as a picture that can be verified (baked.h). The seal
 * is drawn as SVG (seal.h); Debian's rsvg-convert, a child with a deadline,
 * makes the PNG of it, and the last few are kept: a micro-credential has one.
 */
#ifndef PICTURE_H
#define PICTURE_H

#include "call.h"

struct pictures;

/* An empty store, shared by all threads of a process; NULL when memory is short. */
struct pictures *pictures_open(void);
void pictures_close(struct pictures *pictures);

/* The seal of TITLE as SVG with TOKEN in it, in the call's arena; NULL after refusing. */
char *picture_svg(struct call *call, const char *title, const char *token);

/* The same as PNG; data is NULL after refusing: UNAVAILABLE when rsvg-convert does not draw. */
ProtobufCBinaryData picture_png(
    struct call *call, struct pictures *pictures, const char *title, const char *token);

#endif
