/*
 * words.h: in which language and in which colours a page is shown.
 *
 * The language is that of ?lang=, else of the cookie "lang", else of the account, else
 * what Accept-Language likes best. The theme is that of the cookie "theme"; without one
 * the browser's. Both cookies are set at /preferences, without a script.
 */
#ifndef WORDS_H
#define WORDS_H

#include "language.h"
#include "request.h"

enum { WORDS_TARGET_MAX = 2000 };

/* The language of the answer to R. */
const struct language *words_of(const struct request *r);

/* The time zone of who reads R; "" when it is not known. */
const char *words_zone(const struct request *r);

/* The place of a time zone: "America/New_York" is New York. In R's arena. */
const char *words_place(struct request *r, const char *zone);

/* "light", "dark", or NULL for what the browser prefers. */
const char *words_theme(const struct request *r);

/* The parameter NAME of R's address, decoded, in R's arena; NULL when it is not there. The first one counts. */
const char *words_parameter(struct request *r, const char *name);

/* May TARGET, a path with or without a query, be gone to from here? Only within this site. */
bool words_is_own_path(const char *target);

/* KEY as plain text in R's arena, for titles and attributes; "" when there is no memory. */
const char *words_say(struct request *r, const char *key, const struct word *args);

/* GET /preferences?lang=..&theme=..&next=..: keeps the choice and goes back. */
enum next words_prefer(struct request *r);

#endif
