/*
 * db_tx.h: connections and transactions, for the dispatcher, the relay and
 * jobs. Handlers see db.h only.
 *
 * Commands whose answer nobody waits for (BEGIN, SAVEPOINT, RELEASE, an outbox
 * row, a stored reply) are put off and travel with the next statement in one
 * round trip (libpq's pipeline); their failure shows there.
 */
#ifndef DB_TX_H
#define DB_TX_H

#include "db.h"

/*
 * A connection to CONNINFO for the statements of QUERIES and those of the lib.
 * Connects on first use (tx_ready). SCHEMA names the events' keys.
 */
struct db *db_open(const char *conninfo, const char *schema, const char *queries);
void db_close(struct db *db);

/* Is a connection open that answered last? For readiness; from any thread. */
bool db_is_up(const struct db *db);

/*
 * Makes sure of a connection: connects, prepares every statement, and checks
 * that the server keeps what it acknowledges. After a failure it tries again
 * with backoff and a breaker; meanwhile CALL is refused UNAVAILABLE.
 */
bool tx_ready(struct db *db, struct call *call);

/* Business time: the database's clock and the test clock's offset, microseconds since 1970. */
int64_t tx_now(struct db *db);

/* A transaction. tx_commit with a NULL call does not tell why it failed. */
bool tx_begin(struct db *db, struct call *call);
bool tx_commit(struct db *db, struct call *call);
void tx_rollback(struct db *db);
bool tx_is_open(const struct db *db);

/*
 * Inside a shared transaction, one call each. tx_release_now sends what the call
 * has put off, so that its failure is its own: then false, and CALL says why.
 */
void tx_savepoint(struct db *db);
bool tx_release_now(struct call *call);
bool tx_rollback_to(struct db *db);

/*
 * A place in a shared transaction without a savepoint. tx_undo forgets what was put
 * off since MARK; false when the transaction has failed or a statement that writes
 * was sent since: then only a rollback takes it back.
 */
struct tx_mark {
	int n_pending;
	unsigned n_flushes, n_writes;
};
struct tx_mark tx_mark(const struct db *db);
bool tx_undo(struct db *db, struct tx_mark mark);

/* May the next batch go without savepoints? tx_be_careful: the next ones may not, as one had to run again. */
bool tx_hurry(struct db *db);
void tx_be_careful(struct db *db);

/*
 * Claims the call's key. True and call->replay set: it ran before, and that is
 * its reply. False: refused (the key belongs to another request), or retry.
 */
bool tx_claim(struct call *call);

/*
 * Claims the keys of N calls, which have the same connection, in one statement. *ALL: each is new;
 * otherwise some are not, and which is not told. False: the transaction has failed.
 */
bool tx_claim_all(struct call *const *calls, size_t n, bool *all);

/* Stores the replies of N calls under their keys in one statement. False: the transaction has failed, or memory is short. */
bool tx_done_all(struct call *const *calls, const ProtobufCBinaryData *const *replies, size_t n);

/* Gives the key of a refused call back, which keeps what it wrote but has no answer to keep: a repeat runs again. */
bool tx_unclaim(struct call *call);

/* Stores the reply under the call's key. */
bool tx_done(struct call *call, const ProtobufCBinaryData *reply);

/* For tests: the name of a statement of the service that has not run in this process, or NULL. */
const char *db_never_run(const struct db *db);

#endif
