/*
 * used.h: which sessions and tokens were used, until a job writes it down.
 *
 * Resolving a token is a read and stays one. Losing these notes costs a person
 * nothing but an older "last used" in a list.
 */
#ifndef USED_H
#define USED_H

#include <stdbool.h>
#include <stddef.h>

enum { USED_MAX = 4096, USED_ID_SIZE = 37 };

struct used_note {
	char account[USED_ID_SIZE], id[USED_ID_SIZE];
	bool is_token;
};

struct used;

/* An empty set; NULL when memory is short. From any thread; ends with used_close. */
struct used *used_open(void);
void used_close(struct used *used);

/*
 * Notes that the session or token ID of ACCOUNT was used. Of more than USED_MAX the later ones are
 * forgotten.
 */
void used_note(struct used *used, const char *account, const char *id, bool is_token);

/* Takes up to MAX notes of tokens (IS_TOKEN) or of sessions out of the set. Returns how many. */
size_t used_take(struct used *used, bool is_token, struct used_note *out, size_t max);

#endif
