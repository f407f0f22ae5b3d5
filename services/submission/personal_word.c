/* personal_word.c: what a pattern cannot say of words: whose page, whose handle, whose name. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "personal_rule.h"

enum ruling
check_trap(struct passage *passage)
{
	(void)passage;
	return RULING_TRAP;
}

/* RFC 5321, 4.5.3.1: 64 octets for the local part, 255 for the domain. */
enum ruling
check_email(struct passage *passage)
{
	const char *s = passage->text + passage->start;
	size_t n = passage->end - passage->start;
	const char *at = memchr(s, '@', n);

	if (at == NULL || at - s > 64 || n - (size_t)(at - s) > 256)
		return RULING_NO;
	return RULING_HIT;
}

/* Finds NEEDLE in N bytes of S, letters of either case. */
static const char *
find_word(const char *s, size_t n, const char *needle)
{
	size_t len = strlen(needle);

	for (size_t i = 0; i + len <= n; i++)
		if (strncasecmp(s + i, needle, len) == 0)
			return s + i;
	return NULL;
}

/* Says whether S (N bytes) begins with one of the words in LIST, and the word ends there. */
static bool
begins_with(const char *s, size_t n, const char *const *list)
{
	for (; *list != NULL; list++) {
		size_t len = strlen(*list);

		if (len <= n && strncasecmp(s, *list, len) == 0 &&
		    (len == n || !isalnum((unsigned char)s[len])))
			return true;
	}
	return false;
}

/* Sites where each path below the root is a person, unless it is one of OTHERS. */
struct site {
	const char *host;
	const char *prefix;        /* what the path of a person begins with */
	int depth_max;             /* further parts of the path lead away from the person; 0: never */
	const char *const *others; /* paths that are not a person; NULL ends */
};

static const char *const no_others[] = {NULL};
static const char *const facebook_others[] = {"groups", "events", "help", "policies", "sharer", "share",
	"watch", "business", "marketplace", "hashtag", "privacy", "legal", "login", "pages", "gaming",
	"photo", "search", NULL};
static const char *const twitter_others[] = {"search", "hashtag", "i", "intent", "share", "home", "explore",
	"login", "privacy", "tos", "settings", NULL};
static const char *const instagram_others[] = {
	"p", "explore", "reel", "reels", "about", "tv", "accounts", NULL};
static const char *const github_others[] = {"features", "topics", "about", "pricing", "explore",
	"marketplace", "login", "orgs", "sponsors", "collections", "search", "settings", NULL};
static const char *const pinterest_others[] = {"pin", "ideas", "search", "categories", "login", NULL};
static const char *const medium_others[] = {"m", "tag", "about", "p", NULL};

static const struct site sites[] = {
	{"facebook.com", "/", 0, facebook_others},
	{"fb.com", "/", 0, facebook_others},
	{"fb.me", "/", 0, no_others},
	{"twitter.com", "/", 0, twitter_others},
	{"x.com", "/", 0, twitter_others},
	{"instagram.com", "/", 0, instagram_others},
	{"linkedin.com", "/in/", 0, no_others},
	{"linkedin.com", "/pub/", 0, no_others},
	{"tiktok.com", "/@", 0, no_others},
	{"youtube.com", "/@", 0, no_others},
	{"youtube.com", "/user/", 0, no_others},
	{"youtube.com", "/channel/", 0, no_others},
	{"youtube.com", "/c/", 0, no_others},
	{"snapchat.com", "/add/", 0, no_others},
	{"threads.net", "/@", 0, no_others},
	{"pinterest.com", "/", 0, pinterest_others},
	{"reddit.com", "/user/", 0, no_others},
	{"reddit.com", "/u/", 0, no_others},
	{"github.com", "/", 1, github_others},
	{"medium.com", "/@", 0, medium_others},
	{"vk.com", "/", 0, no_others},
	{"t.me", "/", 0, no_others},
	{"wa.me", "/", 0, no_others},
	{"about.me", "/", 0, no_others},
	{"linktr.ee", "/", 0, no_others},
	{"weibo.com", "/u/", 0, no_others},
	{"flickr.com", "/people/", 0, no_others},
	{"flickr.com", "/photos/", 0, no_others},
	{"soundcloud.com", "/", 0, no_others},
	{"twitch.tv", "/", 0, no_others},
	{"orcid.org", "/0", 0, no_others},
	{"teacherspayteachers.com", "/store/", 0, no_others},
	{"venmo.com", "/", 0, no_others},
	{"paypal.me", "/", 0, no_others},
};

/* Says whether HOST (N bytes) is DOMAIN or below it. */
static bool
is_below(const char *host, size_t n, const char *domain)
{
	size_t len = strlen(domain);

	return n >= len && strncasecmp(host + n - len, domain, len) == 0 &&
	    (n == len || host[n - len - 1] == '.');
}

