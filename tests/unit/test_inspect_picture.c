// links: submission_checks PkgConfig::PNG PkgConfig::JPEG PkgConfig::ZLIB
/*
 * test_inspect_picture.c: pictures and how clear they are, sound and film, texts,
 * and what is never opened (EVD-1, EVD-2, attacks A7 and A8).
 */
#include "evidence.h"

#include <jpeglib.h>
#include <png.h>
#include <zlib.h>

/* Brightness of a picture of lines of writing, or what BRUSH says. */
static uint8_t
writing(uint32_t x, uint32_t y)
{
	return y / 8 % 3 == 0 && (x * 7 + y / 8 * 5) / 3 % 4 < 2 && x > 20 && x < 280 ? 30 : 240;
}

static uint8_t
pale_writing(uint32_t x, uint32_t y)
{
	return (uint8_t)(220 + writing(x, y) / 16);
}

static uint8_t
nothing(uint32_t x, uint32_t y)
{
	(void)x, (void)y;
	return 128;
}

/* The writing through a lens that is out of focus: the mean of a square. */
static uint8_t
blurred_writing(uint32_t x, uint32_t y)
{
	enum { R = 4 };
	unsigned sum = 0;

	for (uint32_t i = 0; i <= 2 * R; i++)
		for (uint32_t k = 0; k <= 2 * R; k++)
			sum += writing(x + i < R ? 0 : x + i - R, y + k < R ? 0 : y + k - R);
	return (uint8_t)(sum / ((2 * R + 1) * (2 * R + 1)));
}

static void
png_write(png_structp png, png_bytep data, size_t n)
{
	add(png_get_io_ptr(png), data, n);
}

