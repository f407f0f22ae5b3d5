/* link_address.c: which addresses are of the open internet. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "link.h"

struct network {
	uint32_t address;
	int bits;
};

static bool
is_public_4(uint32_t address)
{
	/* IANA IPv4 Special-Purpose Address Registry; the last two are addresses where clouds tell secrets.
	 */
	static const struct network refused[] = {
		{0x00000000, 8},
		{0x0a000000, 8},
		{0x64400000, 10},
		{0x7f000000, 8},
		{0xa9fe0000, 16},
		{0xac100000, 12},
		{0xc0000000, 24},
		{0xc0000200, 24},
		{0xc0586300, 24},
		{0xc0a80000, 16},
		{0xc6120000, 15},
		{0xc6336400, 24},
		{0xcb007100, 24},
		{0xe0000000, 4},
		{0xf0000000, 4},
		{0xa83f8110, 32},
		{0x646464c8, 32},
	};

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if ((address ^ refused[i].address) >> (32 - refused[i].bits) == 0)
			return false;
	return true;
}

/*
 * Only global unicast, 2000::/3, and of that not what carries IPv4 addresses
 * (2001::/23 with Teredo, 2002::/16) nor documentation (2001:db8::/32, 3fff::/20).
 */
static bool
is_public_6(const uint8_t *a)
{
	if ((a[0] & 0xe0) != 0x20)
		return false;
	if (a[0] == 0x20 && a[1] == 0x01 && (a[2] < 2 || (a[2] == 0x0d && a[3] == 0xb8)))
		return false;
	if (a[0] == 0x20 && a[1] == 0x02)
		return false;
	return !(a[0] == 0x3f && a[1] == 0xff && a[2] < 0x10);
}

bool
link_address_is_public(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, address, sizeof(in));
		return is_public_4(ntohl(in.sin_addr.s_addr));
	}
	if (address->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;

		memcpy(&in6, address, sizeof(in6));
		return is_public_6(in6.sin6_addr.s6_addr);
	}
	return false;
}
