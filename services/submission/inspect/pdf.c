#include "pdf.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

enum {
	PAGES_READ_MAX = 200,
	ENOUGH = 2000, /* visible characters, after which no further page is read */
	RAW_BLOCK = 256 << 10
};

/* Unpacks IN as far as sanity goes; NULL past it. Damage at the end gives what came before. */
static uint8_t *
inflate_bounded(struct pdf *pdf, const uint8_t *in, size_t n_in, size_t *size)
{
	z_stream z = {.next_in = (uint8_t *)(uintptr_t)in, .avail_in = (uInt)n_in};
	size_t room = RAW_BLOCK;
	uint8_t *out = malloc(room);

	if (out == NULL || inflateInit(&z) != Z_OK)
		abort();
	*size = 0;
	for (int rc = Z_OK; rc == Z_OK;) {
		if (*size == room) {
			if (!expansion_is_sane(pdf->file, pdf->total + *size)) {
				pdf->is_bomb = true;
				break;
			}
			room *= 2;
			uint8_t *more = realloc(out, room);
			if (more == NULL)
				abort();
			out = more;
		}
		z.next_out = out + *size;
		z.avail_out = (uInt)(room - *size);
		rc = inflate(&z, Z_NO_FLUSH);
		*size = room - z.avail_out;
	}
	inflateEnd(&z);
	pdf->total += *size;
	pdf->is_bomb = pdf->is_bomb || !expansion_is_sane(pdf->file, pdf->total);
	return out;
}

/* The one filter that nearly all streams have, without a predictor. */
static bool
is_plain_flate(struct pdf *pdf, qpdf_oh dict)
{
	qpdf_oh filter = qpdf_oh_get_key(pdf->qpdf, dict, "/Filter");

	if (qpdf_oh_is_array(pdf->qpdf, filter) && qpdf_oh_get_array_n_items(pdf->qpdf, filter) == 1)
		filter = qpdf_oh_get_array_item(pdf->qpdf, filter, 0);
	return qpdf_oh_is_name_and_equals(pdf->qpdf, filter, "/FlateDecode") &&
	    !qpdf_oh_has_key(pdf->qpdf, dict, "/DecodeParms");
}

uint8_t *
pdf_stream(struct pdf *pdf, qpdf_oh stream, size_t *size)
{
	bool plain = is_plain_flate(pdf, qpdf_oh_get_dict(pdf->qpdf, stream));
	enum qpdf_stream_decode_level_e level = plain ? qpdf_dl_none : qpdf_dl_generalized;
	QPDF_BOOL filtered = QPDF_FALSE;
	unsigned char *data = NULL;

	if (pdf->is_bomb)
		return NULL;
	QPDF_ERROR_CODE rc = qpdf_oh_get_stream_data(pdf->qpdf, stream, level, &filtered, &data, size);
	if ((rc & QPDF_ERRORS) || data == NULL) {
		free(data);
		return NULL;
	}
	if (plain) {
		uint8_t *out = inflate_bounded(pdf, data, *size, size);

		free(data);
		data = out;
	} else {
		pdf->total += *size;
		pdf->is_bomb = !expansion_is_sane(pdf->file, pdf->total);
	}
	if (!pdf->is_bomb)
		return data;
	free(data);
	return NULL;
}

/* A page that would need a huge picture to be shown. (ISO 32000-1: 14,400 units was the limit of readers.) */
static void
page_size_look(struct pdf *pdf, qpdf_oh page)
{
	qpdf_oh box = qpdf_oh_get_key(pdf->qpdf, page, "/MediaBox");
	double side[4];

	if (!qpdf_oh_is_array(pdf->qpdf, box) || qpdf_oh_get_array_n_items(pdf->qpdf, box) != 4)
		return;
	for (int i = 0; i < 4; i++)
		side[i] = qpdf_oh_get_numeric_value(pdf->qpdf, qpdf_oh_get_array_item(pdf->qpdf, box, i));
	double width = side[2] - side[0], height = side[3] - side[1];
	width = width < 0 ? -width : width;
	height = height < 0 ? -height : height;
	if (!(width * height <= PIXELS_MAX))
		report_add(pdf->report, VERDICT_REJECT, "decompression_bomb",
		    "A page of the document is larger than a house wall and cannot be shown. Export it "
		    "again in a common paper size.");
}

