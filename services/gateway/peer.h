/*
 * peer.h: the connections there are, and a watch over those that are too slow.
 *
 * The HTTP server's own timeout is content with a byte now and then; who sends
 * a head byte by byte, or a body that hardly comes, holds a connection for
 * hours. The watch shuts such a connection: a head has PEER_HEAD_MS, a body
 * comes at PEER_RATE bytes a second after its first PEER_BODY_MS.
 */
#ifndef PEER_H
#define PEER_H

#include <stdatomic.h>
#include <stdint.h>

#include "arena.h"

enum { PEER_ADDRESS_SIZE = 64, PEER_HEAD_MS = 45000, PEER_BODY_MS = 30000, PEER_RATE = 1024 };

/* One connection. What the watch reads is atomic. */
struct peer {
	struct peer *next, **link;
	int fd;
	char address[PEER_ADDRESS_SIZE];
	struct arena arena; /* for one request after the other */
	_Atomic enum { PEER_HEAD, PEER_BODY, PEER_BUSY } at;
	_Atomic int64_t since_ms;   /* on clock_ms(): when it began with that */
	atomic_uint_fast64_t bytes; /* of the body so far */
};

struct peers;

/* Starts the watch. NULL after logging. */
struct peers *peers_open(void);

/* Ends it; there are no connections any more. */
void peers_close(struct peers *peers);

/* A new connection on socket FD, which stays open until peer_close. NULL when memory is short. */
struct peer *peer_open(struct peers *peers, int fd);
void peer_close(struct peers *peers, struct peer *peer);

#endif
