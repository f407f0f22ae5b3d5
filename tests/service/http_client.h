/*
 * http_client.h: a gateway of its own for a test program, and a client that
 * sends it any bytes. The gateway listens on a unix socket and has no services
 * behind it.
 */
#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { WAIT_SECONDS = 20, ANSWER_SIZE = 256 << 10 };

/* A second request that must not run: its answer would say {"live":true}. */
#define SMUGGLED "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n"
#define POST "POST /api/v1/accounts HTTP/1.1\r\n"
#define JSON "Content-Type: application/json\r\n"

static char folder[] = "/tmp/vouch-http-XXXXXX";
static pid_t gateway;

/* ---- a client of bytes ------------------------------------------------------------- */

static inline int
dial(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct timeval wait = {.tv_sec = WAIT_SECONDS};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/http.sock", folder);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	close(fd);
	return -1;
}

static inline void
say(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);

		if (n <= 0)
			return; /* it has closed already: the answer tells why */
		bytes += n;
		len -= (size_t)n;
	}
}

/* Reads until the other side closes; false: it did not within WAIT_SECONDS. */
static inline bool
hear_all(int fd, char *out)
{
	size_t n = 0;
	ssize_t got = 0;

	while (n + 1 < ANSWER_SIZE && (got = recv(fd, out + n, ANSWER_SIZE - 1 - n, 0)) > 0)
		n += (size_t)got;
	out[n] = '\0';
	return got == 0 || errno == ECONNRESET;
}

/*
 * Reads one answer by its Content-Length (HEAD: without its body). Returns its status,
 * 0 when there is none.
 */
static inline int
hear_one(int fd, char *out, bool is_head)
{
	size_t n = 0, need = 0;
	char *end = NULL, *length;

	out[0] = '\0';
	while (end == NULL || n < need) {
		/* Byte by byte up to the end of the head, so that the next answer stays where it is. */
		ssize_t got = recv(fd, out + n, end == NULL ? 1 : need - n, 0);

		if (got <= 0 || n + 2 > ANSWER_SIZE)
			return 0;
		n += (size_t)got;
		out[n] = '\0';
		if (end != NULL || n < 4 || strcmp(out + n - 4, "\r\n\r\n") != 0)
			continue;
		end = out + n;
		length = strcasestr(out, "\r\nContent-Length:");
		need = n + (length != NULL && !is_head ? strtoul(length + 17, NULL, 10) : 0);
	}
	return atoi(out + 9);
}

static inline int
count(const char *text, const char *what)
{
	int n = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		n++;
	return n;
}

/* ---- start and end ----------------------------------------------------------------------------- */

static inline pid_t
start_gateway(void)
{
	const char *bin = getenv("VOUCH_TEST_BIN");
	char program[500], listen[200], evidence[200];
	pid_t pid;

	snprintf(program, sizeof(program), "%s/vouch-gateway", bin != NULL ? bin : "bin");
	snprintf(listen, sizeof(listen), "unix:%s/http.sock", folder);
	snprintf(evidence, sizeof(evidence), "%s/evidence", folder);
	pid = fork();
	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setenv("VOUCH_HTTP_LISTEN", listen, 1);
	setenv("VOUCH_EVIDENCE_DIR", evidence, 1);
	setenv("VOUCH_LOG_LEVEL", "error", 1);
	setenv("VOUCH_HTTP_THREADS", "2", 1);
	execl(program, program, (char *)NULL);
	_exit(127);
}

static inline int
end_gateway(pid_t pid)
{
	int status = 0;

	if (pid <= 0)
		return 0; /* it was never started */
	kill(pid, SIGTERM);
	waitpid(pid, &status, 0);
	return status;
}

static inline int
await_gateway(void)
{
	for (int i = 0; i < 2000; i++) {
		int fd = dial(), status;

		if (fd >= 0) {
			close(fd);
			return 0;
		}
		if (waitpid(gateway, &status, WNOHANG) == gateway)
			return -1;
		usleep(10000);
	}
	return -1;
}

static inline int
open_all(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	gateway = start_gateway();
	return await_gateway();
}

static inline int
close_all(void **state)
{
	char command[300];
	int status = end_gateway(gateway);

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	return system(command) != 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

#endif
