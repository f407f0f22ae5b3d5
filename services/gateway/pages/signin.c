/* signin.c: "/signin", "/join", "/signout". */
#include <string.h>

#include "form.h"
#include "page.h"
#include "shell.h"
#include "words.h"

static const struct form_error errors[] = {
	{"email-required", "account.e_email"},
	{"email-form", "account.e_email"},
	{"name-required", "account.e_name"},
	{"password-required", "account.e_password"},
	{"password-min", "account.e_short"},
	{"password-guessable", "account.e_guessable"},
	{"401", "account.e_pair"},
	{"409", "account.e_taken"},
	{"429", "account.e_wait"},
	{"0", "account.e_offline"},
	{NULL, NULL},
};

static const struct form_field email = {
	.name = "email", .type = "email", .autocomplete = "username", .label = "account.email", .max = 254};

/* Where the page was asked for from; only within this site. */
static const char *
next_of(const struct request *r)
{
	const char *next = words_parameter((struct request *)r, "next"); /* takes memory of its arena */

	return words_is_own_path(next) ? next : "/work";
}

/* A link to the other of the two, which comes back to the same place. */
static void
other(struct html *h, const struct request *r, const char *path, const char *key)
{
	html_raw(h, "<p><a href=\"");
	html_raw(h, path);
	html_raw(h, "?next=");
	html_path(h, next_of(r));
	html_raw(h, "\">");
	html_say(h, key, NULL);
	html_raw(h, "</a></p>\n");
}

static void
begin(struct html *h, const struct request *r, struct page_head *head, const char *title)
{
	head->title = words_say((struct request *)r, title, NULL);
	head->script = "form.js";
	shell_begin(h, r, head);
	html_raw(h, "<div class=\"wrap tight stack\">");
	html_element(h, "h1", NULL, head->title);
}

static void
end(struct html *h, const struct request *r, const struct page_head *head)
{
	html_raw(h, "</div>\n");
	shell_end(h, r, head);
}

void
page_signin(struct html *h, const struct request *r, const ProtobufCMessage *reply)
{
	struct page_head head = {.path = "/signin"};
	struct form form = {.api = "/api/v1/sessions",
		.verb = "POST",
		.next = next_of(r),
		.title = "account.signin_failed",
		.busy = "account.signin_busy",
		.errors = errors};
	struct form_field password = {.name = "password",
		.type = "password",
		.autocomplete = "current-password",
		.label = "account.password",
		.max = 200};

	(void)reply;
	begin(h, r, &head, "account.signin_title");
	if (strcmp(form.next, "/work") != 0)
		html_say_in(h, "p", "soft", "account.signin_next", NULL);
	form_begin(h, &form);
	form_field(h, &email);
	form_field(h, &password);
	form_end(h, "account.signin", "btn pri lg block");
	other(h, r, "/join", "account.to_join");
	html_raw(h, "<p><a href=\"/reset\">");
	html_say(h, "account.to_reset", NULL);
	html_raw(h, "</a></p>");
	end(h, r, &head);
}

void
page_join(struct html *h, const struct request *r, const ProtobufCMessage *reply)
{
	struct page_head head = {.path = "/join"};
	struct form form = {.api = "/api/v1/accounts",
		.verb = "POST",
		.then = "/api/v1/sessions",
		.next = next_of(r),
		.title = "account.join_failed",
		.busy = "account.join_busy",
		.errors = errors};
	struct form_field name = {.name = "name",
		.type = "text",
		.autocomplete = "name",
		.label = "account.name",
		.hint = "account.name_hint",
		.max = 200};
	struct form_field password = {.name = "password",
		.type = "password",
		.autocomplete = "new-password",
		.label = "account.password",
		.hint = "account.password_hint",
		.max = 200};

	(void)reply;
	begin(h, r, &head, "account.join_title");
	html_say_in(h, "p", "soft", "account.join_lead", NULL);
	form_begin(h, &form);
	form_field(h, &name);
	form_field(h, &email);
	form_field(h, &password);
	form_hidden(h, "locale", language_tag(h->language));
	form_hidden(h, "timeZone", "");
	form_end(h, "account.join", "btn pri lg block");
	other(h, r, "/signin", "account.to_signin");
	end(h, r, &head);
}

void
page_signout(struct html *h, const struct request *r, const ProtobufCMessage *reply)
{
	struct page_head head = {.path = NULL};
	struct form form = {.api = "/api/v1/sessions/current",
		.verb = "DELETE",
		.next = "/",
		.title = "account.signout_failed",
		.busy = "account.signout_busy",
		.errors = errors};

	(void)reply;
	begin(h, r, &head, "account.signout_title");
	html_say_in(h, "p", "soft", "account.signout_lead", NULL);
	form_begin(h, &form);
	form_end(h, "account.signout", "btn pri lg block");
	end(h, r, &head);
}
