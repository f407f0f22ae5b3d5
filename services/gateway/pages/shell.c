#include "shell.h"

#include <string.h>

#include "asset.h"
#include "header.h"
#include "session.h"
#include "ui.h"
#include "words.h"

enum { INITIALS_SIZE = 16 };

bool
shell_has_role(const struct request *r, Vouch__Role role)
{
	for (size_t i = 0; r->identity.who != NULL && i < r->identity.who->n_grants; i++)
		if (r->identity.who->grants[i]->role == role)
			return true;
	return false;
}

static bool
has_any(const struct request *r, const Vouch__Role *roles)
{
	for (; *roles != VOUCH__ROLE__NOBODY; roles++)
		if (shell_has_role(r, *roles))
			return true;
	return false;
}

/* ---- the head of the document ------------------------------------------------------------ */

static void
link_to(struct html *h, const char *rel, const char *type, const char *public_url, const char *path)
{
	html_raw(h, "<link");
	html_attr(h, "rel", rel);
	if (type != NULL)
		html_attr(h, "type", type);
	html_raw(h, " href=\"");
	html_text(h, public_url);
	html_text(h, path);
	html_raw(h, "\">");
}

static void
meta(struct html *h, const char *name, const char *before, const char *content)
{
	if (content == NULL || content[0] == '\0')
		return;
	html_raw(h, strncmp(name, "og:", 3) == 0 ? "<meta property=\"" : "<meta name=\"");
	html_raw(h, name);
	html_raw(h, "\" content=\"");
	html_text(h, before);
	html_text(h, content);
	html_raw(h, "\">");
}

/* One address for each language, for search engines. */
static void
languages(struct html *h, const struct request *r, const char *path)
{
	const struct language *l;

	for (int i = 0; (l = language_at(r->gateway->languages, i)) != NULL; i++) {
		html_raw(h, "<link rel=\"alternate\"");
		html_attr(h, "hreflang", language_tag(l));
		html_raw(h, " href=\"");
		html_text(h, r->gateway->public_url);
		html_text(h, path);
		html_raw(h, "?lang=");
		html_text(h, language_tag(l));
		html_raw(h, "\">");
	}
}

static void
head_of(struct html *h, const struct request *r, const struct page_head *head)
{
	const char *url = r->gateway->public_url, *font = asset_path("vouch-sans.woff2");

	html_raw(h,
	    "<head><meta charset=\"utf-8\">"
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
	    "<meta name=\"color-scheme\" content=\"light dark\"><title>");
	html_text(h, head->title);
	html_raw(h, " · Vouch</title>");
	meta(h, "description", "", head->description);
	if (head->path != NULL) {
		link_to(h, "canonical", NULL, url, head->path);
		languages(h, r, head->path);
		meta(h, "og:type", "", "website");
		meta(h, "og:site_name", "", "Vouch");
		meta(h, "og:title", "", head->title);
		meta(h, "og:description", "", head->description);
		meta(h, "og:url", url, head->path);
		meta(h, "og:image", url, head->picture);
	} else {
		meta(h, "robots", "", "noindex");
	}
	if (head->alternate != NULL)
		link_to(h, "alternate", head->alternate_type, url, head->alternate);
	if (font[0] != '\0') {
		html_raw(h, "<link rel=\"preload\" as=\"font\" type=\"font/woff2\" crossorigin");
		html_attr(h, "href", font);
		html_raw(h, ">");
	}
	html_raw(
	    h, "<link rel=\"icon\" type=\"image/svg+xml\" href=\"/favicon.svg\"><link rel=\"stylesheet\"");
	html_attr(h, "href", asset_path("vouch.css"));
	html_raw(h, ">");
	if (head->script != NULL && asset_path(head->script)[0] != '\0') {
		html_raw(h, "<script defer");
		html_attr(h, "src", asset_path(head->script));
		html_raw(h, "></script>");
	}
	html_raw(h, "</head>\n");
}

/* ---- the bar on top --------------------------------------------------------------------- */

static const Vouch__Role assessors[] = {
	VOUCH__ROLE__ASSESSOR, VOUCH__ROLE__ASSESSOR_TRAINEE, VOUCH__ROLE__POOL_LEAD, VOUCH__ROLE__NOBODY};
static const Vouch__Role leads[] = {
	VOUCH__ROLE__POOL_LEAD, VOUCH__ROLE__OPS, VOUCH__ROLE__PLATFORM_ADMIN, VOUCH__ROLE__NOBODY};
