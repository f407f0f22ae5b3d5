#include "link.h"

#include <assert.h>
#include <ctype.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <curl/curl.h>

#include "arena.h"
#include "link_rule.h"

enum {
	TIMEOUT_MS = 10000,
	CONNECT_MS = 5000,
	HEADERS_MAX = 64 << 10 /* bytes of the headers of one answer */
};

/* One probe: the link, its redirects, and perhaps a second question. */
struct probe {
	struct arena *arena;
	const struct link_config *config;
	struct link_result *result;
	CURL *curl;
	CURLU *url; /* that is asked now */
	struct curl_slist *addresses;
	int64_t deadline_ms;
	char *host, *path, *first_host; /* in the arena */
	int port;
	bool may_be_private; /* the address asked now is one that the installation allows */
	bool was_fenced;     /* a connection to a forbidden address was refused */
	bool is_challenged;
	int hops;
	size_t n_headers, n_body;
	char *body; /* LINK_BYTES_MAX + 1 */
};

static void
curl_start(void)
{
	CURLcode rc = curl_global_init(CURL_GLOBAL_DEFAULT);

	assert(rc == CURLE_OK);
}

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The last fence: curl asks for a socket to the address that it is about to connect to, and to no other. */
static curl_socket_t
on_socket(void *of, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct probe *probe = of;

	if (purpose != CURLSOCKTYPE_IPCXN ||
	    (!probe->may_be_private && !link_address_is_public(&address->addr))) {
		probe->was_fenced = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* Enough is enough: fewer bytes taken than given ends the transfer. */
static size_t
on_body(char *data, size_t one, size_t n, void *of)
{
	struct probe *probe = of;
	size_t room = LINK_BYTES_MAX - probe->n_body, take = n < room ? n : room;

	(void)one;
	memcpy(probe->body + probe->n_body, data, take);
	probe->n_body += take;
	return take;
}

static size_t
on_header(char *line, size_t one, size_t n, void *of)
{
	struct probe *probe = of;

	(void)one;
	probe->n_headers += n;
	/* A place behind Cloudflare that takes us for a robot says so. */
	if (n > 14 && strncasecmp(line, "cf-mitigated:", 13) == 0)
		probe->is_challenged = true;
	return probe->n_headers > HEADERS_MAX ? 0 : n;
}

static bool
is_allowed(const struct probe *probe)
{
	char name[LINK_URL_MAX + 16];

	snprintf(name, sizeof(name), "%s:%d", probe->host, probe->port);
	for (const char *const *at = probe->config->allowed; at != NULL && *at != NULL; at++)
		if (strcasecmp(*at, name) == 0)
			return true;
	return false;
}

static bool
is_port_allowed(const struct probe *probe)
{
	static const uint16_t common[] = {80, 443, 0};
	const uint16_t *at = probe->config->ports == NULL ? common : probe->config->ports;

	while (*at != 0 && *at != probe->port)
		at++;
	return *at != 0;
}

static char *
url_part(const struct probe *probe, CURLUPart part, unsigned flags)
{
	char *value = NULL, *copy;

	if (curl_url_get(probe->url, part, &value, flags) != CURLUE_OK)
		return NULL;
	copy = arena_dup(probe->arena, value, strlen(value));
	curl_free(value);
	return copy;
}

/* Takes the address that is to be asked apart. False: it is not one to ask for, and the result says so. */
static bool
url_check(struct probe *probe)
{
	char *scheme = url_part(probe, CURLUPART_SCHEME, 0),
	     *port = url_part(probe, CURLUPART_PORT, CURLU_DEFAULT_PORT);
	char *path = url_part(probe, CURLUPART_PATH, 0), *query = url_part(probe, CURLUPART_QUERY, 0);
	char *user = url_part(probe, CURLUPART_USER, 0), *password = url_part(probe, CURLUPART_PASSWORD, 0);
	char *host = url_part(probe, CURLUPART_HOST, 0);
	const char *first = probe->first_host == NULL ? "" : probe->first_host;

	if (scheme == NULL || (strcasecmp(scheme, "http") != 0 && strcasecmp(scheme, "https") != 0) ||
	    host == NULL || path == NULL || port == NULL || user != NULL || password != NULL) {
		link_result_set(probe->result, LINK_REFUSED, "not_a_web_address", first);
		return false;
	}
	for (char *c = host; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	probe->host = host;
	probe->path = query == NULL ? path : arena_printf(probe->arena, "%s?%s", path, query);
	probe->port = (int)strtol(port, NULL, 10);
	if (probe->first_host == NULL)
		probe->first_host = host;
	probe->may_be_private = is_allowed(probe);
	if (probe->path == NULL || (!probe->may_be_private && !is_port_allowed(probe))) {
		link_result_set(probe->result, LINK_REFUSED, "port_not_allowed", probe->first_host);
		return false;
	}
	return true;
}

/* All that makes the request anonymous, small and bound to this one address. */
static void
request_prepare(struct probe *probe)
{
	CURL *curl = probe->curl;
	int64_t left = probe->deadline_ms - now_ms();

	curl_easy_reset(curl);
	curl_easy_setopt(curl, CURLOPT_CURLU, probe->url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	/* A name server that is silent must not hold us past the deadline. */
	curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(curl, CURLOPT_HTTP09_ALLOWED, 0L);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "Mozilla/5.0 (compatible; Vouch link check)");
	curl_easy_setopt(curl, CURLOPT_RANGE, "0-65535");
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)(left > 1 ? left : 1));
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	curl_easy_setopt(curl, CURLOPT_RESOLVE, probe->addresses);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, probe);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, probe);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, probe);
	probe->n_headers = probe->n_body = 0;
	probe->was_fenced = probe->is_challenged = false;
}

