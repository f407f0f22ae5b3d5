/*
 * app.h: pages that are worked in. The gateway writes their frame and the first
 * answer of the API; a script of web/app does the rest.
 */
#ifndef APP_H
#define APP_H

#include "html.h"
#include "request.h"

/*
 * The frame of the view that R's endpoint names (endpoint.h), with everything that its
 * first paint needs as JSON in the element "boot": {view, params, me, lang, etag, data}.
 * REPLY is the "data", as the API gives it. The script and its words are
 * web/app/APP.tsx in the reader's language.
 */
void page_app(struct html *html, const struct request *r, const ProtobufCMessage *reply);

#endif
