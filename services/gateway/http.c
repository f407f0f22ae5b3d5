#include "http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <microhttpd.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "endpoint.h"
#include "events.h"
#include "header.h"
#include "listen.h"
#include "log.h"
#include "peer.h"
#include "reply.h"
#include "request.h"

#define PAGE_POLICY \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " \
	"connect-src 'self'; media-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; " \
	"object-src 'none'"

enum { IDLE_SECONDS = 15, POOL_BYTES = 32 << 10, STREAM_BLOCK = 4096 };

struct http {
	struct gateway *gateway;
	struct MHD_Daemon *daemon;
	int listen_fd;
	atomic_int active, waiting;
	atomic_bool settling;
	struct peers *peers;
};

/* One request, as the server sees it; in the request's arena. */
struct exchange {
	struct request *request;
	struct peer *peer;
	struct MHD_Connection *connection;
	const char *uri, *end; /* in the server's buffer: the target; where the last header ended */
	size_t uri_len;
	bool is_begun, is_exact;
};

/* ---- waiting --------------------------------------------------------------------- */

static struct http *
http_of(const struct request *r)
{
	return r->gateway->http;
}

/* From any thread. The count goes down last: the server may be stopped only when nothing is put aside. */
static void
wake(struct request *r)
{
	struct http *http = http_of(r);

	MHD_resume_connection(r->connection);
	atomic_fetch_sub(&http->waiting, 1);
}

static void
put_aside(struct request *r)
{
	atomic_fetch_add(&http_of(r)->waiting, 1);
	MHD_suspend_connection(r->connection);
}

static void
pause_stream(void *arg)
{
	put_aside(arg);
}

/* ---- the head ---------------------------------------------------------------------- */

/*
 * The server's parser takes lines that end with LF alone, folded lines, NUL in
 * the middle of a value. None of these is seen in what it hands over, but all
 * of them show in where things stand in its buffer: in a proper head each line
 * begins two bytes (CR LF) behind the end of the one before. Later versions
 * refuse such heads by themselves, and lay out their buffer in another way.
 */
static void
expect_at(struct exchange *x, const char *place)
{
#if MHD_VERSION < 0x00097700
	x->is_exact &= place == x->end + 2;
#else
	(void)x, (void)place;
#endif
}

static enum MHD_Result
on_header(void *arg, enum MHD_ValueKind kind, const char *name, size_t name_len, const char *value,
    size_t value_len)
{
	struct exchange *x = arg;

	(void)kind;
	expect_at(x, name);
	x->end = value + value_len;
	/* The server has read what it needs; from here on the value is ours: guard.h writes into it. */
	request_header(x->request, name, name_len, (char *)(value != NULL ? value : ""), value_len);
	return MHD_YES;
}

