/*
 * bus_parts.h: what the calling end is made of, for its two files: bus.c, the
 * thread that owns the sockets, and bus_ask.c, the threads that hand it calls.
 */
#ifndef BUS_PARTS_H
#define BUS_PARTS_H

#include <pthread.h>

#include "bus.h"

struct peer {
	char service[32], endpoint[200];
	void *socket, *monitor;
	int outstanding;
	int64_t down_until; /* on clock_ms(); 0 when it answers */
};

struct pending {
	struct pending *next;  /* in the hand-over list */
	uint64_t id;           /* 0: the slot is free */
	const struct rpc *rpc; /* NULL: health */
	const char *service;
	Vouch__Caller *caller;
	char *key, *trace, *method;
	ProtobufCBinaryData request;
	struct arena arena; /* holds the copies */
	int64_t deadline_ms, until_ms, begun_ms;
	bus_done *done;
	void *arg;
	int peer; /* -1: not sent yet */
	int sends;
	unsigned tried; /* peers tried in this round, by their low bits */
	bool harmless;  /* may run twice */
};

struct bus {
	void *zmq;
	pthread_t thread;
	int bell;
	pthread_mutex_t lock;
	struct pending *handed, **handed_end;
	int n_outstanding;
	bool stopping;

	/* of the thread alone */
	int n_peers, n_slots;
	struct peer peers[BUS_PEERS_MAX];
	struct pending *slots[BUS_OUTSTANDING_MAX];
	uint64_t next_id;
	unsigned turn;
};

#endif
