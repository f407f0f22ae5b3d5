#include "gateway.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "endpoint.h"
#include "events.h"
#include "http.h"
#include "idempotency.h"
#include "language.h"
#include "log.h"
#include "metrics.h"
#include "ready.h"
#include "route.h"
#include "session.h"
#include "store.h"

enum { END_MS = 2000 };

bool
gateway_hold(struct gateway *g, size_t n)
{
	if (atomic_fetch_add(&g->held, n) + n <= g->held_max)
		return true;
	atomic_fetch_sub(&g->held, n);
	return false;
}

void
gateway_release(struct gateway *g, size_t n)
{
	atomic_fetch_sub(&g->held, n);
}

/* Who the gateway is when it asks for itself: a service, for whose sessions and events it has to know. */
static Vouch__Caller *
make_self(void)
{
	static Vouch__Grant grant = VOUCH__GRANT__INIT;
	static Vouch__Grant *grants[] = {&grant};
	static Vouch__Caller self = VOUCH__CALLER__INIT;

	grant.issuer_id = "*";
	grant.role = VOUCH__ROLE__SERVICE;
	self.grants = grants;
	self.n_grants = 1;
	return &self;
}

static double
read_requests(void *gateway)
{
	return http_active(((struct gateway *)gateway)->http);
}

static double
read_streams(void *gateway)
{
	return (double)events_count(((struct gateway *)gateway)->events);
}

static double
read_held(void *gateway)
{
	return (double)atomic_load(&((struct gateway *)gateway)->held);
}

/* Closes what is open; the server has to be closed before. */
static void
close_parts(struct gateway *g)
{
	events_close(g->events);
	if (g->bus != NULL)
		bus_close(g->bus);
	store_close(g->store);
	readiness_close(g->readiness);
	inflight_close(g->inflight);
	sessions_close(g->sessions);
	endpoints_close(g->endpoints);
	routes_close(g->routes);
	languages_close(g->languages);
	free(g);
}

struct gateway *
gateway_open(const struct config *config)
{
	struct gateway *g = calloc(1, sizeof(*g));

	if (g == NULL)
		return NULL;
	g->config = config;
	g->self = make_self();
	g->public_url = config_text(config, "public_url");
	g->is_https = strncmp(g->public_url, "https://", 8) == 0;
	g->proxies = (int)config_int(config, "http_proxies");
	g->held_max = (size_t)config_int(config, "http_memory_mib") << 20;
	g->routes = routes_open();
	g->endpoints = endpoints_open(g->routes);
	g->sessions = sessions_open(config_int(config, "session_cache_ms"));
	g->inflight = inflight_open();
	g->readiness = readiness_open();
	g->languages = languages_open();
	g->store = store_open(config_text(config, "evidence_dir"));
	if (g->endpoints != NULL && g->sessions != NULL && g->inflight != NULL && g->readiness != NULL &&
	    g->languages != NULL && g->store != NULL && (g->bus = bus_open(config)) != NULL &&
	    (g->events = events_open(g)) != NULL && http_open(g) != NULL) {
		metrics_gauge("vouch_http_requests", "Requests that are being answered.", read_requests, g);
		metrics_gauge("vouch_live_streams", "Open streams of live events.", read_streams, g);
		metrics_gauge("vouch_http_held_bytes", "Bytes of request bodies in memory.", read_held, g);
		return g;
	}
	close_parts(g);
	return NULL;
}

bool
gateway_close(struct gateway *g, int64_t drain_ms)
{
	int64_t end = clock_ms() + drain_ms;
	bool is_settled;

	atomic_store(&g->draining, true);
	http_quiesce(g->http);
	events_stop(g->events);
	while (http_active(g->http) > 0 && clock_ms() < end)
		nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
	is_settled = http_settle(g->http, 0);
	if (!is_settled) {
		/* What still waits for a service is answered 503 by the bus that ends. */
		log_warn("requests were still running after %lld ms", (long long)drain_ms);
		events_close(g->events);
		g->events = NULL;
		bus_close(g->bus);
		g->bus = NULL;
		is_settled = http_settle(g->http, END_MS);
	}
	/* The server aborts the process when it is stopped with a request put aside. */
	if (!is_settled) {
		log_error("requests cannot be ended");
		return false;
	}
	http_close(g->http);
	close_parts(g);
	return true;
}
