#include "metrics.h"

#include <assert.h>
#include <ctype.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "bus.pb-c.h"

enum {
	RPCS_MAX = 512,
	UNKNOWN = RPCS_MAX - 1, /* calls of methods that do not exist */
	STATUSES = 16,
	BUCKETS = 13,
};

static const double bounds[BUCKETS] = {
	0.001,
	0.0025,
	0.005,
	0.01,
	0.025,
	0.05,
	0.1,
	0.25,
	0.5,
	1,
	2.5,
	5,
	10,
};

/* Counters are what a process has of global state: they tell, and nothing is decided by them. */
static struct {
	atomic_ullong status[STATUSES];
	atomic_ullong bucket[BUCKETS + 1];
	atomic_ullong sum_us;
} counts[RPCS_MAX];
static struct {
	const char *name, *help;
	double (*read)(void *);
	void *arg;
} gauges[METRICS_GAUGES_MAX];
static int n_gauges;

void
metrics_call(const struct rpc *rpc, int status, double seconds)
{
	int i = rpc != NULL ? rpc->index : UNKNOWN, b = 0;

	assert(i >= 0 && (i < UNKNOWN || rpc == NULL) && status >= 0 && status < STATUSES);
	seconds = seconds > 0 ? seconds : 0;
	while (b < BUCKETS && seconds > bounds[b])
		b++;
	atomic_fetch_add_explicit(&counts[i].status[status], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&counts[i].bucket[b], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(
	    &counts[i].sum_us, (unsigned long long)(seconds * 1e6), memory_order_relaxed);
}

void
metrics_gauge(const char *name, const char *help, double (*read)(void *), void *arg)
{
	if (n_gauges == METRICS_GAUGES_MAX)
		return;
	gauges[n_gauges].name = name;
	gauges[n_gauges].help = help;
	gauges[n_gauges].read = read;
	gauges[n_gauges++].arg = arg;
}

static void
render_status(FILE *out, const char *rpc, int i)
{
	for (int s = 0; s < STATUSES; s++) {
		unsigned long long n = atomic_load_explicit(&counts[i].status[s], memory_order_relaxed);
		const ProtobufCEnumValue *word = protobuf_c_enum_descriptor_get_value(
		    &vouch__status__descriptor, s);

		if (n == 0 || word == NULL)
			continue;
		fprintf(out, "vouch_calls_total{rpc=\"%s\",status=\"", rpc);
		for (const char *c = word->name; *c != '\0'; c++)
			fputc(tolower((unsigned char)*c), out);
		fprintf(out, "\"} %llu\n", n);
	}
}

/* The count is the sum of the buckets as read: a histogram agrees with itself while calls go on. */
static void
render_time(FILE *out, const char *rpc, int i)
{
	unsigned long long n[BUCKETS + 1], total = 0;
	double sum = (double)atomic_load_explicit(&counts[i].sum_us, memory_order_relaxed) / 1e6;

	for (int b = 0; b <= BUCKETS; b++)
		n[b] = total += atomic_load_explicit(&counts[i].bucket[b], memory_order_relaxed);
	if (total == 0)
		return;
	for (int b = 0; b < BUCKETS; b++)
		fprintf(out, "vouch_call_seconds_bucket{rpc=\"%s\",le=\"%g\"} %llu\n", rpc, bounds[b], n[b]);
	fprintf(out, "vouch_call_seconds_bucket{rpc=\"%s\",le=\"+Inf\"} %llu\n", rpc, total);
	fprintf(out, "vouch_call_seconds_sum{rpc=\"%s\"} %.6f\n", rpc, sum);
	fprintf(out, "vouch_call_seconds_count{rpc=\"%s\"} %llu\n", rpc, total);
}

char *
metrics_render(void)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		return NULL;
	fputs("# HELP vouch_calls_total Finished calls by rpc and status.\n"
	      "# TYPE vouch_calls_total counter\n",
	    out);
	for (int i = 0; rpcs[i] != NULL; i++)
		render_status(out, rpcs[i]->name, i);
	render_status(out, "unknown", UNKNOWN);
	fputs("# HELP vouch_call_seconds How long calls took.\n# TYPE vouch_call_seconds histogram\n", out);
	for (int i = 0; rpcs[i] != NULL; i++)
		render_time(out, rpcs[i]->name, i);
	for (int i = 0; i < n_gauges; i++)
		fprintf(out, "# HELP %s %s\n# TYPE %s gauge\n%s %.17g\n", gauges[i].name, gauges[i].help,
		    gauges[i].name, gauges[i].name, gauges[i].read(gauges[i].arg));
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}
