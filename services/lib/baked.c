#include "baked.h"

#include <string.h>
#include <zlib.h>

enum {
	HEAD = 8,
	IHDR = 25,
	CHUNK = 12
}; /* of a PNG: signature, first chunk, and what is around a chunk's data */

static const uint8_t signature[HEAD] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
static const char keyword[] = "openbadgecredential";
static const char element[] = "<openbadges:credential verify=\"";

static bool
is_png(const uint8_t *data, size_t len)
{
	return len >= HEAD + IHDR && memcmp(data, signature, HEAD) == 0;
}

static void
put32(uint8_t *to, uint32_t n)
{
	for (int i = 0; i < 4; i++)
		to[i] = (uint8_t)(n >> (24 - 8 * i));
}

static uint32_t
get32(const uint8_t *from)
{
	return (uint32_t)from[0] << 24 | (uint32_t)from[1] << 16 | (uint32_t)from[2] << 8 | from[3];
}

char *
baked_svg(struct arena *arena, const char *svg, const char *token)
{
	const char *end = strncmp(svg, "<svg ", 5) == 0 ? strchr(svg, '>') : NULL;

	return end == NULL ?
	    NULL :
	    arena_printf(arena, "<svg xmlns:openbadges=\"https://purl.imsglobal.org/ob/v3p0\" %.*s%s%s\"/>%s",
		(int)(end + 1 - svg - 5), svg + 5, element, token, end + 1);
}

ProtobufCBinaryData
baked_png(struct arena *arena, ProtobufCBinaryData png, const char *token)
{
	/* The keyword, then: not compressed, no language, no translated keyword. */
	size_t before = sizeof(keyword) + 4, n = before + strlen(token);
	uint8_t *out = is_png(png.data, png.len) ? arena_alloc(arena, png.len + CHUNK + n) : NULL, *chunk;

	if (out == NULL)
		return (ProtobufCBinaryData){0};
	chunk = out + HEAD + IHDR;
	memcpy(out, png.data, HEAD + IHDR);
	put32(chunk, (uint32_t)n);
	/* NOLINTNEXTLINE(bugprone-not-null-terminated-result): the type of a chunk is four bytes */
	memcpy(chunk + 4, "iTXt", 4);
	memset(chunk + 8, 0, before);
	memcpy(chunk + 8, keyword, sizeof(keyword));
	/* NOLINTNEXTLINE(bugprone-not-null-terminated-result): the chunk has a length */
	memcpy(chunk + 8 + before, token, strlen(token));
	put32(chunk + 8 + n, (uint32_t)crc32(0, chunk + 4, (uInt)(4 + n)));
	memcpy(chunk + CHUNK + n, png.data + HEAD + IHDR, png.len - HEAD - IHDR);
	return (ProtobufCBinaryData){png.len + CHUNK + n, out};
}

/* The text of an iTXt chunk of N bytes with our keyword, which is not compressed. */
static char *
chunk_token(struct arena *arena, const uint8_t *data, size_t n)
{
	const uint8_t *end = data + n, *at = data + sizeof(keyword);

	if (n < sizeof(keyword) + 2 || memcmp(data, keyword, sizeof(keyword)) != 0 || at[0] != 0)
		return NULL;
	at += 2;
	for (int texts = 0; texts < 2; texts++) { /* a language and a translated keyword */
		at = memchr(at, 0, (size_t)(end - at));
		if (at == NULL)
			return NULL;
		at++;
	}
	return arena_dup(arena, (const char *)at, (size_t)(end - at));
}

static char *
png_token(struct arena *arena, const uint8_t *data, size_t len)
{
	size_t at = HEAD, n;
	char *token = NULL;

	for (; token == NULL && len - at >= CHUNK; at += CHUNK + n) {
		n = get32(data + at);
		if (n > len - at - CHUNK)
			return NULL;
		if (memcmp(data + at + 4, "iTXt", 4) == 0)
			token = chunk_token(arena, data + at + 8, n);
	}
	return token;
}

char *
baked_find(struct arena *arena, const uint8_t *data, size_t len)
{
	const uint8_t *at, *end;

	if (is_png(data, len))
		return png_token(arena, data, len);
	at = memmem(data, len, element, sizeof(element) - 1);
	if (at == NULL)
		return NULL;
	at += sizeof(element) - 1;
	end = memchr(at, '"', len - (size_t)(at - data));
	return end == NULL ? NULL : arena_dup(arena, (const char *)at, (size_t)(end - at));
}
