/* The rules of the house for SQL: whose rows a statement means, whose clock it reads, and the fence behind both. */
#include "house.h"

/* Copies SQL without its comments; to be freed. */
static char *
without_comments(const char *sql)
{
	char *bare = strdup(sql);

	assert_non_null(bare);
	for (char *s = bare; (s = strstr(s, "--")) != NULL;)
		for (; *s != '\0' && *s != '\n'; s++)
			*s = ' ';
	return bare;
}

static bool
has_reason(const char *statement)
{
	static const char mark[] = "\n-- across: ";
	const char *at = strstr(statement, mark);

	return at != NULL && isalpha((unsigned char)at[strlen(mark)]);
}

/* Does the statement BARE name whose rows it means? What opens and ends transactions means none. */
static bool
names_its_owner(const char *bare)
{
	static const char *const owners[] = {":issuer_id", ":account_id", ":issuers"};
	static const char *const transactions[] = {"BEGIN;", "COMMIT;", "SAVEPOINT ", "RELEASE "};
	const char *first = bare + strspn(bare, " \n\t");

	for (size_t i = 0; i < sizeof(owners) / sizeof(owners[0]); i++)
		if (find_word(bare, bare, owners[i]) != NULL)
			return true;
	for (size_t i = 0; i < sizeof(transactions) / sizeof(transactions[0]); i++)
		if (begins_with(first, transactions[i]))
			return true;
	return false;
}

/*
 * Every statement names its issuer, its account or its list of issuers, or says
 * in a comment why it means all of them.
 */
static bool
statements_name_their_owner(const char *path, const char *text, char why[static WHY_SIZE])
{
	static const char mark[] = "-- name: ";

	(void)path;
	for (const char *at = strstr(text, mark); at != NULL;) {
		const char *body = at + strcspn(at, "\n"), *next = strstr(body, mark);
		size_t n = next != NULL ? (size_t)(next - body) : strlen(body);
		char *statement = strndup(body, n), *bare;
		bool ok;

		assert_non_null(statement);
		bare = without_comments(statement);
		ok = has_reason(statement) || names_its_owner(bare);
		free(statement);
		free(bare);
		if (!ok)
			return broken(why, text, at, "%.*s names no issuer, account or list, nor a reason",
			    (int)strcspn(at + strlen(mark), " \n"), at + strlen(mark));
		at = next;
	}
	return true;
}

