#include "line.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

static bool
is_blank(gunichar c)
{
	return g_unichar_iscntrl(c) || g_unichar_isspace(c) || c == 0x2028 || c == 0x2029 ||
	    (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f ||
	    c == 0x061c;
}

char *
line_clean(struct arena *arena, const char *text, size_t max)
{
	static const char more[] = "…";
	size_t len = strlen(text), n = 0;
	char *out = arena_alloc(arena, len + sizeof(more)), *p = out;
	const char *s = text, *end = text + len;
	bool blank = false;

	while (out != NULL && s < end) {
		gunichar c = g_utf8_get_char_validated(s, end - s);
		size_t size = c == (gunichar)-1 || c == (gunichar)-2 ? 1 : (size_t)(g_utf8_next_char(s) - s);

		if (size == 1 && (unsigned char)*s >= 0x80)
			c = ' '; /* no character begins here */
		s += size;
		if (is_blank(c)) {
			blank = true;
			continue;
		}
		if (n + (blank && n > 0) >= max) {
			memcpy(p, more, sizeof(more) - 1);
			p += sizeof(more) - 1;
			break;
		}
		if (blank && n > 0) {
			*p++ = ' ';
			n++;
		}
		blank = false;
		memcpy(p, s - size, size);
		p += size;
		n++;
	}
	if (out != NULL)
		*p = '\0';
	return out;
}
