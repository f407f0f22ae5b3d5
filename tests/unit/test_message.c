// links: notification_service
/* A mail as it travels: nothing gets out of its field (A10), and a repeat is a repeat. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <gmime/gmime.h>
#include <stdlib.h>
#include <string.h>

#include "delivery.h"
#include "message.h"

static struct message
plain(void)
{
	return (struct message){.id = "018f0000-0000-7000-8000-000000000001",
		.public_url = "https://vouch.example.org:8443",
		.from = "Vouch <vouch@example.org>",
		.address = "gil@example.org",
		.name = "Gil",
		.title = "A title",
		.body = "A body.",
		.action = "Open",
		.link = "/submissions/riverbend~1",
		.created_at = INT64_C(1791864000000000)};
}

static int
headers(const char *mail)
{
	int n = 0;

	for (const char *line = mail; strncmp(line, "\r\n", 2) != 0; line = strstr(line, "\r\n") + 2)
		n += line[0] != ' ' && line[0] != '\t';
	return n;
}

static void
check_shape(const char *mail, size_t len)
{
	size_t column = 0;

	assert_int_equal(strlen(mail), len);
	assert_int_equal(headers(mail), 9);
	for (size_t i = 0; i < len; i++) {
		assert_true((unsigned char)mail[i] < 0x80);
		assert_true(mail[i] != '\r' || mail[i + 1] == '\n');
		assert_true(mail[i] != '\n' || (i > 0 && mail[i - 1] == '\r'));
		column = mail[i] == '\n' ? 0 : column + 1;
		assert_true(column <= 999); /* RFC 5322: 998 and the return */
	}
}

static void
whatever_stands_in_a_field_stays_in_it(void **state)
{
	static const char *const evil[] = {
		"x\r\nBcc: all@example.org",
		"x\nBcc: all@example.org",
		"x\rBcc: all@example.org",
		"\r\n\r\nbody",
		"\r\n.\r\nQUIT",
		"=?utf-8?q?x=0d=0aBcc:_all?=",
		"\"quoted\" <x@y.z>, all@example.org",
		"a;b:c,d<e>f",
		"(comment",
		"\\",
		"\xe2\x80\xa8x",
		"\xff\xfe",
		"caf\xc3\xa9 \xe6\x95\x99\xe5\xae\xa4 \xd7\x90",
		"",
		"   ",
		"\xe2\x80\xaex",
		"--=_018f0000-0000-7000-8000-000000000001--",
	};
	struct arena arena = {0};
	char *wide = malloc(5000);
	size_t len;

	(void)state;
	assert_non_null(wide);
	memset(wide, 'w', 4999);
	wide[4999] = '\0';
	for (size_t i = 0; i <= sizeof(evil) / sizeof(evil[0]); i++) {
		const char *text = i < sizeof(evil) / sizeof(evil[0]) ? evil[i] : wide;
		struct message m = plain();
		char *mail;

		m.title = text;
		assert_non_null(mail = message_render(&arena, &m, &len));
		check_shape(mail, len);
		assert_null(strstr(mail, "\r\n.\r\n"));
		m = plain();
		m.name = text;
		assert_non_null(mail = message_render(&arena, &m, &len));
		check_shape(mail, len);
		m = plain();
		m.body = text;
		assert_non_null(mail = message_render(&arena, &m, &len));
		check_shape(mail, len);
	}
	free(wide);
	arena_reset(&arena);
}

