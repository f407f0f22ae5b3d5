/*
 * db_done.c: the table "done": which keys have run, and with which answer.
 *
 * An answer may hold a secret (a session's token), and a request too (a
 * password). So nothing of either stands there in clear: the row is named by a
 * hash of the key, the request's digest is keyed and the answer encrypted, both
 * by what only the key itself gives. Whoever repeats a call brings its key; who
 * reads a dump has none. (A key that can be guessed protects as little as a
 * password that can be; those that the gateway makes are random.)
 */
#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "common.pb-c.h"
#include "db.h"
#include "db_tx.h"

enum {
	NAME_BYTES = 32,
	NAME_SIZE = 2 * NAME_BYTES + 1,
	DONE_MAX = 32, /* rows of one statement: a batch */
	OVERHEAD = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES
};

_Static_assert(crypto_secretbox_KEYBYTES == crypto_generichash_BYTES, "one hash makes one key");

/* What PURPOSE gets out of the key: 32 bytes. */
static void
derive(const struct call *call, const char *purpose, unsigned char out[NAME_BYTES])
{
	crypto_generichash(out, NAME_BYTES, (const unsigned char *)call->key, strlen(call->key),
	    (const unsigned char *)purpose, strlen(purpose));
}

/* The name of the row, in hexadecimal; NULL when the arena is full. */
static char *
row_name(struct call *call)
{
	unsigned char name[NAME_BYTES];
	char *hex = arena_alloc(call->arena, NAME_SIZE);

	derive(call, "vouch done: name", name);
	return hex == NULL ? NULL : sodium_bin2hex(hex, NAME_SIZE, name, sizeof(name));
}

static void
secret_of(const struct call *call, unsigned char secret[crypto_secretbox_KEYBYTES])
{
	derive(call, "vouch done: secret", secret);
}

static ProtobufCBinaryData
digest(struct call *call)
{
	ProtobufCBinaryData d = {
		crypto_generichash_BYTES, arena_alloc(call->arena, crypto_generichash_BYTES)};
	unsigned char secret[crypto_secretbox_KEYBYTES];

	secret_of(call, secret);
	if (d.data != NULL)
		crypto_generichash(
		    d.data, d.len, call->request.data, call->request.len, secret, sizeof(secret));
	return d;
}

/* REPLY as it is stored: a nonce, and the encrypted bytes. data is NULL when the arena is full. */
static ProtobufCBinaryData
seal(struct call *call, const ProtobufCBinaryData *reply)
{
	ProtobufCBinaryData box = {reply->len + OVERHEAD, arena_alloc(call->arena, reply->len + OVERHEAD)};
	unsigned char secret[crypto_secretbox_KEYBYTES];

	if (box.data == NULL)
		return box;
	secret_of(call, secret);
	randombytes_buf(box.data, crypto_secretbox_NONCEBYTES);
	crypto_secretbox_easy(
	    box.data + crypto_secretbox_NONCEBYTES, reply->data, reply->len, box.data, secret);
	return box;
}

/* The reply that BOX holds; NULL when it was not sealed by this key, or the arena is full. */
static ProtobufCBinaryData *
unseal(struct call *call, ProtobufCBinaryData box)
{
	ProtobufCBinaryData *reply = arena_alloc(call->arena, sizeof(*reply));
	unsigned char secret[crypto_secretbox_KEYBYTES];

	if (reply == NULL || box.len < OVERHEAD)
		return NULL;
	secret_of(call, secret);
	reply->len = box.len - OVERHEAD;
	reply->data = arena_alloc(call->arena, reply->len + 1);
	if (reply->data == NULL ||
	    crypto_secretbox_open_easy(reply->data, box.data + crypto_secretbox_NONCEBYTES,
		box.len - crypto_secretbox_NONCEBYTES, box.data, secret) != 0)
		return NULL;
	return reply;
}

