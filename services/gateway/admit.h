/*
 * admit.h: what the head of a request decides, before any of its body is read.
 *
 * Whose session it is; whether a foreign page forged it; the headers without
 * which a change is not safe; type and size of the body. So nobody who may not
 * upload fills the disk, and a refusal costs little.
 */
#ifndef ADMIT_H
#define ADMIT_H

#include "request.h"

enum { BODY_MAX = 1 << 20 }; /* bytes of a JSON body */

/* The endpoint of R is known. NEXT_READ: let in; else R has its answer, or waits to know who asks. */
enum next admit(struct request *r);

/*
 * R has its answer before its body came. A body of up to 16 MiB is read and thrown away,
 * so that who sends it hears the answer; a larger one is not: the connection ends.
 */
enum next admit_not(struct request *r);

#endif
