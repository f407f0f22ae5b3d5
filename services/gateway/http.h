/*
 * http.h: connections, on libmicrohttpd. Only http.c includes microhttpd.h.
 *
 * A few threads wait on epoll; a request that waits for something is put aside
 * and costs no thread. Bounded: connections in all and of one address, bytes of
 * a head (32 KiB), seconds without a byte (15), seconds for a head (45), and a
 * body has to come at 1 KiB/s after its first half minute.
 */
#ifndef HTTP_H
#define HTTP_H

#include "gateway.h"

struct http;

/* Listens on the setting http_listen: "host:port" or "unix:/path". NULL after logging. */
struct http *http_open(struct gateway *gateway);

/* Takes no new connections. */
void http_quiesce(struct http *http);

/* Requests that have not been answered completely. */
int http_active(struct http *http);

/*
 * From now on nothing new is begun; waits up to WAIT_MS until nothing waits for
 * a service. True: http_close may be called.
 */
bool http_settle(struct http *http, int64_t wait_ms);

/* Closes all connections and ends the threads. */
void http_close(struct http *http);

#endif
