/*
 * xml.h: XML that nobody should have to trust, by expat.
 *
 * Parts come in pieces. Entities are never expanded: a document type that
 * declares any ends the reading and is noted.
 */
#ifndef XML_H
#define XML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct xml {
	/* An element begins; NAME is without prefix, ATTRIBUTES as expat gives them. May be NULL. */
	void (*element)(void *of, const char *name, const char **attributes);
	/* Text inside the element NAME, N bytes of UTF-8. May be NULL. */
	void (*text)(void *of, const char *name, const char *text, size_t n);
	void *of;

	struct XML_ParserStruct *parser;
	char name[32]; /* of the element that began last */
	bool has_entities, has_nested_entities, is_malformed;
};

/* Begins to read one part. Returns false without memory. */
bool xml_open(struct xml *xml);
void xml_close(struct xml *xml);

/* Reads the next N bytes; IS_LAST ends the part. Nothing is read after an error or entities. */
void xml_feed(struct xml *xml, const void *data, size_t n, bool is_last);

/* Returns NAME without its prefix. */
const char *xml_local(const char *name);

/* Returns the value of the attribute with the local name NAME, "" when it is not there. */
const char *xml_attribute(const char **attributes, const char *name);

#endif
