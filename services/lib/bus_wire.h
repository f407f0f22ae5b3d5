/*
 * bus_wire.h: what both ends of the bus share: socket options and frames. For
 * bus.c and bus_server.c.
 */
#ifndef BUS_WIRE_H
#define BUS_WIRE_H

#include <stdbool.h>
#include <zmq.h>

#include "config.h"

/* The bounds of every socket, and CURVE when the settings name keys. SERVER: this end is the ROUTER. False after logging. */
bool wire_options(void *socket, const struct config *config, bool server);

enum { WIRE_KEY_LEN = 40 };

/* Is CURVE configured? */
bool wire_is_curve(const struct config *config);

/* Reads the Z85 key of WIRE_KEY_LEN characters from the file that SETTING names. False after logging. */
bool wire_read_key(const struct config *config, const char *setting, char key[WIRE_KEY_LEN + 1]);

/* Receives all frames of one message without waiting; those beyond N are dropped. Returns how many, -1: none. */
int wire_receive(void *socket, zmq_msg_t *frames, int n);
void wire_close(zmq_msg_t *frames, int n);

/* An eventfd that another thread rings and a poll loop hears. */
int bell_open(void);
void bell_ring(int bell);
void bell_hush(int bell);

#endif