static void
pages_read(struct pdf *pdf, int n)
{
	for (int i = 0; i < n && i < PAGES_READ_MAX && !pdf->is_bomb; i++) {
		qpdf_oh page = qpdf_get_page_n(pdf->qpdf, (size_t)i);

		page_size_look(pdf, page);
		if (pdf->visible < ENOUGH)
			pdf_read_content(pdf, qpdf_oh_get_key(pdf->qpdf, page, "/Contents"),
			    qpdf_oh_get_key(pdf->qpdf, page, "/Resources"), 0);
		/* Notes, stamps and filled forms are drawn on the page too. */
		qpdf_oh notes = qpdf_oh_get_key(pdf->qpdf, page, "/Annots");
		if (qpdf_oh_is_array(pdf->qpdf, notes))
			pdf->lines += (size_t)qpdf_oh_get_array_n_items(pdf->qpdf, notes);
		qpdf_oh_release_all(pdf->qpdf);
	}
}

static void
content_judge(struct pdf *pdf)
{
	struct report *report = pdf->report;

	report->text = pdf->visible + pdf->hidden >= LETTERS_MIN;
	if (pdf->visible >= LETTERS_MIN)
		return;
	if (pdf->pictures == 0 && pdf->hidden >= LETTERS_MIN)
		report_add(report, VERDICT_WARN, "invisible_text",
		    "The text in the document cannot be seen, as if the picture over it were missing. "
		    "Export or scan it again.");
	else if (pdf->pictures == 0 && pdf->lines == 0)
		report_add(report, VERDICT_WARN, "empty_text",
		    "The pages of the document are blank. Check that it is the right file and was saved.");
	else if (!report->text)
		report_add(report, VERDICT_WARN, "no_text",
		    "The pages are pictures without text, which cannot be read aloud or searched. If you "
		    "can, switch text recognition on when you scan.");
}

/* Says whether something failed since the last time, and takes note: libqpdf complains of what nobody took.
 */
static bool
had_error(struct pdf *pdf)
{
	return qpdf_has_error(pdf->qpdf) && qpdf_get_error(pdf->qpdf) != NULL;
}

static void
pdf_read(struct pdf *pdf)
{
	struct report *report = pdf->report;
	QPDF_ERROR_CODE rc = qpdf_read_memory(
	    pdf->qpdf, "file", (const char *)pdf->file->data, pdf->file->size, NULL);

	if (rc & QPDF_ERRORS) {
		if (qpdf_get_error_code(pdf->qpdf, qpdf_get_error(pdf->qpdf)) == qpdf_e_password)
			report_add(report, VERDICT_REJECT, "encrypted",
			    "The file is locked with a password. Save a copy without one and upload that.");
		else
			report_corrupt(report);
		return;
	}
	int n = qpdf_get_num_pages(pdf->qpdf);
	if (had_error(pdf) || n <= 0) {
		report_corrupt(report);
		return;
	}
	report->pages = n;
	pdf_walk(pdf);
	qpdf_oh_release_all(pdf->qpdf);
	qpdf_push_inherited_attributes_to_page(pdf->qpdf);
	pages_read(pdf, n);
	if (pdf->is_bomb)
		report_bomb(report);
	else if (report->verdict != VERDICT_REJECT)
		content_judge(pdf);
	if (had_error(pdf) || qpdf_more_warnings(pdf->qpdf))
		report_add(report, VERDICT_WARN, "repaired",
		    "Some parts of the document are damaged. Open it, check that all pages are there, and "
		    "save or export it again.");
}

void
look_at_pdf(const struct file *file, struct report *report)
{
	struct pdf pdf = {.file = file, .report = report, .qpdf = qpdf_init()};

	qpdf_silence_errors(pdf.qpdf);
	qpdf_set_suppress_warnings(pdf.qpdf, QPDF_TRUE);
	pdf_read(&pdf);
	had_error(&pdf);
	qpdf_cleanup(&pdf.qpdf);
}
