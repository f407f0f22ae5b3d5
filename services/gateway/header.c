#include "header.h"

#include <string.h>
#include <strings.h>

static const char *
skip_space(const char *s)
{
	return s + strspn(s, " \t");
}

/* "q=0.8" among the parameters up to END, in thousandths; 1000 without one. */
static int
read_quality(const char *s, const char *end)
{
	while (s < end) {
		s = skip_space(s);
		if ((*s | 0x20) == 'q' && s[1] == '=') {
			int q = s[2] == '1' ? 1000 : 0, unit = 100;

			if (s[2] != '0' && s[2] != '1')
				return 0;
			if (s[3] == '.')
				for (s += 4; unit > 0 && *s >= '0' && *s <= '9'; s++, unit /= 10)
					q += (*s - '0') * unit;
			return q > 1000 ? 1000 : q;
		}
		s += strcspn(s, ";,");
		s += *s == ';';
	}
	return 1000;
}

/* How exactly RANGE, LEN bytes, names TYPE: 3 the type, 2 "text/" and a star, 1 everything, 0 not at all. */
static int
fit(const char *range, size_t len, const char *type)
{
	size_t main_len = strcspn(type, "/") + 1;

	if (len == strlen(type) && strncasecmp(range, type, len) == 0)
		return 3;
	if (len == main_len + 1 && strncasecmp(range, type, main_len) == 0 && range[main_len] == '*')
		return 2;
	return len == 3 && strncmp(range, "*/*", 3) == 0 ? 1 : 0;
}

static int
quality_of(const char *accept, const char *type)
{
	int quality = 0, best = 0;

	for (const char *s = accept; *s != '\0';) {
		const char *end;
		size_t len;
		int exact;

		s = skip_space(s);
		len = strcspn(s, ",; \t");
		end = s + strcspn(s, ",");
		exact = fit(s, len, type);
		if (exact > best) {
			best = exact;
			quality = read_quality(s + len + strspn(s + len, " \t;"), end);
		}
		s = *end == ',' ? end + 1 : end;
	}
	return quality;
}

int
accept_pick(const char *accept, const char *const *types, int n)
{
	int best = -1, most = 0;

	if (accept == NULL || *accept == '\0')
		return 0;
	for (int i = 0; i < n; i++) {
		int q = quality_of(accept, types[i]);

		if (q > most) {
			most = q;
			best = i;
		}
	}
	return best;
}

bool
encoding_accepted(const char *value, const char *coding)
{
	int quality = 0;
	bool is_named = false;

	for (const char *s = value != NULL ? value : ""; *s != '\0';) {
		const char *end;
		size_t len;
		bool fits;

		s = skip_space(s);
		len = strcspn(s, ",; \t");
		end = s + strcspn(s, ",");
		fits = len == strlen(coding) && strncasecmp(s, coding, len) == 0;
		if (fits || (!is_named && len == 1 && *s == '*'))
			quality = read_quality(s + len + strspn(s + len, " \t;"), end);
		is_named |= fits;
		s = *end == ',' ? end + 1 : end;
	}
	return quality > 0;
}

enum match
if_match_read(const char *value, int64_t *version)
{
	const char *s = value;
	bool is_quoted;
	int64_t n = 0;

	if (s == NULL)
		return MATCH_NOT_GIVEN;
	if (strcmp(s, "*") == 0)
		return MATCH_ANY;
	if (strncmp(s, "W/\"", 3) == 0)
		s += 2;
	is_quoted = *s == '"';
	s += is_quoted;
	if (*s < '0' || *s > '9')
		return MATCH_MALFORMED;
	for (; *s >= '0' && *s <= '9'; s++) {
		n = n * 10 + (*s - '0');
		if (n > (INT64_C(1) << 53))
			return MATCH_MALFORMED;
	}
	if (is_quoted && *s++ != '"')
		return MATCH_MALFORMED;
	*version = n;
	return *s == '\0' ? MATCH_VERSION : MATCH_MALFORMED;
}

