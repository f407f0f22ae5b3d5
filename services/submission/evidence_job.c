#include "evidence_job.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "db.h"
#include "inspect.h"
#include "link.h"
#include "log.h"
#include "requirement.h"
#include "submission.pb-c.h"

enum {
	LOOK_MS = 60000,  /* for one file; the lease lasts twice as long */
	TRIES_MAX = 5,    /* of an inspector that cannot run */
	ALLOWED_MAX = 16, /* places of the setting link_allow */
	PATH_BYTES = 4096,
};

/* ---- results ----------------------------------------------------------------------- */

/* Adds a problem; what finds no room in the arena is left out. */
static void
add_problem(struct call *call, Vouch__EvidenceResult *result, const char *rule, const char *message)
{
	Vouch__Problem *problem = arena_alloc(call->arena, sizeof(*problem));
	Vouch__Problem **list = arena_alloc(call->arena, (result->n_problems + 1) * sizeof(*list));

	if (problem == NULL || list == NULL)
		return;
	vouch__problem__init(problem);
	problem->rule = arena_dup(call->arena, rule, strlen(rule));
	problem->message = arena_dup(call->arena, message, strlen(message));
	if (problem->rule == NULL || problem->message == NULL)
		return;
	if (result->n_problems > 0)
		memcpy(list, result->problems, result->n_problems * sizeof(*list));
	list[result->n_problems++] = problem;
	result->problems = list;
}

static void
is_problem(struct call *call, Vouch__EvidenceResult *result, const char *rule, const char *message)
{
	result->state = (char *)"problem";
	add_problem(call, result, rule, message);
}

/* ---- files --------------------------------------------------------------------------- */

