/*
 * health.h: what monitoring asks of a process, over HTTP: /livez (the process
 * runs), /readyz (it can serve; why not), /metrics (Prometheus). On the setting
 * "health": "unix:/path" or "127.0.0.1:port"; none when it is empty.
 */
#ifndef HEALTH_H
#define HEALTH_H

#include <stdbool.h>
#include <stddef.h>

struct health;

/* READY tells in WHY, up to SIZE bytes, what is missing. NULL after logging; *HEALTH is NULL too when there is nothing to listen on. */
bool health_start(
    struct health **health, const char *listen, bool (*ready)(void *arg, char *why, size_t size), void *arg);
void health_stop(struct health *health);

#endif
