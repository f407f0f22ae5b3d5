/* picture_jpeg.c: JPEG by libjpeg-turbo. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jerror.h>
#include <jpeglib.h>

#include "picture.h"

/*
 * The mean of the table of brightness from which a picture shows blocks instead
 * of letters. (The tables of ITU-T T.81, annex K, have 57 at quality 50, 192 at
 * quality 15.)
 */
enum { QUANTUM_MAX = 190 };

struct decoder {
	struct jpeg_decompress_struct jpeg; /* first: libjpeg hands its address back */
	struct jpeg_error_mgr errors;
	jmp_buf leave;
	struct plane plane;
	uint8_t *row;
	bool is_broken; /* data is missing, or a code that does not exist */
	bool is_short_of_memory;
};

static void
on_error(j_common_ptr jpeg)
{
	struct decoder *decoder = (struct decoder *)jpeg;

	decoder->is_short_of_memory = jpeg->err->msg_code == JERR_OUT_OF_MEMORY;
	decoder->is_broken = true;
	longjmp(decoder->leave, 1);
}

/* Level -1 is damage that libjpeg fills in. Oddities before a marker are harmless. */
static void
on_message(j_common_ptr jpeg, int level)
{
	struct decoder *decoder = (struct decoder *)jpeg;
	int code = jpeg->err->msg_code;

	if (level < 0 &&
	    (code == JWRN_HIT_MARKER || code == JWRN_JPEG_EOF || code == JWRN_HUFF_BAD_CODE ||
		code == JWRN_MUST_RESYNC))
		decoder->is_broken = true;
}

static void
on_output(j_common_ptr jpeg)
{
	(void)jpeg;
}

static void
quality_look(const struct jpeg_decompress_struct *jpeg, struct report *report)
{
	const JQUANT_TBL *table = jpeg->quant_tbl_ptrs[jpeg->comp_info[0].quant_tbl_no & 3];
	unsigned sum = 0;

	for (int i = 0; table != NULL && i < DCTSIZE2; i++)
		sum += table->quantval[i];
	if (sum / DCTSIZE2 >= QUANTUM_MAX)
		report_add(report, VERDICT_WARN, "low_quality",
		    "The picture was saved with so little quality that details are lost. Save it again "
		    "with a higher quality.");
}

static void
markers_look(const struct jpeg_decompress_struct *jpeg, struct report *report)
{
	int n = 0;

	for (const struct jpeg_marker_struct *at = jpeg->marker_list; at != NULL && n < 64;
	    at = at->next, n++)
		if (at->data_length > 6 && memcmp(at->data, "Exif\0", 6) == 0)
			exif_look(at->data + 6, at->data_length - 6, report);
}

/* Ink on paper: the darkest of its parts, near enough for what is judged here. */
static void
row_of_ink(uint8_t *row, uint32_t width)
{
	for (uint32_t x = 0; x < width; x++)
		row[x] = (uint8_t)(row[4 * x + 1] * row[4 * x + 3] / 255);
}

static void
decode(struct decoder *decoder, struct report *report)
{
	struct jpeg_decompress_struct *jpeg = &decoder->jpeg;

	jpeg_save_markers(jpeg, JPEG_APP0 + 1, 0xffff);
	jpeg_read_header(jpeg, TRUE);
	if (!picture_begin(report, jpeg->image_width, jpeg->image_height))
		return;
	picture_still(report);
	quality_look(jpeg, report);
	markers_look(jpeg, report);
	/* A big picture is averaged down anyway: let the transform do the first part of it. */
	uint32_t side = jpeg->image_width > jpeg->image_height ? jpeg->image_width : jpeg->image_height;
	while (jpeg->scale_denom < 8 && side / (2 * jpeg->scale_denom) >= PLANE_SIDE)
		jpeg->scale_denom *= 2;
	bool ink = jpeg->jpeg_color_space == JCS_CMYK || jpeg->jpeg_color_space == JCS_YCCK;
	jpeg->out_color_space = ink ? JCS_CMYK : JCS_GRAYSCALE;
	jpeg->dct_method = JDCT_IFAST;
	jpeg_start_decompress(jpeg);
	decoder->row = malloc((size_t)jpeg->output_width * (size_t)jpeg->output_components);
	if (decoder->row == NULL || !plane_open(&decoder->plane, jpeg->output_width, jpeg->output_height)) {
		decoder->is_short_of_memory = true;
		return;
	}
	while (jpeg->output_scanline < jpeg->output_height) {
		JSAMPROW rows[1] = {decoder->row};

		jpeg_read_scanlines(jpeg, rows, 1);
		if (ink)
			row_of_ink(decoder->row, jpeg->output_width);
		plane_add(&decoder->plane, decoder->row, jpeg->output_width);
	}
	jpeg_finish_decompress(jpeg);
	if (!decoder->is_broken)
		plane_judge(&decoder->plane, report);
}

void
look_at_jpeg(const struct file *file, struct report *report)
{
	struct decoder *decoder = calloc(1, sizeof(*decoder));

	if (decoder == NULL)
		abort();
	decoder->jpeg.err = jpeg_std_error(&decoder->errors);
	decoder->errors.error_exit = on_error;
	decoder->errors.emit_message = on_message;
	decoder->errors.output_message = on_output;
	if (setjmp(decoder->leave) == 0) {
		jpeg_create_decompress(&decoder->jpeg);
		jpeg_mem_src(&decoder->jpeg, file->data, file->size);
		decode(decoder, report);
	}
	if (decoder->is_short_of_memory)
		report_add(report, VERDICT_REJECT, "too_large",
		    "The picture takes too much memory to open. Save it with fewer pixels.");
	else if (decoder->is_broken)
		report_corrupt(report);
	else if (decoder->jpeg.src != NULL)
		picture_end(file, file->size - decoder->jpeg.src->bytes_in_buffer, report);
	plane_close(&decoder->plane);
	free(decoder->row);
	jpeg_destroy_decompress(&decoder->jpeg);
	free(decoder);
}
