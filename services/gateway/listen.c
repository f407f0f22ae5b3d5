#include "listen.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "log.h"

enum { BACKLOG = 1024 };

static int
fails(const char *where, const char *why, int fd)
{
	log_error("http: cannot listen on %s: %s", where, why);
	if (fd >= 0)
		close(fd);
	return -1;
}

static int
listen_local(const char *where)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd;

	if (strlen(where + 5) >= sizeof(address.sun_path))
		return fails(where, "the path is too long", -1);
	memcpy(address.sun_path, where + 5, strlen(where + 5) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	unlink(address.sun_path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 || listen(fd, BACKLOG) != 0)
		return fails(where, strerror(errno), fd);
	return fd;
}

int
listen_on(const char *where)
{
	struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV}, *found;
	const char *colon = strrchr(where, ':'), *start = where;
	char host[100];
	size_t len = colon != NULL ? (size_t)(colon - where) : 0;
	int fd, one = 1, code;

	if (strncmp(where, "unix:", 5) == 0)
		return listen_local(where);
	if (len > 2 && where[0] == '[' && colon[-1] == ']') {
		start++;
		len -= 2;
	}
	if (len == 0 || len >= sizeof(host))
		return fails(where, "it must be an address and a port", -1);
	snprintf(host, sizeof(host), "%.*s", (int)len, start);
	hints.ai_socktype = SOCK_STREAM;
	code = getaddrinfo(host, colon + 1, &hints, &found);
	if (code != 0)
		return fails(where, gai_strerror(code), -1);
	fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0) {
		freeaddrinfo(found);
		return fails(where, strerror(errno), fd);
	}
	freeaddrinfo(found);
	return fd;
}
