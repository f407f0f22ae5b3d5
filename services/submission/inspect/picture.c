#include "picture.h"

#include <stdlib.h>
#include <string.h>

enum {
	SIDE_MIN = 100,    /* pixels of the shorter side */
	WINDOW = 6,        /* pixels of the plane on each side of an edge */
	CONTRAST_MIN = 40, /* of 255, between the 1st and the 99th percentile */
	CONTRAST_NONE = 4, /* nothing can be seen at all */
	SHARP_MIN = 32,    /* of 100, what a quarter of the edges must reach */
	EDGES_MIN = 50     /* edges, below which nothing is said of their sharpness */
};

bool
picture_begin(struct report *report, uint64_t width, uint64_t height)
{
	report->width = (int64_t)width;
	report->height = (int64_t)height;
	if (width == 0 || height == 0) {
		report_corrupt(report);
		return false;
	}
	if (width > PIXELS_MAX || height > PIXELS_MAX || width * height > PIXELS_MAX) {
		report_add(report, VERDICT_REJECT, "decompression_bomb",
		    "The picture has more than %d million pixels, too many to open. Save it with fewer.",
		    PIXELS_MAX / 1000000);
		return false;
	}
	return true;
}

void
picture_still(struct report *report)
{
	if (report->width < SIDE_MIN || report->height < SIDE_MIN)
		report_add(report, VERDICT_WARN, "tiny_image",
		    "The picture is only %d by %d pixels, too small to see much. Upload the original, not "
		    "a preview of it.",
		    (int)report->width, (int)report->height);
}

bool
plane_open(struct plane *plane, uint32_t width, uint32_t height)
{
	uint32_t side = width > height ? width : height;

	*plane = (struct plane){.step = (side + PLANE_SIDE - 1) / PLANE_SIDE};
	plane->width = (width + plane->step - 1) / plane->step;
	plane->height = (height + plane->step - 1) / plane->step;
	plane->sums = calloc(plane->width, sizeof(*plane->sums));
	plane->pixels = calloc(plane->height, plane->width);
	if (plane->sums != NULL && plane->pixels != NULL)
		return true;
	plane_close(plane);
	return false;
}

void
plane_close(struct plane *plane)
{
	free(plane->sums);
	free(plane->pixels);
	*plane = (struct plane){0};
}

void
plane_add(struct plane *plane, const uint8_t *row, uint32_t width)
{
	uint32_t y = plane->row / plane->step, line = plane->row % plane->step;

	if (y >= plane->height)
		return;
	for (uint32_t x = 0; x < width; x++)
		plane->sums[x / plane->step] += row[x];
	plane->row++;
	/* The last row and column of the plane may stand for fewer pixels. */
	for (uint32_t x = 0; x < plane->width; x++) {
		uint32_t left = width - x * plane->step; /* never 0: WIDTH is what the plane was made for */
		uint32_t pixels = (left < plane->step ? left : plane->step) * (line + 1);

		/* NOLINTNEXTLINE(clang-analyzer-core.DivideZero) */
		plane->pixels[(size_t)y * plane->width + x] = (uint8_t)(plane->sums[x] / pixels);
	}
	if (line + 1 == plane->step)
		memset(plane->sums, 0, plane->width * sizeof(*plane->sums));
}

/* The brightness below which PERMILLE of the pixels are. */
static int
percentile(const size_t *histogram, size_t all, unsigned permille)
{
	size_t seen = 0;

	for (int value = 0; value < 255; value++) {
		seen += histogram[value];
		if (seen * 1000 > all * permille)
			return value;
	}
	return 255;
}

/*
 * How sharp the edges along one line are: for each pixel where the brightness
 * within WINDOW spans a good part of the picture's contrast, the steepest step
 * beside it, as a share of that span. 100: from one pixel to the next; the edge
 * of a Gaussian blur with sigma s has 100 / (2.5 s).
 */
static void
edges_count(const uint8_t *line, size_t stride, uint32_t n, int contrast, size_t *shares)
{
	for (uint32_t i = WINDOW; i + WINDOW < n; i += 2) {
		int low = 255, high = 0, steepest = 0;

		for (uint32_t k = i - WINDOW; k <= i + WINDOW; k++) {
			int value = line[k * stride];

			low = value < low ? value : low;
			high = value > high ? value : high;
		}
		if ((high - low) * 4 < contrast)
			continue;
		for (uint32_t k = i - WINDOW; k < i + WINDOW; k++) {
			int step = abs(line[(k + 1) * stride] - line[k * stride]);

			steepest = step > steepest ? step : steepest;
		}
		shares[steepest * 100 / (high - low)]++;
	}
}

/* The share that a quarter of the edges reach; -1 when there are too few edges. */
static int
sharpness(const struct plane *plane, int contrast)
{
	size_t shares[101] = {0}, all = 0, seen = 0;

	for (uint32_t y = 0; y < plane->height; y += 2)
		edges_count(plane->pixels + (size_t)y * plane->width, 1, plane->width, contrast, shares);
	for (uint32_t x = 0; x < plane->width; x += 2)
		edges_count(plane->pixels + x, plane->width, plane->height, contrast, shares);
	for (int share = 0; share <= 100; share++)
		all += shares[share];
	if (all < EDGES_MIN)
		return -1;
	for (int share = 100; share > 0; share--) {
		seen += shares[share];
		if (seen * 4 >= all)
			return share;
	}
	return 0;
}

void
plane_judge(const struct plane *plane, struct report *report)
{
	size_t histogram[256] = {0}, all = (size_t)plane->width * plane->height;

	for (size_t i = 0; i < all; i++)
		histogram[plane->pixels[i]]++;
	int dark = percentile(histogram, all, 10), pale = percentile(histogram, all, 990);
	int contrast = pale - dark;

	if (all < 64)
		return;
	if (contrast < CONTRAST_NONE) {
		report_add(report, VERDICT_WARN, "empty_image",
		    "The picture is of one colour all over: nothing can be seen on it. Check that it is "
		    "the right one.");
		return;
	}
	if (contrast < CONTRAST_MIN)
		report_add(report, VERDICT_WARN, "low_contrast",
		    "The picture is so dark or so pale that little can be seen. Take it again in better "
		    "light, or scan it darker.");
	int sharp = sharpness(plane, contrast);
	if (sharp >= 0 && sharp < SHARP_MIN)
		report_add(report, VERDICT_WARN, "blurry",
		    "The picture is blurred: writing on it can hardly be read. Take it again with a steady "
		    "hand and enough light.");
}

void
picture_end(const struct file *file, size_t end, struct report *report)
{
	static const struct {
		const char *magic;
		size_t n;
	} files[] = {{"PK\x03\x04", 4}, {"Rar!\x1a\x07", 6}, {"7z\xbc\xaf\x27\x1c", 6}, {"MZ", 2},
		{"\177ELF", 4}, {"%PDF-", 5}, {"<html", 5}, {"<script", 7}, {"<?php", 5}, {"#!", 2}};

	/* Cameras append previews and short films; those begin differently. */
	for (size_t i = 0; end < file->size && i < sizeof(files) / sizeof(files[0]); i++)
		if (file->size - end >= files[i].n &&
		    memcmp(file->data + end, files[i].magic, files[i].n) == 0)
			report_add(report, VERDICT_REJECT, "polyglot",
			    "Another file is hidden behind the picture. Save the picture again from the "
			    "program you made it with.");
}
