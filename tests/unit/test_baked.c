/* A credential in a picture: it is found again, and nothing else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "baked.h"
#include "seal.h"

#define TOKEN "eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJkaWQ6d2ViOngifQ.c2ln"

static struct arena arena;

/* The smallest PNG: a signature, a head, an end. */
static const uint8_t smallest[] = "\x89PNG\r\n\x1a\n"
				  "\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x8\2\0\0\0\x90wS\xde"
				  "\0\0\0\0IEND\xae"
				  "B`\x82";
enum { SMALLEST = sizeof(smallest) - 1, AT = 33 };

static ProtobufCBinaryData
small_png(void)
{
	return (ProtobufCBinaryData){SMALLEST, (uint8_t *)smallest};
}

static void
a_png_holds_it_in_its_second_chunk(void **state)
{
	ProtobufCBinaryData baked = baked_png(&arena, small_png(), TOKEN);
	uint32_t n, sum;

	(void)state;
	assert_non_null(baked.data);
	assert_memory_equal(baked.data, smallest, AT);
	assert_memory_equal(
	    baked.data + AT + 4, "iTXtopenbadgecredential\0\0\0\0\0" TOKEN, 4 + 24 + strlen(TOKEN));
	n = (uint32_t)baked.data[AT] << 24 | (uint32_t)baked.data[AT + 1] << 16 |
	    (uint32_t)baked.data[AT + 2] << 8 | baked.data[AT + 3];
	assert_int_equal(n, 24 + strlen(TOKEN));
	sum = (uint32_t)crc32(0, baked.data + AT + 4, n + 4);
	for (int i = 0; i < 4; i++)
		assert_int_equal(baked.data[AT + 8 + n + (uint32_t)i], sum >> (24 - 8 * i) & 255);
	assert_memory_equal(baked.data + AT + 12 + n, smallest + AT, SMALLEST - AT);
	assert_string_equal(baked_find(&arena, baked.data, baked.len), TOKEN);
}

static void
an_svg_holds_it_in_its_first_element(void **state)
{
	char *svg = baked_svg(&arena, "<svg width=\"1\"><path/></svg>", TOKEN);

	(void)state;
	assert_string_equal(svg,
	    "<svg xmlns:openbadges=\"https://purl.imsglobal.org/ob/v3p0\" width=\"1\">"
	    "<openbadges:credential verify=\"" TOKEN "\"/><path/></svg>");
	assert_string_equal(baked_find(&arena, (uint8_t *)svg, strlen(svg)), TOKEN);
}

static void
what_is_no_picture_is_not_baked(void **state)
{
	(void)state;
	assert_null(baked_png(&arena, (ProtobufCBinaryData){3, (uint8_t *)"GIF"}, TOKEN).data);
	assert_null(baked_svg(&arena, "<?xml version=\"1.0\"?><svg/>", TOKEN));
	assert_null(baked_svg(&arena, "<svg width", TOKEN));
}

static void
a_picture_that_is_cut_or_has_other_texts_holds_none(void **state)
{
	ProtobufCBinaryData baked = baked_png(&arena, small_png(), TOKEN);
	static const char open_end[] = "<svg><openbadges:credential verify=\"abc";

	(void)state;
	for (size_t len = 0; len < baked.len - 12; len++) /* the last chunk is not missed */
		assert_null(baked_find(&arena, baked.data, len < AT + 12 + 24 + strlen(TOKEN) ? len : 0));
	assert_null(baked_find(&arena, smallest, SMALLEST));
	baked.data[AT + 8 + 20] = 1; /* compressed */
	assert_null(baked_find(&arena, baked.data, baked.len));
	baked.data[AT + 8 + 20] = 0;
	baked.data[AT + 8] = 'O';
	assert_null(baked_find(&arena, baked.data, baked.len));
	baked.data[AT] = 0xff; /* longer than the file */
	assert_null(baked_find(&arena, baked.data, baked.len));
	assert_null(baked_find(&arena, (const uint8_t *)open_end, strlen(open_end)));
}

static void
a_seal_follows_from_its_name(void **state)
{
	char *one = seal_svg(&arena, "Reading Circles", 512),
	     *other = seal_svg(&arena, "Reading Circle", 512);

	(void)state;
	assert_string_equal(one, seal_svg(&arena, "Reading Circles", 512));
	assert_string_not_equal(strchr(strstr(one, "</title>"), '<'), strchr(strstr(other, "</title>"), '<'));
	assert_int_equal(strncmp(one, "<svg xmlns=", 11), 0);
	assert_string_equal(one + strlen(one) - 6, "</svg>");
	assert_non_null(
	    strstr(seal_svg(&arena, "a <b> & \x01\"c\"", 9), "<title>a &lt;b> &amp; \"c\"</title>"));
	assert_non_null(baked_svg(&arena, one, TOKEN));
}

static int
free_arena(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_png_holds_it_in_its_second_chunk, free_arena),
		cmocka_unit_test_teardown(an_svg_holds_it_in_its_first_element, free_arena),
		cmocka_unit_test_teardown(what_is_no_picture_is_not_baked, free_arena),
		cmocka_unit_test_teardown(a_picture_that_is_cut_or_has_other_texts_holds_none, free_arena),
		cmocka_unit_test_teardown(a_seal_follows_from_its_name, free_arena),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
