/*
 * outbox.h: events.
 *
 * An event is a fact, stored with the changes that made it true and delivered
 * afterwards, as a call, to every rpc named On<Event>(<Event>): at least once
 * on the wire, exactly once in effect (the receiver's table "done"). Its first
 * field names its subject; facts of one subject reach a listener in order.
 */
#ifndef OUTBOX_H
#define OUTBOX_H

#include "call.h"

/*
 * Stores EVENT for all who listen, in the transaction of the call, in the
 * call's issuer. Aborts outside of a transaction: an rpc that announces writes.
 */
bool announce(struct call *call, const ProtobufCMessage *event);

#endif
