/*
 * picture.h: how clear a picture is (EVD-2), whatever its format.
 *
 * A decoder gives its rows, one byte of brightness for a pixel, from top to
 * bottom. They are averaged down to a plane of at most PLANE_SIDE on the long
 * side, about what a screen shows of a whole page: a blur that is not seen there
 * does not matter, and memory stays small whatever the picture's size.
 */
#ifndef PICTURE_H
#define PICTURE_H

#include "file.h"

enum { PLANE_SIDE = 1600 };

struct plane {
	uint32_t width, height; /* of the plane */
	uint32_t step;          /* pixels of the picture for one of the plane, in each direction */
	uint32_t row;           /* next row of the picture */
	uint32_t *sums;         /* of the row of the plane that is being filled */
	uint8_t *pixels;
};

/*
 * Says whether WIDTH x HEIGHT is a picture that may be decoded, and notes the size
 * in REPORT. If not, the problem has been added.
 */
bool picture_begin(struct report *report, uint64_t width, uint64_t height);

/* Judges the size of a picture that does not move: an animation is often drawn small on purpose. */
void picture_still(struct report *report);

/* Opens a plane for rows of WIDTH bytes, HEIGHT of them. Returns false without memory. */
bool plane_open(struct plane *plane, uint32_t width, uint32_t height);
void plane_close(struct plane *plane);

/* Adds the next row of the picture: WIDTH bytes. Rows past the last are ignored. */
void plane_add(struct plane *plane, const uint8_t *row, uint32_t width);

/* Judges the full plane: nearly blank, too dark or pale, blurred. */
void plane_judge(const struct plane *plane, struct report *report);

/* Reads the SIZE bytes of a TIFF structure as Exif has it, and reports a place if there is one. */
void exif_look(const uint8_t *data, size_t size, struct report *report);

/* Reports what stands behind the END of a picture, if that is a file of its own. */
void picture_end(const struct file *file, size_t end, struct report *report);

#endif
