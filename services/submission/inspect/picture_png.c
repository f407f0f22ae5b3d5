/* picture_png.c: PNG by libpng. */
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "picture.h"

enum { CHUNK_MAX = 8 << 20, CHUNKS_MAX = 1000 };

struct decoder {
	const struct file *file;
	size_t at;
	struct plane plane;
	uint8_t *row, *whole; /* one row, or all rows when they come in passes */
	bool is_short_of_memory;
};

static void
on_read(png_structp png, png_bytep out, size_t n)
{
	struct decoder *decoder = png_get_io_ptr(png);

	if (n > decoder->file->size - decoder->at)
		png_error(png, "end of file");
	memcpy(out, decoder->file->data + decoder->at, n);
	decoder->at += n;
}

static void
on_error(png_structp png, png_const_charp message)
{
	(void)message;
	png_longjmp(png, 1);
}

static void
on_warning(png_structp png, png_const_charp message)
{
	(void)png;
	(void)message;
}

/* Any PNG becomes one byte of brightness for a pixel, on white. */
static void
make_gray(png_structp png, png_infop info)
{
	png_color_16 white = {.red = 0xff, .green = 0xff, .blue = 0xff, .gray = 0xff};

	png_set_expand(png);
	png_set_strip_16(png);
	if (png_get_color_type(png, info) & PNG_COLOR_MASK_COLOR)
		png_set_rgb_to_gray(png, PNG_ERROR_ACTION_NONE, -1, -1);
	if ((png_get_color_type(png, info) & PNG_COLOR_MASK_ALPHA) || png_get_valid(png, info, PNG_INFO_tRNS))
		png_set_background(png, &white, PNG_BACKGROUND_GAMMA_SCREEN, 0, 1.0);
}

static bool
memory_take(struct decoder *decoder, uint32_t width, uint32_t height, size_t row, int passes)
{
	decoder->row = malloc(row);
	if (passes > 1)
		decoder->whole = malloc((size_t)height * row);
	decoder->is_short_of_memory = decoder->row == NULL || (passes > 1 && decoder->whole == NULL) ||
	    !plane_open(&decoder->plane, width, height);
	return !decoder->is_short_of_memory;
}

static void
decode(png_structp png, png_infop info, struct decoder *decoder, struct report *report)
{
	png_set_read_fn(png, decoder, on_read);
	png_set_user_limits(png, PIXELS_MAX, PIXELS_MAX);
	png_set_chunk_malloc_max(png, CHUNK_MAX);
	png_set_chunk_cache_max(png, CHUNKS_MAX);
	png_read_info(png, info);

	uint32_t width = png_get_image_width(png, info), height = png_get_image_height(png, info);
	if (!picture_begin(report, width, height))
		return;
	picture_still(report);
	make_gray(png, info);
	int passes = png_set_interlace_handling(png);
	png_read_update_info(png, info);
	size_t row = png_get_rowbytes(png, info);
	if (row < width || !memory_take(decoder, width, height, row, passes))
		return;
	for (int pass = 0; pass < passes; pass++)
		for (uint32_t y = 0; y < height; y++) {
			uint8_t *out = passes > 1 ? decoder->whole + y * row : decoder->row;

			png_read_row(png, out, NULL);
			if (pass == passes - 1)
				plane_add(&decoder->plane, out, width);
		}
	png_read_end(png, info);

	png_bytep exif;
	png_uint_32 n_exif;
	if (png_get_eXIf_1(png, info, &n_exif, &exif) != 0)
		exif_look(exif, n_exif, report);
	plane_judge(&decoder->plane, report);
}

/* Sizes that libpng refuses by itself are those of a bomb, not damage. The header is the first chunk. */
static bool
is_bomb(const struct file *file, struct report *report)
{
	return file->size >= 24 && memcmp(file->data + 12, "IHDR", 4) == 0 &&
	    !picture_begin(report, be32(file->data + 16), be32(file->data + 20));
}

void
look_at_png(const struct file *file, struct report *report)
{
	if (is_bomb(file, report))
		return;

	struct decoder *decoder = calloc(1, sizeof(*decoder));
	png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, on_error, on_warning);
	png_infop info = png == NULL ? NULL : png_create_info_struct(png);
	volatile bool is_broken = false;

	if (decoder == NULL || info == NULL)
		abort();
	decoder->file = file;
	if (setjmp(png_jmpbuf(png)) == 0)
		decode(png, info, decoder, report);
	else
		is_broken = true;
	if (decoder->is_short_of_memory)
		report_add(report, VERDICT_REJECT, "too_large",
		    "The picture takes too much memory to open. Save it with fewer pixels.");
	else if (is_broken)
		report_corrupt(report);
	else if (report->verdict != VERDICT_REJECT)
		picture_end(file, decoder->at, report);
	png_destroy_read_struct(&png, &info, NULL);
	plane_close(&decoder->plane);
	free(decoder->row);
	free(decoder->whole);
	free(decoder);
}
