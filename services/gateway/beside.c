#include "beside.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "endpoint.h"

enum { PATIENCE_MS = 2000 };

/* One call on its way. Its answer comes on another thread, so it has memory of its own. */
struct slot {
	struct besides *all;
	struct beside beside;
	ProtobufCBinaryData packed; /* the question */
	uint8_t *answer;            /* made by malloc; NULL: none */
	size_t len;
};

struct besides {
	struct request *request;
	enum next (*then)(struct request *);
	struct slot slots[BESIDE_MAX];
	int n;
	atomic_int left;
};

/* True: it was the last. */
static bool
one_less(struct besides *all)
{
	return atomic_fetch_sub(&all->left, 1) == 1;
}

static void
on_answer(void *arg, const Vouch__ReplyHeader *header, ProtobufCBinaryData reply)
{
	struct slot *s = arg;

	if (header->status == VOUCH__STATUS__OK)
		s->answer = malloc(reply.len + 1);
	if (s->answer != NULL) {
		memcpy(s->answer, reply.data, reply.len);
		s->len = reply.len;
	}
	if (one_less(s->all))
		s->all->request->wake(s->all->request);
}

static bool
send_one(struct request *r, struct slot *s)
{
	Vouch__Caller caller = r->caller;
	struct bus_request request = {.rpc = s->beside.rpc,
		.caller = &caller,
		.key = "",
		.trace = r->trace,
		.request = s->packed,
		.deadline_ms = clock_ms() + PATIENCE_MS,
		.done = on_answer,
		.arg = s};

	caller.issuer_id = (char *)(s->beside.issuer != NULL ? s->beside.issuer : "");
	return s->packed.data != NULL && bus_knows(r->gateway->bus, s->beside.rpc->service) &&
	    bus_send(r->gateway->bus, &request);
}

static bool
go(struct request *r)
{
	struct besides *all = r->besides;

	/* One more than there are: whoever answers while others are still sent is not the last. */
	atomic_store(&all->left, all->n + 1);
	for (int i = 0; i < all->n; i++)
		if (!send_one(r, &all->slots[i]))
			one_less(all);
	return !one_less(all);
}

static enum next
arrived(struct request *r)
{
	struct besides *all = r->besides;

	for (int i = 0; i < all->n; i++) {
		struct slot *s = &all->slots[i];

		if (s->answer != NULL)
			s->beside.reply = call_unpack(&r->arena, s->beside.rpc->out, s->len, s->answer);
	}
	return all->then(r);
}

enum next
beside_begin(struct request *r, const ProtobufCMessage *reply, enum next (*then)(struct request *))
{
	struct beside asks[BESIDE_MAX] = {{0}};
	struct besides *all;
	int n = r->endpoint->beside(r, reply, asks);

	all = n > 0 ? calloc(1, sizeof(*all)) : NULL;
	if (all == NULL)
		return then(r);
	all->request = r;
	all->then = then;
	all->n = n;
	for (int i = 0; i < n; i++) {
		all->slots[i].all = all;
		all->slots[i].beside = asks[i];
		all->slots[i].packed = call_pack(&r->arena, asks[i].ask);
	}
	r->besides = all;
	return request_wait(r, go, arrived);
}

const ProtobufCMessage *
beside_reply(const struct request *r, int i)
{
	return r->besides != NULL && i < r->besides->n ? r->besides->slots[i].beside.reply : NULL;
}

void
beside_close(struct besides *all)
{
	for (int i = 0; all != NULL && i < all->n; i++)
		free(all->slots[i].answer);
	free(all);
}
