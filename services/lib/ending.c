#include "ending.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static sigset_t
both(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	return signals;
}

void
ending_block(void)
{
	sigset_t signals = both();

	pthread_sigmask(SIG_BLOCK, &signals, NULL);
}

bool
ending_asked(void)
{
	sigset_t pending;

	sigemptyset(&pending);
	sigpending(&pending);
	return sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1;
}

void
ending_await(void)
{
	sigset_t signals = both();
	int got;

	sigwait(&signals, &got);
}

static void
end_at_once(int signal)
{
	(void)signal;
	_exit(0);
}

void
ending_hasten(void)
{
	struct sigaction action = {.sa_handler = end_at_once};
	sigset_t signals = both();

	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
}
