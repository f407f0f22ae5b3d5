/* What the gateway carries for its pages (asset.h), and which form of it a client gets. */
// links: gateway_service
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "asset.h"
#include "header.h"

static void
the_table_is_in_order_and_whole(void **state)
{
	(void)state;
	assert_true(assets_n > 0);
	for (int i = 0; i < assets_n; i++) {
		const struct asset *a = &assets[i];

		assert_true(i == 0 || strcmp(assets[i - 1].name, a->name) < 0);
		assert_ptr_equal(asset_find(a->name), a);
		assert_int_equal(strncmp(a->path, "/assets/", 8), 0);
		assert_true(a->raw.len > 0);
		assert_int_equal(a->raw.data[a->raw.len], '\0');
		/* What is packed begins as the format says, and saves something. */
		assert_true(a->gz.len == 0 || memcmp(a->gz.data, "\x1f\x8b", 2) == 0);
		assert_true(a->gz.len < a->raw.len && a->br.len < a->raw.len);
	}
}

static void
pages_find_what_they_need(void **state)
{
	static const struct {
		const char *name, *type;
	} rows[] = {
		{"earner.ar.js", "text/javascript; charset=utf-8"},
		{"earner.en.js", "text/javascript; charset=utf-8"},
		{"earner.es.js", "text/javascript; charset=utf-8"},
		{"earner.css", "text/css; charset=utf-8"},
		{"vouch-sans.woff2", "font/woff2"},
		{"vouch.css", "text/css; charset=utf-8"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct asset *a = asset_find(rows[i].name);

		assert_non_null(a);
		assert_string_equal(a->type, rows[i].type);
		assert_string_equal(asset_path(rows[i].name), a->path);
	}
	assert_null(asset_find("earner"));
	assert_null(asset_find(""));
	assert_string_equal(asset_path("nothing.js"), "");
}

static void
a_coding_is_taken_when_it_is_named(void **state)
{
	static const struct {
		const char *value;
		bool br, gzip;
	} rows[] = {
		{NULL, false, false},
		{"", false, false},
		{"identity", false, false},
		{"br", true, false},
		{"gzip, deflate, br, zstd", true, true},
		{"GZIP;q=1.0", false, true},
		{"br;q=0, gzip;q=0.001", false, true},
		{"br; q=0.000", false, false},
		{"*", true, true},
		{"*;q=0.1, br;q=0", false, true},
		{"br;q=0, *", false, true},
		{"*;q=0", false, false},
		{"xbr, brx", false, false},
		{",,br,,", true, false},
		{";;;", false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (encoding_accepted(rows[i].value, "br") != rows[i].br ||
		    encoding_accepted(rows[i].value, "gzip") != rows[i].gzip)
			fail_msg("%s", rows[i].value != NULL ? rows[i].value : "no header");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_in_order_and_whole),
		cmocka_unit_test(pages_find_what_they_need),
		cmocka_unit_test(a_coding_is_taken_when_it_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
