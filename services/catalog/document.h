/*
 * document.h: the document that a micro-credential is, made whole.
 *
 * An author's tool need not number what it writes, and a catalog file may say
 * only what a micro-credential is about: what is missing is filled in here with
 * what the product does by default. Pure but for the arena.
 */
#ifndef DOCUMENT_H
#define DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "common.pb-c.h"

struct arena;

/*
 * The most that a document may take, packed: an event carries it whole, and a
 * message has at most 1 MiB.
 */
enum { DOCUMENT_MAX = 512 << 10 };

/* Bytes of DOCUMENT, packed. */
size_t document_size(const Vouch__MicroCredentialDocument *document);

/*
 * Gives an id to every component ("m1"), prompt ("p1"), criterion ("c1"), level
 * ("l1", within its criterion) and evidence requirement ("e1") that has none,
 * never one that is taken. False: ARENA is full.
 */
bool document_number(struct arena *arena, Vouch__MicroCredentialDocument *document);

/*
 * For a document of a catalog file, after document_number(): without parts it
 * gets the standard three, a part without criteria the standard rubric of its
 * kind, each looking at all method components; without evidence requirements
 * one that takes any document; notes of its policies where they are missing. *STANDARD: a
 * part or a rubric was filled in. False: ARENA is full.
 */
bool document_complete(struct arena *arena, Vouch__MicroCredentialDocument *document, bool *standard);

#endif
