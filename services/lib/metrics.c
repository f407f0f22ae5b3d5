#include "metrics.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "bus.pb-c.h"

enum { RPCS_MAX = 512, STATUSES = 16, BUCKETS = 10 };

static const double bounds[BUCKETS] = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5};

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
	int i = rpc != NULL ? rpc->index : RPCS_MAX - 1, b = 0;

	while (b < BUCKETS && seconds > bounds[b])
		b++;
	atomic_fetch_add_explicit(&counts[i].status[status & (STATUSES - 1)], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&counts[i].bucket[b], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&counts[i].sum_us, (unsigned long long)(seconds * 1e6), memory_order_relaxed);
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
render_statuses(FILE *out)
{
	fputs("# HELP vouch_calls_total Finished calls by rpc and status.\n# TYPE vouch_calls_total counter\n", out);
	for (int i = 0; rpcs[i] != NULL; i++)
		for (int s = 0; s < STATUSES; s++) {
			unsigned long long n = atomic_load(&counts[i].status[s]);
			const ProtobufCEnumValue *word = protobuf_c_enum_descriptor_get_value(&vouch__status__descriptor, s);

			if (n > 0 && word != NULL)
				fprintf(out, "vouch_calls_total{rpc=\"%s\",status=\"%s\"} %llu\n", rpcs[i]->name, word->name, n);
		}
}

static void
render_times(FILE *out)
{
	fputs("# HELP vouch_call_seconds How long calls took.\n# TYPE vouch_call_seconds histogram\n", out);
	for (int i = 0; rpcs[i] != NULL; i++) {
		unsigned long long total = 0;

		for (int b = 0; b <= BUCKETS; b++)
			total += atomic_load(&counts[i].bucket[b]);
		if (total == 0)
			continue;
		total = 0;
		for (int b = 0; b < BUCKETS; b++) {
			total += atomic_load(&counts[i].bucket[b]);
			fprintf(out, "vouch_call_seconds_bucket{rpc=\"%s\",le=\"%g\"} %llu\n", rpcs[i]->name, bounds[b], total);
		}
		total += atomic_load(&counts[i].bucket[BUCKETS]);
		fprintf(out, "vouch_call_seconds_bucket{rpc=\"%s\",le=\"+Inf\"} %llu\n", rpcs[i]->name, total);
		fprintf(out, "vouch_call_seconds_sum{rpc=\"%s\"} %g\n", rpcs[i]->name, (double)atomic_load(&counts[i].sum_us) / 1e6);
		fprintf(out, "vouch_call_seconds_count{rpc=\"%s\"} %llu\n", rpcs[i]->name, total);
	}
}

char *
metrics_render(void)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		return NULL;
	render_statuses(out);
	render_times(out);
	for (int i = 0; i < n_gauges; i++)
		fprintf(out, "# HELP %s %s\n# TYPE %s gauge\n%s %g\n", gauges[i].name, gauges[i].help, gauges[i].name,
		    gauges[i].name, gauges[i].read(gauges[i].arg));
	fclose(out);
	return text;
}
