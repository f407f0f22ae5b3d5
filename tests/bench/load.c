/*
 * load.c: a client of the HTTP API that costs little, to measure the other end.
 *
 *	load PORT KIND CLIENTS SECONDS COUNT DRAFTS [TEXT]
 *
 * CLIENTS connections to 127.0.0.1:PORT, each with one request under way, in one
 * thread. KIND says what is asked of the submissions that the file DRAFTS names,
 * one a line: "issuer~uuid session-token".
 *
 *	submit		each draft once, by whoever is free
 *	autosave	each client saves its own drafts in turn: the file TEXT into
 *			the part "overview", from the version of the answer before
 *	read		any submission, in turn
 *	path		GET of what stands in the line instead of the submission
 *
 * Ends after COUNT answers or SECONDS. Prints one line of JSON: answers, those
 * that were not 200, seconds, and the latency's p50 and p99 in microseconds.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	CLIENTS_MAX = 512,
	DRAFTS_MAX = 200000,
	TIMES_MAX = 1 << 20,
	IN_BYTES = 1 << 20,
	HEAD_BYTES = 1024,
	WAIT_MS = 10000
};

enum kind { SUBMIT, AUTOSAVE, READ, PATH };

struct draft {
	char *what, *token;
	long version; /* of the part, as the last answer told it */
};

struct client {
	int fd;
	struct draft *draft;
	int turn;
	int64_t sent_us;
	char *out, *in;
	size_t out_len, out_at, in_len;
};

struct load {
	enum kind kind;
	int port, n_clients, n_drafts, next;
	int64_t end_us;
	long count, asked, answers, errors;
	struct draft *drafts;
	struct client clients[CLIENTS_MAX];
	char *body; /* of an autosave: JSON */
	size_t body_len;
	uint32_t *times;
	char run[32]; /* makes the keys of this run its own */
	char first_error[256];
	int poll;
};

