/*
 * shop.h: what all calls of the credential service share (call->state).
 */
#ifndef SHOP_H
#define SHOP_H

#include "jws.h"
#include "picture.h"

struct shop {
	struct jws_key key;
	struct pictures *pictures;
};

#endif
