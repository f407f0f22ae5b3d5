/* The rules of the house for C: who includes what, sizes, waits, what handlers leave alone, comments of headers. */
#include "house.h"

/* ---- includes ------------------------------------------------------------------ */

/* Libraries that stay behind one door each: no handler sees a type of theirs. */
static const struct {
	const char *header;
	const char *may[6]; /* paths begin like this */
} doors[] = {
	{"zmq.h", {"services/lib/bus"}},
	{"libpq-fe.h", {"services/lib/db", "services/lib/migrate.c"}},
	{"hiredis/hiredis.h", {"services/lib/redis.c"}},
	{"microhttpd.h", {"services/gateway/http.c", "services/lib/health.c"}},
	{"curl/curl.h",
		{"services/submission/link", "services/notification/delivery.c",
			"services/notification/service.c", "services/vouchctl/"}},
};

static bool
may_include(const char *path, const char *header, size_t n)
{
	for (size_t i = 0; i < sizeof(doors) / sizeof(doors[0]); i++) {
		if (strlen(doors[i].header) != n || strncmp(doors[i].header, header, n) != 0)
			continue;
		for (size_t k = 0; k < 6 && doors[i].may[k] != NULL; k++)
			if (begins_with(path, doors[i].may[k]))
				return true;
		return false;
	}
	return true;
}

/*
 * Is the header NAME the business of the service that PATH belongs to? Its own,
 * the lib's and messages are. The calls of other services are for the gateway
 * alone; vouchctl shares the checks of a draft (N-4: one engine).
 */
static bool
is_ours(const char *path, const char *name, size_t n)
{
	int service = (int)strcspn(path + strlen("services/"), "/");
	const char *own = path + strlen("services/");
	char there[400];

	if (n > 6 && strncmp(name + n - 6, ".rpc.h", 6) == 0)
		return begins_with(path, "services/gateway/") ||
		    ((size_t)service == n - 6 && strncmp(own, name, n - 6) == 0);
	snprintf(there, sizeof(there), "services/%.*s/%.*s", service, own, (int)n, name);
	if (house_exists(there))
		return true;
	snprintf(there, sizeof(there), "%.*s/%.*s", (int)(strrchr(path, '/') - path), path, (int)n, name);
	if (house_exists(there))
		return true;
	snprintf(there, sizeof(there), "services/lib/%.*s", (int)n, name);
	if (house_exists(there))
		return true;
	snprintf(there, sizeof(there), "services/gateway/pages/%.*s", (int)n, name);
	if (begins_with(path, "services/gateway/") && house_exists(there))
		return true;
	snprintf(there, sizeof(there), "services/submission/%.*s", (int)n, name);
	return begins_with(path, "services/vouchctl/") && house_exists(there);
}

static bool
each_library_has_one_door(const char *path, const char *text, char why[static WHY_SIZE])
{
	static const char mark[] = "#include ";

	for (const char *at = text; (at = strstr(at, mark)) != NULL; at++) {
		const char *name = at + sizeof(mark);
		size_t n = strcspn(name, ">\"\n");

		if (at != text && at[-1] != '\n')
			continue;
		if (!may_include(path, name, n))
			return broken(why, text, at, "%.*s is not for this file", (int)n, name);
		if (name[-1] == '"' && !(n > 7 && strncmp(name + n - 7, ".pb-c.h", 7) == 0) &&
		    !is_ours(path, name, n))
			return broken(why, text, at, "%.*s belongs to another service", (int)n, name);
	}
	return true;
}