static void
read_head(struct exchange *x, const char *method, const char *version)
{
	const union MHD_ConnectionInfo *size = MHD_get_connection_info(
	    x->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	struct request *r = x->request;
	char forwarded[PEER_ADDRESS_SIZE];

	x->is_exact = true;
#if MHD_VERSION < 0x00097700
	x->is_exact = x->uri == method + strlen(method) + 1 && version == x->uri + x->uri_len + 1;
#endif
	x->end = version + strlen(version);
	MHD_get_connection_values_n(x->connection, MHD_HEADER_KIND, on_header, x);
	if (size != NULL)
		expect_at(x, method + size->header_size - 2);
	if (!x->is_exact && r->refusal.detail == NULL)
		r->refusal = (struct refusal){
			400, "lines of the head end with CR LF, are not folded and hold no NUL"};
	r->address = x->peer->address;
	if (r->gateway->proxies > 0 &&
	    forwarded_read(
		r->head.known[KNOWN_FORWARDED_FOR], r->gateway->proxies, forwarded, sizeof(forwarded)))
		r->address = arena_dup(&r->arena, forwarded, strlen(forwarded));
	if (r->address == NULL)
		r->address = "";
}

/* ---- answers ------------------------------------------------------------------------- */

static ssize_t
on_stream(void *arg, uint64_t position, char *out, size_t max)
{
	struct exchange *x = arg;
	bool is_over;
	size_t n;

	(void)position;
	n = stream_take(x->request->answer.stream, out, max, &is_over, pause_stream, x->request);
	return is_over ? MHD_CONTENT_READER_END_OF_STREAM : (ssize_t)n;
}

static struct MHD_Response *
make_response(struct exchange *x)
{
	struct answer *a = &x->request->answer;
	struct MHD_Response *response;

	if (a->stream != NULL) {
		stream_watch(a->stream, x->peer->fd);
		return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, on_stream, x, NULL);
	}
	if (a->is_file) {
		response = MHD_create_response_from_fd_at_offset64(a->len, a->fd, a->offset);
		a->is_file = response == NULL; /* it closes the file */
		return response;
	}
	response = MHD_create_response_from_buffer(a->body != NULL ? a->len : 0, (void *)a->body,
	    a->owns_body ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
	a->owns_body &= response == NULL;
	return response;
}

/*
 * What a browser may do with an answer (CSP 3). Data and files run nothing; pages have
 * scripts, styles, pictures and forms of this site alone, and nothing inline. Only a
 * page that says so shows a file in a frame.
 */
static const char *
policy_of(const struct request *r)
{
	if (r->answer.is_framed)
		return "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'";
	if (!r->answer.is_page)
		return "default-src 'none'; sandbox; frame-ancestors 'none'";
	if (r->endpoint != NULL && r->endpoint->frames)
		return PAGE_POLICY "; frame-src 'self'";
	return PAGE_POLICY;
}

/* On every answer. */
static void
add_headers(struct exchange *x, struct MHD_Response *response)
{
	const struct request *r = x->request;
	const struct answer *a = &r->answer;

	if (a->type != NULL)
		MHD_add_response_header(response, "Content-Type", a->type);
	MHD_add_response_header(response, "X-Request-Id", r->trace);
	MHD_add_response_header(response, "Cache-Control", a->cache != NULL ? a->cache : "no-store");
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	MHD_add_response_header(response, "X-Frame-Options", a->is_framed ? "SAMEORIGIN" : "DENY");
	MHD_add_response_header(response, "Content-Security-Policy", policy_of(r));
	MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
	MHD_add_response_header(response, "Cross-Origin-Resource-Policy", "same-origin");
	if (r->gateway->is_https)
		MHD_add_response_header(response, "Strict-Transport-Security", "max-age=31536000");
	for (int i = 0; i < a->n_headers; i++)
		MHD_add_response_header(response, a->headers[i].name, a->headers[i].value);
	if (a->closes || atomic_load(&r->gateway->draining))
		MHD_add_response_header(response, "Connection", "close");
}

static enum MHD_Result
send_answer(struct exchange *x)
{
	struct MHD_Response *response = make_response(x);
	enum MHD_Result result;

	if (response == NULL)
		return MHD_NO;
	atomic_store(&x->peer->at, PEER_BUSY);
	add_headers(x, response);
	result = MHD_queue_response(x->connection, (unsigned)x->request->answer.status, response);
	MHD_destroy_response(response);
	return result;
}

/* ---- what the server calls -------------------------------------------------------------- */

/* The request line has been read. */
static void *
on_uri(void *arg, const char *uri, struct MHD_Connection *connection)
{
	struct http *http = arg;
	struct peer *peer =
	    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
	struct request *r = peer != NULL ? request_open(http->gateway, uri, &peer->arena) : NULL;
	struct exchange *x = r != NULL ? arena_alloc(&r->arena, sizeof(*x)) : NULL;

	if (x == NULL) {
		if (r != NULL)
			request_close(r);
		return NULL;
	}
	atomic_fetch_add(&http->active, 1);
	x->request = r;
	x->connection = connection;
	x->peer = peer;
	x->uri = uri;
	x->uri_len = uri != NULL ? strlen(uri) : 0;
	r->connection = connection;
	r->wake = wake;
	return x;
}

/* The next step of R after what came: head, data, end, or what it waited for. */
static enum next
step(struct exchange *x, const char *method, const char *version, const char *data, size_t *size)
{
	struct request *r = x->request;
	enum next (*then)(struct request *) = r->then;

	if (then != NULL) {
		r->then = NULL;
		return then(r);
	}
	if (!x->is_begun) {
		x->is_begun = true;
		read_head(x, method, version);
		atomic_store(&x->peer->since_ms, clock_ms());
		atomic_store(&x->peer->bytes, 0);
		atomic_store(&x->peer->at, PEER_BODY);
		return request_begin(r, method, version);
	}
	if (*size > 0) {
		atomic_fetch_add(&x->peer->bytes, *size);
		request_data(r, data, *size);
		*size = 0;
		return NEXT_READ;
	}
	atomic_store(&x->peer->at, PEER_BUSY);
	return request_end(r);
}

static enum MHD_Result
on_request(void *arg, struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *data, size_t *size, void **state)
{
	struct http *http = arg;
	struct exchange *x = *state;
	struct request *r;
	enum next next;

	(void)connection, (void)url;
	if (x == NULL)
		return MHD_NO; /* no memory: the connection ends */
	r = x->request;
	next = step(x, method, version, data, size);
	if (next == NEXT_WAIT && atomic_load(&http->settling)) {
		reply_refuse(r, 503, "this gateway is ending");
		r->answer.closes = true;
		next = NEXT_ANSWER;
	}
	if (next == NEXT_READ)
		return MHD_YES;
	if (next == NEXT_ANSWER)
		return send_answer(x);
	put_aside(r);
	/* Once it has been started the request belongs to whoever wakes it. */
	if (!r->go(r))
		wake(r);
	return MHD_YES;
}

static void
on_completed(void *arg, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode code)
{
	struct http *http = arg;
	struct exchange *x = *state;

	(void)connection, (void)code;
	if (x == NULL)
		return;
	*state = NULL;
	atomic_store(&x->peer->since_ms, clock_ms());
	atomic_store(&x->peer->at, PEER_HEAD);
	if (x->request->answer.stream != NULL)
		stream_close(x->request->answer.stream);
	request_close(x->request);
	atomic_fetch_sub(&http->active, 1);
}

static void
read_address(struct MHD_Connection *connection, char out[PEER_ADDRESS_SIZE])
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
	    connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *address = info != NULL ? info->client_addr : NULL;

	out[0] = '\0';
	if (address != NULL && address->sa_family == AF_INET)
		inet_ntop(AF_INET, &((const struct sockaddr_in *)address)->sin_addr, out, PEER_ADDRESS_SIZE);
	if (address != NULL && address->sa_family == AF_INET6)
		inet_ntop(
		    AF_INET6, &((const struct sockaddr_in6 *)address)->sin6_addr, out, PEER_ADDRESS_SIZE);
	if (strncmp(out, "::ffff:", 7) == 0 && strchr(out, '.') != NULL)
		memmove(out, out + 7, strlen(out + 7) + 1);
}

