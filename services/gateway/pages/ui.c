#include "ui.h"

#include <string.h>

#include "reply.h"

/* Strokes on a field of 24 by 24. */
static const char *const strokes[ICONS] = {
	[ICON_AI] = "M12 4v4m0 8v4m-8-8h4m8 0h4M7 7l2 2m6 6 2 2M7 17l2-2m6-6 2-2",
	[ICON_ALERT] = "M12 8v5m0 3v.1M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0",
	[ICON_ARROW] = "M5 12h14m-6-6 6 6-6 6",
	[ICON_AUDIO] = "M12 4a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V7a3 3 0 0 1 3-3M6 11v1a6 6 0 0 0 12 0v-1m-6 7v3",
	[ICON_BELL] = "M6 17V11a6 6 0 0 1 12 0v6l1.5 1.5h-15zM10 21h4",
	[ICON_CHAT] = "M4 5h16v11H11l-4 4v-4H4z",
	[ICON_CHECK] = "m5 12.5 4.5 4.5L19 7",
	[ICON_CLOCK] = "M12 7v5l3 2m6-2a9 9 0 1 1-18 0 9 9 0 0 1 18 0",
	[ICON_CLOSE] = "m6 6 12 12M18 6 6 18",
	[ICON_DOCUMENT] = "M6 3h8l4 4v14H6zm8 0v4h4M9 12h6m-6 4h6",
	[ICON_DOWNLOAD] = "M12 4v11m-4-4 4 4 4-4M5 19h14",
	[ICON_FILTER] =
	    "M4 7h9m4 0h3M4 17h3m4 0h9M17 7a2 2 0 1 1-4 0 2 2 0 0 1 4 0M11 17a2 2 0 1 1-4 0 2 2 0 0 1 4 0",
	[ICON_HELP] = "M9.5 9.5A2.5 2.5 0 1 1 12 12v1.5m0 3v.1M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0",
	[ICON_LEARNERS] = "m4 20 1-4L16 5l3 3L8 19zM14 7l3 3",
	[ICON_LINK] = "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1m2 4a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
	[ICON_LOCK] = "M6 11h12v9H6zM8 11V8a4 4 0 0 1 8 0v3",
	[ICON_MENU] = "M4 7h16M4 12h16M4 17h16",
	[ICON_OTHER] = "M5 5h14v14H5zM9 12h6",
	[ICON_PEOPLE] =
	    "M12 8a3 3 0 1 1-6 0 3 3 0 0 1 6 0M3.5 19a5.5 5.5 0 0 1 11 0M15 5.3a3 3 0 0 1 0 5.4m2 2.6a5.5 5.5 0 0 1 3.5 5.7",
	[ICON_PICTURE] = "M4 5h16v14H4zm0 11 5-5 4 4 3-3 4 4M16 9v.1",
	[ICON_PRINT] = "M7 8V4h10v4M5 8h14v8h-3v-3H8v3H5zm3 5v7h8v-7",
	[ICON_SEARCH] = "M17 11a6 6 0 1 1-12 0 6 6 0 0 1 12 0m-1.5 4.5L20 20",
	[ICON_SHARE] =
	    "M9 12a3 3 0 1 1-6 0 3 3 0 0 1 6 0M20 6a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0M20 18a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0M8.6 10.6l6.6-3.4m-6.6 6.2 6.6 3.4",
	[ICON_SHIELD] = "M12 3 5 6v5c0 5 3 8 7 10 4-2 7-5 7-10V6zm-3 9 2.2 2.2L15.5 10",
	[ICON_SLIDES] = "M4 4h16v11H4zm8 11v5m-3 0h6",
	[ICON_SUM] = "M4 5h16v14H4zm0 5h16M10 5v14",
	[ICON_VIDEO] = "M4 6h11v12H4zm11 4.5 5-3v9l-5-3z",
};

void
ui_icon(struct html *h, enum icon icon)
{
	html_raw(h, icon == ICON_ARROW ? "<svg class=\"i flip\"" : "<svg class=\"i\"");
	html_raw(h, " viewBox=\"0 0 24 24\" width=\"20\" height=\"20\" aria-hidden=\"true\"><path");
	html_attr(h, "d", strokes[icon]);
	html_raw(h, "/></svg>");
}

#define MARK \
	"<rect class=\"b1\" x=\"1\" y=\"16\" width=\"30\" height=\"11\" rx=\"3\"/>" \
	"<path class=\"b2\" d=\"m6 15 7 8L28 5\"/>"

void
ui_brand(struct html *h)
{
	html_raw(
	    h, "<svg viewBox=\"0 0 32 32\" width=\"30\" height=\"30\" aria-hidden=\"true\">" MARK "</svg>");
}

