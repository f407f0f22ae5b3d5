/*
 * gateway.h: what all requests of one gateway share.
 *
 * Nothing in here must last: whoever ends the process loses no record.
 */
#ifndef GATEWAY_H
#define GATEWAY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "bus.h"
#include "config.h"

struct gateway {
	const struct config *config;
	struct bus *bus;
	struct routes *routes;
	struct endpoints *endpoints;
	struct sessions *sessions;
	struct inflight *inflight;
	struct store *store;   /* the evidence store */
	struct events *events; /* live streams */
	struct readiness *readiness;
	struct languages *languages; /* of the pages */
	struct http *http;
	Vouch__Caller *self; /* the gateway as a service: for calls of its own */
	const char *public_url;
	bool is_https; /* people reach us over https: cookies are Secure */
	int proxies;   /* in front, and ours: X-Forwarded-For is believed that far */
	atomic_bool draining;
	atomic_size_t held, held_max; /* bytes of bodies in memory */
};

/* Opens everything and listens. NULL after logging what is wrong. */
struct gateway *gateway_open(const struct config *config);

/*
 * Takes no new connection, ends live streams, finishes what runs within
 * DRAIN_MS, then closes. False: something was still running.
 */
bool gateway_close(struct gateway *gateway, int64_t drain_ms);

/*
 * Reserves N bytes of the memory for bodies; false: there is no room now. Every true
 * needs a gateway_release.
 */
bool gateway_hold(struct gateway *gateway, size_t n);
void gateway_release(struct gateway *gateway, size_t n);

#endif