bool
etag_listed(const char *if_none_match, const char *etag)
{
	size_t len = strlen(etag);

	if (if_none_match == NULL)
		return false;
	if (strcmp(if_none_match, "*") == 0)
		return true;
	for (const char *s = if_none_match; *s != '\0'; s += strcspn(s, ","), s += *s == ',') {
		s = skip_space(s);
		if (strncmp(s, "W/", 2) == 0)
			s += 2;
		if (strncmp(s, etag, len) == 0 && (s[len] == '\0' || strchr(", \t", s[len]) != NULL))
			return true;
	}
	return false;
}

/* Digits at *S, which moves on; false: none, or more than 18. */
static bool
read_number(const char **s, uint64_t *out)
{
	size_t n = strspn(*s, "0123456789");

	if (n == 0 || n > 18)
		return false;
	*out = 0;
	for (size_t i = 0; i < n; i++)
		*out = *out * 10 + (uint64_t)((*s)[i] - '0');
	*s += n;
	return true;
}

enum range
range_read(const char *value, uint64_t size, uint64_t *first, uint64_t *length)
{
	uint64_t from = 0, to = UINT64_MAX;
	const char *s = value;
	bool has_from;

	if (s == NULL || strncasecmp(s, "bytes=", 6) != 0)
		return RANGE_WHOLE;
	s = skip_space(s + 6);
	has_from = read_number(&s, &from);
	if (*s++ != '-' || (!read_number(&s, &to) && !has_from) || *skip_space(s) != '\0' ||
	    (has_from && to < from))
		return RANGE_WHOLE;
	if (!has_from) { /* the last TO bytes */
		if (to == 0 || size == 0)
			return RANGE_OUTSIDE;
		from = to < size ? size - to : 0;
		to = size - 1;
	}
	if (from >= size)
		return RANGE_OUTSIDE;
	*first = from;
	*length = (to < size ? to + 1 : size) - from;
	return RANGE_PART;
}

const char *
cookie_find(const char *cookies, const char *name, size_t *len)
{
	size_t name_len = strlen(name);
	const char *found = NULL;

	for (const char *s = cookies; s != NULL && *s != '\0'; s += strcspn(s, ";"), s += *s == ';') {
		size_t n;

		s = skip_space(s);
		if (strncmp(s, name, name_len) != 0 || s[name_len] != '=')
			continue;
		s += name_len + 1;
		n = strcspn(s, "; \t");
		if (found != NULL && (n != *len || strncmp(found, s, n) != 0))
			return NULL;
		found = s;
		*len = n;
	}
	return found;
}

const char *
bearer_read(const char *authorization)
{
	const char *s = authorization;

	if (s == NULL || strncasecmp(s, "Bearer ", 7) != 0)
		return NULL;
	return skip_space(s + 7);
}

bool
media_type_is(const char *value, const char *type)
{
	size_t len = strlen(type);

	return value != NULL && strncasecmp(value, type, len) == 0 && strchr("; \t", value[len]) != NULL;
}

bool
media_type_parameter(const char *value, const char *name, char *out, size_t size)
{
	size_t name_len = strlen(name), n = 0;
	const char *s = value + strcspn(value, ";");

	while (*s == ';') {
		s = skip_space(s + 1);
		if (strncasecmp(s, name, name_len) != 0 || s[name_len] != '=') {
			s += strcspn(s, ";");
			continue;
		}
		s += name_len + 1;
		if (*s == '"') {
			for (s++; *s != '"' && *s != '\0' && n + 1 < size; s++) {
				s += *s == '\\' && s[1] != '\0';
				out[n++] = *s;
			}
			out[n] = '\0';
			return *s == '"' && n > 0;
		}
		n = strcspn(s, "; \t");
		if (n == 0 || n >= size)
			return false;
		memcpy(out, s, n);
		out[n] = '\0';
		return true;
	}
	return false;
}

bool
forwarded_read(const char *value, int n, char *out, size_t size)
{
	const char *end = value != NULL ? value + strlen(value) : NULL, *start;
	size_t len;

	for (int i = 1; end != NULL; i++) {
		start = end;
		while (start > value && start[-1] != ',')
			start--;
		if (i == n) {
			start = skip_space(start);
			len = start < end ? strcspn(start, " \t,") : 0;
			if (len == 0 || len >= size)
				return false;
			memcpy(out, start, len);
			out[len] = '\0';
			return true;
		}
		end = start > value ? start - 1 : NULL;
	}
	return false;
}
