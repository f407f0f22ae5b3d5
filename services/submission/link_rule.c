#include "link_rule.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

/* A place where earners keep their evidence, and its words for sharing. */
struct provider {
	const char *name;
	const char *hosts[6]; /* and all hosts below them; NULL ends */
	const char *share;    /* what to do when the link is closed */
};

static const struct provider providers[] = {
	{"Google Drive",
		{"drive.google.com", "docs.google.com", "sites.google.com", "forms.gle", "photos.app.goo.gl"},
		"Google asks visitors to sign in. Open the file there, choose Share, then under General access "
		"\"Anyone with the link\" and the role Viewer, and copy the link again."},
	{"OneDrive", {"1drv.ms", "onedrive.live.com", "onedrive.com", "sharepoint.com"},
		"OneDrive asks visitors to sign in. Open the file there, choose Share, then the settings of the "
		"link, \"Anyone with the link\" and \"Can view\", and copy the link again. If your school forbids "
		"that, upload the file here."},
	{"Dropbox", {"dropbox.com", "dropboxusercontent.com"},
		"Dropbox asks visitors to sign in. Choose Share there, then the settings of the link for viewing, "
		"\"Anyone with this link\" and no password, and copy the link again."},
	{"YouTube", {"youtube.com", "youtu.be", "youtube-nocookie.com"},
		"The video is private. In YouTube Studio open it, set its visibility to Unlisted, and save."},
	{"Vimeo", {"vimeo.com"},
		"The video is private or has a password. In Vimeo open its privacy settings and choose \"Anyone "
		"with the link\" without a password."},
};

static bool
is_below(const char *host, const char *domain)
{
	size_t n = strlen(host), m = strlen(domain);

	return n >= m && strcasecmp(host + n - m, domain) == 0 && (n == m || host[n - m - 1] == '.');
}

static const struct provider *
provider_of(const char *host)
{
	for (size_t i = 0; i < sizeof(providers) / sizeof(providers[0]); i++)
		for (const char *const *at = providers[i].hosts; *at != NULL; at++)
			if (is_below(host, *at))
				return &providers[i];
	return NULL;
}

const char *
link_state_name(enum link_state state)
{
	static const char *const names[] = {"open", "closed", "missing", "unknown", "refused"};

	assert(state >= LINK_OPEN && state <= LINK_REFUSED);
	return names[state];
}

void
link_result_set(struct link_result *result, enum link_state state, const char *rule, const char *host)
{
	static const char *const messages[] = {
		"Everybody can open the link.",
		"The link asks visitors to sign in, and assessors cannot. Share it with everybody who has the "
		"link, or upload the file here.",
		"There is nothing at the link: it was deleted or mistyped. Open it in a private window of your "
		"browser, and copy it again.",
		"The link could not be checked now, and will be tried again. Open it in a private window of "
		"your browser to be sure.",
		"This is not a link that assessors can open. Give the address of a public page, as a browser "
		"shows it, with http:// or https:// in front.",
	};
	const struct provider *provider = provider_of(host);

	result->state = state;
	result->rule = rule;
	result->provider = provider == NULL ? "" : provider->name;
	result->message = state == LINK_CLOSED && provider != NULL ? provider->share : messages[state];
}

bool
link_is_login(const char *host, const char *path)
{
	static const char *const hosts[] = {"accounts.google.com", "login.microsoftonline.com",
		"login.live.com", "login.microsoft.com", "accounts.youtube.com", NULL};
	static const char *const words[] = {"login", "log_in", "log-in", "logon", "signin", "sign_in",
		"sign-in", "servicelogin", "sso", "saml", "auth", "authorize", "oauth2", "cas", NULL};

	for (const char *const *at = hosts; *at != NULL; at++)
		if (is_below(host, *at))
			return true;
	/* A whole part of the path, whatever its ending: /users/sign_in, /login.php. */
	while (*path == '/') {
		size_t n = strcspn(path + 1, "/?#."), part = strcspn(path + 1, "/?#");

		for (const char *const *at = words; *at != NULL; at++)
			if (strlen(*at) == n && strncasecmp(path + 1, *at, n) == 0)
				return true;
		path += 1 + part;
	}
	return false;
}

/* Finds WORDS in the body, letters of either case. */
static bool
says(const struct link_answer *answer, const char *words)
{
	return strcasestr(answer->body, words) != NULL;
}