static void
on_connection(
    void *arg, struct MHD_Connection *connection, void **context, enum MHD_ConnectionNotificationCode code)
{
	struct http *http = arg;
	struct peer *p = *context;

	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		/* Without memory for it, its first request ends it: on_uri(). */
		p = peer_open(http->peers,
		    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd);
		*context = p;
		if (p != NULL)
			read_address(connection, p->address);
	} else if (p != NULL) {
		peer_close(http->peers, p);
	}
}

/* Nothing: the gateway decodes the target itself, from the copy of on_uri(). */
static size_t
on_escape(void *arg, struct MHD_Connection *connection, char *text)
{
	(void)arg, (void)connection;
	return strlen(text);
}

/* ---- start and end ------------------------------------------------------------------------ */

static struct MHD_Daemon *
start_server(struct http *http)
{
	const struct config *config = http->gateway->config;
	unsigned threads = (unsigned)config_int(config, "http_threads");
	/* Behind proxies all connections come from their few addresses. */
	bool is_behind = http->gateway->proxies > 0;
	unsigned per_address = is_behind ? 0 : (unsigned)config_int(config, "http_connections_per_address");
	struct MHD_OptionItem options[] = {
		{MHD_OPTION_LISTEN_SOCKET, http->listen_fd, NULL},
		{MHD_OPTION_CONNECTION_LIMIT, config_int(config, "http_connections"), NULL},
		{MHD_OPTION_PER_IP_CONNECTION_LIMIT, per_address, NULL},
		{MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS, NULL},
		{MHD_OPTION_CONNECTION_MEMORY_LIMIT, POOL_BYTES, NULL},
		{MHD_OPTION_STRICT_FOR_CLIENT, 0, NULL}, /* guard.h is stricter, and says why */
		{MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)on_uri, http},
		{MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)on_escape, http},
		{MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_completed, http},
		{MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_connection, http},
		{threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, threads, NULL},
		{MHD_OPTION_END, 0, NULL},
	};

	return MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
	    on_request, http, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
}

struct http *
http_open(struct gateway *gateway)
{
	struct http *http = calloc(1, sizeof(*http));

	if (http == NULL)
		return NULL;
	http->gateway = gateway;
	gateway->http = http;
	http->listen_fd = listen_on(config_text(gateway->config, "http_listen"));
	http->peers = http->listen_fd >= 0 ? peers_open() : NULL;
	http->daemon = http->peers != NULL ? start_server(http) : NULL;
	if (http->daemon != NULL)
		return http;
	log_error("http: the server does not start");
	peers_close(http->peers);
	if (http->listen_fd >= 0)
		close(http->listen_fd);
	free(http);
	gateway->http = NULL;
	return NULL;
}

void
http_quiesce(struct http *http)
{
	if (http->listen_fd < 0)
		return;
	MHD_quiesce_daemon(http->daemon);
	close(http->listen_fd);
	http->listen_fd = -1;
}

int
http_active(struct http *http)
{
	return atomic_load(&http->active);
}

bool
http_settle(struct http *http, int64_t wait_ms)
{
	int64_t end = clock_ms() + wait_ms;

	atomic_store(&http->settling, true);
	while (atomic_load(&http->waiting) > 0 && clock_ms() < end)
		nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
	return atomic_load(&http->waiting) == 0;
}

void
http_close(struct http *http)
{
	MHD_stop_daemon(http->daemon);
	peers_close(http->peers);
	if (http->listen_fd >= 0)
		close(http->listen_fd);
	free(http);
}
