/*
 * endpoint.h: what may stand at the end of a route: an rpc, a page, or one of
 * the few things that the gateway answers by itself.
 */
#ifndef ENDPOINT_H
#define ENDPOINT_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

#include "beside.h"
#include "request.h"
#include "rpc.h"

struct html;

struct endpoint {
	const char *verb, *prefix, *path;          /* "GET", "/api/v1", "/me" */
	const struct rpc *rpc;                     /* NULL: RUN answers */
	enum next (*run)(struct request *request); /* after the caller is known */
	bool needs_account;                        /* without an rpc: 401 for nobody */
	bool asks_who;                             /* without an rpc: RUN wants to know who is signed in */
	bool takes_query;                          /* without an rpc: RUN reads the parameters */

	/*
	 * A page: shows the RPC's reply to people. REPLY is NULL when the service
	 * cannot answer; a page that cannot do without it leaves "alone" false and is
	 * never called like that.
	 */
	void (*render)(struct html *html, const struct request *request, const ProtobufCMessage *reply);
	bool alone;
	beside_ask *beside; /* what RENDER wants to know besides; NULL: nothing */

	/* A page that is worked in (app.h): the script APP shows VIEW. */
	const char *app, *view;
	bool frames; /* it shows files of this site in frames */
	bool
	    framed; /* without RENDER: a file that such a page shows in a frame; others are handed out to be kept */

	/*
	 * This page is how people see the record of RPC: a browser that opens the record's own
	 * address is sent here, and a program that opens this one is sent there.
	 */
	bool stands_for;
	const char *
	    reads; /* parameters that are RENDER's own, not the rpc's, each with a space behind it; NULL: none */

	const char *page;        /* of an rpc: the path of the page that stands for it; NULL: none */
	const char *suffixes[5]; /* of an rpc: of its representations, ended by NULL */
};

struct endpoints;

/*
 * All of them, and the routes to them: one for each public row of rpcs[], the
 * gateway's own, the pages. NULL after logging.
 */
struct endpoints *endpoints_open(struct routes *routes);
void endpoints_close(struct endpoints *endpoints);

#endif
