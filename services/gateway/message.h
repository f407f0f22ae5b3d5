/*
 * message.h: the message for a service, from everything that a request says:
 * path, query, JSON or form, headers, connection. By the descriptors and bounds
 * of proto/ alone; no rpc has code of its own.
 */
#ifndef MESSAGE_H
#define MESSAGE_H

#include "call.h"
#include "request.h"

/*
 * Builds the request message of R's rpc in the arena of CALL, and finds the
 * issuer that the call is about. NULL after refusing CALL: every wrong field and
 * every unknown parameter is named.
 */
ProtobufCMessage *message_build(struct request *r, struct call *call);

#endif
