#include "origin.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

/* Length of "https://host:port" at the start of URL; 0 when it is not http(s). */
static size_t
origin_length(const char *url)
{
	if (strncasecmp(url, "https://", 8) == 0)
		return 8 + strcspn(url + 8, "/?#");
	return strncasecmp(url, "http://", 7) == 0 ? 7 + strcspn(url + 7, "/?#") : 0;
}

static bool
is_ours(const char *origin, const char *host, const char *public_url)
{
	size_t len = strlen(origin), scheme = strncasecmp(origin, "https://", 8) == 0 ? 8 : 7;

	if (len == 0 || origin_length(origin) != len)
		return false;
	if (public_url != NULL && origin_length(public_url) == len &&
	    strncasecmp(public_url, origin, len) == 0)
		return true;
	return host != NULL && strcasecmp(origin + scheme, host) == 0;
}

enum origin
origin_of(const char *origin, const char *sec_fetch_site, const char *host, const char *public_url)
{
	if (origin != NULL && !is_ours(origin, host, public_url))
		return ORIGIN_FOREIGN;
	if (sec_fetch_site != NULL && strcmp(sec_fetch_site, "same-origin") != 0 &&
	    strcmp(sec_fetch_site, "none") != 0)
		return ORIGIN_FOREIGN;
	return origin != NULL || sec_fetch_site != NULL ? ORIGIN_SAME : ORIGIN_UNSAID;
}
