/*
 * events.h: live changes, as server-sent events (GET /api/v1/events).
 *
 * Once a second the notification service is asked what is new, for all accounts
 * that listen, 200 a call. An event's id is its number in the account's inbox:
 * a browser that comes back with Last-Event-ID gets what it missed. A stream
 * that is not read, or whose session has ended, is ended; so are all when the
 * gateway ends. Nothing is kept here that could be lost: the inbox is the truth.
 *
 * Thread-safe.
 */
#ifndef EVENTS_H
#define EVENTS_H

#include "request.h"

enum { EVENTS_BATCH = 200, EVENTS_HEARTBEAT_MS = 15000, EVENTS_CHECK_MS = 30000, STREAM_MAX = 64 << 10 };

struct events;

/* Starts the thread that asks. NULL after logging. */
struct events *events_open(struct gateway *gateway);

/* Ends all streams and takes no new ones. */
void events_stop(struct events *events);

/* Ends the thread; there are no streams any more. */
void events_close(struct events *events);

/* How many streams are open. */
size_t events_count(struct events *events);

/* Opens a stream for the caller of R, and puts it into the answer. 429 or 503 when there are too many. */
enum next events_begin(struct request *r);

/* Ends the streams that were opened with the token of this hash. */
void events_end_session(struct events *events, const uint8_t *hash);

/* The socket of the stream's connection, so that it is seen when the client leaves. */
void stream_watch(struct stream *stream, int fd);

/*
 * Takes up to MAX bytes off the stream. 0: nothing is there; then *OVER says
 * whether it has ended, and if not, PAUSE was called before anything could be
 * added: the next addition wakes the request.
 */
size_t stream_take(
    struct stream *stream, char *out, size_t max, bool *over, void (*pause)(void *arg), void *arg);

/* Its connection is over. */
void stream_close(struct stream *stream);

#endif