static const Vouch__Role agents[] = {
	VOUCH__ROLE__HELPDESK_AGENT, VOUCH__ROLE__HELPDESK_LEAD, VOUCH__ROLE__NOBODY};
static const Vouch__Role authors[] = {VOUCH__ROLE__ISSUER_AUTHOR, VOUCH__ROLE__ISSUER_APPROVER,
	VOUCH__ROLE__ISSUER_OWNER, VOUCH__ROLE__NOBODY};

static const struct {
	enum place place;
	const char *path, *words;
	bool is_signed_in, is_signed_out;
	const Vouch__Role *roles; /* any of these; NULL: everybody */
} places[] = {
	{PLACE_EXPLORE, "/explore", "shell.explore", false, false, NULL},
	{PLACE_WORK, "/work", "shell.work", true, false, NULL},
	{PLACE_WALLET, "/wallet", "shell.wallet", true, false, NULL},
	{PLACE_QUEUE, "/queue", "shell.queue", true, false, assessors},
	{PLACE_OPS, "/ops", "shell.ops", true, false, leads},
	{PLACE_DESK, "/desk", "shell.desk", true, false, agents},
	{PLACE_STUDIO, "/studio", "shell.studio", true, false, authors},
	{PLACE_VERIFY, "/verify", "shell.verify", false, true, NULL},
	{PLACE_HELP, "/help", "shell.help", false, true, NULL},
};

static void
place_list(struct html *h, const struct request *r, enum place here)
{
	bool is_in = request_account(r)[0] != '\0';

	html_raw(h, "<ul>");
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if ((places[i].is_signed_in && !is_in) || (places[i].is_signed_out && is_in) ||
		    (places[i].roles != NULL && !has_any(r, places[i].roles)))
			continue;
		html_raw(h, "<li><a");
		html_url(h, "href", places[i].path);
		if (places[i].place == here)
			html_raw(h, " aria-current=\"page\"");
		html_raw(h, ">");
		html_say(h, places[i].words, NULL);
		html_raw(h, "</a></li>");
	}
	html_raw(h, "</ul>");
}

/* The first letters of the first and the last word of NAME. */
static void
initials(const char *name, char out[static INITIALS_SIZE])
{
	const char *last = strrchr(name, ' ');
	size_t n = 0;

	for (int i = 0; i < 2; i++) {
		const char *s = i == 0 ? name : last + 1;
		size_t len = (unsigned char)*s < 0x80 ? 1 : 2;

		while (((unsigned char)s[len] & 0xc0) == 0x80)
			len++;
		if (*s == '\0' || n + len >= INITIALS_SIZE)
			break;
		memcpy(out + n, s, len);
		n += len;
		if (last == NULL)
			break;
	}
	out[n] = '\0';
}

static void
account_links(struct html *h, const struct request *r)
{
	char letters[INITIALS_SIZE];
	size_t len;

	if (request_account(r)[0] == '\0') {
		/* Somebody may be signed in where nobody has looked: a problem before the session was known. */
		if (r->head.known[KNOWN_COOKIE] != NULL &&
		    cookie_find(r->head.known[KNOWN_COOKIE], SESSION_COOKIE, &len) != NULL && len > 0 &&
		    r->identity.token[0] == '\0')
			return;
		html_raw(h, "<a class=\"btn s\" href=\"/signin\">");
		html_say(h, "shell.signin", NULL);
		html_raw(h, "</a>");
		return;
	}
	initials(r->identity.who->name, letters);
	html_raw(h, "<a class=\"iconlink\" href=\"/help\">");
	ui_icon(h, ICON_HELP);
	html_say_in(h, "span", "vh", "shell.help", NULL);
	html_raw(h, "</a><a class=\"iconlink\" href=\"/notifications\">");
	ui_icon(h, ICON_BELL);
	html_say_in(h, "span", "vh", "shell.notifications", NULL);
	html_raw(h, "</a><a class=\"iconlink\" href=\"/account\"><span class=\"who\" aria-hidden=\"true\">");
	html_text(h, letters);
	html_raw(h, "</span>");
	html_say_in(h, "span", "vh", "shell.account", WORDS(WORD("name", r->identity.who->name)));
	html_raw(h, "</a>");
}