static void
libraries_stay_behind_their_doors(void **state)
{
	(void)state;
	house_try(each_library_has_one_door, "services/lib/bus_wire.h", "#include <zmq.h>\n", NULL);
	house_try(each_library_has_one_door, "services/lib/redis.c", "#include <hiredis/hiredis.h>\n", NULL);
	house_try(each_library_has_one_door, "services/lib/call.c", "\n#include <zmq.h>\n", "line 2: zmq.h");
	house_try(each_library_has_one_door, "services/helpdesk/desk.c", "#include <libpq-fe.h>\n", "libpq");
	house_try(each_library_has_one_door, "services/lib/redis_timers.c", "#include <hiredis/hiredis.h>\n",
	    "hiredis");
	house_try(each_library_has_one_door, "services/gateway/request.c", "#include <microhttpd.h>\n",
	    "microhttpd");
	house_try(each_library_has_one_door, "services/catalog/handlers.c", "#include <curl/curl.h>\n",
	    "curl/curl.h");
	house_try(
	    each_library_has_one_door, "services/catalog/handlers.c", "/*\n * #include <zmq.h> */\n", NULL);
	house_try(each_library_has_one_door, "services/catalog/handlers.c",
	    "#include \"db.h\"\n#include \"publish.h\"\n#include \"catalog.rpc.h\"\n#include \"facts.pb-c.h\"\n",
	    NULL);
	house_try(each_library_has_one_door, "services/catalog/handlers.c", "#include \"promise.h\"\n",
	    "promise.h belongs to another service");
	house_try(each_library_has_one_door, "services/catalog/handlers.c", "#include \"identity.rpc.h\"\n",
	    "identity.rpc.h belongs to another service");
	house_try(each_library_has_one_door, "services/lib/call.c", "#include \"promise.h\"\n", "promise.h");
	house_try(each_library_has_one_door, "services/vouchctl/check.c", "#include \"inspect.h\"\n", NULL);
	assert_int_equal(house_breaches("services", ".c", each_library_has_one_door) +
		house_breaches("services", ".h", each_library_has_one_door),
	    0);
}

/* ---- sizes ----------------------------------------------------------------------- */

enum { FILE_LINES = 500, FUNCTION_LINES = 70 };

static bool
a_file_has_one_subject(const char *path, const char *text, char why[static WHY_SIZE])
{
	int n = line_of(text, text + strlen(text)) - 1;

	(void)path;
	return n <= FILE_LINES || broken(why, text, NULL, "%d lines; at most %d", n, FILE_LINES);
}

/* A body stands between "{" and "}" at the beginning of a line. */
static bool
a_function_fits_on_a_screen(const char *path, const char *text, char why[static WHY_SIZE])
{
	const char *at = text;

	(void)path;
	while ((at = strstr(at, "\n{\n")) != NULL) {
		const char *end = strstr(at, "\n}");
		int n = end != NULL ? line_of(at, end) - 2 : 0;

		if (n > FUNCTION_LINES)
			return broken(
			    why, text, at + 1, "a function of %d lines; at most %d", n, FUNCTION_LINES);
		at++;
	}
	return true;
}

static void
lines_of(char *out, size_t size, const char *begin, int n, const char *end)
{
	size_t at = (size_t)snprintf(out, size, "%s", begin);

	for (int i = 0; i < n; i++)
		at += (size_t)snprintf(out + at, size - at, "\tx();\n");
	snprintf(out + at, size - at, "%s", end);
}

static void
files_and_functions_are_short(void **state)
{
	char text[4000];

	(void)state;
	lines_of(text, sizeof(text), "", 500, "");
	house_try(a_file_has_one_subject, "a.c", text, NULL);
	lines_of(text, sizeof(text), "", 501, "");
	house_try(a_file_has_one_subject, "a.c", text, "501 lines");
	lines_of(text, sizeof(text), "void\nf(void)\n{\n", 70, "}\n");
	house_try(a_function_fits_on_a_screen, "a.c", text, NULL);
	lines_of(text, sizeof(text), "void\nf(void)\n{\n\tx();\n}\n\nvoid\ng(void)\n{\n", 71, "}\n");
	house_try(a_function_fits_on_a_screen, "a.c", text, "line 9: a function of 71 lines");
	assert_int_equal(house_breaches("services", ".c", a_file_has_one_subject) +
		house_breaches("services", ".h", a_file_has_one_subject) +
		house_breaches("tests", ".c", a_file_has_one_subject) +
		house_breaches("tests", ".h", a_file_has_one_subject) +
		house_breaches("proto", ".c", a_file_has_one_subject),
	    0);
	assert_int_equal(house_breaches("services", ".c", a_function_fits_on_a_screen) +
		house_breaches("tests", ".c", a_function_fits_on_a_screen) +
		house_breaches("tests", ".h", a_function_fits_on_a_screen) +
		house_breaches("proto", ".c", a_function_fits_on_a_screen),
	    0);
}

