/*
 * rpc.h: what each rpc and each field says about itself.
 *
 * The rows are written by protogen from the options in proto/ (rule.proto tells
 * what each means). They are the one place that knows who may call what, on
 * which route, for how long, within which bounds.
 */
#ifndef RPC_H
#define RPC_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdint.h>

struct call;

struct rpc {
	const char *service; /* folder, name in the book and database schema */
	const char *name;    /* "Submissions.Submit" */
	int index;           /* its place in rpcs[] */
	const ProtobufCMessageDescriptor *in, *out;
	uint32_t may;            /* one bit for each Role */
	const char *verb, *path; /* "POST", "/submissions/{id}/submit"; "" when not public */
	const char *issuer;      /* the field that names the issuer; "" by rule */
	bool writes, key, across, slow, upload, serves, root;
	int if_match; /* enum Match */
	uint32_t deadline_ms, success;
};

struct bound {
	const char *json; /* name in JSON */
	bool required;
	uint32_t max, min;
	const char *form;
	bool absent, inner, cookie, session, etag, raw;
	const char *as, *suffix, *source;
};

struct message_bounds {
	const ProtobufCMessageDescriptor *type;
	const struct bound *fields; /* in the order of type->fields */
};

struct handler {
	const struct rpc *rpc;
	bool (*run)(struct call *call, const void *req, void *rep);
};

extern const struct rpc *const rpcs[];               /* ends with NULL */
extern const struct message_bounds message_bounds[]; /* ends with a NULL type */

/* Returns the rpc called "Service.Method"; NULL when there is none. */
const struct rpc *rpc_find(const char *name);

/* Returns the bounds of TYPE's fields, in the order of its fields; NULL for types of other packages. */
const struct bound *bounds_of(const ProtobufCMessageDescriptor *type);

#endif
