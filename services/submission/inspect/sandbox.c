#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <locale.h>
#include <seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* The sanitizers of test builds need address space and memory without end. */
#if defined(__SANITIZE_ADDRESS__)
enum { IS_SANITIZED = 1 };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
enum { IS_SANITIZED = 1 };
#else
enum { IS_SANITIZED = 0 };
#endif
#else
enum { IS_SANITIZED = 0 };
#endif

/* Looking for leaks at the end would need another process; the kernel takes all back anyway. */
const char *__asan_default_options(void); /* NOLINT(bugprone-reserved-identifier): the name is ASan's */

const char *
__asan_default_options(void) /* NOLINT(bugprone-reserved-identifier) */
{
	return "detect_leaks=0";
}

/* Bytes of address space that the program and its libraries have. */
static size_t
space_used(void)
{
	char line[128] = "";
	FILE *f = fopen("/proc/self/statm", "re");

	if (f == NULL)
		return 0;
	if (fgets(line, sizeof(line), f) == NULL)
		line[0] = '\0';
	fclose(f);
	return (size_t)strtoul(line, NULL, 10) * (size_t)sysconf(_SC_PAGESIZE);
}

static bool
limit(int what, rlim_t value)
{
	struct rlimit rlimit = {value, value};

	return setrlimit((__rlimit_resource_t)what, &rlimit) == 0;
}

static bool
limits_set(void)
{
	/* The file is mapped already, and counted as used. */
	size_t space = space_used() + SANDBOX_MEMORY_MAX;

	if (!IS_SANITIZED && (!limit(RLIMIT_AS, space) || !limit(RLIMIT_DATA, SANDBOX_MEMORY_MAX)))
		return false;
	return limit(RLIMIT_CPU, SANDBOX_SECONDS_MAX) && limit(RLIMIT_FSIZE, SANDBOX_OUTPUT_MAX) &&
	    limit(RLIMIT_CORE, 0) && limit(RLIMIT_NOFILE, 3) && limit(RLIMIT_NPROC, 0) &&
	    limit(RLIMIT_MEMLOCK, 0);
}

/*
 * Refuses every right to files that the kernel knows. The rights of a version
 * are the lowest bits: 13 in version 1, one more in 2, 3 and 5.
 */
static void
landlock_enter(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	struct landlock_ruleset_attr rules = {0};

	if (version < 1)
		return;
	int rights = 13 + (version >= 2) + (version >= 3) + (version >= 5);
	rules.handled_access_fs = (1ULL << rights) - 1;
	int fd = (int)syscall(SYS_landlock_create_ruleset, &rules, sizeof(rules), 0);
	if (fd < 0)
		return;
	syscall(SYS_landlock_restrict_self, fd, 0);
	close(fd);
}

/* What computing needs. Memory is never executable. */
static bool
calls_allow(scmp_filter_ctx filter)
{
	static const int calls[] = {
		SCMP_SYS(exit_group),
		SCMP_SYS(exit),
		SCMP_SYS(brk),
		SCMP_SYS(munmap),
		SCMP_SYS(mremap),
		SCMP_SYS(madvise),
		SCMP_SYS(futex),
		SCMP_SYS(rt_sigreturn),
		SCMP_SYS(rt_sigprocmask),
		SCMP_SYS(clock_gettime),
		SCMP_SYS(gettimeofday),
		SCMP_SYS(getrandom),
		SCMP_SYS(getpid),
		SCMP_SYS(gettid),
		SCMP_SYS(sched_yield),
	};
	bool right = true;

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		right = right && seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) == 0;
	for (unsigned fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++)
		right = right &&
		    seccomp_rule_add(
			filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, SCMP_A0(SCMP_CMP_EQ, fd, 0)) == 0;
	right = right &&
	    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
		SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
		SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS)) == 0;
	right = right &&
	    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
		SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
	return right;
}

/*
 * Whoever tries one of these has taken the process over: it ends. All others are
 * refused with an error, since libraries ask for this and that and can live
 * without.
 */
static bool
calls_forbid(scmp_filter_ctx filter)
{
	static const int calls[] = {
		SCMP_SYS(execve),
		SCMP_SYS(execveat),
		SCMP_SYS(fork),
		SCMP_SYS(vfork),
		SCMP_SYS(clone),
		SCMP_SYS(clone3),
		SCMP_SYS(socket),
		SCMP_SYS(socketpair),
		SCMP_SYS(connect),
		SCMP_SYS(bind),
		SCMP_SYS(sendto),
		SCMP_SYS(sendmsg),
		SCMP_SYS(ptrace),
		SCMP_SYS(process_vm_readv),
		SCMP_SYS(process_vm_writev),
		SCMP_SYS(bpf),
		SCMP_SYS(keyctl),
		SCMP_SYS(unshare),
		SCMP_SYS(setns),
		SCMP_SYS(mount),
		SCMP_SYS(io_uring_setup),
		SCMP_SYS(userfaultfd),
		SCMP_SYS(perf_event_open),
		SCMP_SYS(memfd_create),
		SCMP_SYS(pidfd_open),
		SCMP_SYS(kill),
		SCMP_SYS(tkill),
	};
	bool right = true;

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		right = right && seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, calls[i], 0) == 0;
	return right;
}

static bool
filter_enter(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));

	if (filter == NULL)
		return false;
	/* A call by the numbers of another architecture is an attack. */
	bool right = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) == 0 &&
	    calls_allow(filter) && calls_forbid(filter) && seccomp_load(filter) == 0;
	seccomp_release(filter);
	return right;
}

bool
sandbox_enter(void)
{
	/* Names in archives are UTF-8; this locale is built in and needs no file. */
	setlocale(LC_CTYPE, "C.UTF-8");
	tzset();
	if (close_range(3, ~0U, 0) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
		return false;
	landlock_enter();
	return limits_set() && filter_enter();
}

int
sandbox_try(const char *what)
{
	if (strcmp(what, "open") == 0)
		return open("/etc/passwd", O_RDONLY | O_CLOEXEC) < 0 ? 0 : 1;
	if (strcmp(what, "write") == 0)
		return open("/tmp/vouch-inspect-try", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) < 0 ? 0 : 1;
	if (strcmp(what, "socket") == 0)
		return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) < 0 ? 0 : 1;
	if (strcmp(what, "fork") == 0)
		return fork() < 0 ? 0 : 1;
	if (strcmp(what, "exec") == 0) {
		char *argv[] = {(char[]){"true"}, NULL};

		execve("/bin/true", argv, argv + 1);
		return 0;
	}
	if (strcmp(what, "memory") == 0) {
		void *p = mmap(NULL, (size_t)SANDBOX_MEMORY_MAX + 1, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		return p == MAP_FAILED ? 0 : 1;
	}
	if (strcmp(what, "processor") == 0) {
		struct timespec start, now;

		clock_gettime(CLOCK_MONOTONIC, &start);
		do
			clock_gettime(CLOCK_MONOTONIC, &now);
		while (now.tv_sec - start.tv_sec < 60);
		return 1;
	}
	return 2;
}
