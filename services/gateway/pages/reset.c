/*
 * reset.c: "/confirm" and "/reset": where the links of mails lead. Their token stands behind
 * the '#', which no server, log or other page ever sees; so it takes a script to send it.
 */
#include "form.h"
#include "page.h"
#include "shell.h"
#include "ui.h"
#include "words.h"

static const struct form_error errors[] = {
	{"email-required", "account.e_email"},
	{"email-form", "account.e_email"},
	{"password-required", "account.e_password"},
	{"password-min", "account.e_short"},
	{"password-guessable", "account.e_guessable"},
	{"404", "account.e_link"},
	{"429", "account.e_wait"},
	{"0", "account.e_offline"},
	{NULL, NULL},
};

static void
begin(struct html *h, const struct request *r, struct page_head *head, const char *title)
{
	head->title = words_say((struct request *)r, title, NULL);
	head->script = "form.js";
	shell_begin(h, r, head);
	html_raw(h, "<div class=\"wrap tight stack\">");
	html_element(h, "h1", NULL, head->title);
}

/* Hidden until the form went through. */
static void
done(struct html *h, const char *id, const char *key, bool leads_to_sign_in)
{
	html_raw(h, "<div hidden tabindex=\"-1\" role=\"status\"");
	html_attr(h, "id", id);
	html_raw(h, ">");
	ui_note(h, "ok", ICON_CHECK);
	html_say_in(h, "p", NULL, key, NULL);
	ui_note_end(h);
	if (leads_to_sign_in) {
		html_raw(h, "<p class=\"mt\"><a class=\"btn pri\" href=\"/signin\">");
		html_say(h, "account.signin", NULL);
		html_raw(h, "</a></p>");
	}
	html_raw(h, "</div>\n");
}

static void
mail_form(struct html *h, const char *kind, const char *done_id, const char *button)
{
	struct form form = {.api = "/api/v1/accounts/mail",
		.verb = "POST",
		.done = done_id,
		.title = "account.mail_failed",
		.busy = "account.mail_busy",
		.without_token = true,
		.errors = errors};
	struct form_field email = {.name = "email",
		.type = "email",
		.autocomplete = "username",
		.label = "account.email",
		.max = 254};

	form_begin(h, &form);
	form_field(h, &email);
	form_hidden(h, "kind", kind);
	form_end(h, button, "btn pri lg block");
}

void
page_confirm(struct html *h, const struct request *r, const ProtobufCMessage *reply)
{
	struct page_head head = {.path = NULL};
	struct form form = {.api = "/api/v1/accounts/confirmation",
		.verb = "POST",
		.done = "confirmed",
		.title = "account.confirm_failed",
		.busy = "account.confirm_busy",
		.needs_token = true,
		.errors = errors};

	(void)reply;
	begin(h, r, &head, "account.confirm_title");
	form_begin(h, &form);
	html_say_in(h, "p", "soft", "account.confirm_lead", NULL);
	form_hidden(h, "token", "");
	form_end(h, "account.confirm", "btn pri lg block");
	done(h, "confirmed", "account.confirmed", request_account(r)[0] == '\0');
	mail_form(h, "confirmation", "sent", "account.confirm_again");
	done(h, "sent", "account.mail_sent", false);
	html_raw(h, "</div>\n");
	shell_end(h, r, &head);
}

void
page_reset(struct html *h, const struct request *r, const ProtobufCMessage *reply)
{
	struct page_head head = {.path = "/reset"};
	struct form form = {.api = "/api/v1/accounts/password",
		.verb = "POST",
		.done = "changed",
		.title = "account.reset_failed",
		.busy = "account.reset_busy",
		.needs_token = true,
		.errors = errors};
	struct form_field password = {.name = "password",
		.type = "password",
		.autocomplete = "new-password",
		.label = "account.new_password",
		.hint = "account.password_hint",
		.max = 200};

	(void)reply;
	begin(h, r, &head, "account.reset_title");
	form_begin(h, &form);
	form_field(h, &password);
	form_hidden(h, "token", "");
	form_end(h, "account.reset", "btn pri lg block");
	done(h, "changed", "account.changed", true);
	mail_form(h, "password", "sent", "account.reset_ask");
	done(h, "sent", "account.mail_sent", false);
	html_raw(h, "</div>\n");
	shell_end(h, r, &head);
}
