#include "query.h"

#include <string.h>

static int
hex(char c)
{
	return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* Decodes S in place; PLUS: '+' is a space. */
static void
decode(char *s, bool plus)
{
	char *out = s;

	for (; *s != '\0'; s++) {
		if (*s == '%' && s[1] != '\0' && s[2] != '\0') {
			*out++ = (char)(hex(s[1]) << 4 | hex(s[2]));
			s += 2;
		} else if (plus && *s == '+') {
			*out++ = ' ';
		} else {
			*out++ = *s;
		}
	}
	*out = '\0';
}

bool
path_split(char *text, struct path *path)
{
	path->n = 0;
	for (char *s = text + 1, *slash;; s = slash + 1) {
		if (path->n == PATH_SEGMENTS_MAX)
			return false;
		slash = strchr(s, '/');
		if (slash != NULL)
			*slash = '\0';
		decode(s, false);
		path->segments[path->n++] = s;
		if (slash == NULL)
			return true;
	}
}

bool
query_next(char **rest, char **name, char **value)
{
	char *s = *rest, *equals;

	if (s == NULL)
		return false;
	s += strspn(s, "&");
	if (*s == '\0')
		return false;
	*rest = strchr(s, '&');
	if (*rest != NULL)
		*(*rest)++ = '\0';
	*name = s;
	equals = strchr(s, '=');
	if (equals != NULL)
		*equals = '\0';
	*value = equals != NULL ? equals + 1 : s + strlen(s);
	decode(*name, true);
	if (equals != NULL)
		decode(*value, true);
	return true;
}
