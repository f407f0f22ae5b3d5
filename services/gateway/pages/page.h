/*
 * page.h: the pages that the gateway writes. Each is in a file of its own; ui.h has
 * the parts they are made of, shell.h what stands around them.
 */
#ifndef PAGE_H
#define PAGE_H

#include "beside.h"
#include "html.h"
#include "problem.h"
#include "request.h"

/* Sets R's answer to its endpoint's page, showing REPLY (NULL: the service cannot answer). */
enum next page_answer(struct request *r, const ProtobufCMessage *reply);

/* The same for a page that asks no service: struct endpoint's run. */
enum next page_alone(struct request *r);

/* The same for a refusal, in words for people (problem_page.c). */
void page_problem(struct request *r, const struct problem *problem);

/* Gives the written page H to the answer of R. */
enum next page_finish(struct request *r, struct html *h, int status);

/*
 * Packs the body of R's answer, made by malloc, when the client takes that. Not for a page that is worked
 * in: it holds what its reader wrote, and how well that packs beside what somebody else put into
 * its address would tell of it.
 */
void page_pack(struct request *r);

/* The pages themselves: struct endpoint's render. */
void page_explore(struct html *html, const struct request *r, const ProtobufCMessage *reply);
void page_guide(struct html *html, const struct request *r, const ProtobufCMessage *reply);
void page_detail(struct html *html, const struct request *r, const ProtobufCMessage *reply);
void page_issuer(struct html *html, const struct request *r, const ProtobufCMessage *reply);
void page_verify(struct html *html, const struct request *r, const ProtobufCMessage *reply);
void page_help(struct html *html, const struct request *r, const ProtobufCMessage *reply);
void page_ask(struct html *html, const struct request *r, const ProtobufCMessage *reply);
void page_article(struct html *html, const struct request *r, const ProtobufCMessage *reply);
void page_sent(struct html *html, const struct request *r, const ProtobufCMessage *reply);
void page_result(struct html *html, const struct request *r, const ProtobufCMessage *reply);
void page_signin(struct html *html, const struct request *r, const ProtobufCMessage *reply);
void page_join(struct html *html, const struct request *r, const ProtobufCMessage *reply);
void page_signout(struct html *html, const struct request *r, const ProtobufCMessage *reply);
void page_confirm(struct html *html, const struct request *r, const ProtobufCMessage *reply);
void page_reset(struct html *html, const struct request *r, const ProtobufCMessage *reply);
void page_credential(struct html *html, const struct request *r, const ProtobufCMessage *reply);

/* Their questions besides (beside.h). page_ask_mine() asks for the reader's work, if somebody is signed in: 1 or 0. */
int page_ask_mine(struct request *r, struct beside *ask);
int page_explore_beside(struct request *r, const ProtobufCMessage *reply, struct beside asks[BESIDE_MAX]);
int page_detail_beside(struct request *r, const ProtobufCMessage *reply, struct beside asks[BESIDE_MAX]);
int page_credential_beside(struct request *r, const ProtobufCMessage *reply, struct beside asks[BESIDE_MAX]);
int page_result_beside(struct request *r, const ProtobufCMessage *reply, struct beside asks[BESIDE_MAX]);
int page_issuer_beside(struct request *r, const ProtobufCMessage *reply, struct beside asks[BESIDE_MAX]);
int page_verify_beside(struct request *r, const ProtobufCMessage *reply, struct beside asks[BESIDE_MAX]);

#endif
