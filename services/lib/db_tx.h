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

#include "common.pb-c.h"
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
 * Calls beside each other on one connection (db_lane.c): where one waits for the
 * database the next goes on, and what all of them ask travels in one round trip.
 * Inside a transaction they are as calls of several transactions that run beside
 * each other, but that none waits for another's lock. At most LANES_MAX calls.
 */
enum { LANES_MAX = 32 };

/* Runs RUN(ARG, i) for CALLS[0..n-1], each until it waits or has ended. False: memory is short, and none has run. */
bool lanes_start(
    struct db *db, struct call *const *calls, size_t n, void (*run)(void *arg, size_t i), void *arg);

/* Does one of them wait for the database? */
bool lanes_wait(const struct db *db);

/*
 * Makes the round trip, of which COMMON hears what is nobody's own, and lets go on
 * who waits, in the order of CALLS. False: it failed, or *GO_ON says no after it;
 * then every call that waited is refused and has ended.
 */
bool lanes_step(struct db *db, struct call *common, bool (*go_on)(void *arg), void *arg);

/* Is it a lane's turn, so that what it says at the end of the batch may be said for all at once? */
bool lane_is_shared(const struct db *db);

/* Has the lane whose turn it is put off statements that write? Then an event about them must wait for them. */
bool lane_owes(const struct db *db);

/* Keeps EVENT until announce_all(), or until its lane takes back what it did (lane_undo()). */
struct kept_event {
	struct kept_event *next;
	const struct lane *lane;
	char *issuer_id, *account_id, *rpcs, *subject, *trace;
	ProtobufCBinaryData payload;
};
void lane_keep(struct db *db, struct kept_event *event);

/* Takes what is kept, in the order in which it was; NULL: nothing. */
struct kept_event *lanes_take(struct db *db);

/* Puts a row into the outbox for all that is kept, in one statement that is put off. COMMON's arena holds it meanwhile. */
bool announce_all(struct call *common);

/*
 * In a lane: forgets what its call has put off. False when the transaction has failed
 * or a statement of it that writes was sent: then only a rollback takes it back.
 */
bool lane_undo(struct db *db);

/* May the next batch go without savepoints? tx_be_careful: the next ones may not, as one had to run again. */
bool tx_hurry(struct db *db);
void tx_be_careful(struct db *db);

/*
 * Claims the call's key. True and call->replay set: it ran before, and that is
 * its reply. False: refused (the key belongs to another request), or retry.
 */
bool tx_claim(struct call *call);

/*
 * Claims the keys of N calls, which have the same connection, in one statement that
 * travels with the next ones: CLAIMED says then how many of them were new. COMMON
 * is a call for what concerns all; what it allocates must live until then.
 */
bool tx_claim_all(struct call *common, struct call *const *calls, size_t n, Vouch__Count *claimed);

/* Stores the replies of N calls under their keys in one statement, put off like tx_claim_all's. False: memory is short. */
bool tx_done_all(
    struct call *common, struct call *const *calls, const ProtobufCBinaryData *const *replies, size_t n);

/* Gives the key of a refused call back, which keeps what it wrote but has no answer to keep: a repeat runs again. */
bool tx_unclaim(struct call *call);

/* Stores the reply under the call's key. */
bool tx_done(struct call *call, const ProtobufCBinaryData *reply);

/* For tests: the name of a statement of the service that has not run in this process, or NULL. */
const char *db_never_run(const struct db *db);

#endif
