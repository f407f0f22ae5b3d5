/* From verb and path to what answers there (route.h), and the parts of an address (query.h). */
// links: gateway_service
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "route.h"
#include "rpc.h"

static const char *const suffixes[] = {"jwt", "jsonld", NULL};

static int
open_routes(void **state)
{
	struct routes *r = routes_open();

	*state = r;
	return r == NULL || !routes_add(r, "GET", "/api/v1", "/things", NULL, "list") ||
	    !routes_add(r, "POST", "/api/v1", "/things", NULL, "create") ||
	    !routes_add(r, "GET", "/api/v1", "/things/{id}", suffixes, "get") ||
	    !routes_add(r, "DELETE", "/api/v1", "/things/{id}", NULL, "delete") ||
	    !routes_add(r, "DELETE", "/api/v1", "/things/current", NULL, "end") ||
	    !routes_add(r, "POST", "/api/v1", "/things/{id}/read", NULL, "read one") ||
	    !routes_add(r, "POST", "/api/v1", "/things/read", NULL, "read all") ||
	    !routes_add(r, "PUT", "/api/v1", "/things/{id}/parts/{key}", NULL, "write") ||
	    !routes_add(r, "GET", "", "/", NULL, "start") ||
	    !routes_add(r, "GET", "", "/.well-known/a.json", NULL, "known");
}

static int
close_routes(void **state)
{
	routes_close(*state);
	return 0;
}

static enum route_result
find(void **state, const char *verb, const char *path, struct route_match *match)
{
	static char text[300];
	static struct path split;

	snprintf(text, sizeof(text), "%s", path);
	assert_true(path_split(text, &split));
	return route_find(*state, verb, &split, match);
}