/* Read back by a reader of MIME: one recipient, the subject as it was, two parts. */
static void
a_reader_sees_what_was_written(void **state)
{
	struct arena arena = {0};
	struct message m = plain();
	GMimeMessage *message;
	GMimeStream *stream;
	GMimeParser *parser;
	InternetAddressList *to;
	size_t len;
	char *mail;

	(void)state;
	m.title = "T\xc3\xa4gliche <R\xc3\xbc"
		  "ckmeldung> & mehr";
	m.name = "M\xc3\xbcller, Gil \"G\"";
	assert_non_null(mail = message_render(&arena, &m, &len));
	stream = g_mime_stream_mem_new_with_buffer(mail, len);
	parser = g_mime_parser_new_with_stream(stream);
	message = g_mime_parser_construct_message(parser, NULL);
	assert_non_null(message);
	assert_string_equal(g_mime_message_get_subject(message), m.title);
	assert_string_equal(
	    g_mime_message_get_message_id(message), "018f0000-0000-7000-8000-000000000001@vouch.example.org");
	to = g_mime_message_get_addresses(message, GMIME_ADDRESS_TYPE_TO);
	assert_int_equal(internet_address_list_length(to), 1);
	assert_string_equal(internet_address_get_name(internet_address_list_get_address(to, 0)), m.name);
	assert_true(GMIME_IS_MULTIPART(g_mime_message_get_mime_part(message)));
	assert_int_equal(
	    g_mime_multipart_get_count(GMIME_MULTIPART(g_mime_message_get_mime_part(message))), 2);
	assert_null(strstr(mail, "<R=C3=BC")); /* markup of a title is text in HTML */
	g_object_unref(message);
	g_object_unref(parser);
	g_object_unref(stream);
	arena_reset(&arena);
}

static void
the_same_mail_has_the_same_bytes(void **state)
{
	struct arena arena = {0};
	struct message m = plain();
	size_t a, b;
	char *first = message_render(&arena, &m, &a), *second = message_render(&arena, &m, &b);

	(void)state;
	assert_int_equal(a, b);
	assert_memory_equal(first, second, a);
	arena_reset(&arena);
}

static void
hosts_and_senders_are_read(void **state)
{
	static const struct {
		const char *url, *host;
	} rows[] = {
		{"https://vouch.example.org", "vouch.example.org"},
		{"http://127.0.0.1:8080", "127.0.0.1"},
		{"https://vouch.example.org/path", "vouch.example.org"},
		{"vouch.example.org", "vouch.example.org"},
		{"", "localhost"},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(message_host(&arena, rows[i].url), rows[i].host);
	assert_string_equal(message_sender(&arena, "Vouch <vouch@example.org>"), "vouch@example.org");
	assert_string_equal(message_sender(&arena, "vouch@localhost"), "vouch@localhost");
	assert_null(message_sender(&arena, ""));
	assert_null(message_sender(&arena, "Vouch"));
	assert_null(message_sender(&arena, "a@example.org, b@example.org"));
	arena_reset(&arena);
}

static void
waits_grow_and_are_spread(void **state)
{
	static const struct {
		int tries;
		int64_t low, high;
	} rows[] = {{1, 45000, 75000}, {2, 90000, 150000}, {5, 720000, 1200000}, {9, 10800000, 18000000},
		{1000, 10800000, 18000000}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (int k = 0; k < 100; k++)
			assert_in_range(delivery_delay(rows[i].tries), rows[i].low, rows[i].high);
}

static void
wrong_settings_are_refused(void **state)
{
	static const struct {
		const char *name, *value;
	} rows[] = {
		{"VOUCH_MAIL_URL", "http://127.0.0.1"}, {"VOUCH_MAIL_URL", "spool:relative"},
		{"VOUCH_MAIL_FROM", "nobody"}, {"VOUCH_MAIL_TLS", "maybe"},
		{"VOUCH_MAIL_USER", "somebody"}, /* without a password file */
	};
	struct config *config;
	bool none;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		setenv("VOUCH_MAIL_URL", "smtp://127.0.0.1:25", 1);
		setenv(rows[i].name, rows[i].value, 1);
		config = config_open(NULL); /* it sees some of them itself */
		if (config != NULL) {
			assert_null(delivery_open(config, &none));
			assert_false(none);
			config_close(config);
		}
		unsetenv(rows[i].name);
	}
	unsetenv("VOUCH_MAIL_URL");
	assert_non_null(config = config_open(NULL));
	assert_null(delivery_open(config, &none));
	assert_true(none);
	config_close(config);
}

static int
begin(void **state)
{
	(void)state;
	g_mime_init();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whatever_stands_in_a_field_stays_in_it),
		cmocka_unit_test(a_reader_sees_what_was_written),
		cmocka_unit_test(the_same_mail_has_the_same_bytes),
		cmocka_unit_test(hosts_and_senders_are_read),
		cmocka_unit_test(waits_grow_and_are_spread),
		cmocka_unit_test(wrong_settings_are_refused),
	};

	return cmocka_run_group_tests(tests, begin, NULL);
}
