/*
 * document.h: documents that are zip archives inside: Office Open XML
 * (ECMA-376), OpenDocument (OASIS), EPUB, programs for Java and Android.
 */
#ifndef DOCUMENT_H
#define DOCUMENT_H

#include "file.h"
#include "xml.h"

enum { MIMETYPE_MAX = 80, XML_BYTES_MAX = 64 << 20 };

/* What the parts have told. */
struct document {
	struct report *report;
	struct xml xml; /* of the part that is being read */
	enum part {
		PART_OTHER,
		PART_TYPES,
		PART_RELATIONS,
		PART_MIMETYPE,
		PART_MANIFEST,
		PART_OFFICE_TEXT,
		PART_ODF_TEXT
	} part;
	bool part_is_main;
	uint64_t xml_bytes;
	char mimetype[MIMETYPE_MAX];
	size_t n_mimetype;

	bool has_types, has_main_part, has_macros, is_java, is_android, is_iwork;
	const char *office;      /* "docx" ..., by its content type; NULL: none */
	const char *with_macros; /* the same with macros allowed: "docm" ... */
	size_t letters, pictures;
};

/* Begins a look at an archive; what is found goes into REPORT, which must outlive it. */
void document_open(struct document *document, struct report *report);

/*
 * One part of the archive begins, goes on, ends (IS_WHOLE: it could be read to
 * its end). document_part_begin() returns false if nobody wants its bytes.
 */
bool document_part_begin(struct document *document, const char *name);
void document_part_feed(struct document *document, const uint8_t *data, size_t n);
void document_part_end(struct document *document, bool is_whole);

/* Judges the parts. Returns false if the archive is no document at all. */
bool document_judge(struct document *document);

#endif