static void
bar(struct html *h, const struct request *r, enum place here)
{
	html_raw(h, "<header class=\"top\"><div class=\"top-in\"><a class=\"brand\" href=\"/\">");
	ui_brand(h);
	html_raw(h, "<span>Vouch</span></a><nav class=\"nav\"");
	html_say_attr(h, "aria-label", "shell.main", NULL);
	html_raw(h, ">");
	place_list(h, r, here);
	html_raw(h, "</nav><div class=\"top-end\">");
	account_links(h, r);
	html_raw(h, "<button class=\"iconlink menu-btn\" type=\"button\" popovertarget=\"menu\">");
	ui_icon(h, ICON_MENU);
	html_say_in(h, "span", "vh", "shell.menu", NULL);
	html_raw(h, "</button></div></div><nav id=\"menu\" class=\"menu\" popover");
	html_say_attr(h, "aria-label", "shell.menu", NULL);
	html_raw(h, ">");
	place_list(h, r, here);
	html_raw(h, "</nav></header>\n");
}

void
shell_begin(struct html *h, const struct request *r, const struct page_head *head)
{
	const char *theme = words_theme(r);

	html_raw(h, "<!doctype html>\n<html");
	html_attr(h, "lang", language_tag(h->language));
	html_attr(h, "dir", language_is_rtl(h->language) ? "rtl" : "ltr");
	if (theme != NULL)
		html_attr(h, "data-theme", theme);
	html_raw(h, ">");
	head_of(h, r, head);
	html_raw(h, "<body");
	if (head->class != NULL)
		html_attr(h, "class", head->class);
	html_raw(h, "><a class=\"skip\" href=\"#main\">");
	html_say(h, "shell.skip", NULL);
	html_raw(h, "</a>\n");
	bar(h, r, head->place);
	html_raw(h, "<main id=\"main\" tabindex=\"-1\">\n");
}

/* ---- the foot ------------------------------------------------------------------------------ */

/* A link that keeps a choice and comes back here, without a script. */
static void
choice(struct html *h, const struct request *r, const char *name, const char *value, bool is_chosen)
{
	const char *here = words_is_own_path(r->target) && strcmp(r->method, "POST") != 0 ? r->target : "/";

	html_raw(h, "<a rel=\"nofollow\" href=\"/preferences?");
	html_text(h, name);
	html_raw(h, "=");
	html_text(h, value);
	html_raw(h, "&amp;next=");
	html_path(h, here);
	html_raw(h, is_chosen ? "\" aria-current=\"true\"" : "\"");
}

static void
foot(struct html *h, const struct request *r)
{
	static const char *const themes[] = {"auto", "light", "dark"};
	static const char *const names[] = {"shell.theme_auto", "shell.theme_light", "shell.theme_dark"};
	const char *theme = words_theme(r);
	const struct language *l;

	html_raw(h, "<footer class=\"foot\">");
	html_say_in(h, "p", NULL, "shell.promise", NULL);
	html_raw(h, "<nav class=\"choices\"");
	html_say_attr(h, "aria-label", "shell.language", NULL);
	html_raw(h, ">");
	for (int i = 0; (l = language_at(r->gateway->languages, i)) != NULL; i++) {
		choice(h, r, "lang", language_tag(l), l == h->language);
		html_attr(h, "lang", language_tag(l));
		html_raw(h, ">");
		html_text(h, language_name(l));
		html_raw(h, "</a>");
	}
	html_raw(h, "</nav><nav class=\"choices\"");
	html_say_attr(h, "aria-label", "shell.theme", NULL);
	html_raw(h, ">");
	for (int i = 0; i < 3; i++) {
		choice(h, r, "theme", themes[i], theme == NULL ? i == 0 : strcmp(theme, themes[i]) == 0);
		html_raw(h, ">");
		html_say(h, names[i], NULL);
		html_raw(h, "</a>");
	}
	html_raw(h, "</nav><nav class=\"choices\"");
	html_say_attr(h, "aria-label", "shell.more", NULL);
	html_raw(h, "><a href=\"/help\">");
	html_say(h, "shell.help", NULL);
	html_raw(h, "</a><a href=\"/verify\">");
	html_say(h, "shell.verify", NULL);
	html_raw(h, "</a><a href=\"/api/v1/openapi.json\">");
	html_say(h, "shell.api", NULL);
	html_raw(h, "</a></nav></footer>\n");
}

void
shell_end(struct html *h, const struct request *r, const struct page_head *head)
{
	html_raw(h, "</main>\n");
	if (!head->is_app)
		foot(h, r);
	html_raw(h, "</body></html>\n");
}
