/*
 * link_server.h: a web server for links: /open is there, /login wants to know
 * who asks, /hook runs what a test says, and nothing else is there.
 */
#ifndef LINK_SERVER_H
#define LINK_SERVER_H

#include <arpa/inet.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct {
	int socket, port;
	pthread_t thread;
	void (*hook)(void); /* runs while /hook is being asked for */
} web;

static inline const char *
page(const char *request)
{
	if (strstr(request, " /open") != NULL)
		return "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";
	if (strstr(request, " /login") != NULL)
		return "HTTP/1.1 401 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
	if (strstr(request, " /hook") != NULL) {
		web.hook();
		return "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
	}
	return "HTTP/1.1 404 Gone\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
}

static inline void *
serve(void *arg)
{
	int client;

	(void)arg;
	while ((client = accept(web.socket, NULL, NULL)) >= 0) {
		char request[4096];
		ssize_t n = recv(client, request, sizeof(request) - 1, 0);

		request[n > 0 ? n : 0] = '\0';
		const char *answered = page(request);
		send(client, answered, strlen(answered), MSG_NOSIGNAL);
		close(client);
	}
	return NULL;
}

static inline bool
web_open(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(address);

	web.socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(web.socket, (struct sockaddr *)&address, len) != 0 || listen(web.socket, 8) != 0 ||
	    getsockname(web.socket, (struct sockaddr *)&address, &len) != 0)
		return false;
	web.port = ntohs(address.sin_port);
	return pthread_create(&web.thread, NULL, serve, NULL) == 0;
}

static inline void
web_close(void)
{
	shutdown(web.socket, SHUT_RDWR);
	pthread_join(web.thread, NULL);
	close(web.socket);
}

static inline const char *
url(const char *path)
{
	static char text[4][80];
	static int turn;

	snprintf(text[turn & 3], sizeof(text[0]), "http://127.0.0.1:%d%s", web.port, path);
	return text[turn++ & 3];
}

#endif
