/* Arenas: what is asked for is there, nothing past the ceiling, and what is given back is used again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "arena.h"

static size_t
blocks(const struct arena *arena)
{
	/* A block begins with the pointer to the next one. */
	size_t n = 0;

	for (const void *b = arena->blocks; b != NULL; memcpy(&b, b, sizeof(b)))
		n++;
	return n;
}

static void
memory_is_zeroed_aligned_and_apart(void **state)
{
	struct arena arena = {0};
	unsigned char *pieces[400];

	(void)state;
	for (size_t i = 0; i < 400; i++) {
		pieces[i] = arena_alloc(&arena, i);
		assert_non_null(pieces[i]);
		assert_int_equal((uintptr_t)pieces[i] % 16, 0);
		for (size_t k = 0; k < i; k++)
			assert_int_equal(pieces[i][k], 0);
		memset(pieces[i], (int)i, i);
	}
	for (size_t i = 0; i < 400; i++)
		for (size_t k = 0; k < i; k++)
			assert_int_equal(pieces[i][k], (unsigned char)i);
	assert_ptr_not_equal(pieces[0], pieces[1]); /* nothing has a place of its own too */
	arena_reset(&arena);
	assert_int_equal(arena.used, 0);
}

static void
a_ceiling_ends_a_request_and_not_more(void **state)
{
	struct arena arena = {.max = 1000};

	(void)state;
	assert_null(arena_alloc(&arena, 1001));
	assert_null(arena_alloc(&arena, SIZE_MAX));
	assert_null(arena_dup(&arena, "x", SIZE_MAX));
	assert_non_null(arena_alloc(&arena, 600));
	assert_null(arena_alloc(&arena, 600));
	assert_non_null(arena_alloc(&arena, 300));

	arena_reset(&arena);
	assert_non_null(arena_alloc(&arena, 1000));
	assert_null(arena_alloc(&arena, 1));
	arena_reset(&arena);
}

static void
an_arena_without_a_ceiling_has_the_common_one(void **state)
{
	struct arena arena = {0};
	size_t got = 0;

	(void)state;
	while (got <= ARENA_MAX && arena_alloc(&arena, 1 << 20) != NULL)
		got += 1 << 20;
	assert_int_equal(got, ARENA_MAX);
	arena_reset(&arena);
}

static void
texts_are_copied_with_their_end(void **state)
{
	struct arena arena = {0};
	char *copy = arena_dup(&arena, "overview and more", 8);

	(void)state;
	assert_string_equal(copy, "overview");
	assert_string_equal(arena_dup(&arena, NULL, 0), "");
	assert_string_equal(arena_printf(&arena, "%s[%d]", copy, 7), "overview[7]");
	assert_string_equal(arena_printf(&arena, "%s", ""), "");
	arena_reset(&arena);
}

static void
what_was_given_since_a_mark_goes_back(void **state)
{
	struct arena arena = {.max = 1 << 20};
	char *kept = arena_dup(&arena, "kept", 4);
	struct arena_mark mark = arena_mark(&arena);
	size_t used = arena.used;
	void *first = arena_alloc(&arena, 100);

	(void)state;
	arena_alloc(&arena, 100000);
	arena_rewind(&arena, mark);
	assert_int_equal(arena.used, used);
	assert_string_equal(kept, "kept");
	assert_ptr_equal(arena_alloc(&arena, 100), first); /* the same memory again ... */
	for (size_t i = 0; i < 100; i++)
		assert_int_equal(((char *)first)[i], 0); /* ... and zeroed again */

	/* A mark of an empty arena takes back everything. */
	arena_rewind(&arena, (struct arena_mark){0});
	assert_null(arena.blocks);
	assert_int_equal(arena.used, 0);
	arena_reset(&arena);
}

static void
a_loop_that_rewinds_takes_no_more_than_its_largest_turn(void **state)
{
	struct arena arena = {.max = 100000};
	struct arena_mark mark;

	(void)state;
	arena_alloc(&arena, 10000);
	mark = arena_mark(&arena);
	for (int i = 0; i < 1000; i++) {
		assert_non_null(arena_alloc(&arena, 30000));
		assert_non_null(arena_alloc(&arena, 12000));
		arena_rewind(&arena, mark);
	}
	assert_int_equal(blocks(&arena), 1);
	arena_reset(&arena);
}

static void
the_next_call_finds_a_block_ready(void **state)
{
	struct arena arena = {0};
	void *first = arena_alloc(&arena, 100);

	(void)state;
	for (int i = 0; i < 100; i++) {
		arena_alloc(&arena, 5000);
		arena_alloc(&arena, 50000);
		arena_reuse(&arena);
		assert_int_equal(arena.used, 0);
		assert_non_null(arena.spare);
	}
	/* Which of its blocks is kept is not said, but that it is used is. */
	assert_non_null(first);
	void *kept = arena.spare;
	arena_alloc(&arena, 100);
	assert_ptr_equal(arena.blocks, kept);
	assert_null(arena.spare);
	arena_reset(&arena);
	assert_null(arena.blocks);
	assert_null(arena.spare);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_zeroed_aligned_and_apart),
		cmocka_unit_test(a_ceiling_ends_a_request_and_not_more),
		cmocka_unit_test(an_arena_without_a_ceiling_has_the_common_one),
		cmocka_unit_test(texts_are_copied_with_their_end),
		cmocka_unit_test(what_was_given_since_a_mark_goes_back),
		cmocka_unit_test(a_loop_that_rewinds_takes_no_more_than_its_largest_turn),
		cmocka_unit_test(the_next_call_finds_a_block_ready),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
