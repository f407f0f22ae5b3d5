/* ask.c: "/help/new": asking people, about a submission or anything else (HLP-2). */
#include <string.h>

#include "form.h"
#include "page.h"
#include "shell.h"
#include "submission.pb-c.h"
#include "ui.h"
#include "words.h"

/* The reader's own submissions, the one in the address chosen. */
static void
submissions(struct html *h, const Vouch__SubmissionList *mine, const char *chosen)
{
	html_raw(h, "<div class=\"field\"><label for=\"submissionCode\">");
	html_say(h, "ask.about", NULL);
	html_raw(h, "</label><select id=\"submissionCode\" name=\"submissionCode\"><option value=\"\">");
	html_say(h, "ask.about_none", NULL);
	html_raw(h, "</option>");
	for (size_t i = 0; mine != NULL && i < mine->n_items; i++) {
		const Vouch__SubmissionRow *s = mine->items[i];

		if (s->code[0] == '\0' || s->micro_credential == NULL)
			continue;
		html_raw(h, "<option");
		html_attr(h, "value", s->code);
		html_raw(h, strcmp(s->code, chosen) == 0 ? " selected>" : ">");
		html_text(h, s->code);
		html_raw(h, " · ");
		html_text(h, s->micro_credential->title);
		html_raw(h, "</option>");
	}
	html_raw(h, "</select></div>\n");
}

static void
done(struct html *h)
{
	html_raw(h, "<div hidden tabindex=\"-1\" role=\"status\" id=\"asked\">");
	ui_note(h, "ok", ICON_CHECK);
	html_say_in(h, "strong", NULL, "ask.done", NULL);
	html_say_in(h, "p", NULL, "ask.done_text", NULL);
	ui_note_end(h);
	html_raw(h, "</div>\n");
}

void
page_ask(struct html *h, const struct request *r, const ProtobufCMessage *reply)
{
	static const struct form_error errors[] = {{"subject-required", "ask.e_subject"},
		{"body-required", "ask.e_body"}, {"submissionCode-unknown", "ask.e_submission"},
		{"submissionCode-form", "ask.e_submission"}, {"429", "account.e_wait"},
		{"0", "account.e_offline"}, {NULL, NULL}};
	struct page_head head = {.place = PLACE_HELP, .script = "form.js"};
	const char *subject = words_parameter((struct request *)r, "subject"); /* memory of its arena */
	const char *code = words_parameter((struct request *)r, "submission");
	const char *crumbs[] = {"/help", ".shell.help", NULL};
	struct form form = {.api = "/api/v1/tickets",
		.verb = "POST",
		.done = "asked",
		.title = "ask.failed",
		.busy = "account.mail_busy",
		.needs_key = true,
		.errors = errors};
	struct form_field about = {.name = "subject",
		.type = "text",
		.autocomplete = "off",
		.label = "ask.subject",
		.max = 300,
		.value = subject};
	struct form_field text = {.name = "body",
		.type = "text",
		.autocomplete = "off",
		.label = "ask.body",
		.hint = "ask.body_hint",
		.max = 20000,
		.is_long = true};

	head.title = words_say((struct request *)r, "ask.title", NULL);
	shell_begin(h, r, &head);
	html_raw(h, "<div class=\"wrap narrow stack\">");
	ui_crumbs(h, crumbs);
	html_element(h, "h1", NULL, head.title);
	html_say_in(h, "p", "lead", "ask.lead", NULL);
	form_begin(h, &form);
	submissions(h, (const Vouch__SubmissionList *)reply, code != NULL ? code : "");
	form_field(h, &about);
	form_field(h, &text);
	form_end(h, "ask.send", "btn pri lg");
	done(h);
	html_raw(h, "</div>\n");
	shell_end(h, r, &head);
}
