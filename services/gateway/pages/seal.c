/*
 * seal.c: the picture of a micro-credential, made from its name: the same name, the
 * same seal, on every page and every installation. The hue comes from its stack, so
 * that what belongs together looks related; everything else from the title.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "page.h"
#include "reply.h"
#include "ui.h"

/* FNV-1a, 32 bits: not a secret, only a spread. */
static uint32_t
spread(const char *s)
{
	uint32_t x = 2166136261u;

	for (; s != NULL && *s != '\0'; s++)
		x = (x ^ (unsigned char)*s) * 16777619u;
	return x ^ x >> 15;
}

void
ui_seal_path(char out[static UI_SEAL_SIZE], const char *title, const char *group)
{
	/* Twelve hues, none of them the yellow of "here, now"; a little apart within a group. */
	static const int hues[] = {265, 150, 35, 330, 205, 15, 295, 180, 240, 130, 350, 55};
	uint32_t x = spread(title);
	int hue = hues[spread(group) % (sizeof(hues) / sizeof(hues[0]))] + (int)(x >> 8 & 15) - 8;

	snprintf(out, UI_SEAL_SIZE, "/seal/%08x-%d.svg", (unsigned)x, (hue + 360) % 360);
}

void
ui_seal(struct html *h, const char *title, const char *group, int size)
{
	char path[UI_SEAL_SIZE];

	ui_seal_path(path, title, group);
	html_raw(h, "<img class=\"seal\" alt=\"\" decoding=\"async\"");
	html_attr(h, "src", path);
	html_raw(h, " width=\"");
	html_number(h, size);
	html_raw(h, "\" height=\"");
	html_number(h, size);
	html_raw(h, "\">");
}

/* ---- the picture ------------------------------------------------------------------------- */

static void
number(struct html *h, double x)
{
	char text[24];

	snprintf(text, sizeof(text), "%.1f ", x);
	html_raw(h, text);
}

static void
point(struct html *h, double radius, double turn)
{
	number(h, 50 + radius * sin(turn * 2 * M_PI));
	number(h, 50 - radius * cos(turn * 2 * M_PI));
}

static void
colour(struct html *h, const char *name, const char *lightness_chroma, int hue)
{
	char text[40];

	snprintf(text, sizeof(text), "oklch(%s %d)", lightness_chroma, hue);
	html_attr(h, name, text);
}

/* The colours hold on light and on dark paper: the picture does not know on which it lies. */
#define PALE ".92 .05"
#define LINE ".5 .13"
#define DARK ".38 .13"

/* The rim: N scallops, round or pointed. */
static void
rim(struct html *h, int n, bool is_round, int hue)
{
	double outer = 48, inner = 48 - 26.0 / n - 2;

	html_raw(h, "<path");
	colour(h, "fill", PALE, hue);
	html_raw(h, " d=\"M");
	point(h, is_round ? inner : outer, 0);
	for (int i = 0; i < n; i++) {
		html_raw(h, "Q");
		point(h, is_round ? outer + 5 : inner - 4, (i + 0.5) / n);
		point(h, is_round ? inner : outer, (i + 1.0) / n);
	}
	html_raw(h, "Z\"/>");
}

/* The engraved ring: one of four loops, turned again and again, as on a banknote. */
static void
ring(struct html *h, int n, int kind, int hue)
{
	static const struct {
		const char *loop;
		int whole, copies; /* degrees until it repeats; copies beside N */
	} loops[] = {
		{"<ellipse id=\"l\" cx=\"50\" cy=\"50\" rx=\"36\" ry=\"27\"/>", 180, 3},
		{"<circle id=\"l\" cx=\"50\" cy=\"29\" r=\"13\"/>", 360, 5},
		{"<rect id=\"l\" x=\"26\" y=\"26\" width=\"48\" height=\"48\" rx=\"9\"/>", 90, 0},
		{"<path id=\"l\" d=\"M50 14Q68 32 50 37Q32 32 50 14\"/>", 360, 4},
	};
	char turn[40];
	int copies = n + loops[kind].copies;

	html_raw(h, "<defs>");
	html_raw(h, loops[kind].loop);
	html_raw(h, "</defs><g fill=\"none\" stroke-width=\".9\"");
	colour(h, "stroke", LINE, hue);
	html_raw(h, ">");
	for (int i = 0; i < copies; i++) {
		snprintf(turn, sizeof(turn), "rotate(%.1f 50 50)", (double)i * loops[kind].whole / copies);
		html_raw(h, "<use href=\"#l\"");
		html_attr(h, "transform", turn);
		html_raw(h, "/>");
	}
	html_raw(h, "</g>");
}

/* The middle: a disc, a hexagon, a shield or a tilted square, with the mark of the product. */
static void
middle(struct html *h, int kind, int hue)
{
	static const char *const shapes[] = {
		"<circle cx=\"50\" cy=\"50\" r=\"17\"/>",
		"<path d=\"M50 32 65.6 41v18L50 68 34.4 59V41Z\"/>",
		"<path d=\"M50 31c5 3 10 4 15 4v13c0 9-7 16-15 20-8-4-15-11-15-20V35c5 0 10-1 15-4Z\"/>",
		"<rect x=\"36.5\" y=\"36.5\" width=\"27\" height=\"27\" rx=\"5\" transform=\"rotate(45 50 50)\"/>",
	};

	html_raw(h, "<g stroke-width=\"3\"");
	colour(h, "fill", DARK, hue);
	colour(h, "stroke", PALE, hue);
	html_raw(h, ">");
	html_raw(h, shapes[kind]);
	html_raw(h,
	    "</g><path d=\"m42.5 50.5 5.5 6L58 44\" fill=\"none\" stroke=\"#fff\" stroke-width=\"4.4\" "
	    "stroke-linecap=\"round\" stroke-linejoin=\"round\"/>");
}

static void
draw(struct html *h, uint32_t x, int hue)
{
	html_raw(h, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 100\">");
	rim(h, 8 + (int)(x % 13), x >> 4 & 1, hue);
	ring(h, 6 + (int)(x >> 12 & 7), (int)(x >> 18 & 3), hue);
	middle(h, (int)(x >> 22 & 3), hue);
	html_raw(h, "</svg>");
}

enum next
ui_serve_seal(struct request *r)
{
	const char *name = r->match.n_vars > 0 ? r->match.vars[0].value : "";
	char *end = NULL, whole[UI_SEAL_SIZE] = "";
	uint32_t x = (uint32_t)strtoul(name, &end, 16);
	struct html h = {.language = NULL};
	long hue = *end == '-' ? strtol(end + 1, &end, 10) : -1;

	/* One spelling for each: whatever else stands there is no seal. */
	snprintf(whole, sizeof(whole), "%08x-%ld.svg", (unsigned)x, hue);
	if (hue < 0 || hue >= 360 || strcmp(whole, name) != 0)
		return reply_refuse(r, 404, "there is no such seal");
	draw(&h, x, (int)hue);
	if (h.is_broken) {
		free(h.text);
		return reply_refuse(r, 503, "there is no memory for this at the moment");
	}
	reply_text(r, 200, "image/svg+xml", h.text);
	r->answer.len = h.len;
	r->answer.owns_body = true;
	answer_header(&r->answer, "Vary", "Accept-Encoding");
	page_pack(r);
	r->answer.cache = "public, max-age=31536000, immutable";
	return NEXT_ANSWER;
}
