/*
 * page.h: the pages that the gateway writes, and what they have in common.
 */
#ifndef PAGE_H
#define PAGE_H

#include "html.h"
#include "problem.h"
#include "request.h"

/* Sets R's answer to its endpoint's page, showing REPLY (NULL: the service cannot answer). */
enum next page_answer(struct request *r, const ProtobufCMessage *reply);

/* The same for a refusal, in words for people. */
void page_problem(struct request *r, const struct problem *problem);

/* Head and foot of every page. */
void page_begin(struct html *html, const char *title);
void page_end(struct html *html);

/* The style sheet of all pages: what stands at PAGE_STYLE. */
#define PAGE_STYLE "/pages.css"
extern const char page_style[];

/* The pages themselves: struct endpoint's render. */
void page_start(struct html *html, const struct request *r, const ProtobufCMessage *reply);
void page_credential(struct html *html, const struct request *r, const ProtobufCMessage *reply);

#endif
