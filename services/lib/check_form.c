/* check_form.c: the shapes that a string may be asked to have. */
#include <assert.h>
#include <string.h>
#include <strings.h>

#include "check.h"
#include "check_form.h"
#include "id.h"
#include "instant.h"
#include "zone.h"

static bool
is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_id(const char *s, size_t max)
{
	(void)max;
	return id_is_joined(s);
}

static bool
is_uuid(const char *s, size_t max)
{
	(void)max;
	return id_is_uuid(s);
}

static bool
is_slug(const char *s, size_t max)
{
	return slug_fits(s, max != 0 ? max : SLUG_MAX);
}

static bool
is_scope(const char *s, size_t max)
{
	return strcmp(s, "*") == 0 || is_slug(s, max);
}

/*
 * LEN bytes that may stand in front of the @: RFC 5322 dot-atom, no more. Quoted
 * ones exist in attacks rather than in use.
 */
static bool
is_local(const char *s, size_t len)
{
	static const char others[] = "!#$%&'*+/=?^_`{|}~-";

	if (len == 0 || len > 64 || s[0] == '.' || s[len - 1] == '.')
		return false;
	for (size_t i = 0; i < len; i++) {
		bool is_dot = s[i] == '.' && s[i + 1] != '.';

		if (!is_alpha(s[i]) && !is_digit(s[i]) && !is_dot && strchr(others, s[i]) == NULL)
			return false;
	}
	return true;
}

/* Labels of 1..63 letters, digits and inner hyphens, dots between; two at least, the last no number. */
static bool
is_domain(const char *s)
{
	size_t label = 0, labels = 1;
	bool has_alpha = false;

	for (; *s != '\0'; s++) {
		if (*s == '.') {
			if (label == 0 || s[-1] == '-' || s[1] == '\0')
				return false;
			label = 0;
			labels++;
			has_alpha = false;
			continue;
		}
		if (!is_alpha(*s) && !is_digit(*s) && (*s != '-' || label == 0))
			return false;
		has_alpha |= is_alpha(*s);
		if (++label > 63)
			return false;
	}
	return label > 0 && s[-1] != '-' && labels > 1 && has_alpha;
}

static bool
is_email(const char *s, size_t max)
{
	const char *at = strrchr(s, '@');

	(void)max;
	return strnlen(s, 255) <= 254 && at != NULL && is_local(s, (size_t)(at - s)) && is_domain(at + 1);
}

/* "[...]" or a name, then perhaps a port. END is behind it. */
static bool
is_authority(const char *s, const char *end)
{
	const char *port;

	if (s < end && *s == '[') {
		size_t n = strspn(s + 1, "0123456789abcdefABCDEF:.");

		if (n < 2 || s + 1 + n >= end || s[1 + n] != ']')
			return false;
		port = s + n + 2;
	} else {
		for (port = s; port < end && *port != ':'; port++)
			if (!is_alpha(*port) && !is_digit(*port) && (unsigned char)*port < 0x80 &&
			    strchr("-._", *port) == NULL)
				return false;
		if (port == s || *s == '.')
			return false;
	}
	if (port == end)
		return true;
	int number = 0;
	for (const char *c = port + 1; c < end; c++) {
		if (!is_digit(*c) || number > 65535)
			return false;
		number = number * 10 + (*c - '0');
	}
	return *port == ':' && number >= 1 && number <= 65535;
}

static bool
is_url(const char *s, size_t max)
{
	const char *host = NULL;

	(void)max;
	if (strncasecmp(s, "https://", 8) == 0)
		host = s + 8;
	else if (strncasecmp(s, "http://", 7) == 0)
		host = s + 7;
	if (host == NULL)
		return false;
	for (const unsigned char *c = (const unsigned char *)s; *c != '\0'; c++)
		if (*c <= ' ' || *c == 0x7f || strchr("\"<>\\", *c) != NULL)
			return false;
	return is_authority(host, host + strcspn(host, "/?#"));
}

static bool
is_date(const char *s, size_t max)
{
	int32_t date;

	(void)max;
	return date_parse(s, &date);
}

static bool
is_time_zone(const char *s, size_t max)
{
	struct zone *zone = zone_open(s);

	(void)max;
	zone_close(zone);
	return zone != NULL;
}

/* Subtags of 1..8 letters and digits with hyphens between, the first of 2..8 letters. */
static bool
is_language(const char *s, size_t max)
{
	size_t tag = 0, n = 0;

	(void)max;
	for (; *s != '\0'; s++) {
		if (*s == '-') {
			if (tag == 0 || (n == 0 && tag < 2))
				return false;
			tag = 0;
			n++;
			continue;
		}
		if ((!is_alpha(*s) && (n == 0 || !is_digit(*s))) || ++tag > 8)
			return false;
	}
	return tag > (n == 0 ? 1 : 0);
}

static bool
is_hex(const char *s, size_t len, const char *digits)
{
	return strspn(s, digits) == len && s[len] == '\0';
}

static bool
is_colour(const char *s, size_t max)
{
	(void)max;
	return s[0] == '#' && is_hex(s + 1, 6, "0123456789abcdefABCDEF");
}

static bool
is_sha256(const char *s, size_t max)
{
	(void)max;
	return is_hex(s, 64, "0123456789abcdef");
}

static bool
is_word(const char *s, size_t max)
{
	(void)max;
	return *s >= 'a' && *s <= 'z' && s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static bool
is_part(const char *s, size_t max)
{
	(void)max;
	return strcmp(s, "overview") == 0 || strcmp(s, "work_examples") == 0 || strcmp(s, "reflection") == 0;
}

static bool
is_code(const char *s, size_t max)
{
	char code[CODE_SIZE];

	(void)max;
	return code_read(s, code) == CODE_OK;
}

static const struct form forms[] = {
	{"id", is_id, "must be an id", 0},
	{"uuid", is_uuid, "must be a UUID", 0},
	{"slug", is_slug,
		"must be 3 or more lower case letters, digits and hyphens, with no hyphen at the ends",
		SLUG_MAX},
	{"scope", is_scope, "must be the id of an issuer, or * for all of them", SLUG_MAX},
	{"email", is_email, "must be a mail address like name@example.org", 0},
	{"url", is_url,
		"must be an address that begins with http:// or https://, without spaces or a user name", 0},
	{"date", is_date, "must be a date like 2026-11-24", 0},
	{"time_zone", is_time_zone, "must be a time zone like Europe/Berlin", 0},
	{"language", is_language, "must be a language like en or pt-BR", 0},
	{"colour", is_colour, "must be a colour like #2a3c94", 0},
	{"word", is_word, "must be a word of lower case letters, digits and underscores", 0},
	{"part", is_part, "must be overview, work_examples or reflection", 0},
	{"sha256", is_sha256, "must be a SHA-256 of 64 lower case hex digits", 0},
	{"code", is_code, "must be a submission code like V-7K3M-92QX-5; perhaps a character is wrong", 0},
};

const struct form *
form_find(const char *name)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (strcmp(forms[i].name, name) == 0)
			return &forms[i];
	return NULL;
}

bool
check_form(const char *form, const char *text, size_t max)
{
	const struct form *f = form_find(form);

	assert(f != NULL);
	return f->fits(text, max);
}

bool
check_form_exists(const char *form)
{
	return form_find(form) != NULL;
}
