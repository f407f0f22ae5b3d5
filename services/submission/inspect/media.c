/*
 * media.c: sound and film. Nothing is decoded: the boxes around it say whether
 * the file is whole and how long it plays.
 */
#include <string.h>

#include "file.h"

enum {
	SECONDS_MAX = 300, /* of a film, above which a link is better (EVD-4) */
	BOXES_MAX = 10000
};

static void
seconds_judge(struct report *report, uint64_t seconds)
{
	report->seconds = (int64_t)seconds;
	if (seconds > SECONDS_MAX)
		report_add(report, VERDICT_WARN, "long_video",
		    "The recording is longer than five minutes. Put it on a video service and give the "
		    "link, or cut it.");
}

/* ISO/IEC 14496-12, 8.2.2: the length of the film in units of its own. */
static void
movie_header_look(const uint8_t *box, size_t size, struct report *report)
{
	bool is_long = size > 0 && box[0] == 1;

	if (size < (is_long ? 32 : 20))
		return;
	uint64_t scale = be32(box + (is_long ? 20 : 12));
	uint64_t length = is_long ? be64(box + 24) : be32(box + 16);
	/* All ones: unknown. */
	if (scale != 0 && length != UINT32_MAX && length != UINT64_MAX)
		seconds_judge(report, length / scale);
}

/* Size of the box at AT with its head; 0 when it goes past END. *HEAD: bytes of the head. */
static uint64_t
box_size(const struct file *file, size_t at, size_t end, size_t *head)
{
	uint64_t size = be32(file->data + at);

	*head = 8;
	if (size == 0)
		return end - at;
	if (size == 1) {
		if (end - at < 16)
			return 0;
		size = be64(file->data + at + 8);
		*head = 16;
	}
	return size < *head || size > end - at ? 0 : size;
}

void
look_at_mp4(const struct file *file, struct report *report)
{
	size_t at = 0, head;
	bool has_movie = false, is_whole = true;

	for (int n = 0; n < BOXES_MAX && file->size - at >= 8; n++) {
		uint64_t size = box_size(file, at, file->size, &head);

		if (size == 0) {
			is_whole = false;
			break;
		}
		if (memcmp(file->data + at + 4, "moov", 4) == 0) {
			size_t end = at + (size_t)size, inner = at + head, inner_head;

			has_movie = true;
			for (int k = 0; k < BOXES_MAX && end - inner >= 8; k++) {
				uint64_t inner_size = box_size(file, inner, end, &inner_head);

				if (inner_size == 0)
					break;
				if (memcmp(file->data + inner + 4, "mvhd", 4) == 0)
					movie_header_look(file->data + inner + inner_head,
					    (size_t)inner_size - inner_head, report);
				inner += (size_t)inner_size;
			}
		}
		at += (size_t)size;
	}
	if (!has_movie || !is_whole)
		report_corrupt(report);
}

/* A number of Matroska (RFC 8794): the leading zeros of its first byte say its length. */
static bool
vint_read(const struct file *file, size_t *at, bool keep_mark, uint64_t *value)
{
	if (*at >= file->size || file->data[*at] == 0)
		return false;
	size_t n = (size_t)__builtin_clz((unsigned)file->data[*at]) - 24 + 1;
	if (file->size - *at < n)
		return false;
	*value = keep_mark ? file->data[*at] : file->data[*at] & (0xffU >> n);
	bool all_ones = !keep_mark && *value == (0xffU >> n);
	for (size_t i = 1; i < n; i++) {
		*value = *value << 8 | file->data[*at + i];
		all_ones = all_ones && file->data[*at + i] == 0xff;
	}
	if (all_ones)
		*value = UINT64_MAX; /* unknown: up to the end */
	*at += n;
	return true;
}

void
look_at_matroska(const struct file *file, struct report *report)
{
	enum { SEGMENT = 0x18538067, HEADER = 0x1a45dfa3, CLUSTER = 0x1f43b675 };
	size_t at = 0;
	uint64_t id, size;
	bool has_segment = false, has_cluster = false, is_whole = true;

	for (int n = 0; n < BOXES_MAX && at < file->size; n++) {
		if (!vint_read(file, &at, true, &id) || !vint_read(file, &at, false, &size)) {
			is_whole = false;
			break;
		}
		if (id == SEGMENT) {
			has_segment = true;
			is_whole = is_whole && (size == UINT64_MAX || size <= file->size - at);
			continue; /* its parts follow */
		}
		has_cluster = has_cluster || id == CLUSTER;
		if (size == UINT64_MAX)
			break; /* a live recording: whatever follows belongs to it */
		if (size > file->size - at) {
			is_whole = false;
			break;
		}
		at += (size_t)size;
	}
	if (!has_segment || !has_cluster || !is_whole)
		report_corrupt(report);
}

/* Bytes of the frame of MPEG audio at P; 0 when there is none. (ISO/IEC 11172-3, 2.4.2.3.) */
static size_t
frame_size(const uint8_t *p, size_t left)
{
	static const uint16_t rates[2][3][16] = {
		{{0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
			{0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
			{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}},
		{{0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
			{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
			{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}},
	};
	static const uint32_t frequencies[] = {44100, 48000, 32000};

	if (left < 4 || p[0] != 0xff || (p[1] & 0xe0) != 0xe0)
		return 0;
	unsigned version = (p[1] >> 3) & 3, layer = (p[1] >> 1) & 3;
	if (version == 1 || layer == 0 || (p[2] >> 2 & 3) == 3)
		return 0;
	bool later = version != 3;
	uint32_t rate = rates[later][3 - layer][p[2] >> 4] * 1000U;
	uint32_t frequency = frequencies[p[2] >> 2 & 3] >> (later ? (version == 0 ? 2 : 1) : 0);
	uint32_t padding = p[2] >> 1 & 1;
	if (rate == 0)
		return 0;
	if (layer == 3)
		return (size_t)(12 * rate / frequency + padding) * 4;
	return (layer == 1 && later ? 72 : 144) * rate / frequency + padding;
}

/* Behind the tags, somewhere within a few kilobytes, two frames must follow each other. */
void
look_at_mp3(const struct file *file, struct report *report)
{
	size_t at = 0;

	if (file->size > 10 && memcmp(file->data, "ID3", 3) == 0)
		at = 10 +
		    ((size_t)(file->data[6] & 0x7f) << 21 | (size_t)(file->data[7] & 0x7f) << 14 |
			(size_t)(file->data[8] & 0x7f) << 7 | (size_t)(file->data[9] & 0x7f));
	for (size_t end = at + 65536; at < end && at < file->size; at++) {
		size_t size = frame_size(file->data + at, file->size - at);

		if (size != 0 && at + size < file->size &&
		    frame_size(file->data + at + size, file->size - at - size) != 0)
			return;
	}
	report_corrupt(report);
}

/* Wave and AVI: one chunk around all. Recorders that were cut off leave a wrong size. */
void
look_at_riff(const struct file *file, struct report *report)
{
	uint64_t size = le32(file->data + 4);

	if (size + 8 > file->size + 1 || size < 4)
		report_corrupt(report);
}
