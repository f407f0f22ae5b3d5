/* Ids and codes: their shapes, their order, and that a code notices every slip of one hand. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "id.h"
#include "instant.h"

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static struct arena arena;

static struct call
call_at(const char *now)
{
	struct call call = {.arena = &arena};

	assert_true(instant_parse(now, &call.now));
	return call;
}

static int
free_arena(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

/* ---- ids ---- */

static void
an_id_is_a_uuid_of_version_7_with_the_time_of_the_call(void **state)
{
	struct call call = call_at("2022-02-22T19:22:22Z"); /* the example of RFC 9562, A.6 */
	char *id = id_new(&call);

	(void)state;
	assert_true(id_is_uuid(id));
	assert_memory_equal(id, "017f22e2-79b0-7000-", 19);
	assert_non_null(strchr("89ab", id[19]));
}

static void
later_calls_have_greater_ids(void **state)
{
	static const char *const times[] = {"1970-01-01T00:00:00Z", "2026-11-24T17:00:00.000000Z",
		"2026-11-24T17:00:00.000001Z", "2026-11-24T17:00:00.000999Z", "2026-11-24T17:00:00.001000Z",
		"2026-11-24T17:00:01Z", "2040-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"};
	char *before = NULL;

	(void)state;
	for (size_t i = 1; i < sizeof(times) / sizeof(times[0]); i++) {
		struct call call = call_at(times[i]);
		char *id = id_new(&call);

		assert_true(before == NULL || strcmp(before, id) < 0);
		before = id;
	}
}

static void
a_call_that_knows_no_time_yet_takes_the_clock_of_the_host(void **state)
{
	struct call call = {.arena = &arena}, then = call_at("2020-01-01T00:00:00Z");

	(void)state;
	assert_true(strcmp(id_new(&then), id_new(&call)) < 0);
}

enum { THREADS = 4, EACH = 5000 };

static void *
make_ids(void *out)
{
	struct arena own = {0};
	struct call call = {.arena = &own, .now = INT64_C(1795539600000000)};
	char(*ids)[37] = out;

	for (int i = 0; i < EACH; i++) {
		strcpy(ids[i], id_new(&call));
		arena_reuse(&own);
	}
	arena_reset(&own);
	return NULL;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void
ids_of_one_instant_differ_whatever_the_thread(void **state)
{
	static char ids[THREADS * EACH][37];
	pthread_t threads[THREADS];

	(void)state;
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, make_ids, ids[i * EACH]), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	qsort(ids, THREADS * EACH, sizeof(ids[0]), by_text);
	for (int i = 1; i < THREADS * EACH; i++)
		assert_string_not_equal(ids[i - 1], ids[i]);
}

static void
an_id_of_the_api_carries_its_issuer(void **state)
{
	struct call call = {.arena = &arena};
	const char *uuid = "0198c0de-0000-7000-8000-000000000001";

	(void)state;
	assert_string_equal(
	    id_join(&call, "riverbend", uuid), "riverbend~0198c0de-0000-7000-8000-000000000001");
	assert_string_equal(id_uuid("riverbend~0198c0de-0000-7000-8000-000000000001"), uuid);
	assert_string_equal(id_uuid(uuid), uuid);
	assert_string_equal(id_uuid(""), "");
	assert_string_equal(id_uuid(NULL), "");
	arena.max = arena.used; /* full */
	assert_null(id_new(&call));
	assert_null(id_join(&call, "riverbend", uuid));
	arena.max = 0;
}

