/* db_tx.c: transactions, savepoints and the commits of jobs. */
#include <assert.h>
#include <string.h>

#include "db_inner.h"

/* After a batch that had to run again: as many with savepoints, so that what fails often costs little. */
enum { CAREFUL_BATCHES = 64 };

bool
tx_begin(struct db *db, struct call *call)
{
	assert(!db->in_transaction);
	if (!run_defer(call, conn_statement(db, "tx_begin"), NULL, NULL))
		return false;
	db->in_transaction = true;
	db->is_broken = false;
	return true;
}

bool
tx_is_open(const struct db *db)
{
	return db != NULL && db->in_transaction;
}

bool
tx_commit(struct db *db, struct call *call)
{
	struct arena arena = {0};
	static const Vouch__Caller nobody = VOUCH__CALLER__INIT;
	struct call own = {.arena = &arena, .db = db, .caller = &nobody, .key = "", .trace = ""};
	PGresult *res = NULL;
	bool ok;

	assert(db->in_transaction);
	ok = run_defer(call != NULL ? call : &own, conn_statement(db, "tx_commit"), NULL, NULL) &&
	    (res = run_flush(call != NULL ? call : &own)) != NULL;
	/* COMMIT of a transaction that failed before succeeds too, with the tag of what it did. */
	if (ok && strcmp(PQcmdStatus(res), "COMMIT") != 0)
		ok = call != NULL && refuse(call, VOUCH__STATUS__INTERNAL, "a defect on our side");
	PQclear(res);
	if (ok)
		db->in_transaction = false;
	else
		tx_rollback(db);
	arena_reset(&arena);
	return ok;
}

void
tx_rollback(struct db *db)
{
	db->n_pending = 0;
	db->scope[0] = '\0'; /* the setting may have gone back with it */
	if (db->in_transaction && db->conn != NULL && !conn_command(db, "ROLLBACK"))
		conn_drop(db);
	db->in_transaction = false;
}

static void
defer_plain(struct db *db, const char *name)
{
	struct pending *p = &db->pending[db->n_pending];

	assert(db->n_pending < PENDING_MAX);
	p->statement = conn_statement(db, name);
	p->lane = db->lane;
	p->scope = NULL;
	p->out = NULL;
	p->statement->ran = true;
	db->n_pending++;
}

void
tx_savepoint(struct db *db)
{
	defer_plain(db, "tx_savepoint");
}

bool
tx_release_now(struct call *call)
{
	struct call own = *call;
	PGresult *res;

	defer_plain(call->db, "tx_release");
	res = run_flush(&own);
	PQclear(res);
	if (res == NULL && call->status == VOUCH__STATUS__OK) {
		call->status = own.status;
		call->detail = own.detail;
		call->errors = own.errors;
	}
	call->retry = call->retry || own.retry;
	return res != NULL;
}

bool
tx_hurry(struct db *db)
{
	if (db->careful == 0)
		return true;
	db->careful--;
	return false;
}

void
tx_be_careful(struct db *db)
{
	db->careful = CAREFUL_BATCHES;
}

bool
tx_rollback_to(struct db *db)
{
	db->is_broken = false;
	db->n_pending = 0;
	db->scope[0] = '\0';
	return db->conn != NULL && conn_command(db, "ROLLBACK TO SAVEPOINT one_call");
}

bool
db_commit(struct call *call)
{
	assert(call->rpc == NULL);
	if (call->status != VOUCH__STATUS__OK)
		return false;
	return !call->db->in_transaction || tx_commit(call->db, call);
}