/* Business time comes with the call (:now); leases compare with clock_timestamp(). */
static bool
time_comes_with_the_call(const char *path, const char *text, char why[static WHY_SIZE])
{
	static const char *const clocks[] = {"now", "current_timestamp", "current_date", "localtimestamp"};
	char *bare = without_comments(text);
	bool ok = true;

	(void)path;
	for (char *c = bare; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	for (size_t i = 0; ok && i < sizeof(clocks) / sizeof(clocks[0]); i++)
		for (const char *at = bare; ok && (at = find_word(bare, at, clocks[i])) != NULL; at++)
			if ((at == bare || at[-1] != ':') && (i > 0 || at[strlen(clocks[i])] == '('))
				ok = broken(why, bare, at, "the database's own clock: %s", clocks[i]);
	free(bare);
	return ok;
}

static void
every_statement_says_whose_rows_it_means(void **state)
{
	(void)state;
	house_try(statements_name_their_owner, "queries.sql",
	    "-- name: a\nSELECT 1 FROM t\nWHERE issuer_id = :issuer_id;\n\n-- name: b\n-- Why.\n"
	    "SELECT 1 WHERE issuer_id = ANY(:issuers);\n\n-- name: c\n-- across: housekeeping\nDELETE FROM t;\n"
	    "-- name: d\nBEGIN;\n",
	    NULL);
	house_try(statements_name_their_owner, "queries.sql",
	    "-- name: a\nSELECT :issuer_id;\n\n-- name: b\nSELECT 1 FROM t; -- :issuer_id\n-- name: c\nBEGIN;\n",
	    "line 4: b names no issuer");
	house_try(
	    statements_name_their_owner, "queries.sql", "-- name: a\n-- across: \nSELECT 1;\n", "line 1: a");
	house_try(
	    statements_name_their_owner, "queries.sql", "-- name: a\nSELECT :issuer_ids;\n", "line 1: a");
	house_try(time_comes_with_the_call, "queries.sql",
	    "SELECT :now, clock_timestamp(); -- now()\nSELECT now FROM t;\n", NULL);
	house_try(
	    time_comes_with_the_call, "queries.sql", "\nSELECT now();\n", "line 2: the database's own clock");
	house_try(
	    time_comes_with_the_call, "queries.sql", "SELECT Current_Timestamp;\n", "current_timestamp");
	assert_int_equal(house_breaches("services", "/queries.sql", statements_name_their_owner), 0);
	assert_int_equal(house_breaches("services", "/queries.sql", time_comes_with_the_call), 0);
}

/* ---- tables -------------------------------------------------------------------------- */

/* Where the parenthesis that opens at S closes; NULL: nowhere. */
static const char *
closing(const char *s)
{
	int depth = 0;

	for (; *s != '\0'; s++) {
		depth += (*s == '(') - (*s == ')');
		if (depth == 0)
			return s;
	}
	return NULL;
}

/* Does the definition of a table's columns, DEFINITION, begin its primary key with whose the row is? */
static bool
key_begins_with_its_owner(const char *definition)
{
	const char *key = strstr(definition, "PRIMARY KEY"), *line = key;

	if (key == NULL)
		return false;
	if (begins_with(key, "PRIMARY KEY (issuer_id") || begins_with(key, "PRIMARY KEY (account_id"))
		return true;
	while (line > definition && line[-1] != '\n')
		line--;
	return begins_with(line + strspn(line, " "), "issuer_id ");
}

/* A table with the rows of issuers begins its key with the issuer, or the account, and has the second fence. */
static bool
tables_have_a_fence(const char *path, const char *text, char why[static WHY_SIZE])
{
	static const char mark[] = "CREATE TABLE ";
	char *bare = without_comments(text), fence[200];
	bool ok = true;

	/* The lib's own are swept and relayed for all issuers at once; their statements name the issuer. */
	if (begins_with(path, "services/lib/"))
		goto out;
	for (const char *at = bare; ok && (at = strstr(at, mark)) != NULL; at++) {
		const char *name = at + strlen(mark), *open = strchr(name, '('), *end;
		int n = (int)strcspn(name, " (\n");
		char *definition;

		end = open != NULL ? closing(open) : NULL;
		if (end == NULL) {
			ok = broken(why, bare, at, "a table without an end");
			break;
		}
		definition = strndup(open + 1, (size_t)(end - open - 1));
		assert_non_null(definition);
		snprintf(fence, sizeof(fence), "SELECT issuer_fence('%.*s');", n, name);
		if (find_word(definition, definition, "issuer_id") == NULL)
			ok = true;
		else if (strstr(end, fence) == NULL)
			ok = broken(why, bare, at, "%.*s has no fence: %s", n, name, fence);
		else if (!key_begins_with_its_owner(definition))
			ok = broken(
			    why, bare, at, "the key of %.*s begins with neither issuer nor account", n, name);
		free(definition);
	}
out:
	free(bare);
	return ok;
}

/* Forward only, inside the service's own schema, whose name the connection has. */
static bool
schemas_go_forward(const char *path, const char *text, char why[static WHY_SIZE])
{
	static const char *const words[] = {"CREATE SCHEMA", "DROP SCHEMA", "SET search_path"};
	const char *name = strrchr(path, '/') + 1;
	char *bare = without_comments(text);
	int number = 0, digits = 0;
	bool ok = true;

	if (strstr(path, "/schema/") == NULL)
		goto out;
	while (isdigit((unsigned char)name[digits]))
		number = 10 * number + name[digits++] - '0';
	if (digits != 4 || name[4] != '_' || number == 0)
		ok = broken(why, text, NULL, "is called NNNN_name.sql");
	for (size_t i = 0; ok && i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(bare, words[i]) != NULL)
			ok = broken(why, bare, strstr(bare, words[i]), "%s", words[i]);
out:
	free(bare);
	return ok;
}

static void
every_table_of_issuers_has_a_fence(void **state)
{
	(void)state;
	house_try(tables_have_a_fence, "services/a/schema/0001_a.sql",
	    "CREATE TABLE a (\n    issuer_id text PRIMARY KEY,\n    n numeric(1, 2)\n);\nSELECT issuer_fence('a');\n"
	    "CREATE TABLE b (id uuid PRIMARY KEY);\n"
	    "CREATE TABLE c (issuer_id text, id uuid, PRIMARY KEY (issuer_id, id));\nSELECT issuer_fence('c');\n",
	    NULL);
	house_try(tables_have_a_fence, "services/a/schema/0001_a.sql",
	    "CREATE TABLE a (\n    id uuid,\n    issuer_id text, -- ' )\n    PRIMARY KEY (issuer_id, id)\n);\n",
	    "line 1: a has no fence");
	house_try(tables_have_a_fence, "services/a/schema/0001_a.sql",
	    "CREATE TABLE a (issuer_id text, PRIMARY KEY (issuer_id));\n-- SELECT issuer_fence('a');\n",
	    "a has no fence");
	house_try(tables_have_a_fence, "services/a/schema/0001_a.sql",
	    "CREATE TABLE a (\n    id uuid PRIMARY KEY,\n    issuer_id text\n);\nSELECT issuer_fence('a');\n",
	    "the key of a begins with neither");
	house_try(
	    tables_have_a_fence, "services/a/schema/0001_a.sql", "CREATE TABLE a (\n", "without an end");
	house_try(
	    schemas_go_forward, "services/a/schema/0001_a.sql", "ALTER TABLE a ADD COLUMN b int;\n", NULL);
	house_try(schemas_go_forward, "services/a/schema/1_a.sql", "\n", "NNNN_name.sql");
	house_try(schemas_go_forward, "services/a/schema/0001_a.sql", "\nCREATE SCHEMA a;\n",
	    "line 2: CREATE SCHEMA");
	assert_int_equal(house_breaches("services", ".sql", tables_have_a_fence), 0);
	assert_int_equal(house_breaches("services", ".sql", schemas_go_forward), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_statement_says_whose_rows_it_means),
		cmocka_unit_test(every_table_of_issuers_has_a_fence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
