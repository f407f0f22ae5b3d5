/*
 * app.h: pages that are worked in. The gateway writes their frame and the first
 * answer of the API; a script of web/app does the rest.
 */
#ifndef APP_H
#define APP_H

#include "beside.h"
#include "html.h"
#include "request.h"

/*
 * The frame of the view that R's endpoint names (endpoint.h), with everything that its
 * first paint needs as JSON in the element "boot": {view, params, me, lang, etag, data, beside}.
 * REPLY is the "data", as the API gives it; "beside" what its endpoint asks besides, if it does. The script and its words are
 * web/app/APP.tsx in the reader's language.
 */
void page_app(struct html *html, const struct request *r, const ProtobufCMessage *reply);

/* Of a draft: what its micro-credential asks for. */
int page_draft_beside(struct request *r, const ProtobufCMessage *reply, struct beside asks[BESIDE_MAX]);

/* Of the security of an account: its tokens, and the account itself. */
int page_security_beside(struct request *r, const ProtobufCMessage *reply, struct beside asks[BESIDE_MAX]);

/* Of the queue: what the reader has taken. */
int page_queue_beside(struct request *r, const ProtobufCMessage *reply, struct beside asks[BESIDE_MAX]);

/* Of the help desk: the tickets that are not solved. */
int page_desk_beside(struct request *r, const ProtobufCMessage *reply, struct beside asks[BESIDE_MAX]);

/* Of operations: what is late the most; of the list of what is late: the queues, for their issuers. */
int page_ops_beside(struct request *r, const ProtobufCMessage *reply, struct beside asks[BESIDE_MAX]);
int page_overdue_beside(struct request *r, const ProtobufCMessage *reply, struct beside asks[BESIDE_MAX]);

#endif
