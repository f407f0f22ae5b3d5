/*
 * notice.h: puts what happened into inboxes and among the mails, once for each
 * event, person and channel.
 */
#ifndef NOTICE_H
#define NOTICE_H

#include "call.h"
#include "kinds.h"
#include "words.h"

struct notice {
	const char *event; /* names what happened, for ever: "decided/UUID/3" */
	const char *kind;
	words_of *words;
	const char *link;          /* a path */
	const char *submission_id; /* as the API calls it; "" */
	const char *code;          /* of the submission; "" */
};

/* Tells one person, as they want it. ACCOUNT "" is nobody. FACTS' reader_zone is filled here. */
bool notice_to(
    struct call *call, const struct notice *notice, const struct facts *facts, const char *account);

/*
 * Tells everybody who holds ROLE ("ops") in the call's issuer or in all; but the EARNER and the
 * ASSESSOR ("" nobody). Up to 10,000 people; that there are more is logged as an error.
 */
bool notice_to_role(struct call *call, const struct notice *notice, const struct facts *facts,
    const char *role, const char *earner, const char *assessor);

/*
 * A mail with a secret link to ADDRESS, whatever its owner prefers: they have
 * asked for it. After EXPIRES_AT (microseconds) it is not sent any more.
 */
bool notice_link(struct call *call, const struct notice *notice, const struct facts *facts,
    const char *account, const char *address, const char *name, int64_t expires_at);

#endif
