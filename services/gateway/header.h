/*
 * header.h: what the values of request headers say. Pure; every value is text
 * that guard_header() has let in, NULL where the header was not given.
 */
#ifndef HEADER_H
#define HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Which of the N media TYPES the Accept header likes best (RFC 9110, 12.5.1):
 * the first of those with the highest quality; 0 without a header; -1: none is
 * acceptable.
 */
int accept_pick(const char *accept, const char *const *types, int n);

/*
 * Does Accept-Encoding (RFC 9110, 12.5.3) take CODING, "br"? Only what it names, or
 * "*", is taken: without the header nothing is encoded.
 */
bool encoding_accepted(const char *value, const char *coding);

enum match { MATCH_NOT_GIVEN, MATCH_VERSION, MATCH_ANY, MATCH_MALFORMED };

/* If-Match: one version, "5", W/"5" or a bare 5; or *. The version goes to *VERSION, 0 .. 2^53. */
enum match if_match_read(const char *value, int64_t *version);

/* Is ETAG, with its quotes, among the tags of If-None-Match? Compared weakly; "*" is any. */
bool etag_listed(const char *if_none_match, const char *etag);

enum range { RANGE_WHOLE, RANGE_PART, RANGE_OUTSIDE };

/*
 * Range (RFC 9110, 14): one range of bytes of a file of SIZE bytes. Several
 * ranges, other units and what is malformed mean the whole file, as the RFC
 * allows. RANGE_PART: *FIRST and *LENGTH, at least one byte.
 */
enum range range_read(const char *value, uint64_t size, uint64_t *first, uint64_t *length);

/*
 * The value of the cookie NAME, *LEN bytes inside COOKIES; NULL when it is not
 * there, or there twice with different values: whoever planted one of them must not win.
 */
const char *cookie_find(const char *cookies, const char *name, size_t *len);

/* The token of "Bearer TOKEN"; NULL when the value is something else. */
const char *bearer_read(const char *authorization);

/* Is the media type of VALUE, without its parameters, TYPE ("application/json")? */
bool media_type_is(const char *value, const char *type);

/*
 * Copies the parameter NAME of a media type, without its quotes. False: not there,
 * empty, or SIZE is too small.
 */
bool media_type_parameter(const char *value, const char *name, char *out, size_t size);

/* The N-th last address of X-Forwarded-For; 1 is the last. False: there are fewer, or it does not fit. */
bool forwarded_read(const char *value, int n, char *out, size_t size);

#endif