bool
tx_claim(struct call *call)
{
	Vouch__DoneRow row = VOUCH__DONE_ROW__INIT;
	ProtobufCBinaryData mine = digest(call);
	const struct arg args[] = {TEXT("rpc", call->rpc->name), TEXT("key", row_name(call)),
		BYTES("digest", mine), {.name = NULL}};
	bool found;

	if (!db_maybe(call, "done_claim", NULL, args, &row.base, &found) || row.first)
		return call->status == VOUCH__STATUS__OK;
	if (!db_one(call, "done_get", NULL, args, &row.base))
		return false;
	if (row.digest.len != mine.len || sodium_memcmp(row.digest.data, mine.data, mine.len) != 0)
		return refuse_field(call, "Idempotency-Key", "key", "was used for another request");
	call->replay = unseal(call, row.reply);
	return call->replay != NULL || refuse(call, VOUCH__STATUS__INTERNAL, "a defect on our side");
}

bool
tx_unclaim(struct call *call)
{
	struct call own = *call; /* the refusal has closed the call itself to statements */

	own.status = VOUCH__STATUS__OK;
	return db_do(&own, "done_release", NULL,
	    ARGS(TEXT("issuer_id", call->asked_by->issuer_id), TEXT("rpc", call->rpc->name),
		TEXT("key", row_name(call))));
}

bool
tx_done(struct call *call, const ProtobufCBinaryData *reply)
{
	ProtobufCBinaryData box = seal(call, reply);

	if (box.data == NULL)
		return refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
	/* Under the issuer of the claim, which the handler may have left (call_in_issuer). */
	return db_do(call, "done_reply", NULL,
	    ARGS(TEXT("issuer_id", call->asked_by->issuer_id), TEXT("rpc", call->rpc->name),
		TEXT("key", row_name(call)), BYTES("reply", box)));
}

/* ---- many at once --------------------------------------------------------------------- */

/* The names of rows of "done", as columns. In an arena, as what is put off is not copied. */
struct rows {
	char *issuers[DONE_MAX], *rpcs[DONE_MAX], *accounts[DONE_MAX], *keys[DONE_MAX];
	ProtobufCBinaryData blobs[DONE_MAX];
};

static struct rows *
name_rows(struct call *common, struct call *const *calls, size_t n)
{
	struct rows *rows = arena_alloc(common->arena, sizeof(*rows));

	assert(n <= DONE_MAX);
	for (size_t i = 0; rows != NULL && i < n; i++) {
		rows->issuers[i] = calls[i]->asked_by->issuer_id;
		rows->rpcs[i] = (char *)calls[i]->rpc->name;
		rows->accounts[i] = calls[i]->asked_by->account_id;
		rows->keys[i] = row_name(calls[i]);
		if (rows->keys[i] == NULL)
			return NULL;
	}
	return rows;
}

bool
tx_claim_all(struct call *common, struct call *const *calls, size_t n, Vouch__Count *claimed)
{
	struct rows *rows = name_rows(common, calls, n);
	bool ok = rows != NULL;

	for (size_t i = 0; ok && i < n; i++) {
		rows->blobs[i] = digest(calls[i]);
		ok = rows->blobs[i].data != NULL;
	}
	return ok &&
	    db_with(common, "done_claim_all", NULL,
		ARGS(LIST("issuers", rows->issuers, n), LIST("rpcs", rows->rpcs, n),
		    LIST("accounts", rows->accounts, n), LIST("keys", rows->keys, n),
		    BLOBS("digests", rows->blobs, n)),
		&claimed->base, NULL);
}

bool
tx_done_all(
    struct call *common, struct call *const *calls, const ProtobufCBinaryData *const *replies, size_t n)
{
	struct rows *rows = name_rows(common, calls, n);
	bool ok = rows != NULL;

	for (size_t i = 0; ok && i < n; i++) {
		rows->blobs[i] = seal(calls[i], replies[i]);
		ok = rows->blobs[i].data != NULL;
	}
	return ok &&
	    (n == 0 ||
		db_do(common, "done_reply_all", NULL,
		    ARGS(LIST("issuers", rows->issuers, n), LIST("rpcs", rows->rpcs, n),
			LIST("accounts", rows->accounts, n), LIST("keys", rows->keys, n),
			BLOBS("replies", rows->blobs, n))));
}
