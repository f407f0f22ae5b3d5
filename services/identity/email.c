#include "email.h"

#include <glib.h>
#include <string.h>

char *
email_key(struct arena *arena, const char *email)
{
	size_t len;
	char *lower, *normal, *key = NULL;

	email += strspn(email, " \t\r\n");
	len = strlen(email);
	while (len > 0 && strchr(" \t\r\n", email[len - 1]) != NULL)
		len--;
	if (!g_utf8_validate(email, (gssize)len, NULL))
		return NULL;
	lower = g_utf8_strdown(email, (gssize)len);
	normal = g_utf8_normalize(lower, -1, G_NORMALIZE_NFC);
	if (normal != NULL)
		key = arena_dup(arena, normal, strlen(normal));
	g_free(normal);
	g_free(lower);
	return key;
}
