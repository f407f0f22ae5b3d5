/* Fibers: linear code that is put aside in its middle, and gone on with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fiber.h"

enum { MANY = 32 };

struct counter {
	struct fiber *fiber;
	int steps, n;
};

static void
count(void *arg)
{
	struct counter *c = arg;

	for (int i = 0; i < c->steps; i++) {
		c->n++;
		fiber_pause(c->fiber);
	}
}

static void
each_goes_on_where_it_stood(void **state)
{
	struct counter counters[MANY] = {0};
	int alive = MANY;

	(void)state;
	for (int i = 0; i < MANY; i++) {
		counters[i] = (struct counter){.fiber = fiber_open(), .steps = i};
		assert_non_null(counters[i].fiber);
		fiber_start(counters[i].fiber, count, &counters[i]);
	}
	for (int round = 0; alive > 0; round++) {
		alive = 0;
		for (int i = 0; i < MANY; i++) {
			assert_int_equal(counters[i].n, i < round + 1 ? i : round + 1);
			if (fiber_is_paused(counters[i].fiber)) {
				fiber_resume(counters[i].fiber);
				alive++;
			}
		}
	}
	for (int i = 0; i < MANY; i++)
		fiber_close(counters[i].fiber);
}

/* Writes to a good part of the stack, so that it is all there, and is the fiber's own. */
static unsigned
dive(struct fiber *fiber, int depth)
{
	volatile unsigned char frame[4096];
	unsigned sum = 0;

	memset((unsigned char *)frame, depth, sizeof(frame));
	if (depth == 0)
		fiber_pause(fiber);
	else
		sum = dive(fiber, depth - 1);
	for (size_t i = 0; i < sizeof(frame); i += 512)
		sum += frame[i] == (unsigned char)depth;
	return sum;
}

struct diver {
	struct fiber *fiber;
	unsigned sum;
};

static void
dive_and_tell(void *arg)
{
	struct diver *d = arg;

	d->sum = dive(d->fiber, 50);
}

static void
stacks_are_deep_and_apart(void **state)
{
	struct diver divers[2] = {{.fiber = fiber_open()}, {.fiber = fiber_open()}};

	(void)state;
	for (int run = 0; run < 2; run++) { /* a fiber may run again */
		for (int i = 0; i < 2; i++)
			fiber_start(divers[i].fiber, dive_and_tell, &divers[i]);
		for (int i = 0; i < 2; i++) {
			fiber_resume(divers[i].fiber);
			assert_false(fiber_is_paused(divers[i].fiber));
			assert_int_equal(divers[i].sum, 51 * 8);
			divers[i].sum = 0;
		}
	}
	for (int i = 0; i < 2; i++)
		fiber_close(divers[i].fiber);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_goes_on_where_it_stood),
		cmocka_unit_test(stacks_are_deep_and_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
