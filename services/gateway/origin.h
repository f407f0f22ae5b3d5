/*
 * origin.h: does a request come from a page of this installation?
 *
 * A browser sends the cookie along with whatever any page makes it send. What
 * it says in Origin and Sec-Fetch-Site no page can forge: so an unsafe request
 * is taken only when these name this installation. Pure.
 */
#ifndef ORIGIN_H
#define ORIGIN_H

#include <stdbool.h>

enum origin {
	ORIGIN_SAME,    /* one of the two says so, none says otherwise */
	ORIGIN_FOREIGN, /* another site, another port, "null" */
	ORIGIN_UNSAID   /* neither is given: no browser of this decade, or a program */
};

/*
 * Any of the values may be NULL. ORIGIN is ours when it is that of PUBLIC_URL,
 * or its host and port are those of the request's HOST.
 */
enum origin origin_of(
    const char *origin, const char *sec_fetch_site, const char *host, const char *public_url);

#endif
