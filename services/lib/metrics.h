/*
 * metrics.h: what a process counts, in Prometheus' text format (0.0.4).
 */
#ifndef METRICS_H
#define METRICS_H

#include "rpc.h"

enum { METRICS_GAUGES_MAX = 32 };

/* One finished call: RPC (NULL: an unknown method), its enum Status, how long it took. From any thread. */
void metrics_call(const struct rpc *rpc, int status, double seconds);

/*
 * Names a gauge that is read when somebody looks; NAME and HELP are constants. At
 * start, before threads; past METRICS_GAUGES_MAX none is taken.
 */
void metrics_gauge(const char *name, const char *help, double (*read)(void *arg), void *arg);

/* All of it as text; the caller frees it. NULL when memory is short. */
char *metrics_render(void);

#endif
