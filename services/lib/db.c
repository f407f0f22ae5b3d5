#include "db.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db_inner.h"
#include "db_value.h"
#include "log.h"

/*
 * A value that a statement cannot take: with a cursor in the request it is the cursor's, which
 * somebody made up (cursor.h); else it is a defect of ours. Always false.
 */
static bool
refuse_value(struct call *call, const char *name, const char *what)
{
	const ProtobufCFieldDescriptor *f = call->req != NULL ?
	    protobuf_c_message_descriptor_get_field_by_name(call->req->descriptor, "cursor") :
	    NULL;
	const char *cursor = f != NULL ? *(char *const *)(const void *)((const char *)call->req + f->offset) :
					 NULL;

	if (cursor != NULL && cursor[0] != '\0')
		return refuse_field(call, "cursor", "form", "is not a cursor of this list");
	log_error("db: %s: %s", name, what);
	return refuse(call, VOUCH__STATUS__INTERNAL, "a defect on our side");
}

static bool
failed(struct call *call, const char *name, const PGresult *res)
{
	static const struct {
		const char *sqlstate;
		Vouch__Status status;
		const char *text;
	} errors[] = {
		{"23505", VOUCH__STATUS__CONFLICT, "this exists already"},
		{"23503", VOUCH__STATUS__NOT_FOUND, "it refers to something that does not exist"},
		{"23514", VOUCH__STATUS__INVALID, "a value is out of range"},
		{"57014", VOUCH__STATUS__TIMEOUT, "the deadline passed"},
		{"53100", VOUCH__STATUS__UNAVAILABLE, "please try again"},
	};
	struct db *db = call->db;
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);

	db->is_broken = true;
	if (PQstatus(db->conn) != CONNECTION_OK || state == NULL || strncmp(state, "40", 2) == 0 ||
	    strncmp(state, "55P03", 5) == 0 || strncmp(state, "57P", 3) == 0 ||
	    strncmp(state, "08", 2) == 0) {
		log_warn("db: %s: %s", name, state != NULL ? state : "connection lost");
		call->retry = true;
		return refuse(call, VOUCH__STATUS__UNAVAILABLE, "please try again");
	}
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (strcmp(state, errors[i].sqlstate) == 0)
			return refuse(call, errors[i].status, "%s", errors[i].text);
	if (strncmp(state, "22", 2) == 0) /* data exception */
		return refuse_value(call, name, PQresultErrorMessage(res));
	log_error("db: %s: %s", name, PQresultErrorMessage(res));
	return refuse(call, VOUCH__STATUS__INTERNAL, "a defect on our side");
}

static bool
is_good(const PGresult *res)
{
	ExecStatusType s = PQresultStatus(res);

	return s == PGRES_TUPLES_OK || s == PGRES_COMMAND_OK;
}

/* ---- rows into messages -------------------------------------------------------- */

static bool
fill(struct call *call, const PGresult *res, int row, ProtobufCMessage *m, const char *query)
{
	const char *column = "";

	if (value_fill(call, res, row, m, &column))
		return true;
	log_error("db: %s: column %s does not fit %s", query, column, m->descriptor->name);
	return refuse(call, VOUCH__STATUS__INTERNAL, "a defect on our side");
}

static bool
collect(struct call *call, const PGresult *res, ProtobufCMessage *out, const char *list, const char *query)
{
	const ProtobufCFieldDescriptor *f = protobuf_c_message_descriptor_get_field_by_name(
	    out->descriptor, list);
	const ProtobufCMessageDescriptor *type;
	size_t n = (size_t)PQntuples(res);
	void **items = arena_alloc(call->arena, (n + 1) * sizeof(*items));

	assert(f != NULL && f->label == PROTOBUF_C_LABEL_REPEATED);
	type = f->descriptor;
	if (items == NULL)
		return refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
	for (size_t i = 0; i < n; i++) {
		if (f->type == PROTOBUF_C_TYPE_STRING) {
			items[i] = value_text(call, res, (int)i, 0);
		} else if ((items[i] = arena_alloc(call->arena, type->sizeof_message)) != NULL) {
			protobuf_c_message_init(type, items[i]);
			if (!fill(call, res, (int)i, items[i], query))
				return false;
		}
		if (items[i] == NULL)
			return refuse(call, VOUCH__STATUS__INTERNAL, "the reply is too large");
	}
	*(void ***)(void *)((char *)out + f->offset) = items;
	*(size_t *)(void *)((char *)out + f->quantifier_offset) = n;
	return true;
}

/* What db_with() asked for. */
static bool
deliver(struct call *call, const struct pending *p, const PGresult *res)
{
	const char *query = p->statement->sql.name;

	if (p->out == NULL)
		return true;
	if (p->list != NULL)
		return collect(call, res, p->out, p->list, query);
	return PQntuples(res) == 0 || fill(call, res, 0, p->out, query);
}

