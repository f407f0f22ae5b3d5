// links: submission_service
/* What is kept of published versions and calendars: found by its name, bounded, never of another version. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "known.h"

static struct arena arena;
static struct call call = {.arena = &arena};
static struct known *known;

static int
start(void **state)
{
	(void)state;
	known = known_open();
	return known != NULL ? 0 : -1;
}

static int
stop(void **state)
{
	(void)state;
	known_close(known);
	arena_reset(&arena);
	return 0;
}

static void
keep(const char *name, const char *key, const char *title)
{
	Vouch__MicroCredentialDocument document = VOUCH__MICRO_CREDENTIAL_DOCUMENT__INIT;

	document.key = (char *)key;
	document.title = (char *)title;
	known_keep(known, &call, name, &document.base);
}

static const char *
title_of(const char *name)
{
	const Vouch__MicroCredentialDocument *found = (const void *)known_find(
	    known, &call, name, &vouch__micro_credential_document__descriptor);

	return found != NULL ? found->title : NULL;
}

static void
each_version_is_found_by_its_own_name(void **state)
{
	(void)state;
	assert_null(title_of("riverbend~x~1"));
	keep("riverbend~x~1", "x", "First");
	keep("riverbend~x~2", "x", "Second");
	assert_string_equal(title_of("riverbend~x~1"), "First");
	assert_string_equal(title_of("riverbend~x~2"), "Second");
	assert_null(title_of("riverbend~x~3"));
	assert_null(title_of("fernhill~x~1"));
}

static void
what_is_kept_twice_is_one(void **state)
{
	(void)state;
	keep("riverbend~x~1", "x", "First");
	keep("riverbend~x~1", "x", "Again");
	assert_string_equal(title_of("riverbend~x~1"), "Again");
}

static void
more_than_there_is_room_for_replaces_others(void **state)
{
	char name[64];
	int found = 0;

	(void)state;
	for (int i = 0; i < 4 * KNOWN_MAX; i++) {
		snprintf(name, sizeof(name), "riverbend~%d~1", i);
		keep(name, "x", "T");
		assert_string_equal(title_of(name), "T"); /* the newest is always there */
	}
	for (int i = 0; i < 4 * KNOWN_MAX; i++) {
		snprintf(name, sizeof(name), "riverbend~%d~1", i);
		found += title_of(name) != NULL;
	}
	assert_in_range(found, KNOWN_MAX / 2, KNOWN_MAX);
}

static void
the_bytes_are_bounded(void **state)
{
	static char large[KNOWN_BYTES_MAX / 4];
	char name[64];
	int found = 0;

	(void)state;
	memset(large, 'x', sizeof(large) - 1);
	for (int i = 0; i < 8; i++) {
		snprintf(name, sizeof(name), "riverbend~%d~1", i);
		keep(name, "x", large);
	}
	for (int i = 0; i < 8; i++) {
		snprintf(name, sizeof(name), "riverbend~%d~1", i);
		found += title_of(name) != NULL;
		arena_reset(&arena);
	}
	assert_int_equal(found, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_version_is_found_by_its_own_name, start, stop),
		cmocka_unit_test_setup_teardown(what_is_kept_twice_is_one, start, stop),
		cmocka_unit_test_setup_teardown(more_than_there_is_room_for_replaces_others, start, stop),
		cmocka_unit_test_setup_teardown(the_bytes_are_bounded, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