/* ---- words that are not there ------------------------------------------------------ */

/* Who may look again after a while: each of them up to a bound. */
static const char *const waits[] = {
	"services/lib/main.c",        /* for PostgreSQL at the start, a minute */
	"services/lib/bus_worker.c",  /* the same */
	"services/gateway/gateway.c", /* for requests at the end, drain_ms */
	"services/gateway/http.c",    /* the same */
	"services/vouchctl/",         /* a command that a person watches */
};

static bool
nothing_sleeps(const char *path, const char *text, char why[static WHY_SIZE])
{
	static const char *const words[] = {"sleep", "usleep", "nanosleep", "clock_nanosleep"};
	char *bare = house_bare(text);
	bool ok = true;

	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++)
		if (begins_with(path, waits[i]))
			goto out;
	for (size_t i = 0; ok && i < sizeof(words) / sizeof(words[0]); i++) {
		const char *at = find_word(bare, bare, words[i]);

		ok = at == NULL || broken(why, bare, at, "%s() makes nothing true", words[i]);
	}
out:
	free(bare);
	return ok;
}

static bool
nothing_is_left_to_do(const char *path, const char *text, char why[static WHY_SIZE])
{
	static const char *const words[] = {"TO"
					    "DO",
		"FIX"
		"ME",
		"X"
		"XX"};

	(void)path;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const char *at = find_word(text, text, words[i]);

		if (at != NULL)
			return broken(why, text, at, "%s", words[i]);
	}
	return true;
}

/* Only the gateway, vouchctl and the lib's relay send calls. */
static bool
handlers_do_not_ask(const char *path, const char *text, char why[static WHY_SIZE])
{
	static const char *const begins[] = {"ask_", "bus_send", "bus_open", "relay_"};
	char *bare = house_bare(text);
	bool ok = true;

	if (begins_with(path, "services/lib/") || begins_with(path, "services/gateway/") ||
	    begins_with(path, "services/vouchctl/"))
		goto out;
	for (size_t i = 0; ok && i < sizeof(begins) / sizeof(begins[0]); i++)
		for (const char *at = bare; ok && (at = strstr(at, begins[i])) != NULL; at++)
			if (at == bare || !is_word(at[-1]))
				ok = broken(why, bare, at, "a service asks no other: %s", begins[i]);
out:
	free(bare);
	return ok;
}

/* Statements stand in queries.sql and schema/; the connection's own setting up is no statement of anybody. */
static bool
sql_stands_in_its_file(const char *path, const char *text, char why[static WHY_SIZE])
{
	static const char *const words[] = {"SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "WITH ",
		"ALTER ", "CREATE ", "DROP ", "TRUNCATE ", "SET ", "COPY "};

	if (begins_with(path, "services/lib/db_") || strcmp(path, "services/lib/migrate.c") == 0)
		return true;
	for (const char *at = text; (at = strchr(at, '"')) != NULL; at++) {
		const char *word = at + 1 + strspn(at + 1, " ");

		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if (begins_with(word, words[i]) && islower((unsigned char)word[strlen(words[i])]))
				return broken(why, text, at, "SQL belongs into queries.sql");
		if (at > text && at[-1] == '\'')
			continue;
		at = quote_end(at);
		if (*at == '\0')
			break;
	}
	return true;
}

