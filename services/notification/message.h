/*
 * message.h: a mail as it travels (RFC 5322, MIME).
 */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include "arena.h"

struct message {
	const char *id;             /* of the row; with HOST it makes the Message-ID */
	const char *public_url;     /* without a slash at its end */
	const char *from;           /* "Vouch <vouch@example.org>" */
	const char *address, *name; /* the reader's */
	const char *title, *body;
	const char *action, *link; /* the words of the link, and its path */
	int64_t created_at;        /* microseconds since 1970 */
};

/* The host of PUBLIC_URL, for Message-IDs and the greeting of SMTP; in ARENA. */
char *message_host(struct arena *arena, const char *public_url);

/* "id@host" in ARENA, without the angle brackets. */
char *message_id(struct arena *arena, const struct message *message);

/* The bare address in FROM ("vouch@example.org"), in ARENA; NULL when there is not exactly one. */
char *message_sender(struct arena *arena, const char *from);

/*
 * The whole message in ARENA, CRLF at the end of every line, *LEN bytes: text
 * and HTML side by side, UTF-8, quoted-printable. The same MESSAGE gives the
 * same bytes, so that a repeat is a repeat. Header fields are encoded: no line
 * break of a name or a title gets out of its field (A10). NULL when memory is
 * short. Call g_mime_init() once before.
 */
char *message_render(struct arena *arena, const struct message *message, size_t *len);

#endif
