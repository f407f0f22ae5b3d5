#include "jws.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "json.h"
#include "log.h"

enum { VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING, TOKEN_MAX = 512 << 10 };

char *
base64url_write(struct arena *arena, const void *bytes, size_t len)
{
	size_t size = sodium_base64_encoded_len(len, VARIANT);
	char *out = arena_alloc(arena, size);

	return out == NULL ? NULL : sodium_bin2base64(out, size, bytes, len, VARIANT);
}

uint8_t *
base64url_read(struct arena *arena, const char *text, size_t text_len, size_t *len)
{
	uint8_t *out = arena_alloc(arena, text_len + 1);
	const char *end;

	if (out == NULL ||
	    sodium_base642bin(out, text_len + 1, text, text_len, NULL, len, &end, VARIANT) != 0 ||
	    end != text + text_len)
		return NULL;
	return out;
}

static void
thumbprint(struct jws_key *key)
{
	unsigned char digest[crypto_hash_sha256_BYTES];
	char x[64], text[160];

	sodium_bin2base64(x, sizeof(x), key->public_key, 32, VARIANT);
	snprintf(text, sizeof(text), "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"%s\"}", x);
	crypto_hash_sha256(digest, (const unsigned char *)text, strlen(text));
	sodium_bin2base64(key->id, sizeof(key->id), digest, sizeof(digest), VARIANT);
}

/* Writes a new seed beside FILE and links it into place: whoever comes second finds the first one's. */
static bool
make_seed(const char *file)
{
	unsigned char seed[crypto_sign_SEEDBYTES];
	char own[512];
	int fd;
	bool ok;

	snprintf(own, sizeof(own), "%s.%d", file, (int)getpid());
	fd = open(own, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	randombytes_buf(seed, sizeof(seed));
	ok = write(fd, seed, sizeof(seed)) == (ssize_t)sizeof(seed) && fsync(fd) == 0;
	close(fd);
	sodium_memzero(seed, sizeof(seed));
	ok = ok && (link(own, file) == 0 || errno == EEXIST);
	unlink(own);
	return ok;
}

bool
jws_key_load(struct jws_key *key, const char *file)
{
	unsigned char seed[crypto_sign_SEEDBYTES + 1];
	struct stat st;
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0 && errno == ENOENT && make_seed(file))
		fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		log_error("the signing key cannot be read: %s", strerror(errno));
		return false;
	}
	n = read(fd, seed, sizeof(seed));
	if (fstat(fd, &st) != 0 || n != crypto_sign_SEEDBYTES || (st.st_mode & 077) != 0) {
		log_error("the signing key must be a file of %d bytes that its owner alone can read",
		    crypto_sign_SEEDBYTES);
		close(fd);
		return false;
	}
	close(fd);
	crypto_sign_seed_keypair(key->public_key, key->secret_key, seed);
	sodium_memzero(seed, sizeof(seed));
	thumbprint(key);
	return true;
}

json_t *
jws_jwk(const struct jws_key *key)
{
	char x[64];

	sodium_bin2base64(x, sizeof(x), key->public_key, 32, VARIANT);
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "kty", "OKP", "crv", "Ed25519", "x", x, "kid",
	    key->id, "alg", "EdDSA", "use", "sig");
}

static char *
encode_json(struct arena *arena, const json_t *json)
{
	size_t n = json_dumpb(json, NULL, 0, JSON_COMPACT);
	char *text = arena_alloc(arena, n + 1);

	if (text == NULL)
		return NULL;
	json_dumpb(json, text, n, JSON_COMPACT);
	return base64url_write(arena, text, n);
}

char *
jws_sign(
    struct arena *arena, const struct jws_key *key, const char *typ, const char *kid, const json_t *payload)
{
	json_t *header = json_pack("{s:s, s:s, s:s}", "alg", "EdDSA", "typ", typ, "kid", kid);
	char *head = encode_json(arena, header), *body = encode_json(arena, payload), *input, *mark;
	unsigned char signature[crypto_sign_BYTES];