static void
nothing_waits_or_asks_or_is_left(void **state)
{
	(void)state;
	house_try(
	    nothing_sleeps, "services/catalog/a.c", "/* sleep(1) */ x = \"usleep(2)\"; asleep(3);\n", NULL);
	house_try(nothing_sleeps, "services/catalog/a.c", "\n\tusleep(20);\n", "line 2: usleep()");
	house_try(nothing_sleeps, "services/lib/main.c", "usleep(20);\n", NULL);
	house_try(nothing_is_left_to_do, "a.c",
	    "mkstemp(\"/tmp/a-X"
	    "XXXXX\"); todo();\n",
	    NULL);
	house_try(nothing_is_left_to_do, "a.c",
	    "/* TO"
	    "DO: more */\n",
	    "TO"
	    "DO");
	house_try(handlers_do_not_ask, "services/catalog/handlers.c", "\ttask_run(); /* ask_it() */\n", NULL);
	house_try(handlers_do_not_ask, "services/catalog/handlers.c",
	    "\n\n\tx = ask_issuers_get(call, &r);\n", "line 3: a service asks no other: ask_");
	house_try(handlers_do_not_ask, "services/catalog/jobs.c", "\tbus_send(call->bus, &s);\n", "bus_send");
	house_try(handlers_do_not_ask, "services/gateway/session.c", "\tbus_send(bus, &s);\n", NULL);
	house_try(sql_stands_in_its_file, "services/catalog/a.c",
	    "refuse(call, \"UPDATED by another\"); '\"'\n", NULL);
	house_try(sql_stands_in_its_file, "services/catalog/a.c", "x = \"a\\\"b\";\ny = \"DELETE FROM t\";\n",
	    "line 2: SQL");
	house_try(
	    sql_stands_in_its_file, "services/lib/db_connection.c", "\"SET statement_timeout = 1\"", NULL);
	assert_int_equal(house_breaches("services", ".c", nothing_sleeps) +
		house_breaches("services", ".c", handlers_do_not_ask) +
		house_breaches("services", ".c", sql_stands_in_its_file),
	    0);
	assert_int_equal(house_breaches("services", "", nothing_is_left_to_do) +
		house_breaches("proto", "", nothing_is_left_to_do) +
		house_breaches("scripts", "", nothing_is_left_to_do),
	    0);
}

/* ---- comments of headers ------------------------------------------------------------- */

static bool
declares_a_function(const char *line, size_t n)
{
	const char *comment = strstr(line, "/*");
	size_t code = comment != NULL && comment < line + n ? (size_t)(comment - line) : n;

	return n > 0 && (islower((unsigned char)*line) || *line == '_') && memchr(line, '(', code) != NULL &&
	    !begins_with(line, "typedef ") && !begins_with(line, "extern ") && !begins_with(line, "enum {");
}

/* Each paragraph with a declaration begins with its comment; relatives may share one. */
static bool
headers_explain_themselves(const char *path, const char *text, char why[static WHY_SIZE])
{
	bool is_first = true, is_explained = false, is_inside = false;

	(void)path;
	for (const char *line = text; *line != '\0';) {
		size_t n = strcspn(line, "\n");

		if (n == 0 && !is_inside) {
			is_first = true;
		} else {
			if (is_first)
				is_explained = begins_with(line, "/*");
			is_first = false;
			if (!is_inside && !is_explained && declares_a_function(line, n))
				return broken(why, text, line, "no comment says what it does");
			if (*line == '{' || (n > 0 && line[n - 1] == '{'))
				is_inside = true;
			else if (*line == '}')
				is_inside = false;
		}
		line += n + (line[n] == '\n');
	}
	return true;
}

static void
every_public_function_has_a_comment(void **state)
{
	(void)state;
	house_try(headers_explain_themselves, "a.h",
	    "/* Opens. */\nint a_open(void);\nvoid a_close(int);\n\n/*\n * Reads\n */\nint a_read(int,\n    int);\n",
	    NULL);
	house_try(headers_explain_themselves, "a.h",
	    "struct a {\n\n\tint (*f)(void);\n};\n\n#define A(x) (x)\n", NULL);
	house_try(headers_explain_themselves, "a.h",
	    "/* Opens. */\nint a_open(void);\n\nvoid a_close(int);\n", "line 4");
	house_try(headers_explain_themselves, "a.h", "struct a;\n\nbool\na(void);\n", "line 4");
	assert_int_equal(house_breaches("services", ".h", headers_explain_themselves), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(libraries_stay_behind_their_doors),
		cmocka_unit_test(files_and_functions_are_short),
		cmocka_unit_test(nothing_waits_or_asks_or_is_left),
		cmocka_unit_test(every_public_function_has_a_comment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
