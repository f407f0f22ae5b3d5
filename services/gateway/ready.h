/*
 * ready.h: may this gateway be sent requests?
 *
 * Ready is a gateway that does not end, whose evidence store takes files, and
 * behind which every service of the book says of itself that it is ready.
 */
#ifndef READY_H
#define READY_H

#include "request.h"

enum { READY_WAIT_MS = 1000 };

struct readiness;

/* Knows the services from rpcs[]. NULL when memory is short. */
struct readiness *readiness_open(void);
void readiness_close(struct readiness *readiness);

/* GET /health/live: this process answers. */
enum next health_live(struct request *r);

/*
 * GET /health/ready: 200, or 503 and a list of what is missing; asks all services at
 * once, for a second at most.
 */
enum next health_ready(struct request *r);

#endif
