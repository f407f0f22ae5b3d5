/*
 * listen.h: a listening socket from a setting.
 */
#ifndef LISTEN_H
#define LISTEN_H

/* Listens on "host:port", "[v6]:port" or "unix:/path". -1 after logging. */
int listen_on(const char *where);

#endif