/* What the pages of providers say when they answer 200 to everything. */
static bool
provider_judge(const struct link_answer *answer, struct link_result *result)
{
	static const struct {
		const char *provider, *words;
		enum link_state state;
	} pages[] = {
		{"Google Drive", "You need access", LINK_CLOSED},
		{"Google Drive", "Request access", LINK_CLOSED},
		{"Google Drive", "ServiceLogin", LINK_CLOSED},
		{"Google Drive", "the file you have requested does not exist", LINK_MISSING},
		{"OneDrive", "login.live.com/login.srf", LINK_CLOSED},
		{"OneDrive", "Sign in to your account", LINK_CLOSED},
		{"OneDrive", "This link has been removed", LINK_MISSING},
		{"OneDrive", "This item might not exist", LINK_MISSING},
		{"Dropbox", "Sign in to view this file", LINK_CLOSED},
		{"Dropbox", "This link is password protected", LINK_CLOSED},
		{"Dropbox", "This item was deleted", LINK_MISSING},
		{"Dropbox", "That file isn", LINK_MISSING},
		{"YouTube", "\"status\":\"LOGIN_REQUIRED\"", LINK_CLOSED},
		{"YouTube", "This video is private", LINK_CLOSED},
		{"YouTube", "\"status\":\"ERROR\"", LINK_MISSING},
		{"YouTube", "This video isn't available anymore", LINK_MISSING},
		{"Vimeo", "This video is private", LINK_CLOSED},
		{"Vimeo", "This video is password protected", LINK_CLOSED},
		{"Vimeo", "Because of its privacy settings", LINK_CLOSED},
		{"Vimeo", "This video does not exist", LINK_MISSING},
	};
	const struct provider *provider = provider_of(answer->host);

	if (provider == NULL)
		provider = provider_of(answer->first_host);
	for (size_t i = 0; provider != NULL && i < sizeof(pages) / sizeof(pages[0]); i++)
		if (strcmp(pages[i].provider, provider->name) == 0 && says(answer, pages[i].words)) {
			link_result_set(result, pages[i].state,
			    pages[i].state == LINK_CLOSED ? "asks_login" : "not_found", answer->first_host);
			return true;
		}
	return false;
}

/* A page whose title is to sign in and that has a field for a password. */
static bool
is_login_page(const struct link_answer *answer)
{
	static const char *const titles[] = {"sign in", "sign-in", "log in", "login", "log-in", "anmelden",
		"einloggen", "connexion", "se connecter", "iniciar sesi", "accedi", "entrar", NULL};
	const char *title = strcasestr(answer->body, "<title");
	const char *end = title == NULL ? NULL : strcasestr(title, "</title");

	if (end == NULL ||
	    (!says(answer, "type=\"password\"") && !says(answer, "type='password'") &&
		!says(answer, "type=password")))
		return false;
	for (const char *const *at = titles; *at != NULL; at++) {
		const char *found = strcasestr(title, *at);

		if (found != NULL && found < end)
			return true;
	}
	return false;
}

void
link_answer_judge(const struct link_answer *answer, struct link_result *result)
{
	const char *host = answer->first_host;
	int status = answer->status;

	result->status = status;
	if (answer->is_challenged || status == 429)
		link_result_set(result, LINK_UNKNOWN, "robots_refused", host);
	else if (status == 401 || status == 403 || status == 407 || status == 451)
		link_result_set(result, LINK_CLOSED, status == 401 ? "asks_login" : "forbidden", host);
	else if (status == 404 || status == 410)
		link_result_set(result, LINK_MISSING, "not_found", host);
	else if ((status < 200 || status >= 300) && status != 416)
		link_result_set(
		    result, LINK_UNKNOWN, status >= 500 ? "server_error" : "unexpected_answer", host);
	else if (answer->hops > 0 && link_is_login(answer->host, answer->path))
		link_result_set(result, LINK_CLOSED, "asks_login", host);
	else if (!provider_judge(answer, result)) {
		if (is_login_page(answer))
			link_result_set(result, LINK_CLOSED, "asks_login", host);
		else
			link_result_set(result, LINK_OPEN, "open", host);
	}
}

const char *
link_second_question(const struct link_answer *answer)
{
	const struct provider *provider = provider_of(answer->host);

	if (provider == NULL || answer->status < 200 || answer->status >= 300)
		return NULL;
	/* YouTube sends the same page for any video, and says the rest in scripts. */
	if (strcmp(provider->name, "YouTube") == 0 && strstr(answer->body, "\"status\":\"OK\"") == NULL &&
	    (strncmp(answer->path, "/watch", 6) == 0 || strncmp(answer->path, "/shorts/", 8) == 0))
		return "/oembed?format=json&url=";
	return NULL;
}
