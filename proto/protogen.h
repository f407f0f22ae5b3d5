/*
 * protogen.h: what the two halves of protogen share. A program of the build,
 * not of the product: it ends at the first mistake and frees nothing.
 */
#ifndef PROTOGEN_H
#define PROTOGEN_H

#include <stdbool.h>
#include <stddef.h>

#include "google/protobuf/descriptor.pb-c.h"
#include "rule.pb-c.h"

#define Set Google__Protobuf__FileDescriptorSet
#define File Google__Protobuf__FileDescriptorProto
#define Type Google__Protobuf__DescriptorProto
#define Field Google__Protobuf__FieldDescriptorProto
#define Method Google__Protobuf__MethodDescriptorProto

/* Says what is wrong and ends the build. */
void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* "OpenSubmission" -> "open_submission", as protobuf-c spells it. The last eight answers stay valid. */
const char *snake(const char *name);

/* "time_zone" -> "timeZone", the name in JSON. The last eight answers stay valid. */
const char *camel(const char *name);

/* ".vouch.Submission.State" -> "State". */
const char *plain(const char *type);

/* Returns the option NUMBER as message TYPE; NULL when it is not given. */
void *option(const ProtobufCMessage *options, unsigned number, const ProtobufCMessageDescriptor *type);

/* The comment at the thing with the N numbers of PATH (descriptor.proto, SourceCodeInfo); "" when it has none. */
const char *comment(const File *file, const int *path, size_t n);

/* The OpenAPI 3.1 document, in the order open, route and schema for each, close (writes DIR/openapi.json). */
void openapi_open(const Set *set);
void openapi_route(const File *file, const char *service, const Method *method, const Vouch__Rule *rule,
    const char *verb, const char *path, const char *text);
void openapi_schema(const File *file, size_t message);
void openapi_close(const char *dir);

#endif