/* Asks once. False: there was no answer, and the result says why. */
static bool
request_run(struct probe *probe, long *status)
{
	const char *first = probe->first_host;

	request_prepare(probe);
	CURLcode rc = curl_easy_perform(probe->curl);
	probe->body[probe->n_body] = '\0';
	*status = 0;
	curl_easy_getinfo(probe->curl, CURLINFO_RESPONSE_CODE, status);
	probe->result->status = (int)*status;
	/* Our own end of reading, once we have what we want. */
	bool is_enough = rc == CURLE_WRITE_ERROR && probe->n_body == LINK_BYTES_MAX;
	if (rc == CURLE_OK || is_enough || (rc == CURLE_PARTIAL_FILE && *status != 0))
		return true;
	if (probe->was_fenced)
		link_result_set(probe->result, LINK_REFUSED, "private_address", first);
	else if (rc == CURLE_PEER_FAILED_VERIFICATION)
		link_result_set(probe->result, LINK_UNKNOWN, "bad_certificate", first);
	else if (rc == CURLE_OPERATION_TIMEDOUT)
		link_result_set(probe->result, LINK_UNKNOWN, "too_slow", first);
	else
		link_result_set(probe->result, LINK_UNKNOWN, "not_reached", first);
	return false;
}

static void
answer_fill(const struct probe *probe, long status, struct link_answer *answer)
{
	*answer = (struct link_answer){.host = probe->host,
		.path = probe->path,
		.first_host = probe->first_host,
		.hops = probe->hops,
		.status = (int)status,
		.body = probe->body,
		.n_body = probe->n_body,
		.is_challenged = probe->is_challenged};
}

