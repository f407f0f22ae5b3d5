/*
 * reply.h: from the reply of a service, or from a refusal, to the answer.
 */
#ifndef REPLY_H
#define REPLY_H

#include "call.h"
#include "problem.h"
#include "request.h"

/* Each sets R's answer and returns NEXT_ANSWER. */

/* A refusal of the gateway: an HTTP status and one sentence. */
enum next reply_refuse(struct request *r, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* What was refused through CALL, with its errors. */
enum next reply_call(struct request *r, struct call *call);

/* What the service said: R's reply_header and reply. Files go on to the evidence store. */
enum next reply_service(struct request *r);

/* A body of the gateway's own; TEXT lives as long as the request, or as the process. */
enum next reply_text(struct request *r, int status, const char *type, const char *text);

/*
 * Is what R asks for to be had at another address: a record as a page (a browser opened
 * it), or a page as data (a program did)? Then R has its answer.
 */
bool reply_is_elsewhere(struct request *r);

/* Another address, for a GET. */
enum next reply_elsewhere(struct request *r, const char *location);

/* The media type in which R's reply will be sent; "" when none is acceptable. */
const char *reply_type(const struct request *r);

/* The version in the field of M that is its ETag; -1: M has none. */
int64_t reply_version(const ProtobufCMessage *m);

/* Does the client want a page rather than data? */
bool reply_wants_page(const struct request *r);

#endif
