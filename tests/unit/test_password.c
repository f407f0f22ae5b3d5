// links: identity_service
/* Hashes of passwords: right, wrong, nobody's; and no more at once than the setting says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "password.h"

static struct passwords *
with(const char *kib, const char *passes)
{
	struct config *config;
	struct passwords *passwords;

	setenv("VOUCH_ARGON2_MEMORY_KIB", kib, 1);
	setenv("VOUCH_ARGON2_PASSES", passes, 1);
	setenv("VOUCH_ARGON2_PARALLEL", "1", 1);
	assert_non_null(config = config_open(NULL));
	assert_non_null(passwords = passwords_open(config));
	config_close(config);
	return passwords;
}

static void
a_hash_fits_its_password_alone(void **state)
{
	struct passwords *passwords = with("64", "1"), *stronger = with("64", "2");
	struct arena arena = {0};
	struct call call = {.arena = &arena, .deadline_ms = clock_ms() + 60000};
	char *hash = password_hash(&call, passwords, "correct horse"),
	     *other = password_hash(&call, passwords, "correct horse");
	bool right;

	(void)state;
	assert_non_null(hash);
	assert_string_not_equal(hash, other); /* salt */
	assert_int_equal(strncmp(hash, "$argon2id$v=19$m=64,t=1,p=1$", 28), 0);
	assert_true(password_check(&call, passwords, hash, "correct horse", &right) && right);
	assert_true(password_check(&call, passwords, hash, "correct horsf", &right) && !right);
	assert_true(password_check(&call, passwords, hash, "", &right) && !right);
	assert_true(
	    password_check(&call, passwords, password_of_nobody(passwords), "correct horse", &right) &&
	    !right);
	assert_false(password_is_dated(passwords, password_of_nobody(passwords)));
	assert_false(password_is_dated(passwords, hash));
	assert_true(password_is_dated(stronger, hash));
	assert_true(password_check(&call, stronger, hash, "correct horse", &right) && right);
	assert_int_equal(call.status, VOUCH__STATUS__OK);
	passwords_close(passwords);
	passwords_close(stronger);
	arena_reset(&arena);
}

struct guest {
	struct passwords *passwords;
	pthread_barrier_t *together;
	Vouch__Status status;
	int32_t retry_ms;
};

static void *
hash_one(void *arg)
{
	struct guest *guest = arg;
	struct arena arena = {0};
	struct call call = {.arena = &arena};

	pthread_barrier_wait(guest->together);
	call.deadline_ms = clock_ms() + 520; /* all but half a second is for waiting */
	password_hash(&call, guest->passwords, "correct horse");
	guest->status = call.status;
	guest->retry_ms = call.retry_ms;
	arena_reset(&arena);
	return NULL;
}

static void
who_would_wait_past_the_deadline_is_refused(void **state)
{
	struct passwords *passwords = with("131072", "4"); /* far longer than they may wait */
	struct guest guests[3];
	pthread_barrier_t together;
	pthread_t threads[3];
	int done = 0, refused = 0;

	(void)state;
	assert_int_equal(pthread_barrier_init(&together, NULL, 3), 0);
	for (int i = 0; i < 3; i++) {
		guests[i] = (struct guest){.passwords = passwords, .together = &together};
		assert_int_equal(pthread_create(&threads[i], NULL, hash_one, &guests[i]), 0);
	}
	for (int i = 0; i < 3; i++) {
		pthread_join(threads[i], NULL);
		done += guests[i].status == VOUCH__STATUS__OK;
		refused += guests[i].status == VOUCH__STATUS__OVERLOADED && guests[i].retry_ms > 0;
	}
	assert_int_equal(done, 1);
	assert_int_equal(refused, 2);
	pthread_barrier_destroy(&together);
	passwords_close(passwords);
}

static int
begin(void **state)
{
	(void)state;
	return sodium_init() < 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hash_fits_its_password_alone),
		cmocka_unit_test(who_would_wait_past_the_deadline_is_refused),
	};

	return cmocka_run_group_tests(tests, begin, NULL);
}