/* The gateway's place for these bytes: DIR/ab/cdef... */
static int
open_stored(const struct config *config, const char *sha256)
{
	char path[PATH_BYTES];
	int n = snprintf(
	    path, sizeof(path), "%s/%.2s/%s", config_text(config, "evidence_dir"), sha256, sha256 + 2);

	if (n < 0 || (size_t)n >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
}

/* The setting, else vouch-inspect beside this program. */
static bool
find_program(const struct config *config, char path[PATH_BYTES])
{
	const char *set = config_text(config, "inspect_program");
	ssize_t n;
	char *slash;

	if (set[0] != '\0')
		return (size_t)snprintf(path, PATH_BYTES, "%s", set) < PATH_BYTES;
	n = readlink("/proc/self/exe", path, PATH_BYTES - sizeof("vouch-inspect"));
	if (n <= 0)
		return false;
	path[n] = '\0';
	slash = strrchr(path, '/');
	if (slash == NULL)
		return false;
	memcpy(slash + 1, "vouch-inspect", sizeof("vouch-inspect"));
	return true;
}

/* Kinds that an issuer must have allowed: by naming their extension, or by naming none. */
static bool
is_allowed(const Vouch__EvidenceTask *task)
{
	Vouch__EvidenceRequirement requirement = VOUCH__EVIDENCE_REQUIREMENT__INIT;

	requirement.accepts = task->accepts;
	requirement.n_accepts = task->n_accepts;
	return requirement_takes(&requirement, task->file_name);
}

static void
report(struct call *call, const Vouch__EvidenceTask *task, const struct inspection *seen,
    Vouch__EvidenceResult *result)
{
	bool is_bad = seen->verdict == INSPECT_REJECT ||
	    (seen->verdict == INSPECT_POLICY && !is_allowed(task));

	result->state = (char *)(is_bad ? "problem" : "ok");
	for (size_t i = 0; i < seen->n_problems; i++)
		add_problem(call, result, seen->problems[i].rule, seen->problems[i].message);
}

/* False: nothing was found out, and the reason lies with this installation. */
static bool
look_at_file(struct call *call, const Vouch__EvidenceTask *task, Vouch__EvidenceResult *result)
{
	struct inspection seen;
	char program[PATH_BYTES];
	const char *why = "no program";
	int fd = open_stored(call->config, task->sha256);
	bool ok;

	if (fd < 0 && errno == ENOENT) {
		is_problem(call, result, "missing",
		    "The file is not in the store any more. Take it out and add it again.");
		return true;
	}
	if (fd < 0) {
		log_warn("evidence: the store cannot be read: %s", strerror(errno));
		return false;
	}
	ok = find_program(call->config, program) &&
	    inspect_file(call->arena, program, fd, task->file_name, clock_ms() + LOOK_MS, &seen, &why);
	close(fd);
	if (ok)
		report(call, task, &seen, result);
	else
		log_warn("evidence: vouch-inspect did not look: %s", why);
	return ok;
}

/* ---- links --------------------------------------------------------------------------- */

/* Cuts the setting "host:port,host:port" into a list that ends with NULL. */
static const char *const *
allowed_places(struct call *call)
{
	const char *set = config_text(call->config, "link_allow");
	char *text = arena_dup(call->arena, set, strlen(set)), *rest = NULL;
	const char **list = arena_alloc(call->arena, (ALLOWED_MAX + 1) * sizeof(*list));
	size_t n = 0;

	if (text == NULL || list == NULL)
		return NULL;
	for (char *word = strtok_r(text, ", ", &rest); word != NULL && n < ALLOWED_MAX;
	    word = strtok_r(NULL, ", ", &rest))
		list[n++] = word;
	return list;
}

static bool
look_at_link(struct call *call, const Vouch__EvidenceTask *task, Vouch__EvidenceResult *result)
{
	struct link_config config = {
		.timeout_ms = config_int(call->config, "link_timeout_ms"), .allowed = allowed_places(call)};
	struct link_result seen;

	link_probe(call->arena, task->url, &config, &seen);
	result->state = (char *)"ok";
	if (seen.state == LINK_UNKNOWN)
		add_problem(call, result, seen.rule, seen.message);
	else if (seen.state != LINK_OPEN)
		is_problem(call, result, seen.rule, seen.message);
	return true;
}

/* ---- the job --------------------------------------------------------------------------- */

static bool
take(struct call *call, const char *kind, Vouch__EvidenceTask *task)
{
	Vouch__Count due = VOUCH__COUNT__INIT;
	bool found;

	return db_one(call, "evidence_due", NULL, ARGS(TEXT("kind", kind)), &due.base) && due.n > 0 &&
	    db_maybe(call, "evidence_take", NULL, ARGS(TEXT("kind", kind)), &task->base, &found) && found &&
	    db_commit(call);
}

/* Nothing is written when the piece is gone, its draft is handed in, or somebody else has taken it since. */
static bool
store(struct call *call, const Vouch__EvidenceTask *task, const Vouch__EvidenceResult *result)
{
	const struct arg args[] = {TEXT("issuer_id", task->issuer_id),
		TEXT("submission_id", task->submission_id), TEXT("id", task->id), INT("lease", task->lease),
		{.name = NULL}};
	bool counts;

	return db_maybe(call, "evidence_counts", NULL, args, NULL, &counts) && counts &&
	    db_do(call, "evidence_result", &result->base, args) && db_commit(call);
}

static bool
postpone(struct call *call, const Vouch__EvidenceTask *task)
{
	return db_do(call, "evidence_later", NULL,
		   ARGS(TEXT("issuer_id", task->issuer_id), TEXT("submission_id", task->submission_id),
		       TEXT("id", task->id), INT("lease", task->lease))) &&
	    db_commit(call);
}

static bool
look_at_next(struct call *call, const char *kind,
    bool (*look)(struct call *, const Vouch__EvidenceTask *, Vouch__EvidenceResult *))
{
	Vouch__EvidenceTask task = VOUCH__EVIDENCE_TASK__INIT;
	Vouch__EvidenceResult result = VOUCH__EVIDENCE_RESULT__INIT;

	if (!take(call, kind, &task))
		return false;
	if (task.state != VOUCH__SUBMISSION__STATE__DRAFT)
		return true; /* handed in: what is frozen is not looked at again here */
	if (!look(call, &task, &result)) {
		if (task.tries < TRIES_MAX) {
			postpone(call, &task);
			return true;
		}
		result = (Vouch__EvidenceResult)VOUCH__EVIDENCE_RESULT__INIT;
		is_problem(call, &result, "unchecked",
		    "We could not look at this file. Take it out and add it again; if that "
		    "does not help, please write to the helpdesk.");
	}
	store(call, &task, &result);
	return true;
}

bool
evidence_files(struct call *call)
{
	return look_at_next(call, "file", look_at_file);
}

bool
evidence_links(struct call *call)
{
	return look_at_next(call, "link", look_at_link);
}
