/*
 * config.h: what an operator turns.
 *
 * One table names every setting, with its default, unit, range and meaning; the
 * start-up check, --help and deploy/vouch.env come from it. A value comes from
 * the environment (VOUCH_NAME), else from the file of --config (name = value),
 * else from the table. A name that the table does not know stops the start.
 */
#ifndef CONFIG_H
#define CONFIG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct config;

/*
 * Reads FILE (NULL: none) and the environment. NULL after telling on stderr
 * everything that is wrong: a name that is unknown or there twice, a value outside its
 * range or form, a line that is too long. Names VOUCH_TEST_* and those that only
 * other programs read (VOUCH_STATE, VOUCH_TOKEN, ...) are left alone. Before threads
 * start. Ends with config_close.
 */
struct config *config_open(const char *file);
void config_close(struct config *config);

/* The value of a setting; asserts that NAME is in the table and of that kind. Strings live with CONFIG. */
const char *config_text(const struct config *config, const char *name);
int64_t config_int(const struct config *config, const char *name);

/* The enum log_level (log.h) that WORD names; -1: none. */
int config_level(const char *word);

/* Prints the table: as --help does, or as deploy/vouch.env. */
void config_help(FILE *out);
void config_env(FILE *out);

#endif
