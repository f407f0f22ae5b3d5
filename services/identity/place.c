#include "place.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static void
place_v4(const unsigned char *b, char *out)
{
	if (b[0] != 127)
		snprintf(out, PLACE_SIZE, "%u.%u.%u.0/24", b[0], b[1], b[2]);
}

void
place_of(const char *address, char out[static PLACE_SIZE])
{
	static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	unsigned char b[16];
	char text[INET6_ADDRSTRLEN];

	out[0] = '\0';
	if (inet_pton(AF_INET, address, b) == 1) {
		place_v4(b, out);
	} else if (inet_pton(AF_INET6, address, b) == 1) {
		if (memcmp(b, mapped, sizeof(mapped)) == 0) {
			place_v4(b + 12, out);
			return;
		}
		memset(b + 8, 0, 8);
		inet_ntop(AF_INET6, b, text, sizeof(text));
		if (strcmp(text, "::") != 0) /* ::1 is this host */
			snprintf(out, PLACE_SIZE, "%s/64", text);
	}
}
