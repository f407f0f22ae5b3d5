/* The test clock: one offset for every process that maps the same file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "clock.h"
#include "instant.h"

static char folder[] = "/tmp/vouch-clock-XXXXXX";
static char path[64];

static int
make_folder(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/clock", folder);
	return 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	clock_open(NULL);
	unlink(path);
	return rmdir(folder);
}

static int
no_clock(void **state)
{
	(void)state;
	clock_open(NULL);
	unlink(path);
	return 0;
}

static void
without_the_setting_there_is_no_test_clock(void **state)
{
	(void)state;
	assert_true(clock_open(""));
	assert_int_equal(clock_offset(), 0);
	assert_false(clock_set_offset(1));
	assert_int_equal(clock_offset(), 0);
}

static void
the_clock_of_the_host_is_the_time(void **state)
{
	int64_t before = (int64_t)time(NULL), now = clock_host();

	(void)state;
	assert_true(now / INSTANT_SECOND >= before && now / INSTANT_SECOND <= (int64_t)time(NULL));
	assert_true(clock_host() >= now);
}

static void
a_new_clock_has_no_offset_and_takes_one(void **state)
{
	struct stat st;

	(void)state;
	assert_true(clock_open(path));
	assert_int_equal(clock_offset(), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, 8);
	assert_true(clock_set_offset(INT64_C(14) * DAY_SECONDS * INSTANT_SECOND));
	assert_int_equal(clock_offset(), INT64_C(1209600000000));
	assert_true(clock_set_offset(-5));
	assert_int_equal(clock_offset(), -5);
}

static void
an_offset_outlives_the_process_and_reaches_all_others(void **state)
{
	int to_child[2], from_child[2];
	char byte = 'x';
	int status;

	(void)state;
	assert_true(clock_open(path));
	assert_true(clock_set_offset(42));
	assert_int_equal(pipe(to_child) | pipe(from_child), 0);
	pid_t child = fork();
	if (child == 0) {
		/* A process of its own: opens the file, sees 42, sees the change, changes it. */
		bool ok = clock_open(path) && clock_offset() == 42;

		ok = write(from_child[1], &byte, 1) == 1 && read(to_child[0], &byte, 1) == 1 && ok;
		ok = ok && clock_offset() == 43 && clock_set_offset(44);
		_exit(ok ? 0 : 1);
	}
	assert_int_equal(read(from_child[0], &byte, 1), 1);
	assert_true(clock_set_offset(43));
	assert_int_equal(write(to_child[1], &byte, 1), 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(clock_offset(), 44);

	clock_open(NULL);
	assert_int_equal(clock_offset(), 0);
	assert_true(clock_open(path));
	assert_int_equal(clock_offset(), 44);
	for (int i = 0; i < 2; i++) {
		close(to_child[i]);
		close(from_child[i]);
	}
}

static void
time_stays_within_the_years_that_can_be_written(void **state)
{
	int64_t year = INT64_C(366) * DAY_SECONDS * INSTANT_SECOND;

	(void)state;
	assert_true(clock_open(path));
	assert_true(clock_set_offset(year * 1000));
	assert_false(clock_set_offset(INT64_MAX));
	assert_false(clock_set_offset(INT64_MIN));
	assert_false(clock_set_offset(year * 8000));
	assert_false(clock_set_offset(-year * 2100));
	assert_int_equal(clock_offset(), year * 1000);
}

static void
what_is_no_clock_is_not_opened(void **state)
{
	char link[80];
	FILE *file = fopen(path, "w");

	(void)state;
	fputs("not a clock", file);
	fclose(file);
	assert_false(clock_open(path));
	assert_false(clock_open(folder));
	assert_false(clock_open("/nonexistent/folder/clock"));
	assert_int_equal(clock_offset(), 0);

	snprintf(link, sizeof(link), "%s/link", folder);
	unlink(path);
	assert_int_equal(symlink(path, link), 0);
	assert_false(clock_open(link));
	unlink(link);
	assert_int_equal(access(path, F_OK), -1);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(without_the_setting_there_is_no_test_clock, no_clock),
		cmocka_unit_test_setup(the_clock_of_the_host_is_the_time, no_clock),
		cmocka_unit_test_setup(a_new_clock_has_no_offset_and_takes_one, no_clock),
		cmocka_unit_test_setup(an_offset_outlives_the_process_and_reaches_all_others, no_clock),
		cmocka_unit_test_setup(time_stays_within_the_years_that_can_be_written, no_clock),
		cmocka_unit_test_setup(what_is_no_clock_is_not_opened, no_clock),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
