#include "page.h"

#include <stdlib.h>
#include <string.h>

#include "endpoint.h"
#include "reply.h"

const char page_style[] =
    ":root{color-scheme:light dark;--paper:light-dark(#f6f5f2,#13151b);--card:light-dark(#fff,#1b1e26);"
    "--ink:light-dark(#191c27,#ecebe6);--soft:light-dark(#545968,#a9aebb);--line:light-dark(#dcd9d1,#333845);"
    "--pen:light-dark(#2a3c94,#aebcff);--hi:light-dark(#ffdf57,#f4cc3f);--ok:light-dark(#155f38,#82d8a5);"
    "--bad:light-dark(#a31d22,#ff9f97)}"
    "*{box-sizing:border-box}"
    "body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.5 system-ui,sans-serif}"
    "header,main,footer{max-width:50rem;margin-inline:auto;padding:1rem 1.5rem}"
    "header a{font-weight:700;text-decoration:none}footer{color:var(--soft);font-size:.9375rem}"
    "h1{font-size:2rem;line-height:1.14;margin:.5rem 0 1rem}h2{font-size:1.25rem;margin:2rem 0 .5rem}"
    "a{color:var(--pen)}a:focus-visible,input:focus-visible,button:focus-visible"
    "{outline:3px solid var(--hi);box-shadow:0 0 0 5px var(--ink)}"
    "form{display:flex;gap:.5rem;flex-wrap:wrap;margin:1rem 0}input{flex:1;min-width:12rem}"
    "input,button{font:inherit;min-height:2.75rem;padding:.25rem .75rem;border:1px solid "
    "var(--soft);border-radius:8px;"
    "background:var(--card);color:var(--ink)}button{background:var(--pen);color:var(--card);border-color:var("
    "--pen)}"
    "ul.rows{list-style:none;padding:0;margin:0;border-block-start:1px solid var(--line)}"
    "ul.rows li{padding:.75rem 0;border-block-end:1px solid var(--line)}"
    "p{max-width:66ch}.soft{color:var(--soft)}.state{font-weight:700}.ok{color:var(--ok)}.bad{color:var(--"
    "bad)}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem "
    "1.5rem}dt{color:var(--soft)}dd{margin:0}"
    "code{overflow-wrap:anywhere}"
    "@media(max-width:44rem){dl{grid-template-columns:1fr}dd{margin-block-end:.5rem}}";

void
page_begin(struct html *h, const char *title)
{
	html_raw(h,
	    "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
	    "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>");
	html_text(h, title);
	html_raw(h,
	    "</title><link rel=\"stylesheet\" href=\"" PAGE_STYLE "\"></head>\n"
	    "<body><header><a href=\"/\">Vouch</a></header>\n<main>");
}

void
page_end(struct html *h)
{
	html_raw(h,
	    "</main>\n<footer>Vouch: micro-credentials, earned by showing what you "
	    "do.</footer></body></html>\n");
}

/* Gives the written page to the answer. */
static enum next
finish(struct request *r, struct html *h, int status)
{
	struct answer *a = &r->answer;

	if (h->is_broken) {
		free(h->text);
		a->status = 500;
		return NEXT_ANSWER;
	}
	a->status = status;
	a->type = "text/html; charset=utf-8";
	a->is_page = true;
	a->body = h->text;
	a->owns_body = true;
	a->len = h->len;
	return NEXT_ANSWER;
}

enum next
page_answer(struct request *r, const ProtobufCMessage *reply)
{
	struct html h = {0};

	r->endpoint->render(&h, r, reply);
	return finish(r, &h, 200);
}

void
page_problem(struct request *r, const struct problem *p)
{
	struct html h = {0};

	page_begin(&h, p->title);
	html_element(&h, "h1", NULL, p->title);
	if (p->detail != NULL && p->detail[0] != '\0') {
		html_raw(&h, "<p>");
		html_text(&h, p->detail);
		html_raw(&h, ".</p>");
	}
	html_raw(&h,
	    "<p><a href=\"/\">To the start page</a></p><p class=\"soft\">Reference for questions: <code>");
	html_text(&h, p->trace);
	html_raw(&h, "</code></p>");
	page_end(&h);
	finish(r, &h, p->status);
}