/* ---- sending ----------------------------------------------------------------------- */

static const int binary[SQL_PARAMS_MAX] = {[0 ... SQL_PARAMS_MAX - 1] = 1};

static bool
send_statement(struct db *db, const struct statement *s, const char *const *data, const int *len)
{
	return PQsendQueryPrepared(db->conn, s->sql.name, s->sql.n_params, data, len, binary, 1) == 1;
}

/* Must the connection's issuer be set before P runs? */
static bool
needs_scope(const struct db *db, const struct pending *p)
{
	return p->scope != NULL && strcmp(db->scope, p->scope) != 0;
}

/* One command that needs nothing before it. */
static bool
exchange_one(struct db *db)
{
	struct pending *p = &db->pending[0];
	PGresult *res = PQexecPrepared(
	    db->conn, p->statement->sql.name, p->statement->sql.n_params, p->data, p->len, binary, 1);

	if (is_good(res) && deliver(p->lane->call, p, res)) {
		p->lane->last = res;
		return true;
	}
	if (!is_good(res))
		failed(p->lane->call, p->statement->sql.name, res);
	PQclear(res);
	return false;
}

/* Sends all of them; IS_SET tells before which of them the issuer was set. */
static bool
send_all(struct db *db, int n, bool *is_set)
{
	const struct statement *set = conn_statement(db, "scope_set");

	for (int i = 0; i < n; i++) {
		struct pending *p = &db->pending[i];
		int len;

		is_set[i] = needs_scope(db, p);
		if (is_set[i]) {
			snprintf(db->scope, sizeof(db->scope), "%s", p->scope);
			len = (int)strlen(p->scope);
			if (!send_statement(db, set, &p->scope, &len))
				return false;
		}
		if (!send_statement(db, p->statement, p->data, p->len))
			return false;
	}
	return PQpipelineSync(db->conn) == 1;
}

/* Takes the results in; *BAD is the first failure, to be cleared, *AT whose. */
static bool
receive_all(struct db *db, int n, const bool *is_set, PGresult **bad, const struct pending **at)
{
	bool delivered = true;

	for (int i = 0; i < n; i++) {
		struct pending *p = &db->pending[i];

		for (int k = is_set[i] ? 0 : 1; k < 2; k++) {
			PGresult *res = conn_result(db);

			if (*bad == NULL && !is_good(res)) {
				*bad = res;
				*at = p;
				continue;
			}
			if (k == 1 && *bad == NULL && is_good(res)) {
				delivered = deliver(p->lane->call, p, res) && delivered;
				PQclear(p->lane->last);
				p->lane->last = res;
				continue;
			}
			PQclear(res);
		}
	}
	PQclear(PQgetResult(db->conn)); /* the sync */
	PQexitPipelineMode(db->conn);
	return delivered;
}

bool
run_exchange(struct db *db)
{
	int n = db->n_pending;
	bool is_set[PENDING_MAX], sent, delivered = false;
	const struct pending *at = &db->pending[0];
	PGresult *bad = NULL;

	db->n_pending = 0;
	for (int i = 0; i < n; i++)
		db->pending[i].lane->n_written += !db->pending[i].statement->sql.reads;
	if (n == 0)
		return true;
	if (n == 1 && !needs_scope(db, &db->pending[0]))
		return exchange_one(db);
	sent = PQenterPipelineMode(db->conn) == 1 && send_all(db, n, is_set);
	if (sent)
		delivered = receive_all(db, n, is_set, &bad, &at);
	if (sent && bad == NULL && delivered)
		return true;
	if (!sent || bad != NULL)
		failed(at->lane->call, at->statement->sql.name, bad);
	PQclear(bad);
	db->scope[0] = '\0'; /* the setting may have gone back with what failed */
	for (int i = 0; i < n; i++) {
		PQclear(db->pending[i].lane->last);
		db->pending[i].lane->last = NULL;
	}
	if (!sent)
		conn_drop(db);
	return false;
}

PGresult *
run_flush(struct call *call)
{
	struct db *db = call->db;
	struct lane *lane = db->lane;
	struct call *before = lane->call;
	PGresult *last;
	bool ok = true;

	lane->call = call;
	PQclear(lane->last); /* of what was sent before, and nobody waited for */
	lane->last = NULL;
	if (lane->fiber != NULL)
		lane_wait(db);
	else
		ok = run_exchange(db);
	lane->call = before; /* CALL may be a copy that ends before the lane does */
	last = ok ? lane->last : NULL;
	lane->last = NULL;
	return last;
}

