/*
 * link.h: can an assessor open this link (EVD-3, N-3)?
 *
 * Asks for the page as an anonymous visitor does: no cookies, no account, a small
 * part of it. The address is the earner's word, so the request must not reach
 * what only this host can reach (attack A6): http and https alone, common ports
 * alone, and the fence stands where the connection is made, on the very address
 * that is connected to. No name, number form, redirect or second answer of a
 * name server gets around that.
 */
#ifndef LINK_H
#define LINK_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct sockaddr;

enum link_state {
	LINK_OPEN,    /* anybody can see it */
	LINK_CLOSED,  /* asks to sign in, or forbids */
	LINK_MISSING, /* is not there */
	LINK_UNKNOWN, /* could not be checked: try again later, blocks nothing */
	LINK_REFUSED  /* not a link that is ever asked for */
};

struct link_config {
	int64_t timeout_ms; /* for all of it, redirects included; 0: 10 seconds */
	/*
	 * "host:port" that may be asked for though it is private or on another port:
	 * an installation's own network. The last one is NULL; NULL: none.
	 */
	const char *const *allowed;
	const uint16_t *ports; /* that public places may have; the last one is 0; NULL: 80 and 443 */
	/* "host:port:address[,address]", instead of asking a name server. The last one is NULL; NULL: none.
	 */
	const char *const *addresses;
};

struct link_result {
	enum link_state state;
	const char *rule; /* why, one word: "open", "asks_login", "not_found", "not_reached" ...; constant */
	const char *message;  /* for the earner: what is wrong and what to do; constant */
	const char *provider; /* "Google Drive" ..., "" for other places; constant */
	int status;           /* of HTTP, the last one; 0: none */
};

enum { LINK_REDIRECTS_MAX = 5, LINK_BYTES_MAX = 64 << 10, LINK_URL_MAX = 2048 };

/* Returns the word of STATE in the API: "open", "closed" ... Constant. */
const char *link_state_name(enum link_state state);

/*
 * Fills RESULT with what an anonymous visitor of URL finds. Follows at most
 * LINK_REDIRECTS_MAX redirects, each checked like the first address; reads at
 * most LINK_BYTES_MAX of each page; memory comes from ARENA. A name server or host
 * that does not answer is LINK_UNKNOWN, never LINK_CLOSED. Any number of threads
 * may call this.
 */
void link_probe(
    struct arena *arena, const char *url, const struct link_config *config, struct link_result *result);

/*
 * Says whether ADDRESS (IPv4 or IPv6) is one of the open internet, by the
 * special-purpose registries of IANA (RFC 6890 and updates): not private,
 * loopback, link-local, shared, multicast, reserved, for documentation, nor one
 * that carries another address inside (mapped, NAT64, 6to4, Teredo).
 */
bool link_address_is_public(const struct sockaddr *address);

#endif
