/*
 * shell.h: what all pages have in common: the head of the document, the bar on
 * top with the places that the reader may go to, the foot.
 */
#ifndef SHELL_H
#define SHELL_H

#include "html.h"
#include "request.h"

/* Places of the bar on top; what is shown depends on the reader's roles. */
enum place {
	PLACE_NONE,
	PLACE_EXPLORE,
	PLACE_WORK,
	PLACE_WALLET,
	PLACE_QUEUE,
	PLACE_OPS,
	PLACE_DESK,
	PLACE_STUDIO,
	PLACE_VERIFY,
	PLACE_HELP,
	PLACES
};

struct page_head {
	const char *title;       /* without the name of the product */
	const char *description; /* NULL: none */
	const char *path;        /* its one address, for canonical and og:url; NULL: not for search engines */
	const char *picture;     /* path of a picture that stands for it; NULL: none */
	const char *alternate, *alternate_type; /* the same as data: path and media type; NULL: none */
	const char *script;                     /* logical name of an enhancing script; NULL: none */
	const char *class;                      /* of the body; NULL: none */
	enum place place;
	bool is_app; /* no foot, and main is the app's own */
};

/* Everything up to and with <main>. */
void shell_begin(struct html *html, const struct request *r, const struct page_head *head);

/* </main> and the rest. */
void shell_end(struct html *html, const struct request *r, const struct page_head *head);

/* Does the reader of R hold ROLE in some issuer? */
bool shell_has_role(const struct request *r, Vouch__Role role);

#endif
