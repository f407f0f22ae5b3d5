#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "demo.h"

/* vouch-identity stands beside the program that runs. */
static bool
program_find(char program[PATH_MAX])
{
	static const char name[] = "vouch-identity";
	ssize_t n = readlink("/proc/self/exe", program, PATH_MAX - sizeof(name));

	if (n <= 0)
		return false;
	program[n] = '\0';
	memcpy(strrchr(program, '/') + 1, name, sizeof(name));
	return access(program, X_OK) == 0;
}

/* The child: PROGRAM with REQUEST as its standard input; what it prints is of no use. */
static void
program_become(const char *program, const char *config, int request, const char *database)
{
	char *argv[] = {(char *)program, "--config", (char *)config, "--call", "Accounts.Seed", NULL};
	FILE *out = freopen("/dev/null", "w", stdout);

	environment_clear();
	if (out != NULL && dup2(request, STDIN_FILENO) >= 0 && setenv("VOUCH_DATABASE", database, 1) == 0)
		execv(program, argv);
	_exit(127);
}

static bool
account_seed(const char *program, const char *config, const char *database, const json_t *account)
{
	char *text = json_dumps(account, JSON_COMPACT);
	FILE *file = tmpfile();
	int status = -1;

	bool ok = text != NULL && file != NULL && fputs(text, file) >= 0 && fflush(file) == 0 &&
	    lseek(fileno(file), 0, SEEK_SET) == 0;
	pid_t child = ok ? fork() : -1;
	if (child == 0)
		program_become(program, config, fileno(file), database);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (file != NULL)
		fclose(file);
	free(text);
	return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* "host=RUN user=vouch_identity dbname=vouch": RUN is the folder of sockets that DIR/run names. */
static char *
database_find(const struct options *o)
{
	char *path = installation_path(o, "run"), run[256] = "", *database = NULL;
	FILE *file = path != NULL ? fopen(path, "r") : NULL;

	if (file != NULL && fgets(run, sizeof(run), file) != NULL)
		run[strcspn(run, "\n")] = '\0';
	if (file != NULL)
		fclose(file);
	if (run[0] == '\0')
		demo_complain(path != NULL ? path : "run", "not an installation that scripts/run started");
	else if (asprintf(&database, "host=%s user=vouch_identity dbname=vouch", run) < 0)
		database = NULL;
	free(path);
	return database;
}

bool
demo_accounts(struct demo *demo)
{
	char program[PATH_MAX], *config = installation_path(demo->options, "vouch.conf");
	char *database = database_find(demo->options);
	bool ok = config != NULL && database != NULL;
	json_t *account;
	size_t i;

	if (ok && !program_find(program))
		ok = demo_complain("vouch-identity", "not found beside vouchctl");
	json_array_foreach(demo->people, i, account) {
		if (!ok)
			break;
		if (!account_seed(program, config, database, account))
			ok = demo_complain(
			    json_string_value(json_object_get(account, "email")), "the account was not made");
	}
	free(database);
	free(config);
	return ok;
}
