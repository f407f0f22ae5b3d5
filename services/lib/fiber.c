#include "fiber.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "asan.h"

struct fiber {
	ucontext_t own, outside; /* where it stands, and where it was run from */
	char *map;               /* the guard page and the stack above it */
	size_t guard;
	void (*run)(void *arg);
	void *arg;
	bool is_paused;
	void *fake, *outside_fake; /* the address sanitizer's own stacks */
	const void *outside_stack;
	size_t outside_size;
};

/* The address sanitizer must know which stack is used. SAVE is NULL when the present one is not come back to. */
static void
leave(void **save, const void *stack, size_t size)
{
#ifdef HAS_ASAN
	__sanitizer_start_switch_fiber(save, stack, size);
#else
	(void)save, (void)stack, (void)size;
#endif
}

static void
enter(void *fake, const void **from, size_t *size)
{
#ifdef HAS_ASAN
	__sanitizer_finish_switch_fiber(fake, from, size);
#else
	(void)fake, (void)from, (void)size;
#endif
}

struct fiber *
fiber_open(void)
{
	struct fiber *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return NULL;
	f->guard = (size_t)sysconf(_SC_PAGESIZE);
	f->map = mmap(NULL, f->guard + FIBER_STACK, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
	if (f->map == MAP_FAILED || mprotect(f->map, f->guard, PROT_NONE) != 0) {
		if (f->map != MAP_FAILED)
			munmap(f->map, f->guard + FIBER_STACK);
		free(f);
		return NULL;
	}
	return f;
}

void
fiber_close(struct fiber *f)
{
	if (f == NULL)
		return;
	assert(!f->is_paused);
	munmap(f->map, f->guard + FIBER_STACK);
	free(f);
}

/* makecontext() passes ints; the address goes as two of them. */
static void
begin(unsigned high, unsigned low)
{
	struct fiber *f = (struct fiber *)((uintptr_t)high << 32 | low);

	enter(NULL, &f->outside_stack, &f->outside_size);
	f->run(f->arg);
	f->is_paused = false;
	leave(NULL, f->outside_stack, f->outside_size);
	setcontext(&f->outside);
	abort(); /* it does not come back */
}

/* From outside into the fiber, and back when it pauses or ends. */
static void
go(struct fiber *f)
{
	leave(&f->outside_fake, f->map + f->guard, FIBER_STACK);
	if (swapcontext(&f->outside, &f->own) != 0)
		abort();
	enter(f->outside_fake, NULL, NULL);
}

void
fiber_start(struct fiber *f, void (*run)(void *arg), void *arg)
{
	uintptr_t at = (uintptr_t)f;

	assert(!f->is_paused);
	if (getcontext(&f->own) != 0)
		abort();
	f->own.uc_stack.ss_sp = f->map + f->guard;
	f->own.uc_stack.ss_size = FIBER_STACK;
	f->own.uc_link = NULL;
	f->run = run;
	f->arg = arg;
	f->is_paused = true;
	/* What an earlier run has poisoned of this stack means nothing any more. */
	UNPOISON(f->map + f->guard, FIBER_STACK);
	makecontext(&f->own, (void (*)(void))begin, 2, (unsigned)(at >> 32), (unsigned)at);
	go(f);
}

void
fiber_resume(struct fiber *f)
{
	assert(f->is_paused);
	go(f);
}

void
fiber_pause(struct fiber *f)
{
	leave(&f->fake, f->outside_stack, f->outside_size);
	if (swapcontext(&f->own, &f->outside) != 0)
		abort();
	enter(f->fake, &f->outside_stack, &f->outside_size);
}

bool
fiber_is_paused(const struct fiber *f)
{
	return f->is_paused;
}
