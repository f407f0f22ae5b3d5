/* picture_gif.c: GIF by giflib. */
#include <stdlib.h>
#include <string.h>

#include <gif_lib.h>

#include "picture.h"

enum {
	FRAMES_MAX = 2000,
	FRAME_PIXELS_MAX = 250000000 /* of all frames */
};

struct source {
	const struct file *file;
	size_t at;
};

static int
on_read(GifFileType *gif, GifByteType *out, int n)
{
	struct source *source = gif->UserData;
	size_t left = source->file->size - source->at;
	size_t take = (size_t)n < left ? (size_t)n : left;

	memcpy(out, source->file->data + source->at, take);
	source->at += take;
	return (int)take;
}

/* Brightness by ITU-R BT.601. */
static uint8_t
brightness(const ColorMapObject *map, int color)
{
	if (map == NULL || color >= map->ColorCount)
		return 0;
	const GifColorType *c = &map->Colors[color];
	return (uint8_t)((299 * c->Red + 587 * c->Green + 114 * c->Blue) / 1000);
}

/* Reads the frame that is next; the first one goes to PLANE, unless it comes in passes. */
static bool
frame_read(GifFileType *gif, struct plane *plane, bool first, uint64_t *pixels, struct report *report)
{
	if (DGifGetImageDesc(gif) == GIF_ERROR || gif->Image.Width <= 0 || gif->Image.Height <= 0)
		return false;
	uint32_t width = (uint32_t)gif->Image.Width, height = (uint32_t)gif->Image.Height;
	const ColorMapObject *map = gif->Image.ColorMap != NULL ? gif->Image.ColorMap : gif->SColorMap;
	uint8_t *row = malloc(width);
	bool judge = first && !gif->Image.Interlace;
	bool right = row != NULL && (!judge || plane_open(plane, width, height));

	*pixels += (uint64_t)width * height;
	if (*pixels > FRAME_PIXELS_MAX) {
		report_bomb(report);
		right = false;
	}
	for (uint32_t y = 0; right && y < height; y++) {
		right = DGifGetLine(gif, row, (int)width) != GIF_ERROR;
		for (uint32_t x = 0; right && judge && x < width; x++)
			row[x] = brightness(map, row[x]);
		if (right && judge)
			plane_add(plane, row, width);
	}
	free(row);
	return right;
}

static bool
extension_skip(GifFileType *gif)
{
	GifByteType *block;
	int code;

	if (DGifGetExtension(gif, &code, &block) == GIF_ERROR)
		return false;
	while (block != NULL)
		if (DGifGetExtensionNext(gif, &block) == GIF_ERROR)
			return false;
	return true;
}

/* What moves cannot be judged by one of its frames. */
static bool
decode(GifFileType *gif, struct plane *plane, struct report *report)
{
	uint64_t pixels = 0;
	int frames = 0;

	if (!picture_begin(report, (uint64_t)gif->SWidth, (uint64_t)gif->SHeight))
		return true;
	for (;;) {
		GifRecordType record;

		if (DGifGetRecordType(gif, &record) == GIF_ERROR)
			return false;
		if (record == TERMINATE_RECORD_TYPE) {
			if (frames == 1)
				picture_still(report);
			if (frames == 1 && plane->pixels != NULL)
				plane_judge(plane, report);
			return frames > 0;
		}
		if (record == EXTENSION_RECORD_TYPE && !extension_skip(gif))
			return false;
		if (record == IMAGE_DESC_RECORD_TYPE &&
		    (++frames > FRAMES_MAX || !frame_read(gif, plane, frames == 1, &pixels, report)))
			return false;
	}
}

void
look_at_gif(const struct file *file, struct report *report)
{
	struct source source = {file, 0};
	struct plane plane = {0};
	int error;
	GifFileType *gif = DGifOpen(&source, on_read, &error);

	if (gif == NULL || !decode(gif, &plane, report)) {
		if (!report_has(report, "decompression_bomb"))
			report_corrupt(report);
	} else {
		picture_end(file, source.at, report);
	}
	plane_close(&plane);
	if (gif != NULL)
		DGifCloseFile(gif, &error);
}
