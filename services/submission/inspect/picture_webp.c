/* picture_webp.c: WebP by libwebp; of an animation the first frame. */
#include <stdlib.h>

#include <webp/decode.h>
#include <webp/demux.h>

#include "picture.h"

/* Decodes to a size that the plane can have, so that memory stays small. */
static bool
decode(const uint8_t *data, size_t size, struct report *report)
{
	WebPDecoderConfig config;
	struct plane plane;
	bool right = false;

	if (!WebPInitDecoderConfig(&config) || WebPGetFeatures(data, size, &config.input) != VP8_STATUS_OK)
		return false;
	int width = config.input.width, height = config.input.height;
	int side = width > height ? width : height;
	if (side > PLANE_SIDE) {
		config.options.use_scaling = 1;
		config.options.scaled_width = (int)((int64_t)width * PLANE_SIDE / side);
		config.options.scaled_height = (int)((int64_t)height * PLANE_SIDE / side);
		config.options.scaled_width += config.options.scaled_width == 0;
		config.options.scaled_height += config.options.scaled_height == 0;
	}
	config.output.colorspace = MODE_YUV;
	VP8StatusCode status = WebPDecode(data, size, &config);
	if (status == VP8_STATUS_OUT_OF_MEMORY) {
		report_add(report, VERDICT_REJECT, "too_large",
		    "The picture takes too much memory to open. Save it with fewer pixels.");
		right = true;
	} else if (status == VP8_STATUS_OK &&
	    plane_open(&plane, (uint32_t)config.output.width, (uint32_t)config.output.height)) {
		for (int y = 0; y < config.output.height; y++)
			plane_add(&plane,
			    config.output.u.YUVA.y + (ptrdiff_t)y * config.output.u.YUVA.y_stride,
			    (uint32_t)config.output.width);
		plane_judge(&plane, report);
		plane_close(&plane);
		right = true;
	}
	WebPFreeDecBuffer(&config.output);
	return right;
}

static bool
demux_look(const WebPDemuxer *demux, struct report *report)
{
	WebPIterator frame;
	WebPChunkIterator exif;
	bool right = false;

	if (!picture_begin(report, WebPDemuxGetI(demux, WEBP_FF_CANVAS_WIDTH),
		WebPDemuxGetI(demux, WEBP_FF_CANVAS_HEIGHT)))
		return true;
	if (!(WebPDemuxGetI(demux, WEBP_FF_FORMAT_FLAGS) & ANIMATION_FLAG))
		picture_still(report);
	if (WebPDemuxGetFrame(demux, 1, &frame)) {
		right = decode(frame.fragment.bytes, frame.fragment.size, report);
		WebPDemuxReleaseIterator(&frame);
	}
	if (WebPDemuxGetChunk(demux, "EXIF", 1, &exif)) {
		size_t skip = bytes_begin(exif.chunk.bytes, exif.chunk.size, "Exif") && exif.chunk.size > 6 ?
		    6 :
		    0;

		exif_look(exif.chunk.bytes + skip, exif.chunk.size - skip, report);
		WebPDemuxReleaseChunkIterator(&exif);
	}
	return right;
}

void
look_at_webp(const struct file *file, struct report *report)
{
	WebPData data = {file->data, file->size};
	WebPDemuxer *demux = WebPDemux(&data);

	if (demux == NULL || !demux_look(demux, report))
		report_corrupt(report);
	else
		picture_end(file, le32(file->data + 4) + (size_t)8, report);
	WebPDemuxDelete(demux);
}