	json_decref(header);
	if (head == NULL || body == NULL || (input = arena_printf(arena, "%s.%s", head, body)) == NULL)
		return NULL;
	crypto_sign_detached(signature, NULL, (const unsigned char *)input, strlen(input), key->secret_key);
	mark = base64url_write(arena, signature, sizeof(signature));
	return mark == NULL ? NULL : arena_printf(arena, "%s.%s", input, mark);
}

static json_t *
decode_json(struct arena *arena, const char *text, size_t len)
{
	char unused[160];
	size_t n;
	uint8_t *bytes = base64url_read(arena, text, len, &n);

	return bytes == NULL ? NULL : json_parse((char *)bytes, n, unused);
}

static const char *
check_header(const json_t *header)
{
	static const char *const refused[] = {"jwk", "jku", "x5u", "x5c", "crit"};
	const char *alg = json_string_value(json_object_get(header, "alg"));

	if (alg == NULL || (strcmp(alg, "EdDSA") != 0 && strcmp(alg, "Ed25519") != 0))
		return "the algorithm is not EdDSA";
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (json_object_get(header, refused[i]) != NULL)
			return "the header brings a key or an extension of its own";
	return NULL;
}

/* The 32 bytes of the key that KID names; NULL when KEYS has none. */
static uint8_t *
find_key(struct arena *arena, const json_t *keys, const char *kid)
{
	const char *fragment = kid != NULL ? strrchr(kid, '#') : NULL,
		   *wanted = fragment != NULL ? fragment + 1 : kid;
	size_t i;
	json_t *jwk;

	json_array_foreach(json_object_get(keys, "keys"), i, jwk) {
		const char *id = json_string_value(json_object_get(jwk, "kid"));
		const char *crv = json_string_value(json_object_get(jwk, "crv"));
		const char *x = json_string_value(json_object_get(jwk, "x"));
		size_t n = 0;
		uint8_t *bytes;

		if (wanted == NULL || id == NULL || strcmp(id, wanted) != 0 || crv == NULL ||
		    strcmp(crv, "Ed25519") != 0 || x == NULL)
			continue;
		bytes = base64url_read(arena, x, strlen(x), &n);
		return bytes != NULL && n == 32 ? bytes : NULL;
	}
	return NULL;
}

json_t *
jws_verify(struct arena *arena, const char *token, const json_t *keys, const char **why)
{
	size_t len = strlen(token), n = 0;
	const char *first = strchr(token, '.'), *last = first != NULL ? strchr(first + 1, '.') : NULL;
	uint8_t *signature, *key = NULL;
	json_t *header, *payload;

	*why = "it is not a signed credential";
	if (len > TOKEN_MAX || last == NULL || strchr(last + 1, '.') != NULL)
		return NULL;
	header = decode_json(arena, token, (size_t)(first - token));
	if (!json_is_object(header)) {
		json_decref(header);
		return NULL;
	}
	*why = check_header(header);
	if (*why == NULL)
		key = find_key(arena, keys, json_string_value(json_object_get(header, "kid")));
	json_decref(header);
	if (*why != NULL)
		return NULL;
	*why = "its key is not among the keys given";
	if (key == NULL)
		return NULL;
	*why = "the signature does not fit: it was changed, or signed by somebody else";
	signature = base64url_read(arena, last + 1, strlen(last + 1), &n);
	if (signature == NULL || n != crypto_sign_BYTES ||
	    crypto_sign_verify_detached(
		signature, (const unsigned char *)token, (size_t)(last - token), key) != 0)
		return NULL;
	payload = decode_json(arena, first + 1, (size_t)(last - first) - 1);
	if (json_is_object(payload))
		return payload;
	json_decref(payload);
	*why = "what is signed is not JSON";
	return NULL;
}
