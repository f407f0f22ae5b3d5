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

/*
 * A new UUIDv7 in the call's arena; NULL when that is full. Its time is the
 * call's business time (this host's while that is not known yet), to the
 * quarter of a microsecond, so that rows of one call differ by chance alone and
 * rows of later calls sort behind.
 */
char *id_new(struct call *call);

/* "issuer~uuid" in the call's arena; NULL when that is full. */
char *id_join(struct call *call, const char *issuer_id, const char *uuid);

/* The part of ID behind '~' (ID itself without one, "" for NULL); never NULL. */
const char *id_uuid(const char *id);

enum { SLUG_MAX = 40 }; /* bytes of an issuer's id */

/*
 * Is S, up to its end, a UUID; an issuer's slug (3..40 of a-z 0-9 -, a letter or
 * digit at both ends); "slug~uuid"?
 */
bool id_is_uuid(const char *s);
bool id_is_slug(const char *s);
bool id_is_joined(const char *s);

/* Is S a slug of 3..MAX bytes? For names of other things in URLs. */
bool slug_fits(const char *s, size_t max);

enum { CODE_SIZE = 14 }; /* "V-XXXX-XXXX-C" and a NUL */

/* Writes a new random code. */
void code_new(char out[CODE_SIZE]);

/* What code_read found. */
enum code_result { CODE_OK, CODE_NONE, CODE_WRONG };

/*
 * Reads one code, in lower or upper case, with or without spaces and hyphens
 * (also those of word processors), O for 0, I or L for 1, into its proper form.
 * CODE_WRONG: it has the shape of a code but the check character does not fit
 * (one wrong or two swapped neighbouring characters are always noticed).
 * CODE_NONE: not a code. OUT is written on CODE_OK only.
 */
enum code_result code_read(const char *text, char out[CODE_SIZE]);

/*
 * Finds codes in running text (HLP-2), in any of those spellings with the gaps
 * where the proper form has them; at most MAX different ones. Returns how many;
 * *WRONG says whether something looked like a code but failed its check. Words
 * that only happen to begin with V and have ten letters are neither.
 */
size_t code_find(const char *text, char (*out)[CODE_SIZE], size_t max, bool *wrong);

#endif