static _Noreturn void
die(const char *what)
{
	fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void *
room(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (p == NULL)
		die("memory");
	return p;
}

/* ---- what is asked ------------------------------------------------------------ */

static void
read_drafts(struct load *l, const char *file)
{
	FILE *f = fopen(file, "r");
	char what[512], token[128];

	if (f == NULL)
		die(file);
	l->drafts = room(DRAFTS_MAX, sizeof(*l->drafts));
	while (l->n_drafts < DRAFTS_MAX && fscanf(f, "%511s %127s", what, token) == 2) {
		struct draft *d = &l->drafts[l->n_drafts++];

		d->what = strdup(what);
		d->token = strdup(token);
		d->version = 1;
	}
	fclose(f);
	if (l->n_drafts == 0)
		die("no drafts");
}

/* The file holds words and spaces, nothing that JSON escapes. */
static void
read_text(struct load *l, const char *file)
{
	FILE *f = fopen(file, "r");
	char text[65536];
	size_t n;

	if (f == NULL)
		die(file);
	n = fread(text, 1, sizeof(text), f);
	fclose(f);
	l->body = room(n + 64, 1);
	l->body_len = (size_t)snprintf(l->body, n + 64, "{\"text\":\"%.*s\"}", (int)n, text);
}

/* The next draft for client C; NULL: there is no more to ask. */
static struct draft *
choose(struct load *l, int c)
{
	struct client *client = &l->clients[c];

	if (l->asked >= l->count || now_us() >= l->end_us)
		return NULL;
	if (l->kind == AUTOSAVE) {
		int own = (l->n_drafts - c + l->n_clients - 1) / l->n_clients;

		return own <= 0 ? NULL : &l->drafts[c + client->turn++ % own * l->n_clients];
	}
	if (l->kind == SUBMIT && l->next == l->n_drafts)
		return NULL;
	return &l->drafts[l->next++ % l->n_drafts];
}

static void
compose(struct load *l, struct client *c)
{
	const char *what = c->draft->what;
	char line[640], more[160] = "";

	switch (l->kind) {
	case SUBMIT:
		snprintf(line, sizeof(line), "POST /api/v1/submissions/%s/submit", what);
		snprintf(
		    more, sizeof(more), "Idempotency-Key: %s-%ld\r\nContent-Length: 0\r\n", l->run, l->asked);
		break;
	case AUTOSAVE:
		snprintf(line, sizeof(line), "PUT /api/v1/submissions/%s/parts/overview", what);
		snprintf(more, sizeof(more),
		    "If-Match: \"%ld\"\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n",
		    c->draft->version, l->body_len);
		break;
	case READ:
		snprintf(line, sizeof(line), "GET /api/v1/submissions/%s", what);
		break;
	case PATH:
		snprintf(line, sizeof(line), "GET %s", what);
		break;
	}
	c->out_len = (size_t)snprintf(c->out, HEAD_BYTES,
	    "%s HTTP/1.1\r\n%sHost: 127.0.0.1:%d\r\n"
	    "Origin: http://127.0.0.1:%d\r\nCookie: vouch_session=%s\r\n\r\n",
	    line, more, l->port, l->port, c->draft->token);
	c->out_at = 0;
	if (l->kind == AUTOSAVE) {
		memcpy(c->out + c->out_len, l->body, l->body_len);
		c->out_len += l->body_len;
	}
}

/* ---- sockets ------------------------------------------------------------------ */

static int
dial(int port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
		die("connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

static void
push(struct client *c)
{
	while (c->out_at < c->out_len) {
		ssize_t n = write(c->fd, c->out + c->out_at, c->out_len - c->out_at);

		if (n < 0 && errno == EAGAIN)
			return;
		if (n < 0)
			die("write");
		c->out_at += (size_t)n;
	}
}

/* The value of a header in the head that ends at END; NULL: it has none. */
static const char *
header(const char *head, const char *end, const char *name)
{
	size_t len = strlen(name);

	for (const char *line = head; line != NULL && line < end; line = strstr(line, "\r\n")) {
		line += line != head ? 2 : 0;
		if (strncasecmp(line, name, len) == 0 && line[len] == ':')
			return line + len + 1 + strspn(line + len + 1, " ");
	}
	return NULL;
}

static bool
ask(struct load *l, int c)
{
	struct client *client = &l->clients[c];

	client->draft = choose(l, c);
	if (client->draft == NULL)
		return false;
	compose(l, client);
	l->asked++;
	client->in_len = 0;
	client->sent_us = now_us();
	push(client);
	return true;
}

static void
note(struct load *l, struct client *c, int status, const char *end)
{
	const char *etag = header(c->in, end, "ETag");
	int64_t took = now_us() - c->sent_us;

	if (l->answers < TIMES_MAX)
		l->times[l->answers] = (uint32_t)took;
	l->answers++;
	if (status != 200) {
		if (l->errors++ == 0)
			snprintf(l->first_error, sizeof(l->first_error), "%.250s", end + 4);
		return;
	}
	if (etag != NULL && *etag == '"')
		c->draft->version = strtol(etag + 1, NULL, 10);
}

/* Takes what has come. True: the answer is complete. */
static bool
pull(struct load *l, struct client *c)
{
	const char *end, *length;
	ssize_t n = read(c->fd, c->in + c->in_len, IN_BYTES - 1 - c->in_len);

	if (n < 0 && errno == EAGAIN)
		return false;
	if (n <= 0)
		die("the server closed a connection");
	c->in_len += (size_t)n;
	c->in[c->in_len] = '\0';
	end = strstr(c->in, "\r\n\r\n");
	if (end == NULL)
		return false;
	length = header(c->in, end, "Content-Length");
	if (length == NULL)
		die("an answer without Content-Length");
	if (c->in_len < (size_t)(end + 4 - c->in) + strtoul(length, NULL, 10))
		return false;
	note(l, c, atoi(c->in + 9), end);
	return true;
}

static void
run(struct load *l)
{
	struct epoll_event events[CLIENTS_MAX];
	int open = 0;

	for (int i = 0; i < l->n_clients; i++)
		open += ask(l, i);
	while (open > 0) {
		int n = epoll_wait(l->poll, events, CLIENTS_MAX, WAIT_MS);

		if (n <= 0)
			die("no answer");
		for (int i = 0; i < n; i++) {
			struct client *c = &l->clients[events[i].data.u32];

			if (c->out_at < c->out_len)
				push(c);
			if ((events[i].events & (EPOLLIN | EPOLLHUP)) != 0 && pull(l, c) &&
			    !ask(l, (int)events[i].data.u32))
				open--;
		}
	}
}

/* ---- what it tells ------------------------------------------------------------- */

static int
by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void
report(struct load *l, int64_t took_us)
{
	size_t n = l->answers < TIMES_MAX ? (size_t)l->answers : TIMES_MAX;

	qsort(l->times, n, sizeof(*l->times), by_value);
	for (char *c = l->first_error; *c != '\0'; c++)
		if (*c == '"' || *c == '\\' || (unsigned char)*c < 0x20)
			*c = '\'';
	printf("{\"ops\": %ld, \"errors\": %ld, \"seconds\": %.4f, \"p50_us\": %" PRIu32
	       ", \"p99_us\": %" PRIu32 ", \"error\": \"%s\"}\n",
	    l->answers, l->errors, (double)took_us / 1e6, n > 0 ? l->times[n / 2] : 0,
	    n > 0 ? l->times[n * 99 / 100] : 0, l->first_error);
}

static enum kind
kind_of(const char *word)
{
	static const char *const words[] = {
		[SUBMIT] = "submit", [AUTOSAVE] = "autosave", [READ] = "read", [PATH] = "path"};

	for (int k = SUBMIT; k <= PATH; k++)
		if (strcmp(words[k], word) == 0)
			return (enum kind)k;
	errno = EINVAL;
	die(word);
}

int
main(int argc, char **argv)
{
	static struct load l;
	int64_t began;

	if (argc < 7) {
		fprintf(stderr, "usage: load PORT KIND CLIENTS SECONDS COUNT DRAFTS [TEXT]\n");
		return 2;
	}
	l.port = atoi(argv[1]);
	l.kind = kind_of(argv[2]);
	l.n_clients = atoi(argv[3]) < CLIENTS_MAX ? atoi(argv[3]) : CLIENTS_MAX;
	l.count = atol(argv[5]);
	read_drafts(&l, argv[6]);
	if (argc > 7)
		read_text(&l, argv[7]);
	l.times = room(TIMES_MAX, sizeof(*l.times));
	l.poll = epoll_create1(EPOLL_CLOEXEC);
	snprintf(l.run, sizeof(l.run), "b%" PRIx64, (uint64_t)now_us());
	for (int i = 0; i < l.n_clients; i++) {
		struct client *c = &l.clients[i];
		struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.u32 = (uint32_t)i};

		c->fd = dial(l.port);
		c->in = room(IN_BYTES, 1);
		c->out = room(HEAD_BYTES + l.body_len, 1);
		if (epoll_ctl(l.poll, EPOLL_CTL_ADD, c->fd, &event) != 0)
			die("epoll");
	}
	began = now_us();
	l.end_us = began + (int64_t)(atof(argv[4]) * 1e6);
	run(&l);
	report(&l, now_us() - began);
	return 0;
}