void
ui_f14(struct html *h, int day, const char *tone, const char *sentence)
{
	bool is_over = strcmp(tone, "met") == 0 || strcmp(tone, "late") == 0;

	html_raw(h, "<span class=\"f14");
	if (tone[0] != '\0') {
		html_raw(h, " ");
		html_raw(h, tone);
	}
	html_raw(h, "\" role=\"img\"");
	html_attr(h, "aria-label", sentence);
	html_raw(h, ">");
	for (int i = 1; i <= 14; i++)
		html_raw(h,
		    i < day || (is_over && i == day) ? "<i class=\"d\"></i>" :
			i == day                     ? "<i class=\"n\"></i>" :
						       "<i></i>");
	html_raw(h, "</span>");
}

void
ui_tag(struct html *h, const char *tone, enum icon icon, const char *key)
{
	html_raw(h, "<span class=\"tag");
	if (tone[0] != '\0') {
		html_raw(h, " ");
		html_raw(h, tone);
	}
	html_raw(h, "\">");
	if (icon != ICONS)
		ui_icon(h, icon);
	html_say(h, key, NULL);
	html_raw(h, "</span>");
}

void
ui_note(struct html *h, const char *tone, enum icon icon)
{
	html_raw(h, "<div class=\"note");
	if (tone[0] != '\0') {
		html_raw(h, " ");
		html_raw(h, tone);
	}
	html_raw(h, "\">");
	ui_icon(h, icon);
	html_raw(h, "<div>");
}

void
ui_note_end(struct html *h)
{
	html_raw(h, "</div></div>\n");
}

void
ui_fact(struct html *h, const char *key)
{
	html_raw(h, "<div>");
	html_say_in(h, "dt", NULL, key, NULL);
	html_raw(h, "<dd>");
}

void
ui_fact_end(struct html *h)
{
	html_raw(h, "</dd></div>");
}

void
ui_crumbs(struct html *h, const char *const *pairs)
{
	html_raw(h, "<nav class=\"crumbs\"");
	html_say_attr(h, "aria-label", "shell.crumbs", NULL);
	html_raw(h, "><ol>");
	for (; pairs[0] != NULL; pairs += 2) {
		html_raw(h, "<li><a");
		html_url(h, "href", pairs[0]);
		html_raw(h, ">");
		if (pairs[1][0] == '.')
			html_say(h, pairs[1] + 1, NULL);
		else
			html_element(h, "bdi", NULL, pairs[1]);
		html_raw(h, "</a></li>");
	}
	html_raw(h, "</ol></nav>\n");
}

void
ui_comma(struct html *h)
{
	html_text(h, language_text(h->language, "shell.comma"));
	html_raw(h, " ");
}

void
ui_paragraphs(struct html *h, const char *class, const char *text)
{
	char part[2048];

	for (const char *end; text != NULL && *(text += strspn(text, "\n\r ")) != '\0'; text = end) {
		size_t n;

		end = strstr(text, "\n\n");
		end = end != NULL ? end : text + strlen(text);
		html_raw(h, "<p dir=\"auto\"");
		if (class != NULL)
			html_attr(h, "class", class);
		html_raw(h, ">");
		for (const char *s = text; s < end; s += n) {
			n = (size_t)(end - s) < sizeof(part) - 1 ? (size_t)(end - s) : sizeof(part) - 1;
			memcpy(part, s, n);
			part[n] = '\0';
			html_text(h, part);
		}
		html_raw(h, "</p>\n");
	}
}

void
ui_failure(struct html *h, const char *key, const char *path, const char *trace)
{
	html_raw(h, "<div class=\"card pad stack-s\" role=\"alert\">");
	html_say_in(h, "h2", NULL, key, NULL);
	html_say_in(h, "p", "sm", "shell.failed", NULL);
	html_raw(h, "<p class=\"bar\"><a class=\"btn s\"");
	html_url(h, "href", path);
	html_raw(h, ">");
	html_say(h, "shell.again", NULL);
	html_raw(h, "</a><span class=\"xs soft num\">");
	html_say(h, "shell.reference", WORDS(WORD("reference", trace)));
	html_raw(h, "</span></p></div>\n");
}

enum next
ui_serve_icon(struct request *r)
{
	static const char icon[] =
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\">"
	    "<rect width=\"32\" height=\"32\" rx=\"7\" fill=\"#1b2866\"/>"
	    "<rect x=\"5\" y=\"18\" width=\"22\" height=\"8\" rx=\"2\" fill=\"#ffdf57\"/><path d=\"m8 15 6 7L25 7\" "
	    "fill=\"none\" stroke=\"#fff\" stroke-width=\"4\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/></svg>";

	r->answer.cache = "public, max-age=86400";
	return reply_text(r, 200, "image/svg+xml", icon);
}
