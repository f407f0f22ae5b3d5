/*
 * link_rule.h: what an answer of HTTP means, by the place that gave it. Inside
 * the link check only.
 */
#ifndef LINK_RULE_H
#define LINK_RULE_H

#include <stddef.h>

#include "link.h"

/* One answer, redirects not followed. */
struct link_answer {
	const char *host;       /* that was asked, lower case */
	const char *path;       /* with the query */
	const char *first_host; /* of the link itself */
	int hops;               /* redirects before this answer */
	int status;
	const char *body; /* the beginning, with a NUL behind */
	size_t n_body;
	bool is_challenged; /* the place wants to know whether we are a robot */
};

/* Fills RESULT with STATE and the words for it; where a provider is known, with its own. */
void link_result_set(struct link_result *result, enum link_state state, const char *rule, const char *host);

/* Says whether a redirect to HOST and PATH leads to a page to sign in. */
bool link_is_login(const char *host, const char *path);

/* Fills RESULT from ANSWER, which is no redirect. */
void link_answer_judge(const struct link_answer *answer, struct link_result *result);

/*
 * Returns the path at the same place that tells, of a page that shows nothing,
 * whether a video can be seen: "/oembed?format=json&url="; NULL: none.
 */
const char *link_second_question(const struct link_answer *answer);

#endif
