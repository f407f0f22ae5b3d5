/*
 * pdf.h: the parts of the look at a PDF. libqpdf reads the structure, mends what
 * can be mended, and undoes an encryption without a password; what is drawn on
 * the pages and what would run is found here.
 */
#ifndef PDF_H
#define PDF_H

#include <qpdf/qpdf-c.h>

#include "file.h"

struct pdf {
	const struct file *file;
	struct report *report;
	qpdf_data qpdf;
	uint64_t total;         /* bytes of content streams, unpacked */
	int forms;              /* drawings inside drawings that were read */
	size_t visible, hidden; /* characters on the pages */
	size_t pictures, lines; /* pictures and painted paths on the pages */
	bool is_bomb;
};

/* Walks through everything that could run or hide: actions, attachments, forms. */
void pdf_walk(struct pdf *pdf);

/*
 * Reads what is drawn by CONTENTS (a stream or an array of streams) with the
 * names of RESOURCES. DEPTH counts drawings inside drawings, 0 is the page.
 */
void pdf_read_content(struct pdf *pdf, qpdf_oh contents, qpdf_oh resources, int depth);

/* Unpacks a stream; NULL when it cannot be, or when it is a bomb. The caller frees it. */
uint8_t *pdf_stream(struct pdf *pdf, qpdf_oh stream, size_t *size);

#endif
