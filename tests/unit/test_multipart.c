/* multipart/form-data as it arrives (multipart.h): whatever the pieces, the same parts. */
// links: gateway_service
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "multipart.h"

/* What was told, as one text: "[name|file name|type]content." for each part. */
struct told {
	char text[4000];
	size_t len;
	bool refuses;
};

static void
tell(struct told *told, const char *data, size_t len)
{
	assert_true(told->len + len < sizeof(told->text));
	memcpy(told->text + told->len, data, len);
	told->len += len;
	told->text[told->len] = '\0';
}

static bool
begin(void *arg, const struct multipart_part *part)
{
	struct told *told = arg;
	char line[2000];

	if (told->refuses)
		return false;
	snprintf(line, sizeof(line), "[%s|%s|%s]", part->name, part->has_file_name ? part->file_name : "-",
	    part->type);
	tell(told, line, strlen(line));
	return true;
}

static bool
data(void *arg, const char *bytes, size_t len)
{
	tell(arg, bytes, len);
	return true;
}

static bool
end(void *arg)
{
	tell(arg, ".", 1);
	return true;
}

static const struct multipart_calls calls = {begin, data, end};

/* Pushes BODY in pieces of PIECE bytes; what was told goes to TOLD. True: taken, and complete. */
static bool
parse(const char *body, size_t len, size_t piece, struct told *told, const char **why)
{
	static struct multipart m;
	bool ok = multipart_start(&m, "AaB03x", &calls, told);

	told->len = 0;
	told->text[0] = '\0';
	assert_true(ok);
	for (size_t i = 0; ok && i < len; i += piece)
		ok = multipart_push(&m, body + i, len - i < piece ? len - i : piece);
	*why = m.why;
	return ok && multipart_complete(&m);
}

static void
the_same_parts_whatever_the_pieces(void **state)
{
	static const struct {
		const char *body, *told;
	} rows[] = {
		{"--AaB03x\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nMy lesson\r\n--AaB03x--\r\n",
			"[title|-|]My lesson."},
		{"--AaB03x\r\ncontent-disposition: FORM-DATA; name=a; filename=\"b\\\"c.pdf\"\r\nContent-Type: "
		 "application/pdf\r\n\r\n"
		 "%PDF\r\n--AaB03x\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n\r\n--AaB03x--",
			"[a|b\"c.pdf|application/pdf]%PDF.[x|-|]."},
		{"a preamble\r\n--AaB03x\r\nContent-Disposition: form-data; "
		 "name=\"a\"\r\n\r\n1\r\n--AaB03x--\r\nan epilogue --AaB03x",
			"[a|-|]1."},
		{"--AaB03x\r\nContent-Disposition: form-data; "
		 "name=\"a\"\r\n\r\n\r\n\r\n--AaB03\r\n--AaB03\r\r\n-\r\n--AaB03x--",
			"[a|-|]\r\n\r\n--AaB03\r\n--AaB03\r\r\n-."},
		{"--AaB03x\r\nContent-Disposition: form-data; name=\"a\"; filename=\"\"\r\nX-Other: "
		 "y\r\n\r\n\r\n--AaB03x--",
			"[a||]."},
		{"--AaB03x\r\nContent-Disposition: form-data; filename*=UTF-8''x; "
		 "name=\"a\"\r\n\r\n1\r\n--AaB03x--",
			"[a|-|]1."},
		{"--AaB03x--", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (size_t piece = 1; piece <= strlen(rows[i].body); piece++) {
			struct told told = {0};
			const char *why;

			if (!parse(rows[i].body, strlen(rows[i].body), piece, &told, &why))
				fail_msg(
				    "row %zu, pieces of %zu: %s", i, piece, why != NULL ? why : "incomplete");
			assert_string_equal(told.text, rows[i].told);
		}
}

static void
what_is_malformed_is_refused(void **state)
{
	static const char *const rows[] = {
		"",
		"--AaB03x",
		"--AaB03x\r\n",
		"nothing",
		"--AaB03x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1",
		"--AaB03x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--AaB03x",
		"--AaB03x\r\n\r\n1\r\n--AaB03x--",
		"--AaB03x\r\nContent-Type: a/b\r\n\r\n1\r\n--AaB03x--",
		"--AaB03x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--AaB03x--",
		"--AaB03x\r\nContent-Disposition: form-data; name=\"\"\r\n\r\n1\r\n--AaB03x--",
		"--AaB03x\r\nContent-Disposition: form-data; name=\"a\r\n\r\n1\r\n--AaB03x--",
		"--AaB03x\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\n1\r\n--AaB03x--",
		"--AaB03x\r\nContent-Disposition: form-data; name=a\r\nContent-Disposition: form-data; "
		"name=b\r\n\r\n1\r\n--AaB03x--",
		"--AaB03x\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n--AaB03x--",
		"--AaB03x\r\nContent-Disposition form-data; name=a\r\n\r\n1\r\n--AaB03x--",
		"--AaB03x\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: "
		"base64\r\n\r\n1\r\n--AaB03x--",
		"--AaB03x\r\nContent-Disposition: form-data; name=a\nX: y\r\n\r\n1\r\n--AaB03x--",
		"--AaB03xx\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--AaB03x--x",
		"--AaB03x-\r\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (size_t piece = 1; piece <= strlen(rows[i]) + 1; piece++) {
			struct told told = {0};
			const char *why;

			if (parse(rows[i], strlen(rows[i]), piece, &told, &why))
				fail_msg("taken: %s", rows[i]);
		}
}

static void
parts_heads_and_boundaries_are_bounded(void **state)
{
	static char body[400000];
	static struct multipart m;
	struct told told = {0};
	const char *why;
	size_t n = 0;

	(void)state;
	for (int i = 0; i < MULTIPART_PARTS_MAX + 1; i++)
		n += (size_t)sprintf(
		    body + n, "--AaB03x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n");
	n += (size_t)sprintf(body + n, "--AaB03x--");
	assert_false(parse(body, n, n, &told, &why));
	assert_non_null(why);

	n = (size_t)sprintf(body, "--AaB03x\r\nContent-Disposition: form-data; name=\"a\"\r\nX: ");
	memset(body + n, 'x', MULTIPART_HEAD_MAX);
	assert_false(parse(body, n + MULTIPART_HEAD_MAX, 100, &told, &why));
	assert_non_null(why);

	assert_false(multipart_start(&m, "", &calls, &told));
	assert_false(multipart_start(&m, "a b ", &calls, &told));
	assert_false(multipart_start(&m, "a\"b", &calls, &told));
	assert_false(multipart_start(
	    &m, "12345678901234567890123456789012345678901234567890123456789012345678901", &calls, &told));
	assert_true(multipart_start(
	    &m, "1234567890123456789012345678901234567890123456789012345678901234567890", &calls, &told));
}

static void
a_call_that_says_no_ends_it(void **state)
{
	static const char body[] =
	    "--AaB03x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--AaB03x--";
	struct told told = {.refuses = true};
	const char *why;

	(void)state;
	assert_false(parse(body, strlen(body), 7, &told, &why));
	assert_null(why);
	assert_string_equal(told.text, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_parts_whatever_the_pieces),
		cmocka_unit_test(what_is_malformed_is_refused),
		cmocka_unit_test(parts_heads_and_boundaries_are_bounded),
		cmocka_unit_test(a_call_that_says_no_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
