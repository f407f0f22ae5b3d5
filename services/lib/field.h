/*
 * field.h: the fields of a message by their descriptors, and what a person
 * calls the place of one. For json*.c and check.c.
 */
#ifndef FIELD_H
#define FIELD_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rpc.h"

/* Returns the bytes that one value of FIELD takes in a message or in a list. */
size_t field_size(const ProtobufCFieldDescriptor *field);

/* Returns how many values FIELD has in MESSAGE: the items of a list, 1 of any other. */
size_t field_count(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);

/* Returns where value I, below field_count(), is. */
const void *field_value(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, size_t i);

/* Is FIELD a google.protobuf.Timestamp? */
bool field_is_time(const ProtobufCFieldDescriptor *field);

/* Sets *MICROS (instant.h) from a google.protobuf.Timestamp; false outside the years 1 to 9999. */
bool field_time(const ProtobufCMessage *timestamp, int64_t *micros);

/* Does a field with this bound never stand in JSON for clients? */
bool field_is_hidden(const struct bound *bound);

enum { FIELD_NO_INDEX = -1, FIELD_DEPTH_MAX = 32, FIELD_PATH_SIZE = 400 };

/* One step of the way to a field: on the stack of who walks a message. */
struct field_path {
	const struct field_path *up; /* NULL at the top */
	const char *name;            /* JSON name */
	long index;                  /* in a list, or FIELD_NO_INDEX */
};

/* Writes "document.parts[0].title", cut at the end when it is too long; returns OUT. */
const char *field_path_write(const struct field_path *path, char out[static FIELD_PATH_SIZE]);

#endif
