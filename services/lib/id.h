/*
 * id.h: ids, and the code that people read out.
 *
 * Rows are named by UUIDv7 (RFC 9562). In the API an id carries its issuer:
 * "riverbend~0198c0de-...". A submission also has a code (SUB-2), the letter V,
 * eight random Crockford base 32 characters and a check character:
 * "V-7K3M-92QX-5".
 */
#ifndef ID_H
#define ID_H

#include <stdbool.h>
#include <stddef.h>

#include "call.h"

/* A new UUIDv7 in the call's arena; its time is business time. */
char *id_new(struct call *call);

/* "issuer~uuid" in the call's arena. */
char *id_join(struct call *call, const char *issuer_id, const char *uuid);

/* The part of ID behind '~' (ID itself without one); never NULL. */
const char *id_uuid(const char *id);

/* Is S, up to its end, a UUID; an issuer's slug (3..40 of a-z 0-9 -, a letter or digit at both ends); "slug~uuid"? */
bool id_is_uuid(const char *s);
bool id_is_slug(const char *s);
bool id_is_joined(const char *s);

enum { CODE_SIZE = 14 };	/* "V-XXXX-XXXX-C" and a NUL */

/* Writes a new random code. */
void code_new(char out[CODE_SIZE]);

/* What code_read found. */
enum code_result { CODE_OK, CODE_NONE, CODE_WRONG };

/*
 * Reads one code, in lower or upper case, with or without spaces and hyphens,
 * O for 0, I or L for 1, into its proper form. CODE_WRONG: it has the shape of
 * a code but the check character does not fit (one wrong or two swapped
 * neighbouring characters are always noticed). CODE_NONE: not a code.
 */
enum code_result code_read(const char *text, char out[CODE_SIZE]);

/*
 * Finds codes in running text (HLP-2), in any of those spellings; at most MAX
 * different ones. Returns how many; *WRONG says whether something looked like
 * a code but failed its check.
 */
size_t code_find(const char *text, char (*out)[CODE_SIZE], size_t max, bool *wrong);

#endif
