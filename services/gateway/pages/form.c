#include "form.h"

#include <string.h>

#include "ui.h"

void
form_begin(struct html *h, const struct form *f)
{
	html_raw(h, "<form class=\"stack\" method=\"post\" novalidate");
	html_attr(h, "data-api", f->api);
	html_attr(h, "data-verb", f->verb);
	if (f->then != NULL)
		html_attr(h, "data-then", f->then);
	if (f->next != NULL)
		html_attr(h, "data-next", f->next);
	if (f->done != NULL)
		html_attr(h, "data-done", f->done);
	html_say_attr(h, "data-title", f->title, NULL);
	html_say_attr(h, "data-busy", f->busy, NULL);
	html_say_attr(h, "data-error", "account.error", NULL);
	for (const struct form_error *e = f->errors; e != NULL && e->of != NULL; e++) {
		html_raw(h, " data-e-");
		html_raw(h, e->of);
		html_raw(h, "=\"");
		html_text(h, language_text(h->language, e->key));
		html_raw(h, "\"");
	}
	if (f->needs_key)
		html_raw(h, " data-key");
	if (f->needs_token)
		html_raw(h, " data-token hidden");
	if (f->without_token)
		html_raw(h, " data-tokenless");
	html_raw(h, ">\n");
}

void
form_field(struct html *h, const struct form_field *f)
{
	html_raw(h, "<div class=\"field\"><label");
	html_attr(h, "for", f->name);
	html_raw(h, ">");
	html_say(h, f->label, NULL);
	html_raw(h, "</label>");
	if (f->hint != NULL) {
		html_raw(h, "<p class=\"hint\" id=\"");
		html_text(h, f->name);
		html_raw(h, "-hint\">");
		html_say(h, f->hint, NULL);
		html_raw(h, "</p>");
	}
	html_raw(h, f->is_long ? "<textarea required rows=\"6\"" : "<input required");
	html_attr(h, "id", f->name);
	html_attr(h, "name", f->name);
	if (!f->is_long)
		html_attr(h, "type", f->type);
	html_attr(h, "autocomplete", f->autocomplete);
	html_raw(h, " maxlength=\"");
	html_number(h, f->max);
	html_raw(h, f->is_long || strcmp(f->type, "text") == 0 ? "\" dir=\"auto\"" : "\"");
	if (f->hint != NULL) {
		html_raw(h, " aria-describedby=\"");
		html_text(h, f->name);
		html_raw(h, "-hint\"");
	}
	if (f->value != NULL && !f->is_long)
		html_attr(h, "value", f->value);
	html_raw(h, f->is_long ? "></textarea></div>\n" : "></div>\n");
}

void
form_hidden(struct html *h, const char *name, const char *value)
{
	html_raw(h, "<input type=\"hidden\"");
	html_attr(h, "name", name);
	html_attr(h, "value", value);
	html_raw(h, ">");
}

void
form_end(struct html *h, const char *key, const char *class)
{
	html_raw(h, "<button");
	html_attr(h, "class", class);
	html_raw(h, ">");
	html_say(h, key, NULL);
	html_raw(h, "</button><noscript><p class=\"note\">");
	html_say(h, "account.script", NULL);
	html_raw(h, "</p></noscript></form>\n");
}
