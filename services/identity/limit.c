#include "limit.h"

#include "db.h"
#include "identity.pb-c.h"
#include "secret.h"

static bool
too_often(struct call *call, const Vouch__Failures *tries)
{
	call->retry_ms = tries->retry_ms;
	return refuse(call, VOUCH__STATUS__RATE_LIMITED, "this was tried too often; please wait %d min",
	    (tries->retry_ms + 59999) / 60000);
}

/* The key of a count: KIND is in it too, so that equal texts of two kinds do not look alike in the table. */
static ProtobufCBinaryData
key_of(struct call *call, const char *kind, const char *who)
{
	const char *text = arena_printf(call->arena, "%s %s", kind, who);

	return text != NULL ? secret_hash(call->arena, text) : (ProtobufCBinaryData){0};
}

bool
limit_allows(struct call *call, const char *kind, const char *who, int64_t most)
{
	Vouch__Failures tries = VOUCH__FAILURES__INIT;
	bool found;

	if (who[0] == '\0')
		return true;
	if (!db_maybe(call, "attempts_get", NULL,
		ARGS(TEXT("kind", kind), BYTES("who", key_of(call, kind, who))), &tries.base, &found))
		return false;
	return tries.n < most || too_often(call, &tries);
}

static bool
count(struct call *call, const char *kind, const char *who, Vouch__Failures *tries)
{
	return who[0] == '\0' ||
	    db_one(call, "attempts_add", NULL,
		ARGS(TEXT("kind", kind), BYTES("who", key_of(call, kind, who))), &tries->base);
}

bool
limit_count(struct call *call, const char *kind, const char *who, int64_t most)
{
	Vouch__Failures tries = VOUCH__FAILURES__INIT;

	if (!count(call, kind, who, &tries))
		return false;
	if (tries.n <= most)
		return true;
	call->keeps = true;
	return too_often(call, &tries);
}

bool
limit_take(struct call *call, const char *kind, const char *who, int64_t most, bool *within)
{
	Vouch__Failures tries = VOUCH__FAILURES__INIT;
	bool ok = count(call, kind, who, &tries);

	*within = ok && tries.n <= most;
	return ok;
}

bool
limit_clear(struct call *call, const char *kind, const char *who)
{
	return db_do(
	    call, "attempts_clear", NULL, ARGS(TEXT("kind", kind), BYTES("who", key_of(call, kind, who))));
}
