/* The shapes that rule.proto may ask of a string, as tables of what has them and what has not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "check.h"

static const char an_id[] = "riverbend~0198c0de-0000-7000-8000-000000000001";
static const char a_uuid[] = "0198c0de-0000-7000-8000-000000000001";

static void
every_form_in_the_proto_files_is_known(void **state)
{
	size_t n = 0;

	(void)state;
	for (const struct message_bounds *m = message_bounds; m->type != NULL; m++)
		for (unsigned i = 0; i < m->type->n_fields; i++) {
			const char *form = m->fields[i].form;

			if (form[0] != '\0' && !check_form_exists(form))
				fail_msg("%s.%s: there is no form \"%s\"", m->type->name,
				    m->type->fields[i].name, form);
			n += form[0] != '\0';
		}
	assert_true(n > 50);
	assert_false(check_form_exists(""));
	assert_false(check_form_exists("sluG"));
}

static const struct {
	const char *form;
	const char *yes[24], *no[40];
} forms[] = {
	{"id", {an_id},
		{a_uuid, "riverbend", "~", "riverbend~x", "River~0198c0de-0000-7000-8000-000000000001"}},
	{"uuid", {a_uuid, "FFFFFFFF-ffff-4fff-8fff-ffffffffffff"},
		{an_id, "0198c0de", "0198c0de-0000-7000-8000-00000000000 "}},
	{"slug", {"abc", "river-bend", "0-0", "a23456789b123456789c123456789d123456789e"},
		{"ab", "-abc", "abc-", "Abc", "a_b", "a b", "*",
			"a23456789b123456789c123456789d123456789ef"}},
	{"scope", {"*", "riverbend"}, {"**", "-", "ab", " *"}},
	{"email",
		{"a@b.example", "gil.o'neil+x@mail.example.org", "x_1-2=3@a-b.example", "1@2.example",
			"a23456789b123456789c123456789d123456789e123456789f123456789g1234@b.example",
			"a@xn--bcher-kva.example"},
		{"a", "@", "a@", "@b.example", "a@b", "a@@b.example", "a@b@c.example", "a b@c.example",
			"a@b c.example", ".a@b.example", "a.@b.example", "a..b@c.example", "a@.example",
			"a@b..example", "a@b.example.", "a@-b.example", "a@b-.example", "a@b.1",
			"a@127.0.0.1", "a@[127.0.0.1]", "\"a b\"@c.example", "a(b)@c.example",
			"Gil <a@b.example>", "a@b_c.example", "a,b@c.example", "a;b@c.example",
			"a\\b@c.example", "a@b.example\n", "a@b.example\nBcc:c@d.example",
			"\xc3\xa9@b.example", "a@b\xc3\xa9.example",
			"a23456789b123456789c123456789d123456789e123456789f123456789g12345@b.example",
			"a@b23456789c123456789d123456789e123456789f123456789g123456789h1234.example"}},
	{"url",
		{"http://a", "https://a.example/", "HTTPS://A.example:8443/x?y=z#w", "http://127.0.0.1:80",
			"http://[::1]:8080/x",
			"https://a.example/Gr\xc3\xb6\xc3\x9f"
			"e",
			"https://b\xc3\xbc"
			"cher.example",
			"http://a?x", "http://a#x", "https://a.example/@me",
			"https://a.example/x(y)_{z}|'w'"},
		{"a.example", "//a.example", "ftp://a.example", "javascript:alert(1)", "data:text/html,x",
			"http:/a", "http:a", "http://", "https:///x", "http://?x", "http://me@a.example",
			"http://me:pw@a.example/", "http://a.example@evil.example", "http://a b",
			"http://a/b c", "http://a/\"", "http://a/<b>", "http://a\\b", "http://a/\n",
			"http://a/\x7f", " http://a", "http://a:0", "http://a:", "http://a:65536",
			"http://a:99999999999999999999", "http://a:80x", "http://:80", "http://[::1",
			"http://[::1]x", "http://[x]", "http://%61", "http://.a", "http://[]",
			"http://a[b]"}},
	{"date", {"2026-11-24", "2024-02-29", "0001-01-01"},
		{"2026-11-31", "2023-02-29", "2026-1-1", "2026-11-24 ", "24.11.2026",
			"2026-11-24T00:00:00Z"}},
	{"time_zone", {"Europe/Berlin", "America/New_York", "UTC"},
		{"Europe/Atlantis", "+01:00", "CET-1", "../etc/passwd", "europe/berlin", "localtime"}},
	{"language", {"en", "pt-BR", "zh-Hant-TW", "de-1996", "ast", "es-419", "sl-rozaj-biske", "en-x-y"},
		{"e", "en_US", "en-", "-en", "en--US", "12", "e1", "english-languages", "en US",
			"abcdefghi"}},
	{"colour", {"#2a3c94", "#FFFFFF"},
		{"2a3c94", "#2a3c9", "#2a3c944", "#2a3c9g", "blue", "#", "rgb(0,0,0)"}},
	{"word", {"a", "met_all", "x9"}, {"A", "9x", "_a", "met all", "met-all", "m\xc3\xa9t"}},
	{"part", {"overview", "work_examples", "reflection"}, {"Overview", "part1", "reflection "}},
	{"sha256", {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{"E3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "e3b0",
			"../../../etc/passwd",
			"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8555"}},
	{"code", {"V-7K3M-92QX-5", "v7k3m92qx5"}, {"V-7K3M-92QX-6", "V", "x"}},
};

static void
forms_are_as_they_are_described(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		for (size_t k = 0; k < 24 && forms[i].yes[k] != NULL; k++)
			if (!check_form(forms[i].form, forms[i].yes[k], 0))
				fail_msg("%s refuses \"%s\"", forms[i].form, forms[i].yes[k]);
		for (size_t k = 0; k < 40 && forms[i].no[k] != NULL; k++)
			if (check_form(forms[i].form, forms[i].no[k], 0))
				fail_msg("%s takes \"%s\"", forms[i].form, forms[i].no[k]);
	}
}

static void
a_mail_address_ends_at_254_bytes(void **state)
{
	char text[300];

	(void)state;
	/* 64 + @ + 3 labels of 61 and their dots + "abc" = 254 */
	snprintf(text, sizeof(text), "%064d@%060da.%060db.%060dc.abc", 1, 1, 1, 1);
	assert_int_equal(strlen(text), 254);
	assert_true(check_form("email", text, 0));
	strcat(text, "d");
	assert_false(check_form("email", text, 0));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_form_in_the_proto_files_is_known),
		cmocka_unit_test(forms_are_as_they_are_described),
		cmocka_unit_test(a_mail_address_ends_at_254_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
