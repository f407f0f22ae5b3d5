#include "name.h"

#include <glib.h>

static bool
turns_text(gunichar c)
{
	return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f ||
	    c == 0x061c;
}

bool
name_is_plain(const char *name)
{
	bool seen = false;

	if (!g_utf8_validate(name, -1, NULL))
		return false;
	for (const char *p = name; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (g_unichar_iscntrl(c) || turns_text(c) || c == 0x2028 || c == 0x2029)
			return false;
		seen = seen || (g_unichar_isgraph(c) && !g_unichar_iszerowidth(c));
	}
	return seen;
}