static void
shapes_of_ids_are_told_apart(void **state)
{
	static const struct {
		const char *text;
		bool uuid, slug, joined;
	} rows[] = {
		{"0198c0de-0000-7000-8000-000000000001", true, true, false}, /* a slug may look like that */
		{"0198C0DE-0000-7000-8000-00000000000F", true, false, false},
		{"0198c0de-0000-7000-8000-00000000000", false, true, false},
		{"0198c0de-0000-7000-8000-0000000000012", false, true, false},
		{"0198c0de00007000800000000000000001", false, true, false},
		{"0198c0de-0000-7000-8000-00000000000g", false, true, false},
		{"{0198c0de-0000-7000-8000-00000000001}", false, false, false},
		{"", false, false, false},
		{"-", false, false, false},
		{"ab", false, false, false},
		{"abc", false, true, false},
		{"a-b", false, true, false},
		{"-ab", false, false, false},
		{"ab-", false, false, false},
		{"Abc", false, false, false},
		{"a_c", false, false, false},
		{"a c", false, false, false},
		{"1-2", false, true, false},
		{"b\xc3\xbc"
		 "cher",
			false, false, false},
		{"abcdefghijklmnopqrstuvwxyz-0123456789-ab", false, true, false},
		{"abcdefghijklmnopqrstuvwxyz-0123456789-abc", false, false, false},
		{"riverbend~0198c0de-0000-7000-8000-000000000001", false, false, true},
		{"riverbend~", false, false, false},
		{"~0198c0de-0000-7000-8000-000000000001", false, false, false},
		{"ab~0198c0de-0000-7000-8000-000000000001", false, false, false},
		{"riverbend~0198c0de-0000-7000-8000-000000000001 ", false, false, false},
		{"riverbend~riverbend~0198c0de-0000-7000-8000-000000000001", false, false, false},
		{"Riverbend~0198c0de-0000-7000-8000-000000000001", false, false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (id_is_uuid(rows[i].text) != rows[i].uuid || id_is_slug(rows[i].text) != rows[i].slug ||
		    id_is_joined(rows[i].text) != rows[i].joined)
			fail_msg("%s", rows[i].text);
	}
	assert_true(slug_fits("abcdefghijklmnopqrstuvwxyz-0123456789-abc", 120));
	assert_false(slug_fits("abcd", 3));
}

/* ---- codes ---- */

static enum code_result
read_code(const char *text)
{
	char out[CODE_SIZE];

	return code_read(text, out);
}

static void
new_codes_have_their_form_and_read_back(void **state)
{
	char code[CODE_SIZE], out[CODE_SIZE], before[CODE_SIZE] = "";

	(void)state;
	for (int i = 0; i < 2000; i++) {
		code_new(code);
		assert_int_equal(strlen(code), 13);
		assert_memory_equal(code, "V-", 2);
		assert_int_equal(code[6], '-');
		assert_int_equal(code[11], '-');
		assert_int_equal(code_read(code, out), CODE_OK);
		assert_string_equal(code, out);
		assert_string_not_equal(code, before);
		strcpy(before, code);
	}
}

static void
codes_are_read_as_people_write_them(void **state)
{
	static const char *const spellings[] = {"V-7K3M-92QX-5", "v-7k3m-92qx-5", "V7K3M92QX5", "v7k3m92qx5",
		"V 7K3M 92QX 5", "  V-7K3M-92QX-5\n", "V - 7K3M - 92QX - 5", "V-7K3M92QX-5",
		"V-7 K3 M9-2Q X5", "V\u20117K3M\u201192QX\u20115", "V\u00a07K3M\u201392QX\u22125",
		"     V7K3M92QX5      "};
	static const char *const others[] = {"", "V", "-", "V-7K3M-92QX", "V-7K3M-92QX-55", "7K3M-92QX-5",
		"W-7K3M-92QX-5", "V-7K3M-92QX-5.", "V_7K3M_92QX_5", "V-7K3M-92QX----5", "V-7K3M-92Q\u00e9-5",
		"V-7K3M-92QX-5 V-7K3M-92QX-5"};
	char out[CODE_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		if (code_read(spellings[i], out) != CODE_OK)
			fail_msg("\"%s\" is not read", spellings[i]);
		assert_string_equal(out, "V-7K3M-92QX-5");
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (read_code(others[i]) != CODE_NONE)
			fail_msg("\"%s\" is taken for a code", others[i]);
}

static void
letters_that_look_like_digits_are_those_digits(void **state)
{
	char code[CODE_SIZE], out[CODE_SIZE], text[CODE_SIZE];
	int seen = 0;

	(void)state;
	for (int i = 0; i < 5000 && seen < 200; i++) {
		code_new(code);
		strcpy(text, code);
		for (char *c = text + 1; *c != '\0'; c++) {
			seen += *c == '0' || *c == '1';
			*c = (char)(*c == '0' ? "oO"[i & 1] : *c == '1' ? "IiLl"[i & 3] : *c);
		}
		assert_int_equal(code_read(text, out), CODE_OK);
		assert_string_equal(code, out);
	}
	assert_true(seen >= 200);
}

static void
a_letter_that_no_code_has_is_a_wrong_character(void **state)
{
	(void)state;
	assert_int_equal(read_code("V-7K3M-92QU-5"), CODE_WRONG);
	assert_int_equal(read_code("V-7K3M-92QX-U"), CODE_WRONG);
}

/*
 * The check is a sum over the places, so what a slip does to it depends on the
 * places and on the difference alone: zeros elsewhere stand for all codes. That
 * it is such a sum is shown by every_slip_in_some_thousand_codes_is_noticed().
 */
static void
every_slip_is_noticed_wherever_it_happens(void **state)
{
	static const int places[] = {2, 3, 4, 5, 7, 8, 9, 10, 12};
	char base[CODE_SIZE], text[CODE_SIZE];

	(void)state;
	for (size_t p = 0; p < 9; p++)
		for (int a = 0; a < 32; a++) {
			char check;

			/* The one code that has A at place P and zeros elsewhere in front of its check. */
			strcpy(base, "V-0000-0000-0");
			base[places[p]] = alphabet[a];
			for (int c = 0; p < 8 && c < 32; c++) {
				base[12] = alphabet[c];
				if (read_code(base) == CODE_OK)
					break;
			}
			check = base[12];
			if (p == 8 && a != 0) { /* a wrong check character */
				assert_int_equal(read_code(base), CODE_WRONG);
				continue;
			}
			assert_int_equal(read_code(base), CODE_OK);

			/* Every other character in that place. */
			for (int b = 0; b < 32; b++) {
				strcpy(text, base);
				text[places[p]] = alphabet[b];
				assert_int_equal(read_code(text), b == a ? CODE_OK : CODE_WRONG);
			}
			/* A different check fits no second time. */
			for (int c = 0; p < 8 && c < 32; c++) {
				strcpy(text, base);
				text[12] = alphabet[c];
				assert_int_equal(
				    read_code(text), alphabet[c] == check ? CODE_OK : CODE_WRONG);
			}
		}
}

static void
every_pair_of_swapped_neighbours_is_noticed(void **state)
{
	static const int places[] = {2, 3, 4, 5, 7, 8, 9, 10, 12};
	char text[CODE_SIZE];
	int n = 0;

	(void)state;
	for (size_t p = 0; p < 8; p++)
		for (int a = 0; a < 32; a++)
			for (int b = 0; b < 32; b++) {
				int left = places[p], right = places[p + 1];

				strcpy(text, "V-0000-0000-0");
				text[left] = alphabet[a];
				text[right] = alphabet[b];
				/* Make it a code by a character that is not swapped. */
				int free_place = p < 7 ? 12 : 2;
				for (int c = 0; c < 32; c++) {
					text[free_place] = alphabet[c];
					if (read_code(text) == CODE_OK)
						break;
				}
				assert_int_equal(read_code(text), CODE_OK);
				text[left] = alphabet[b];
				text[right] = alphabet[a];
				assert_int_equal(read_code(text), a == b ? CODE_OK : CODE_WRONG);
				n++;
			}
	assert_int_equal(n, 8 * 32 * 32);
}

static void
every_slip_in_some_thousand_codes_is_noticed(void **state)
{
	static const int places[] = {2, 3, 4, 5, 7, 8, 9, 10, 12};
	char code[CODE_SIZE], text[CODE_SIZE];

	(void)state;
	for (int i = 0; i < 2000; i++) {
		code_new(code);
		for (size_t p = 0; p < 9; p++) {
			for (int b = 0; b < 32; b++) {
				strcpy(text, code);
				text[places[p]] = alphabet[b];
				assert_int_equal(
				    read_code(text), strcmp(text, code) == 0 ? CODE_OK : CODE_WRONG);
			}
			if (p == 8 || code[places[p]] == code[places[p + 1]])
				continue;
			strcpy(text, code);
			text[places[p]] = code[places[p + 1]];
			text[places[p + 1]] = code[places[p]];
			assert_int_equal(read_code(text), CODE_WRONG);
		}
	}
}

static void
codes_are_found_in_running_text(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		bool wrong;
	} rows[] = {
		{"", 0, false},
		{"When will V-7K3M-92QX-5 be decided?", 1, false},
		{"when will v7k3m92qx5 be decided", 1, false},
		{"(V 7K3M 92QX 5)", 1, false},
		{"V-7K3M-92QX-5", 1, false},
		{"V-7K3M-92QX-5, v-7k3m-92qx-5 and V7K3M92QX5", 1, false}, /* the same one */
		{"My code is V-7K3M-\n92QX-5", 1, false},
		{"V-7K3M-92QX-6", 0, true},
		{"v7k3m92qx6", 0, true},
		{"V-7K3M-92XQ-5 is mine", 0, true},
		{"V-7K3M-92XQ-5 or V-7K3M-92QX-5", 1, true},
		{"xV-7K3M-92QX-5", 0, false}, /* joined to a word */
		{"V-7K3M-92QX-5a", 0, false},
		{"V-7K3M-92QX", 0, false},
		{"visibility, volunteers, vocabulary, vegetarian and Vladivosto", 0, false},
		{"The v have been a bit odd. V FOUR FIVE X.", 0, false},
		{"v 2024 2025 x was a small v before numbers", 0, false},
		{"version v1.2.3, v10, V8, v2024-11", 0, false},
		{"\xff\xfeV-7K3M-92QX-5\xff", 1, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char out[4][CODE_SIZE];
		bool wrong = !rows[i].wrong;
		size_t n = code_find(rows[i].text, out, 4, &wrong);

		if (n != rows[i].n || wrong != rows[i].wrong)
			fail_msg("\"%s\": %zu codes, wrong %d", rows[i].text, n, wrong);
		if (n > 0)
			assert_string_equal(out[0], "V-7K3M-92QX-5");
	}
}

static void
no_more_codes_are_given_than_there_is_room_for(void **state)
{
	char text[2000] = "", out[3][CODE_SIZE];
	bool wrong;

	(void)state;
	for (int i = 0; i < 100; i++) {
		code_new(text + strlen(text));
		strcat(text, ", ");
	}
	assert_int_equal(code_find(text, out, 3, &wrong), 3);
	assert_int_equal(code_find(text, out, 0, &wrong), 0);
	assert_false(wrong);
	assert_memory_equal(out[0], text, 13);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_id_is_a_uuid_of_version_7_with_the_time_of_the_call),
		cmocka_unit_test(later_calls_have_greater_ids),
		cmocka_unit_test(a_call_that_knows_no_time_yet_takes_the_clock_of_the_host),
		cmocka_unit_test(ids_of_one_instant_differ_whatever_the_thread),
		cmocka_unit_test(an_id_of_the_api_carries_its_issuer),
		cmocka_unit_test(shapes_of_ids_are_told_apart),
		cmocka_unit_test(new_codes_have_their_form_and_read_back),
		cmocka_unit_test(codes_are_read_as_people_write_them),
		cmocka_unit_test(letters_that_look_like_digits_are_those_digits),
		cmocka_unit_test(a_letter_that_no_code_has_is_a_wrong_character),
		cmocka_unit_test(every_slip_is_noticed_wherever_it_happens),
		cmocka_unit_test(every_pair_of_swapped_neighbours_is_noticed),
		cmocka_unit_test(every_slip_in_some_thousand_codes_is_noticed),
		cmocka_unit_test(codes_are_found_in_running_text),
		cmocka_unit_test(no_more_codes_are_given_than_there_is_room_for),
	};

	return cmocka_run_group_tests(tests, NULL, free_arena);
}
