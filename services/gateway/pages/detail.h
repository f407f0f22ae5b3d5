/*
 * detail.h: the page of one micro-credential (CAT-4..6), in two files: what it asks for
 * (detail_parts.c), and everything around that (detail.c).
 */
#ifndef DETAIL_H
#define DETAIL_H

#include "catalog.pb-c.h"
#include "html.h"

/* What must be shown: method, parts with their rubrics, evidence, rules; in this order. */
void detail_method(struct html *html, const Vouch__MicroCredential *m);
void detail_parts(struct html *html, const Vouch__MicroCredential *m);
void detail_evidence(struct html *html, const Vouch__MicroCredential *m);
void detail_rules(struct html *html, const Vouch__MicroCredential *m);

#endif