/* Some places show the same page for every video: a second question to the same place tells. */
static void
second_question(struct probe *probe, const struct link_answer *page)
{
	const char *path = link_second_question(page);
	char *whole = path == NULL ? NULL : url_part(probe, CURLUPART_URL, 0);
	char *escaped = whole == NULL ? NULL : curl_easy_escape(probe->curl, whole, 0);
	struct link_answer answer;
	long status;

	if (escaped == NULL)
		return;
	char *query = arena_printf(probe->arena, "%s%s", strchr(path, '?') + 1, escaped);
	curl_free(escaped);
	if (query == NULL || curl_url_set(probe->url, CURLUPART_PATH, "/oembed", 0) != CURLUE_OK ||
	    curl_url_set(probe->url, CURLUPART_QUERY, query, 0) != CURLUE_OK || !url_check(probe) ||
	    !request_run(probe, &status))
		return;
	answer_fill(probe, status, &answer);
	/* A bad address of a video is 400 there. */
	if (status == 400)
		link_result_set(probe->result, LINK_MISSING, "not_found", probe->first_host);
	else
		link_answer_judge(&answer, probe->result);
}

/* Goes on to where the answer points. False: there is no further to go, and the result says why. */
static bool
redirect_follow(struct probe *probe)
{
	char *target = NULL;

	curl_easy_getinfo(probe->curl, CURLINFO_REDIRECT_URL, &target);
	if (target == NULL || probe->hops == LINK_REDIRECTS_MAX) {
		link_result_set(probe->result, LINK_UNKNOWN, "too_many_redirects", probe->first_host);
		return false;
	}
	probe->hops++;
	if (strlen(target) > LINK_URL_MAX ||
	    curl_url_set(probe->url, CURLUPART_URL, target, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
		link_result_set(probe->result, LINK_REFUSED, "not_a_web_address", probe->first_host);
		return false;
	}
	if (!url_check(probe))
		return false;
	/* Where one signs in, nothing is to be learned: it is not asked. */
	if (link_is_login(probe->host, probe->path)) {
		link_result_set(probe->result, LINK_CLOSED, "asks_login", probe->first_host);
		return false;
	}
	return true;
}

static void
probe_run(struct probe *probe)
{
	struct link_answer answer;
	long status;

	while (request_run(probe, &status)) {
		if (status == 301 || status == 302 || status == 303 || status == 307 || status == 308) {
			if (!redirect_follow(probe))
				return;
			continue;
		}
		answer_fill(probe, status, &answer);
		link_answer_judge(&answer, probe->result);
		if (probe->result->state == LINK_OPEN)
			second_question(probe, &answer);
		return;
	}
}

/* An address is printable ASCII or UTF-8 without spaces; what hides in it is not passed on. */
static bool
url_is_clean(const char *url)
{
	size_t n = strnlen(url, LINK_URL_MAX + 1);

	for (size_t i = 0; i < n; i++)
		if ((unsigned char)url[i] <= ' ' || url[i] == '\\' || url[i] == 0x7f)
			return false;
	return n > 0 && n <= LINK_URL_MAX;
}

void
link_probe(struct arena *arena, const char *url, const struct link_config *config, struct link_result *result)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct probe probe = {.arena = arena,
		.config = config,
		.result = result,
		.body = arena_alloc(arena, LINK_BYTES_MAX + 1),
		.deadline_ms = now_ms() + (config->timeout_ms > 0 ? config->timeout_ms : TIMEOUT_MS)};

	pthread_once(&once, curl_start);
	*result = (struct link_result){0};
	link_result_set(result, LINK_UNKNOWN, "not_reached", "");
	probe.curl = curl_easy_init();
	probe.url = curl_url();
	for (const char *const *at = config->addresses; at != NULL && *at != NULL; at++)
		probe.addresses = curl_slist_append(probe.addresses, *at);
	if (probe.body != NULL && probe.curl != NULL && probe.url != NULL) {
		if (!url_is_clean(url) ||
		    curl_url_set(probe.url, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
			link_result_set(result, LINK_REFUSED, "not_a_web_address", "");
		else if (url_check(&probe))
			probe_run(&probe);
	}
	curl_slist_free_all(probe.addresses);
	curl_url_cleanup(probe.url);
	curl_easy_cleanup(probe.curl);
}
