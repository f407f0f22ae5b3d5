/*
 * canary.h: a small server of HTTP on all addresses of this host. It plays the
 * places that links lead to, and counts who comes: a canary for what must not.
 */
#ifndef CANARY_H
#define CANARY_H

#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REQUEST_MAX = 8 << 10, LINE = 512 };

/* A page of the test: paths and answers may name the port of the server as %d. The last one has no path. */
struct page {
	const char *path, *answer; /* the answer up to its end; NULL: none ever comes */
};

/* The server: a thread that answers one connection after the other. A test sets PAGES before it starts. */
static struct {
	const struct page *pages;
	int listener, port;
	pthread_t thread;
	atomic_int requests;
	char last[REQUEST_MAX];
} server;

/* Formats with the port, which each of these texts names at most once. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static inline const char *
with_port(const char *format, char line[LINE])
{
	snprintf(line, LINE, format, server.port);
	return line;
}
#pragma GCC diagnostic pop

/* Reads a request up to its empty line; false when the other end has gone. */
static inline bool
request_read(int fd)
{
	size_t n = 0;

	while (n < sizeof(server.last) - 1) {
		ssize_t got = read(fd, server.last + n, sizeof(server.last) - 1 - n);

		if (got <= 0)
			return false;
		n += (size_t)got;
		server.last[n] = '\0';
		if (strstr(server.last, "\r\n\r\n") != NULL)
			return true;
	}
	return false;
}

static inline void
answer(int fd)
{
	char line[LINE], path[LINE], head[LINE];
	const char *target = strchr(server.last, ' ') + 1;

	for (const struct page *page = server.pages; page->path != NULL; page++) {
		size_t n = strlen(with_port(page->path, path));

		if (strncmp(target, path, n) != 0 || target[n] != ' ')
			continue;
		/* Silent: wait until the asker gives up. */
		if (page->answer == NULL) {
			while (read(fd, line, sizeof(line)) > 0)
				;
			return;
		}
		/* Bodies end with the connection. */
		dprintf(fd, "%s",
		    strchr(page->answer, '%') == NULL ? page->answer : with_port(page->answer, head));
		return;
	}
	if (strncmp(target, "/endless", 8) == 0) {
		dprintf(fd, "HTTP/1.1 200 OK\r\n\r\n");
		memset(line, 'x', sizeof(line));
		while (write(fd, line, sizeof(line)) > 0)
			;
	} else {
		dprintf(fd, "HTTP/1.1 200 OK\r\n\r\ncanary");
	}
}

static inline void *
serve(void *unused)
{
	int fd;

	(void)unused;
	while ((fd = accept(server.listener, NULL, NULL)) >= 0) {
		atomic_fetch_add(&server.requests, 1);
		if (request_read(fd))
			answer(fd);
		shutdown(fd, SHUT_WR);
		close(fd);
	}
	return NULL;
}

/* Listens on every address of this host, of both families: whatever gets here is seen. */
static inline int
server_start(void **state)
{
	struct sockaddr_in6 any = {.sin6_family = AF_INET6};
	socklen_t len = sizeof(any);
	int off = 0;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	server.listener = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(server.listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	if (bind(server.listener, (struct sockaddr *)&any, sizeof(any)) != 0 ||
	    listen(server.listener, 16) != 0 ||
	    getsockname(server.listener, (struct sockaddr *)&any, &len) != 0)
		return 1;
	server.port = ntohs(any.sin6_port);
	return pthread_create(&server.thread, NULL, serve, NULL);
}

static inline int
server_stop(void **state)
{
	(void)state;
	shutdown(server.listener, SHUT_RDWR);
	pthread_join(server.thread, NULL);
	close(server.listener);
	return 0;
}

#endif
