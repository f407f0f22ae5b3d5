/*
 * db_sql.h: reads a queries.sql. Pure: knows no connection.
 */
#ifndef DB_SQL_H
#define DB_SQL_H

#include <stdbool.h>
#include <stddef.h>

enum { SQL_PARAMS_MAX = 40, SQL_QUERIES_MAX = 256 };

struct sql_query {
	char *name, *sql; /* owned; parameters as $1, $2, ... */
	int n_params;
	char *params[SQL_PARAMS_MAX]; /* their names, owned */
	bool reads;                   /* SELECT or WITH that neither writes nor locks */
};

/*
 * Cuts TEXT ("-- name: x" and a statement, again and again) into at most MAX
 * queries. ":name" outside of strings, quoted names, comments and casts becomes
 * a parameter; '...', E'...', "...", $tag$...$tag$, -- and nested block
 * comments are left alone. Returns how many, -1 when TEXT is malformed or
 * exceeds a bound (MAX, SQL_PARAMS_MAX, names of 60 bytes). Free each with
 * sql_query_free, also after -1.
 */
int sql_read(const char *text, struct sql_query *out, int max);
void sql_query_free(struct sql_query *query);

#endif
