#include "words.h"

#include <stdlib.h>
#include <string.h>

#include "header.h"
#include "query.h"
#include "reply.h"

enum { YEAR_SECONDS = 31536000, SAID_MAX = 2000 };

const char *
words_parameter(struct request *r, const char *name)
{
	const char *question = strchr(r->target, '?');
	char *copy = question != NULL ? arena_dup(&r->arena, question + 1, strlen(question + 1)) : NULL;
	char *rest = copy, *own, *value;

	while (query_next(&rest, &own, &value))
		if (strcmp(own, name) == 0)
			return value;
	return NULL;
}

/* The value of a parameter that needs no decoding, without taking memory: *LEN bytes, or NULL. */
static const char *
plain_parameter(const char *target, const char *name, size_t *len)
{
	const char *at = strchr(target, '?');
	size_t n = strlen(name);

	for (; at != NULL; at = strchr(at + 1, '&'))
		if (strncmp(at + 1, name, n) == 0 && at[1 + n] == '=') {
			*len = strcspn(at + 2 + n, "&");
			return at + 2 + n;
		}
	return NULL;
}

const struct language *
words_of(const struct request *r)
{
	const struct languages *all = r->gateway->languages;
	const char *cookies = r->head.known[KNOWN_COOKIE], *tag;
	const struct language *l = NULL;
	size_t len = 0;

	tag = plain_parameter(r->target, "lang", &len);
	if (tag != NULL)
		l = language_find(all, tag, len);
	tag = l == NULL && cookies != NULL ? cookie_find(cookies, "lang", &len) : NULL;
	if (tag != NULL)
		l = language_find(all, tag, len);
	if (l == NULL && r->identity.who != NULL && r->identity.who->locale[0] != '\0')
		l = language_find(all, r->identity.who->locale, strlen(r->identity.who->locale));
	return l != NULL ? l : language_accepted(all, r->head.known[KNOWN_ACCEPT_LANGUAGE]);
}

const char *
words_zone(const struct request *r)
{
	return r->identity.who != NULL ? r->identity.who->time_zone : "";
}

const char *
words_place(struct request *r, const char *zone)
{
	const char *slash = strrchr(zone, '/');
	char *place = arena_dup(
	    &r->arena, slash != NULL ? slash + 1 : zone, strlen(slash != NULL ? slash + 1 : zone));

	for (char *c = place; c != NULL && *c != '\0'; c++)
		if (*c == '_')
			*c = ' ';
	return place != NULL ? place : zone;
}

const char *
words_theme(const struct request *r)
{
	const char *cookies = r->head.known[KNOWN_COOKIE];
	size_t len = 0;
	const char *theme = cookies != NULL ? cookie_find(cookies, "theme", &len) : NULL;

	if (theme != NULL && len == 4 && strncmp(theme, "dark", 4) == 0)
		return "dark";
	return theme != NULL && len == 5 && strncmp(theme, "light", 5) == 0 ? "light" : NULL;
}

bool
words_is_own_path(const char *target)
{
	size_t len = target != NULL ? strlen(target) : 0;

	if (len == 0 || len > WORDS_TARGET_MAX || target[0] != '/' || target[1] == '/')
		return false;
	for (size_t i = 0; i < len; i++)
		if (target[i] <= 0x20 || target[i] > 0x7e || strchr("\\\"<>", target[i]) != NULL)
			return false;
	return true;
}

/* ---- plain text ------------------------------------------------------------------------ */

struct plain {
	char text[SAID_MAX];
	size_t len;
};

static void
put_plain(void *arg, enum piece piece, const char *text, size_t len)
{
	struct plain *p = arg;

	if (piece == PIECE_RAW || len > sizeof(p->text) - 1 - p->len)
		return;
	memcpy(p->text + p->len, text, len);
	p->len += len;
}

const char *
words_say(struct request *r, const char *key, const struct word *args)
{
	struct plain p = {.len = 0};
	const char *copy;

	language_say(words_of(r), key, args, put_plain, &p);
	copy = arena_dup(&r->arena, p.text, p.len);
	return copy != NULL ? copy : "";
}

/* ---- the choice ---------------------------------------------------------------------------- */

static void
keep_cookie(struct request *r, const char *name, const char *value)
{
	const char *secure = r->gateway->is_https ? "; Secure" : "";
	long seconds = value[0] != '\0' ? YEAR_SECONDS : 0;

	answer_header(&r->answer, "Set-Cookie",
	    arena_printf(
		&r->arena, "%s=%s; Path=/; SameSite=Lax%s; Max-Age=%ld", name, value, secure, seconds));
}

/* Without a parameter "lang" of its own, which would outdo the choice. Writes into TARGET. */
static void
drop_language(char *target)
{
	size_t len = 0;
	const char *value = plain_parameter(target, "lang", &len);
	char *from = (char *)value - strlen("lang=");

	if (value == NULL)
		return;
	memmove(from, value + len, strlen(value + len) + 1);
	if (*from == '&')
		memmove(from, from + 1, strlen(from));
	else if (*from == '\0')
		from[-1] = '\0'; /* what led to it: '?' or '&' */
}

enum next
words_prefer(struct request *r)
{
	const char *lang = words_parameter(r, "lang"), *theme = words_parameter(r, "theme");
	char *next = (char *)words_parameter(r, "next"); /* in the arena of R */
	const struct language *l = lang != NULL ? language_find(r->gateway->languages, lang, strlen(lang)) :
						  NULL;

	if (l != NULL)
		keep_cookie(r, "lang", language_tag(l));
	if (theme != NULL && (strcmp(theme, "light") == 0 || strcmp(theme, "dark") == 0))
		keep_cookie(r, "theme", theme);
	else if (theme != NULL)
		keep_cookie(r, "theme", "");
	if (!words_is_own_path(next))
		return reply_elsewhere(r, "/");
	if (l != NULL)
		drop_language(next);
	return reply_elsewhere(r, next);
}
