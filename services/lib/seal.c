#include "seal.h"

#include <math.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SVG_MAX = 24 << 10, TITLE_MAX = 1000, EDGE_STEPS = 120, PETAL_STEPS = 90 };

struct svg {
	char *text;
	size_t len;
};

static void add(struct svg *svg, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void
add(struct svg *svg, const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(svg->text + svg->len, SVG_MAX - svg->len, format, ap);
	va_end(ap);
	if (n > 0)
		svg->len += (size_t)n < SVG_MAX - svg->len ? (size_t)n : SVG_MAX - 1 - svg->len;
}

static void
add_name(struct svg *svg, const char *name)
{
	size_t n = strnlen(name, TITLE_MAX);

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)name[i];

		if (c == '<')
			add(svg, "&lt;");
		else if (c == '&')
			add(svg, "&amp;");
		else if (c >= 0x20)
			add(svg, "%c", c);
	}
}

/* A line that goes once around the middle: RADIUS, waved WAVES times by DEPTH of it, turned by TURN. */
static void
add_wave(struct svg *svg, int steps, double radius, int waves, double depth, double turn)
{
	for (int i = 0; i < steps; i++) {
		double angle = 2 * M_PI * i / steps, r = radius * (1 + depth * cos(waves * angle + turn));

		add(svg, "%c%.1f %.1f", i == 0 ? 'M' : 'L', 50 + r * cos(angle), 50 + r * sin(angle));
	}
	add(svg, "Z");
}

/* A colour of HUE in degrees, with the saturation and lightness of one layer, as #rrggbb. */
static void
colour(char out[8], double hue, double saturation, double lightness)
{
	double a = saturation * (lightness < 0.5 ? lightness : 1 - lightness);
	int rgb[3];

	for (int i = 0; i < 3; i++) {
		double k = fmod((const int[]){0, 8, 4}[i] + hue / 30, 12);
		double peak = fmin(fmin(k - 3, 9 - k), 1);

		rgb[i] = (int)lround(255 * (lightness - a * fmax(peak, -1)));
	}
	snprintf(out, 8, "#%02x%02x%02x", rgb[0] & 255, rgb[1] & 255, rgb[2] & 255);
}

char *
seal_svg(struct arena *arena, const char *name, int size)
{
	struct svg svg = {arena_alloc(arena, SVG_MAX), 0};
	unsigned char h[16];
	char pale[8], line[8], dark[8];
	int petals, copies;

	if (svg.text == NULL)
		return NULL;
	crypto_generichash(h, sizeof(h), (const unsigned char *)name, strlen(name), NULL, 0);
	petals = 3 + h[2] % 6;
	copies = 3 + h[3] % 4;
	colour(pale, h[0] * 360.0 / 256, 0.55, 0.91);
	colour(line, h[0] * 360.0 / 256, 0.45, 0.45);
	colour(dark, h[0] * 360.0 / 256, 0.55, 0.28);
	add(&svg,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 100 100\" "
	    "role=\"img\"><title>",
	    size, size);
	add_name(&svg, name);
	add(&svg, "</title><path fill=\"%s\" d=\"", pale);
	add_wave(&svg, EDGE_STEPS, 45, 9 + h[1] % 12, 0.045, h[4] / 40.0);
	add(&svg, "\"/><g fill=\"none\" stroke=\"%s\" stroke-width=\".8\">", line);
	for (int i = 0; i < copies; i++) {
		add(&svg, "<path d=\"");
		add_wave(&svg, PETAL_STEPS, 29, petals, 0.16 + h[5] / 2000.0, 2 * M_PI * i / copies);
		add(&svg, "\"/>");
	}
	add(&svg,
	    "</g><circle cx=\"50\" cy=\"50\" r=\"17\" fill=\"%s\"/><path fill=\"none\" stroke=\"#ffffff\" "
	    "stroke-width=\"4.4\" stroke-linecap=\"round\" stroke-linejoin=\"round\" d=\"M42 50.5l5.6 5.8L58.6 44\"/></svg>",
	    dark);
	return svg.text;
}