static int
parts_of(const char *path, size_t n)
{
	int parts = 0;

	for (size_t i = 0; i + 1 < n; i++)
		parts += path[i] == '/' && path[i + 1] != '/';
	return parts;
}

static bool
is_page_of_person(const char *host, size_t n_host, const char *path, size_t n_path)
{
	static const char *const profiles[] = {"/~", "/users/", "/user/", "/profile/", "/profiles/",
		"/people/", "/members/", "/author/", "/@", NULL};

	for (size_t i = 0; i < sizeof(sites) / sizeof(sites[0]); i++) {
		size_t n = strlen(sites[i].prefix);

		if (is_below(host, n_host, sites[i].host) && n_path > n + 1 &&
		    strncasecmp(path, sites[i].prefix, n) == 0 &&
		    !begins_with(path + n, n_path - n, sites[i].others) &&
		    (sites[i].depth_max == 0 || parts_of(path, n_path) <= sites[i].depth_max))
			return true;
	}
	for (const char *const *at = profiles; *at != NULL; at++) {
		const char *found = find_word(path, n_path, *at);

		if (found != NULL && found + strlen(*at) + 2 < path + n_path)
			return true;
	}
	return false;
}

/* "her page is", "my web site:" close before the link. */
static bool
is_named_own(const struct passage *passage)
{
	static const char *const owners[] = {"my ", "his ", "her ", "their ", NULL};
	static const char *const pages[] = {
		"page", "profile", "site", "website", "blog", "portfolio", "channel", "account", NULL};
	size_t from = passage->start > 40 ? passage->start - 40 : 0;
	const char *s = passage->text + from;
	size_t n = passage->start - from;

	/* Only the words of this sentence and line. */
	for (size_t i = n; i > 0; i--)
		if (s[i - 1] == '\n' || (i < n && s[i - 1] == '.' && s[i] == ' ')) {
			s += i;
			n -= i;
			break;
		}
	for (const char *const *owner = owners; *owner != NULL; owner++)
		for (const char *const *page = pages; *page != NULL; page++) {
			const char *a = find_word(s, n, *owner);

			if (a != NULL && (a == passage->text || !isalpha((unsigned char)a[-1])) &&
			    find_word(a, (size_t)(s + n - a), *page) != NULL)
				return true;
		}
	return false;
}

/* Every link is taken, so that nothing inside it is found; the page of a person is reported. */
enum ruling
check_url(struct passage *passage)
{
	/* Punctuation at the end belongs to the sentence; a bracket too, if it was not opened inside. */
	for (;;) {
		char last = passage->text[passage->end - 1];
		size_t n = passage->end - passage->start;

		if (n > 1 &&
		    (strchr(".,;:!?'*`", last) != NULL ||
			(last == ')' && memchr(passage->text + passage->start, '(', n) == NULL) ||
			last == ']' || last == '}'))
			passage->end--;
		else
			break;
	}

	const char *s = passage->text + passage->start;
	size_t n = passage->end - passage->start;
	const char *scheme = find_word(s, n, "://");
	const char *host = scheme != NULL ? scheme + 3 : s;
	const char *end = s + n;
	size_t n_host = 0;

	while (host + n_host < end && strchr("/?#", host[n_host]) == NULL)
		n_host++;
	const char *at = memchr(host, '@', n_host);
	if (at != NULL) {
		n_host -= (size_t)(at + 1 - host);
		host = at + 1;
	}
	if (n_host > 0 && is_page_of_person(host, n_host, host + n_host, (size_t)(end - host) - n_host))
		return RULING_HIT;
	return is_named_own(passage) ? RULING_HIT : RULING_TRAP;
}

/* @media and @Override are words of a program: a bare word wants a sign that people are meant. */
enum ruling
check_handle(struct passage *passage)
{
	static const char *const people[] = {"follow", "handle", "instagram", "twitter", "tiktok", "snapchat",
		"posts", "tweet", "discord", "account", "mastodon", "bluesky", "threads", "profile", "user",
		"dm ", "insta", "youtube", NULL};
	const char *s = passage->text + passage->start;
	size_t n = passage->end - passage->start;
	size_t from = passage->start > 60 ? passage->start - 60 : 0;

	for (size_t i = 1; i < n; i++)
		if (isdigit((unsigned char)s[i]) || s[i] == '_' ||
		    (s[0] != '@' && strchr(".-#", s[i]) != NULL))
			return n < 3 ? RULING_NO : RULING_HIT;
	/* "username: gil" and "username is 'gil'", but not "username is used". */
	if (s[0] != '@')
		return passage->start > 1 && isalpha((unsigned char)s[-2]) && s[-1] == ' ' ? RULING_NO :
											     RULING_HIT;
	for (const char *const *word = people; *word != NULL; word++)
		if (find_word(passage->text + from, passage->start - from, *word) != NULL)
			return RULING_HIT;
	return RULING_NO;
}
