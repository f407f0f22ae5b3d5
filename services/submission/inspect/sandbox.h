/*
 * sandbox.h: the walls around the look at a file.
 *
 * From sandbox_enter() on the process can compute, take memory up to a bound,
 * and write to the file descriptors 1 and 2. It can open no file, make no socket,
 * no process and no executable memory, and has bounded time. Three walls stand
 * behind each other: limits of the kernel, Landlock (where the kernel has it),
 * and a filter of system calls.
 */
#ifndef SANDBOX_H
#define SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

enum {
	SANDBOX_MEMORY_MAX = 256 << 20, /* bytes, beside what is mapped already and the file */
	SANDBOX_SECONDS_MAX = 5,        /* of processor time */
	SANDBOX_OUTPUT_MAX = 64 << 10   /* bytes, when the output is a file */
};

/*
 * Locks the process in, for good; the file must be mapped by then. Returns false if the limits or the filter
 * cannot be had; then nothing may be looked at. A missing Landlock is no failure: the filter refuses all it
 * would.
 */
bool sandbox_enter(void);

/*
 * Does WHAT the sandbox must refuse: "open", "write", "socket", "fork", "exec",
 * "memory" or "processor". Returns 0 when it was refused (or the process is
 * killed), 1 when it was possible, 2 for an unknown WHAT. Inside only.
 */
int sandbox_try(const char *what);

#endif
