#include "health.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "log.h"
#include "metrics.h"

struct health {
	struct MHD_Daemon *daemon;
	bool (*ready)(void *arg, char *why, size_t size);
	void *arg;
};

static enum MHD_Result
respond(struct MHD_Connection *connection, unsigned status, char *text, enum MHD_ResponseMemoryMode mode)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(strlen(text), text, mode);
	enum MHD_Result result;

	if (r == NULL)
		return MHD_NO;
	MHD_add_response_header(r, "Content-Type", "text/plain; version=0.0.4; charset=utf-8");
	result = MHD_queue_response(connection, status, r);
	MHD_destroy_response(r);
	return result;
}

static enum MHD_Result
answer(void *arg, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
    const char *data, size_t *size, void **state)
{
	struct health *h = arg;
	char why[300];

	(void)version, (void)data, (void)state;
	if (*size > 0 || strcmp(method, "GET") != 0)
		return MHD_NO;
	if (strcmp(url, "/livez") == 0)
		return respond(connection, 200, "alive\n", MHD_RESPMEM_PERSISTENT);
	if (strcmp(url, "/readyz") == 0) {
		if (h->ready(h->arg, why, sizeof(why)))
			return respond(connection, 200, "ready\n", MHD_RESPMEM_PERSISTENT);
		return respond(connection, 503, why, MHD_RESPMEM_MUST_COPY);
	}
	if (strcmp(url, "/metrics") == 0) {
		char *text = metrics_render();

		return text == NULL ? MHD_NO : respond(connection, 200, text, MHD_RESPMEM_MUST_FREE);
	}
	return respond(connection, 404, "there is /livez, /readyz, /metrics\n", MHD_RESPMEM_PERSISTENT);
}

static int
listen_on(const char *where)
{
	struct sockaddr_un local = {.sun_family = AF_UNIX};
	struct sockaddr_in net = {.sin_family = AF_INET};
	const char *colon = strrchr(where, ':');
	char host[64];
	int one = 1, fd;

	if (strncmp(where, "unix:", 5) == 0) {
		snprintf(local.sun_path, sizeof(local.sun_path), "%s", where + 5);
		unlink(local.sun_path);
		fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (bind(fd, (struct sockaddr *)&local, sizeof(local)) == 0 && listen(fd, 16) == 0)
			return fd;
		close(fd);
		return -1;
	}
	if (colon == NULL || (size_t)(colon - where) >= sizeof(host))
		return -1;
	snprintf(host, sizeof(host), "%.*s", (int)(colon - where), where);
	net.sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10));
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (inet_pton(AF_INET, host, &net.sin_addr) == 1 &&
	    bind(fd, (struct sockaddr *)&net, sizeof(net)) == 0 && listen(fd, 16) == 0)
		return fd;
	close(fd);
	return -1;
}

bool
health_start(struct health **health, const char *where, bool (*ready)(void *, char *, size_t), void *arg)
{
	struct health *h;
	int fd;

	*health = NULL;
	if (where[0] == '\0')
		return true;
	fd = listen_on(where);
	if (fd < 0) {
		log_error("health: cannot listen on %s: %s", where, strerror(errno));
		return false;
	}
	h = calloc(1, sizeof(*h));
	if (h == NULL) {
		close(fd);
		return false;
	}
	h->ready = ready;
	h->arg = arg;
	h->daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, answer, h,
	    MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT, 16u, MHD_OPTION_CONNECTION_TIMEOUT, 5u,
	    MHD_OPTION_END);
	if (h->daemon == NULL) {
		close(fd);
		free(h);
		return false;
	}
	*health = h;
	return true;
}

void
health_stop(struct health *h)
{
	if (h == NULL)
		return;
	MHD_stop_daemon(h->daemon);
	free(h);
}
