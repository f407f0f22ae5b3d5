/*
 * password.h: argon2id (RFC 9106), a few at a time.
 *
 * One hash takes tens of megabytes and a good part of a second on purpose. So
 * an instance makes argon2_parallel of them at once and no more; a call that
 * would have to wait past its deadline is refused OVERLOADED and was not run.
 */
#ifndef PASSWORD_H
#define PASSWORD_H

#include "call.h"

struct passwords;

/*
 * Reads the settings argon2_*, and makes the hash that stands for unknown addresses. NULL: out of
 * memory, or settings that argon2 refuses.
 */
struct passwords *passwords_open(const struct config *config);
void passwords_close(struct passwords *passwords);

/* The hash of PASSWORD with its settings and salt, as text, in the call's arena; NULL after a refusal. */
char *password_hash(struct call *call, struct passwords *passwords, const char *password);

/*
 * A hash that no password fits, to be checked for an unknown address: it must not answer sooner than a
 * known one (A13).
 */
const char *password_of_nobody(const struct passwords *passwords);

/* Does PASSWORD belong to HASH? False after a refusal; else *RIGHT says. */
bool password_check(
    struct call *call, struct passwords *passwords, const char *hash, const char *password, bool *right);

/* Was HASH made with other settings than today's? Then a new one is due at the next sign-in. */
bool password_is_dated(const struct passwords *passwords, const char *hash);

#endif
