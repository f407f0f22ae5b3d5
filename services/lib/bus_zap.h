/*
 * bus_zap.h: who may connect under CURVE (ZeroMQ's RFC 27, ZAP). CURVE alone
 * hides and authenticates the serving end; without this any key may call. For
 * bus_server.c.
 */
#ifndef BUS_ZAP_H
#define BUS_ZAP_H

#include <stdbool.h>
#include <stdint.h>

#include "config.h"

struct zap {
	void *socket;    /* REP, to be polled; NULL: CURVE is not configured, everybody may connect */
	uint8_t key[32]; /* the one that may */
};

/*
 * Opens the handler of the context ZMQ, before its sockets are bound. The one
 * that may connect is who holds the pair of the settings: all processes of an
 * installation hold the same. False after logging.
 */
bool zap_open(struct zap *zap, void *zmq, const struct config *config);

/* Answers what waits, without waiting itself. */
void zap_answer(struct zap *zap);

/* Gives back what zap_open() took. */
void zap_close(struct zap *zap);

#endif