bool
db_settle(struct call *call)
{
	PQclear(run_flush(call));
	return call->status == VOUCH__STATUS__OK;
}

/* Room for one more command: what is pending goes first when it is full. */
static bool
make_room(struct call *call)
{
	struct db *db = call->db;

	for (int i = 0; db->n_pending == PENDING_MAX && i < PENDING_MAX; i++)
		PQclear(run_flush(call));
	return db->n_pending < PENDING_MAX && call->status == VOUCH__STATUS__OK;
}

bool
run_defer(struct call *call, struct statement *s, const ProtobufCMessage *in, const struct arg *args)
{
	struct db *db = call->db;
	struct pending *p;

	if (!make_room(call))
		return false;
	p = &db->pending[db->n_pending];
	p->statement = s;
	p->lane = db->lane;
	p->scope = NULL;
	p->out = NULL;
	for (int i = 0; i < s->sql.n_params; i++)
		if (!value_encode(call, s->sql.params[i], in, args, s->types[i], &p->data[i], &p->len[i])) {
			char what[120];

			snprintf(
			    what, sizeof(what), "no value of type %u for :%s", s->types[i], s->sql.params[i]);
			return refuse_value(call, s->sql.name, what);
		}
	s->ran = true;
	db->n_pending++;
	return true;
}

/* Row level security: the issuer in which CALL works, or "*" across all. */
static const char *
scope_of(const struct call *call)
{
	const char *issuer = call_issuer(call);

	return issuer[0] == '\0' || call->rpc == NULL || call->rpc->across ? "*" : issuer;
}

/* Readies STATEMENT to run in CALL: opens a job's transaction, sets the scope, encodes. */
static bool
enqueue(struct call *call, const char *name, const ProtobufCMessage *in, const struct arg *args)
{
	struct db *db = call->db;
	struct statement *s;

	if (call->status != VOUCH__STATUS__OK || call->replay != NULL)
		return false;
	s = conn_statement(db, name);
	assert(s->sql.reads || call->rpc == NULL || call->rpc->writes); /* its rule says so */
	if (db->conn == NULL && !tx_ready(db, call))
		return false;
	if (!s->sql.reads && !db->in_transaction) {
		assert(call->rpc == NULL); /* the dispatcher opens those of rpcs */
		if (!tx_begin(db, call))
			return false;
	}
	if (!run_defer(call, s, in, args))
		return false;
	db->pending[db->n_pending - 1].scope = scope_of(call);
	return true;
}

bool
db_with(struct call *call, const char *query, const ProtobufCMessage *in, const struct arg *args,
    ProtobufCMessage *out, const char *list)
{
	struct pending *p;

	if (!enqueue(call, query, in, args))
		return false;
	p = &call->db->pending[call->db->n_pending - 1];
	p->out = out;
	p->list = list;
	return true;
}

static PGresult *
run(struct call *call, const char *name, const ProtobufCMessage *in, const struct arg *args)
{
	return enqueue(call, name, in, args) ? run_flush(call) : NULL;
}

bool
db_do(struct call *call, const char *query, const ProtobufCMessage *in, const struct arg *args)
{
	return enqueue(call, query, in, args);
}

bool
db_maybe(struct call *call, const char *query, const ProtobufCMessage *in, const struct arg *args,
    ProtobufCMessage *out, bool *found)
{
	PGresult *res = run(call, query, in, args);
	bool ok = res != NULL;

	*found = false;
	if (ok) {
		*found = PQntuples(res) > 0 || (PQnfields(res) == 0 && strcmp(PQcmdTuples(res), "0") != 0);
		if (out != NULL && PQntuples(res) > 0)
			ok = fill(call, res, 0, out, query);
	}
	PQclear(res);
	return ok;
}

bool
db_one(struct call *call, const char *query, const ProtobufCMessage *in, const struct arg *args,
    ProtobufCMessage *out)
{
	bool found;

	return db_maybe(call, query, in, args, out, &found) &&
	    (found || refuse(call, VOUCH__STATUS__NOT_FOUND, "there is no such record"));
}

bool
db_all(struct call *call, const char *query, const ProtobufCMessage *in, const struct arg *args,
    ProtobufCMessage *out, const char *list)
{
	PGresult *res = run(call, query, in, args);
	bool ok = res != NULL && collect(call, res, out, list, query);

	PQclear(res);
	return ok;
}

void
call_in_issuer(struct call *call, const char *issuer_id)
{
	Vouch__Caller *own = arena_alloc(call->arena, sizeof(*own));

	if (own == NULL)
		return;
	*own = *call->caller;
	own->issuer_id = arena_dup(call->arena, issuer_id, strlen(issuer_id));
	call->caller = own;
}