static void
each_path_has_its_answer(void **state)
{
	static const struct {
		const char *verb, *path, *what; /* what: NULL no path, "" no verb */
	} rows[] = {
		{"GET", "/api/v1/things", "list"},
		{"HEAD", "/api/v1/things", "list"},
		{"POST", "/api/v1/things", "create"},
		{"GET", "/api/v1/things/x", "get"},
		{"DELETE", "/api/v1/things/x", "delete"},
		{"DELETE", "/api/v1/things/current", "end"},
		{"POST", "/api/v1/things/read", "read all"},
		{"POST", "/api/v1/things/x/read", "read one"},
		{"POST", "/api/v1/things/read/read", "read one"},
		{"PUT", "/api/v1/things/x/parts/y", "write"},
		{"GET", "/", "start"},
		{"GET", "/.well-known/a.json", "known"},
		{"GET", "/api/v1/things/current", ""},
		{"PUT", "/api/v1/things", ""},
		{"HEAD", "/api/v1/things/x/read", ""},
		{"get", "/api/v1/things", ""},
		{"GET", "/things", NULL},
		{"GET", "/api/v1/things/", NULL},
		{"GET", "/api/v1//things", NULL},
		{"GET", "/api/v1/things//read", NULL},
		{"GET", "/api/v1", NULL},
		{"GET", "/api/v1/Things", NULL},
		{"GET", "//", NULL},
		{"PUT", "/api/v1/things/x/parts", NULL},
		{"PUT", "/api/v1/things/x/parts/y/z", NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct route_match match;
		enum route_result result = find(state, rows[i].verb, rows[i].path, &match);
		const char *what = result == ROUTE_NO_PATH ? NULL : result == ROUTE_NO_VERB ? "" : match.what;

		if ((what == NULL) != (rows[i].what == NULL) ||
		    (what != NULL && strcmp(what, rows[i].what) != 0))
			fail_msg("%s %s: %s", rows[i].verb, rows[i].path, what != NULL ? what : "no path");
	}
}

static void
variables_are_decoded_segments(void **state)
{
	struct route_match match;

	assert_int_equal(find(state, "PUT", "/api/v1/things/river%7Ea%20b/parts/k", &match), ROUTE_FOUND);
	assert_int_equal(match.n_vars, 2);
	assert_string_equal(match.vars[0].name, "id");
	assert_string_equal(match.vars[0].value, "river~a b");
	assert_string_equal(match.vars[1].name, "key");
	assert_string_equal(match.vars[1].value, "k");
	assert_null(match.suffix);
}

static void
a_suffix_names_a_representation(void **state)
{
	struct route_match match;

	assert_int_equal(find(state, "GET", "/api/v1/things/a.b.jwt", &match), ROUTE_FOUND);
	assert_string_equal(match.suffix, "jwt");
	assert_string_equal(match.vars[0].value, "a.b");
	assert_int_equal(find(state, "GET", "/api/v1/things/a.png", &match), ROUTE_FOUND);
	assert_null(match.suffix);
	assert_string_equal(match.vars[0].value, "a.png");
	assert_int_equal(find(state, "GET", "/api/v1/things/.jwt", &match), ROUTE_FOUND);
	assert_null(match.suffix);
	assert_int_equal(find(state, "DELETE", "/api/v1/things/a.jwt", &match), ROUTE_FOUND);
	assert_null(match.suffix);
}

static void
another_verb_is_told_which_ones_there_are(void **state)
{
	struct route_match match;

	assert_int_equal(find(state, "PATCH", "/api/v1/things", &match), ROUTE_NO_VERB);
	assert_string_equal(match.allow, "GET, HEAD, POST");
	assert_int_equal(find(state, "GET", "/api/v1/things/current", &match), ROUTE_NO_VERB);
	assert_string_equal(match.allow, "DELETE");
}

static void
a_route_is_taken_once(void **state)
{
	assert_false(routes_add(*state, "GET", "/api/v1", "/things", NULL, "other"));
	assert_false(routes_add(*state, "GET", "", "/api/v1/things/{other}", NULL, "other"));
	assert_false(
	    routes_add(*state, "GET", "", "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17", NULL, "deep"));
}

static void
no_two_public_rpcs_stand_in_each_others_way(void **state)
{
	struct routes *all = routes_open();

	(void)state;
	for (int i = 0; rpcs[i] != NULL; i++)
		if (rpcs[i]->verb[0] != '\0')
			assert_true(routes_add(all, rpcs[i]->verb, rpcs[i]->root ? "" : "/api/v1",
			    rpcs[i]->path, NULL, rpcs[i]));
	for (int i = 0; rpcs[i] != NULL; i++) {
		char text[300];
		struct path path;
		struct route_match match;

		if (rpcs[i]->verb[0] == '\0')
			continue;
		snprintf(text, sizeof(text), "%s%s", rpcs[i]->root ? "" : "/api/v1", rpcs[i]->path);
		assert_true(path_split(text, &path));
		assert_int_equal(route_find(all, rpcs[i]->verb, &path, &match), ROUTE_FOUND);
		assert_ptr_equal(match.what, rpcs[i]);
	}
	routes_close(all);
}

static void
a_path_has_a_deepest_depth(void **state)
{
	char deep[] = "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17",
	     fits[] = "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16";
	struct path path;

	(void)state;
	assert_false(path_split(deep, &path));
	assert_true(path_split(fits, &path));
	assert_int_equal(path.n, 16);
}

static void
parameters_are_cut_and_decoded(void **state)
{
	char query[] = "&a=1&&b=x+y%2B&c&d=&e=f=g&%61%20b=%C3%A9&";
	char *rest = query, *name, *value, out[200] = "";

	(void)state;
	while (query_next(&rest, &name, &value)) {
		strcat(out, name);
		strcat(out, "|");
		strcat(out, value);
		strcat(out, ";");
	}
	assert_string_equal(out, "a|1;b|x y+;c|;d|;e|f=g;a b|\xc3\xa9;");
	rest = NULL;
	assert_false(query_next(&rest, &name, &value));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_path_has_its_answer, open_routes, close_routes),
		cmocka_unit_test_setup_teardown(variables_are_decoded_segments, open_routes, close_routes),
		cmocka_unit_test_setup_teardown(a_suffix_names_a_representation, open_routes, close_routes),
		cmocka_unit_test_setup_teardown(
		    another_verb_is_told_which_ones_there_are, open_routes, close_routes),
		cmocka_unit_test_setup_teardown(a_route_is_taken_once, open_routes, close_routes),
		cmocka_unit_test(no_two_public_rpcs_stand_in_each_others_way),
		cmocka_unit_test(a_path_has_a_deepest_depth),
		cmocka_unit_test(parameters_are_cut_and_decoded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
