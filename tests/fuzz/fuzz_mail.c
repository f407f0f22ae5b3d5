// links: notification_service
/*
 * fuzz_mail.c: any bytes as the name, the title and the text of a mail. Header
 * fields stay as many as they are, lines end with CRLF and are bounded, and
 * everything is ASCII (A10).
 */
#include <assert.h>
#include <gmime/gmime.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "line.h"
#include "message.h"

enum { FIELDS = 9, LINE_MAX_BYTES = 998, INPUT_MAX = 20000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const char *mail, size_t len)
{
	size_t column = 0, fields = 0;
	bool header = true;

	for (size_t i = 0; i < len; i++) {
		assert((unsigned char)mail[i] < 0x80 && mail[i] != '\0');
		assert(mail[i] != '\r' || mail[i + 1] == '\n');
		assert(mail[i] != '\n' || (i > 0 && mail[i - 1] == '\r'));
		if (header && column == 0 && mail[i] == '\r')
			header = false;
		fields += header && column == 0 && mail[i] != ' ' && mail[i] != '\t';
		column = mail[i] == '\n' ? 0 : column + 1;
		assert(column <= LINE_MAX_BYTES + 1);
	}
	assert(fields == FIELDS && !header);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool begun;
	struct arena arena = {0};
	size_t third = size / 3, len = 0;
	struct message m = {.id = "018f0000-0000-7000-8000-000000000001",
		.public_url = "https://vouch.example.org",
		.from = "Vouch <vouch@example.org>",
		.address = "gil@example.org",
		.action = "Open",
		.link = "/work",
		.created_at = INT64_C(1791864000000000)};
	char *mail;

	if (!begun)
		g_mime_init();
	begun = true;
	if (size > INPUT_MAX)
		return 0;
	m.name = arena_dup(&arena, data, third);
	m.title = arena_dup(&arena, data + third, third);
	/* Texts are made of clean lines. */
	m.body = line_clean(&arena, arena_dup(&arena, data + 2 * third, size - 2 * third), INPUT_MAX);
	assert(m.name != NULL && m.title != NULL && m.body != NULL);
	mail = message_render(&arena, &m, &len);
	assert(mail != NULL);
	check(mail, len);
	arena_reset(&arena);
	return 0;
}
