/*
 * ui.h: the parts that pages are made of, one function each. The apps of web/
 * use the same classes, so both look alike by the one style sheet.
 */
#ifndef UI_H
#define UI_H

#include <stdint.h>

#include "html.h"
#include "request.h"

enum icon {
	ICON_AI,
	ICON_ALERT,
	ICON_ARROW,
	ICON_AUDIO,
	ICON_BELL,
	ICON_CHAT,
	ICON_CHECK,
	ICON_CLOCK,
	ICON_CLOSE,
	ICON_DOCUMENT,
	ICON_DOWNLOAD,
	ICON_FILTER,
	ICON_HELP,
	ICON_LEARNERS,
	ICON_LINK,
	ICON_LOCK,
	ICON_MENU,
	ICON_OTHER,
	ICON_PEOPLE,
	ICON_PICTURE,
	ICON_PRINT,
	ICON_SEARCH,
	ICON_SHARE,
	ICON_SHIELD,
	ICON_SLIDES,
	ICON_SUM,
	ICON_VIDEO,
	ICONS
};

/* A picture beside words; it says nothing by itself. */
void ui_icon(struct html *html, enum icon icon);

/* The mark of the product. */
void ui_brand(struct html *html);

/* <img> of the seal of a micro-credential called TITLE in the stack or field GROUP; SIZE in px. */
void ui_seal(struct html *html, const char *title, const char *group, int size);

/* The path of that seal, in R's arena or of HTML: "/seal/0a1b2c3d.svg". OUT holds UI_SEAL_SIZE bytes. */
enum { UI_SEAL_SIZE = 32 };
void ui_seal_path(char out[static UI_SEAL_SIZE], const char *title, const char *group);

/*
 * The fourteen business days: DAY is the current one, or of "late" and "met" the
 * last that counted; 0: none yet. TONE "", "soon", "late", "met", "all"; SENTENCE says it in words.
 */
void ui_f14(struct html *html, int day, const char *tone, const char *sentence);

/* A word or two: TONE is "", "ok", "warn", "bad", "pen" or "now"; ICON ICONS for none. */
void ui_tag(struct html *html, const char *tone, enum icon icon, const char *key);

/* A note with an icon: begins, and is closed by ui_note_end(). TONE as above, and "hi". */
void ui_note(struct html *html, const char *tone, enum icon icon);
void ui_note_end(struct html *html);

/* One fact of a <dl class="facts">: the name is the message KEY, the value is written between. */
void ui_fact(struct html *html, const char *key);
void ui_fact_end(struct html *html);

/* The way back: pairs of (path, text) ended by NULL; a text that begins with '.' is a message key behind it. */
void ui_crumbs(struct html *html, const char *const *pairs);

/* What stands between two items of a list in a sentence. */
void ui_comma(struct html *html);

/* A paragraph for each blank line in TEXT, which a person wrote. */
void ui_paragraphs(struct html *html, const char *class, const char *text);

/* "Something could not be shown": KEY says what, TRACE is the reference, and the page can be asked again at PATH. */
void ui_failure(struct html *html, const char *key, const char *path, const char *trace);

/* GET /seal/{name}: the picture itself, kept for ever because its name says all. */
enum next ui_serve_seal(struct request *r);

/* GET /favicon.svg */
enum next ui_serve_icon(struct request *r);

#endif
