#include "secret.h"

#include <sodium.h>
#include <string.h>

enum { SECRET_BYTES = 32 };

char *
secret_new(struct arena *arena, const char *prefix)
{
	unsigned char random[SECRET_BYTES];
	char text[sodium_base64_ENCODED_LEN(SECRET_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
	char *token;

	randombytes_buf(random, sizeof(random));
	sodium_bin2base64(
	    text, sizeof(text), random, sizeof(random), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	token = arena_printf(arena, "%s%s", prefix, text);
	sodium_memzero(random, sizeof(random));
	sodium_memzero(text, sizeof(text));
	return token;
}

ProtobufCBinaryData
secret_hash(struct arena *arena, const char *token)
{
	ProtobufCBinaryData hash = {crypto_hash_sha256_BYTES, arena_alloc(arena, crypto_hash_sha256_BYTES)};

	if (hash.data != NULL)
		crypto_hash_sha256(hash.data, (const unsigned char *)token, strlen(token));
	else
		hash.len = 0;
	return hash;
}
