/*
 * exif.c: the place where a picture was taken (DRF-5).
 *
 * Exif is a TIFF structure: an entry 0x8825 of the first directory points to the
 * directory of the place. (CIPA DC-008, 4.6.)
 */
#include "picture.h"

enum { TAG_GPS = 0x8825, TAG_LATITUDE = 2, TAG_LONGITUDE = 4, ENTRIES_OF_DIRECTORY = 512 };

struct tiff {
	const uint8_t *data;
	size_t size;
	bool little;
};

static uint32_t
get16(const struct tiff *tiff, size_t at)
{
	return tiff->little ? le16(tiff->data + at) : be16(tiff->data + at);
}

static uint32_t
get32(const struct tiff *tiff, size_t at)
{
	return tiff->little ? le32(tiff->data + at) : be32(tiff->data + at);
}

/* The place of the entry TAG in the directory at AT; 0 when there is none. */
static size_t
entry_find(const struct tiff *tiff, size_t at, uint32_t tag)
{
	if (at < 8 || at > tiff->size || tiff->size - at < 2)
		return 0;
	uint32_t n = get16(tiff, at);
	at += 2;
	for (uint32_t i = 0; i < n && i < ENTRIES_OF_DIRECTORY && tiff->size - at >= 12; i++, at += 12)
		if (get16(tiff, at) == tag)
			return at;
	return 0;
}

void
exif_look(const uint8_t *data, size_t size, struct report *report)
{
	struct tiff tiff = {data, size, size >= 8 && data[0] == 'I'};

	if (size < 8 || get16(&tiff, 2) != 42)
		return;
	size_t gps = entry_find(&tiff, get32(&tiff, 4), TAG_GPS);
	if (gps == 0)
		return;
	size_t place = get32(&tiff, gps + 8);
	if (entry_find(&tiff, place, TAG_LATITUDE) != 0 || entry_find(&tiff, place, TAG_LONGITUDE) != 0)
		report_add(report, VERDICT_WARN, "location_metadata",
		    "The picture says where it was taken. Switch the location off in the camera, or save a "
		    "copy without it.");
}