static void
picture_png(struct draft *draft, uint32_t width, uint32_t height, uint8_t (*brush)(uint32_t, uint32_t))
{
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	png_infop info = png_create_info_struct(png);
	uint8_t *row = malloc(width);

	assert_non_null(row);
	png_set_write_fn(png, draft, png_write, NULL);
	png_set_IHDR(png, info, width, height, 8, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE,
	    PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_write_info(png, info);
	for (uint32_t y = 0; y < height; y++) {
		for (uint32_t x = 0; x < width; x++)
			row[x] = brush(x, y);
		png_write_row(png, row);
	}
	png_write_end(png, NULL);
	png_destroy_write_struct(&png, &info);
	free(row);
}

/* EXIF: NULL, or a block that goes into the first marker. */
static void
picture_jpeg(struct draft *draft, uint32_t width, uint32_t height, int quality,
    uint8_t (*brush)(uint32_t, uint32_t), const uint8_t *exif, unsigned n_exif)
{
	struct jpeg_compress_struct jpeg;
	struct jpeg_error_mgr errors;
	uint8_t *out = NULL, *row = malloc(width);
	unsigned long n = 0;

	assert_non_null(row);
	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_compress(&jpeg);
	jpeg_mem_dest(&jpeg, &out, &n);
	jpeg.image_width = width;
	jpeg.image_height = height;
	jpeg.input_components = 1;
	jpeg.in_color_space = JCS_GRAYSCALE;
	jpeg_set_defaults(&jpeg);
	jpeg_set_quality(&jpeg, quality, TRUE);
	jpeg_start_compress(&jpeg, TRUE);
	if (exif != NULL)
		jpeg_write_marker(&jpeg, JPEG_APP0 + 1, exif, n_exif);
	for (uint32_t y = 0; y < height; y++) {
		for (uint32_t x = 0; x < width; x++)
			row[x] = brush(x, y);
		jpeg_write_scanlines(&jpeg, &row, 1);
	}
	jpeg_finish_compress(&jpeg);
	add(draft, out, n);
	jpeg_destroy_compress(&jpeg);
	free(out);
	free(row);
}

static void
clear_and_unclear_pictures(void **state)
{
	static const uint8_t gps[] = "Exif\0\0MM\0*\0\0\0\x08\0\1\x88\x25\0\4\0\0\0\1\0\0\0\x1a\0\0\0\0"
				     "\0\1\0\2\0\5\0\0\0\3\0\0\0\x30\0\0\0\0";
	struct draft draft = {0};

	(void)state;
	picture_png(&draft, 300, 200, writing);
	struct inspection inspection = hold(&draft, "board.png", INSPECT_ACCEPT, "png", NULL);
	assert_int_equal(inspection.width, 300);
	assert_int_equal(inspection.height, 200);
	picture_png(&draft, 300, 200, blurred_writing);
	hold(&draft, "board.png", INSPECT_WARN, "png", "blurry");
	picture_png(&draft, 300, 200, pale_writing);
	hold(&draft, "board.png", INSPECT_WARN, "png", "low_contrast");
	picture_png(&draft, 300, 200, nothing);
	hold(&draft, "board.png", INSPECT_WARN, "png", "empty_image");
	picture_png(&draft, 60, 40, writing);
	hold(&draft, "board.png", INSPECT_WARN, "png", "tiny_image");

	picture_jpeg(&draft, 300, 200, 90, writing, NULL, 0);
	hold(&draft, "board.JPG", INSPECT_ACCEPT, "jpeg", NULL);
	picture_jpeg(&draft, 300, 200, 3, writing, NULL, 0);
	hold(&draft, "board.jpg", INSPECT_WARN, "jpeg", "low_quality");
	picture_jpeg(&draft, 300, 200, 90, writing, gps, sizeof(gps) - 1);
	hold(&draft, "board.jpg", INSPECT_WARN, "jpeg", "location_metadata");
	/* A big one is averaged down: what is sharp there counts. */
	picture_jpeg(&draft, 4000, 3000, 80, writing, NULL, 0);
	assert_int_equal(hold(&draft, "board.jpg", INSPECT_ACCEPT, "jpeg", NULL).width, 4000);
}

static void
broken_and_hostile_pictures(void **state)
{
	static const uint8_t huge[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff\0\0\xff\xff\1\0\0\0\0    "
				      "\0\0\0\1IDAT";
	struct draft draft = {0};

	(void)state;
	picture_png(&draft, 300, 200, writing);
	draft.n -= 100;
	hold(&draft, "a.png", INSPECT_REJECT, "png", "corrupt");
	picture_png(&draft, 300, 200, writing);
	draft.data[draft.n / 2] ^= 1; /* the sum of the chunk tells */
	hold(&draft, "a.png", INSPECT_REJECT, "png", "corrupt");
	picture_jpeg(&draft, 300, 200, 90, writing, NULL, 0);
	draft.n /= 2;
	hold(&draft, "a.jpg", INSPECT_REJECT, "jpeg", "corrupt");

	add(&draft, huge, sizeof(huge) - 1);
	uint32_t sum = (uint32_t)crc32(0, draft.data + 12, 17);
	for (int i = 0; i < 4; i++)
		draft.data[29 + i] = (uint8_t)(sum >> (24 - 8 * i));
	hold(&draft, "a.png", INSPECT_REJECT, "png", "decompression_bomb");

	/* Something else behind the picture, or in its comment. */
	picture_png(&draft, 300, 200, writing);
	say(&draft, "MZ hidden");
	hold(&draft, "a.png", INSPECT_REJECT, "png", "polyglot");
	picture_jpeg(&draft, 300, 200, 90, writing, (const uint8_t *)"<script>alert(1)</script>", 25);
	hold(&draft, "a.jpg", INSPECT_REJECT, "jpeg", "polyglot");
	hold_text("GIF89a", "a.gif", INSPECT_REJECT, "gif", "corrupt");
	hold_text("RIFF\x10   WEBPVP8 ", "a.webp", INSPECT_REJECT, "webp", "corrupt");
}

static void
texts(void **state)
{
	struct draft draft = {0};

	(void)state;
	hold_text("What I learned", "a.txt", INSPECT_ACCEPT, "txt", NULL);
	hold_text("\xef\xbb\xbfWas ich \xc3\xbc"
		  "be",
	    "a.md", INSPECT_ACCEPT, "txt", NULL);
	hold_text("R\xe9"
		  "flexion \x96 \x93"
		  "bien\x94",
	    "a.txt", INSPECT_ACCEPT, "txt", NULL);
	add(&draft,
	    "\xff\xfe"
	    "W\0h\0a\0t\0 \0I\0 \0d\0o\0",
	    20);
	hold(&draft, "a.txt", INSPECT_ACCEPT, "txt", NULL);
	hold_text("\xe5\xad\xa6\xe4\xb9\xa0\xe5\x8f\x8d\xe6\x80\x9d", "a.txt", INSPECT_ACCEPT, "txt", NULL);
	hold_text(" \n\t ", "a.txt", INSPECT_WARN, "txt", "empty_text");
	hold_text("", "a.txt", INSPECT_REJECT, "empty", "empty");
	add(&draft, "What I\0learned", 14);
	hold(&draft, "a.txt", INSPECT_REJECT, "data", "corrupt");
	hold_text("name,score\nAna,3", "a.csv", INSPECT_ACCEPT, "csv", NULL);
	hold_text("name,score\n\"=HYPERLINK(\"\"http://192.0.2.1\"\")\",3", "a.csv", INSPECT_WARN, "csv",
	    "active_content");
	hold_text("name,change\nAna,-3", "a.csv", INSPECT_ACCEPT, "csv", NULL);
	hold_text("{\"a\": \"plan\"}", "a.json", INSPECT_POLICY, "txt", "text_format");
	hold_text("{\\rtf1\\ansi What I learned}", "a.rtf", INSPECT_ACCEPT, "rtf", NULL);
	hold_text("{\\rtf1\\ansi What I lea", "a.rtf", INSPECT_REJECT, "rtf", "corrupt");
}

static void
what_is_never_opened(void **state)
{
	struct draft draft = {0};

	(void)state;
	add(&draft, "MZ\0\0", 4);
	for (int i = 0; i < 80; i++)
		add(&draft, "\0", 1);
	hold(&draft, "a.pdf", INSPECT_REJECT, "pe", "executable");
	hold_text("\177ELF\1\1\1", "a", INSPECT_REJECT, "elf", "executable");
	hold_text("#!/bin/sh\nexit 0\n", "a.txt", INSPECT_REJECT, "shell", "executable");
	hold_text("echo x", "a.bat", INSPECT_REJECT, "txt", "executable");
	hold_text("What I learned", "plan.pdf.exe", INSPECT_REJECT, "txt", "executable");
	hold_text("<!doctype html><p>plan", "a.html", INSPECT_REJECT, "html", "active_content");
	hold_text("<html><script>x</script>", "a.jpg", INSPECT_REJECT, "html", "type_mismatch");
	hold_text("<svg xmlns='s'><rect/></svg>", "a.svg", INSPECT_POLICY, "svg", "svg");
	hold_text(
	    "<svg xmlns='s'><script>x</script></svg>", "a.svg", INSPECT_REJECT, "svg", "active_content");
	hold_text("<svg xmlns='s' onload='x'/>", "a.svg", INSPECT_REJECT, "svg", "active_content");
	hold_text("<svg xmlns='s'><image href='http://192.0.2.1/'/></svg>", "a.svg", INSPECT_REJECT, "svg",
	    "active_content");
	hold_text("<?php x ?>", "a.txt", INSPECT_REJECT, "php", "executable");
	hold_text("What I learned", "a.pdf", INSPECT_REJECT, "txt", "type_mismatch");
	hold_text("What I learned",
	    "plan\xe2\x80\xae"
	    "fdp.txt",
	    INSPECT_WARN, "txt", "file_name");
	hold_text("TVqQAAMAAAAEAAAA//8AALgAAAAAAAAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "a.txt",
	    INSPECT_REJECT, "base64", "encoded");
	add(&draft, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 cut off", 16);
	hold(&draft, "a.doc", INSPECT_REJECT, "ole", "corrupt");
}

static void
sound_and_film(void **state)
{
	static const char movie[] = "\0\0\0\x10"
				    "ftypmp42\0\0\0\0"
				    "\0\0\0\x74"
				    "moov"
				    "\0\0\0\x6c"
				    "mvhd"
				    "\0\0\0\0"
				    "\0\0\0\0"
				    "\0\0\0\0";
	static const uint8_t scale_and_length[] = {
		0, 0, 0, 10, 0, 0, 0x0f, 0xa0}; /* 4000 tenths of a second */
	struct draft draft = {0};

	(void)state;
	add(&draft, movie, sizeof(movie) - 1);
	add(&draft, scale_and_length, sizeof(scale_and_length));
	while (draft.n < 16 + 0x74)
		add(&draft, "\0", 1);
	struct inspection inspection = hold(&draft, "a.mp4", INSPECT_WARN, "mp4", "long_video");
	assert_int_equal(inspection.seconds, 400);
	add(&draft, movie, sizeof(movie) - 1);
	hold(&draft, "a.mp4", INSPECT_REJECT, "mp4", "corrupt");
	hold_text("ID3 and no sound", "a.mp3", INSPECT_REJECT, "mp3", "corrupt");
	add(&draft, "\x1a\x45\xdf\xa3\x80", 5);
	hold(&draft, "a.mkv", INSPECT_REJECT, "mkv", "corrupt");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(clear_and_unclear_pictures, arena_end),
		cmocka_unit_test_teardown(broken_and_hostile_pictures, arena_end),
		cmocka_unit_test_teardown(texts, arena_end),
		cmocka_unit_test_teardown(what_is_never_opened, arena_end),
		cmocka_unit_test_teardown(sound_and_film, arena_end),
	};

	return cmocka_run_group_tests(tests, program_find, NULL);
}
