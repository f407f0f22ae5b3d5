/*
 * db_lane.c: calls beside each other on one connection.
 *
 * Handlers are linear: they ask, and wait for the answer. Each round trip wakes
 * the server and then the worker, which costs more than most statements do. So
 * the calls of a batch run in fibers, and one that would wait is put aside until
 * all of them wait; then what they ask is sent together.
 */
#include <assert.h>
#include <stdlib.h>

#include "db_inner.h"
#include "fiber.h"

struct lanes {
	size_t n;
	void (*run)(void *arg, size_t i);
	void *arg;
	struct lane lane[LANES_MAX];
	struct db *db;
};

void
lane_wait(struct db *db)
{
	struct lane *lane = db->lane;

	lane->waits = true;
	fiber_pause(lane->fiber);
	lane->waits = false;
}

/* In its fiber. */
static void
run_lane(void *arg)
{
	struct db *db = arg;

	db->lanes->run(db->lanes->arg, (size_t)(db->lane - db->lanes->lane));
}

static bool
lanes_open(struct db *db, size_t n)
{
	if (db->lanes == NULL)
		db->lanes = calloc(1, sizeof(*db->lanes));
	for (size_t i = 0; db->lanes != NULL && i < n; i++) {
		struct lane *lane = &db->lanes->lane[i];

		if (lane->fiber == NULL)
			lane->fiber = fiber_open();
		if (lane->fiber == NULL)
			return false;
	}
	return db->lanes != NULL;
}

void
lanes_close(struct db *db)
{
	for (size_t i = 0; db->lanes != NULL && i < LANES_MAX; i++)
		fiber_close(db->lanes->lane[i].fiber);
	free(db->lanes);
	db->lanes = NULL;
}

bool
lanes_start(struct db *db, struct call *const *calls, size_t n, void (*run)(void *, size_t), void *arg)
{
	struct lanes *lanes;

	assert(n <= LANES_MAX && db->lane == &db->alone);
	if (!lanes_open(db, n))
		return false;
	lanes_take(db); /* of a batch that failed */
	lanes = db->lanes;
	lanes->n = n;
	lanes->run = run;
	lanes->arg = arg;
	for (size_t i = 0; i < n; i++) {
		struct lane *lane = &lanes->lane[i];

		lane->call = calls[i];
		lane->n_written = 0;
		db->lane = lane;
		fiber_start(lane->fiber, run_lane, db);
	}
	db->lane = &db->alone;
	return true;
}

bool
lanes_wait(const struct db *db)
{
	for (size_t i = 0; i < db->lanes->n; i++)
		if (db->lanes->lane[i].waits)
			return true;
	return false;
}

static void
resume_all(struct db *db)
{
	for (size_t i = 0; i < db->lanes->n; i++) {
		struct lane *lane = &db->lanes->lane[i];

		if (!lane->waits) {
			PQclear(lane->last); /* of what it put off: nobody asks for it */
			lane->last = NULL;
			continue;
		}
		db->lane = lane;
		fiber_resume(lane->fiber);
	}
	db->lane = &db->alone;
}

/* Refuses those that wait until all have ended: a refused call asks for nothing more. */
static void
give_up(struct db *db)
{
	while (lanes_wait(db)) {
		for (size_t i = 0; i < db->lanes->n; i++) {
			struct lane *lane = &db->lanes->lane[i];

			PQclear(lane->last);
			lane->last = NULL;
			if (lane->waits)
				refuse(lane->call, VOUCH__STATUS__UNAVAILABLE, "please try again");
		}
		resume_all(db);
	}
	db->n_pending = 0;
}

bool
lanes_step(struct db *db, struct call *common, bool (*go_on)(void *arg), void *arg)
{
	bool ok;

	db->alone.call = common;
	ok = run_exchange(db);
	PQclear(db->alone.last);
	db->alone.last = NULL;
	if (!ok || !go_on(arg)) {
		give_up(db);
		return false;
	}
	resume_all(db);
	return true;
}

bool
lane_is_shared(const struct db *db)
{
	return db->lane != &db->alone;
}

bool
lane_owes(const struct db *db)
{
	for (int i = 0; i < db->n_pending; i++)
		if (db->pending[i].lane == db->lane && !db->pending[i].statement->sql.reads)
			return true;
	return false;
}

void
lane_keep(struct db *db, struct kept_event *event)
{
	event->lane = db->lane;
	event->next = NULL;
	*db->events_end = event;
	db->events_end = &event->next;
}

struct kept_event *
lanes_take(struct db *db)
{
	struct kept_event *all = db->events;

	db->events = NULL;
	db->events_end = &db->events;
	return all;
}

bool
lane_undo(struct db *db)
{
	struct kept_event *next;
	int kept = 0;

	assert(db->lane != &db->alone);
	if (db->is_broken || db->lane->n_written > 0)
		return false;
	for (int i = 0; i < db->n_pending; i++)
		if (db->pending[i].lane != db->lane)
			db->pending[kept++] = db->pending[i];
	db->n_pending = kept;
	for (struct kept_event *e = lanes_take(db); e != NULL; e = next) {
		const struct lane *lane = e->lane;

		next = e->next;
		if (lane == db->lane)
			continue;
		lane_keep(db, e);
		e->lane = lane;
	}
	return true;
}
