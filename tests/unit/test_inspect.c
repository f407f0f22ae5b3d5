// links: submission_checks
/*
 * test_inspect.c: the wall around the look at a file, from both sides: what the
 * program may not do, and what we make of one that was taken over (EVD-1).
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include "evidence.h"

/* A shell that reads its script from the file plays a program that was taken over. */
static struct inspection
taken_over(const char *script)
{
	struct inspection inspection;
	const char *why;
	int fd = to_file(script, strlen(script));

	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_true(inspect_file(&arena, "/bin/sh", fd, "-s", soon(WAIT_MS), &inspection, &why));
	close(fd);
	return inspection;
}

static void
a_program_that_was_taken_over_is_a_finding(void **state)
{
	static const char *const scripts[] = {
		"kill -SEGV $$",
		"echo nonsense",
		"",
		"echo '{}'",
		"head -c 70000 /dev/zero",
		"while :; do echo x; done",
		"echo "
		"'{\"type\":\"x\",\"verdict\":\"accept\",\"problems\":[{\"rule\":\"a\",\"message\":\"b\"}]}'",
		"echo '{\"type\":\"x\",\"verdict\":\"reject\",\"problems\":[]}'",
		"echo '{\"type\":\"x\",\"verdict\":\"fine\",\"problems\":[]}'",
		"echo "
		"'{\"type\":\"x\",\"verdict\":\"warn\",\"problems\":[{\"rule\":\"a\",\"message\":\"\\u202e\"}]}'",
		"echo '{\"type\":\"x\",\"type\":\"y\",\"verdict\":\"accept\",\"problems\":[]}'",
		"echo '{\"type\":\"x\",\"verdict\":\"accept\",\"problems\":[]}{}'",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		struct inspection inspection = taken_over(scripts[i]);

		if (inspection.verdict != INSPECT_REJECT || inspection.n_problems != 1 ||
		    strcmp(inspection.problems[0].rule, "unsafe") != 0)
			fail_msg("%s: %s", scripts[i], inspect_verdict_name(inspection.verdict));
		arena_reset(&arena);
	}
	assert_int_equal(taken_over("echo '{\"type\":\"x\",\"verdict\":\"accept\",\"problems\":[]}'").verdict,
	    INSPECT_ACCEPT);
}

static void
the_program_gets_nothing_of_ours(void **state)
{
	int secret = dup2(to_file("secret", 6), 57); /* without close-on-exec */

	(void)state;
	assert_int_equal(secret, 57);
	setenv("VOUCH_SECRET", "x", 1);
	struct inspection inspection = taken_over("[ -e /proc/$$/fd/57 ] || [ -n \"$VOUCH_SECRET\" ] || "
						  "echo "
						  "'{\"type\":\"x\",\"verdict\":\"accept\",\"problems\":[]}"
						  "'");
	unsetenv("VOUCH_SECRET");
	close(secret);
	assert_int_equal(inspection.verdict, INSPECT_ACCEPT);
}

static void
waiting_has_an_end(void **state)
{
	static const char script[] = "exec sleep 1000";
	struct inspection inspection;
	const char *why;
	int fd = to_file(script, strlen(script));

	(void)state;
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	int64_t start = soon(0);
	assert_true(inspect_file(&arena, "/bin/sh", fd, "-s", soon(100), &inspection, &why));
	assert_string_equal(inspection.problems[0].rule, "unsafe");
	assert_true(soon(0) - start < WAIT_MS);
	/* Nobody is left behind. */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	close(fd);
}

static void
a_missing_program_is_our_defect(void **state)
{
	struct inspection inspection;
	const char *why;
	int fd = to_file("plan", 4), ends[2];

	(void)state;
	assert_false(inspect_file(
	    &arena, "/nonexistent/vouch-inspect", fd, "a.txt", soon(WAIT_MS), &inspection, &why));
	assert_non_null(why);
	assert_false(inspect_file(&arena, "/bin/false", fd, "a.txt", soon(WAIT_MS), &inspection, &why));
	assert_int_not_equal(inspection.verdict, INSPECT_ACCEPT);
	close(fd);
	/* It refuses what is no file. */
	assert_int_equal(pipe(ends), 0);
	assert_false(inspect_file(&arena, program, ends[0], "a.txt", soon(WAIT_MS), &inspection, &why));
	close(ends[0]);
	close(ends[1]);
}

/* Runs vouch-inspect --try WHAT; true if that was refused. */
static bool
is_refused(const char *what)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		execl(program, program, "--try", what, (char *)NULL);
		_exit(9);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) || (WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void
the_sandbox_holds(void **state)
{
	(void)state;
	assert_true(is_refused("open"));
	assert_true(is_refused("write"));
	assert_true(is_refused("socket"));
	assert_true(is_refused("fork"));
	assert_true(is_refused("exec"));
	assert_true(is_refused("memory"));
	assert_true(is_refused("processor"));
	/* A word that nobody knows is neither: the test can fail. */
	assert_false(is_refused("nothing"));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_program_that_was_taken_over_is_a_finding, arena_end),
		cmocka_unit_test_teardown(the_program_gets_nothing_of_ours, arena_end),
		cmocka_unit_test_teardown(waiting_has_an_end, arena_end),
		cmocka_unit_test_teardown(a_missing_program_is_our_defect, arena_end),
		cmocka_unit_test_teardown(the_sandbox_holds, arena_end),
	};

	return cmocka_run_group_tests(tests, program_find, NULL);
}
