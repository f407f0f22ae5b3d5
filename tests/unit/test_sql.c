/*
 * The scanner of queries.sql.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "db_sql.h"

static const struct {
	const char *text, *sql;
	int params;
	bool reads;
} facts[] = {
	{"SELECT :a, :b, :a;\n", "SELECT $1, $2, $1;\n", 2, true},
	{"SELECT ':no', \":no\", 'it''s :no', :yes::int\n", "SELECT ':no', \":no\", 'it''s :no', $1::int\n",
		1, true},
	{"SELECT E'\\':no', :a\n", "SELECT E'\\':no', $1\n", 1, true},
	{"SELECT $$:no$$, $t$:no $$ :no$t$, :a\n", "SELECT $$:no$$, $t$:no $$ :no$t$, $1\n", 1, true},
	{"/* :no /* :no */ :no */ SELECT :a\n", "/* :no /* :no */ :no */ SELECT $1\n", 1, false},
	{"-- :no\nSELECT 1\n", "\nSELECT 1\n", 0, true},
	{"WITH x AS (DELETE FROM t RETURNING id) SELECT id FROM x\n",
		"WITH x AS (DELETE FROM t RETURNING id) SELECT id FROM x\n", 0, false},
	{"SELECT updated_at FROM t\n", "SELECT updated_at FROM t\n", 0, true},
	{"SELECT 1 FROM t FOR UPDATE\n", "SELECT 1 FROM t FOR UPDATE\n", 0, false},
	{"INSERT INTO t VALUES (:a)\n", "INSERT INTO t VALUES ($1)\n", 1, false},
};

static void
parameters_are_numbered_where_they_are_parameters(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		struct sql_query q[2] = {{0}};
		char text[500] = "-- name: x\n";

		strcat(text, facts[i].text);
		assert_int_equal(sql_read(text, q, 2), 1);
		assert_string_equal(q[0].sql, facts[i].sql);
		assert_int_equal(q[0].n_params, facts[i].params);
		assert_int_equal(q[0].reads, facts[i].reads);
		sql_query_free(&q[0]);
	}
}

static void
a_file_is_cut_at_its_names_and_bounded(void **state)
{
	struct sql_query q[2] = {{0}};

	(void)state;
	assert_int_equal(sql_read("-- name: a\nSELECT 1;\n-- name: b\nSELECT 2;\n", q, 2), 2);
	assert_string_equal(q[1].name, "b");
	sql_query_free(&q[0]);
	sql_query_free(&q[1]);
	assert_int_equal(sql_read("-- name: a\nSELECT 1;\n-- name: b\nSELECT 2;\n", q, 1), -1);
	sql_query_free(&q[0]);
	assert_int_equal(sql_read("-- name: \nSELECT 1;\n", q, 2), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parameters_are_numbered_where_they_are_parameters),
		cmocka_unit_test(a_file_is_cut_at_its_names_and_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
