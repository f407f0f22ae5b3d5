/*
 * place.h: networks, as limits and the record of a session know them.
 */
#ifndef PLACE_H
#define PLACE_H

enum { PLACE_SIZE = 64 };

/*
 * Writes the network of the IP ADDRESS: "203.0.113.0/24", "2001:db8:1:2::/64";
 * an IPv4 address inside IPv6 counts as IPv4. Empty for what is not an address,
 * and for this host's own: whoever stands behind that cannot be told apart.
 */
void place_of(const char *address, char out[static PLACE_SIZE]);

#endif
