/*
 * log.h: one JSON object per line on stderr.
 *
 *	{"at":"2026-11-24T08:00:00.123Z","level":"warn","svc":"submission","trace":"...","msg":"..."}
 *
 * Never bodies, tokens, names, mail addresses, or anything that a person wrote.
 */
#ifndef LOG_H
#define LOG_H

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR };

/* Names the process in every line and hides what is below LEVEL. Call once, before threads start. */
void log_open(const char *service, enum log_level level);

/* One line; TRACE may be NULL or "". Longer than 2 KiB is cut. */
void log_line(enum log_level level, const char *trace, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#define log_info(...) log_line(LOG_LEVEL_INFO, NULL, __VA_ARGS__)
#define log_warn(...) log_line(LOG_LEVEL_WARN, NULL, __VA_ARGS__)
#define log_error(...) log_line(LOG_LEVEL_ERROR, NULL, __VA_ARGS__)

/*
 * The line of one finished call. ISSUER may be ""; STATUS is the lower case word
 * of enum Status. An "internal" one is an error, one that came too late or found no
 * room a warning, every other an information.
 */
void log_call(const char *trace, const char *rpc, const char *issuer, const char *status, double ms);

#endif
